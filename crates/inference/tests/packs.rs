//! Are the committed packs right, and are wrong ones refused with place and mend?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use opora_cells::Dictionary;
use opora_inference::PackError;
use opora_inference::context::Settings;
use opora_inference::markers::{Marker, MarkerPack, legend};
use opora_inference::uncertainty::Bounds;

const UNCERTAINTY: &str = include_str!("../../../packs/markers/uncertainty.toml");
const CONTEXT: &str = include_str!("../../../packs/markers/context.toml");
const MARKERS: &str = include_str!("../../../packs/markers/markers.toml");
const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");

fn markers(text: &str) -> Result<MarkerPack, Vec<PackError>> {
    MarkerPack::read(text, &Dictionary::read(DICTIONARY).expect("the dictionary reads"))
}

#[test]
fn the_committed_packs_read() {
    Bounds::read(UNCERTAINTY).expect("uncertainty");
    Settings::read(CONTEXT).expect("context");
    let pack = markers(MARKERS).expect("markers");
    let names: Vec<&str> = legend(&pack).iter().map(|(_, name, ..)| *name).collect();
    assert_eq!(names.len(), Marker::ALL.len());
    assert!(!MARKERS.to_lowercase().lines().any(|line| line.starts_with("text") && line.contains("нарушен")));
}

#[track_caller]
fn check<T: std::fmt::Debug>(read: Result<T, Vec<PackError>>, expected: &[&str]) {
    let errors = read.expect_err("a wrong pack");
    let places: Vec<&str> = errors.iter().map(|error| error.place.as_str()).collect();
    assert_eq!(places, expected, "{errors:#?}");
    assert!(errors.iter().all(|error| error.message.ends_with('.') || error.place == "файл"), "{errors:#?}");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = UNCERTAINTY
        .replace("schools_min = 12", "schools_min = -1\nschool_min = 12")
        .replace("interval = 0.9", "interval = 90")
        .replace("weight_max = 100.0", "weight_max = 1.0")
        .replace("checked = \"2026-11-22\"", "checked = \"вчера\"");
    check(Bounds::read(&text), &["checked", "schools_min", "interval", "weight_max", "school_min"]);
}

#[test]
fn words_cover_every_probability() {
    check(Bounds::read(&UNCERTAINTY.replace("at_least = 0.0\n", "at_least = 0.01\n")), &["word"]);
    check(Bounds::read(&UNCERTAINTY.replace("at_least = 0.95", "at_least = 0.6")), &["word"]);
    check(Settings::read(&CONTEXT.replace("huber = 1.345", "huber = 0.0")), &["huber"]);
    check(Settings::read("это не таблица"), &["файл"]);
}

#[test]
fn a_marker_has_a_source_and_is_never_called_a_violation() {
    let unsourced = MARKERS.replace("name = \"Скачок между 4 и 5 классом\"\n", "");
    check(markers(&unsourced), &["marker: jump: name"]);
    check(markers(&MARKERS.replace("есть возможный маркер", "Нарушение найдено")), &["word"]);
    check(markers(&MARKERS.replace("\"ru\", \"math\"", "\"ru\", \"магия\"")), &["subjects"]);
    check(markers(&MARKERS.replace("grades = [4, 5]", "grades = [4, 6]")), &["grades"]);
    check(markers(&MARKERS.replace("[marker.jump]", "[marker.leap]")), &["marker: jump", "marker: leap"]);
    let unlikely = MARKERS.replace("markers_min = 3", "markers_min = 3\nbonus = 1");
    check(markers(&unlikely), &["combination: bonus"]);
}
