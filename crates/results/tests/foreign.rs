//! Is somebody else's Parquet table read record by record, and told where it can't be?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
    LargeStringArray, ListArray, StringViewArray, TimestampMillisecondArray, UInt64Array,
};
use arrow::datatypes::{Int8Type, Int32Type};
use arrow::record_batch::RecordBatch;
use opora_results::tidy::{Field, columns, read};
use opora_results::{ResultsError, RowsFile};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

fn file(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> RowsFile {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    );
    let batch = batch.expect("a batch");
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("written");
    RowsFile::Bytes(writer.into_inner().expect("finished").into())
}

/// All records as text, or the beginning of what is said.
#[track_caller]
fn check(array: ArrayRef, expected: &[&str]) {
    let file = file(vec![("значение", array)], Compression::SNAPPY);
    let mut seen = Vec::new();
    let ended = read(&file, &["значение"], &mut |row, fields| {
        seen.push(format!("{row} {:?}", fields[0]));
        true
    });
    if let Err(error) = ended {
        seen.push(error.to_string());
    }
    assert_eq!(seen.len(), expected.len(), "{seen:?}");
    for (seen, expected) in seen.iter().zip(expected) {
        assert!(seen.starts_with(expected), "«{seen}» is not «{expected}»");
    }
}

#[test]
fn whole_numbers_texts_and_dates_come_as_they_stand() {
    check(Arc::new(Int64Array::from(vec![Some(-4), None])), &["1 Whole(-4)", "2 Missing"]);
    check(Arc::new(Float64Array::from(vec![3.5, f64::NAN])), &["1 Decimal(3.5)", "2 Missing"]);
    check(Arc::new(LargeStringArray::from(vec!["edu0001"])), &["1 Text(\"edu0001\")"]);
    check(Arc::new(StringViewArray::from(vec!["ВПР, русский язык, 5 класс"])), &["1 Text(\"ВПР, русский"]);
    check(Arc::new(Date32Array::from(vec![19_829])), &["1 Text(\"2024-04-16\")"]);
    check(Arc::new(TimestampMillisecondArray::from(vec![1_713_270_000_000])), &["1 Text(\"2024-04-16\")"]);
    check(Arc::new(BooleanArray::from(vec![true, false])), &["1 Whole(1)", "2 Whole(0)"]);
    let coded: DictionaryArray<Int8Type> = [Some("ru"), None, Some("math")].into_iter().collect();
    check(Arc::new(coded), &["1 Text(\"ru\")", "2 Missing", "3 Text(\"math\")"]);
    let exact = Decimal128Array::from(vec![1250]).with_precision_and_scale(10, 2).expect("a decimal");
    check(Arc::new(exact), &["1 Decimal(12.5)"]);
}

#[test]
fn what_does_not_fit_is_told_with_row_and_column() {
    let expected = ["Столбец «значение», строка 2: значение «18446744073709551615» не подходит"];
    check(Arc::new(UInt64Array::from(vec![1, u64::MAX])), &expected);
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
    check(Arc::new(lists), &["Столбец «значение» содержит списки, а нужно: числа, тексты или даты"]);
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let code: ArrayRef = Arc::new(LargeStringArray::from(vec!["edu1", "edu2"]));
    let mark: ArrayRef = Arc::new(Int64Array::from(vec![2, 5]));
    let file = file(vec![("Логин", code), ("Отметка", mark)], Compression::UNCOMPRESSED);
    assert_eq!(
        columns(&file).expect("columns"),
        [("Логин".to_owned(), "тексты".to_owned()), ("Отметка".to_owned(), "целые числа".to_owned())]
    );
    let mut seen = Vec::new();
    let given = read(&file, &["Отметка", "Логин", "Отметка"], &mut |_, fields| {
        seen.push(format!("{fields:?}"));
        false
    });
    assert_eq!(given.expect("read"), 1, "the taker said to stop");
    assert_eq!(seen, ["[Whole(2), Text(\"edu1\"), Whole(2)]"]);
    let error = read(&file, &["Балл"], &mut |_, _| true).expect_err("no such column");
    assert!(
        error.to_string().starts_with("В файле нет столбца «Балл». Есть столбцы: Логин, Отметка."),
        "{error}"
    );
}

#[test]
fn long_tables_come_in_pieces_without_a_gap() {
    let numbers: ArrayRef = Arc::new((0..30_000).collect::<Int64Array>());
    let file = file(vec![("номер", numbers)], Compression::SNAPPY);
    let mut next = 0;
    let given = read(&file, &["номер"], &mut |row, fields| {
        assert_eq!((row, fields), (next + 1, &[Field::Whole(next as i64)][..]));
        next = row;
        true
    });
    assert_eq!(given.expect("read"), 30_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_panic(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>(),
    ) {
        let codes: ArrayRef = Arc::new(LargeStringArray::from(vec!["edu1", "edu2", "edu1"]));
        let marks: ArrayRef = Arc::new(Float64Array::from(vec![Some(2.0), None, Some(5.0)]));
        let RowsFile::Bytes(bytes) = file(vec![("код", codes), ("балл", marks)], Compression::SNAPPY) else { panic!("bytes") };
        let error = read(&RowsFile::Bytes(bytes.slice(..cut.index(bytes.len()))), &["код"], &mut |_, _| true);
        let refused = matches!(error, Err(ResultsError::Damaged { .. }));
        prop_assert!(refused);
        let mut bytes = bytes.to_vec();
        for (place, value) in hits {
            *place.get_mut(&mut bytes) = value;
        }
        let _ = read(&RowsFile::Bytes(bytes.into()), &["код", "балл"], &mut |_, _| true);
    }
}
