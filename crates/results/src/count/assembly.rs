//! How do the cells of groups become one list?

use opora_cells::{Cell, OrganisationId, Procedure};

use crate::ResultsError;

/// Cells beyond which an unsorted list is put in order before it grows on.
const COMPACT_AT: usize = 1 << 20;

pub(super) type Key = (OrganisationId, Procedure, u16);

pub(super) fn key(cell: &Cell) -> Key {
    (cell.organisation, cell.procedure, cell.year)
}

/// Cells of groups, put together in the order of the file.
#[derive(Default)]
pub(super) struct Assembly {
    cells: Vec<Cell>,
    /// The list is no longer ascending: rows came in another order.
    unsorted: bool,
    /// Length right after the list was last put in order.
    compacted: usize,
}

impl Assembly {
    /// Takes the cells of the next group, ascending and one of a key.
    pub(super) fn append(&mut self, cells: &[Cell]) -> Result<(), ResultsError> {
        let mut cells = cells;
        if let (Some(last), Some((first, rest))) = (self.cells.last_mut(), cells.split_first()) {
            if key(last) == key(first) {
                absorb(last, first)?;
                cells = rest;
            } else if key(last) > key(first) {
                self.unsorted = true;
            }
        }
        self.cells.extend_from_slice(cells);
        if self.unsorted && self.cells.len() > COMPACT_AT.max(self.compacted.saturating_mul(2)) {
            self.compact()?;
        }
        Ok(())
    }

    fn compact(&mut self) -> Result<(), ResultsError> {
        compact(&mut self.cells)?;
        self.compacted = self.cells.len();
        Ok(())
    }

    /// All cells, ascending.
    pub(super) fn finish(mut self) -> Result<Vec<Cell>, ResultsError> {
        if self.unsorted {
            self.compact()?;
        }
        Ok(self.cells)
    }
}

/// Sorts cells and joins those of the same key.
pub(super) fn compact(cells: &mut Vec<Cell>) -> Result<(), ResultsError> {
    cells.sort_by_key(key);
    let mut overflow = None;
    cells.dedup_by(|later, kept| {
        let same = key(later) == key(kept);
        if same {
            overflow = overflow.take().or(absorb(kept, later).err());
        }
        same
    });
    overflow.map_or(Ok(()), Err)
}

/// Adds the counts of one cell to another of the same key.
pub(super) fn absorb(cell: &mut Cell, more: &Cell) -> Result<(), ResultsError> {
    let add = |sum: &mut u32, more: u32| sum.checked_add(more).map(|total| *sum = total);
    let sum = (|| {
        add(&mut cell.participants, more.participants)?;
        for (mark, more) in cell.marks.iter_mut().zip(more.marks) {
            add(mark, more)?;
        }
        add(&mut cell.below_minimum, more.below_minimum)?;
        add(&mut cell.at_minimum, more.at_minimum)?;
        add(&mut cell.unmarked, more.unmarked)?;
        add(&mut cell.scored, more.scored)?;
        add(&mut cell.score_sum, more.score_sum)?;
        for (side, more) in cell.against_journal.iter_mut().zip(more.against_journal) {
            add(side, more)?;
        }
        Some(())
    })();
    cell.rows = (cell.rows.0.min(more.rows.0), cell.rows.1.max(more.rows.1));
    sum.ok_or(ResultsError::TooMany { organisation: cell.organisation.0 })
}
