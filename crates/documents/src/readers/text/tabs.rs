//! Which lines with tabs make one table?
//!
//! Rows of one table may be torn apart by blank lines, page numbers and form feeds; a line without tabs
//! between rows is the title of a section, or the end of the cell above. A single line with tabs is no table:
//! it is a signature or a date and number set wide.

use super::{Line, goes_on, rough_row, section_row};
use crate::draft::{RoughCell, RoughRow, RoughTable};

/// Between two rows, at most this many lines may be titles of sections or rests of a row.
const PENDING_MAX: usize = 2;
/// A title of a section is not longer than this, characters.
const TITLE_CHARS_MAX: usize = 300;

/// The table that starts at the first line, and the number of lines it takes.
pub(super) fn table_at(lines: &[Line<'_>]) -> Option<(RoughTable, usize)> {
    let first = lines.first().filter(|line| is_row(line))?;
    let mut table = Tabbed::new(first);
    let mut used = 1;
    let mut at = 1;
    // Lines that belong to the table only if it goes on after them.
    let mut pending: Vec<&Line<'_>> = Vec::new();
    let mut torn = false;
    while let Some(line) = lines.get(at) {
        if is_row(line) {
            if table.takes(line, torn, !pending.is_empty()) {
                pending.drain(..).for_each(|line| table.add_pending(line));
                table.add(line);
                torn = false;
                used = at + 1;
            } else if pending.len() < PENDING_MAX && is_rest_of_row(line) {
                pending.push(line);
            } else {
                break;
            }
        } else if line.is_ruler() && pending.is_empty() {
            // A ruler ends nothing; one that no row follows is dropped with the table it underlines.
            used = at + 1;
        } else if line.is_blank() || line.is_page_number() {
            torn = true;
        } else if !torn && pending.is_empty() && goes_on(line.text) {
            table.continue_last(line);
            used = at + 1;
        } else if pending.len() < PENDING_MAX && line.text.chars().count() <= TITLE_CHARS_MAX {
            pending.push(line);
        } else {
            break;
        }
        at += 1;
    }
    (table.rows.len() > 1 && table.width > 1).then(|| (table.finish(first), used))
}

fn is_row(line: &Line<'_>) -> bool {
    // A tab that only indents a paragraph makes no row, but the row of a torn cell starts with tabs too.
    line.text.contains('\t') && !line.is_blank() && (!line.is_ruler() || line.text.contains('\t'))
}

/// One text behind tabs: the rest of a cell torn by a page break, or the first line of a paragraph.
fn is_rest_of_row(line: &Line<'_>) -> bool {
    line.text.starts_with('\t') && !line.text.trim().contains('\t')
}

struct Tabbed {
    width: usize,
    rows: Vec<RoughRow>,
    /// The first row, if it looks like a head; to tell a new head from a row that goes on.
    has_head: bool,
}

impl Tabbed {
    fn new(first: &Line<'_>) -> Self {
        let cells = cells(first.text);
        let mut table = Self { width: cells.len(), rows: Vec::new(), has_head: is_head(&cells) };
        table.add(first);
        table
    }

    /// Does a line with tabs belong to this table?
    fn takes(&self, line: &Line<'_>, torn: bool, after_title: bool) -> bool {
        if line.is_ruler() {
            return true;
        }
        let cells = cells(line.text);
        let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let lone = cells.iter().filter(|cell| !cell.trim().is_empty()).count() == 1;
        if after_title {
            // Two columns are a passport or a list of criteria: what follows a title is another table.
            let sectioned = self.width > 2 && cells.len() == self.width;
            return sectioned && !(self.has_head && is_head(&cells));
        }
        if torn {
            return cells.len() == self.width || (lone && cells.len() < self.width && cells.len() > 2);
        }
        // Rows side by side: editors strip tabs at line ends, and some leave too many of them.
        filled <= self.width || self.rows.len() == 1
    }

    fn add(&mut self, line: &Line<'_>) {
        if line.is_ruler() {
            return;
        }
        let mut cells = cells(line.text);
        while cells.len() > self.width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        self.width = self.width.max(cells.len());
        self.rows.push(rough_row(&line.place, cells));
    }

    /// A line that turned out to stand inside the table: the rest of a row, or the title of a section.
    fn add_pending(&mut self, line: &Line<'_>) {
        if is_rest_of_row(line) {
            self.add(line);
        } else {
            self.rows.push(section_row(&line.place, line.text, self.width));
        }
    }

    /// A line without tabs right below a row, in small letters: the last cell goes on.
    fn continue_last(&mut self, line: &Line<'_>) {
        let last = self.rows.last_mut().and_then(|row| row.cells.last_mut());
        if let Some(cell) = last {
            cell.text = format!("{} {}", cell.text, super::markup::strip(line.text).text);
        }
    }

    fn finish(mut self, first: &Line<'_>) -> RoughTable {
        for row in &mut self.rows {
            let full: u32 = row.cells.iter().map(|cell| cell.column_span.max(1)).sum();
            let missing = u32::try_from(self.width).unwrap_or(u32::MAX).saturating_sub(full);
            row.cells.extend((0..missing).map(|_| RoughCell::new("")));
        }
        RoughTable { place: first.place.clone(), rows: self.rows }
    }
}

fn cells(text: &str) -> Vec<&str> {
    text.split('\t').collect()
}

/// A row that looks like a head: every cell has a few words and no digits, and none is a sentence.
fn is_head(cells: &[&str]) -> bool {
    cells.iter().all(|cell| {
        let cell = cell.trim();
        !cell.is_empty()
            && cell.chars().count() <= 60
            && !cell.chars().any(|c| c.is_ascii_digit())
            && !cell.ends_with(['.', ';', ','])
    })
}
