//! Is everything wrong told with its place, whatever the file holds?

#![allow(clippy::expect_used, reason = "the helpers of a test may fail as the test may")]

use opora_fields::{Errors, FILE_BYTES_MAX, Fields, FileError, Status, parse};
use proptest::prelude::*;

/// Asks a file for one field of each kind.
fn read(text: &str) -> Result<usize, Vec<FileError>> {
    let mut errors = Errors::new("a.toml", text);
    let e = &mut errors;
    let Some(document) = parse(text, e) else { return errors.or(None) };
    let root = Fields::root(&document, "файл");
    root.known(
        &["id", "title", "note", "word", "flag", "day", "count", "list", "part", "few", "item", "status"],
        e,
    );
    root.id("id", e);
    root.text("title", e);
    root.maybe_text("note", e);
    root.word("word", &[("one", 1), ("two", 2)], e);
    root.maybe_flag("flag", e);
    root.maybe_date("day", e);
    root.whole::<u8>("count", e);
    root.texts("list", e);
    root.status(e);
    let inner = root.table("part", e).into_iter();
    let inner = inner.chain(root.named_tables("few", e).into_iter().map(|(_, fields)| fields));
    let mut read = 0;
    for fields in inner.chain(root.tables("item", "запись", e)) {
        fields.known(&["id", "of"], e);
        fields.date("of", e);
        read += 1;
    }
    errors.or(Some(read))
}

const GOOD: &str = "id = \"a-1\"\ntitle = \"А\"\nstatus = \"verified\"\ncount = 0x1F\n[part]\nof = 2026-11-22\n\
                    [few.b]\nof = 2026-11-23\n[[item]]\nid = \"c\"\nof = 2026-11-24\n";

#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(GOOD.contains(from), "{from}");
    let errors = read(&GOOD.replacen(from, to, 1)).expect_err("an error");
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
}

#[test]
fn a_file_is_read_or_what_is_wrong_is_told_with_its_line() {
    assert_eq!(read(GOOD), Ok(3));
    check("id = \"a-1\"\n", "", &["a.toml, строка 1, файл: Нет поля «id». Напишите его текстом в кавычках."]);
    check(
        "\"verified\"",
        "\"yes\"",
        &[
            "a.toml, строка 3, файл: Значение поля «status» не подходит. Допустимы: verified, second-hand, unverified.",
        ],
    );
    check(
        "count = 0x1F",
        "count = 256",
        &[
            "a.toml, строка 4, файл: Значение поля «count» не подходит. Напишите целое число без кавычек, не меньше нуля и не слишком большое.",
        ],
    );
    check(
        "2026-11-24",
        "2026-11-24T10:00:00",
        &[
            "a.toml, строка 11, запись c: Значение поля «of» не подходит. Напишите дату без кавычек: 2025-12-01.",
        ],
    );
    check(
        "of = 2026-11-23",
        "off = 2026-11-23",
        &[
            "a.toml, строка 7, few b: Нет поля «of». Напишите дату без кавычек: 2025-12-01.",
            "a.toml, строка 8, few b: Поле «off» неизвестно. Допустимы: id, of. Проверьте написание.",
        ],
    );
    check(
        "id = \"c\"\nof",
        "off",
        &[
            "a.toml, строка 9, запись № 1: Нет поля «of». Напишите дату без кавычек: 2025-12-01.",
            "a.toml, строка 10, запись № 1: Поле «off» неизвестно. Допустимы: id, of. Проверьте написание.",
        ],
    );
}

#[test]
fn a_file_that_is_no_toml_is_told_by_line() {
    let errors = read("id = \"a\"\ntitle = = 1\n").expect_err("an error");
    assert_eq!((errors[0].line, errors[0].place.as_str()), (Some(2), "файл"));
    let errors = read(&"#".repeat(FILE_BYTES_MAX + 1)).expect_err("too large");
    assert_eq!(errors.len(), 1);
}

#[test]
fn of_very_many_errors_the_first_are_told_and_that_there_are_more() {
    let text: String = (0..1000).map(|number| format!("odd{number} = 1\n")).collect();
    let errors = read(&text).expect_err("errors");
    assert_eq!(errors.len(), 200);
    assert_eq!(
        errors[199].to_string(),
        "a.toml, файл: Замечаний к файлу больше 200, показаны не все. Исправьте показанные и прочитайте файл снова."
    );
    assert!(errors[..199].is_sorted());
}

#[test]
fn the_same_thing_is_told_once() {
    let mut errors = Errors::new("a.toml", "x = 1\n");
    for _ in 0..3 {
        errors.at(0..1, "файл", "Что-то не так.", "Исправьте.");
    }
    assert_eq!((errors.told(), errors.is_empty()), (3, false));
    assert_eq!(errors.into_list().len(), 1);
}

#[test]
fn a_status_is_told_in_words() {
    let words: Vec<&str> = Status::WORDS.iter().map(|(_, status)| status.russian()).collect();
    assert_eq!(words, ["сверено с источником", "известно по пересказу источника", "не сверено с источником"]);
}

/// Pieces of a file: more of what comes in is TOML than of random bytes.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "id",
        "title",
        "few",
        "item",
        "part",
        "status",
        " = ",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "\"а\"",
        "1",
        "2026-11-22",
        "true",
        "\n",
        "\r\n",
        "'",
        ",",
        ".",
        "\u{feff}",
        "#",
        "\"\"\"",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let piece = prop_oneof![4 => word, 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A good file with some bytes put in place of others.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    (0..GOOD.len(), 0..20_usize, prop::collection::vec(any::<u8>(), 0..8)).prop_map(|(at, cut, junk)| {
        let (head, tail) = GOOD.as_bytes().split_at(at);
        [head, &junk, &tail[cut.min(tail.len())..]].concat()
    })
}

proptest! {
    #[test]
    fn whatever_comes_in_nothing_panics_and_lines_lie_in_the_file(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), pieces(), broken()]
    ) {
        let text = String::from_utf8_lossy(&bytes);
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.is_empty() && errors.is_sorted());
            let lines = text.lines().count().max(1);
            for error in &errors {
                prop_assert!(error.line.is_some_and(|line| (1..=lines).contains(&line)), "{error} of {lines}");
                prop_assert!(!error.what.is_empty() && !error.mend.is_empty());
            }
        }
    }
}
