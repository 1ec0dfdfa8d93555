//! What do the rows of one group count up to?

use std::ops::Range;

use opora_cells::{Cell, CellList, OrganisationId, Procedure};

use super::CountOptions;
use super::assembly::{absorb, compact, key};
use super::chunk::{Chunk, Coded};
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
const PIECE: usize = 63;

/// Lane of six bits for each outcome, then for "below", "equal to" and "above the journal".
const LANE: u32 = 6;

/// Bit from which on a score of a piece counts those without one.
const WITHOUT_SCORE: u32 = 24;

/// The cells of a group, ascending, one of a key, in an emptied list that was used before.
pub(super) fn group(
    opened: &Opened,
    layout: &Layout<7>,
    group: usize,
    options: &CountOptions<'_>,
    spare: CellList,
) -> Result<CellList, ResultsError> {
    let pages = opened.pages(layout, group)?;
    let mut chunks: Vec<Chunk> =
        pages.into_iter().map(|(column, pages)| Chunk::new(group + 1, &column, pages)).collect();
    let mut batch = Batch::new();
    let mut cells = Cells { list: spare, last: None, unsorted: false, compact_at: COMPACT_AT };
    let mut done = layout.before(group);
    let end = layout.before(group + 1);
    while done < end {
        // No more than the description promises: a page can claim any number of rows.
        let rows = usize::try_from(end - done).map_or(BATCH_ROWS, |left| left.min(BATCH_ROWS));
        batch.read(&mut chunks, group, rows)?;
        batch.check(&chunks, group, done)?;
        batch.count(options, &mut cells)?;
        done += rows as u64;
    }
    cells.finish()
}

/// A column, its values, which of them may be, and that in words.
type Bounds = (&'static str, fn(u32) -> bool, &'static str);

const OUTCOME: Bounds = ("outcome", |outcome| outcome <= 6, "код итога от 0 до 6");
const JOURNAL: Bounds = ("journal", |mark| mark <= 5 && mark != 1, JOURNAL_ALLOWED);
const SCORE: Bounds = ("score", |score| score <= NO_SCORE as u32, SCORE_ALLOWED);

/// Some rows of a group: what makes the key of a cell as runs, the rest as codes and values.
struct Batch {
    keys: [Vec<Run>; 3],
    outcomes: Coded,
    journals: Coded,
    scores: Coded,
    file_rows: Vec<i32>,
    /// What a score adds, see [`adds`].
    added: Vec<u32>,
    /// Lanes by outcome and journal, as the columns number them in this group.
    lanes: Lanes,
    /// What a score adds, by its place in the dictionary of this group; nothing where the dictionary has a value that
    /// can't be.
    by_score: Option<Box<[u32; 256]>>,
}

/// What a result adds to the lanes, by outcome and journal.
type LaneTable = [u64; 64];

/// Which table counts the rows of a batch.
enum Lanes {
    /// Not looked at yet.
    Unknown,
    /// By the values themselves.
    ByValue,
    /// By places in the dictionaries of the group.
    ByPlace(Box<LaneTable>),
}

impl Batch {
    fn new() -> Self {
        Self {
            keys: Default::default(),
            outcomes: Coded::default(),
            journals: Coded::default(),
            scores: Coded::default(),
            file_rows: Vec::new(),
            added: Vec::new(),
            lanes: Lanes::Unknown,
            by_score: None,
        }
    }

    fn read(&mut self, chunks: &mut [Chunk], group: usize, rows: usize) -> Result<(), ResultsError> {
        let Self { keys, outcomes, journals, scores, file_rows, .. } = self;
        let [organisation, procedure, year, outcome, journal, score, file_row] = chunks else {
            return Err(ResultsError::damaged(Some(group + 1), &"столбцов меньше, чем обещано"));
        };
        for (runs, chunk) in keys.iter_mut().zip([organisation, procedure, year]) {
            chunk.runs(rows, runs)?;
        }
        outcome.coded(rows, 8, outcomes)?;
        journal.coded(rows, 8, journals)?;
        score.coded(rows, 256, scores)?;
        file_row.values(rows, file_rows)?;
        let ends = keys.iter().map(|runs| runs.last().map_or(0, |run| run.end));
        let lengths = [outcomes.len(), journals.len(), scores.len(), file_rows.len()];
        if ends.chain(lengths).any(|length| length != rows) {
            return Err(ResultsError::damaged(Some(group + 1), &"строк меньше, чем обещано"));
        }
        Ok(())
    }

    /// Refuses values out of their bounds, with the row they stand in, and chooses the tables to count with.
    fn check(&mut self, chunks: &[Chunk], group: usize, done: u64) -> Result<(), ResultsError> {
        let [_, _, years] = &self.keys;
        let mut start = 0;
        for year in years {
            if !u16::try_from(year.value).is_ok_and(|year| YEARS.contains(&year)) {
                return Err(wrong("year", group, done + start as u64, year.value, YEARS_ALLOWED));
            }
            start = year.end;
        }
        let [_, _, _, outcome, journal, score, _] = chunks else { return Ok(()) };
        self.choose_lanes(outcome.dictionary(), journal.dictionary(), group, done)?;
        self.add_scores(score.dictionary(), group, done)
    }

    fn choose_lanes(
        &mut self,
        outcomes: &[i32],
        journals: &[i32],
        group: usize,
        done: u64,
    ) -> Result<(), ResultsError> {
        let coded = self.outcomes.values.is_empty() && self.journals.values.is_empty();
        if coded {
            if matches!(self.lanes, Lanes::Unknown | Lanes::ByValue) {
                self.lanes = lane_table(outcomes, journals).map_or(Lanes::ByValue, Lanes::ByPlace);
            }
            if matches!(self.lanes, Lanes::ByPlace(_)) {
                return Ok(());
            }
        }
        // Values of another program, or one that can't be: looked at one by one.
        self.lanes = Lanes::ByValue;
        for (column, dictionary, bounds) in
            [(&mut self.outcomes, outcomes, OUTCOME), (&mut self.journals, journals, JOURNAL)]
        {
            column.write_out(dictionary);
            check(&column.values, bounds, group, done)?;
            column.indices.extend(column.values.iter().map(|value| value.cast_unsigned() as u8));
        }
        Ok(())
    }

    /// Puts what the scores add into a list.
    fn add_scores(&mut self, dictionary: &[i32], group: usize, done: u64) -> Result<(), ResultsError> {
        self.added.clear();
        if self.scores.values.is_empty() {
            if self.by_score.is_none() && dictionary.iter().all(|score| SCORE.1(score.cast_unsigned())) {
                let mut table = Box::new([0; 256]);
                for (added, score) in table.iter_mut().zip(dictionary) {
                    *added = adds(*score);
                }
                self.by_score = Some(table);
            }
            if let Some(table) = &self.by_score {
                self.added.extend(self.scores.indices.iter().map(|index| table[usize::from(*index)]));
                return Ok(());
            }
            self.scores.write_out(dictionary);
        }
        check(&self.scores.values, SCORE, group, done)?;
        self.added.extend(self.scores.values.iter().map(|score| adds(*score)));
        Ok(())
    }

    /// Turns runs of equal keys into cells.
    fn count(&self, options: &CountOptions<'_>, cells: &mut Cells) -> Result<(), ResultsError> {
        let [organisations, procedures, years] = &self.keys;
        let table = if let Lanes::ByPlace(table) = &self.lanes { table } else { &BY_VALUE };
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
            self.tally(table, &mut cell, start..end);
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
    fn tally(&self, table: &LaneTable, cell: &mut Cell, rows: Range<usize>) {
        let (mut first, mut last) = (u32::MAX, 0);
        let mut without_score = 0;
        cell.participants = rows.len() as u32;
        for start in rows.clone().step_by(PIECE) {
            let piece = start..rows.end.min(start + PIECE);
            let outcomes = self.outcomes.indices.get(piece.clone()).unwrap_or_default();
            let journals = self.journals.indices.get(piece.clone()).unwrap_or_default();
            let added = self.added.get(piece.clone()).unwrap_or_default();
            let file_rows = self.file_rows.get(piece).unwrap_or_default();
            let (mut lanes, mut scores) = (0_u64, 0_u32);
            // One short loop a run: runs are as long as a class, too short for one vector loop a column.
            for (((outcome, journal), added), row) in outcomes.iter().zip(journals).zip(added).zip(file_rows)
            {
                lanes += table[usize::from(outcome << 3 | journal) & 63];
                scores += added;
                first = first.min(row.cast_unsigned());
                last = last.max(row.cast_unsigned());
            }
            cell.unmarked += lane(lanes, 0);
            cell.below_minimum += lane(lanes, 1);
            for (mark, number) in cell.marks.iter_mut().zip(2..) {
                *mark += lane(lanes, number);
            }
            cell.at_minimum += lane(lanes, 6);
            for (side, number) in cell.against_journal.iter_mut().zip(7..) {
                *side += lane(lanes, number);
            }
            cell.score_sum += scores & ((1 << WITHOUT_SCORE) - 1);
            without_score += scores >> WITHOUT_SCORE;
        }
        cell.scored = cell.participants - without_score;
        cell.rows = (first, last);
    }
}

/// The count in a lane.
fn lane(lanes: u64, number: u32) -> u32 {
    (lanes >> (number * LANE)) as u32 & PIECE as u32
}

/// What a result adds to the lanes, by its values: its outcome, and the side of its mark from the mark in the journal.
const BY_VALUE: LaneTable = {
    let mut table = [0; 64];
    let mut outcome = 0;
    while outcome <= 6 {
        let mut journal = 0;
        while journal <= 5 {
            let mut lanes = 1 << (outcome as u32 * LANE);
            if outcome >= 2 && outcome <= 5 && journal >= 2 {
                let side = if outcome < journal { 7 } else { 8 + (outcome > journal) as u32 };
                lanes |= 1 << (side * LANE);
            }
            table[outcome << 3 | journal] = lanes;
            journal += 1;
        }
        outcome += 1;
    }
    table
};

/// What a result adds to the lanes, by places in dictionaries; nothing when they hold what can't be.
fn lane_table(outcomes: &[i32], journals: &[i32]) -> Option<Box<LaneTable>> {
    let fits = |values: &[i32], bounds: Bounds| values.iter().all(|value| bounds.1(value.cast_unsigned()));
    if outcomes.len() > 8 || journals.len() > 8 || !fits(outcomes, OUTCOME) || !fits(journals, JOURNAL) {
        return None;
    }
    let mut table = Box::new([0; 64]);
    for (outcome, row) in outcomes.iter().zip(table.chunks_mut(8)) {
        for (journal, lanes) in journals.iter().zip(row) {
            *lanes = BY_VALUE[(outcome << 3 | journal) as usize & 63];
        }
    }
    Some(table)
}

/// What a score adds to the sum of a piece: itself, or one to the number of those without. Sixty-three of the highest
/// scores stay below the latter.
fn adds(score: i32) -> u32 {
    if score == i32::from(NO_SCORE) { 1 << WITHOUT_SCORE } else { score.cast_unsigned() }
}

/// Refuses values out of bounds, with the row the first of them stands in.
fn check(
    values: &[i32],
    (column, fits, allowed): Bounds,
    group: usize,
    done: u64,
) -> Result<(), ResultsError> {
    let found = values.iter().zip(done..).find(|(value, _)| !fits(value.cast_unsigned()));
    found.map_or(Ok(()), |(value, row)| Err(wrong(column, group, row, *value, allowed)))
}

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
    list: CellList,
    /// The cell that may go on, not in the list yet.
    last: Option<Cell>,
    unsorted: bool,
    compact_at: usize,
}

impl Cells {
    fn push(&mut self, cell: Cell) -> Result<(), ResultsError> {
        if let Some(last) = &mut self.last {
            if key(last) == key(&cell) {
                return absorb(last, &cell);
            }
            self.unsorted |= key(last) > key(&cell);
            self.list.push(last);
        }
        self.last = Some(cell);
        if self.unsorted && self.list.len() > self.compact_at {
            compact(&mut self.list)?;
            self.compact_at = COMPACT_AT.max(self.list.len() * 2);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<CellList, ResultsError> {
        self.list.extend(self.last);
        if self.unsorted {
            compact(&mut self.list)?;
        }
        Ok(self.list)
    }
}
