//! How are cells and other facts of a file laid out as numbers?
//!
//! The file a fact comes from is not stored with it: the object is named by it, and loading gives every fact the index
//! the caller has for that file.

use opora_cells::{
    Aggregate, Cell, IndicatorCode, OrganisationId, Precision, Procedure, ScoreCount, SourceIndex, TaskSum,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;

use crate::ResultsError;
use crate::numbers::{Column, NumbersWriter, Opened, RowsFile, column};

/// Rows of one group: small enough that two threads share the cells of a region.
const GROUP_ROWS: usize = 1 << 16;

/// Rows read at a time.
const BATCH_ROWS: usize = 1 << 12;

/// A fact that is stored as `N` numbers.
pub(super) trait Record<const N: usize>: Copy + Send {
    /// Columns in the order of the numbers.
    const COLUMNS: [Column; N];

    /// What stands in each column.
    const NUMBERS: [fn(&Self) -> i32; N];

    /// The fact of stored numbers, or nothing when one of them can't be.
    fn of(numbers: [u32; N], source: SourceIndex) -> Option<Self>;
}

/// The bytes of a Parquet file with the records.
pub(super) fn encode<const N: usize, T: Record<N>>(records: &[T]) -> Result<Vec<u8>, ParquetError> {
    let mut writer = NumbersWriter::new(Vec::new(), &T::COLUMNS, Compression::LZ4_RAW)?;
    for group in records.chunks(GROUP_ROWS) {
        writer.group(group, T::NUMBERS)?;
    }
    writer.finish()
}

/// The records of a stored file.
pub(super) fn decode<const N: usize, T: Record<N>>(
    file: &RowsFile,
    source: SourceIndex,
    out: &mut Vec<T>,
) -> Result<(), ResultsError> {
    // Read at once: asking the system for every page of a small file takes longer than all the rest.
    let opened = match file {
        RowsFile::Path(path) => {
            let bytes = std::fs::read(path).map_err(|error| ResultsError::file(path.display(), &error))?;
            Opened::new(&RowsFile::Bytes(bytes.into()))?
        }
        RowsFile::Bytes(_) => Opened::new(file)?,
    };
    let layout = opened.layout(T::COLUMNS.map(|column| column.name))?;
    for group in 0..layout.groups() {
        // A description can promise anything: no more than a group of ours is asked for at once.
        out.reserve(usize::try_from(layout.rows(group)).unwrap_or(GROUP_ROWS).min(GROUP_ROWS));
        let mut columns = opened.columns(&layout, group)?;
        let mut row = layout.before(group);
        while let Some(batch) = columns.next(BATCH_ROWS)? {
            let [first, ..] = batch.as_slice() else { break };
            for place in 0..first.len() {
                row += 1;
                let numbers = batch.map(|values| values.get(place).map_or(0, |value| value.cast_unsigned()));
                let record = T::of(numbers, source).ok_or_else(|| {
                    let detail = format!("в строке {row} стоит число, которого там быть не может");
                    ResultsError::Damaged { row_group: Some(group + 1), detail }
                })?;
                out.push(record);
            }
        }
    }
    Ok(())
}

impl Record<20> for Cell {
    const COLUMNS: [Column; 20] = [
        column("organisation", 32),
        column("procedure", 32),
        column("year", 16),
        column("autumn", 8),
        column("precision", 8),
        column("participants", 32),
        column("two", 32),
        column("three", 32),
        column("four", 32),
        column("five", 32),
        column("below_minimum", 32),
        column("at_minimum", 32),
        column("unmarked", 32),
        column("scored", 32),
        column("score_sum", 32),
        column("below_journal", 32),
        column("as_journal", 32),
        column("above_journal", 32),
        column("row_first", 32),
        column("row_last", 32),
    ];

    const NUMBERS: [fn(&Self) -> i32; 20] = [
        |cell| cell.organisation.0.cast_signed(),
        |cell| cell.procedure.packed().cast_signed(),
        |cell| i32::from(cell.year),
        |cell| i32::from(cell.autumn),
        |cell| match cell.precision {
            Precision::FromPercents => 0,
            Precision::FromCounts => 1,
            Precision::FromRows => 2,
        },
        |cell| cell.participants.cast_signed(),
        |cell| cell.marks[0].cast_signed(),
        |cell| cell.marks[1].cast_signed(),
        |cell| cell.marks[2].cast_signed(),
        |cell| cell.marks[3].cast_signed(),
        |cell| cell.below_minimum.cast_signed(),
        |cell| cell.at_minimum.cast_signed(),
        |cell| cell.unmarked.cast_signed(),
        |cell| cell.scored.cast_signed(),
        |cell| cell.score_sum.cast_signed(),
        |cell| cell.against_journal[0].cast_signed(),
        |cell| cell.against_journal[1].cast_signed(),
        |cell| cell.against_journal[2].cast_signed(),
        |cell| cell.rows.0.cast_signed(),
        |cell| cell.rows.1.cast_signed(),
    ];

    fn of(numbers: [u32; 20], source: SourceIndex) -> Option<Self> {
        let [organisation, procedure, year, autumn, precision, participants, two, three, four, five, ..] =
            numbers;
        let [.., below_minimum, at_minimum, unmarked, scored, score_sum, below, same, above, first, last] =
            numbers;
        Some(Self {
            organisation: OrganisationId(organisation),
            procedure: Procedure::from_packed(procedure),
            year: u16::try_from(year).ok()?,
            autumn: (autumn < 2).then_some(autumn == 1)?,
            precision: match precision {
                0 => Precision::FromPercents,
                1 => Precision::FromCounts,
                2 => Precision::FromRows,
                _ => return None,
            },
            participants,
            marks: [two, three, four, five],
            below_minimum,
            at_minimum,
            unmarked,
            scored,
            score_sum,
            against_journal: [below, same, above],
            source,
            rows: (first, last),
        })
    }
}

impl Record<5> for ScoreCount {
    const COLUMNS: [Column; 5] = [
        column("organisation", 32),
        column("procedure", 32),
        column("year", 16),
        column("score", 16),
        column("pupils", 32),
    ];

    const NUMBERS: [fn(&Self) -> i32; 5] = [
        |count| count.organisation.0.cast_signed(),
        |count| count.procedure.packed().cast_signed(),
        |count| i32::from(count.year),
        |count| i32::from(count.score),
        |count| count.pupils.cast_signed(),
    ];

    fn of([organisation, procedure, year, score, pupils]: [u32; 5], source: SourceIndex) -> Option<Self> {
        Some(Self {
            organisation: OrganisationId(organisation),
            procedure: Procedure::from_packed(procedure),
            year: u16::try_from(year).ok()?,
            score: u16::try_from(score).ok()?,
            pupils,
            source,
        })
    }
}

impl Record<7> for TaskSum {
    const COLUMNS: [Column; 7] = [
        column("organisation", 32),
        column("procedure", 32),
        column("year", 16),
        column("task", 8),
        column("pupils", 32),
        column("points", 32),
        column("points_max", 8),
    ];

    const NUMBERS: [fn(&Self) -> i32; 7] = [
        |task| task.organisation.0.cast_signed(),
        |task| task.procedure.packed().cast_signed(),
        |task| i32::from(task.year),
        |task| i32::from(task.task),
        |task| task.pupils.cast_signed(),
        |task| task.points.cast_signed(),
        |task| i32::from(task.points_max),
    ];

    fn of(numbers: [u32; 7], source: SourceIndex) -> Option<Self> {
        let [organisation, procedure, year, task, pupils, points, points_max] = numbers;
        Some(Self {
            organisation: OrganisationId(organisation),
            procedure: Procedure::from_packed(procedure),
            year: u16::try_from(year).ok()?,
            task: u8::try_from(task).ok()?,
            pupils,
            points,
            points_max: u8::try_from(points_max).ok()?,
            source,
        })
    }
}

impl Record<7> for Aggregate {
    const COLUMNS: [Column; 7] = [
        column("organisation", 32),
        column("year", 16),
        column("indicator", 16),
        column("part", 32),
        column("has_whole", 8),
        column("whole", 32),
        column("row", 32),
    ];

    const NUMBERS: [fn(&Self) -> i32; 7] = [
        |aggregate| aggregate.organisation.0.cast_signed(),
        |aggregate| i32::from(aggregate.year),
        |aggregate| i32::from(aggregate.indicator.0),
        |aggregate| aggregate.part.cast_signed(),
        |aggregate| i32::from(aggregate.whole.is_some()),
        |aggregate| aggregate.whole.unwrap_or(0).cast_signed(),
        |aggregate| aggregate.row.cast_signed(),
    ];

    fn of(numbers: [u32; 7], source: SourceIndex) -> Option<Self> {
        let [organisation, year, indicator, part, has_whole, whole, row] = numbers;
        Some(Self {
            organisation: OrganisationId(organisation),
            year: u16::try_from(year).ok()?,
            indicator: IndicatorCode(u16::try_from(indicator).ok()?),
            part,
            whole: match has_whole {
                0 => None,
                1 => Some(whole),
                _ => return None,
            },
            source,
            row,
        })
    }
}
