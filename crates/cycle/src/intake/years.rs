//! Which columns of a plan are times by their heads: years, quarters or months over cells that hold marks?

use std::ops::Range;

use opora_neutral::{Row, Table};
use opora_schedule::{Context, Kind, Period, When};

use super::columns::is_schedule_head;
use crate::letters::is_letter;
use crate::text::{fold, one_line};

/// A head that names a time is not longer, in characters.
const HEAD_LENGTH: usize = 40;
/// An interval of more days is a year or a school year.
const YEAR_DAYS: i32 = 300;
/// How many rows of the body are looked at.
const SAMPLE_ROWS: usize = 120;

/// Stands between a year and its part in the time of a column: «2023 год: I полугодие».
const OF_YEAR: &str = ": ";

/// What a head of a column says of time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    /// «2024», «2024/2025 учебный год».
    Year,
    /// «I квартал», «сентябрь».
    PartOfYear,
}

fn time_of(head: &str) -> Option<Time> {
    let head = spelled(head);
    if head.is_empty() || head.chars().count() > HEAD_LENGTH {
        return None;
    }
    let schedule = opora_schedule::parse(&head, &Context::default());
    let [part] = &schedule.parts[..] else { return None };
    match (&part.kind, &part.scope) {
        (Kind::Interval { start, end, annual: false }, None) => Some(match (start, end) {
            (When::Date(start), When::Date(end)) if days_between(*start, *end) >= YEAR_DAYS => Time::Year,
            _ => Time::PartOfYear,
        }),
        _ => None,
    }
}

fn days_between(start: jiff::civil::Date, end: jiff::civil::Date) -> i32 {
    start.until(end).map_or(0, |span| span.get_days())
}

/// A bare year as a deadline says it: «2024» → «2024 год».
fn spelled(head: &str) -> String {
    let head = one_line(head);
    let bare = head.trim_matches(['.', ' ']);
    let is_year = |text: &str| text.len() == 4 && text.starts_with("20") && text.parse::<u16>().is_ok();
    if is_year(bare) {
        return format!("{bare} год");
    }
    head
}

/// The row holds nothing but times, two or more and different: the lower row of a head.
pub(super) fn is_time_row(row: &Row) -> bool {
    let heads: Vec<String> = row.cells.iter().map(|cell| one_line(&cell.text)).collect();
    let filled: Vec<&String> = heads.iter().filter(|head| !head.is_empty()).collect();
    filled.len() >= 2
        && filled.iter().all(|head| time_of(head).is_some())
        && filled.windows(2).all(|pair| pair[0] != pair[1])
}

/// How many cells of a row are years.
pub(super) fn years_in(row: &Row) -> usize {
    row.cells.iter().filter(|cell| time_of(&cell.text) == Some(Time::Year)).count()
}

/// For each grid column the time that its head names, where the cells below say whether and when in that time; the
/// head takes the given rows.
pub(super) fn times(table: &Table, head: Range<usize>) -> Vec<Option<String>> {
    let mut times: Vec<Option<String>> = Vec::new();
    let mut schedule_above = false;
    for column in 0..table.width {
        let Some((kind, time, above)) = time_head(table, head.clone(), column) else {
            schedule_above = false;
            times.push(None);
            continue;
        };
        // «Сроки реализации» stands over the first of its columns where merged cells were lost.
        schedule_above = is_schedule_head(&above) || (above.is_empty() && schedule_above);
        let told = above.is_empty() || schedule_above;
        let held = match kind {
            Time::Year if schedule_above => true,
            Time::Year => told && !holds_amounts(table, head.end, column),
            Time::PartOfYear => {
                told && (holds_marks(table, head.end, column) || holds_times(table, head.end, column))
            }
        };
        times.push(held.then_some(time));
    }
    if times.iter().flatten().count() >= 2 {
        return times;
    }
    // A lone year is the column of deadlines only where no other is and its cells say so; else a remark in a head.
    let text = |column: u32| super::columns::head_text(table, head.start, head.end, column as usize);
    let other = (0..table.width).any(|column| is_schedule_head(&text(column)));
    let lone = (0..).zip(&times).find(|(_, time)| time.is_some()).map(|(column, _)| column);
    if !other && lone.is_some_and(|column| holds_times(table, head.end, column)) {
        return times;
    }
    vec![None; times.len()]
}

/// The time in the lowest cell of a head, and what stands above it.
fn time_head(table: &Table, head: Range<usize>, column: u32) -> Option<(Time, String, String)> {
    let mut texts: Vec<&str> = Vec::new();
    for row in head {
        let Some(cell) = table.cell_at(row, column) else { continue };
        let text = cell.text.trim();
        if !text.is_empty() && texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    let time = texts.pop()?;
    let kind = time_of(time)?;
    // «I полугодие» below «2023».
    let year = texts.pop_if(|above| kind == Time::PartOfYear && time_of(above) == Some(Time::Year));
    let said =
        year.map_or_else(|| spelled(time), |year| format!("{}{OF_YEAR}{}", spelled(year), spelled(time)));
    Some((kind, said, texts.join(" ")))
}

fn filled(table: &Table, from: usize, column: u32) -> impl Iterator<Item = &str> {
    let cells = table.rows.iter().skip(from).take(SAMPLE_ROWS).filter_map(move |row| row.cell(column));
    cells.map(|cell| cell.text.trim()).filter(|text| !is_nothing(text))
}

/// Most of the cells are sums or shares and no days: «120,5», «30 %».
fn holds_amounts(table: &Table, from: usize, column: u32) -> bool {
    let amount = |text: &&str| {
        text.chars().any(|c| c.is_ascii_digit())
            && !text.chars().any(is_letter)
            && opora_schedule::dates_in(text).next().is_none()
    };
    let cells = filled(table, from, column).count();
    filled(table, from, column).filter(amount).count() * 2 > cells
}

/// Most of the cells are marks or deadlines.
fn holds_times(table: &Table, from: usize, column: u32) -> bool {
    let time = |text: &&str| is_mark(text) || opora_schedule::looks_like_deadline(text) > 0.5;
    let cells = filled(table, from, column).count();
    cells > 0 && filled(table, from, column).filter(time).count() * 2 > cells
}

fn holds_marks(table: &Table, from: usize, column: u32) -> bool {
    let cells = filled(table, from, column).count();
    filled(table, from, column).filter(|text| is_mark(text)).count() * 2 > cells || cells == 0
}

/// «+», «х», «✓»: the activity takes place in the time of the column.
pub(super) fn is_mark(text: &str) -> bool {
    const MARKS: [&str; 16] =
        ["+", "х", "x", "v", "✓", "✔", "☑", "√", "*", "да", "●", "•", "■", "х.", "++", "весь год"];
    MARKS.contains(&fold(text).as_str())
}

fn is_nothing(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' ' | '.' | '\n' | '_'))
}

/// The deadline that the columns of times give together: «2023 год: сентябрь; 2024 год».
pub(super) fn deadline(cells: &[(String, String)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (time, text) in cells.iter().filter(|(_, text)| !is_nothing(text)) {
        let line = one_line(text);
        let text = line.trim_end_matches(['.', ';', ',']);
        let full = opora_schedule::dates_in(text).next().is_some() || says_year(text);
        parts.push(match () {
            () if is_mark(text) => time.clone(),
            () if full || time.is_empty() => text.to_owned(),
            // Under «1 кв.» the cell «март» says more by itself.
            () if time.contains(OF_YEAR) && opora_schedule::looks_like_deadline(text) > 0.5 => {
                let year = time.split(OF_YEAR).next().unwrap_or_default();
                format!("{year}{OF_YEAR}{text}")
            }
            () if !says_year(time) && opora_schedule::looks_like_deadline(text) > 0.5 => text.to_owned(),
            () => format!("{time}: {text}"),
        });
    }
    parts.join("; ")
}

fn says_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4 && digits.starts_with("20"))
}

/// From the first to the last of the years that columns are for.
pub(super) fn period(times: &[Option<String>]) -> Option<Period> {
    let of = |time: &String| {
        let named = opora_schedule::period_in_title(time)?;
        Some((named.start?, named.end?))
    };
    let (start, _) = times.iter().flatten().find_map(of)?;
    let (_, end) = times.iter().rev().flatten().find_map(of)?;
    (start <= end).then_some(Period { start, end })
}

/// The times that a cell over several columns covers, as one: «2023 год – 2025 год».
pub(super) fn joined(times: &[Option<String>], columns: Range<usize>) -> Option<String> {
    let covered: Vec<&String> = times.get(columns)?.iter().flatten().collect();
    match covered[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first, .., last] if !first.contains(OF_YEAR) => Some(format!("{first} – {last}")),
        _ => Some(covered.iter().map(|time| time.as_str()).collect::<Vec<_>>().join("; ")),
    }
}
