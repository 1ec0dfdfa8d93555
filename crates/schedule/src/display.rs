//! How is a schedule said in plain Russian, so that it reads back as the same schedule?

use std::fmt;

use crate::model::{Context, Every, Kind, MonthDay, Part, Schedule, Span, Times, Unit, When, Within};
use crate::names::dative;
use crate::parse::parse;
use crate::piece::longest;

const GENITIVE: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const NOMINATIVE: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];

/// Name of a month, 1–12, in the nominative: «март».
pub fn month_name(month: i8) -> &'static str {
    name(NOMINATIVE, month)
}

/// Name of a month, 1–12, in the genitive, as a date has it: «марта».
pub fn month_of(month: i8) -> &'static str {
    name(GENITIVE, month)
}

fn name(of: [&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| of.get(at)).copied().unwrap_or("?")
}

impl fmt::Display for Schedule {
    /// Canonical Russian: parts by semicolons; reads back to the same parts, years inferred before now said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut yearless = false;
        for (index, part) in self.parts.iter().enumerate() {
            let (without, with) = years(&part.kind);
            if index > 0 {
                // A year said later would govern a month before it, but never over a full stop.
                f.write_str(if yearless && with { ". " } else { "; " })?;
            }
            yearless = without || (yearless && !with);
            part.fmt(f)?;
        }
        Ok(())
    }
}

/// Has the part days without a year that a later year could govern, and days with one?
fn years(kind: &Kind) -> (bool, bool) {
    let of = |when: &When| (matches!(when, When::MonthDay(_)), matches!(when, When::Date(_)));
    match kind {
        Kind::Day(on) => of(on),
        Kind::Deadline { end, annual } | Kind::Interval { end, annual, .. } => {
            let (without, with) = of(end);
            (without && !annual, with)
        }
        Kind::Recurrence { within: Some(within), .. } => of(&within.end),
        _ => (false, false),
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(scope) = &self.scope else { return self.kind.fmt(f) };
        match self.kind {
            // «последняя пятница месяца» says the recurrence and what limits it at once.
            Kind::Recurrence { .. } if self.says_itself(scope) => f.write_str(scope),
            Kind::Recurrence { .. } => write!(f, "{} {scope}", self.kind),
            Kind::Ongoing(Span::Project) if scope.starts_with('«') => {
                write!(f, "в ходе реализации проекта {scope}")
            }
            _ => write!(f, "{} ({scope})", self.kind),
        }
    }
}

impl Part {
    fn says_itself(&self, scope: &str) -> bool {
        matches!(parse(scope, &Context::default()).parts.as_slice(), [part] if part == self)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(on) => on.fmt(f),
            Self::Deadline { end, annual } => write!(f, "до {end}{}", yearly(*annual)),
            Self::Interval { start, end, annual } => {
                interval(f, *start, *end, *annual)?;
                f.write_str(yearly(*annual))
            }
            Self::Recurrence { every, every_max, times, within } => {
                recurrence(f, *every, *every_max, *times)?;
                within.as_ref().map_or(Ok(()), |within| write!(f, " {within}"))
            }
            Self::Ongoing(span) => span.fmt(f),
            Self::Condition(text) | Self::Unrecognised(text) => f.write_str(text),
            Self::ExternalPlan(name) => match dative(name) {
                Some(said) => write!(f, "по {said}"),
                None => write!(f, "согласно: {name}"),
            },
            Self::Relative { after, duration } => {
                write!(f, "в течение {} {} после {after}", duration.count, genitive(*duration))
            }
            Self::Missing => f.write_str("—"),
        }
    }
}

fn yearly(annual: bool) -> &'static str {
    if annual { " ежегодно" } else { "" }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Year => "в течение года",
            Self::SchoolYear => "в течение учебного года",
            Self::Project => "весь период реализации проекта",
            Self::Permanent => "постоянно",
        })
    }
}

impl fmt::Display for When {
    /// «1 апреля 2021 г.», «1 апреля».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = month_day(*self);
        write!(f, "{} {}", on.day, month_of(on.month))?;
        year(*self).map_or(Ok(()), |year| write!(f, " {year} г."))
    }
}

impl fmt::Display for Within {
    /// «с 1 сентября по 31 мая».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "с {} по {}", self.start, self.end)
    }
}

pub(crate) fn month_day(when: When) -> MonthDay {
    match when {
        When::Date(date) => MonthDay { month: date.month(), day: date.day() },
        When::MonthDay(on) => on,
    }
}

fn year(when: When) -> Option<i16> {
    match when {
        When::Date(date) => Some(date.year()),
        When::MonthDay(_) => None,
    }
}

/// Is it the last day of its month; of February without a year the 29th?
fn ends_month(when: When) -> bool {
    match when {
        When::Date(date) => date.day() == date.days_in_month(),
        When::MonthDay(on) => on.day == longest(on.month),
    }
}

fn interval(f: &mut fmt::Formatter<'_>, start: When, end: When, annual: bool) -> fmt::Result {
    let (first, last) = (month_day(start), month_day(end));
    let (from_year, to_year) = (year(start), year(end));
    let whole_months = first.day == 1 && ends_month(end);
    if whole_months && from_year == to_year && first.month == last.month {
        f.write_str(month_name(first.month))?;
    } else if whole_months && from_year == to_year && (first.month, last.month) == (1, 12) {
        return match to_year {
            Some(year) => write!(f, "{year} год"),
            None => f.write_str("январь – декабрь"),
        };
    } else if whole_months {
        f.write_str(month_name(first.month))?;
        // «май – март 2021» would begin in the year before: a reversed interval says both years.
        if from_year != to_year || first.month > last.month {
            from_year.map_or(Ok(()), |year| write!(f, " {year} г."))?;
        }
        write!(f, " – {}", month_name(last.month))?;
    } else if annual && start == end {
        return write!(f, "{start}");
    } else if from_year == to_year && first.month == last.month && first.day <= last.day {
        return write!(f, "с {} по {end}", first.day);
    } else {
        return write!(f, "с {start} по {end}");
    }
    to_year.map_or(Ok(()), |year| write!(f, " {year} г."))
}

fn recurrence(
    f: &mut fmt::Formatter<'_>,
    every: Every,
    every_max: Option<Every>,
    times: Option<Times>,
) -> fmt::Result {
    let times = times.filter(|times| times.min.is_some() || times.max.is_some());
    let Some(times) = times else {
        let adverb = match (every.count, every.unit, every_max) {
            (1, Unit::Day, None) => "ежедневно",
            (1, Unit::Week, None) => "еженедельно",
            (1, Unit::Month, None) => "ежемесячно",
            (3, Unit::Month, None) => "ежеквартально",
            (1, Unit::Year, None) => "ежегодно",
            _ => return write!(f, "{} {}", each(every, every_max), Length(every, every_max)),
        };
        return f.write_str(adverb);
    };
    match (times.min, times.max) {
        (Some(min), Some(max)) if min == max => write!(f, "{min} {}", plural(min, "раз", "раза"))?,
        (Some(min), Some(max)) => write!(f, "{min}–{max} {}", plural(max, "раз", "раза"))?,
        (Some(min), None) => write!(f, "не реже {min} {}", times_genitive(min))?,
        (None, max) => write!(f, "не более {} {}", max.unwrap_or(1), times_genitive(max.unwrap_or(1)))?,
    }
    write!(f, " в {}", Length(every, every_max))
}

fn plural(count: u16, many: &'static str, few: &'static str) -> &'static str {
    match (count % 100, count % 10) {
        (11..=14, _) => many,
        (_, 2..=4) => few,
        _ => many,
    }
}

fn times_genitive(count: u16) -> &'static str {
    if count % 10 == 1 && count % 100 != 11 { "раза" } else { "раз" }
}

fn each(every: Every, every_max: Option<Every>) -> &'static str {
    match (every.count, every.unit, every_max) {
        (1, Unit::Week, None) => "каждую",
        (1, _, None) => "каждый",
        _ => "каждые",
    }
}

/// A length in the accusative: «месяц», «3 месяца», «3–4 недели».
struct Length(Every, Option<Every>);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.1.map_or(self.0.count, |most| most.count);
        if count > 1 {
            write!(f, "{}", self.0.count)?;
            if let Some(most) = self.1 {
                write!(f, "–{}", most.count)?;
            }
            f.write_str(" ")?;
        }
        let (one, few, many) = match self.0.unit {
            Unit::Day => ("день", "дня", "дней"),
            Unit::WorkingDay => ("рабочий день", "рабочих дня", "рабочих дней"),
            Unit::Week => ("неделю", "недели", "недель"),
            Unit::Month => ("месяц", "месяца", "месяцев"),
            Unit::Year => ("год", "года", "лет"),
            Unit::SchoolYear => ("учебный год", "учебных года", "учебных годов"),
        };
        f.write_str(match (count % 100, count % 10) {
            (11..=14, _) => many,
            (_, 1) => one,
            (_, 2..=4) => few,
            _ => many,
        })
    }
}

/// The unit behind a number in the genitive: «10 рабочих дней», «1 месяца».
fn genitive(every: Every) -> &'static str {
    let (one, many) = match every.unit {
        Unit::Day => ("дня", "дней"),
        Unit::WorkingDay => ("рабочего дня", "рабочих дней"),
        Unit::Week => ("недели", "недель"),
        Unit::Month => ("месяца", "месяцев"),
        Unit::Year => ("года", "лет"),
        Unit::SchoolYear => ("учебного года", "учебных годов"),
    };
    if every.count % 10 == 1 && every.count % 100 != 11 { one } else { many }
}
