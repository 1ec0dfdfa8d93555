//! How are individual results written as columns?
//!
//! One Parquet file with eight columns of whole numbers, none of them empty:
//!
//! | column | stored as | meaning |
//! |---|---|---|
//! | `organisation` | u32 | number in the registry |
//! | `year` | u16 | calendar year |
//! | `procedure` | u32 | [`opora_cells::Procedure::packed`] |
//! | `class` | u8 | number of the class in the parallel, 0 where unknown |
//! | `outcome` | u8 | [`opora_cells::Outcome::code`] |
//! | `journal` | u8 | mark in the journal, 0 where none |
//! | `score` | u16 | score, [`NO_SCORE`] where none |
//! | `file_row` | u32 | row of the source file |
//!
//! Rows stand in the order of cells: organisation, procedure, year. Any order is accepted: each group of about a million
//! rows is sorted on its own, so a file of any length is written in bounded memory. When the rows come organisation by
//! organisation, no organisation is cut by the end of a group; when they come in another order, groups overlap, which
//! the counting kernel merges.

use std::io::Write;
use std::ops::RangeInclusive;

use opora_cells::{OrganisationId, Row};
use parquet::basic::Compression;
use parquet::errors::ParquetError;

use crate::ResultsError;
use crate::numbers::{Column, NumbersWriter, column, steps};

/// What stands in `score` for a result without a score.
pub const NO_SCORE: u16 = u16::MAX;

/// Calendar years that can be real.
pub(crate) const YEARS: RangeInclusive<u16> = 1990..=2100;

/// Which years, marks in the journal and scores may be, in words.
pub(crate) const YEARS_ALLOWED: &str = "календарный год от 1990 до 2100";
pub(crate) const JOURNAL_ALLOWED: &str = "отметка в журнале от 2 до 5 или 0, если её нет";
pub(crate) const SCORE_ALLOWED: &str = "балл от 0 до 65534 или 65535, если его нет";

/// Rows of one group.
const GROUP_ROWS: usize = 1 << 20;

const COLUMNS: [Column; 8] = [
    column("organisation", 32),
    column("procedure", 32),
    column("year", 16),
    column("class", 8),
    column("outcome", 8),
    column("journal", 8),
    column("score", 16),
    steps("file_row", 32),
];

/// Writes results into one Parquet file.
///
/// A file is complete only after [`RowWriter::finish`]; what is dropped before has no footer and is refused by readers.
pub struct RowWriter<W: Write + Send> {
    file: NumbersWriter<W, 8>,
    buffer: Vec<Row>,
    group_rows: usize,
    /// Highest organisation of the groups that are written.
    highest: Option<OrganisationId>,
    written: Written,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Number of rows.
    pub rows: u64,
    /// Number of groups of rows.
    pub row_groups: usize,
    /// No organisation stands in two groups, and organisations ascend.
    pub sorted: bool,
}

impl<W: Write + Send> RowWriter<W> {
    /// A writer with groups of about a million rows.
    pub fn new(target: W) -> Result<Self, ResultsError> {
        Self::with_group_rows(target, GROUP_ROWS)
    }

    /// A writer with groups of another size, for tests and for measuring. At least one row.
    pub fn with_group_rows(target: W, group_rows: usize) -> Result<Self, ResultsError> {
        Self::with(target, group_rows, Compression::LZ4_RAW)
    }

    /// A writer with another compression, for measuring.
    pub fn with(target: W, group_rows: usize, compression: Compression) -> Result<Self, ResultsError> {
        let file = NumbersWriter::new(target, &COLUMNS, compression).map_err(|error| writing(&error))?;
        Ok(Self {
            file,
            buffer: Vec::new(),
            group_rows: group_rows.max(1),
            highest: None,
            written: Written { rows: 0, row_groups: 0, sorted: true },
        })
    }

    /// Takes rows in any order. A row that readers would refuse is refused here, by its row in the source file.
    pub fn write(&mut self, mut rows: &[Row]) -> Result<(), ResultsError> {
        rows.iter().try_for_each(check)?;
        while !rows.is_empty() {
            let room = self.group_rows.saturating_sub(self.buffer.len()).max(1);
            let (now, later) = rows.split_at(room.min(rows.len()));
            self.buffer.extend_from_slice(now);
            rows = later;
            if self.buffer.len() >= self.group_rows {
                self.write_group(false)?;
            }
        }
        Ok(())
    }

    /// Writes what is left and the footer; gives the target back.
    pub fn finish(mut self) -> Result<(W, Written), ResultsError> {
        self.write_group(true)?;
        let target = self.file.finish().map_err(|error| writing(&error))?;
        Ok((target, self.written))
    }

    fn write_group(&mut self, last: bool) -> Result<(), ResultsError> {
        let mut group = std::mem::take(&mut self.buffer);
        let in_order = group.is_sorted_by_key(|row| row.organisation);
        group.sort_by_key(|row| (row.organisation, row.procedure.packed(), row.year, row.class));
        if in_order && !last {
            // The last organisation may go on in the rows that follow: it waits for them.
            let started = group.last().map(|row| row.organisation);
            let cut = group.partition_point(|row| Some(row.organisation) < started);
            if cut > 0 {
                self.buffer = group.split_off(cut);
            }
        }
        let (Some(lowest), Some(highest)) = (group.first(), group.last()) else { return Ok(()) };
        self.written.sorted &= self.highest.is_none_or(|before| before < lowest.organisation);
        self.highest = self.highest.max(Some(highest.organisation));
        self.written.rows += group.len() as u64;
        self.written.row_groups += 1;
        self.file.group(&group, NUMBERS).map_err(|error| writing(&error))?;
        group.clear();
        if self.buffer.is_empty() {
            self.buffer = group;
        }
        Ok(())
    }
}

const NUMBERS: [fn(&Row) -> i32; 8] = [
    |row| row.organisation.0.cast_signed(),
    |row| row.procedure.packed().cast_signed(),
    |row| i32::from(row.year),
    |row| i32::from(row.class),
    |row| i32::from(row.outcome.code()),
    |row| i32::from(row.journal.unwrap_or(0)),
    |row| i32::from(row.score.unwrap_or(NO_SCORE)),
    |row| row.file_row.cast_signed(),
];

fn check(row: &Row) -> Result<(), ResultsError> {
    let wrong = |column: &str, value: u16, allowed| {
        let (column, value) = (column.to_owned(), value.to_string());
        Err(ResultsError::Value { column, row_group: None, row: u64::from(row.file_row), value, allowed })
    };
    match (row.journal, row.score) {
        _ if !YEARS.contains(&row.year) => wrong("year", row.year, YEARS_ALLOWED),
        (Some(mark), _) if !(2..=5).contains(&mark) => wrong("journal", u16::from(mark), JOURNAL_ALLOWED),
        (_, Some(NO_SCORE)) => wrong("score", NO_SCORE, SCORE_ALLOWED),
        _ => Ok(()),
    }
}

fn writing(error: &ParquetError) -> ResultsError {
    ResultsError::file("строки результатов", error)
}
