//! How is a document written as an Excel file?
//!
//! Each table has a sheet of its own; the paragraphs before it stand above it, one a row. All values are
//! texts: a spreadsheet must not turn «1.10» into a number or «1.2» into a date.

use super::columns::widths;
use super::{WriteError, clean};
use opora_neutral::{Block, Cell, Document, Paragraph, Role, Table};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::collections::HashSet;

/// What a cell of the format holds, characters.
const CELL_CHARS_MAX: usize = 32_767;
const SHEET_NAME_CHARS_MAX: usize = 31;
const A4: u8 = 9;

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::MaxStringLengthExceeded => Self::TextTooLong { chars_max: CELL_CHARS_MAX },
            XlsxError::RowColumnLimitError => Self::TableTooLarge,
            other => Self::Library(other.to_string()),
        }
    }
}

/// An Excel file of a document: a sheet a table, the paragraphs before it above it.
///
/// Reads back to the same tables and paragraphs, as far as a sheet can tell them apart: the first row of a
/// table has to have two cells with text.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    // The same document gives the same bytes: the time of writing is left out.
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&never));
    let mut names = Names::default();
    let mut above: Vec<&Paragraph> = Vec::new();
    let mut sheets: Vec<(Vec<&Paragraph>, Option<&Table>)> = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => above.push(paragraph),
            Block::Table(table) => sheets.push((std::mem::take(&mut above), Some(table))),
        }
    }
    let mut below = above;
    if sheets.is_empty() {
        sheets.push((std::mem::take(&mut below), None));
    }
    let last = sheets.len() - 1;
    for (index, (paragraphs, table)) in sheets.into_iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(names.next(table))?;
        let next = write_sheet(sheet, &paragraphs, table)?;
        if index == last {
            write_paragraphs(sheet, &below, next + 1)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// Names of sheets: valid for the format, and no two the same.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    tables: usize,
}

impl Names {
    fn next(&mut self, table: Option<&Table>) -> String {
        self.tables += 1;
        let wanted = match table {
            Some(table) => table.place.sheet.clone().unwrap_or_else(|| format!("Таблица {}", self.tables)),
            None => "Текст".to_owned(),
        };
        let allowed =
            |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control();
        let base: String = wanted.chars().filter(allowed).take(SHEET_NAME_CHARS_MAX - 4).collect();
        let base = if base.trim().is_empty() { format!("Таблица {}", self.tables) } else { base };
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("{base} {number}");
            number += 1;
        }
        name
    }
}

/// Writes one sheet and gives the row below what was written.
fn write_sheet(
    sheet: &mut Worksheet,
    paragraphs: &[&Paragraph],
    table: Option<&Table>,
) -> Result<u32, WriteError> {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let top = write_paragraphs(sheet, paragraphs, 0)?;
    let Some(table) = table else { return Ok(top) };
    for (column, width) in (0_u16..).zip(widths(table)) {
        sheet.set_column_width(column, width as f64)?;
    }
    for (row, number) in table.rows.iter().zip(top..) {
        for cell in &row.cells {
            write_cell(sheet, cell, number, number == top)?;
        }
    }
    sheet.set_freeze_panes(top + 1, 0)?;
    sheet.set_repeat_rows(top, top)?;
    let rows = u32::try_from(table.rows.len()).map_err(|_| WriteError::TableTooLarge)?;
    Ok(top + rows)
}

fn write_paragraphs(sheet: &mut Worksheet, paragraphs: &[&Paragraph], from: u32) -> Result<u32, WriteError> {
    let mut row = from;
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.text.trim().is_empty()) {
        let strong = paragraph.bold || matches!(paragraph.role, Role::Heading(_));
        let format = if strong { Format::new().set_bold() } else { Format::new() };
        sheet.write_string_with_format(row, 0, clean(&paragraph.text), &format)?;
        row += 1;
    }
    Ok(row)
}

fn write_cell(sheet: &mut Worksheet, cell: &Cell, row: u32, head: bool) -> Result<(), WriteError> {
    let mut format = Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    if cell.bold {
        format = format.set_bold();
    }
    if head {
        format = format.set_align(FormatAlign::Center);
    }
    let column = |column: u32| u16::try_from(column).map_err(|_| WriteError::TableTooLarge);
    let (left, right) = (column(cell.column)?, column(cell.column + cell.column_span.max(1) - 1)?);
    let text = clean(&cell.text);
    if cell.column_span.max(cell.row_span) > 1 {
        sheet.merge_range(row, left, row + cell.row_span.max(1) - 1, right, &text, &format)?;
    } else {
        sheet.write_string_with_format(row, left, text, &format)?;
    }
    Ok(())
}
