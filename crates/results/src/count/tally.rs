//! What do the rows of one group count up to?

use std::ops::Range;

use opora_cells::{Cell, OrganisationId, Procedure};

use super::CountOptions;
use super::assembly::{absorb, compact, key};
use super::chunk::Chunk;
use super::hybrid::Run;
use crate::ResultsError;
use crate::numbers::{Layout, Opened};
use crate::rows::{JOURNAL_ALLOWED, NO_SCORE, SCORE_ALLOWED, YEARS, YEARS_ALLOWED};

/// Columns the kernel reads.
pub(super) const NEEDED: [&str; 7] =
    ["organisation", "procedure", "year", "outcome", "journal", "score", "file_row"];

/// Rows read at a time: seven columns of them stay in the nearest caches.
const BATCH_ROWS: usize = 1 << 12;

/// Cells beyond which the list of a group in another order is joined.
const COMPACT_AT: usize = 1 << 18;

/// A run is counted in pieces of so many rows: the counters of a piece are lanes of one number.
const PIECE: usize = 511;

/// Lane of nine bits for each outcome.
const LANE: u32 = 9;

/// The cells of a group, ascending, one of a key, in an emptied list that was used before.
pub(super) fn group(
    opened: &Opened,
    layout: &Layout<7>,
    group: usize,
    options: &CountOptions<'_>,
    spare: Vec<Cell>,
) -> Result<Vec<Cell>, ResultsError> {
    let pages = opened.pages(layout, group)?;
    let mut chunks: Vec<Chunk> =
        pages.into_iter().map(|(column, pages)| Chunk::new(group + 1, &column, pages)).collect();
    let mut batch = Batch::default();
    let mut cells = Cells { list: spare, unsorted: false, compact_at: COMPACT_AT };
    let mut done = layout.before(group);
    let end = layout.before(group + 1);
    while done < end {
        // No more than the description promises: a page can claim any number of rows.
        let rows = usize::try_from(end - done).map_or(BATCH_ROWS, |left| left.min(BATCH_ROWS));
        batch.read(&mut chunks, group, rows)?;
        batch.check(group, done)?;
        batch.count(options, &mut cells)?;
        done += rows as u64;
    }
    if cells.unsorted {
        compact(&mut cells.list)?;
    }
    Ok(cells.list)
}

/// A column, its values, which of them may be, and that in words.
type Bounds<'a> = (&'static str, &'a [i32], fn(u32) -> bool, &'static str);

/// Some rows of a group: what makes the key of a cell as runs, the rest as values.
#[derive(Default)]
struct Batch {
    keys: [Vec<Run>; 3],
    values: [Vec<i32>; 4],
}

impl Batch {
    fn read(&mut self, chunks: &mut [Chunk], group: usize, rows: usize) -> Result<(), ResultsError> {
        let (keys, values) = chunks.split_at_mut(self.keys.len().min(chunks.len()));
        for (runs, chunk) in self.keys.iter_mut().zip(keys) {
            chunk.runs(rows, runs)?;
        }
        for (values, chunk) in self.values.iter_mut().zip(values) {
            chunk.values(rows, values)?;
        }
        let ends = self.keys.iter().map(|runs| runs.last().map_or(0, |run| run.end));
        if ends.chain(self.values.iter().map(Vec::len)).any(|length| length != rows) {
            return Err(ResultsError::damaged(Some(group + 1), &"строк меньше, чем обещано"));
        }
        Ok(())
    }

    /// Refuses values out of their bounds, with the row they stand in.
    fn check(&self, group: usize, done: u64) -> Result<(), ResultsError> {
        let [_, _, years] = &self.keys;
        let [outcomes, journals, scores, _] = &self.values;
        let mut start = 0;
        for year in years {
            if !u16::try_from(year.value).is_ok_and(|year| YEARS.contains(&year)) {
                return Err(wrong("year", group, done + start as u64, year.value, YEARS_ALLOWED));
            }
            start = year.end;
        }
        let bounds: [Bounds<'_>; 3] = [
            ("outcome", outcomes, |outcome| outcome <= 6, "код итога от 0 до 6"),
            ("journal", journals, |mark| mark <= 5 && mark != 1, JOURNAL_ALLOWED),
            ("score", scores, |score| score <= u32::from(NO_SCORE), SCORE_ALLOWED),
        ];
        for (column, values, fits, allowed) in bounds {
            // One pass without a branch a row; the row is looked for only when something is wrong.
            if values.iter().fold(true, |all, value| all & fits(value.cast_unsigned())) {
                continue;
            }
            let found = values.iter().zip(done..).find(|(value, _)| !fits(value.cast_unsigned()));
            let (value, row) = found.map_or((0, done), |(value, row)| (*value, row));
            return Err(wrong(column, group, row, value, allowed));
        }
        Ok(())
    }

    /// Turns runs of equal keys into cells.
    fn count(&self, options: &CountOptions<'_>, cells: &mut Cells) -> Result<(), ResultsError> {
        let [organisations, procedures, years] = &self.keys;
        let (mut organisations, mut procedures, mut years) =
            (organisations.iter(), procedures.iter(), years.iter());
        let (mut organisation, mut procedure, mut year) =
            (organisations.next(), procedures.next(), years.next());
        let mut start = 0;
        while let (Some(o), Some(p), Some(y)) = (organisation, procedure, year) {
            let end = o.end.min(p.end).min(y.end);
            let held = u16::try_from(y.value).unwrap_or_default();
            let what = Procedure::from_packed(p.value.cast_unsigned());
            let mut cell = Cell::empty(OrganisationId(o.value.cast_unsigned()), what, held);
            cell.source = options.source;
            cell.autumn = options.autumn.contains(&(what.kind, held));
            self.tally(&mut cell, start..end);
            cells.push(cell)?;
            if o.end == end {
                organisation = organisations.next();
            }
            if p.end == end {
                procedure = procedures.next();
            }
            if y.end == end {
                year = years.next();
            }
            start = end;
        }
        Ok(())
    }

    /// Counts rows of one key into an empty cell. A batch is so short that no sum overflows.
    fn tally(&self, cell: &mut Cell, rows: Range<usize>) {
        let [outcomes, journals, scores, file_rows] =
            self.values.each_ref().map(|values| values.get(rows.clone()).unwrap_or_default());
        let mut counts = [0_u32; 7];
        let (mut scores_sum, mut without_score) = (0_u32, 0_u32);
        let (mut first, mut last) = (u32::MAX, 0);
        for start in (0..outcomes.len()).step_by(PIECE) {
            let piece = start..outcomes.len().min(start + PIECE);
            let [outcomes, journals, scores, file_rows] = [outcomes, journals, scores, file_rows]
                .map(|values| values.get(piece.clone()).unwrap_or_default());
            let (mut lanes, mut sides) = (0_u64, 0_u64);
            // One short loop a run: runs are as long as a class, too short for one vector loop a column.
            for (((outcome, journal), score), row) in outcomes.iter().zip(journals).zip(scores).zip(file_rows)
            {
                lanes += 1 << (outcome.cast_unsigned() * LANE);
                sides += SIDES[(outcome << 3 | journal) as usize & 63];
                scores_sum += score.cast_unsigned();
                without_score += u32::from(*score == i32::from(NO_SCORE));
                first = first.min(row.cast_unsigned());
                last = last.max(row.cast_unsigned());
            }
            for (code, count) in counts.iter_mut().enumerate() {
                *count += lane(lanes, code);
            }
            for (side, count) in cell.against_journal.iter_mut().enumerate() {
                *count += lane(sides, side);
            }
        }
        let [unmarked, below_minimum, two, three, four, five, at_minimum] = counts;
        cell.participants = outcomes.len() as u32;
        cell.marks = [two, three, four, five];
        (cell.unmarked, cell.below_minimum, cell.at_minimum) = (unmarked, below_minimum, at_minimum);
        cell.scored = cell.participants - without_score;
        cell.score_sum = scores_sum - without_score * u32::from(NO_SCORE);
        cell.rows = (first, last);
    }
}

/// The count in a lane.
fn lane(lanes: u64, number: usize) -> u32 {
    (lanes >> (number as u32 * LANE)) as u32 & PIECE as u32
}

/// What a result adds to the lanes "below", "equal to" and "above the journal", by outcome and mark in the journal.
const SIDES: [u64; 64] = {
    let mut sides = [0; 64];
    let mut outcome = 2;
    while outcome <= 5 {
        let mut journal = 2;
        while journal <= 5 {
            let side = if outcome < journal { 0 } else { 1 + (outcome > journal) as u32 };
            sides[outcome << 3 | journal] = 1 << (side * LANE);
            journal += 1;
        }
        outcome += 1;
    }
    sides
};

fn wrong(column: &str, group: usize, row: u64, value: i32, allowed: &'static str) -> ResultsError {
    let value = value.to_string();
    ResultsError::Value {
        column: column.to_owned(),
        row_group: Some(group + 1),
        row: row + 1,
        value,
        allowed,
    }
}

/// Cells of a group while it is counted.
struct Cells {
    list: Vec<Cell>,
    unsorted: bool,
    compact_at: usize,
}

impl Cells {
    fn push(&mut self, cell: Cell) -> Result<(), ResultsError> {
        if let Some(last) = self.list.last_mut() {
            if key(last) == key(&cell) {
                return absorb(last, &cell);
            }
            self.unsorted |= key(last) > key(&cell);
        }
        self.list.push(cell);
        if self.unsorted && self.list.len() > self.compact_at {
            compact(&mut self.list)?;
            self.compact_at = COMPACT_AT.max(self.list.len() * 2);
        }
        Ok(())
    }
}
