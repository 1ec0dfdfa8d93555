//! What does an XLSForm ask, and what of it can't be taken over?
//!
//! Sheets `survey`, `choices` and `settings` as the XLSForm standard has them (xlsform.org). Expressions are
//! translated when they are of a common simple form; every cell that is not carried over is a finding with its row
//! and column. An error means that no questionnaire comes out.

mod assembly;
mod expression;
mod shares;
mod sheet;
mod survey;
mod translate;
mod types;

use opora_neutral::{Block, Document, Finding, Level, Place};

use crate::{Audience, Questionnaire};

/// A sheet: its name and its rows of cells from the first row and column on.
pub type SheetRows = (String, Vec<Vec<String>>);

/// What an XLSForm gave.
#[derive(Clone, Debug, PartialEq)]
pub struct XlsformImport {
    /// The questionnaire; nothing when a finding is an error.
    pub questionnaire: Option<Questionnaire>,
    /// Everything that was not carried over, and every error.
    pub findings: Vec<Finding>,
}

/// Imports an XLSForm for an audience, which XLSForm itself does not know.
pub fn import_xlsform(sheets: &[SheetRows], audience: Audience) -> XlsformImport {
    let mut findings = Findings::default();
    let questionnaire = survey::read(sheets, audience, &mut findings);
    let wrong = findings.list.iter().any(|finding| finding.level == Level::Error);
    XlsformImport { questionnaire: questionnaire.filter(|_| !wrong), findings: findings.list }
}

/// No form has more rows or columns; what stands beyond is not looked at.
const ROWS_MAX: u32 = 10_000;
const COLUMNS_MAX: u32 = 200;

/// The sheets of a workbook that was read to a neutral document, every cell at its own row and column.
pub fn sheets_of(document: &Document) -> Vec<SheetRows> {
    let mut sheets: Vec<SheetRows> = Vec::new();
    let mut put = |place: &Place, text: &str| {
        let (Some(name), Some(row), Some(column)) = (&place.sheet, place.row, place.column) else { return };
        if row == 0 || column == 0 || row > ROWS_MAX || column > COLUMNS_MAX || text.is_empty() {
            return;
        }
        let at = sheets.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            sheets.push((name.clone(), Vec::new()));
            sheets.len() - 1
        });
        let Some((_, rows)) = sheets.get_mut(at) else { return };
        let (row, column) = (row as usize, column as usize);
        if rows.len() < row {
            rows.resize(row, Vec::new());
        }
        let Some(cells) = rows.get_mut(row - 1) else { return };
        if cells.len() < column {
            cells.resize(column, String::new());
        }
        if let Some(cell) = cells.get_mut(column - 1) {
            text.clone_into(cell);
        }
    };
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => put(&paragraph.place, &paragraph.text),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    put(&cell.place, &cell.text);
                }
            }
        }
    }
    sheets
}

/// Findings of an import, in the order they were met.
#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
}

/// More findings than this are not told.
const FINDINGS_MAX: usize = 1000;

impl Findings {
    fn tell(&mut self, code: &'static str, level: Level, place: Place, what: String, why: &str, mend: &str) {
        // An error must be told whatever the number: it decides whether anything comes out.
        if self.list.len() < FINDINGS_MAX || level == Level::Error {
            let (why, mend) = (why.to_owned(), mend.to_owned());
            self.list.push(Finding { code, level, place, what, why, mend });
        }
    }
}
