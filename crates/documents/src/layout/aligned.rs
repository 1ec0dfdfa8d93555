//! Which lines without rulings are the rows of a table, because their text is aligned in columns?
//!
//! A gutter is a vertical stripe of white that lines leave free. A wide one is believed after three lines, a
//! narrow one only after several more: spaces of running text line up by chance, but not for long. Words of
//! the head are not looked at. Lists and signatures have gutters, too; they are told apart.

use super::geometry::{Area, median};
use super::hyphens::Hyphens;
use super::lines::{Line, is_item_number, marker};
use super::page::{PartRow, TablePart, read_cell};

/// A stripe of so many font sizes is a wide gutter.
const WIDE: f64 = 0.9;
/// A stripe of so many font sizes is a gutter at all.
const NARROW: f64 = 0.3;
/// Lines with text on both sides that make a wide gutter credible.
const LINES_FOR_WIDE: usize = 3;
/// The same for a narrow one.
const LINES_FOR_NARROW: usize = 7;
/// So many lines across the gutters may follow each other between rows: a section title.
const MOST_CROSSING: usize = 2;
/// A title over a table may hide its start by so many lines.
const LOOK_AHEAD: usize = 4;

/// White from one `x` to another.
pub type Stripe = (f64, f64);

/// Neighbouring lines of one kind.
#[derive(Debug)]
pub enum Stretch {
    /// Running text.
    Lines(Vec<Line>),
    /// A table by alignment.
    Table(AlignedTable),
}

/// A table found by alignment: its lines and the gutters between its columns.
#[derive(Debug)]
pub struct AlignedTable {
    lines: Vec<Line>,
    /// Gutters between the columns, from the left.
    pub gutters: Vec<Stripe>,
}

/// Cuts lines into running text and tables. `before` are the gutters of a table that the page before ended
/// with: a few last rows of it would not show them by themselves.
pub fn stretches(mut lines: Vec<Line>, before: Option<&[Stripe]>) -> Vec<Stretch> {
    let mut found = Vec::new();
    if let Some(gutters) = before {
        let count = going_on(&lines, gutters);
        if count > 0 {
            let rest = lines.split_off(count);
            found.push(Stretch::Table(AlignedTable { lines, gutters: gutters.to_vec() }));
            lines = rest;
        }
    }
    let mut text: Vec<Line> = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let rest = lines.get(start..).unwrap_or_default();
        match best_table(rest) {
            Some((skip, end, gutters)) => {
                text.extend(rest.get(..skip).unwrap_or_default().iter().cloned());
                if !text.is_empty() {
                    found.push(Stretch::Lines(std::mem::take(&mut text)));
                }
                let lines = rest.get(skip..end).unwrap_or_default().to_vec();
                found.push(Stretch::Table(AlignedTable { lines, gutters }));
                start += end;
            }
            None => {
                text.extend(rest.first().cloned());
                start += 1;
            }
        }
    }
    if !text.is_empty() {
        found.push(Stretch::Lines(text));
    }
    found
}

/// Number of first lines that keep to the gutters of the page before.
fn going_on(lines: &[Line], gutters: &[Stripe]) -> usize {
    let (mut end, mut crossing) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        let above = index.checked_sub(1).and_then(|above| lines.get(above));
        if above.is_some_and(|above| line.area.top - above.area.bottom > line.size * 3.0) {
            break;
        }
        if crosses(line, gutters) {
            crossing += 1;
            if crossing > MOST_CROSSING {
                break;
            }
        } else if gutters.iter().any(|gutter| is_on_both_sides(line, gutter)) || crossing == 0 {
            crossing = 0;
            end = index + 1;
        }
    }
    let table = lines.get(..end).unwrap_or_default();
    let supported = |gutter: &Stripe| table.iter().any(|line| is_on_both_sides(line, gutter));
    if gutters.iter().filter(|gutter| supported(gutter)).count() * 2 > gutters.len() { end } else { 0 }
}

/// The table that starts with the first line, or a richer one that starts a few lines later: what is skipped
/// before it, its end, its gutters.
fn best_table(lines: &[Line]) -> Option<(usize, usize, Vec<Stripe>)> {
    let (mut end, mut gutters) = table_at(lines)?;
    let mut skip = 0;
    for later in 1..LOOK_AHEAD.min(lines.len()) {
        if let Some((later_end, richer)) = lines.get(later..).and_then(table_at)
            && later + later_end >= end
            && richer.len() > gutters.len()
        {
            (skip, end, gutters) = (later, later + later_end, richer);
        }
    }
    Some((skip, end, gutters))
}

/// Number of lines of a table that starts with the first of the lines, and its gutters.
fn table_at(lines: &[Line]) -> Option<(usize, Vec<Stripe>)> {
    let first = lines.first()?;
    let mut stripes = narrowed(&[(f64::NEG_INFINITY, f64::INFINITY)], first);
    let (mut end, mut crossing, mut widest_gap) = (1, 0, 0.0_f64);
    for (index, line) in lines.iter().enumerate().skip(1) {
        let seen = lines.get(..index)?;
        let gap = line.area.top - seen.last()?.area.bottom;
        let most = if index < 4 { line.size * 3.0 } else { (line.size * 1.6).max(widest_gap * 2.2) };
        if gap > most {
            break;
        }
        let kept = narrowed(&stripes, line);
        let dies =
            |stripe: &&Stripe| is_strong(stripe, seen) && !kept.iter().any(|k| overlap(k, stripe) > 0.0);
        if stripes.iter().any(|stripe| dies(&stripe)) {
            crossing += 1;
            if crossing > MOST_CROSSING {
                break;
            }
            continue;
        }
        widest_gap = widest_gap.max(gap);
        stripes = kept;
        crossing = 0;
        end = index + 1;
        if index >= 3 && !stripes.iter().any(|stripe| stripe.0.is_finite() && stripe.1.is_finite()) {
            break;
        }
    }
    let table = lines.get(..end)?;
    let gutters: Vec<Stripe> = stripes.into_iter().filter(|stripe| is_credible(stripe, table)).collect();
    let starts = first_row_is_whole(lines, &gutters);
    (starts && is_table(table, &gutters)).then_some((end, gutters))
}

/// A table does not start with a line in one column only, unless the next one stands half beside it: then
/// cells are centred between the edges of their row.
fn first_row_is_whole(lines: &[Line], gutters: &[Stripe]) -> bool {
    let [first, rest @ ..] = lines else { return false };
    let is_beside = rest.first().is_some_and(|next| next.area.top < first.area.bottom - first.size * 0.25);
    is_beside || gutters.iter().any(|gutter| is_on_both_sides(first, gutter))
}

fn overlap(a: &Stripe, b: &Stripe) -> f64 {
    a.1.min(b.1) - a.0.max(b.0)
}

/// What the words of a line leave of stripes of white.
fn narrowed(stripes: &[Stripe], line: &Line) -> Vec<Stripe> {
    let least = line.size * NARROW;
    let mut left: Vec<Stripe> = stripes.to_vec();
    for word in &line.words {
        let (start, end) = (word.area.left, word.area.right);
        left = left
            .into_iter()
            .flat_map(|(from, to)| {
                if end <= from || start >= to {
                    [Some((from, to)), None]
                } else {
                    [Some((from, start)), Some((end, to))]
                }
            })
            .flatten()
            .filter(|(from, to)| to - from >= least)
            .collect();
    }
    left
}

fn is_on_both_sides(line: &Line, (from, to): &Stripe) -> bool {
    line.area.left < *from && line.area.right > *to
}

/// The line runs across a gutter.
fn crosses(line: &Line, gutters: &[Stripe]) -> bool {
    let covers = |(from, to): &Stripe| {
        let middle = f64::midpoint(*from, *to);
        line.words.iter().any(|word| word.area.left < middle - 0.5 && word.area.right > middle + 0.5)
    };
    gutters.iter().any(covers)
}

fn support(stripe: &Stripe, lines: &[Line]) -> usize {
    lines.iter().filter(|line| is_on_both_sides(line, stripe)).count()
}

/// Credible enough already that a line across it is taken for a title between rows.
fn is_strong(stripe: &Stripe, lines: &[Line]) -> bool {
    let size = lines.first().map_or(10.0, |line| line.size);
    let least = if stripe.1 - stripe.0 >= size * WIDE { LINES_FOR_WIDE - 1 } else { LINES_FOR_NARROW };
    stripe.0.is_finite() && stripe.1.is_finite() && support(stripe, lines) >= least
}

fn is_credible(stripe: &Stripe, lines: &[Line]) -> bool {
    let size = median(lines.iter().map(|line| line.size).collect(), 10.0);
    let least = if stripe.1 - stripe.0 >= size * WIDE { LINES_FOR_WIDE } else { LINES_FOR_NARROW };
    stripe.0.is_finite() && stripe.1.is_finite() && support(stripe, lines) >= least
}

/// Columns start, end or are centred at common places, and it is no list whose markers stand apart.
fn is_table(lines: &[Line], gutters: &[Stripe]) -> bool {
    if gutters.is_empty() {
        return false;
    }
    let mut columns: Vec<Vec<Line>> = vec![Vec::new(); gutters.len() + 1];
    for line in lines.iter().filter(|line| !crosses(line, gutters)) {
        for (column, part) in columns.iter_mut().zip(parts(line, gutters)) {
            column.extend(part);
        }
    }
    let size = median(lines.iter().map(|line| line.size).collect(), 10.0);
    let is_steady = |column: &Vec<Line>| {
        let steady = |edge: fn(&Area) -> f64| {
            let middle = median(column.iter().map(|part| edge(&part.area)).collect(), 0.0);
            let near = column.iter().filter(|part| (edge(&part.area) - middle).abs() <= size * 0.4);
            near.count() * 2 > column.len()
        };
        steady(|a| a.left) || steady(|a| a.right) || steady(Area::middle_x)
    };
    let is_marker = |part: &Line| {
        let text = part.text();
        is_item_number(&text) || marker(&format!("{text} x")).is_some()
    };
    let is_list = gutters.len() == 1 && columns.first().is_some_and(|column| column.iter().all(is_marker));
    columns.iter().skip(1).all(is_steady) && !is_list
}

/// The words of a line by columns.
fn parts(line: &Line, gutters: &[Stripe]) -> Vec<Option<Line>> {
    let mut words = vec![Vec::new(); gutters.len() + 1];
    for word in &line.words {
        let column =
            gutters.iter().filter(|(from, to)| word.area.middle_x() > f64::midpoint(*from, *to)).count();
        if let Some(own) = words.get_mut(column) {
            own.push(word.clone());
        }
    }
    words.into_iter().map(|words| (!words.is_empty()).then(|| Line::new(words))).collect()
}

impl AlignedTable {
    /// Rows and cells of the table.
    pub fn read(self, page: u32, hyphens: &Hyphens) -> TablePart {
        let left = self.lines.iter().map(|line| line.area.left).fold(f64::INFINITY, f64::min);
        let right = self.lines.iter().map(|line| line.area.right).fold(f64::NEG_INFINITY, f64::max);
        let starts = self.gutters.iter().map(|(_, to)| *to);
        let xs: Vec<f64> = std::iter::once(left).chain(starts).chain(std::iter::once(right)).collect();
        let starts = row_starts(&self.lines, &self.gutters);
        let mut rows: Vec<Vec<Line>> = Vec::new();
        for (line, starts_row) in self.lines.into_iter().zip(starts) {
            match rows.last_mut() {
                Some(row) if !starts_row => row.push(line),
                _ => rows.push(vec![line]),
            }
        }
        let rows = rows.into_iter().map(|lines| row(&lines, &xs, &self.gutters, page, hyphens)).collect();
        TablePart { xs, is_ruled: false, rows }
    }
}

/// For each line: it starts a row.
///
/// The space between rows decides where it differs from the space between lines, unless that would put several
/// item numbers into one row; then the numbers decide; else every line with text in the first column.
fn row_starts(lines: &[Line], gutters: &[Stripe]) -> Vec<bool> {
    let crossing: Vec<bool> = lines.iter().map(|line| crosses(line, gutters)).collect();
    let keys: Vec<Option<String>> = lines
        .iter()
        .zip(&crossing)
        .map(|(line, crossing)| {
            let first = parts(line, gutters).into_iter().next().flatten();
            first.filter(|_| !crossing).map(|part| part.text())
        })
        .collect();
    let is_number = |key: &Option<String>| {
        key.as_ref()
            .is_some_and(|text| is_item_number(text) || text.trim_end_matches('.').parse::<u16>().is_ok())
    };
    let numbers = keys.iter().filter(|key| is_number(key)).count();
    let filled = keys.iter().flatten().count();
    let gaps = gaps(lines);
    let spaced = widest_jump(&gaps).map(|least| gaps.iter().map(|gap| *gap >= least).collect::<Vec<bool>>());
    let spaced = spaced.filter(|starts| {
        let rows = starts.iter().filter(|starts| **starts).count();
        numbers < 2 || rows * 10 >= numbers * 8
    });
    let by_number = numbers >= 2 && numbers * 2 >= filled;
    (0..lines.len())
        .map(|index| {
            let at = |flags: &[bool], index: usize| flags.get(index).copied().unwrap_or_default();
            let key = keys.get(index).unwrap_or(&None);
            let turns = index > 0 && at(&crossing, index) != at(&crossing, index - 1);
            index == 0
                || turns
                || match &spaced {
                    Some(starts) => at(starts, index),
                    None if by_number => is_number(key),
                    None => key.is_some(),
                }
        })
        .collect()
}

/// White above each line, under all lines before it; lines may stand half beside each other.
fn gaps(lines: &[Line]) -> Vec<f64> {
    let mut bottom = f64::NEG_INFINITY;
    lines
        .iter()
        .map(|line| {
            let gap = if bottom.is_finite() { line.area.top - bottom } else { 0.0 };
            bottom = bottom.max(line.area.bottom);
            gap / line.size
        })
        .collect()
}

/// The space from which on it is a space between rows, where the two differ clearly; in font sizes.
fn widest_jump(gaps: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = gaps.iter().skip(1).copied().collect();
    sorted.sort_by(f64::total_cmp);
    let jumps = sorted.windows(2).filter_map(|pair| match pair {
        // Half beside each other or far apart: the size of such jumps says nothing.
        [a, b] => Some((b.min(2.0) - a.max(0.0), f64::midpoint(*a, *b))),
        _ => None,
    });
    jumps.filter(|jump| jump.0 >= 0.2).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, middle)| middle)
}

fn row(lines: &[Line], xs: &[f64], gutters: &[Stripe], page: u32, hyphens: &Hyphens) -> PartRow {
    let columns = gutters.len() + 1;
    let edge = |index: usize| xs.get(index).copied().unwrap_or_default();
    let area = |from: usize, to: usize| Area { left: edge(from), right: edge(to), top: 0.0, bottom: 0.0 };
    let is_title = |line: &Line| crosses(line, gutters) && line.fragments(line.size * WIDE).len() == 1;
    if lines.iter().all(is_title) {
        let words = lines.iter().flat_map(|line| line.words.clone()).collect();
        let mut cell = read_cell(words, area(0, columns), hyphens);
        cell.column_span = u32::try_from(columns).unwrap_or(1);
        return PartRow { page, cells: vec![cell] };
    }
    let mut words = vec![Vec::new(); columns];
    for line in lines {
        for (column, part) in words.iter_mut().zip(parts(line, gutters)) {
            column.extend(part.into_iter().flat_map(|part| part.words));
        }
    }
    let cells = words
        .into_iter()
        .enumerate()
        .map(|(column, words)| {
            let mut cell = read_cell(words, area(column, column + 1), hyphens);
            cell.column = u32::try_from(column).unwrap_or_default();
            cell
        })
        .collect();
    PartRow { page, cells }
}
