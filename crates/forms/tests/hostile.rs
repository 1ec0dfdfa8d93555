//! What if a file was made to do harm: does reading end, soon, without a panic and without a lie?

mod common;

use std::io::{Cursor, Read};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use common::{World, workbook};
use opora_forms::{Batch, Fields, Heads, Intake, read, read_csv, read_registry_csv};
use proptest::prelude::*;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", "X", "Х", "-", "н/я", "2", "3", "5", "6", "-1", "12,5", "33,3", "100", "1e300", "20225", "2024", "%",
            "edu910001", "edu910002", "edu919999", "010101", "5А", "12Б", "Логин", "ОО", "Код ОО", "Школа", "Класс",
            "Предмет", "Отметка", "Первичный балл", "Отметка по журналу", "Код участника", "Год", "Кол-во участников",
            "1 (2б)", "1К1 (3б)", "Понизили", "Подтвердили", "Повысили", "Всего семей", "Неполные семьи", "Показатель",
            "Значение", "ВПР 2024 Русский язык 5 класс", "Математика", "ОГЭ", "Итого", "Минимум", "Получили отметку",
            "(edu910001) Кол-во участников: 5", "Наименование", "Муниципалитет", "Дата закрытия", "01.09.2024", "\"",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_table_makes_reading_panic(rows in rows(), delimiter in prop::sample::select(vec![';', ',', '\t'])) {
        let world = &*WORLD;
        let lines: Vec<String> = rows.iter().map(|row| row.join(&delimiter.to_string())).collect();
        let text = lines.join("\n");
        let mut rows_read = 0;
        let summary = read_csv(text.as_bytes(), "файл.csv", &world.context(), &mut |batch: Batch| {
            rows_read += batch.rows.len() as u64;
            for cell in &batch.cells {
                let marked: u32 = cell.marks.iter().sum();
                let sum = marked + cell.below_minimum + cell.at_minimum + cell.unmarked;
                assert_eq!(sum, cell.participants, "{cell:?} in\n{text}");
            }
        });
        prop_assert_eq!(rows_read, summary.rows);
        let named = summary.findings.iter().all(|finding| !finding.what.is_empty() && !finding.mend.is_empty());
        prop_assert!(named);
        let registry = read_registry_csv(text.as_bytes(), Some(&world.registry), Heads::committed());
        prop_assert!(!registry.is_refused() || registry.organisations.is_empty());
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let world = &*WORLD;
        read_csv(bytes.as_slice(), "файл.csv", &world.context(), &mut |_| {});
    }
}

#[test]
fn a_file_that_was_not_read_whole_loads_nothing() {
    let world = &*WORLD;
    let mut sheet = "ВПР 2024 История 5 класс\nЛогин | Первичный балл | Отметка\n".to_owned();
    sheet.push_str(&"edu910001 | 4 | 3\n".repeat(50));
    let bytes = common::samples::workbook("1", &sheet);
    let mut options = opora_documents::Options::default();
    options.limits.max_cells = 60;
    let reading = read(&opora_documents::read("а.xlsx", &bytes, &options), &world.context());
    assert!(reading.summary.findings.iter().any(|finding| finding.code == "FILE_INCOMPLETE"));
    assert!(reading.facts.is_empty());
}

#[test]
fn an_error_anywhere_loads_nothing_of_a_workbook() {
    let world = &*WORLD;
    let sheet =
        "ВПР 2024 История 5 класс\nЛогин | Первичный балл | Отметка\nedu910001 | 4 | 3\nedu910001 | 4 | 7";
    let reading = read(&workbook("а.xlsx", &[("1".to_owned(), sheet.to_owned())]), &world.context());
    assert!(reading.summary.is_refused() && reading.facts.is_empty());
}

/// A quotation mark that is never closed, and after it more than fits in memory.
#[test]
fn a_record_without_an_end_is_told_with_its_line() {
    let world = &*WORLD;
    let head = "Логин;Год;Предмет;Класс;Отметка\nedu910001;2024;История;\"5А;3\n";
    let endless = Cursor::new(head.as_bytes()).chain(std::io::repeat(b'a').take(1 << 34));
    let start = Instant::now();
    let summary = read_csv(endless, "файл.csv", &world.context(), &mut |_| {});
    let finding =
        summary.findings.iter().find(|finding| finding.code == "RECORD_TOO_LONG").expect("it is told");
    assert_eq!(finding.place.line, Some(2));
    assert!(start.elapsed() < Duration::from_secs(20));
}

/// Half a download: the last record has no end. A whole file whose last line does not end is fine, and so is a
/// signature.
#[test]
fn a_record_that_stops_in_the_middle_loads_nothing() {
    #[track_caller]
    fn check(tail: &str, refused: bool) {
        bytes(tail.as_bytes(), tail, refused);
    }
    #[track_caller]
    fn bytes(end: &[u8], tail: &str, refused: bool) {
        let world = &*WORLD;
        let head = "Логин;Процедура;Год;Предмет;Отметка;Класс\nedu910001;ВПР;2024;История;3;5А\n";
        let text = [head.as_bytes(), end].concat();
        let summary = read_csv(text.as_slice(), "файл.csv", &world.context(), &mut |_| {});
        let cut = summary.findings.iter().find(|finding| finding.code == "RECORD_CUT");
        assert_eq!(cut.is_some(), refused, "{tail}: {:?}", summary.findings);
        assert_eq!(summary.is_refused(), refused, "{tail}");
        assert!(cut.is_none_or(|finding| finding.place.line == Some(3)), "{tail}: {cut:?}");
    }
    check("edu910001;ВПР;2024;Ист", true);
    check("edu9100", true);
    check("edu910001;ВПР;2024;История;4;5А", false);
    check("edu910001;ВПР;2024;История;4;5А\n", false);
    let letter = "edu910001;ВПР;2024;История;4;5А".as_bytes();
    bytes(&letter[..letter.len() - 1], "half a letter", true);
    check("Исполнитель: Кто-то", false);
    check("", false);
}

/// A file that breaks off while it is read.
#[test]
fn a_broken_stream_is_told() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the cable"))
        }
    }
    let world = &*WORLD;
    let text = "Логин;Процедура;Год;Предмет;Класс;Отметка\n".to_owned()
        + &"edu910001;ВПР;2024;История;5А;3\n".repeat(5_000);
    let summary = read_csv(Cursor::new(text).chain(Broken), "файл.csv", &world.context(), &mut |_| {});
    assert!(summary.is_refused());
    assert!(
        summary.findings.iter().any(|finding| finding.code == "FILE_UNREADABLE"),
        "{:?}",
        summary.findings
    );
}

#[test]
fn a_million_wrong_rows_make_a_list_one_can_read() {
    let world = &*WORLD;
    let row = "edu910001;ВПР;2024;История;5А;6\n";
    let text = "Логин;Процедура;Год;Предмет;Класс;Отметка\n".to_owned() + &row.repeat(100_000);
    let summary = read_csv(text.as_bytes(), "файл.csv", &world.context(), &mut |_| {});
    assert_eq!(summary.errors, 100_000);
    assert!(summary.findings.len() < 1_000);
    let more = summary.findings.last().map(|finding| finding.what.as_str());
    assert_eq!(more, Some("Замечаний MARK_IMPOSSIBLE всего 100000, показаны первые 500."));
}

/// Eight times the lines, about eight times the time: nothing is looked at over and over. Sixty-four would be a square;
/// the machine may be busy with other things meanwhile, so the better of two is taken.
#[test]
fn reading_takes_time_in_proportion_to_the_file() {
    let world = &*WORLD;
    let once = |count: usize, line: &dyn Fn(usize) -> String| {
        let mut text = "Логин;Процедура;Год;Предмет;Класс;Код участника;Отметка\n".to_owned();
        (0..count).for_each(|at| text.push_str(&line(at)));
        let start = Instant::now();
        read_csv(text.as_bytes(), "файл.csv", &world.context(), &mut |_| {});
        start.elapsed().max(Duration::from_millis(10))
    };
    let time = |count: usize, line: &dyn Fn(usize) -> String| once(count, line).min(once(count, line));
    let lines: [&dyn Fn(usize) -> String; 4] = [
        &|at| format!("edu91{at};ВПР;2024;История;5А;{at};3\n"),
        &|at| format!("edu910001;ВПР;2024;Предмет {at};5А;{at};3\n"),
        &|at| format!("edu910001;ВПР;20{at};История;5А;{at};X\n"),
        &|_| "Логин;Процедура;Год;Предмет;Класс;Код участника;Оценка\n".to_owned(),
    ];
    for line in lines {
        let (short, long) = (time(1_000, line), time(8_000, line));
        assert!(long < short * 35, "{short:?} for an eighth, {long:?} for all: {}", line(1));
    }
}

#[test]
fn records_of_a_columnar_file_are_read_like_lines() {
    let world = &*WORLD;
    let mut intake = Intake::new(&world.context(), "итоги.parquet", false);
    intake.heads(["login", "kind", "year", "subject", "grade", "mark"].as_slice());
    for row in 1..=3 {
        let record = ["edu910001", "vpr", "2024", "ru", "5", "4"];
        assert_eq!(Fields::width(record.as_slice()), 6);
        intake.line(row, record.as_slice());
    }
    let (batch, summary) = intake.finish();
    assert_eq!((batch.rows.len(), summary.errors), (3, 0), "{:?}", summary.findings);
}
