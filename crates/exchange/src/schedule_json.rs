//! How is a deadline written down?

use jiff::civil::Date;
use opora_schedule::{
    AnnualYears, Every, Inferred, Kind, MonthDay, Part, Period, Schedule, Span, Times, Unit, When, Within,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ExchangeError;

/// A deadline text and what was understood of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleJson {
    /// Verbatim text.
    pub text: String,
    /// The parts in the order of the text; at least one.
    #[schemars(length(min = 1))]
    pub parts: Vec<PartJson>,
}

/// One part of a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartJson {
    /// What it says.
    #[serde(flatten)]
    pub kind: KindJson,
    /// What it is limited to, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What the text did not say: the context supplied it, or a rule of reading did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<InferredJson>,
    /// Years in which annual days come, as far as `scope` says them. Written for readers; taken from `scope` again
    /// when a schedule is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<YearsJson>,
}

/// First and last year of annual days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct YearsJson {
    /// First year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i16>,
    /// Last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i16>,
}

/// What the text did not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InferredJson {
    /// The year.
    Year,
    /// The month.
    Month,
    /// A day that may be meant otherwise: «до декабря».
    Day,
}

/// Kind of a part. A day is `2021-04-01`, or `--08-01` where the year is not known or is every year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KindJson {
    /// On a day.
    Day {
        /// The day.
        #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
        date: String,
    },
    /// Not later than the end of a day.
    Deadline {
        /// The last day.
        #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
        end: String,
        /// Every year anew.
        #[serde(default, skip_serializing_if = "is_false")]
        annual: bool,
    },
    /// From a first day to a last day, both included.
    Interval {
        /// First day.
        #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
        start: String,
        /// Last day.
        #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
        end: String,
        /// Every year anew.
        #[serde(default, skip_serializing_if = "is_false")]
        annual: bool,
    },
    /// Again and again.
    Recurrence {
        /// Period in which the thing happens, as an ISO 8601 duration.
        #[schemars(regex(pattern = r"^P[1-9]\d*[DWMY]$"))]
        every: String,
        /// Upper bound of a period given as a range.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(regex(pattern = r"^P[1-9]\d*[DWMY]$"))]
        every_max: Option<String>,
        /// The days of `every` are working days.
        #[serde(default, skip_serializing_if = "is_false")]
        working_days: bool,
        /// The years of `every` are school years.
        #[serde(default, skip_serializing_if = "is_false")]
        school_year: bool,
        /// The days of `every_max` are working days, where this differs from `working_days`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every_max_working_days: Option<bool>,
        /// The years of `every_max` are school years, where this differs from `school_year`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every_max_school_year: Option<bool>,
        /// How many times in a period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<TimesJson>,
        /// Only within these days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<WithinJson>,
    },
    /// All the time of a span.
    Ongoing {
        /// The span.
        span: SpanJson,
    },
    /// When something holds.
    Condition {
        /// The condition, verbatim.
        text: String,
    },
    /// As another plan says.
    ExternalPlan {
        /// Name of the other plan.
        name: String,
    },
    /// A time counted from an event.
    Relative {
        /// The event, verbatim.
        after: String,
        /// How long after it, as an ISO 8601 duration.
        #[schemars(regex(pattern = r"^P[1-9]\d*[DWMY]$"))]
        duration: String,
        /// The days of `duration` are working days.
        #[serde(default, skip_serializing_if = "is_false")]
        working_days: bool,
        /// The years of `duration` are school years.
        #[serde(default, skip_serializing_if = "is_false")]
        school_year: bool,
    },
    /// There is no deadline.
    Missing,
    /// Text that is not understood, verbatim.
    Unrecognised {
        /// The text.
        text: String,
    },
}

/// How many times in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimesJson {
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u16>,
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
}

/// First and last day of a limit, with or without a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithinJson {
    /// First day.
    #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
    pub start: String,
    /// Last day.
    #[schemars(regex(pattern = r"^(\d{4}|-)-\d{2}-\d{2}$"))]
    pub end: String,
}

/// First and last day of a period, both with a year and both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodJson {
    /// First day.
    #[schemars(extend("format" = "date"))]
    pub start: String,
    /// Last day.
    #[schemars(extend("format" = "date"))]
    pub end: String,
}

/// A span of time without dates of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanJson {
    /// The year.
    Year,
    /// The school year.
    SchoolYear,
    /// The project or programme.
    Project,
    /// Always.
    Permanent,
}

/// serde asks by reference whether a field may be left out.
fn is_false(value: &bool) -> bool {
    !*value
}

/// The wire form of a schedule.
pub fn schedule_to_json(schedule: &Schedule) -> ScheduleJson {
    ScheduleJson { text: schedule.text.clone(), parts: schedule.parts.iter().map(part_to_json).collect() }
}

/// A schedule from its wire form.
pub fn schedule_from_json(json: ScheduleJson) -> Result<Schedule, ExchangeError> {
    if json.parts.is_empty() {
        return Err(ExchangeError::value(
            "parts",
            "[]",
            "хотя бы одна часть срока; для пустого срока — missing",
        ));
    }
    let part = |(index, part)| part_from_json(part).map_err(|e| e.within(&format!("parts[{index}]")));
    Ok(Schedule {
        text: json.text,
        parts: json.parts.into_iter().enumerate().map(part).collect::<Result<_, _>>()?,
    })
}

fn part_to_json(part: &Part) -> PartJson {
    let Inferred { year, month, day } = part.inferred;
    let inferred = [(year, InferredJson::Year), (month, InferredJson::Month), (day, InferredJson::Day)];
    let inferred = inferred.into_iter().filter(|(set, _)| *set).map(|(_, what)| what).collect();
    let AnnualYears { from, until } = part.annual_years();
    let years = (from.is_some() || until.is_some()).then_some(YearsJson { from, until });
    PartJson { kind: kind_to_json(&part.kind), scope: part.scope.clone(), inferred, years }
}

fn part_from_json(json: PartJson) -> Result<Part, ExchangeError> {
    let has = |what| json.inferred.contains(&what);
    let inferred = Inferred {
        year: has(InferredJson::Year),
        month: has(InferredJson::Month),
        day: has(InferredJson::Day),
    };
    Ok(Part { kind: kind_from_json(json.kind)?, scope: json.scope, inferred })
}

fn kind_to_json(kind: &Kind) -> KindJson {
    match kind {
        Kind::Day(date) => KindJson::Day { date: when_text(*date) },
        Kind::Deadline { end, annual } => KindJson::Deadline { end: when_text(*end), annual: *annual },
        Kind::Interval { start, end, annual } => {
            KindJson::Interval { start: when_text(*start), end: when_text(*end), annual: *annual }
        }
        Kind::Recurrence { every, every_max, times, within } => {
            recurrence_to_json(*every, *every_max, *times, *within)
        }
        Kind::Ongoing(span) => KindJson::Ongoing { span: span_to_json(*span) },
        Kind::Condition(text) => KindJson::Condition { text: text.clone() },
        Kind::ExternalPlan(name) => KindJson::ExternalPlan { name: name.clone() },
        Kind::Relative { after, duration } => KindJson::Relative {
            after: after.clone(),
            duration: duration_text(*duration),
            working_days: duration.unit == Unit::WorkingDay,
            school_year: duration.unit == Unit::SchoolYear,
        },
        Kind::Missing => KindJson::Missing,
        Kind::Unrecognised(text) => KindJson::Unrecognised { text: text.clone() },
    }
}

fn recurrence_to_json(
    every: Every,
    every_max: Option<Every>,
    times: Option<Times>,
    within: Option<Within>,
) -> KindJson {
    let (working_days, school_year) = (every.unit == Unit::WorkingDay, every.unit == Unit::SchoolYear);
    let differs = |unit, usual: bool| every_max.map(|max| max.unit == unit).filter(|&of_max| of_max != usual);
    KindJson::Recurrence {
        every: duration_text(every),
        every_max: every_max.map(duration_text),
        working_days,
        school_year,
        every_max_working_days: differs(Unit::WorkingDay, working_days),
        every_max_school_year: differs(Unit::SchoolYear, school_year),
        times: times.map(|Times { min, max }| TimesJson { min, max }),
        within: within.map(|w| WithinJson { start: when_text(w.start), end: when_text(w.end) }),
    }
}

fn kind_from_json(json: KindJson) -> Result<Kind, ExchangeError> {
    Ok(match json {
        KindJson::Day { date } => Kind::Day(when("date", &date)?),
        KindJson::Deadline { end, annual } => Kind::Deadline { end: when("end", &end)?, annual },
        KindJson::Interval { start, end, annual } => {
            Kind::Interval { start: when("start", &start)?, end: when("end", &end)?, annual }
        }
        KindJson::Recurrence {
            every,
            every_max,
            working_days,
            school_year,
            every_max_working_days,
            every_max_school_year,
            times,
            within,
        } => {
            let max_working = every_max_working_days.unwrap_or(working_days);
            let max_school = every_max_school_year.unwrap_or(school_year);
            Kind::Recurrence {
                every: duration("every", &every, working_days, school_year)?,
                every_max: every_max
                    .map(|text| duration("every_max", &text, max_working, max_school))
                    .transpose()?,
                times: times.map(|TimesJson { min, max }| Times { min, max }),
                within: within.as_ref().map(within_from_json).transpose()?,
            }
        }
        KindJson::Ongoing { span } => Kind::Ongoing(span_from_json(span)),
        KindJson::Condition { text } => Kind::Condition(text),
        KindJson::ExternalPlan { name } => Kind::ExternalPlan(name),
        KindJson::Relative { after, duration: text, working_days, school_year } => {
            Kind::Relative { after, duration: duration("duration", &text, working_days, school_year)? }
        }
        KindJson::Missing => Kind::Missing,
        KindJson::Unrecognised { text } => Kind::Unrecognised(text),
    })
}

fn within_from_json(json: &WithinJson) -> Result<Within, ExchangeError> {
    Ok(Within { start: when("within.start", &json.start)?, end: when("within.end", &json.end)? })
}

fn span_to_json(span: Span) -> SpanJson {
    match span {
        Span::Year => SpanJson::Year,
        Span::SchoolYear => SpanJson::SchoolYear,
        Span::Project => SpanJson::Project,
        Span::Permanent => SpanJson::Permanent,
    }
}

fn span_from_json(json: SpanJson) -> Span {
    match json {
        SpanJson::Year => Span::Year,
        SpanJson::SchoolYear => Span::SchoolYear,
        SpanJson::Project => Span::Project,
        SpanJson::Permanent => Span::Permanent,
    }
}

fn when_text(when: When) -> String {
    match when {
        When::Date(date) => date.to_string(),
        When::MonthDay(MonthDay { month, day }) => format!("--{month:02}-{day:02}"),
    }
}

fn when(field: &str, text: &str) -> Result<When, ExchangeError> {
    let Some(rest) = text.strip_prefix("--") else {
        return date(field, text).map(When::Date);
    };
    month_day(rest).map(When::MonthDay).ok_or_else(|| {
        ExchangeError::value(field, text, "день вида 2021-04-01 или --08-01 (месяц и день без года)")
    })
}

/// `08-31`. A day that the month never has is refused.
fn month_day(text: &str) -> Option<MonthDay> {
    // In a leap year every month has all the days it can have.
    let date = parse_date(&format!("2000-{text}"))?;
    Some(MonthDay { month: date.month(), day: date.day() })
}

/// A full date `2021-04-01` and nothing else.
pub(crate) fn date(field: &str, text: &str) -> Result<Date, ExchangeError> {
    parse_date(text).ok_or_else(|| ExchangeError::value(field, text, "дата вида 2021-04-01"))
}

fn parse_date(text: &str) -> Option<Date> {
    // jiff also reads times, `20210401` and the like; one date has one spelling here.
    text.parse::<Date>().ok().filter(|date| date.to_string() == text)
}

pub(crate) fn period_to_json(period: Period) -> PeriodJson {
    PeriodJson { start: period.start.to_string(), end: period.end.to_string() }
}

pub(crate) fn period_from_json(json: &PeriodJson) -> Result<Period, ExchangeError> {
    Ok(Period { start: date("period.start", &json.start)?, end: date("period.end", &json.end)? })
}

fn duration_text(every: Every) -> String {
    let designator = match every.unit {
        Unit::Day | Unit::WorkingDay => 'D',
        Unit::Week => 'W',
        Unit::Month => 'M',
        Unit::Year | Unit::SchoolYear => 'Y',
    };
    format!("P{}{designator}", every.count)
}

fn duration(field: &str, text: &str, working_days: bool, school_year: bool) -> Result<Every, ExchangeError> {
    let refuse = || ExchangeError::value(field, text, "длительность вида P10D, P3W, P1M или P1Y");
    let inner = text.strip_prefix('P').ok_or_else(refuse)?;
    let designator = inner.chars().next_back().ok_or_else(refuse)?;
    let digits = inner.strip_suffix(designator).ok_or_else(refuse)?;
    if digits.starts_with(['0', '+']) {
        return Err(refuse());
    }
    let count: u16 = digits.parse().map_err(|_| refuse())?;
    let unit = match (designator, working_days, school_year) {
        ('D', false, _) => Unit::Day,
        ('D', true, _) => Unit::WorkingDay,
        ('W', _, _) => Unit::Week,
        ('M', _, _) => Unit::Month,
        ('Y', _, false) => Unit::Year,
        ('Y', _, true) => Unit::SchoolYear,
        _ => return Err(refuse()),
    };
    Ok(Every { count, unit })
}
