//! What is a line of a table, whatever file it comes from?

use opora_neutral::Place;

/// The cells of a line by column, counted from zero.
pub trait Fields {
    /// Number of columns.
    fn width(&self) -> usize;

    /// The text of a column; empty where there is none.
    fn text(&self, column: usize) -> &str;
}

impl<S: AsRef<str>> Fields for [S] {
    fn width(&self) -> usize {
        self.len()
    }

    fn text(&self, column: usize) -> &str {
        self.get(column).map_or("", AsRef::as_ref)
    }
}

impl Fields for csv::StringRecord {
    fn width(&self) -> usize {
        self.len()
    }

    fn text(&self, column: usize) -> &str {
        self.get(column).unwrap_or_default()
    }
}

/// The trimmed texts of a line that are not empty, with their columns.
pub(crate) fn filled<L: Fields + ?Sized>(line: &L) -> impl Iterator<Item = (usize, &str)> {
    (0..line.width()).map(|at| (at, line.text(at).trim())).filter(|(_, text)| !text.is_empty())
}

/// The table lines stand in: what their places have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Where {
    pub(crate) sheet: Option<String>,
    pub(crate) table: Option<u32>,
    /// Rows are lines of a text file.
    pub(crate) lines: bool,
}

impl Where {
    /// The place of a row, or of a cell of it.
    pub(crate) fn at(&self, row: u32, column: Option<usize>) -> Place {
        let column = column.and_then(|column| u32::try_from(column + 1).ok());
        let (line, row) = if self.lines { (Some(row), None) } else { (None, Some(row)) };
        let table = if self.sheet.is_some() { None } else { self.table };
        Place { page: None, sheet: self.sheet.clone(), line, table, row, column }
    }
}
