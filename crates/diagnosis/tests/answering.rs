//! What is asked, what is wrong, how much is done, what is kept of answers?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod shared;

use jiff::civil::date;
use opora_diagnosis::{
    Answer, answer_words, canonical, check, human_name, migrate, progress, question_path, read_answer,
    section_scores, visible, write_answer,
};
use shared::{TODAY, answers, factors, pack, read};

const CLUB: &str = r#"
id = "club"
version = 1
title = "Кружки"
audience = "head"

[[section]]
id = "main"
title = "Главное"

[[section.question]]
id = "has"
type = "yes_no"
text = "Есть ли кружки?"
required = true
yes = 2
no = 0

[[section.question]]
id = "kinds"
type = "multiple"
text = "Какие?"
required = true
at_most = 2
when = { question = "has", equals = true }
choices = [
  { id = "sport", text = "Спорт", score = 1 },
  { id = "music", text = "Музыка", score = 1.5 },
  { id = "other", text = "Другие" },
]

[[section.question]]
id = "other"
type = "text"
text = "Какие другие?"
min_length = 5
max_length = 40
when = { question = "kinds", includes = "other" }

[[section.question]]
id = "hours"
type = "number"
text = "Сколько часов в неделю?"
min = 1
max = 40.5
when = { question = "has", equals = true }

[[section]]
id = "more"
title = "Подробности"
when = { any = [{ question = "hours", at_least = 10 }, { not = { question = "has", answered = true } }] }

[[section.question]]
id = "busy"
type = "share"
text = "Сколько учеников занято?"
part = "занято"
whole = "всего"

[[section.question]]
id = "few"
type = "text"
text = "Почему так мало?"
required = true
when = { question = "busy", less = 30 }

[[section.question]]
id = "since"
type = "date"
text = "С какого дня?"
from = 2020-01-01
not_future = true

[[section.question]]
id = "rooms"
type = "matrix"
text = "Есть ли место?"
required = true
rows = [{ id = "hall", text = "Зал" }, { id = "yard", text = "Двор" }]
columns = [{ id = "y", text = "есть", score = 1 }, { id = "n", text = "нет", score = 0 }]
"#;

#[test]
fn what_is_asked_follows_from_the_answers() {
    let club = read(CLUB);
    let check = |typed: &[(&str, &str)], expected: &[&str]| {
        let given = answers(&club, typed);
        let mut seen: Vec<&str> = visible(&club, &given).into_iter().collect();
        let mut expected = expected.to_vec();
        seen.sort_unstable();
        expected.sort_unstable();
        assert_eq!(seen, expected, "{typed:?}");
    };
    check(&[], &["has", "busy", "since", "rooms"]);
    check(&[("has", "нет")], &["has"]);
    check(&[("has", "да")], &["has", "kinds", "hours"]);
    check(&[("has", "да"), ("kinds", "sport other")], &["has", "kinds", "hours", "other"]);
    check(&[("has", "да"), ("hours", "9,5")], &["has", "kinds", "hours"]);
    check(&[("has", "да"), ("hours", "10")], &["has", "kinds", "hours", "busy", "since", "rooms"]);
    // An answer to a question that is not asked does not count.
    check(&[("has", "нет"), ("hours", "10")], &["has"]);
    // 3 of 10 is thirty per cent, 29 of 100 is less, exactly.
    check(&[("busy", "3/10")], &["has", "busy", "since", "rooms"]);
    check(&[("busy", "29 из 100")], &["has", "busy", "few", "since", "rooms"]);
}

#[test]
fn what_is_wrong_is_told_with_a_mend() {
    let club = read(CLUB);
    let check = |typed: &[(&str, &str)], expected: &[&str]| {
        let told: Vec<String> = check(&club, &answers(&club, typed), TODAY)
            .iter()
            .map(|problem| format!("{}: {} {}", problem.question, problem.what, problem.mend))
            .collect();
        assert_eq!(told, expected, "{typed:?}");
    };
    check(&[("has", "нет")], &[]);
    check(&[("has", "да")], &["kinds: Нет ответа на вопрос 1.2 «Какие?». Ответьте на вопрос."]);
    check(
        &[("has", "да"), ("kinds", "sport music other"), ("hours", "41")],
        &[
            "kinds: Отмечено 3. Оставьте не больше 2.",
            "hours: Число 41 не подходит. Нужно не больше 40,5.",
            "rooms: Нет ответа на вопрос 2.4 «Есть ли место?». Ответьте на вопрос.",
        ],
    );
    check(
        &[("has", "да"), ("kinds", "chess")],
        &["kinds: Варианта «chess» у вопроса нет. Выберите один из предложенных вариантов."],
    );
    check(
        &[("has", "да"), ("kinds", "other"), ("other", "нет"), ("hours", "0")],
        &[
            "other: Знаков слишком мало: 3. Опишите подробнее: не меньше 5.",
            "hours: Число 0 не подходит. Нужно не меньше 1.",
        ],
    );
    let many = [("has", "да"), ("kinds", "sport"), ("hours", "12")];
    let with = |more: &[(&'static str, &'static str)]| [&many[..], more].concat();
    check(
        &with(&[("busy", "41 из 40"), ("since", "06.10.2026"), ("rooms", "hall=y")]),
        &[
            "busy: «занято» – 41, это больше, чем «всего» – 40. Проверьте оба числа: часть не бывает больше целого.",
            "since: Дата 06.10.2026 не подходит. Нужна дата не позже 05.10.2026.",
            "rooms: Не заполнены строки: Двор. Отметьте ответ в каждой строке.",
        ],
    );
    check(
        &with(&[("busy", "0/0"), ("since", "31.12.2019"), ("rooms", "hall=y yard=n")]),
        &[
            "busy: «всего» – ноль, доли от нуля не бывает. Укажите, сколько всего, или оставьте вопрос без ответа.",
            "since: Дата 31.12.2019 не подходит. Нужна дата не раньше 01.01.2020.",
        ],
    );
}

#[test]
fn an_answer_of_another_type_or_question_is_refused() {
    let club = read(CLUB);
    let mut given = answers(&club, &[("has", "нет")]);
    given.insert("gone".to_owned(), Answer::YesNo(true));
    given.insert("has".to_owned(), Answer::Scale(3));
    let told: Vec<String> = check(&club, &given, TODAY).into_iter().map(|problem| problem.what).collect();
    assert_eq!(told, ["Ответ другого типа: здесь ожидается «да или нет».", "Вопроса «gone» в анкете нет."]);
}

#[test]
fn what_people_type_is_read_and_written_back() {
    let club = read(CLUB);
    let check = |id: &str, typed: &str, written: &str, words: &str| {
        let question = club.question(id).expect("a question");
        let answer = read_answer(question, typed).expect("an answer").expect("not empty");
        assert_eq!(write_answer(&answer), written);
        assert_eq!(read_answer(question, written), Ok(Some(answer.clone())), "there and back");
        assert_eq!(answer_words(question, &answer), words);
    };
    check("has", " Да ", "yes", "да");
    check("kinds", "music  sport", "music sport", "Музыка; Спорт");
    check("hours", "1 0,50", "10.5", "10,5");
    check("busy", "12 из 40", "12/40", "12 из 40 (30 %)");
    check("busy", "1/3", "1/3", "1 из 3 (33,3 %)");
    check("since", "5.10.2026", "2026-10-05", "05.10.2026");
    check("other", " Шахматы\nи шашки ", "Шахматы\nи шашки", "Шахматы\nи шашки");
    check("rooms", "hall=y yard=n", "hall=y yard=n", "Зал: есть; Двор: нет");
    let refused = |id: &str, typed: &str, mend: &str| {
        let problem = read_answer(club.question(id).expect("a question"), typed).expect_err("a problem");
        assert_eq!(problem.mend, mend, "{typed}");
    };
    refused("has", "может быть", "Ответьте «да» или «нет».");
    refused("hours", "много", "Напишите число цифрами: 12 или 0,5; не больше шести цифр после запятой.");
    refused("busy", "30 %", "Напишите два целых числа: 12 из 40.");
    refused("since", "05.10.26", "Напишите дату: 01.09.2026.");
    refused("rooms", "зал", "Отметьте ответы заново.");
    assert_eq!(read_answer(club.question("hours").expect("a question"), "  "), Ok(None));
}

#[test]
fn progress_counts_what_is_asked() {
    let club = read(CLUB);
    let check =
        |typed: &[(&str, &str)], required: (usize, usize), all: (usize, usize), next: Option<&str>| {
            let found = progress(&club, &answers(&club, typed));
            assert_eq!((found.required_answered, found.required), required, "{typed:?}");
            assert_eq!((found.answered, found.asked), all, "{typed:?}");
            assert_eq!(found.next.as_deref(), next, "{typed:?}");
            assert_eq!(found.is_complete(), required.0 == required.1);
        };
    check(&[], (0, 2), (0, 4), Some("has"));
    check(&[("has", "нет")], (1, 1), (1, 1), None);
    check(&[("has", "да"), ("hours", "3")], (1, 2), (2, 3), Some("kinds"));
    check(&[("rooms", "hall=y")], (0, 2), (0, 4), Some("has"));
    check(&[("rooms", "hall=y yard=y"), ("has", "нет")], (1, 1), (1, 1), None);
}

#[test]
fn answers_are_worth_their_scores() {
    let club = read(CLUB);
    let scores = |typed: &[(&str, &str)]| -> Vec<String> {
        section_scores(&club, &answers(&club, typed))
            .iter()
            .map(|s| format!("{} {}/{} ({} из {})", s.section, s.score, s.most, s.answered, s.asked))
            .collect()
    };
    assert_eq!(
        scores(&[("has", "да"), ("kinds", "music"), ("hours", "12")]),
        ["main 3.5/4.5 (2 из 2)", "more 0/0 (0 из 1)"]
    );
    assert_eq!(scores(&[("has", "нет")]), ["main 0/2 (1 из 1)"]);
}

#[test]
fn what_is_approved_is_what_counts() {
    let club = read(CLUB);
    let text =
        canonical(&club, &answers(&club, &[("has", "да"), ("kinds", "other"), ("other", "лото\nи\tдомино")]));
    assert_eq!(text, "questionnaire\tclub\t1\nhas\tyes\nkinds\tother\nother\tлото\\nи\tдомино\n");
    let hidden = canonical(&club, &answers(&club, &[("has", "нет"), ("hours", "12")]));
    assert_eq!(hidden, "questionnaire\tclub\t1\nhas\tno\n", "an answer that is not asked for does not count");
}

#[test]
fn answers_go_over_to_a_newer_version() {
    let old = read(CLUB);
    let newer = CLUB
        .replace("version = 1", "version = 2")
        .replace("id = \"hours\"", "id = \"weekly\"\nwas = [\"hours\"]")
        .replace("question = \"hours\"", "question = \"weekly\"")
        .replace("max = 40.5", "max = 20")
        .replace("  { id = \"music\", text = \"Музыка\", score = 1.5 },\n", "")
        .replace(
            "type = \"date\"\ntext = \"С какого дня?\"\nfrom = 2020-01-01\nnot_future = true",
            "type = \"text\"\ntext = \"С какого дня?\"",
        )
        .replace("text = \"Есть ли кружки?\"", "text = \"Есть ли кружки и секции?\"")
        .replace("{ id = \"yard\", text = \"Двор\" }", "{ id = \"pool\", text = \"Бассейн\" }");
    let new = read(&newer);
    let given = answers(
        &old,
        &[
            ("has", "да"),
            ("kinds", "sport music"),
            ("hours", "12"),
            ("since", "01.09.2024"),
            ("rooms", "hall=y yard=y"),
        ],
    );
    let found = migrate(&old, &new, &given, TODAY);
    assert_eq!(found.kept, ["has", "kinds", "weekly", "rooms"]);
    assert_eq!(found.reworded, ["has", "kinds", "weekly", "rooms"]);
    let dropped: Vec<String> =
        found.dropped.iter().map(|d| format!("{}: {} – {}", d.question, d.answer, d.why)).collect();
    assert_eq!(
        dropped,
        [
            "kinds: Музыка – Этих вариантов в новой версии нет.",
            "since: 01.09.2024 – Вопрос стал другого типа: «текст».",
            "rooms: Двор: есть – Этих вариантов в новой версии нет.",
        ]
    );
    assert_eq!(found.unanswered, ["rooms"]);
    let same = migrate(&old, &old, &given, TODAY);
    assert_eq!((same.answers, same.dropped, same.reworded), (given, vec![], vec![]));

    let long = answers(&old, &[("has", "да"), ("kinds", "sport"), ("hours", "30")]);
    let found = migrate(&old, &new, &long, TODAY);
    let why: Vec<&str> = found.dropped.iter().map(|dropped| dropped.why.as_str()).collect();
    assert_eq!(why, ["Число 30 не подходит. Нужно не больше 20."]);
}

#[test]
fn a_path_has_a_name() {
    let head = pack("school-head");
    let check = |path: &str, expected: Option<&str>| {
        assert_eq!(human_name(path, &head, Some(&factors())).as_deref(), expected, "{path}");
    };
    check(&question_path("vacancies"), Some("Вопрос 3.1 «Сколько педагогических ставок не занято?»"));
    check("section/staff_shortage", Some("Раздел 3 «Педагогические кадры»"));
    check("factor/low_motivation", Some("Фактор риска «Низкая учебная мотивация обучающихся»"));
    check("questionnaire", Some("Анкета в целом"));
    check("question/nothing", None);
    check("activity/12/schedule", None);
    check("question", None);
}

#[test]
fn a_day_of_the_form_is_the_day_that_is_given() {
    let head = pack("school-head");
    let given = answers(&head, &[("data_day", "05.10.2026")]);
    let told = |today| check(&head, &given, today).iter().any(|problem| problem.question == "data_day");
    assert!(!told(date(2026, 10, 5)));
    assert!(told(date(2026, 10, 4)));
}
