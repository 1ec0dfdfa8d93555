//! Which text stands in which cell of a table, merged cells included?

use crate::Place;

/// A table on a regular grid of `width` columns.
///
/// A cell may span several columns and rows; a row holds only the cells that start in it, so a row under a
/// cell that spans rows has fewer cells. Ask [`Table::cell_at`] to see through spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Where the table starts.
    pub place: Place,
    /// Number of grid columns.
    pub width: u32,
    /// Rows from the top. A table that runs over pages is one table.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where the row stands: page, table and row.
    pub place: Place,
    /// The cells that start in this row, from left to right.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Verbatim text; paragraphs are separated by `\n`.
    pub text: String,
    /// First grid column the cell covers, counted from zero.
    pub column: u32,
    /// Number of grid columns it covers, at least one.
    pub column_span: u32,
    /// Number of rows it covers, at least one.
    pub row_span: u32,
    /// Where the cell stands: page, table, row and column.
    pub place: Place,
    /// The whole text of the cell is bold.
    pub bold: bool,
    /// Confidence of character recognition, 0–100 per cent; `None` where nothing was recognised.
    pub confidence: Option<u8>,
}

impl Table {
    /// The cell that covers a row and a grid column, both counted from zero, spans seen through.
    pub fn cell_at(&self, row: usize, column: u32) -> Option<&Cell> {
        let covers = |cell: &&Cell| (cell.column..cell.column + cell.column_span).contains(&column);
        for (distance, candidate) in self.rows.get(..=row)?.iter().rev().enumerate() {
            if let Some(cell) = candidate.cells.iter().find(covers) {
                return (cell.row_span as usize > distance).then_some(cell);
            }
        }
        None
    }

    /// The text that covers a row and a grid column; empty where there is no cell.
    pub fn text_at(&self, row: usize, column: u32) -> &str {
        self.cell_at(row, column).map_or("", |cell| cell.text.as_str())
    }
}

impl Row {
    /// The cell that starts in a grid column counted from zero.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// No cell of the row has text.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.trim().is_empty())
    }
}

impl Cell {
    /// A plain cell of one column and one row.
    pub fn new(text: impl Into<String>, column: u32, place: Place) -> Self {
        Self { text: text.into(), column, column_span: 1, row_span: 1, place, bold: false, confidence: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, u32, u32, u32)]) -> Row {
        let cells = cells
            .iter()
            .map(|&(text, column, column_span, row_span)| Cell {
                column_span,
                row_span,
                ..Cell::new(text, column, Place::WHOLE)
            })
            .collect();
        Row { place: Place::WHOLE, cells }
    }

    #[test]
    fn spans_are_seen_through() {
        let table = Table {
            place: Place::WHOLE,
            width: 3,
            rows: vec![
                row(&[("a", 0, 1, 2), ("b", 1, 2, 1)]),
                row(&[("c", 1, 1, 1), ("d", 2, 1, 1)]),
                row(&[("e", 1, 1, 1)]),
            ],
        };
        assert_eq!(table.text_at(0, 2), "b");
        assert_eq!(table.text_at(1, 0), "a");
        assert_eq!(table.text_at(1, 2), "d");
        assert_eq!(table.text_at(2, 0), "", "the span of «a» has ended");
        assert_eq!(table.text_at(9, 0), "", "outside the table");
    }
}
