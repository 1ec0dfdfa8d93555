//! How is a recurrence said to a calendar program (RFC 5545)?

use std::fmt;

use jiff::civil::{Date, Weekday};

use crate::limit::{Limit, limit_of};
use crate::model::{Context, Kind, MonthDay, Part, Period, Schedule, Unit, When, Within};
use crate::occurrences::Occurrence;

/// A recurrence rule and its first day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Index of the part in [`Schedule::parts`].
    pub part: usize,
    /// First and last day of the first occurrence.
    pub first: Period,
    /// The value of the `RRULE` property: `FREQ=MONTHLY;INTERVAL=3`.
    pub rule: String,
}

impl fmt::Display for Rule {
    /// The two content lines `DTSTART` and `RRULE`, without a line end behind the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DTSTART;VALUE=DATE:{}\r\nRRULE:{}", basic(self.first.start), self.rule)
    }
}

/// A date as RFC 5545 writes it: `20210401`.
pub(crate) fn basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

impl Schedule {
    /// The rules of the parts that recur in a way a rule can say, from the first occurrence in the window on.
    ///
    /// Annual days and recurrences by days, weeks, months and years have one. What RFC 5545 cannot say has none:
    /// working days (they follow the production calendar), a range of lengths («1 раз в 3-4 недели»), a limit within
    /// a part of each year that is not whole months; such parts have [`Schedule::occurrences`] only. How many times
    /// in a period is not said by a rule either: the rule marks the period.
    #[must_use]
    pub fn rrules(&self, window: Period, context: &Context) -> Vec<Rule> {
        let occurrences = self.occurrences(window, context);
        let rule = |(index, part): (usize, &Part)| {
            let first = occurrences.iter().find(|occurrence| occurrence.part == index)?;
            let rule = rule(part, first)?;
            Some(Rule { part: index, first: Period { start: first.start, end: first.end }, rule })
        };
        self.parts.iter().enumerate().filter_map(rule).collect()
    }
}

fn rule(part: &Part, first: &Occurrence) -> Option<String> {
    match &part.kind {
        Kind::Interval { start: When::MonthDay(on), annual: true, .. }
        | Kind::Deadline { end: When::MonthDay(on), annual: true } => {
            let until = part.annual_bounds().1.map(|last| format!(";UNTIL={}", basic(last)));
            Some(yearly(*on) + until.as_deref().unwrap_or_default())
        }
        Kind::Recurrence { every, every_max: None, within, .. } => {
            let frequency = match every.unit {
                Unit::Day => "DAILY",
                Unit::Week => "WEEKLY",
                Unit::Month => "MONTHLY",
                Unit::Year | Unit::SchoolYear => "YEARLY",
                Unit::WorkingDay => return None,
            };
            let mut rule = format!("FREQ={frequency}");
            if every.count > 1 {
                rule.push_str(&format!(";INTERVAL={}", every.count));
            }
            match limit_of(&part.kind, part.scope.as_deref()) {
                Some(Limit::UntilDay(day)) if every.unit == Unit::Month && every.count == 1 => {
                    rule.push_str(&until_day(day));
                }
                Some(Limit::Weekdays(days)) if every.unit == Unit::Week => {
                    let days: Vec<&str> = days.into_iter().map(weekday).collect();
                    rule.push_str(&format!(";BYDAY={}", days.join(",")));
                }
                // The first occurrence may be cut to the window; the next ones begin with their period.
                _ => rule.push_str(&day_of_period(first.start, every.unit)),
            }
            within.as_ref().map_or(Some(rule.clone()), |within| limited(rule, within, every.unit))
        }
        _ => None,
    }
}

/// Every year on a day; 29 February as the last day of February.
fn yearly(on: MonthDay) -> String {
    if (on.month, on.day) == (2, 29) {
        return "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1".to_owned();
    }
    format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", on.month, on.day)
}

/// A day of every month; one that short months lack falls on their last day.
fn until_day(day: i8) -> String {
    if day <= 28 {
        return format!(";BYMONTHDAY={day}");
    }
    let days: Vec<String> = (28..=day).map(|day| day.to_string()).collect();
    format!(";BYMONTHDAY={};BYSETPOS=-1", days.join(","))
}

fn day_of_period(first: Date, unit: Unit) -> String {
    match unit {
        Unit::Month => format!(";BYMONTHDAY={}", first.day().min(28)),
        _ => String::new(),
    }
}

fn limited(mut rule: String, within: &Within, unit: Unit) -> Option<String> {
    match (within.start, within.end) {
        (When::Date(_), When::Date(end)) => rule.push_str(&format!(";UNTIL={}", basic(end))),
        (When::MonthDay(first), When::MonthDay(last))
            if first.day == 1 && last.day == crate::piece::longest(last.month) && unit != Unit::Year =>
        {
            let months: Vec<String> = (0..12)
                .map(|step| (first.month - 1 + step) % 12 + 1)
                .scan(false, |done, month| {
                    let open = !*done;
                    *done |= month == last.month;
                    open.then(|| month.to_string())
                })
                .collect();
            rule.push_str(&format!(";BYMONTH={}", months.join(",")));
        }
        _ => return None,
    }
    Some(rule)
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}
