//! Which cells does a table or a sheet of an OpenDocument file have, repetitions limited?

use super::styles::Styles;
use super::{Piece, Position, Reader};
use crate::draft::{RoughCell, RoughRow, RoughTable};
use crate::readers::sheets::{Sheet, SheetCell, iso_date};
use crate::xml::Element;
use opora_neutral::{Paragraph, Place};

/// Tables are not followed deeper than this.
const NESTED_MAX: usize = 8;
/// A repeated cell or row with text is taken at most as many times.
const REPEATS_MAX: u32 = 256;

/// What was found in cells and can't stay there.
#[derive(Default)]
pub(super) struct Found {
    pub(super) nested: Vec<RoughTable>,
    pub(super) aside: Vec<Paragraph>,
}

/// The rows of a table, through header rows and groups, and the page breaks between them.
fn rows(table: &Element) -> Vec<&Element> {
    let mut found = Vec::new();
    for child in table.children() {
        match child.name.as_str() {
            "table-row" | "soft-page-break" => found.push(child),
            "table-header-rows" | "table-rows" | "table-row-group" => found.extend(rows(child)),
            _ => {}
        }
    }
    found
}

fn repeats(element: &Element, name: &str) -> u32 {
    element.number(name).unwrap_or(1).max(1)
}

fn is_cell(element: &&Element) -> bool {
    element.is("table-cell") || element.is("covered-table-cell")
}

pub(super) fn read(
    reader: &mut Reader<'_, '_, '_>,
    table: &Element,
    found: &mut Found,
    depth: usize,
) -> RoughTable {
    let mut rough = RoughTable::default();
    for row in rows(table) {
        if row.is("soft-page-break") {
            reader.turn_page();
            continue;
        }
        let mut read = RoughRow::default();
        read.place.page = reader.page;
        let mut column: u32 = 0;
        for cell in row.children().filter(is_cell) {
            let times = repeats(cell, "number-columns-repeated");
            let (text, bold) = read_cell(reader, cell, found, depth);
            let kept = if text.trim().is_empty() { 1 } else { times.min(REPEATS_MAX) };
            if cell.is("table-cell") || !text.trim().is_empty() {
                read.cells.extend((0..kept).map(|index| RoughCell {
                    text: text.clone(),
                    column: Some(column.saturating_add(index)),
                    column_span: repeats(cell, "number-columns-spanned"),
                    row_span: repeats(cell, "number-rows-spanned"),
                    bold,
                }));
            }
            column = column.saturating_add(times);
        }
        let blank = read.cells.iter().all(|cell| cell.text.is_empty());
        let times = if blank { 1 } else { repeats(row, "number-rows-repeated").min(REPEATS_MAX) };
        rough.rows.extend((0..times).map(|_| read.clone()));
    }
    rough.place.page = rough.rows.first().and_then(|row| row.place.page);
    rough
}

fn read_cell(
    reader: &mut Reader<'_, '_, '_>,
    cell: &Element,
    found: &mut Found,
    depth: usize,
) -> (String, bool) {
    let mut pieces = Vec::new();
    read_blocks(reader, cell, None, found, depth, &mut pieces);
    let filled = pieces.iter().filter(|piece| !piece.paragraph.text.trim().is_empty());
    let bold = filled.clone().next().is_some() && filled.clone().all(|piece| piece.paragraph.bold);
    let texts: Vec<&str> = filled.map(|piece| piece.paragraph.text.trim()).collect();
    (texts.join("\n"), bold)
}

fn read_blocks(
    reader: &mut Reader<'_, '_, '_>,
    container: &Element,
    list: Option<&Position>,
    found: &mut Found,
    depth: usize,
    pieces: &mut Vec<Piece>,
) {
    for child in container.children() {
        match child.name.as_str() {
            "p" | "h" => {
                // The number of the table is given later; that there is one matters to list markers.
                let place = Place { table: Some(0), page: reader.page, ..Place::WHOLE };
                let mut piece = reader.piece(child, place, list);
                found.aside.extend(piece.aside.drain(..).map(|mut aside| {
                    aside.place.table = None;
                    aside
                }));
                pieces.push(piece);
            }
            "list" => reader.list(child, list, |reader, item, at| {
                read_blocks(reader, item, at, found, depth, pieces);
            }),
            "table" if depth < NESTED_MAX => {
                let nested = read(reader, child, found, depth + 1);
                let widest = nested.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                if widest >= 2 && nested.rows.len() >= 2 {
                    found.nested.push(nested);
                } else {
                    pieces.extend(nested.rows.into_iter().map(flat));
                }
            }
            "annotation" => {}
            _ => read_blocks(reader, child, list, found, depth, pieces),
        }
    }
}

/// A row of a small table inside a cell, as a line of the cell.
fn flat(row: RoughRow) -> Piece {
    let bold = row.cells.iter().all(|cell| cell.bold);
    let texts: Vec<String> = row.cells.into_iter().map(|cell| cell.text).collect();
    let mut paragraph = Paragraph::new(texts.join(" "), row.place);
    paragraph.bold = bold;
    Piece { paragraph, aside: Vec::new() }
}

/// The sheets of a spreadsheet.
pub(super) fn sheets(book: &Element, styles: &Styles, cells_max: usize) -> Vec<Sheet> {
    let mut left = cells_max;
    book.named("table").map(|table| sheet(table, styles, &mut left)).collect()
}

fn sheet(table: &Element, styles: &Styles, left: &mut usize) -> Sheet {
    let mut sheet = Sheet {
        name: table.attribute("name").unwrap_or_default().to_owned(),
        hidden: styles.is_hidden_table(table.attribute("style-name")),
        ..Sheet::default()
    };
    let mut row_number: u32 = 0;
    for row in rows(table) {
        let times = repeats(row, "number-rows-repeated");
        for at in 0..times.min(REPEATS_MAX) {
            let before = sheet.cells.len();
            sheet_row(row, row_number.saturating_add(at), styles, &mut sheet, left);
            if sheet.cells.len() == before {
                break;
            }
        }
        row_number = row_number.saturating_add(times);
    }
    sheet
}

fn sheet_row(row: &Element, number: u32, styles: &Styles, sheet: &mut Sheet, left: &mut usize) {
    let mut column: u32 = 0;
    for cell in row.children().filter(is_cell) {
        let times = repeats(cell, "number-columns-repeated");
        let text = cell_text(cell);
        let span = (repeats(cell, "number-columns-spanned"), repeats(cell, "number-rows-spanned"));
        if span != (1, 1) && cell.is("table-cell") {
            let last = (number.saturating_add(span.1 - 1), column.saturating_add(span.0 - 1));
            sheet.merged.push(((number, column), last));
        }
        if !text.trim().is_empty() {
            let bold = styles.paragraph(cell.attribute("style-name")).bold.unwrap_or(false);
            for index in 0..times.min(REPEATS_MAX) {
                if *left == 0 {
                    return;
                }
                *left -= 1;
                let cell = SheetCell { text: text.clone(), bold };
                sheet.cells.insert((number, column.saturating_add(index)), cell);
            }
        }
        column = column.saturating_add(times);
    }
}

/// The text as shown; a date shown in figures only is written the Russian way, whatever the sheet's way was.
fn cell_text(cell: &Element) -> String {
    let lines: Vec<String> = cell.named("p").map(super::text::all_text).collect();
    let text = lines.join("\n");
    let date = cell.attribute("date-value").filter(|_| !text.chars().any(char::is_alphabetic));
    match date {
        Some(date) => iso_date(date),
        None => text,
    }
}
