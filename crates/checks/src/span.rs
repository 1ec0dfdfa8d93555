//! Which days does a part of a deadline mean?

use jiff::civil::Date;
use opora_schedule::{Kind, Part, Period, When};

/// First and last day, both included; the first is never after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First day; the last one where only that is known.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

impl Span {
    /// The span and the period have a day in common.
    pub fn meets(self, period: Period) -> bool {
        self.start <= period.end && period.start <= self.end
    }

    /// Some day of the span lies in the year.
    pub fn touches_year(self, year: i16) -> bool {
        (self.start.year()..=self.end.year()).contains(&year)
    }
}

/// Days of a part that has full dates, happens once and runs forwards.
pub(crate) fn span_of(part: &Part) -> Option<Span> {
    let (start, end) = match part.kind {
        Kind::Day(When::Date(day)) => (day, day),
        Kind::Deadline { end: When::Date(end), annual: false } => (end, end),
        Kind::Interval { start: When::Date(start), end: When::Date(end), annual: false } => (start, end),
        _ => return None,
    };
    (start <= end).then_some(Span { start, end })
}

/// A part whose last day comes before the first, with both days.
pub(crate) fn reversed(part: &Part) -> Option<(Date, Date)> {
    match part.kind {
        Kind::Interval { start: When::Date(start), end: When::Date(end), .. } if end < start => {
            Some((start, end))
        }
        _ => None,
    }
}

/// The year of the part was not in the text.
pub(crate) fn year_was_inferred(part: &Part) -> bool {
    part.inferred.year
}

/// A part with a day or month of a year that is neither said nor supplied by anything.
pub(crate) fn lacks_year(part: &Part) -> bool {
    matches!(
        part.kind,
        Kind::Day(When::MonthDay(_))
            | Kind::Deadline { end: When::MonthDay(_), annual: false }
            | Kind::Interval { start: When::MonthDay(_), annual: false, .. }
            | Kind::Interval { end: When::MonthDay(_), annual: false, .. }
    )
}
