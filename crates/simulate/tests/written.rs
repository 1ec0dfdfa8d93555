//! Are the files of a country complete, and the same every time?

#![allow(clippy::expect_used, reason = "what the tests share may fail as a test may")]

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use opora_cells::{Dictionary, Scales};
use opora_simulate::{Country, Layout, Options, write};

const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");

fn small() -> Options {
    Options { schools: 24, regions: 4, schools_per_municipality: 8, details: true, ..Options::default() }
}

fn bytes(folder: &Path, options: &Options) -> BTreeMap<PathBuf, Vec<u8>> {
    let summary = write(folder, options, &mut |_| {}).expect("written");
    let read = |file: &PathBuf| std::fs::read(folder.join(file)).expect("a file");
    summary.files.iter().map(|file| (file.clone(), read(file))).collect()
}

#[test]
fn the_same_options_give_the_same_bytes_whatever_the_threads() {
    let place = tempfile::tempdir().expect("a folder");
    for layout in [Layout::OneFile, Layout::RegionYear] {
        let with = |threads: usize| {
            let folder = place.path().join(format!("{layout:?}-{threads}"));
            bytes(&folder, &Options { threads, layout, ..small() })
        };
        let (one, three) = (with(1), with(3));
        assert!(one == three, "the number of threads shows in {layout:?}");
        let other =
            bytes(&place.path().join(format!("{layout:?}-seed")), &Options { seed: 2, layout, ..small() });
        assert!(one != other, "the seed does not show in {layout:?}");
    }
}

#[test]
fn every_file_is_there_and_told() {
    let place = tempfile::tempdir().expect("a folder");
    let mut told = Vec::new();
    let options = Options { layout: Layout::OneFile, ..small() };
    let summary = write(place.path(), &options, &mut |progress| told.push(progress)).expect("written");
    let names: Vec<String> = summary.files.iter().map(|file| file.display().to_string()).collect();
    let expected = "registry.csv rows.parquet scales.toml score-counts.csv social-passport-2023.csv \
                    social-passport-2024.csv social-passport-2025.csv social-passport-2026.csv task-sums.csv \
                    truth-cells.csv truth.csv";
    assert_eq!(names.join(" "), expected);
    assert_eq!((summary.regions, summary.schools), (4, 24));
    assert_eq!(told.last().map(|last| (last.regions_done, last.rows)), Some((4, summary.rows)));
    let registry = std::fs::read_to_string(place.path().join("registry.csv")).expect("a table");
    assert!(registry.starts_with("\u{feff}Регион;Муниципалитет;ОКТМО;Логин ВПР;Код ОО;Наименование;Вид;"));
    assert_eq!(registry.lines().count(), 25);
}

#[test]
fn the_scales_read_and_agree_with_the_committed_ones() {
    let place = tempfile::tempdir().expect("a folder");
    let options = small();
    write(place.path(), &options, &mut |_| {}).expect("written");
    let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
    let text = std::fs::read_to_string(place.path().join("scales.toml")).expect("a file");
    let scales = Scales::read(&text, &dictionary).expect("the scales read");
    assert_eq!(scales.all(), Country::new(&options).scales());
    let committed = include_str!("../../../packs/scales/gia-2026.toml");
    for real in Scales::read(committed, &dictionary).expect("the committed scales read").all() {
        let invented = scales.of(real.procedure, 2026).expect("the paper is written");
        assert_eq!((invented.score_max, &invented.judgement), (real.score_max, &real.judgement));
    }
}

#[test]
fn workbooks_are_written_for_a_few_schools_and_are_the_same_every_time() {
    let place = tempfile::tempdir().expect("a folder");
    let options = Options { schools_with_forms: 1, schools: 8, regions: 1, ..small() };
    let once = bytes(&place.path().join("once"), &options);
    let names: Vec<String> = once.keys().map(|file| file.display().to_string()).collect();
    let form = "forms/edu300001/ВПР 2024 Русский язык 5 класс.xlsx".to_owned();
    assert!(names.contains(&form) || names.contains(&form.replace('5', "6")), "{names:?}");
    assert!(names.contains(&"forms/01-2026 статистика отметок.xlsx".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("edu300002")));
    assert!(once == bytes(&place.path().join("again"), &options));
    let rows = |options: &Options| Country::new(options).region(0).expect("a region").rows;
    assert!(rows(&options) == rows(&Options { schools_with_forms: 0, ..options }), "forms change results");
}

#[test]
fn what_can_not_be_written_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let check = |options: Options, expected: ErrorKind| {
        let refused = write(place.path(), &options, &mut |_| {}).expect_err("refused");
        assert_eq!(refused.kind(), expected);
    };
    check(Options { schools: 0, ..small() }, ErrorKind::InvalidInput);
    check(Options { first_year: 2027, ..small() }, ErrorKind::InvalidInput);
    check(Options { first_year: 2011, last_year: 2099, ..small() }, ErrorKind::InvalidInput);
    std::fs::write(place.path().join("мой файл.txt"), "").expect("written");
    check(small(), ErrorKind::AlreadyExists);
}
