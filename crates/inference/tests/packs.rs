//! Are the committed packs right, and are wrong ones refused with place and mend?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use opora_cells::Dictionary;
use opora_inference::FileError;
use opora_inference::context::Settings;
use opora_inference::markers::{Marker, MarkerPack, legend};
use opora_inference::uncertainty::Bounds;

const UNCERTAINTY: &str = include_str!("../../../packs/markers/uncertainty.toml");
const CONTEXT: &str = include_str!("../../../packs/markers/context.toml");
const MARKERS: &str = include_str!("../../../packs/markers/markers.toml");
const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");

fn markers(text: &str) -> Result<MarkerPack, Vec<FileError>> {
    MarkerPack::read("markers.toml", text, &Dictionary::read(DICTIONARY).expect("the dictionary reads"))
}

#[test]
fn the_committed_packs_read() {
    Bounds::read("uncertainty.toml", UNCERTAINTY).expect("uncertainty");
    Settings::read("context.toml", CONTEXT).expect("context");
    let pack = markers(MARKERS).expect("markers");
    let names: Vec<&str> = legend(&pack).iter().map(|(_, name, ..)| *name).collect();
    assert_eq!(names.len(), Marker::ALL.len());
    assert!(!MARKERS.to_lowercase().lines().any(|line| line.starts_with("text") && line.contains("нарушен")));
}

/// Each error holds its place, its line or its words.
#[track_caller]
fn check<T: std::fmt::Debug>(read: Result<T, Vec<FileError>>, expected: &[&str]) {
    let told: Vec<String> = read.expect_err("a wrong pack").iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.contains(expected), "{expected} is in {told}");
    }
}

#[test]
fn everything_wrong_is_told_at_once_with_its_line() {
    let text = UNCERTAINTY
        .replace("schools_min = 12", "schools_min = -1\nschool_min = 12")
        .replace("interval = 0.9", "interval = 90")
        .replace("weight_max = 100.0", "weight_max = 1.0")
        .replace("checked = \"2026-11-22\"", "checked = \"вчера\"");
    let line = |start: &str| {
        let at = text.lines().position(|line| line.starts_with(start)).expect("the line") + 1;
        format!("uncertainty.toml, строка {at}, файл: ")
    };
    let expected = [
        line("checked") + "Значение поля «checked» не подходит. Напишите дату",
        line("schools_min") + "Значение поля «schools_min» не подходит. Напишите целое число",
        line("school_min") + "Поле «school_min» неизвестно. Допустимы: source, status, checked, schools_min",
        line("weight_max") + "Значение поля «weight_max» не подходит. Он меньше weight_min",
        line("interval") + "Значение поля «interval» не подходит. Напишите число от 0.5 до 0.999",
    ];
    let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let number = |told: &&str| {
        told.split_once("строка ").and_then(|(_, rest)| rest.split_once(',')?.0.parse::<u32>().ok())
    };
    expected.sort_by_key(number);
    check(Bounds::read("uncertainty.toml", &text), &expected);
}

#[test]
fn words_cover_every_probability() {
    let bounds = |from: &str, to: &str| Bounds::read("uncertainty.toml", &UNCERTAINTY.replace(from, to));
    check(bounds("at_least = 0.0\n", "at_least = 0.01\n"), &["«word» не подходит. Границы должны убывать"]);
    check(bounds("at_least = 0.95", "at_least = 0.6"), &["«word» не подходит. Границы должны убывать"]);
    let settings = CONTEXT.replace("huber = 1.345", "huber = 0.0");
    check(Settings::read("context.toml", &settings), &["«huber» не подходит. Напишите число от 0.5 до 10"]);
    let no_toml = "context.toml, строка 1, файл: Запись TOML не читается";
    check(Settings::read("context.toml", "huber = = 1"), &[no_toml; 2]);
}

#[test]
fn a_marker_has_a_source_and_is_never_called_a_violation() {
    let check = |from: &str, to: &str, expected: &[&str]| {
        assert!(MARKERS.contains(from), "{from}");
        check(markers(&MARKERS.replace(from, to)), expected);
    };
    check("name = \"Скачок между 4 и 5 классом\"\n", "", &["marker jump: Нет поля «name»."]);
    check("есть возможный маркер", "Нарушение найдено", &["маркер – не нарушение"]);
    check("\"ru\", \"math\"", "\"ru\", \"магия\"", &["«subjects» не подходит. Слова «магия» нет в словаре."]);
    check("grades = [4, 5]", "grades = [4, 6]", &["«grades» не подходит. Напишите два класса подряд"]);
    let leap = ["marker: Нет поля «jump».", "marker: Поле «leap» неизвестно."];
    check("[marker.jump]", "[marker.leap]", &leap);
    check("markers_min = 3", "markers_min = 3\nbonus = 1", &["combination: Поле «bonus» неизвестно."]);
}
