//! How is a table of whole numbers written to Parquet and read back?
//!
//! Everything this room stores is such a table: columns of at most 32 bits, none of them empty. Values are handed around
//! as `i32`; unsigned ones keep their bits.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Repetition, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::Int32Type;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use crate::ResultsError;

/// Rows of one page: a page of the widest column stays below half a megabyte.
const PAGE_ROWS: usize = 1 << 17;

/// Where a stored table is.
#[derive(Clone, Debug)]
pub enum RowsFile {
    /// A file of this machine; read page by page.
    Path(PathBuf),
    /// A whole file in memory.
    Bytes(Bytes),
}

/// A column as it is stored: its name, its bits, and whether its values ascend by small steps.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) bits: u8,
    pub(crate) steps: bool,
}

/// A column whose values repeat.
pub(crate) const fn column(name: &'static str, bits: u8) -> Column {
    Column { name, bits, steps: false }
}

/// A column whose values ascend by small steps.
pub(crate) const fn steps(name: &'static str, bits: u8) -> Column {
    Column { name, bits, steps: true }
}

/// Writes groups of rows of `N` columns.
pub(crate) struct NumbersWriter<W: Write + Send, const N: usize> {
    file: SerializedFileWriter<W>,
    values: Vec<i32>,
}

impl<W: Write + Send, const N: usize> NumbersWriter<W, N> {
    pub(crate) fn new(
        target: W,
        columns: &[Column; N],
        compression: Compression,
    ) -> Result<Self, ParquetError> {
        let line =
            |Column { name, bits, .. }: &Column| format!("required int32 {name} (INTEGER({bits},false));");
        let lines: String = columns.iter().map(line).collect();
        let schema = parse_message_type(&format!("message numbers {{ {lines} }}"))?;
        let general = WriterProperties::builder()
            .set_compression(compression)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_data_page_row_count_limit(PAGE_ROWS)
            .set_write_batch_size(PAGE_ROWS)
            .set_offset_index_disabled(true)
            .set_created_by("opora".to_owned());
        let by_steps = |properties: WriterPropertiesBuilder, column: &Column| {
            let path = ColumnPath::from(column.name);
            properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
        };
        let properties = columns.iter().filter(|column| column.steps).fold(general, by_steps).build();
        let file = SerializedFileWriter::new(target, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { file, values: Vec::new() })
    }

    /// Writes one group; `number` gives the value of a record in a column.
    pub(crate) fn group<T>(&mut self, records: &[T], number: [fn(&T) -> i32; N]) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for number in number {
            self.values.clear();
            self.values.extend(records.iter().map(number));
            let Some(mut column) = group.next_column()? else { break };
            column.typed::<Int32Type>().write_batch(&self.values, None, None)?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes the footer and gives the target back.
    pub(crate) fn finish(self) -> Result<W, ParquetError> {
        self.file.into_inner()
    }
}

/// A column of a group: what is said about it, and its pages.
pub(crate) type ChunkPages = (ColumnChunkMetaData, Box<dyn PageReader>);

/// A file opened by one thread: threads do not share a place in a file.
pub(crate) enum Opened {
    Path(SerializedFileReader<File>),
    Bytes(SerializedFileReader<Bytes>),
}

impl Opened {
    pub(crate) fn new(file: &RowsFile) -> Result<Self, ResultsError> {
        let damaged = |error| ResultsError::damaged(None, &error);
        Ok(match file {
            RowsFile::Path(path) => {
                let opened = File::open(path).map_err(|error| ResultsError::file(path.display(), &error))?;
                Self::Path(SerializedFileReader::new(opened).map_err(damaged)?)
            }
            RowsFile::Bytes(bytes) => Self::Bytes(SerializedFileReader::new(bytes.clone()).map_err(damaged)?),
        })
    }

    fn reader(&self) -> &dyn FileReader {
        match self {
            Self::Path(reader) => reader,
            Self::Bytes(reader) => reader,
        }
    }

    /// Finds the named columns; refuses a file in which one is missing or holds something else.
    pub(crate) fn layout<const N: usize>(&self, names: [&str; N]) -> Result<Layout<N>, ResultsError> {
        Layout::new(self.reader().metadata(), names)
    }

    /// Pages of the columns of a group.
    pub(crate) fn pages<const N: usize>(
        &self,
        layout: &Layout<N>,
        group: usize,
    ) -> Result<Vec<ChunkPages>, ResultsError> {
        let damaged = |error| ResultsError::damaged(Some(group + 1), &error);
        let row_group = self.reader().get_row_group(group).map_err(damaged)?;
        let pages = layout.columns.iter().map(|column| {
            let pages = row_group.get_column_page_reader(*column).map_err(damaged)?;
            Ok((row_group.metadata().column(*column).clone(), pages))
        });
        pages.collect()
    }

    /// Readers of the columns of a group.
    pub(crate) fn columns<const N: usize>(
        &self,
        layout: &Layout<N>,
        group: usize,
    ) -> Result<Columns<N>, ResultsError> {
        let readers = self.pages(layout, group)?.into_iter().map(|(column, pages)| {
            get_typed_column_reader::<Int32Type>(get_column_reader(column.column_descr_ptr(), pages))
        });
        let readers = readers.collect();
        Ok(Columns { group, left: layout.rows(group), readers, values: [const { Vec::new() }; N] })
    }
}

/// Which columns of a file are the needed ones, and how many rows stand before each of its groups and in all.
pub(crate) struct Layout<const N: usize> {
    columns: [usize; N],
    before: Vec<u64>,
}

impl<const N: usize> Layout<N> {
    fn new(metadata: &ParquetMetaData, names: [&str; N]) -> Result<Self, ResultsError> {
        let schema = metadata.file_metadata().schema_descr();
        let mut columns = [0; N];
        for (place, name) in columns.iter_mut().zip(names) {
            let found = schema.columns().iter().position(|column| column.path().string() == name);
            *place = found.ok_or_else(|| ResultsError::ColumnMissing {
                column: name.to_owned(),
                present: schema.columns().iter().map(|column| column.path().string()).collect(),
            })?;
            let column = schema.column(*place);
            let info = column.self_type().get_basic_info();
            let full = info.has_repetition() && info.repetition() == Repetition::REQUIRED;
            if column.physical_type() != Type::INT32
                || column.max_def_level() > 0
                || column.max_rep_level() > 0
            {
                return Err(ResultsError::ColumnType {
                    column: name.to_owned(),
                    found: format!("{}{}", column.physical_type(), if full { "" } else { " с пропусками" }),
                    needed: "целые числа до 32 бит без пропусков",
                });
            }
        }
        let mut rows = 0_u64;
        let mut before = Vec::with_capacity(metadata.num_row_groups() + 1);
        for group in metadata.row_groups() {
            before.push(rows);
            if columns.iter().any(|place| group.column(*place).num_values() != group.num_rows()) {
                return Err(ResultsError::damaged(Some(before.len()), &"столбцы разной длины"));
            }
            let more =
                u64::try_from(group.num_rows()).map_err(|error| ResultsError::damaged(None, &error))?;
            rows = rows.saturating_add(more);
        }
        before.push(rows);
        Ok(Self { columns, before })
    }

    /// Number of groups.
    pub(crate) fn groups(&self) -> usize {
        self.before.len().saturating_sub(1)
    }

    /// Number of rows of a group.
    pub(crate) fn rows(&self, group: usize) -> u64 {
        self.before(group + 1).saturating_sub(self.before(group))
    }

    /// Number of rows before a group.
    pub(crate) fn before(&self, group: usize) -> u64 {
        self.before.get(group).copied().unwrap_or_default()
    }
}

/// Columns of a group, read in step.
pub(crate) struct Columns<const N: usize> {
    group: usize,
    left: u64,
    readers: Vec<ColumnReaderImpl<Int32Type>>,
    values: [Vec<i32>; N],
}

impl<const N: usize> Columns<N> {
    /// The next rows, at most so many; nothing at the end. All columns have the same length, together the one that the
    /// description of the group promises.
    pub(crate) fn next(&mut self, rows: usize) -> Result<Option<[&[i32]; N]>, ResultsError> {
        let row_group = Some(self.group + 1);
        let rows = usize::try_from(self.left).unwrap_or(rows).min(rows);
        for (reader, values) in self.readers.iter_mut().zip(&mut self.values) {
            values.clear();
            while values.len() < rows {
                let (records, _, _) = reader
                    .read_records(rows - values.len(), None, None, values)
                    .map_err(|error| ResultsError::damaged(row_group, &error))?;
                if records == 0 {
                    break;
                }
            }
        }
        let length = self.values.first().map_or(0, Vec::len);
        if self.values.iter().any(|values| values.len() != length) {
            return Err(ResultsError::Damaged {
                row_group, detail: "столбцы разной длины".to_owned()
            });
        }
        Ok((length > 0).then(|| self.values.each_ref().map(Vec::as_slice)))
    }
}
