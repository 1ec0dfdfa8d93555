//! Which tables stand on the sheets of a workbook?
//!
//! Cells are held sparsely: a sheet with one cell in each far corner must not take the memory of all between.

mod value;
mod workbook;

pub(crate) use value::iso_date;
pub(crate) use workbook::{read_xls, read_xlsx};

use crate::codes;
use crate::draft::{Draft, RoughCell, RoughRow, RoughTable};
use opora_neutral::{Paragraph, Place};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A sheet as a reader found it. Rows and columns count from zero.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// Cells with text by row and column.
    pub(crate) cells: BTreeMap<(u32, u32), SheetCell>,
    /// Merged areas: first row and column, last row and column.
    pub(crate) merged: Vec<((u32, u32), (u32, u32))>,
}

/// A cell with text.
pub(crate) struct SheetCell {
    pub(crate) text: String,
    pub(crate) bold: bool,
}

/// Adds the contents of a sheet: titles above and notes below as paragraphs, the rest as one table.
pub(crate) fn add(sheet: &Sheet, draft: &mut Draft<'_>) {
    if sheet.cells.is_empty() {
        return;
    }
    let place = Place { sheet: Some(sheet.name.clone()), ..Place::WHOLE };
    if sheet.hidden {
        draft.finding(codes::SHEET_HIDDEN.at(
            place.clone(),
            format!("Лист «{}» скрыт.", sheet.name),
            "Он прочитан вместе с остальными.",
            "Если он не относится к делу, удалите его из файла.",
        ));
    }
    let mut rows: BTreeMap<u32, BTreeMap<u32, &SheetCell>> = BTreeMap::new();
    for (&(row, column), cell) in &sheet.cells {
        rows.entry(row).or_default().insert(column, cell);
    }
    let rows: Vec<(u32, BTreeMap<u32, &SheetCell>)> = rows.into_iter().collect();
    let lone = |(_, cells): &&(u32, BTreeMap<u32, &SheetCell>)| cells.len() == 1;
    let above = rows.iter().take_while(lone).count();
    let (titles, rest) = rows.split_at(above);
    let below = notes_below(rest);
    let (body, notes) = rest.split_at(rest.len() - below);
    let paragraphs = |rows: &[(u32, BTreeMap<u32, &SheetCell>)], draft: &mut Draft<'_>| {
        for (row, cells) in rows {
            for (column, cell) in cells {
                let place = Place { row: Some(row + 1), column: Some(column + 1), ..place.clone() };
                let mut paragraph = Paragraph::new(cell.text.clone(), place);
                paragraph.bold = cell.bold;
                draft.paragraph(paragraph);
            }
        }
    };
    paragraphs(titles, draft);
    if !body.is_empty() {
        draft.table(table(sheet, body, &place));
    }
    paragraphs(notes, draft);
}

/// Rows of a single cell under a blank row at the end: signatures and notes, not the table.
fn notes_below(rows: &[(u32, BTreeMap<u32, &SheetCell>)]) -> usize {
    let tail = rows.iter().rev().take_while(|(_, cells)| cells.len() == 1).count();
    let start = rows.len() - tail;
    let pairs = rows.iter().zip(rows.iter().skip(1)).enumerate().skip(start.saturating_sub(1));
    let gap = pairs.filter(|(_, ((row, _), (next, _)))| next - row > 1).map(|(at, _)| at).next();
    gap.map_or(0, |at| rows.len() - at - 1)
}

fn table(sheet: &Sheet, body: &[(u32, BTreeMap<u32, &SheetCell>)], place: &Place) -> RoughTable {
    let columns: BTreeSet<u32> = body.iter().flat_map(|(_, cells)| cells.keys().copied()).collect();
    let numbers: Vec<u32> = body.iter().map(|(row, _)| *row).collect();
    let merging = Merging::new(sheet, &numbers, &columns);
    let rows = body
        .iter()
        .enumerate()
        .map(|(at, (row, cells))| {
            let cell = |&column: &u32| {
                let found = cells.get(&column);
                let (column_span, row_span) = merging.spans.get(&(at, column)).copied().unwrap_or((1, 1));
                RoughCell {
                    text: found.map(|cell| cell.text.clone()).unwrap_or_default(),
                    column: Some(column),
                    column_span,
                    row_span,
                    bold: found.is_some_and(|cell| cell.bold),
                }
            };
            let visible = columns.iter().filter(|&&column| !merging.covered.contains(&(at, column)));
            RoughRow {
                place: Place { row: Some(row + 1), ..place.clone() },
                cells: visible.map(cell).collect(),
            }
        })
        .collect();
    RoughTable { place: place.clone(), rows }
}

/// Merged areas in terms of the rows and columns that have text.
#[derive(Default)]
struct Merging {
    /// Column and row span of a merged area by its first cell.
    spans: HashMap<(usize, u32), (u32, u32)>,
    covered: HashSet<(usize, u32)>,
}

/// Merged areas cover no more cells than this, all together.
const COVERED_MAX: usize = 2_000_000;

impl Merging {
    fn new(sheet: &Sheet, rows: &[u32], columns: &BTreeSet<u32>) -> Self {
        let mut merging = Self::default();
        for &((top, left), (bottom, right)) in &sheet.merged {
            let first = rows.partition_point(|&row| row < top);
            let last = rows.partition_point(|&row| row <= bottom);
            let Some(&anchor) = columns.range(left..=right.max(left)).next() else { continue };
            if first >= last || merging.covered.contains(&(first, anchor)) {
                continue;
            }
            for at in first..last {
                let inside = columns.range(left..=right.max(left)).map(|&column| (at, column));
                merging.covered.extend(inside);
            }
            merging.covered.remove(&(first, anchor));
            let height = u32::try_from(last - first).unwrap_or(u32::MAX);
            merging.spans.insert((first, anchor), (right.max(anchor) - anchor + 1, height));
            if merging.covered.len() > COVERED_MAX {
                break;
            }
        }
        merging
    }
}
