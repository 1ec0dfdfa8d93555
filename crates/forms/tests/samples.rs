//! Do the sample files read, all of them, and what else can be made of a table: mappings, suggestions, other files?

mod common;

use common::World;
use opora_forms::{
    Field, FormKind, Heads, Mapping, Numbers, read, read_csv, read_registry_csv, score_counts,
    suggest_mapping,
};
use opora_neutral::Level;
use opora_registry::Registry;

#[test]
fn every_sample_reads_against_the_sample_registry() {
    let samples = common::samples::samples();
    let (_, registry) = samples.first().expect("the registry");
    let reading = read_registry_csv(registry.as_slice(), None, Heads::committed());
    assert_eq!((reading.added, reading.findings.len()), (4, 0), "{:?}", reading.findings);
    let (registry, errors) = Registry::new(reading.nodes, reading.organisations, reading.events);
    assert_eq!(errors, []);
    let world = World { registry, ..World::new() };
    let mut kinds = Vec::new();
    for (name, bytes) in samples.iter().skip(1) {
        let document = opora_documents::read(name, bytes, &opora_documents::Options::default());
        let reading = read(&document, &world.context());
        let loud = reading.summary.findings.iter().filter(|finding| finding.level > Level::Note);
        let quiet: Vec<String> = loud.map(|finding| finding.message()).collect();
        assert!(quiet.is_empty(), "{name}: {quiet:?}");
        assert!(!reading.facts.is_empty(), "{name}");
        kinds.extend(reading.summary.kind);
    }
    let all = [FormKind::VprIndividual, FormKind::MarkStatistics, FormKind::Protocol, FormKind::Indicators];
    assert_eq!(kinds, all);
}

#[test]
fn reading_twice_gives_the_same() {
    let world = World::new();
    for (name, bytes) in common::samples::samples().iter().skip(1) {
        let document = opora_documents::read(name, bytes, &opora_documents::Options::default());
        assert_eq!(read(&document, &world.context()), read(&document, &world.context()), "{name}");
    }
}

#[test]
fn score_counts_of_rows_add_up_to_the_rows() {
    let world = World::new();
    let text = "Логин;Процедура;Год;Предмет;Класс;Балл;Отметка\n\
                edu910001;ВПР;2024;История;5А;7;3\nedu910001;ВПР;2024;История;5А;7;3\n\
                edu910001;ВПР;2024;История;5А;9;4\nedu910002;ВПР;2024;История;5А;;4\n";
    let mut rows = Vec::new();
    read_csv(text.as_bytes(), "итоги.csv", &world.context(), &mut |batch| rows.extend(batch.rows));
    let counts = score_counts(&rows, opora_cells::SourceIndex(0));
    let told: Vec<(u16, u32)> = counts.iter().map(|count| (count.score, count.pupils)).collect();
    assert_eq!(told, [(7, 2), (9, 1)]);
}

#[test]
fn a_file_in_windows_1251_with_titles_and_line_breaks_in_cells() {
    let world = World::new();
    let text = "ВПР 2024 История 5 класс;;;\r\n\r\n\"Логин\nОО\";\"Код\nучастника\";Первичный балл;Отметка\r\n\
                edu910001;1;7;3\r\nedu910001;2;8;7\r\n";
    let bytes = encoding_rs::WINDOWS_1251.encode(text).0;
    let summary = read_csv(bytes.as_ref(), "итоги.csv", &world.context(), &mut |_| {});
    let errors: Vec<String> =
        summary.of_level(Level::Error).map(|f| format!("{} {}", f.code, f.place)).collect();
    assert_eq!(errors, ["MARK_IMPOSSIBLE строка файла 6, столбец 4"]);
    assert_eq!((summary.rows, summary.dropped), (1, vec!["Код участника".to_owned()]));
}

/// Workbooks of some systems are web pages under another name, with merged cells.
#[test]
fn a_web_page_with_merged_cells_is_a_table_too() {
    let world = World::new();
    let page = "<html><body><p>ОГЭ 2025, Химия</p><table>\
                <tr><th rowspan=2>Код ОО</th><th rowspan=2>Кол-во участников</th><th colspan=4>Отметка</th></tr>\
                <tr><th>2</th><th>3</th><th>4</th><th>5</th></tr>\
                <tr><td>020103</td><td>10</td><td>1</td><td>2</td><td>3</td><td>4</td></tr></table></body></html>";
    let document = opora_documents::read("итоги.xls", page.as_bytes(), &opora_documents::Options::default());
    let reading = read(&document, &world.context());
    let cells: Vec<[u32; 4]> = reading.facts.cells.iter().map(|cell| cell.marks).collect();
    assert_eq!(cells, [[1, 2, 3, 4]], "{:?}", reading.summary.findings);
}

#[test]
fn a_mapping_is_suggested_and_survives_its_text_form() {
    let world = World::new();
    let heads = ["Школа", "Класс", "Предм.", "Когда", "Балл", "ФИО", "Цвет"].map(str::to_owned);
    let row = |cells: [&str; 7]| cells.map(str::to_owned).to_vec();
    let samples = [
        row(["edu910001", "5", "рус. яз.", "12.04.2024", "7", "Кто-то", "красный"]),
        row(["edu910002", "6", "Математика", "13.04.2024", "9", "Кто-то", "синий"]),
    ];
    let suggestion = suggest_mapping(&heads, &samples, Heads::committed(), &world.dictionary);
    let told: Vec<(&str, &Field)> =
        suggestion.mapping.columns.iter().map(|(head, field)| (head.as_str(), field)).collect();
    let expected = [
        ("Балл", &Field::Score),
        ("Класс", &Field::Grade),
        ("Когда", &Field::Date),
        ("Предм.", &Field::Subject),
        ("ФИО", &Field::Personal),
        ("Школа", &Field::Login),
    ];
    assert_eq!(told, expected);
    assert_eq!(suggestion.unknown, ["Цвет"]);
    assert_eq!(suggestion.by_values, ["Предм.", "Когда"]);

    let mut mapping = suggestion.mapping;
    mapping.constants.kind = world.dictionary.kind("vpr");
    mapping.constants.year = Some(2024);
    mapping.numbers = Numbers::Percents;
    mapping.grade_is_programme = true;
    let math = world.dictionary.subject("math").expect("a subject");
    mapping.subjects.insert("мап".to_owned(), (math, world.dictionary.level("profile")));
    let text = mapping.to_toml(&world.dictionary);
    assert_eq!(Mapping::read(&text, &world.dictionary), Ok(mapping), "{text}");
}

#[test]
fn a_file_of_no_known_format_is_told_the_formats_of_results_and_nothing_else() {
    let world = World::new();
    let bytes = [b"$FL2@(#)".as_slice(), &[0, 1, 2, 255, 254, 0, 3].repeat(40)].concat();
    let document = opora_documents::read("итоги.sav", &bytes, &opora_documents::Options::default());
    let findings = read(&document, &world.context()).summary.findings;
    let told: Vec<(&str, bool)> = findings
        .iter()
        .map(|finding| {
            let why = &finding.why;
            (finding.code, ["CSV", "XLSX", "Parquet"].iter().all(|format| why.contains(format)))
        })
        .collect();
    assert_eq!(told, [("FILE_UNKNOWN", true)], "{findings:?}");
}
