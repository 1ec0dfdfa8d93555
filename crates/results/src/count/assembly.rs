//! How do the cells of groups become one list?

use opora_cells::{Cell, CellList, OrganisationId, Procedure};

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
    cells: CellList,
    /// The list is no longer ascending: rows came in another order.
    unsorted: bool,
    /// Length right after the list was last put in order.
    compacted: usize,
}

impl Assembly {
    /// Takes the cells of the next group, ascending and one of a key.
    pub(super) fn append(&mut self, cells: &CellList) -> Result<(), ResultsError> {
        let mut more = cells.view();
        if let (Some(mut last), Some(first)) = (self.cells.view().last(), more.first()) {
            if key(&last) == key(&first) {
                absorb(&mut last, &first)?;
                self.cells.pop();
                self.cells.push(&last);
                more = more.slice(1..more.len());
            } else if key(&last) > key(&first) {
                self.unsorted = true;
            }
        }
        self.cells.append(more);
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
    pub(super) fn finish(mut self) -> Result<CellList, ResultsError> {
        if self.unsorted {
            self.compact()?;
        }
        Ok(self.cells)
    }
}

/// Sorts cells and joins those of the same key.
pub(super) fn compact(cells: &mut CellList) -> Result<(), ResultsError> {
    cells.sort();
    let mut joined = CellList::default();
    let mut last: Option<Cell> = None;
    for cell in &*cells {
        match &mut last {
            Some(last) if key(last) == key(&cell) => absorb(last, &cell)?,
            _ => joined.extend(last.replace(cell)),
        }
    }
    joined.extend(last);
    *cells = joined;
    Ok(())
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
