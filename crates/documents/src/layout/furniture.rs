//! Which lines are page numbers and running heads, and no part of the text?
//!
//! They stand first or last on their page, in its margin, and are a lone number or the same on many pages.

use super::geometry::Area;
use super::lines::{Line, confidence};
use super::page::Sheet;
use opora_neutral::{Paragraph, Place};
use std::collections::HashMap;

/// The margin in which furniture stands: this share of the page's height, from the top and from the bottom.
const MARGIN: f64 = 0.12;
/// A running head is repeated on at least so many pages.
const REPEATED: usize = 3;

/// Takes page numbers and running heads off the pages.
pub fn set_aside(sheets: &mut [Sheet]) -> Vec<Paragraph> {
    let mut taken = Vec::new();
    for at_top in [true, false] {
        // A running head may stand over a page number: two rounds.
        for _ in 0..2 {
            take_round(sheets, at_top, &mut taken);
        }
    }
    taken.sort_by_key(|paragraph| paragraph.place.page);
    taken
}

fn take_round(sheets: &mut [Sheet], at_top: bool, taken: &mut Vec<Paragraph>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for sheet in sheets.iter() {
        if let Some(line) = outermost(sheet, at_top) {
            *counts.entry(pattern(&line.text())).or_default() += 1;
        }
    }
    let pages = sheets.len();
    for sheet in sheets.iter_mut() {
        let Some(line) = outermost(sheet, at_top) else { continue };
        let text = line.text();
        let repeats = counts.get(&pattern(&text)).copied().unwrap_or_default();
        let is_running = repeats >= REPEATED && repeats * 3 >= pages && pattern(&text).len() > 2;
        if is_page_number(&text, sheet.number, pages) || (is_running && stands_apart(sheet, at_top)) {
            let mut paragraph = Paragraph::new(text, Place::page(sheet.number));
            paragraph.confidence = confidence(line.words.iter());
            taken.push(paragraph);
            let index = if at_top { 0 } else { sheet.lines.len() - 1 };
            sheet.lines.remove(index);
        }
    }
}

/// The first or last line of a page when it stands in the margin, alone with nothing beyond it.
fn outermost(sheet: &Sheet, at_top: bool) -> Option<&Line> {
    let line = if at_top { sheet.lines.first() } else { sheet.lines.last() }?;
    let is_within = |area: &Area| {
        if at_top { area.bottom < sheet.height * MARGIN } else { area.top > sheet.height * (1.0 - MARGIN) }
    };
    let beyond_tables = sheet.table_areas().all(|area| {
        if at_top { line.area.bottom <= area.top + 2.0 } else { line.area.top >= area.bottom - 2.0 }
    });
    (is_within(&line.area) && beyond_tables).then_some(line)
}

/// White parts the outermost line from the text: the head of a table is repeated on each page, too.
fn stands_apart(sheet: &Sheet, at_top: bool) -> bool {
    let mut lines = sheet.lines.iter();
    let (outer, inner) =
        if at_top { (lines.next(), lines.next()) } else { (lines.next_back(), lines.next_back()) };
    let Some(outer) = outer else { return false };
    let gap = |inner: &Area| (inner.top - outer.area.bottom).max(outer.area.top - inner.bottom);
    inner.is_none_or(|inner| gap(&inner.area) > outer.size * 0.8)
}

/// The text with its numbers made equal: «Страница 3 из 9» is the same on each page.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => pattern.push(' '),
            '0'..='9' if pattern.ends_with('#') => {}
            '0'..='9' => pattern.push('#'),
            _ => pattern.extend(c.to_lowercase()),
        }
    }
    pattern
}

/// «7», «- 7 -», «стр. 7», «7 из 12»; a number that could not be one of a page is text.
fn is_page_number(text: &str, page: u32, pages: usize) -> bool {
    let pattern = pattern(text);
    let bare = pattern.trim_matches(|c: char| matches!(c, ' ' | '-' | '–' | '—' | '.' | '[' | ']' | '|'));
    let named = matches!(
        bare.replace(' ', "").as_str(),
        "стр.#" | "стр#" | "страница#" | "с.#" | "#из#" | "страница#из#" | "стр.#из#" | "#/#"
    );
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().unwrap_or(u32::MAX);
    // Numbering may start elsewhere: an annex goes on from its order.
    let is_near = number > 0 && number <= page + u32::try_from(pages).unwrap_or(u32::MAX).saturating_add(30);
    named || (bare == "#" && is_near)
}
