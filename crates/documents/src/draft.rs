//! How do the pieces a reader finds become a document that keeps to the limits and the grid?
//!
//! Readers hand over paragraphs and rough tables. Here they are trimmed, numbered and counted; cells get their
//! place on one grid, hostile spans are cut, and grid lines nobody starts at are taken out.

use crate::codes;
use crate::limits::Limits;
use crate::refuse;
use opora_neutral::{Block, Cell, Document, Finding, Paragraph, Place, Row, Table};
use std::collections::BTreeSet;

/// A document being read.
pub(crate) struct Draft<'a> {
    document: &'a mut Document,
    limits: &'a Limits,
    tables: u32,
    cells: usize,
    full: bool,
    clamped: bool,
}

/// A table as a reader found it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoughTable {
    pub(crate) place: Place,
    pub(crate) rows: Vec<RoughRow>,
}

/// A row as a reader found it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoughRow {
    pub(crate) place: Place,
    pub(crate) cells: Vec<RoughCell>,
}

/// A cell as a reader found it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoughCell {
    pub(crate) text: String,
    /// Grid column counted from zero; the next free one if not told.
    pub(crate) column: Option<u32>,
    /// Zero means one.
    pub(crate) column_span: u32,
    /// Zero means one.
    pub(crate) row_span: u32,
    pub(crate) bold: bool,
}

impl RoughCell {
    /// A cell of one column and one row in the next free column.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl<'a> Draft<'a> {
    pub(crate) fn new(document: &'a mut Document, limits: &'a Limits) -> Self {
        Self { document, limits, tables: 0, cells: 0, full: false, clamped: false }
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// A limit was reached: what is added now is dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn finding(&mut self, finding: impl Into<Box<Finding>>) {
        self.document.findings.push(*finding.into());
    }

    pub(crate) fn page_count(&mut self, pages: Option<u32>) {
        self.document.page_count = pages;
    }

    /// Adds a paragraph; a blank one is dropped.
    pub(crate) fn paragraph(&mut self, mut paragraph: Paragraph) {
        let text = tidy(&paragraph.text);
        if !text.is_empty() && self.has_room(0) {
            paragraph.text = text;
            self.document.blocks.push(Block::Paragraph(paragraph));
        }
    }

    /// Adds a table; one without text is dropped.
    pub(crate) fn table(&mut self, rough: RoughTable) {
        let cells: usize = rough.rows.iter().map(|row| row.cells.len()).sum();
        let blank = rough.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.text.trim().is_empty());
        if blank || !self.has_room(cells) {
            return;
        }
        self.tables += 1;
        let place = Place { table: Some(self.tables), ..rough.place.clone() };
        let Placed { mut rows, orphans, clamped } = place_cells(rough, self.limits.max_columns);
        let width = drop_idle_columns(&mut rows);
        if clamped && !self.clamped {
            self.clamped = true;
            self.document.findings.push(codes::SPAN_CLAMPED.at(
                place.clone(),
                "Объединённая ячейка больше самой таблицы.",
                "Число строк или столбцов в ней указано неверно, лишнее отброшено.",
                "Сверьте таблицу с исходным файлом.",
            ));
        }
        let rows = rows.into_iter().enumerate().map(|(index, row)| self.row(index, row)).collect();
        self.document.blocks.push(Block::Table(Table { place: place.clone(), width, rows }));
        for orphan in orphans {
            self.paragraph(Paragraph::new(orphan, place.clone()));
        }
    }

    fn row(&self, index: usize, row: PlacedRow) -> Row {
        let row_number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let mut place = row.place;
        place.table = Some(self.tables);
        place.row = place.row.or(Some(row_number));
        let cell = |cell: PlacedCell| Cell {
            text: cell.text,
            column: cell.column,
            column_span: cell.column_span,
            row_span: cell.row_span,
            // In a sheet the address is the sheet's own, blank columns counted.
            place: Place {
                column: Some(if place.sheet.is_some() { cell.source_column } else { cell.column } + 1),
                ..place.clone()
            },
            bold: cell.bold,
            confidence: None,
        };
        let cells = row.cells.into_iter().map(cell).collect();
        Row { place, cells }
    }

    fn has_room(&mut self, cells: usize) -> bool {
        if self.full {
            return false;
        }
        self.cells += cells;
        if self.document.blocks.len() < self.limits.max_blocks && self.cells <= self.limits.max_cells {
            return true;
        }
        self.full = true;
        self.document.findings.push(refuse::content_limit("в нём слишком много абзацев или ячеек"));
        false
    }
}

/// Trimmed lines, no blank ones; soft hyphens and zero-width characters out, odd blanks made plain.
pub(crate) fn tidy(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}'))
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' | '\u{85}' | '\r' => '\n',
            '\u{A0}' | '\u{202F}' | '\u{2007}' | '\t' => ' ',
            c if c.is_control() && c != '\n' => ' ',
            c => c,
        })
        .collect();
    let lines: Vec<&str> = cleaned.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

struct PlacedRow {
    place: Place,
    cells: Vec<PlacedCell>,
}

struct PlacedCell {
    text: String,
    column: u32,
    source_column: u32,
    column_span: u32,
    row_span: u32,
    bold: bool,
}

struct Placed {
    rows: Vec<PlacedRow>,
    /// Texts of cells for which the grid has no column left.
    orphans: Vec<String>,
    /// A span had to be cut.
    clamped: bool,
}

/// A span wider than this says «the whole row», whatever its number.
const HONEST_SPAN_MAX: u32 = 64;

/// Gives each cell its column, the way HTML does: the next one not covered by a span from above.
fn place_cells(rough: RoughTable, columns_max: u32) -> Placed {
    let natural_width = natural_width(&rough).min(columns_max);
    let row_count = u32::try_from(rough.rows.len()).unwrap_or(u32::MAX);
    // For each grid column, the number of rows, this one counted, that a cell from above still covers.
    let mut taken: Vec<u32> = Vec::new();
    let mut placed =
        Placed { rows: Vec::with_capacity(rough.rows.len()), orphans: Vec::new(), clamped: false };
    for (row, rows_left) in rough.rows.into_iter().zip((1..=row_count).rev()) {
        let mut cells: Vec<PlacedCell> = Vec::with_capacity(row.cells.len());
        let mut next = 0;
        for cell in row.cells {
            let wanted = cell.column.map_or(next, |column| column.max(next));
            let column = first_free(&taken, wanted);
            let text = tidy(&cell.text);
            if column >= columns_max {
                placed.clamped = true;
                placed.orphans.push(text);
                continue;
            }
            let (mut column_span, row_span) = (cell.column_span.max(1), cell.row_span.max(1));
            placed.clamped |= column_span > columns_max || row_span > rows_left;
            if column_span > HONEST_SPAN_MAX {
                column_span = natural_width.saturating_sub(column).max(1);
            }
            column_span = column_span.min(free_run(&taken, column, columns_max));
            next = column + column_span;
            let row_span = row_span.min(rows_left);
            cover(&mut taken, column..next, row_span);
            let bold = cell.bold;
            cells.push(PlacedCell { text, column, source_column: column, column_span, row_span, bold });
        }
        taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        placed.rows.push(PlacedRow { place: row.place, cells });
    }
    placed
}

/// Width of the widest row, spans that can't be meant counted as one.
fn natural_width(rough: &RoughTable) -> u32 {
    let span = |cell: &RoughCell| match cell.column_span {
        span @ 1..=HONEST_SPAN_MAX => span,
        _ => 1,
    };
    let width = |row: &RoughRow| {
        row.cells
            .iter()
            .fold(0, |end: u32, cell| cell.column.unwrap_or(end).max(end).saturating_add(span(cell)))
    };
    rough.rows.iter().map(width).max().unwrap_or(0)
}

fn is_free(taken: &[u32], column: u32) -> bool {
    taken.get(column as usize).is_none_or(|&rows| rows == 0)
}

fn first_free(taken: &[u32], from: u32) -> u32 {
    let limit = u32::try_from(taken.len()).unwrap_or(u32::MAX).max(from);
    (from..limit).find(|&column| is_free(taken, column)).unwrap_or(limit)
}

fn free_run(taken: &[u32], from: u32, columns_max: u32) -> u32 {
    let end = (from..columns_max).find(|&column| !is_free(taken, column)).unwrap_or(columns_max);
    end - from
}

fn cover(taken: &mut Vec<u32>, columns: std::ops::Range<u32>, rows: u32) {
    if taken.len() < columns.end as usize {
        taken.resize(columns.end as usize, 0);
    }
    for column in columns {
        if let Some(slot) = taken.get_mut(column as usize) {
            *slot = rows;
        }
    }
}

/// Takes out the grid columns in which no cell starts, and gives the width that is left.
fn drop_idle_columns(rows: &mut [PlacedRow]) -> u32 {
    let starts: BTreeSet<u32> =
        rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
    let starts: Vec<u32> = starts.into_iter().collect();
    let rank =
        |column: u32| u32::try_from(starts.partition_point(|&start| start < column)).unwrap_or(u32::MAX);
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        let (from, to) = (rank(cell.column), rank(cell.column.saturating_add(cell.column_span)));
        cell.column = from;
        cell.column_span = (to - from).max(1);
    }
    u32::try_from(starts.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use opora_neutral::{Format, Source};

    fn draw(table: &Table) -> String {
        let cell =
            |cell: &Cell| format!("{}@{}x{}+{}", cell.text, cell.column, cell.column_span, cell.row_span);
        let row = |row: &Row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ");
        table.rows.iter().map(row).collect::<Vec<_>>().join(" / ")
    }

    /// Cells are `(text, column_span, row_span)`.
    fn check(rows: &[&[(&str, u32, u32)]], expected: &str) {
        let source = Source { name: String::new(), sha256: String::new(), format: Format::Html };
        let (mut document, limits) = (Document::new(source), Limits::default());
        let cell = |&(text, column_span, row_span): &(&str, u32, u32)| RoughCell {
            column_span,
            row_span,
            ..RoughCell::new(text)
        };
        let rows = rows
            .iter()
            .map(|cells| RoughRow { place: Place::WHOLE, cells: cells.iter().map(cell).collect() })
            .collect();
        Draft::new(&mut document, &limits).table(RoughTable { place: Place::WHOLE, rows });
        assert_eq!(document.tables().map(draw).collect::<String>(), expected);
    }

    #[test]
    fn cells_flow_around_spans() {
        check(
            &[&[("a", 1, 2), ("b", 2, 1)], &[("c", 1, 1), ("d", 1, 1)]],
            "a@0x1+2 b@1x2+1 / c@1x1+1 d@2x1+1",
        );
    }

    #[test]
    fn hostile_spans_are_cut_to_the_table() {
        check(&[&[("a", 1_000_000, u32::MAX)], &[("b", 1, 1), ("c", 1, 1)]], "a@0x1+2 / b@1x1+1 c@2x1+1");
    }

    #[test]
    fn grid_lines_nobody_uses_go() {
        check(&[&[("a", 3, 1), ("b", 2, 1)], &[("c", 5, 1)]], "a@0x1+1 b@1x1+1 / c@0x2+1");
    }

    #[test]
    fn a_table_without_text_is_no_table() {
        check(&[&[("", 1, 1), (" ", 1, 1)]], "");
    }

    #[test]
    fn text_is_tidied() {
        assert_eq!(tidy(" по\u{AD}мощь\u{A0}школам \r\n\n  до\t1 мая "), "помощь школам\nдо 1 мая");
    }
}
