//! What stands in somebody else's Parquet table, record by record?
//!
//! Any table will do whose wanted columns hold whole numbers, decimals, texts, dates or truth values. What the columns
//! mean is not known here: the caller names those it wants and gets their values, batch by batch, in bounded memory.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;

use crate::ResultsError;
use crate::numbers::RowsFile;

/// Rows read at a time.
const BATCH_ROWS: usize = 8192;

/// One value of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// Nothing stands there.
    Missing,
    /// A whole number; a truth value is 0 or 1.
    Whole(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A text; a date is one, too: `2024-04-16`.
    Text(&'a str),
}

/// Columns of a Parquet table: name and kind of values in plain words, to propose a mapping.
pub fn columns(file: &RowsFile) -> Result<Vec<(String, String)>, ResultsError> {
    guarded(|| match file {
        RowsFile::Path(path) => {
            let opened = File::open(path).map_err(|error| ResultsError::file(path.display(), &error))?;
            Ok(described(opening(opened)?.schema()))
        }
        RowsFile::Bytes(bytes) => Ok(described(opening(bytes.clone())?.schema())),
    })
}

/// Reads the named columns and gives each record to `take`: its row counted from one, and its values in the order of
/// the names. `take` says whether to go on. Returns the number of records given.
///
/// Nothing is guessed: a column that is not there or holds lists, bytes or structures is an error before the first
/// record.
pub fn read(
    file: &RowsFile,
    names: &[&str],
    take: &mut dyn FnMut(u64, &[Field<'_>]) -> bool,
) -> Result<u64, ResultsError> {
    guarded(|| match file {
        RowsFile::Path(path) => {
            let opened = File::open(path).map_err(|error| ResultsError::file(path.display(), &error))?;
            read_from(opened, names, take)
        }
        RowsFile::Bytes(bytes) => read_from(bytes.clone(), names, take),
    })
}

/// A reader of a format must not panic on hostile bytes; if one does, the file is refused all the same.
fn guarded<T>(work: impl FnOnce() -> Result<T, ResultsError>) -> Result<T, ResultsError> {
    let panicked =
        |_| Err(ResultsError::Damaged { row_group: None, detail: "сбой при чтении".to_owned() });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

fn opening<R: ChunkReader + 'static>(file: R) -> Result<ParquetRecordBatchReaderBuilder<R>, ResultsError> {
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| ResultsError::damaged(None, &error))
}

fn described(schema: &Schema) -> Vec<(String, String)> {
    schema.fields().iter().map(|field| (field.name().clone(), kind(field.data_type()).to_owned())).collect()
}

fn read_from<R: ChunkReader + 'static>(
    file: R,
    names: &[&str],
    take: &mut dyn FnMut(u64, &[Field<'_>]) -> bool,
) -> Result<u64, ResultsError> {
    let builder = opening(file)?;
    let schema = builder.schema().clone();
    let mut wanted = Vec::with_capacity(names.len());
    for name in names {
        let place = schema.index_of(name).map_err(|_| ResultsError::ColumnMissing {
            column: (*name).to_owned(),
            present: schema.fields().iter().map(|field| field.name().clone()).collect(),
        })?;
        let found = schema.field(place).data_type();
        if target(found).is_none() {
            return Err(ResultsError::ColumnType {
                column: (*name).to_owned(),
                found: kind(found).to_owned(),
                needed: "числа, тексты или даты",
            });
        }
        wanted.push(place);
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
    give(reader.map_err(|error| ResultsError::damaged(None, &error))?, names, take)
}

fn give(
    reader: ParquetRecordBatchReader,
    names: &[&str],
    take: &mut dyn FnMut(u64, &[Field<'_>]) -> bool,
) -> Result<u64, ResultsError> {
    let mut row = 0_u64;
    for batch in reader {
        let batch = batch.map_err(|error| ResultsError::damaged(None, &error))?;
        let columns =
            names.iter().map(|name| Column::new(&batch, name, row)).collect::<Result<Vec<_>, _>>()?;
        let mut fields = Vec::with_capacity(names.len());
        for place in 0..batch.num_rows() {
            row += 1;
            fields.clear();
            fields.extend(columns.iter().map(|column| column.field(place)));
            if !take(row, &fields) {
                return Ok(row);
            }
        }
    }
    Ok(row)
}

/// A column of a batch as one of four kinds of arrays.
enum Column {
    Whole(Int64Array),
    Decimal(Float64Array),
    Text(StringArray),
    Truth(BooleanArray),
}

impl Column {
    fn new(batch: &RecordBatch, name: &str, before: u64) -> Result<Self, ResultsError> {
        let lost = || ResultsError::ColumnMissing { column: name.to_owned(), present: Vec::new() };
        let array = batch.column_by_name(name).ok_or_else(lost)?;
        let target = target(array.data_type()).ok_or_else(lost)?;
        // A moment is shown by its day: what hour a file was written at is of no use.
        let day = matches!(array.data_type(), DataType::Timestamp(..) | DataType::Date64);
        let array = if day { cast(array, &DataType::Date32, name, before)? } else { array.clone() };
        let array = cast(&array, &target, name, before)?;
        let any = array.as_any();
        any.downcast_ref()
            .cloned()
            .map(Self::Whole)
            .or_else(|| any.downcast_ref().cloned().map(Self::Decimal))
            .or_else(|| any.downcast_ref().cloned().map(Self::Text))
            .or_else(|| any.downcast_ref().cloned().map(Self::Truth))
            .ok_or_else(lost)
    }

    fn field(&self, place: usize) -> Field<'_> {
        let array: &dyn Array = match self {
            Self::Whole(array) => array,
            Self::Decimal(array) => array,
            Self::Text(array) => array,
            Self::Truth(array) => array,
        };
        if place >= array.len() || array.is_null(place) {
            return Field::Missing;
        }
        match self {
            Self::Whole(array) => Field::Whole(array.value(place)),
            // Data frames write «not a number» where nothing stands.
            Self::Decimal(array) if array.value(place).is_nan() => Field::Missing,
            Self::Decimal(array) => Field::Decimal(array.value(place)),
            Self::Text(array) => Field::Text(array.value(place)),
            Self::Truth(array) => Field::Whole(i64::from(array.value(place))),
        }
    }
}

/// Turns an array into another kind; the first value that does not fit is told with its row.
fn cast(array: &ArrayRef, target: &DataType, name: &str, before: u64) -> Result<ArrayRef, ResultsError> {
    let damaged = |error| ResultsError::damaged(None, &error);
    let fitting = cast_with_options(array, target, &CastOptions::default()).map_err(damaged)?;
    let lost = (0..array.len()).find(|place| array.is_valid(*place) && fitting.is_null(*place));
    let Some(place) = lost else { return Ok(fitting) };
    let shown = cast_with_options(array, &DataType::Utf8, &CastOptions::default()).map_err(damaged)?;
    let value = shown.as_any().downcast_ref::<StringArray>().filter(|texts| texts.is_valid(place));
    Err(ResultsError::Value {
        column: name.to_owned(),
        row_group: None,
        row: before + place as u64 + 1,
        value: value.map_or_else(String::new, |texts| texts.value(place).to_owned()),
        allowed: "числа до 9 223 372 036 854 775 807, тексты и даты",
    })
}

/// What values of a kind are turned into; nothing for kinds that are no single value.
fn target(kind: &DataType) -> Option<DataType> {
    Some(match kind {
        kind if kind.is_integer() => DataType::Int64,
        kind if kind.is_floating() => DataType::Float64,
        DataType::Decimal32(_, 0) | DataType::Decimal64(_, 0) | DataType::Decimal128(_, 0) => DataType::Int64,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) => DataType::Float64,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => DataType::Utf8,
        DataType::Boolean => DataType::Boolean,
        // A column in which nothing stands.
        DataType::Null => DataType::Utf8,
        DataType::Dictionary(_, values) => target(values)?,
        _ => return None,
    })
}

fn kind(kind: &DataType) -> &'static str {
    match kind {
        kind if kind.is_integer() => "целые числа",
        kind if kind.is_numeric() => "дробные числа",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "тексты",
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => "даты",
        DataType::Boolean => "да или нет",
        DataType::Null => "ничего",
        DataType::Dictionary(_, values) => self::kind(values),
        DataType::Struct(_) | DataType::Map(..) => "вложенные таблицы",
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => "списки",
        _ => "двоичные данные",
    }
}
