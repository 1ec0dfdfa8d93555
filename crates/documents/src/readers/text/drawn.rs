//! Which lines are a table drawn with pipes or box-drawing signs?

use super::{Line, rough_row, section_row};
use crate::draft::{RoughRow, RoughTable};

/// If these many lines have a single cell each, it is no table.
const HEAD_LINES: usize = 12;

/// The table that starts at the first line, and the number of lines it takes.
pub(super) fn table_at(lines: &[Line<'_>]) -> Option<(RoughTable, usize)> {
    let first = lines.first().filter(|line| is_drawn(line))?;
    // A look at the start is enough to say no; looking further each time would be quadratic.
    let head = lines.iter().take(HEAD_LINES).take_while(|line| is_drawn(line));
    if head.filter(|line| !line.is_ruler()).all(|line| cells(line.text).len() < 2) {
        return None;
    }
    let used = lines.iter().take_while(|line| is_drawn(line)).count();
    let drawn = lines.get(..used)?;
    let rows: Vec<&Line<'_>> = drawn.iter().filter(|line| !line.is_ruler()).collect();
    let width = rows.iter().map(|line| cells(line.text).len()).max()?;
    let framed = drawn.iter().filter(|line| line.is_ruler()).count();
    // Two lines with a pipe may be prose; a ruler or a third line makes it a table.
    if width < 2 || rows.len() + framed < 3 || rows.is_empty() {
        return None;
    }
    let rows = if is_ruled_by_row(drawn) { ruled_rows(drawn, width) } else { plain_rows(&rows, width) };
    Some((RoughTable { place: first.place.clone(), rows }, used))
}

fn is_side(c: char) -> bool {
    matches!(c, '|' | '│' | '┃' | '║' | '¦')
}

fn is_drawn(line: &Line<'_>) -> bool {
    let text = line.text.trim();
    let sides = text.chars().filter(|&c| is_side(c)).count();
    let framed = text.starts_with(is_side) && sides >= 2;
    let open = sides >= 1 && !text.starts_with(is_side);
    let corner = text.starts_with(['+', '┌', '├', '└', '╔', '╠', '╚', '╟', '╒', '╞', '┏', '┣', '┗']);
    framed || open || (line.is_ruler() && (corner || sides >= 1))
}

fn cells(text: &str) -> Vec<&str> {
    let text = text.trim();
    let text = text.strip_prefix(is_side).unwrap_or(text);
    let text = text.strip_suffix(is_side).unwrap_or(text);
    text.split(is_side).map(str::trim).collect()
}

/// Rulers between rows, and not only around the head: then what stands between two rulers is one row.
fn is_ruled_by_row(drawn: &[Line<'_>]) -> bool {
    let last = drawn.iter().rposition(|line| !line.is_ruler()).unwrap_or(0);
    let first = drawn.iter().position(|line| !line.is_ruler()).unwrap_or(0);
    let inner = drawn.get(first..last).unwrap_or_default();
    inner.iter().filter(|line| line.is_ruler()).count() >= 2
}

fn ruled_rows(drawn: &[Line<'_>], width: usize) -> Vec<RoughRow> {
    drawn
        .split(|line| line.is_ruler())
        .filter_map(|group| {
            let first = group.first()?;
            let mut texts = vec![String::new(); group.iter().map(|line| cells(line.text).len()).max()?];
            for line in group {
                for (text, piece) in texts.iter_mut().zip(cells(line.text)) {
                    if !text.is_empty() && !piece.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(piece);
                }
            }
            Some(row(first, texts.iter().map(String::as_str).collect(), width))
        })
        .collect()
}

fn plain_rows(rows: &[&Line<'_>], width: usize) -> Vec<RoughRow> {
    rows.iter().map(|line| row(line, cells(line.text), width)).collect()
}

fn row(line: &Line<'_>, cells: Vec<&str>, width: usize) -> RoughRow {
    match cells.as_slice() {
        [title] => section_row(&line.place, title, width),
        _ => rough_row(&line.place, cells),
    }
}
