//! What does the source say? The neutral document with an anchor for each paragraph, row and cell.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};
use opora_cycle::vocabulary::{Activity, ActivityKey};
use opora_neutral::{Block, Cell, Document, Paragraph, Place, Role, Row};

use super::doubts::CONFIDENT;
use crate::web::assets::icon;

/// Most paragraphs and rows shown at once.
const MOST_LINES: usize = 500;
/// Lines shown before and after those that matter.
const AROUND: usize = 4;

/// A line of the document.
enum Line<'a> {
    Paragraph(&'a Paragraph),
    /// A row with the number of its table among the blocks.
    Row(usize, &'a Row),
}

/// Anchor of a place: the same for a field of the structure and for its cell in the source.
pub fn anchor(place: &Place) -> String {
    let mut anchor = "s".to_owned();
    let mut add = |letter: char, number: Option<u32>| {
        if let Some(number) = number {
            anchor.push_str(&format!("-{letter}{number}"));
        }
    };
    if place.table.is_none() && place.line.is_none() {
        add('p', place.page);
    }
    add('h', place.sheet.as_deref().map(hash));
    add('l', place.line);
    add('t', place.table);
    add('r', place.row);
    add('c', place.column);
    anchor
}

/// FNV-1a: sheets have names, anchors want something short.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The part of the document that the activities shown come from; from its start for the first page and to its end
/// for the last one.
pub fn pane(document: &Document, shown: &[&Activity], first: bool, last: bool) -> Markup {
    let lines = lines(document);
    let rows = activity_rows(shown);
    let mine = |line: &Line<'_>| match line {
        Line::Row(_, row) => rows.contains_key(&row_place(&row.place)),
        Line::Paragraph(paragraph) => rows.contains_key(&row_place(&paragraph.place)),
    };
    let from = if first { 0 } else { lines.iter().position(mine).unwrap_or(0).saturating_sub(AROUND) };
    let to = if last {
        lines.len()
    } else {
        lines.iter().rposition(mine).map_or(lines.len(), |at| at + AROUND + 1)
    };
    let to = to.clamp(from, lines.len()).min(from + MOST_LINES);
    let window = lines.get(from..to).unwrap_or_default();
    let mut ids = HashSet::new();
    html! {
        @if from > 0 { p.source-cut { "… выше: " (from) " строк источника" } }
        (body(window, &rows, &mut ids))
        @if to < lines.len() { p.source-cut { "… ниже: " (lines.len() - to) " строк источника" } }
    }
}

fn lines(document: &Document) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) => lines.push(Line::Paragraph(paragraph)),
            Block::Table(table) => lines.extend(table.rows.iter().map(|row| Line::Row(index, row))),
        }
    }
    lines
}

/// The rows that gave the activities.
fn activity_rows(shown: &[&Activity]) -> HashMap<Place, (ActivityKey, String)> {
    let mut rows = HashMap::new();
    for activity in shown {
        for cell in &activity.source {
            let name = activity.number.clone().unwrap_or_else(|| "мероприятие".to_owned());
            rows.entry(row_place(&cell.place)).or_insert((activity.key, name));
        }
    }
    rows
}

/// The place without its column, and without the page that a table row does not need.
fn row_place(place: &Place) -> Place {
    let page = if place.table.is_some() { None } else { place.page };
    Place { column: None, page, ..place.clone() }
}

type Rows = HashMap<Place, (ActivityKey, String)>;

fn body(lines: &[Line<'_>], rows: &Rows, ids: &mut HashSet<String>) -> Markup {
    let mut parts = Vec::new();
    let mut page = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let place = match line {
            Line::Paragraph(paragraph) => &paragraph.place,
            Line::Row(_, row) => &row.place,
        };
        if place.page.is_some() && place.page != page {
            page = place.page;
            parts.push(html! { @if let Some(page) = page { p.source-page { "стр. " (page) } } });
        }
        match line {
            Line::Paragraph(paragraph) => {
                parts.push(draw_paragraph(paragraph, ids));
                at += 1;
            }
            Line::Row(table, _) => {
                let own = lines
                    .iter()
                    .skip(at)
                    .take_while(|line| matches!(line, Line::Row(other, _) if other == table));
                let own: Vec<&Row> = own
                    .filter_map(|line| if let Line::Row(_, row) = line { Some(*row) } else { None })
                    .collect();
                at += own.len();
                parts.push(draw_table(&own, rows, ids));
            }
        }
    }
    html! { @for part in &parts { (part) } }
}

fn draw_paragraph(paragraph: &Paragraph, ids: &mut HashSet<String>) -> Markup {
    let class = match (paragraph.role, paragraph.bold, paragraph.centred) {
        (Role::Heading(_), _, true) | (_, true, true) => "bold centred",
        (Role::Heading(_), _, false) | (_, true, false) => "bold",
        (_, false, true) => "centred",
        _ => "",
    };
    html! {
        p id=[fresh(anchor(&paragraph.place), ids)] class={ "source-text " (class) (low(paragraph.confidence)) } {
            (paragraph.text) (doubt_mark(paragraph.confidence))
        }
    }
}

fn draw_table(table: &[&Row], rows: &Rows, ids: &mut HashSet<String>) -> Markup {
    html! {
        table.source-table {
            tbody {
                @for row in table {
                    tr id=[fresh(anchor(&row_place(&row.place)), ids)] {
                        @for cell in &row.cells { (draw_cell(cell, ids)) }
                        td.source-to {
                            @if let Some((key, number)) = rows.get(&row_place(&row.place)) {
                                a href={ "#activity-" (key.0) } aria-label={ "К мероприятию " (number) } { (icon("arrow-right")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn draw_cell(cell: &Cell, ids: &mut HashSet<String>) -> Markup {
    let span = |count: u32| (count > 1).then_some(count);
    html! {
        td id=[fresh(anchor(&cell.place), ids)] colspan=[span(cell.column_span)] rowspan=[span(cell.row_span)]
            class=[class(cell)] { (cell.text) (doubt_mark(cell.confidence)) }
    }
}

fn class(cell: &Cell) -> Option<&'static str> {
    match (cell.bold, cell.confidence.is_some_and(|confidence| confidence < CONFIDENT)) {
        (true, false) => Some("bold"),
        (_, true) => Some("low"),
        _ => None,
    }
}

fn low(confidence: Option<u8>) -> &'static str {
    if confidence.is_some_and(|confidence| confidence < CONFIDENT) { " low" } else { "" }
}

/// Recognised text that may be wrong is marked by a word, not by its colour alone.
fn doubt_mark(confidence: Option<u8>) -> Markup {
    html! {
        @if let Some(confidence) = confidence.filter(|confidence| *confidence < CONFIDENT) {
            " " span.low-mark title={ "распознано неуверенно: " (confidence) " %" } { "? " (confidence) " %" }
        }
    }
}

/// The anchor if nothing on the page has it yet.
fn fresh(anchor: String, ids: &mut HashSet<String>) -> Option<String> {
    (anchor != "s" && ids.insert(anchor.clone())).then_some(anchor)
}
