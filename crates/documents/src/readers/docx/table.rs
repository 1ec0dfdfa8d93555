//! Which cells does a table of a Word document have, and what do they span?

use super::{Piece, Reader, transparent};
use crate::draft::{RoughCell, RoughRow, RoughTable};
use crate::xml::Element;
use opora_neutral::{Paragraph, Place};
use std::collections::HashMap;

/// Tables are not followed deeper than this; their text is.
const NESTED_MAX: usize = 8;
/// A wider span says «to the end of the row», whatever its number.
const SPAN_MAX: u32 = 64;

/// What was found in cells and can't stay there.
#[derive(Default)]
pub(super) struct Found {
    /// Tables inside cells, with two columns and two rows at least.
    pub(super) nested: Vec<RoughTable>,
    /// Text boxes and notes.
    pub(super) aside: Vec<Paragraph>,
}

/// Cells whose merging may go on in the next row: by grid column, the row and the cell in it.
type Open = HashMap<u32, (usize, usize)>;

pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    element: &Element,
    found: &mut Found,
    depth: usize,
) -> RoughTable {
    let mut table = RoughTable::default();
    let mut open = Open::new();
    for row in unwrap(element, "tr") {
        if reader.draft.is_full() {
            break;
        }
        if row.at(&["trPr", "del"]).is_none() {
            read_row(reader, row, &mut table, &mut open, found, depth);
        }
    }
    table.place.page = table.rows.first().and_then(|row| row.place.page);
    table
}

/// The elements of a name, looked for through content controls and insertions.
fn unwrap<'e>(parent: &'e Element, name: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    for child in parent.children() {
        if child.is(name) {
            found.push(child);
        } else if let Some(inner) = transparent(child) {
            found.extend(unwrap(inner, name));
        }
    }
    found
}

fn read_row(
    reader: &mut Reader<'_, '_>,
    row: &Element,
    table: &mut RoughTable,
    open: &mut Open,
    found: &mut Found,
    depth: usize,
) {
    let at = table.rows.len();
    let before = row.at(&["trPr", "gridBefore"]).and_then(|before| before.number("val")).unwrap_or(0);
    let mut column = before.min(SPAN_MAX);
    let mut read = RoughRow::default();
    for cell in unwrap(row, "tc") {
        let properties = cell.child("tcPr");
        let property = |name: &str| properties.and_then(|properties| properties.child(name));
        let span = property("gridSpan").and_then(|span| span.number("val")).unwrap_or(1).max(1);
        let content = read_cell(reader, cell, found, depth);
        read.place.page = read.place.page.or(content.page);
        let merge = property("vMerge").map(|merge| merge.attribute("val").unwrap_or("continue"));
        let above = match merge {
            Some("continue") => open.get(&column).copied(),
            _ => None,
        };
        let legacy = property("hMerge").is_some_and(|merge| merge.attribute("val") != Some("restart"));
        if let Some(target) = above.and_then(|above| merged(table, above, at)) {
            target.row_span = target.row_span.max(1) + 1;
            append(&mut target.text, &content.text);
        } else if let Some(target) = read.cells.last_mut().filter(|_| legacy) {
            target.column_span = target.column_span.max(1) + span;
            append(&mut target.text, &content.text);
        } else {
            if merge.is_some() {
                open.insert(column, (at, read.cells.len()));
            } else {
                open.remove(&column);
            }
            read.cells.push(RoughCell {
                text: content.text,
                column: Some(column),
                column_span: span,
                row_span: 1,
                bold: content.bold,
            });
        }
        column = column.saturating_add(span.min(SPAN_MAX));
    }
    table.rows.push(read);
}

/// The cell that a merging cell in row `at` belongs to, if it reaches down to that row.
fn merged(table: &mut RoughTable, (row, cell): (usize, usize), at: usize) -> Option<&mut RoughCell> {
    let target = table.rows.get_mut(row)?.cells.get_mut(cell)?;
    (row + target.row_span.max(1) as usize == at).then_some(target)
}

fn append(text: &mut String, more: &str) {
    if !more.trim().is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(more);
    }
}

struct Content {
    text: String,
    bold: bool,
    page: Option<u32>,
}

fn read_cell(reader: &mut Reader<'_, '_>, cell: &Element, found: &mut Found, depth: usize) -> Content {
    let mut content = Content { text: String::new(), bold: true, page: None };
    let mut any = false;
    read_blocks(reader, cell, found, depth, &mut |piece: Piece| {
        let text = piece.paragraph.text.trim();
        if !text.is_empty() {
            append(&mut content.text, text);
            content.bold &= piece.paragraph.bold;
            content.page = content.page.or(piece.paragraph.place.page);
            any = true;
        }
    });
    content.bold &= any;
    content.page = content.page.or(reader.page);
    content
}

fn read_blocks(
    reader: &mut Reader<'_, '_>,
    container: &Element,
    found: &mut Found,
    depth: usize,
    add: &mut dyn FnMut(Piece),
) {
    for child in container.children() {
        match child.name.as_str() {
            "p" => {
                // The number of the table is given later; that there is one matters to list markers.
                let place = Place { table: Some(0), ..Place::WHOLE };
                let mut piece = reader.piece(child, place);
                found.aside.extend(piece.aside.drain(..).map(unplaced));
                add(piece);
            }
            "tbl" if depth < NESTED_MAX => {
                let nested = reader.rough_table(child, found, depth + 1);
                let widest = nested.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                if widest >= 2 && nested.rows.len() >= 2 {
                    found.nested.push(nested);
                } else {
                    nested.rows.into_iter().for_each(|row| add(flat(row)));
                }
            }
            "tbl" | "tr" | "tc" => read_blocks(reader, child, found, depth, add),
            _ => {
                if let Some(inner) = transparent(child) {
                    read_blocks(reader, inner, found, depth, add);
                }
            }
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

fn unplaced(mut paragraph: Paragraph) -> Paragraph {
    paragraph.place.table = None;
    paragraph
}
