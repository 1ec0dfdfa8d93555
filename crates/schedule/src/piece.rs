//! Which stretch of the calendar does a phrase name, and which year does it say?

use jiff::civil::Date;

use crate::model::MonthDay;

/// The year or years a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Years {
    /// None.
    Unsaid,
    /// «2021 года».
    One(i16),
    /// «2021-2022 учебного года», by its first year.
    School(i16),
    /// «2021–2022 гг.»: the first and the last.
    Span(i16, i16),
}

/// How coarse a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    /// A day.
    Day,
    /// A part of a month: decade, half, week, beginning.
    PartOfMonth,
    /// A month.
    Month,
    /// A quarter or a season.
    Quarter,
    /// The first or second half-year.
    HalfYear(u8),
    /// A year of the calendar.
    Year,
    /// A school year.
    SchoolYear,
}

/// A stretch of days within a year, or from one year into the next, and the year where the text says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub first: MonthDay,
    pub last: MonthDay,
    pub grain: Grain,
    pub years: Years,
    /// Its days are a rule of reading, which the text may mean otherwise: «начало мая», «до декабря».
    pub assumed: bool,
}

/// 1 September, the first day of a school year.
pub(crate) const SCHOOL_FIRST: MonthDay = MonthDay { month: 9, day: 1 };
/// 31 August, its last day.
pub(crate) const SCHOOL_LAST: MonthDay = MonthDay { month: 8, day: 31 };

/// Days a month can have; 29 for February.
pub(crate) fn longest(month: i8) -> i8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn months(from: i8, to: i8, grain: Grain, years: Years) -> Piece {
    Piece {
        first: MonthDay { month: from, day: 1 },
        last: MonthDay { month: to, day: longest(to) },
        grain,
        years,
        assumed: false,
    }
}

impl Piece {
    /// One day; `None` where the month never has it.
    pub(crate) fn day(month: i8, day: i8, years: Years) -> Option<Self> {
        let possible = (1..=12).contains(&month) && (1..=longest(month)).contains(&day);
        let on = MonthDay { month, day };
        possible.then_some(Self { first: on, last: on, grain: Grain::Day, years, assumed: false })
    }

    pub(crate) fn month(month: i8) -> Self {
        months(month, month, Grain::Month, Years::Unsaid)
    }

    /// Days `from` to `to` of a month; `to` beyond the month means its end.
    pub(crate) fn part_of_month(month: i8, from: i8, to: i8) -> Self {
        Self {
            first: MonthDay { month, day: from },
            last: MonthDay { month, day: to.min(longest(month)) },
            grain: Grain::PartOfMonth,
            years: Years::Unsaid,
            assumed: false,
        }
    }

    pub(crate) fn quarter(number: i8, years: Years) -> Self {
        months(number * 3 - 2, number * 3, Grain::Quarter, years)
    }

    /// January–June and July–December; of a school year September–December and January–August.
    pub(crate) fn half_year(number: u8, years: Years) -> Self {
        let (from, to) = match (number, years) {
            (1, Years::School(_)) => (9, 12),
            (1, _) => (1, 6),
            (_, Years::School(_)) => (1, 8),
            (_, _) => (7, 12),
        };
        months(from, to, Grain::HalfYear(number), years)
    }

    /// A half of a school year that is not said: its months stay what they are, whatever year supplies them.
    pub(crate) fn school_half(number: u8) -> Self {
        Self { grain: Grain::Quarter, years: Years::Unsaid, ..Self::half_year(number, Years::School(0)) }
    }

    /// Spring, summer, autumn, winter by the calendar: winter runs from December to February.
    pub(crate) fn season(number: u8) -> Self {
        let (from, to) = match number {
            1 => (3, 5),
            2 => (6, 8),
            3 => (9, 11),
            _ => (12, 2),
        };
        months(from, to, Grain::Quarter, Years::Unsaid)
    }

    pub(crate) fn year(years: Years) -> Self {
        match years {
            Years::School(_) => Self {
                first: SCHOOL_FIRST,
                last: SCHOOL_LAST,
                grain: Grain::SchoolYear,
                years,
                assumed: false,
            },
            _ => months(1, 12, Grain::Year, years),
        }
    }

    /// The same piece with a year said elsewhere in the text.
    pub(crate) fn with_years(self, years: Years) -> Self {
        match self.grain {
            Grain::HalfYear(number) => Self { assumed: self.assumed, ..Self::half_year(number, years) },
            _ => Self { years, ..self },
        }
    }

    /// Does it end in the year after the one it begins in?
    pub(crate) fn wraps(&self) -> bool {
        self.last < self.first
    }

    /// Years of the first and the last day, where said.
    pub(crate) fn years_of_ends(&self) -> Option<(i16, i16)> {
        let wrap = i16::from(self.wraps());
        match self.years {
            Years::Unsaid => None,
            Years::One(year) => Some((year, year.saturating_add(wrap))),
            Years::School(first) => {
                let start = in_school_year(first, self.first);
                Some((start, in_school_year(first, self.last).max(start.saturating_add(wrap))))
            }
            Years::Span(first, last) => Some((first, last)),
        }
    }
}

/// Does a stretch from the first to the last day go on into the next year? Within one month it is reversed: nobody
/// plans «с 20 по 10 марта» for a year.
pub(crate) fn crosses_new_year(first: MonthDay, last: MonthDay) -> bool {
    last < first && last.month != first.month
}

/// The calendar year of a day of the school year that begins in `first`.
pub(crate) fn in_school_year(first: i16, on: MonthDay) -> i16 {
    if on.month >= SCHOOL_FIRST.month { first } else { first.saturating_add(1) }
}

/// The date of a day in a year. With `clamp`, 29 February of a common year is its 28th; otherwise it is no date.
pub(crate) fn date(year: i16, on: MonthDay, clamp: bool) -> Option<Date> {
    let exact = Date::new(year, on.month, on.day).ok();
    if exact.is_none() && clamp && on.month == 2 && on.day == 29 {
        return Date::new(year, 2, 28).ok();
    }
    exact
}
