//! How wide should each column of a table be?

use opora_neutral::Table;

/// No column is narrower or wider than this, characters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// Widths of the columns in characters, by the texts of the cells that cover one column.
pub(super) fn widths(table: &Table) -> Vec<usize> {
    let mut widths = vec![NARROWEST; table.width as usize];
    for cell in table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.column_span == 1) {
        let chars = cell.text.chars().count();
        let word = cell.text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        // Long texts wrap to several lines: their column need not be as long as they are.
        let wanted = word.max(chars.min(20 + chars / 8)).clamp(NARROWEST, WIDEST);
        if let Some(width) = widths.get_mut(cell.column as usize) {
            *width = (*width).max(wanted);
        }
    }
    widths
}
