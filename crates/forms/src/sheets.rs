//! Which sheet of a workbook tells what?

use std::collections::BTreeSet;

use opora_cells::{IndicatorCode, OrganisationId, Procedure};

use crate::Batch;

/// What a fact is about, beside the school and the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// Results of a procedure.
    Procedure(Procedure),
    /// A declared number.
    Indicator(IndicatorCode),
}

/// The facts of one sheet: school, thing, calendar year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFacts {
    /// Name of the sheet.
    pub name: String,
    /// What it tells.
    pub facts: BTreeSet<(OrganisationId, Told, u16)>,
}

/// Sheets met so far, and how much of the batch was theirs.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    sheets: Vec<SheetFacts>,
    rows: usize,
    cells: usize,
    aggregates: usize,
    /// What is told of a school under several logins: it stands in no batch before the file ends.
    beside: Vec<(OrganisationId, Told, u16)>,
}

impl Sheets {
    /// Notes a result that is handed over only at the end of the file.
    pub(crate) fn beside(&mut self, school: OrganisationId, procedure: Procedure, year: u16) {
        self.beside.push((school, Told::Procedure(procedure), year));
    }

    /// Ends a sheet: what the batch has got since the last one is its own. Sheets come in a document, and a document is
    /// never taken away part by part.
    pub(crate) fn end(&mut self, sheet: Option<&str>, batch: &Batch) {
        let (rows, cells, aggregates) = (
            batch.rows.get(self.rows..),
            batch.cells.get(self.cells..),
            batch.aggregates.get(self.aggregates..),
        );
        (self.rows, self.cells, self.aggregates) =
            (batch.rows.len(), batch.cells.len(), batch.aggregates.len());
        let beside = std::mem::take(&mut self.beside);
        let Some(name) = sheet else { return };
        let rows = rows.unwrap_or_default().iter();
        let rows = rows.map(|row| (row.organisation, Told::Procedure(row.procedure), row.year));
        let cells = cells.unwrap_or_default().iter();
        let cells = cells.map(|cell| (cell.organisation, Told::Procedure(cell.procedure), cell.year));
        let numbers = aggregates.unwrap_or_default().iter();
        let numbers =
            numbers.map(|number| (number.organisation, Told::Indicator(number.indicator), number.year));
        let facts: BTreeSet<_> = rows.chain(cells).chain(numbers).chain(beside).collect();
        if !facts.is_empty() {
            self.sheets.push(SheetFacts { name: name.to_owned(), facts });
        }
    }

    pub(crate) fn finish(self) -> Vec<SheetFacts> {
        self.sheets
    }
}
