//! What do the lines above a table, and the first row of it, say of what the table is?

use std::ops::Range;

use opora_neutral::{Block, Cell, Document, Paragraph, Row, Table};

use super::columns::{self, Layout};
use super::numbering::{leading_number, row_number};
use super::{is_stamp, parties, plans};
use crate::text::{begins_with, fold, words};

/// What the lines between the table before and this one say of the annex.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Annex {
    /// Another annex begins: its stamp stands here, and not as the running head of a page.
    pub begins: bool,
    /// A line says that this is a list, a schedule of visits or a form, and names no plan.
    pub is_list: bool,
    /// That line says that it is a form to fill in.
    pub is_form: bool,
}

/// Nouns that the title of a list begins with.
const LIST_NOUNS: [&str; 11] = [
    "список",
    "списки",
    "состав",
    "график",
    "расписани",
    "перечень",
    "реестр",
    "закреплени",
    "распределени",
    "сведени",
    "контакт",
];
/// Nouns that the title of a form begins with.
const FORM_NOUNS: [&str; 5] = ["форма", "отчет", "анкета", "образец", "шаблон"];
/// A title of a list is not longer, in characters.
const TITLE_LENGTH: usize = 250;

impl Annex {
    /// Reads the paragraphs of a document before a table.
    pub fn above(document: &Document, between: Range<usize>) -> Self {
        let mut annex = Self::default();
        for at in between.clone() {
            let Some(Block::Paragraph(paragraph)) = document.blocks.get(at) else { continue };
            let text = paragraph.text.trim();
            if is_stamp(text) {
                let same = |other: &str| fold(other) == fold(text);
                let runs = document
                    .blocks
                    .iter()
                    .take(between.start)
                    .any(|block| matches!(block, Block::Paragraph(earlier) if same(earlier.text.trim())));
                annex.begins |= !runs;
            }
            let folded = fold(text);
            let first = words(&folded).next().unwrap_or_default();
            let begins = |nouns: &[&str]| nouns.iter().any(|noun| begins_with(first, noun));
            if text.chars().count() > TITLE_LENGTH || leading_number(text).is_some() || text.ends_with(';') {
                continue;
            }
            if plans::names_a_plan(text) {
                // The nearest title counts.
                (annex.is_list, annex.is_form) = (false, false);
            } else if begins(&LIST_NOUNS) || begins(&FORM_NOUNS) {
                (annex.is_list, annex.is_form) = (true, begins(&FORM_NOUNS));
            }
        }
        annex
    }

    /// The table is no plan because of what stands above it, although its head would do for one.
    pub fn excludes(self, layout: &Layout) -> bool {
        let of_activities = || {
            layout.heads.iter().any(|head| {
                let folded = fold(head);
                words(&folded).any(|word| begins_with(word, "мероприят"))
            })
        };
        self.is_form || (self.is_list && !of_activities())
    }
}

/// The document with every table divided where the stamp of an annex stands inside it, as text files without rules
/// between their tables have it; `None` where no table needs it.
pub(super) fn divided(document: &Document) -> Option<Document> {
    let has_stamp = |block: &Block| match block {
        Block::Table(table) => table.rows.iter().skip(1).any(|row| is_annex_row(row, table.width)),
        Block::Paragraph(_) => false,
    };
    if !document.blocks.iter().any(has_stamp) {
        return None;
    }
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in &document.blocks {
        match block {
            Block::Table(table) if has_stamp(block) => divide(table, &mut blocks),
            other => blocks.push(other.clone()),
        }
    }
    Some(Document { blocks, ..document.clone() })
}

fn divide(table: &Table, blocks: &mut Vec<Block>) {
    let mut open = Table { rows: Vec::new(), ..table.clone() };
    // Rows over the whole width right below the stamp are lines of it or the title of the annex.
    let mut in_heading = false;
    for row in &table.rows {
        in_heading = is_annex_row(row, table.width) || (in_heading && whole_row(row, table.width).is_some());
        if !in_heading {
            if open.rows.is_empty() {
                open.place = row.place.clone();
            }
            open.rows.push(row.clone());
            continue;
        }
        if !open.rows.is_empty() {
            blocks.push(Block::Table(Table { rows: std::mem::take(&mut open.rows), ..open.clone() }));
        }
        let cell = row.cells.iter().find(|cell| !cell.text.trim().is_empty());
        blocks.extend(cell.map(|cell| {
            let paragraph = Paragraph::new(cell.text.trim(), row.place.clone());
            Block::Paragraph(Paragraph { bold: cell.bold, ..paragraph })
        }));
    }
    if !open.rows.is_empty() {
        blocks.push(Block::Table(open));
    }
}

/// The text of a row that is one cell over the whole table.
fn whole_row(row: &Row, width: u32) -> Option<&str> {
    let mut filled = row.cells.iter().filter(|cell| !cell.text.trim().is_empty());
    // On a sheet a heading is often typed into the first cell without merging it with the others.
    let over = |cell: &&Cell| cell.column_span >= width || (row.place.sheet.is_some() && cell.column == 0);
    let only = filled.next().filter(over)?;
    filled.next().is_none().then(|| only.text.trim())
}

/// «Приложение 2»: a short row that begins an annex.
fn is_annex_row(row: &Row, width: u32) -> bool {
    whole_row(row, width).is_some_and(|text| {
        let folded = fold(text);
        folded.starts_with("приложение") && text.chars().count() <= 60
    })
}

/// A head is not longer in any cell, in characters.
const HEAD_LENGTH: usize = 60;

/// The first row of the table looks like a head, at least one cell of it is a head of plans, and it is no head that
/// makes a plan: the table has columns of its own.
pub(super) fn has_own_head(table: &Table) -> bool {
    let Some(row) = table.rows.iter().find(|row| !row.is_blank()) else { return false };
    let whole = row.cells.iter().map(|cell| cell.column_span).sum::<u32>() == table.width;
    let plain = |text: &str| {
        let text = text.trim();
        !text.is_empty()
            && text.chars().count() <= HEAD_LENGTH
            && !text.ends_with(['.', ';'])
            && !text.chars().any(|c| c.is_ascii_digit())
            && row_number(text).is_none()
            && parties::person(text).is_none()
    };
    let known = row.cells.iter().any(|cell| columns::is_known_head(&cell.text));
    whole && row.cells.len() >= 2 && known && row.cells.iter().all(|cell| plain(&cell.text))
}
