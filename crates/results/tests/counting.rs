//! Do stored rows count up to the same cells as one row after the other, and is every wrong file refused?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, StringArray, UInt8Array, UInt16Array, UInt32Array};
use arrow::record_batch::RecordBatch;
use common::{file_of, naive, some_row};
use opora_cells::{Cell, KindCode, OrganisationId, Outcome, Procedure, Row, SourceIndex};
use opora_results::{CountOptions, ResultsError, RowWriter, RowsFile, count};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use proptest::prelude::*;

fn counted(file: &RowsFile, threads: usize) -> Result<Vec<Cell>, ResultsError> {
    count(file, &CountOptions { threads, ..CountOptions::default() }).map(|cells| cells.iter().collect())
}

/// Rows as another program would write them: the same columns in another order, among others, in other encodings.
fn foreign(rows: &[Row], properties: WriterProperties) -> RowsFile {
    let column = |value: fn(&Row) -> i32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(value(row))).collect::<Int32Array>())
    };
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("file_row", column(|row| row.file_row.cast_signed()), false),
        ("remark", Arc::new(StringArray::from(vec!["замечание"; rows.len()])), true),
        ("score", column(|row| row.score.map_or(65535, i32::from)), false),
        ("journal", column(|row| i32::from(row.journal.unwrap_or(0))), false),
        ("outcome", column(|row| i32::from(row.outcome.code())), false),
        ("year", column(|row| i32::from(row.year)), false),
        ("procedure", column(|row| row.procedure.packed().cast_signed()), false),
        ("organisation", column(|row| row.organisation.0.cast_signed()), false),
    ])
    .expect("a batch");
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("written");
    RowsFile::Bytes(writer.into_inner().expect("finished").into())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_kernel_agrees_with_counting_row_by_row(
        rows in prop::collection::vec(some_row(), 0..600), group in 1_usize..300, threads in 1_usize..5, sorted: bool,
    ) {
        let mut rows = rows;
        if sorted {
            rows.sort_by_key(|row| row.organisation);
        }
        let autumn = [(KindCode(1), 2022)];
        let options = CountOptions { threads, source: SourceIndex(0), autumn: &autumn };
        let cells = count(&file_of(&rows, group), &options).expect("counted");
        prop_assert_eq!(cells.iter().collect::<Vec<_>>(), naive(&rows, &autumn));
    }

    #[test]
    fn rows_in_any_order_and_encoding_are_counted(rows in prop::collection::vec(some_row(), 1..400), group in 1_usize..300) {
        let expected = naive(&rows, &[]);
        let base = || WriterProperties::builder().set_max_row_group_row_count(Some(group));
        for properties in [
            base().build(),
            base().set_writer_version(WriterVersion::PARQUET_2_0).set_dictionary_enabled(false).build(),
            base().set_dictionary_enabled(false).set_compression(Compression::SNAPPY).build(),
            base().set_dictionary_page_size_limit(16).set_write_batch_size(10).set_data_page_row_count_limit(20)
                .set_compression(Compression::GZIP(GzipLevel::default())).build(),
            base()
                .set_column_dictionary_enabled("year".into(), false)
                .set_column_encoding("year".into(), Encoding::BYTE_STREAM_SPLIT)
                .set_column_dictionary_enabled("score".into(), false)
                .set_column_encoding("score".into(), Encoding::DELTA_BINARY_PACKED)
                .build(),
        ] {
            prop_assert_eq!(&counted(&foreign(&rows, properties), 2).expect("counted"), &expected);
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_panic(
        rows in prop::collection::vec(some_row(), 1..200), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let RowsFile::Bytes(bytes) = file_of(&rows, 64) else { panic!("bytes") };
        let mut bytes = bytes.to_vec();
        for (place, value) in hits {
            *place.get_mut(&mut bytes) = value;
        }
        let _ = counted(&RowsFile::Bytes(bytes.into()), 2);
    }
}

fn row(organisation: u32) -> Row {
    Row {
        organisation: OrganisationId(organisation),
        procedure: Procedure::from_packed(0x0101_0500),
        year: 2024,
        class: 1,
        outcome: Outcome::Two,
        journal: Some(3),
        score: Some(5),
        file_row: organisation,
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let rows: Vec<Row> = (1..=500).map(row).collect();
    let RowsFile::Bytes(bytes) = file_of(&rows, 100) else { panic!("bytes") };
    for length in (0..bytes.len()).step_by(7) {
        let error = counted(&RowsFile::Bytes(bytes.slice(..length)), 2).expect_err("refused");
        assert!(matches!(error, ResultsError::Damaged { .. }), "{length}: {error:?}");
        assert!(error.to_string().contains("Ничего не загружено"), "{error}");
    }
}

/// A file of one group with plain arrays, and what is said about it.
#[track_caller]
fn check(columns: Vec<(&str, ArrayRef)>, expected: &str) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| {
        let nullable = array.null_count() > 0;
        (name, array, nullable)
    }));
    let batch = batch.expect("a batch");
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    let file = RowsFile::Bytes(writer.into_inner().expect("finished").into());
    match counted(&file, 1) {
        Ok(cells) => assert_eq!(format!("{} cells", cells.len()), expected),
        Err(error) => assert!(error.to_string().starts_with(expected), "«{error}» is not «{expected}»"),
    }
}

fn columns(change: (&'static str, ArrayRef)) -> Vec<(&'static str, ArrayRef)> {
    let (changed, array) = change;
    let rows = array.len();
    let narrow = |value: u8| -> ArrayRef { Arc::new(UInt8Array::from(vec![value; rows])) };
    let all: Vec<(&'static str, ArrayRef)> = vec![
        ("organisation", Arc::new(UInt32Array::from(vec![7; rows]))),
        ("year", Arc::new(UInt16Array::from(vec![2024; rows]))),
        ("procedure", Arc::new(UInt32Array::from(vec![0x0101_0500; rows]))),
        ("outcome", narrow(2)),
        ("journal", narrow(0)),
        ("score", Arc::new(UInt16Array::from(vec![12; rows]))),
        ("file_row", Arc::new(UInt32Array::from(vec![1; rows]))),
    ];
    all.into_iter().map(|(name, usual)| (name, if name == changed { array.clone() } else { usual })).collect()
}

#[test]
fn what_can_not_be_is_told_with_its_column_group_and_row() {
    let wide = |values: Vec<i32>| -> ArrayRef { Arc::new(Int32Array::from(values)) };
    check(columns(("outcome", wide(vec![2, 3, 6]))), "1 cells");
    check(
        columns(("outcome", wide(vec![2, 3, 7]))),
        "Столбец «outcome», строка 3 (группа строк 1): значение «7»",
    );
    check(
        columns(("outcome", wide(vec![-1, 3]))),
        "Столбец «outcome», строка 1 (группа строк 1): значение «-1»",
    );
    check(
        columns(("year", wide(vec![2024, 20225]))),
        "Столбец «year», строка 2 (группа строк 1): значение «20225»",
    );
    check(columns(("year", wide(vec![-5]))), "Столбец «year», строка 1 (группа строк 1): значение «-5»");
    check(columns(("journal", wide(vec![6]))), "Столбец «journal», строка 1 (группа строк 1): значение «6»");
    check(columns(("journal", wide(vec![1]))), "Столбец «journal», строка 1 (группа строк 1): значение «1»");
    check(columns(("score", wide(vec![3, -2]))), "Столбец «score», строка 2 (группа строк 1): значение «-2»");
    check(
        columns(("score", wide(vec![70_000]))),
        "Столбец «score», строка 1 (группа строк 1): значение «70000»",
    );
}

#[test]
fn a_foreign_table_is_refused_by_its_columns() {
    let mut without = columns(("year", Arc::new(UInt16Array::from(vec![2024]))));
    without.remove(4);
    check(without, "В файле нет столбца «journal». Есть столбцы: organisation, year, procedure");
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["2"]));
    check(columns(("outcome", texts)), "Столбец «outcome» содержит BYTE_ARRAY, а нужно: целые числа");
    check(columns(("year", Arc::new(Int64Array::from(vec![2024])))), "Столбец «year» содержит INT64");
    let gaps: ArrayRef = Arc::new(Int32Array::from(vec![Some(2), None]));
    check(columns(("outcome", gaps)), "Столбец «outcome» содержит INT32 с пропусками");
}

#[test]
fn the_first_wrong_group_is_told_whatever_the_threads() {
    let mut rows: Vec<Row> = (1..=2000).map(row).collect();
    rows[1205].year = 1917;
    rows[1810].year = 1812;
    let file = foreign(&rows, WriterProperties::builder().set_max_row_group_row_count(Some(100)).build());
    for threads in 1..=8 {
        let ResultsError::Value { row, row_group, value, .. } = counted(&file, threads).expect_err("refused")
        else {
            panic!("a wrong value");
        };
        assert_eq!((row, row_group, value.as_str()), (1206, Some(13), "1917"));
    }
}

#[test]
fn a_school_on_the_border_of_groups_is_one() {
    let rows: Vec<Row> = (0..950).map(|number| row(number / 400)).collect();
    let mut writer = RowWriter::with_group_rows(Vec::new(), 100).expect("a writer");
    rows.chunks(33).for_each(|rows| writer.write(rows).expect("written"));
    let (bytes, written) = writer.finish().expect("finished");
    assert_eq!((written.rows, written.sorted), (950, false), "a school longer than a group is cut");
    let cells = counted(&RowsFile::Bytes(bytes.into()), 2).expect("counted");
    assert_eq!(cells.iter().map(|cell| cell.participants).collect::<Vec<_>>(), [400, 400, 150]);
}

#[test]
fn no_school_is_cut_where_a_group_can_end_before_it() {
    let rows: Vec<Row> = (0..1000).map(|number| row(number / 30)).collect();
    let mut writer = RowWriter::with_group_rows(Vec::new(), 100).expect("a writer");
    rows.chunks(7).for_each(|rows| writer.write(rows).expect("written"));
    let (_, written) = writer.finish().expect("finished");
    assert!(written.sorted, "{written:?}");
    assert_eq!(written.row_groups, 12);
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let rows = vec![Row { score: Some(65_534), ..row(9) }; 70_000];
    let error = counted(&file_of(&rows, 20_000), 2).expect_err("refused");
    assert!(matches!(error, ResultsError::TooMany { organisation: 9 }), "{error:?}");
}

#[test]
fn a_file_that_is_not_there_or_empty_is_told() {
    let error = counted(&RowsFile::Path(PathBuf::from("нет/такого.parquet")), 2).expect_err("refused");
    assert!(matches!(error, ResultsError::File { .. }), "{error:?}");
    assert_eq!(counted(&file_of(&[], 10), 2).expect("counted"), []);
}

#[test]
fn most_lies_of_one_byte_are_told_and_none_hangs() {
    let rows: Vec<Row> = (0..64).map(|_| row(1)).collect();
    let RowsFile::Bytes(bytes) = file_of(&rows, 64) else { panic!("bytes") };
    // Lengths of runs, of pages and of groups are among these bytes: a short file can promise any number of rows.
    let mut refused = 0;
    for place in 0..bytes.len() {
        let mut lie = bytes.to_vec();
        lie[place] = 0xff;
        refused += usize::from(counted(&RowsFile::Bytes(lie.into()), 1).is_err());
    }
    assert!(refused > bytes.len() / 2, "{refused} of {}", bytes.len());
}

#[test]
fn what_readers_would_refuse_is_not_written() {
    let mut writer = RowWriter::new(Vec::new()).expect("a writer");
    let mut check = |wrong: Row, expected: Option<&str>| {
        let told = writer.write(&[row(1), wrong]).err().map(|error| error.to_string());
        let begins = told.as_deref().map(|told| told.starts_with(expected.unwrap_or("nothing")));
        assert_eq!(begins, expected.map(|_| true), "{told:?}");
    };
    check(row(12), None);
    check(Row { year: 20225, ..row(12) }, Some("Столбец «year», строка 12: значение «20225» не подходит"));
    check(
        Row { journal: Some(1), ..row(12) },
        Some("Столбец «journal», строка 12: значение «1» не подходит"),
    );
    check(
        Row { score: Some(u16::MAX), ..row(12) },
        Some("Столбец «score», строка 12: значение «65535» не подходит"),
    );
}
