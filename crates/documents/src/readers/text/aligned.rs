//! Which lines are a table whose columns are only aligned by blanks?
//!
//! At least three lines must agree: a gutter is a run of two or more blanks at the same place with text on
//! both sides. Fewer lines are signatures and dates set wide.

use super::{Line, rough_row, section_row};
use crate::draft::{RoughRow, RoughTable};
use std::ops::Range;

/// As many lines have to agree on a gutter.
const AGREEING_MIN: usize = 3;
/// The columns of a table are settled after as many lines with gaps; a line that closes a gutter later is
/// the end of the table.
const SETTLING_LINES: usize = 6;
/// Blanks beyond this are not looked at for gutters, characters.
const LINE_CHARS_MAX: usize = 400;

/// The table that starts at the first line, and the number of lines it takes.
pub(super) fn table_at(lines: &[Line<'_>]) -> Option<(RoughTable, usize)> {
    let first = lines.first().filter(|line| has_gap(line))?;
    let head: Vec<Vec<char>> =
        block(lines).filter(|(_, gap)| *gap).take(SETTLING_LINES).map(|(line, _)| chars(line)).collect();
    let (mut ink, mut settled) = (Ink::default(), Vec::new());
    let (mut used, mut gapped) = (0, 0);
    for (at, (line, gap)) in block(lines).enumerate() {
        if !gap {
            continue;
        }
        let wider = ink.with(&chars(line));
        let gutters = agreed(wider.gutters(), &head);
        let closes = gapped >= AGREEING_MIN.min(head.len()) && gutters.is_empty();
        if closes || (gapped >= SETTLING_LINES && gutters.len() < settled.len()) {
            break;
        }
        (ink, settled) = (wider, gutters);
        gapped += 1;
        used = at + 1;
    }
    if gapped < AGREEING_MIN || settled.is_empty() {
        return None;
    }
    let width = settled.len() + 1;
    let rows = lines
        .iter()
        .take(used)
        .filter(|line| !line.is_blank() && !line.is_ruler() && !line.is_page_number())
        .map(|line| row(line, &settled, width))
        .collect();
    Some((RoughTable { place: first.place.clone(), rows }, used))
}

/// Lines up to where more than two in a row have no gap, each with whether it has one.
fn block<'l, 'a>(lines: &'l [Line<'a>]) -> impl Iterator<Item = (&'l Line<'a>, bool)> {
    let mut strangers = 0;
    lines.iter().map(|line| (line, has_gap(line))).take_while(move |(line, gap)| {
        if *gap {
            strangers = 0;
        } else if !line.is_ruler() {
            strangers += 1;
        }
        strangers <= 2 && !line.text.contains('\t')
    })
}

/// Gutters with text on both sides in enough of the first lines.
fn agreed(mut gutters: Vec<Range<usize>>, head: &[Vec<char>]) -> Vec<Range<usize>> {
    let has_text = |line: &Vec<char>, range: Range<usize>| {
        line.iter().skip(range.start).take(range.len()).any(|c| !c.is_whitespace())
    };
    let mut left_end = 0;
    gutters.retain(|gutter| {
        let both_sides = |line: &&Vec<char>| {
            has_text(line, left_end..gutter.start) && has_text(line, gutter.end..LINE_CHARS_MAX)
        };
        let keep = head.iter().filter(both_sides).count() >= AGREEING_MIN;
        if keep {
            left_end = gutter.end;
        }
        keep
    });
    gutters
}

/// Character columns in which some line has ink.
#[derive(Clone, Default)]
struct Ink(Vec<bool>);

impl Ink {
    fn with(&self, line: &[char]) -> Self {
        let mut ink = self.0.clone();
        ink.resize(ink.len().max(line.len()), false);
        ink.iter_mut().zip(line).for_each(|(ink, c)| *ink |= !c.is_whitespace());
        Self(ink)
    }

    /// Inner runs of two or more columns without ink.
    fn gutters(&self) -> Vec<Range<usize>> {
        let inked: Vec<usize> =
            (0..).zip(&self.0).filter(|(_, ink)| **ink).map(|(column, _)| column).collect();
        let pairs = inked.iter().zip(inked.iter().skip(1));
        pairs.filter(|(left, right)| *right - *left > 2).map(|(left, right)| left + 1..*right).collect()
    }
}

fn has_gap(line: &Line<'_>) -> bool {
    let text = line.text.trim();
    !line.is_ruler() && text.contains("  ") && !text.contains('\t')
}

fn chars(line: &Line<'_>) -> Vec<char> {
    line.text.trim_end().chars().take(LINE_CHARS_MAX).collect()
}

fn row(line: &Line<'_>, gutters: &[Range<usize>], width: usize) -> RoughRow {
    let chars: Vec<char> = line.text.chars().collect();
    let crosses = |gutter: &Range<usize>| {
        chars.iter().skip(gutter.start).take(gutter.len()).any(|c| !c.is_whitespace())
    };
    if gutters.iter().any(crosses) {
        return section_row(&line.place, line.text, width);
    }
    let starts = std::iter::once(0).chain(gutters.iter().map(|gutter| gutter.end));
    let ends = gutters.iter().map(|gutter| gutter.start).chain([usize::MAX]);
    let cells: Vec<String> = starts
        .zip(ends)
        .map(|(start, end)| chars.iter().skip(start).take(end.saturating_sub(start)).collect())
        .collect();
    rough_row(&line.place, cells.iter().map(String::as_str))
}
