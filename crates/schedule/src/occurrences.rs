//! On which days of a window is something due?

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{add_working_days, is_working_day};
use crate::limit::{Limit, limit_of};
use crate::model::{Context, Every, Kind, MonthDay, Part, Period, Schedule, Span, Unit, When, Within};
use crate::piece::{SCHOOL_FIRST, SCHOOL_LAST, date};
use crate::resolve::infer;

/// One time at which a part of a schedule is due or under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// First day. Of a deadline the day itself.
    pub start: Date,
    /// Last day, never before the first.
    pub end: Date,
    /// Index of the part in [`Schedule::parts`].
    pub part: usize,
    /// What the days are.
    pub kind: OccurrenceKind,
    /// The year was not in the text but came from the context.
    pub inferred: bool,
}

/// What the days of an [`Occurrence`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OccurrenceKind {
    /// The day on which it happens.
    Day,
    /// The last day for it; start and end are that day.
    Deadline,
    /// It happens within these days.
    Interval,
    /// A period of a recurrence: it happens within these days, as often as the part says.
    Recurrence,
    /// It goes on all these days.
    Ongoing,
}

/// Occurrences of a schedule in a window at most: a hundred years of days must not fill the memory.
/// The earliest are kept part by part.
pub const OCCURRENCES: usize = 2_000;

impl Schedule {
    /// The occurrences that touch the window, by their first day.
    ///
    /// An interval keeps its own days where they reach over the window; periods of a recurrence and a span are cut
    /// to the window. A reversed interval, a condition, another plan, a time after an event, an unrecognised text and
    /// a day whose year neither text nor context says have none. `context` supplies the years of «в течение года»
    /// and of days that stand without a year. At most [`OCCURRENCES`].
    #[must_use]
    pub fn occurrences(&self, window: Period, context: &Context) -> Vec<Occurrence> {
        let mut out = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let mut days = Days { window, part: index, inferred: part.inferred.year, out: &mut out };
            days.part(part, context);
        }
        out.sort_by_key(|occurrence| (occurrence.start, occurrence.end, occurrence.part));
        out
    }
}

struct Days<'a> {
    window: Period,
    part: usize,
    inferred: bool,
    out: &'a mut Vec<Occurrence>,
}

impl Days<'_> {
    /// Adds an occurrence that touches the window; false once there are enough.
    fn add(&mut self, start: Date, end: Date, kind: OccurrenceKind) -> bool {
        if self.out.len() >= OCCURRENCES {
            return false;
        }
        if start <= end && start <= self.window.end && self.window.start <= end {
            self.out.push(Occurrence { start, end, part: self.part, kind, inferred: self.inferred });
        }
        true
    }

    fn part(&mut self, part: &Part, context: &Context) {
        match &part.kind {
            Kind::Day(on) => self.once(*on, *on, OccurrenceKind::Day, context),
            Kind::Deadline { end, annual: true } => self.annual(*end, *end, OccurrenceKind::Deadline, part),
            Kind::Interval { start, end, annual: true } => {
                self.annual(*start, *end, OccurrenceKind::Interval, part);
            }
            Kind::Deadline { end, .. } => self.once(*end, *end, OccurrenceKind::Deadline, context),
            Kind::Interval { start, end, .. } => {
                self.once(*start, *end, OccurrenceKind::Interval, context);
            }
            Kind::Recurrence { every, within, .. } => {
                let limit = limit_of(&part.kind, part.scope.as_deref());
                for bounds in self.bounds(*within, context) {
                    self.recur(*every, bounds, limit.as_ref());
                }
            }
            Kind::Ongoing(span) => {
                if let Some(bar) =
                    span_days(*span, self.window, context).and_then(|bar| cut(bar, self.window))
                {
                    self.add(bar.start, bar.end, OccurrenceKind::Ongoing);
                }
            }
            Kind::Condition(_)
            | Kind::ExternalPlan(_)
            | Kind::Relative { .. }
            | Kind::Missing
            | Kind::Unrecognised(_) => {}
        }
    }

    /// Days that come every year, in the years the part is limited to.
    fn annual(&mut self, start: When, end: When, kind: OccurrenceKind, part: &Part) {
        match (start, end) {
            (When::MonthDay(first), When::MonthDay(last)) => {
                let (from, until) = part.annual_bounds();
                let meant = |days: &Period| {
                    from.is_none_or(|from| days.start >= from)
                        && until.is_none_or(|until| days.start <= until)
                };
                for days in yearly(first, last, self.window).filter(meant) {
                    if !self.add(days.start, days.end, kind) {
                        return;
                    }
                }
            }
            (When::Date(start), When::Date(end)) => {
                self.add(start, end, kind);
            }
            _ => {}
        }
    }

    /// Days that come once.
    fn once(&mut self, start: When, end: When, kind: OccurrenceKind, context: &Context) {
        match (start, end) {
            (When::Date(start), When::Date(end)) => {
                self.add(start, end, kind);
            }
            (When::MonthDay(first), When::MonthDay(last)) => {
                if let Some(days) =
                    infer(first, last, true, context).and_then(|year| in_year(first, last, year))
                {
                    self.inferred = true;
                    self.add(days.start, days.end, kind);
                }
            }
            _ => {}
        }
    }

    /// The days within which a recurrence recurs.
    fn bounds(&mut self, within: Option<Within>, context: &Context) -> Vec<Period> {
        let outer = context.period.map_or(Some(self.window), |period| cut(period, self.window));
        let Some(outer) = outer else { return Vec::new() };
        match within {
            Some(Within { start: When::Date(start), end: When::Date(end) }) => {
                cut(Period { start, end }, self.window).into_iter().collect()
            }
            Some(Within { start: When::MonthDay(first), end: When::MonthDay(last) }) => {
                yearly(first, last, outer).filter_map(|days| cut(days, outer)).collect()
            }
            Some(_) => Vec::new(),
            None => {
                let year = context.year.and_then(calendar_year);
                year.map_or(Some(outer), |year| cut(year, outer)).into_iter().collect()
            }
        }
    }

    /// The periods of a recurrence inside its bounds.
    fn recur(&mut self, every: Every, bounds: Period, limit: Option<&Limit>) {
        let Some(mut start) = first_period(every, bounds.start) else { return };
        while start <= bounds.end {
            let Some(next) = next_period(every, start).filter(|next| *next > start) else { return };
            let Ok(last) = next.yesterday() else { return };
            let whole = Period { start, end: last };
            let added = match (limit, every.unit, every.count) {
                (Some(Limit::UntilDay(day)), Unit::Month, 1) => self.until_day(whole, *day, bounds),
                (Some(Limit::Weekdays(days)), Unit::Week, 1) => {
                    whole.start.series(1.day()).take(7).filter(|day| days.contains(&day.weekday())).all(
                        |day| {
                            !(bounds.start <= day && day <= bounds.end)
                                || self.add(day, day, OccurrenceKind::Day)
                        },
                    )
                }
                (_, Unit::WorkingDay, 1) => self.add(start, start, OccurrenceKind::Recurrence),
                _ => cut(whole, bounds)
                    .is_none_or(|cut| self.add(cut.start, cut.end, OccurrenceKind::Recurrence)),
            };
            if !added {
                return;
            }
            start = next;
        }
    }

    fn until_day(&mut self, month: Period, day: i8, bounds: Period) -> bool {
        let day = day.min(month.start.days_in_month());
        let Some(due) = Date::new(month.start.year(), month.start.month(), day).ok() else { return true };
        !(bounds.start <= due && due <= bounds.end) || self.add(due, due, OccurrenceKind::Deadline)
    }
}

fn cut(days: Period, to: Period) -> Option<Period> {
    let (start, end) = (days.start.max(to.start), days.end.min(to.end));
    (start <= end).then_some(Period { start, end })
}

fn calendar_year(year: i16) -> Option<Period> {
    Some(Period { start: Date::new(year, 1, 1).ok()?, end: Date::new(year, 12, 31).ok()? })
}

/// A stretch of a year that begins in `year`; 29 February of a common year is its 28th.
fn in_year(first: MonthDay, last: MonthDay, year: i16) -> Option<Period> {
    let wrap = i16::from(last < first);
    Some(Period { start: date(year, first, true)?, end: date(year.checked_add(wrap)?, last, true)? })
}

/// A stretch of every year that can touch the window.
fn yearly(first: MonthDay, last: MonthDay, window: Period) -> impl Iterator<Item = Period> {
    (window.start.year().saturating_sub(1)..=window.end.year())
        .filter_map(move |year| in_year(first, last, year))
}

/// The days of a span: of the section's year, or else the plan's period, or else the year of the act.
fn span_days(span: Span, window: Period, context: &Context) -> Option<Period> {
    let school = |year| in_year(SCHOOL_FIRST, SCHOOL_LAST, year);
    let own = match (span, context.year, context.act_date) {
        (Span::Project, ..) => context.period.or_else(|| context.year.and_then(calendar_year)),
        (Span::Permanent, _, act) => Some(context.period.unwrap_or(Period {
            start: act.map_or(window.start, |act| act.max(window.start).min(window.end)),
            end: window.end,
        })),
        (Span::Year, Some(year), _) => calendar_year(year),
        (Span::SchoolYear, Some(year), _) => school(year),
        (Span::Year, None, act) => context.period.or_else(|| act.and_then(|act| calendar_year(act.year()))),
        (Span::SchoolYear, None, act) => context
            .period
            .or_else(|| act.and_then(|act| school(act.year() - i16::from(act.month() < SCHOOL_FIRST.month)))),
    }?;
    match context.period {
        // A section's year that lies outside the plan is the plan's mistake, not a reason to hide the bar.
        Some(period) => cut(own, period).or(Some(own)),
        None => Some(own),
    }
}

/// The first day of the period that holds `day`: months, quarters and half-years by the calendar, weeks from Monday;
/// lengths that don't divide a year begin at `day`.
fn first_period(every: Every, day: Date) -> Option<Date> {
    let month_start = day.first_of_month();
    match every.unit {
        Unit::Day => Some(day),
        Unit::WorkingDay => {
            if is_working_day(day) {
                Some(day)
            } else {
                add_working_days(day, 1)
            }
        }
        Unit::Week => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok(),
        Unit::Month => match i8::try_from(every.count) {
            Ok(count @ 1..=12) if 12 % count == 0 => {
                let month = (day.month() - 1) / count * count + 1;
                Date::new(day.year(), month, 1).ok()
            }
            _ => Some(month_start),
        },
        Unit::Year => Date::new(day.year(), 1, 1).ok(),
        Unit::SchoolYear => {
            let year = day.year() - i16::from(day.month() < SCHOOL_FIRST.month);
            Date::new(year, SCHOOL_FIRST.month, SCHOOL_FIRST.day).ok()
        }
    }
}

fn next_period(every: Every, start: Date) -> Option<Date> {
    let count = i64::from(every.count.max(1));
    match every.unit {
        Unit::Day => start.checked_add(count.days()).ok(),
        Unit::WorkingDay => add_working_days(start, i32::from(every.count.max(1))),
        Unit::Week => start.checked_add(count.weeks()).ok(),
        Unit::Month => start.checked_add(count.months()).ok(),
        Unit::Year | Unit::SchoolYear => start.checked_add(count.years()).ok(),
    }
}
