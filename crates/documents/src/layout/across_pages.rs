//! Which tables and paragraphs go on from one page to the next?
//!
//! A table goes on when nothing but page furniture stands between its parts and their columns agree. A row
//! that the page break has cut is joined only when that is certain; otherwise both halves stay rows, and the
//! second one has an empty first cell.

use super::hyphens::Hyphens;
use super::lines::is_item_number;
use super::page::{PartRow, Piece, TablePart};
use super::paragraphs::Flow;
use opora_neutral::{Block, Cell, Paragraph, Place, Row, Table};

/// Column edges agree within this share of the table's width.
const TOLERANCE: f64 = 0.015;
/// The head of a table that is repeated on each page has at most so many rows.
const MOST_HEAD_ROWS: usize = 3;
/// A section title is shorter than this, characters.
const LONGEST_TITLE: usize = 160;

/// Joins the pieces of all pages into blocks with their places.
pub fn join(pages: Vec<Vec<Piece>>, hyphens: &Hyphens) -> Vec<Block> {
    let mut pieces: Vec<Piece> = Vec::new();
    for page in pages {
        for (index, piece) in page.into_iter().enumerate() {
            let rest = match pieces.last_mut() {
                Some(before) if index == 0 => join_piece(before, piece, hyphens),
                _ => Some(piece),
            };
            pieces.extend(rest);
        }
    }
    let mut blocks = Vec::new();
    let mut tables = 0;
    for piece in join_over_titles(pieces, hyphens) {
        match piece {
            Piece::Paragraph(flow) => blocks.push(Block::Paragraph(flow.paragraph)),
            Piece::Table(part) if is_lone(&part) => blocks.extend(dissolved(part)),
            Piece::Table(part) => {
                tables += 1;
                blocks.push(Block::Table(placed(part, tables)));
            }
        }
    }
    blocks
}

/// Joins tables of the same columns with the section title between them, which becomes a row of its own: a
/// word processor draws such a title without borders. The second table must go on with item numbers.
fn join_over_titles(pieces: Vec<Piece>, hyphens: &Hyphens) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        let tail = joined.len().checked_sub(2).and_then(|start| joined.get(start..));
        let is_section = match (tail, &piece) {
            (Some([Piece::Table(table), Piece::Paragraph(title)]), Piece::Table(next)) => {
                is_section_title(table, &title.paragraph, next)
            }
            _ => false,
        };
        match (is_section.then(|| joined.pop()).flatten(), piece) {
            (Some(Piece::Paragraph(title)), Piece::Table(next)) => {
                let mut rest = None;
                if let Some(Piece::Table(table)) = joined.last_mut() {
                    table.rows.push(title_row(title.paragraph, table.xs.len()));
                    rest = join_table(table, next, hyphens);
                }
                joined.extend(rest.map(Piece::Table));
            }
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

fn is_section_title(table: &TablePart, title: &Paragraph, next: &TablePart) -> bool {
    let numbered = next.rows.first().and_then(|row| row.cells.first()).is_some_and(|cell| {
        cell.column_span == 1 && (is_item_number(&cell.text) || cell.text.parse::<u16>().is_ok())
    });
    let is_short = title.text.chars().count() <= LONGEST_TITLE && !title.text.ends_with([':', ';', '.']);
    table.is_ruled && table.xs.len() > 3 && numbered && is_short && common_edges(table, next).is_some()
}

fn title_row(title: Paragraph, edges: usize) -> PartRow {
    let mut cell = Cell::new(title.text, 0, Place::WHOLE);
    cell.column_span = u32::try_from(edges.saturating_sub(1)).unwrap_or(1);
    (cell.bold, cell.confidence) = (title.bold, title.confidence);
    PartRow { page: title.place.page.unwrap_or_default(), cells: vec![cell] }
}

/// A table with text in one cell only: a form's underline, a frame with a tail.
fn is_lone(part: &TablePart) -> bool {
    part.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.text.is_empty()).count() < 2
}

fn dissolved(part: TablePart) -> impl Iterator<Item = Block> {
    part.rows.into_iter().flat_map(|row| {
        let page = row.page;
        row.cells.into_iter().filter(|cell| !cell.text.is_empty()).map(move |cell| {
            let mut paragraph = Paragraph::new(cell.text, Place::page(page));
            (paragraph.bold, paragraph.confidence) = (cell.bold, cell.confidence);
            Block::Paragraph(paragraph)
        })
    })
}

/// Gives the piece back when it does not go on from the one before.
fn join_piece(before: &mut Piece, piece: Piece, hyphens: &Hyphens) -> Option<Piece> {
    match (before, piece) {
        (Piece::Table(table), Piece::Table(next)) => join_table(table, next, hyphens).map(Piece::Table),
        (Piece::Paragraph(open), Piece::Paragraph(next)) if goes_on(open, &next) => {
            hyphens.append(&mut open.paragraph.text, &next.paragraph.text);
            open.paragraph.confidence = open.paragraph.confidence.min(next.paragraph.confidence);
            open.room = next.room;
            None
        }
        (_, piece) => Some(piece),
    }
}

/// The paragraph is cut by the page break: its last line is full, and it goes on in small letters.
fn goes_on(open: &Flow, next: &Flow) -> bool {
    open.room < next.first_word
        && open.paragraph.bold == next.paragraph.bold
        && !open.paragraph.text.ends_with(['.', ';', ':', '!', '?'])
        && next.paragraph.text.starts_with(char::is_lowercase)
}

fn join_table(table: &mut TablePart, mut next: TablePart, hyphens: &Hyphens) -> Option<TablePart> {
    let Some(edges) = common_edges(table, &next) else { return Some(next) };
    remap(table, &edges);
    remap(&mut next, &edges);
    let repeated = repeated_head(&table.rows, &next.rows);
    let mut rows = next.rows.into_iter().skip(repeated);
    if let Some(first) = rows.next() {
        match table.rows.last_mut() {
            Some(last) if is_cut_row(last, &first) => join_rows(last, first, hyphens),
            _ => table.rows.push(first),
        }
    }
    table.rows.extend(rows);
    None
}

/// The edges of both tables together, in the measure of the first, when those of one are among those of the
/// other: a page with only joined cells shows fewer of them.
fn common_edges(table: &TablePart, next: &TablePart) -> Option<Vec<f64>> {
    if table.is_ruled != next.is_ruled {
        return None;
    }
    let (left, right) = (*table.xs.first()?, *table.xs.last()?);
    let (next_left, next_right) = (*next.xs.first()?, *next.xs.last()?);
    let (width, next_width) = (right - left, next_right - next_left);
    let tolerance = width * TOLERANCE + 1.0;
    if !table.is_ruled {
        // Without rulings the right edge is only where the longest line happens to end.
        let same = table.xs.len() == next.xs.len() && {
            let pairs = table.xs.iter().zip(&next.xs).take(table.xs.len() - 1);
            pairs.into_iter().all(|(a, b)| (a - b).abs() <= tolerance * 1.5)
        };
        return same.then(|| table.xs.clone());
    }
    if (width - next_width).abs() > width * 0.04 || next_width <= 0.0 {
        return None;
    }
    let scaled: Vec<f64> = next.xs.iter().map(|x| left + (x - next_left) * width / next_width).collect();
    let among = |few: &[f64], many: &[f64]| {
        few.iter().all(|x| many.iter().any(|other| (x - other).abs() <= tolerance))
    };
    if among(&scaled, &table.xs) {
        Some(table.xs.clone())
    } else if among(&table.xs, &scaled) {
        Some(scaled)
    } else {
        None
    }
}

/// Puts the cells of a table on other column edges.
fn remap(table: &mut TablePart, edges: &[f64]) {
    let (Some(&left), Some(&right)) = (table.xs.first(), table.xs.last()) else { return };
    let (Some(&new_left), Some(&new_right)) = (edges.first(), edges.last()) else { return };
    let is_same = table.xs.len() == edges.len();
    let scale = if right > left { (new_right - new_left) / (right - left) } else { 1.0 };
    let index = |column: u32| -> u32 {
        let Some(x) = table.xs.get(column as usize).filter(|_| !is_same) else { return column };
        let x = new_left + (x - left) * scale;
        let nearest = edges.iter().enumerate().min_by(|a, b| (a.1 - x).abs().total_cmp(&(b.1 - x).abs()));
        nearest.map_or(column, |(index, _)| u32::try_from(index).unwrap_or(column))
    };
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        let end = index(cell.column + cell.column_span);
        cell.column = index(cell.column);
        cell.column_span = end.saturating_sub(cell.column).max(1);
    }
    table.xs = edges.to_vec();
}

/// Number of rows at the start of the next part that only repeat the head of the table.
fn repeated_head(rows: &[PartRow], next: &[PartRow]) -> usize {
    let repeats = |(a, b): &(&PartRow, &PartRow)| same_row(a, b);
    // A head of two rows may be repeated by its second one only, the row of column numbers.
    (0..MOST_HEAD_ROWS)
        .map(|skip| rows.iter().skip(skip).take(MOST_HEAD_ROWS - skip).zip(next).take_while(repeats).count())
        .max()
        .unwrap_or_default()
}

fn same_row(a: &PartRow, b: &PartRow) -> bool {
    let filled = a.cells.iter().filter(|cell| !cell.text.is_empty()).count();
    filled > 1
        && a.cells.len() == b.cells.len()
        && a.cells.iter().zip(&b.cells).all(|(a, b)| a.column == b.column && same_text(a, b))
}

/// The same text; nearly the same where it was recognised.
fn same_text(a: &Cell, b: &Cell) -> bool {
    let letters = |cell: &Cell| -> Vec<char> {
        cell.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (a_letters, b_letters) = (letters(a), letters(b));
    if a_letters == b_letters {
        return true;
    }
    if a.confidence.is_none() || b.confidence.is_none() {
        return false;
    }
    let pairs = |letters: &[char]| letters.windows(2).map(<[char]>::to_vec).collect::<Vec<_>>();
    let (a_pairs, mut b_pairs) = (pairs(&a_letters), pairs(&b_letters));
    let total = a_pairs.len() + b_pairs.len();
    let mut shared = 0;
    for pair in a_pairs {
        if let Some(index) = b_pairs.iter().position(|other| *other == pair) {
            b_pairs.swap_remove(index);
            shared += 1;
        }
    }
    shared * 2 * 5 >= total * 4 && total > 0
}

/// The row was certainly cut by the page break: its first cell goes on empty, something goes on in the middle
/// of a sentence, and nothing starts that was empty before.
fn is_cut_row(last: &PartRow, first: &PartRow) -> bool {
    let opens = last.cells.first().is_some_and(|cell| !cell.text.is_empty());
    let is_empty_first = first.cells.first().is_some_and(|cell| cell.column == 0 && cell.text.is_empty());
    let same_cells = last.cells.len() == first.cells.len()
        && last
            .cells
            .iter()
            .zip(&first.cells)
            .all(|(a, b)| a.column == b.column && a.column_span == b.column_span)
        && first.cells.iter().all(|cell| cell.row_span == 1);
    let going_on: Vec<(&Cell, &Cell)> =
        last.cells.iter().zip(&first.cells).filter(|(_, b)| !b.text.is_empty()).collect();
    let is_unfinished = |(a, b): &(&Cell, &Cell)| {
        b.text.starts_with(char::is_lowercase)
            && !a.text.is_empty()
            && !a.text.ends_with(['.', ';', '!', '?'])
    };
    let all_started = going_on.iter().all(|(a, _)| !a.text.is_empty());
    opens && is_empty_first && same_cells && all_started && going_on.iter().any(is_unfinished)
}

fn join_rows(last: &mut PartRow, first: PartRow, hyphens: &Hyphens) {
    for (cell, rest) in last.cells.iter_mut().zip(first.cells) {
        if !rest.text.is_empty() {
            hyphens.append(&mut cell.text, &rest.text);
            cell.bold &= rest.bold;
            cell.confidence = cell.confidence.min(rest.confidence);
        }
    }
}

/// The table with page, table, row and column numbers, all from one.
fn placed(part: TablePart, number: u32) -> Table {
    let width = u32::try_from(part.xs.len().saturating_sub(1)).unwrap_or(1);
    let rows: Vec<Row> = (1u32..)
        .zip(part.rows)
        .map(|(index, row)| {
            let place = Place { table: Some(number), row: Some(index), ..Place::page(row.page) };
            let cells = row
                .cells
                .into_iter()
                .map(|cell| Cell { place: Place { column: Some(cell.column + 1), ..place.clone() }, ..cell })
                .collect();
            Row { place, cells }
        })
        .collect();
    let page = rows.first().and_then(|row| row.place.page);
    Table { place: Place { page, table: Some(number), ..Place::WHOLE }, width, rows }
}
