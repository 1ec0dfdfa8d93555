//! What did one organisation get in one procedure of one year?

use crate::{CellList, CellView, OrganisationId, Procedure, Share, SourceIndex};

/// How a cell came to be; of two cells of the same thing the more precise one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Turned back from rounded per cents and the number of participants.
    #[default]
    FromPercents,
    /// Read as counts from an aggregated form.
    FromCounts,
    /// Counted from individual results.
    FromRows,
}

/// Counts of one organisation in one procedure of one year.
///
/// `participants = marks 2–5 + unmarked` where marks are given; `below_minimum + at_minimum ≤ participants` where the
/// procedure has a minimum instead of marks. Everything that is not known is zero, and `participants` of zero is no
/// cell at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Whose result.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year the procedure was held in.
    pub year: u16,
    /// Held in autumn for the programme of the grade before: the row of years is broken here.
    pub autumn: bool,
    /// How the counts came to be.
    pub precision: Precision,
    /// How many took part.
    pub participants: u32,
    /// How many got «2», «3», «4», «5».
    pub marks: [u32; 4],
    /// How many stayed below the minimum, where there is a minimum and no mark.
    pub below_minimum: u32,
    /// How many reached the minimum, where there is a minimum and no mark.
    pub at_minimum: u32,
    /// How many have neither a mark nor a comparison with the minimum: no scale, no score.
    pub unmarked: u32,
    /// How many have a score (primary or test).
    pub scored: u32,
    /// Sum of the scores of those who have one.
    pub score_sum: u32,
    /// Of those with a mark in the journal: mark below, equal to, above the journal.
    pub against_journal: [u32; 3],
    /// The file the counts come from.
    pub source: SourceIndex,
    /// First and last row of the organisation in that file, counted from one; zeros where rows are unknown.
    pub rows: (u32, u32),
}

impl Cell {
    /// A cell in which nothing was counted yet.
    pub fn empty(organisation: OrganisationId, procedure: Procedure, year: u16) -> Self {
        Self {
            organisation,
            procedure,
            year,
            autumn: false,
            precision: Precision::FromRows,
            participants: 0,
            marks: [0; 4],
            below_minimum: 0,
            at_minimum: 0,
            unmarked: 0,
            scored: 0,
            score_sum: 0,
            against_journal: [0; 3],
            source: SourceIndex::default(),
            rows: (0, 0),
        }
    }

    /// How many have an outcome: a mark, or a comparison with the minimum.
    pub fn judged(&self) -> u32 {
        self.participants.saturating_sub(self.unmarked)
    }

    /// How many did not pass: «2», or below the minimum.
    pub fn failed(&self) -> u32 {
        self.marks[0].saturating_add(self.below_minimum)
    }

    /// The share of those who did not pass among those with an outcome; nothing when nobody has one.
    pub fn failed_share(&self) -> Option<Share> {
        Share::new(u64::from(self.failed()), u64::from(self.judged()))
    }

    pub(crate) fn key(&self) -> (OrganisationId, Procedure, u16, bool) {
        (self.organisation, self.procedure, self.year, self.autumn)
    }

    /// Of two cells of the same thing the one with the greater weight counts.
    pub(crate) fn weight(&self) -> (bool, Precision, SourceIndex) {
        (self.judged() > 0, self.precision, self.source)
    }
}

/// Cells in the order of organisation, procedure, year: the years of a procedure stand next to each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    cells: CellList,
    /// Each organisation with the place of its first cell, so that nobody has to look for it.
    starts: Vec<(OrganisationId, usize)>,
}

impl Cells {
    /// Sorts cells and keeps one of each organisation, procedure and year: one with outcomes before one without, then
    /// the most precise, then the latest source. A cell of nothing but a comparison with the journal completes the one
    /// that is kept. What was put aside is returned beside.
    pub fn new(cells: impl Into<CellList>) -> (Self, Vec<Cell>) {
        let mut list: CellList = cells.into();
        let mut aside = Vec::new();
        let starts = list.view().starts().unwrap_or_else(|| {
            if !list.is_grouped() {
                list.sort();
            }
            list.one_of_each(|told| one_of(told, &mut aside));
            list.view().starts().unwrap_or_default()
        });
        (Self { cells: list, starts }, aside)
    }

    /// All cells in order.
    pub fn all(&self) -> CellView<'_> {
        self.cells.view()
    }

    /// All cells in order, as they are kept.
    pub fn list(&self) -> &CellList {
        &self.cells
    }

    /// The cells of one organisation.
    pub fn of(&self, organisation: OrganisationId) -> CellView<'_> {
        let found = self.starts.binary_search_by_key(&organisation, |(id, _)| *id);
        found.map_or_else(|_| CellView::default(), |at| self.run(at))
    }

    /// Calendar years of all cells, in order.
    pub fn years(&self) -> Vec<u16> {
        self.all().years().into_iter().collect()
    }

    /// Each organisation that has cells, with the place of its first cell in [`Cells::all`], in order.
    pub fn starts(&self) -> &[(OrganisationId, usize)] {
        &self.starts
    }

    /// Organisation by organisation, in order.
    pub fn by_organisation(&self) -> impl Iterator<Item = CellView<'_>> {
        (0..self.starts.len()).map(|at| self.run(at))
    }

    fn run(&self, at: usize) -> CellView<'_> {
        let start = self.starts.get(at).map_or(0, |(_, start)| *start);
        let end = self.starts.get(at + 1).map_or(self.cells.len(), |(_, start)| *start);
        self.cells.view().slice(start..end)
    }
}

/// The weightiest of cells of the same thing; what else there is of them is put aside.
fn one_of(mut told: Vec<Cell>, aside: &mut Vec<Cell>) -> Option<Cell> {
    told.sort_by_key(|cell| std::cmp::Reverse(cell.weight()));
    told.into_iter().reduce(|kept, cell| {
        let completes = cell.judged() == 0 && cell.against_journal != [0; 3];
        if completes && kept.against_journal == [0; 3] {
            return Cell { against_journal: cell.against_journal, ..kept };
        }
        aside.push(cell);
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::{Cell, Cells, Precision};
    use crate::{OrganisationId, Procedure, SourceIndex};

    fn cell(organisation: u32, procedure: u32, year: u16) -> Cell {
        Cell::empty(OrganisationId(organisation), Procedure::from_packed(procedure), year)
    }

    #[test]
    fn cells_stand_by_organisation_procedure_and_year() {
        let (cells, aside) =
            Cells::new(vec![cell(2, 1, 2024), cell(1, 2, 2024), cell(1, 1, 2025), cell(1, 1, 2024)]);
        let years: Vec<u16> = cells.of(OrganisationId(1)).iter().map(|cell| cell.year).collect();
        assert_eq!(years, [2024, 2025, 2024]);
        assert_eq!(cells.by_organisation().count(), 2);
        assert!(cells.of(OrganisationId(3)).is_empty());
        assert_eq!(cells.starts(), [(OrganisationId(1), 0), (OrganisationId(2), 3)]);
        assert!(aside.is_empty());
    }

    #[test]
    fn of_two_cells_of_the_same_thing_the_more_precise_one_counts() {
        let rough = Cell { precision: Precision::FromPercents, source: SourceIndex(9), ..cell(1, 1, 2024) };
        let exact = Cell { precision: Precision::FromRows, source: SourceIndex(1), ..cell(1, 1, 2024) };
        let next = cell(2, 1, 2024);
        let (cells, aside) = Cells::new(vec![rough, next, exact]);
        assert_eq!(cells.all(), [exact, next]);
        assert_eq!(cells.of(OrganisationId(2)), [next]);
        assert_eq!(aside, [rough]);
    }

    #[test]
    fn a_comparison_with_the_journal_completes_the_marks_and_never_takes_their_place() {
        let marks = Cell { participants: 8, marks: [1, 3, 3, 1], source: SourceIndex(1), ..cell(1, 1, 2024) };
        let journal = Cell {
            participants: 8,
            unmarked: 8,
            against_journal: [1, 6, 1],
            source: SourceIndex(2),
            ..cell(1, 1, 2024)
        };
        let (cells, aside) = Cells::new(vec![journal, marks]);
        assert_eq!(cells.all(), [Cell { against_journal: [1, 6, 1], ..marks }]);
        assert_eq!(aside, []);
    }
}
