//! Is a wrong pack refused, with the place and how to mend it?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod committed;

use opora_methodology::{FileError, Pack, PackFiles};
use proptest::prelude::*;

const PACK: &str = r#"
id = "small"
version = "1"
title = "Малая"
about = "Для теста."

[act]
kind = "приказ"
authority = "отдел"
address = "нигде"
status = "unverified"

[force]
from = 2024-01-01
to = 2025-01-01

[numbers.share]
name = "доля"
value = "30 %"
clause = "п. 1"

[numbers.two]
name = "две"
value = "2"
clause = "п. 2"

[procedures.all]
name = "ВПР"
clause = "п. 3"
kinds = ["vpr"]

[[criterion]]
id = "A"
kind = "low_procedures"
name = "две низкие"
clause = "п. 4"
procedures = "all"
threshold = "share"
at_least = "two"

[[category]]
id = "low"
name = "Низкие"
identified = true
clause = "п. 5"
when = "A"

[[category]]
id = "rest"
name = "Остальные"
otherwise = true

[[category]]
id = "no_data"
name = "Недостаточно данных"
insufficient = true
"#;

const EXAMPLES: &str = r#"
[[example]]
name = "Две из двух"
explains = "Обе низкие."
year = 2024
cells = [
  { procedure = "vpr-ru-5", year = 2024, participants = 10, failed = 3 },
  { procedure = "vpr-math-5", year = 2024, participants = 10, failed = 3 },
]
expect = [{ category = "low", answers = { A = "yes" } }]
"#;

fn read(pack: &str, examples: &str) -> Result<Pack, Vec<FileError>> {
    let files = PackFiles { folder: "small", pack, examples: &[("examples.toml", examples)] };
    Pack::read(&files, committed::dictionary(), &committed::scales())
}

/// Replaces a piece of the good pack and expects an error whose text holds all of the words.
#[track_caller]
fn refused(piece: &str, other: &str, words: &[&str]) {
    assert!(PACK.contains(piece) || EXAMPLES.contains(piece), "the piece is in the pack: {piece}");
    let errors = read(&PACK.replace(piece, other), &EXAMPLES.replace(piece, other)).expect_err("refused");
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let found = told.iter().any(|error| words.iter().all(|word| error.contains(word)));
    assert!(found, "{words:?} is told in:\n{}", told.join("\n"));
    for error in &errors {
        assert!(!error.mend.is_empty() && !error.what.is_empty(), "{error} says what and what next");
    }
}

#[test]
fn the_small_pack_itself_is_good() {
    let told =
        read(PACK, EXAMPLES).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(told.expect("good").id, "small");
}

#[test]
fn unknown_and_missing_fields_are_told_with_their_line() {
    refused("version = \"1\"", "version = \"1\"\ncolour = 1", &["строка 4", "«colour»", "Допустимы"]);
    refused("clause = \"п. 1\"", "", &["numbers share", "clause"]);
    refused("at_least = \"two\"", "at_least = \"two\"\nat_most = \"two\"", &["criterion A", "«at_most»"]);
    refused("title = \"Малая\"", "", &["«title»"]);
    refused("id = \"small\"", "id = \"other\"", &["«other»", "«small»"]);
    refused("status = \"unverified\"", "status = \"sure\"", &["act", "verified"]);
    refused("name = \"Две из двух\"", "name = \"Две\"\nhint = 1", &["examples.toml", "«hint»"]);
}

#[test]
fn numbers_are_exact_have_a_clause_and_fit_their_use() {
    refused("value = \"30 %\"", "value = 0.3", &["numbers share", "value"]);
    refused("value = \"30 %\"", "value = \"около трети\"", &["«около трети»", "30 %"]);
    refused("value = \"30 %\"", "value = \"130 %\"", &["criterion A, threshold", "130 %", "100 %"]);
    refused("value = \"2\"", "value = \"0\"", &["at_least", "не меньше 1"]);
    refused("value = \"2\"", "value = \"1,5\"", &["целое"]);
    refused("threshold = \"share\"", "threshold = 0.3", &["без пункта акта"]);
    refused("threshold = \"share\"", "threshold = \"part\"", &["«part»", "share, two"]);
    refused(
        "[numbers.two]",
        "[numbers.spare]\nname = \"лишнее\"\nvalue = \"1\"\nclause = \"п. 9\"\n\n[numbers.two]",
        &["numbers spare", "не используется"],
    );
}

#[test]
fn dates_procedures_and_scales_are_checked() {
    refused("to = 2025-01-01", "to = 2023-01-01", &["force", "раньше, чем начинает"]);
    refused("to = 2025-01-01", "to = 2025-02-31", &["строка"]);
    refused("kinds = [\"vpr\"]", "kinds = [\"вступительный\"]", &["procedures all", "kinds"]);
    refused("kinds = [\"vpr\"]", "of = [\"vpr-ru-55\"]", &["«vpr-ru-55»"]);
    refused("kinds = [\"vpr\"]", "", &["procedures all", "of"]);
    refused(
        "kinds = [\"vpr\"]",
        "of = [\"vpr-ru-5\", \"vpr-math-5\"]\nscale_years = [2024, 2024]",
        &["SCALE_MISSING", "vpr-ru-5", "2024"],
    );
    refused("procedures = \"all\"", "procedures = \"some\"", &["«some»"]);
    refused("kind = \"low_procedures\"", "kind = \"lowest\"", &["«lowest»", "low_procedures"]);
}

#[test]
fn categories_are_reachable_and_complete() {
    let twice = "[[category]]\nid = \"again\"\nname = \"Ещё\"\nclause = \"п. 6\"\nwhen = \"A\"\n\n[[category]]\nid = \"rest\"";
    refused("[[category]]\nid = \"rest\"", twice, &["category again", "недостижима"]);
    let never = "[[category]]\nid = \"never\"\nname = \"Ещё\"\nclause = \"п. 6\"\nwhen = { all = [\"A\", { not = \"A\" }] }\n\n[[category]]\nid = \"rest\"";
    refused("[[category]]\nid = \"rest\"", never, &["category never", "недостижима"]);
    refused("insufficient = true", "otherwise = true", &["«остальные»", "их 2"]);
    refused("insufficient = true", "otherwise = true", &["«недостаточно данных»", "их 0"]);
    refused("identified = true", "", &["выявлена", "identified = true"]);
    refused("when = \"A\"", "", &["category low", "when"]);
    refused("when = \"A\"", "when = \"Б\"", &["«Б»"]);
    refused("when = \"A\"", "when = { some = [\"A\"] }", &["some"]);
    refused("when = \"A\"", "when = { all = [] }", &["Список пуст"]);
    refused("when = \"A\"", "when = { at_least = \"two\", of = [\"A\"] }", &["никогда"]);
}

#[test]
fn a_harder_question_after_an_easier_one_can_not_be_reached() {
    let harder = "[numbers.half]\nname = \"половина\"\nvalue = \"50 %\"\nclause = \"п. 7\"\n\n[[criterion]]\nid = \"A\"";
    let second = "[[criterion]]\nid = \"B\"\nkind = \"low_procedures\"\nname = \"ещё ниже\"\nclause = \"п. 8\"\n\
                  procedures = \"all\"\nthreshold = \"half\"\nat_least = \"two\"\n\n[[category]]\nid = \"low\"";
    let last = "[[category]]\nid = \"very_low\"\nname = \"Очень низкие\"\nclause = \"п. 9\"\nwhen = \"B\"\n\n[[category]]\nid = \"rest\"";
    let pack = PACK
        .replace("[[criterion]]\nid = \"A\"", harder)
        .replace("[[category]]\nid = \"low\"", second)
        .replace("[[category]]\nid = \"rest\"", last);
    let told: Vec<String> =
        read(&pack, EXAMPLES).expect_err("refused").iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|error| error.contains("category very_low") && error.contains("недостижима")),
        "{told:?}"
    );
}

#[test]
fn portraits_and_histories_decide_nothing_they_must_not() {
    let years =
        "[numbers.years]\nname = \"годы\"\nvalue = \"2\"\nclause = \"п. 7\"\n\n[[criterion]]\nid = \"A\"";
    let with = |criterion: &str, when: &str| {
        let pack = PACK.replace("[[criterion]]\nid = \"A\"", years);
        let pack =
            pack.replace("[[category]]\nid = \"low\"", &format!("{criterion}\n\n[[category]]\nid = \"low\""));
        let pack = pack.replace("when = \"A\"", when);
        read(&pack, EXAMPLES).expect_err("refused").iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let portrait = "[[criterion]]\nid = \"P\"\nkind = \"portrait\"\nname = \"портрет\"\nclause = \"п. 8\"\n\
                    procedures = \"all\"\nyears = \"years\"";
    let told = with(portrait, "when = { any = [\"A\", \"P\"] }");
    assert!(told.iter().any(|error| error.contains("«P» – портрет")), "{told:?}");
    let history = "[[criterion]]\nid = \"H\"\nkind = \"history\"\nname = \"история\"\nclause = \"п. 8\"\n\
                   of = \"H\"\nyears = \"years\"\nat_least = \"two\"";
    let told = with(history, "when = { any = [\"A\", \"H\"] }");
    assert!(
        told.iter().any(|error| error.contains("criterion H") && error.contains("о другой истории")),
        "{told:?}"
    );
}

#[test]
fn examples_that_come_out_otherwise_are_told() {
    refused(
        "expect = [{ category = \"low\"",
        "expect = [{ category = \"rest\"",
        &["examples.toml", "«rest»", "«low»"],
    );
    refused("A = \"yes\"", "A = \"no\"", &["По «A»", "«no»", "«yes»"]);
    refused("failed = 3", "failed = 30", &["cells № 1", "participants"]);
    refused("category = \"low\", answers", "category = \"lower\", answers", &["«lower»"]);
    let errors = read(PACK, "").expect_err("refused");
    assert!(errors[0].to_string().contains("нет ни одного разобранного примера"), "{errors:?}");
}

#[test]
fn all_errors_are_told_together() {
    let pack =
        PACK.replace("value = \"30 %\"", "value = \"?\"").replace("kinds = [\"vpr\"]", "kinds = [\"?\"]");
    let pack = pack.replace("title = \"Малая\"\n", "").replace("when = \"A\"", "when = \"Z\"");
    let errors = read(&pack, &EXAMPLES.replace("2024\n", "20240\n")).expect_err("refused");
    let places: Vec<&str> = errors.iter().map(|error| error.place.as_str()).collect();
    for place in ["пакет", "numbers share", "procedures all", "category low", "example № 1"] {
        assert!(places.contains(&place), "{place} is among {places:?}");
    }
}

/// One slip is one message: what follows from it is no other mistake, and nobody looks for it in the examples.
#[test]
fn a_slip_is_told_once_and_at_its_place() {
    #[track_caller]
    fn check(from: &str, to: &str, expected: &[&str]) {
        assert!(PACK.contains(from), "{from}");
        let errors = read(&PACK.replace(from, to), EXAMPLES).expect_err("refused");
        let places: Vec<String> =
            errors.iter().map(|error| format!("{} {}", error.file, error.place)).collect();
        assert_eq!(places, expected, "{errors:?}");
    }
    check(
        "threshold =",
        "treshold =",
        &["pack.toml criterion A", "pack.toml criterion A", "pack.toml category low"],
    );
    check("when = \"A\"", "when = \"Z\"", &["pack.toml category low"]);
    check("clause = \"п. 5\"\n", "", &["pack.toml category low"]);
}

proptest! {
    #[test]
    fn broken_text_never_panics(at in 0_usize..4000, cut in 0_usize..40, junk in "[\\[\\]{}=\"a-я0-9 \n%.,-]{0,12}") {
        let break_it = |text: &str| {
            let letters: Vec<char> = text.chars().collect();
            let at = at % letters.len();
            let head: String = letters[..at].iter().collect();
            let tail: String = letters[(at + cut).min(letters.len())..].iter().collect();
            head + &junk + &tail
        };
        for id in committed::IDS {
            let (pack, examples) = committed::texts(id);
            for (pack, examples) in [(break_it(pack), examples.to_owned()), (pack.to_owned(), break_it(examples))] {
                let files = PackFiles { folder: id, pack: &pack, examples: &[("examples.toml", &examples)] };
                let _ = Pack::read(&files, committed::dictionary(), &committed::scales());
            }
        }
    }
}
