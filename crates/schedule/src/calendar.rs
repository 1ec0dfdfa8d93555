//! Which days are working days in Russia?
//!
//! Weekends, the holidays of article 112 of the Labour Code and the moves of days off that the Government decrees
//! for each year. Moves are dated data in `data/production_calendar_ru.txt`; a year without them is computed from
//! the article alone, and [`year`] says that it was not checked. The week has five working days.

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};

/// What is known of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// The decree that moves its days off; `None` where the year was not checked and only weekends and holidays count.
    pub decree: Option<&'static str>,
    moves: Vec<(Date, Date)>,
}

/// Working days looked at in one step of arithmetic at most: about 40 years. Longer ways end in `None`.
pub const REACH_DAYS: u32 = 15_000;

/// Holidays of article 112, as month and day.
const HOLIDAYS: [(i8, i8); 14] = [
    (1, 1),
    (1, 2),
    (1, 3),
    (1, 4),
    (1, 5),
    (1, 6),
    (1, 7),
    (1, 8),
    (2, 23),
    (3, 8),
    (5, 1),
    (5, 9),
    (6, 12),
    (11, 4),
];

const DATA: &str = include_str!("../data/production_calendar_ru.txt");

fn years() -> &'static [CalendarYear] {
    static YEARS: OnceLock<Vec<CalendarYear>> = OnceLock::new();
    YEARS.get_or_init(|| read(DATA))
}

fn read(data: &'static str) -> Vec<CalendarYear> {
    let mut years: Vec<CalendarYear> = Vec::new();
    for line in data.lines() {
        if let Some(rest) = line.strip_prefix("checked ") {
            let mut fields = rest.split(" | ");
            if let Some(year) = fields.next().and_then(|year| year.trim().parse().ok()) {
                years.push(CalendarYear { year, decree: fields.next(), moves: Vec::new() });
            }
        } else if let Some((from, to)) = line.strip_prefix("move ").and_then(|rest| rest.split_once(' '))
            && let (Ok(from), Ok(to), Some(year)) = (from.parse(), to.parse(), years.last_mut())
        {
            year.moves.push((from, to));
        }
    }
    years
}

/// What is known of a year, so that a page can say where a year was not checked.
#[must_use]
pub fn year(year: i16) -> CalendarYear {
    known(year).cloned().unwrap_or(CalendarYear { year, decree: None, moves: Vec::new() })
}

fn known(year: i16) -> Option<&'static CalendarYear> {
    years().iter().find(|known| known.year == year)
}

fn is_holiday(date: Date) -> bool {
    HOLIDAYS.contains(&(date.month(), date.day()))
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Is it a working day of the five-day week?
#[must_use]
pub fn is_working_day(date: Date) -> bool {
    if let Some(known) = known(date.year()) {
        if known.moves.iter().any(|(_, to)| *to == date) {
            return false;
        }
        if !is_holiday(date) && known.moves.iter().any(|(from, _)| *from == date) {
            return true;
        }
    }
    !is_weekend(date) && !is_holiday(date) && !takes_a_moved_day_off(date)
}

/// Is it the working day that a holiday on a weekend moves its day off to? Holidays of January are moved by decree
/// only (article 112, part two), and so is one that a decree moves elsewhere.
fn takes_a_moved_day_off(date: Date) -> bool {
    let mut before = date;
    while let Ok(day) = before.yesterday() {
        before = day;
        let moved_by_decree =
            known(before.year()).is_some_and(|known| known.moves.iter().any(|(from, _)| *from == before));
        if is_holiday(before) && is_weekend(before) && before.month() != 1 && !moved_by_decree {
            return true;
        }
        // Only weekends and holidays may lie between the two.
        if !is_weekend(before) && !is_holiday(before) {
            return false;
        }
    }
    false
}

fn step(date: Date, forward: bool) -> Option<Date> {
    if forward { date.tomorrow().ok() } else { date.yesterday().ok() }
}

/// The `count`-th working day after `date`, or before it where `count` is negative; `date` itself for zero.
/// The count begins on the next day (article 14 of the Labour Code). `None` beyond [`REACH_DAYS`].
#[must_use]
pub fn add_working_days(date: Date, count: i32) -> Option<Date> {
    let mut left = count.unsigned_abs();
    let mut day = date;
    for _ in 0..REACH_DAYS {
        if left == 0 {
            return Some(day);
        }
        day = step(day, count > 0)?;
        left -= u32::from(is_working_day(day));
    }
    None
}

/// Working days after `from` up to and including `to`; negative where `to` is earlier. `None` beyond [`REACH_DAYS`].
#[must_use]
pub fn working_days_between(from: Date, to: Date) -> Option<i32> {
    let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
    let mut day = first;
    let mut count = 0;
    for _ in 0..REACH_DAYS {
        if day == last {
            return Some(sign * count);
        }
        day = day.tomorrow().ok()?;
        count += i32::from(is_working_day(day));
    }
    None
}

/// `date` itself where it is a working day, or else the last one before it.
#[must_use]
pub fn last_working_day_on_or_before(date: Date) -> Option<Date> {
    if is_working_day(date) { Some(date) } else { add_working_days(date, -1) }
}
