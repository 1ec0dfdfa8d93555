//! Which times of an activity are there to be carried out and reported?

use std::fmt;

use jiff::civil::Date;
use opora_cycle::vocabulary::{Activity, ActivityKey, Plan};
use opora_schedule::calendar::{is_working_day, working_days_between};
use opora_schedule::{Context, Kind, Occurrence as Days, OccurrenceKind, Period, Schedule, Unit, When};

/// First and last day for something, both included; the first is never after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First day on which it may be done.
    pub from: Date,
    /// Last day.
    pub due: Date,
}

impl Window {
    /// Days that two windows share.
    pub(crate) fn shared_days(&self, other: &Self) -> i32 {
        crate::words::days_between(self.from.max(other.from), self.due.min(other.due)) + 1
    }

    /// It has a day on which people work, by the production calendar.
    #[must_use]
    pub fn has_working_day(&self) -> bool {
        // Beyond the reach of the calendar a window is long and has one.
        is_working_day(self.from) || working_days_between(self.from, self.due).is_none_or(|days| days > 0)
    }

    /// The day lies in the window.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.due
    }
}

/// Which time of which activity is meant. Facts keep this key for ever; what it means after the schedule was edited
/// is found by [`crate::Ledger`].
///
/// `Display` and [`OccurrenceKey::parse`] write and read it as `12/2026-05-01..2026-05-30`, `12/2026-05-30`,
/// `12/undated`, each with `.2` behind it for the second of equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OccurrenceKey {
    /// The activity within its plan.
    pub activity: ActivityKey,
    /// The days as the schedule gives them, a deadline as its one day; `None` where it gives none.
    pub window: Option<Window>,
    /// Number among the activity's occurrences with the same days, from one.
    pub nth: u16,
}

impl fmt::Display for OccurrenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.activity.0)?;
        match self.window {
            None => f.write_str("undated")?,
            Some(Window { from, due }) if from == due => write!(f, "{due}")?,
            Some(Window { from, due }) => write!(f, "{from}..{due}")?,
        }
        if self.nth > 1 { write!(f, ".{}", self.nth) } else { Ok(()) }
    }
}

impl OccurrenceKey {
    /// Reads what `Display` writes; nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (activity, days) = text.split_once('/')?;
        let (first, rest) = days.split_once("..").map_or((None, days), |(first, rest)| (Some(first), rest));
        let (last, nth) = rest.split_once('.').map_or((rest, None), |(last, nth)| (last, Some(nth)));
        let window = match (first, last) {
            (None, "undated") => None,
            (first, last) => {
                Some(Window { from: first.unwrap_or(last).parse().ok()?, due: last.parse().ok()? })
            }
        };
        let activity = ActivityKey(activity.parse().ok()?);
        let key = Self { activity, window, nth: nth.map_or(Some(1), |nth| nth.parse().ok())? };
        let is_forward = window.is_none_or(|window| window.from <= window.due);
        (is_forward && key.to_string() == text).then_some(key)
    }
}

/// One time at which an activity is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Its stable name.
    pub key: OccurrenceKey,
    /// Index of the section in the plan.
    pub section: usize,
    /// What kind of time it is.
    pub nature: Nature,
    /// When it may be done and by when it must be; `None` where the schedule names no days. A deadline opens on the
    /// day after the deadline before it, or on the first day of the plan.
    pub window: Option<Window>,
    /// The year came from the context, not from the text.
    pub inferred: bool,
}

/// What kind of time an occurrence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nature {
    /// On a day, by a day or within days; an annual date has one each year.
    Dated,
    /// One period of a recurrence.
    Recurrent,
    /// All the time of a span; due at its end. So is what recurs oftener than weekly: nobody reports every day.
    Ongoing,
    /// No days are known, and none are invented.
    Undated(Undated),
}

impl Nature {
    /// It says how a thing goes on rather than that there is another time for it.
    fn is_qualification(&self) -> bool {
        matches!(
            self,
            Self::Undated(Undated::Condition(_) | Undated::ExternalPlan(_) | Undated::AfterEvent(_))
        )
    }
}

/// Why there are no days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undated {
    /// It depends on a condition, verbatim.
    Condition(String),
    /// Another plan says, verbatim.
    ExternalPlan(String),
    /// It is counted from an event, verbatim.
    AfterEvent(String),
    /// The plan names no deadline.
    Missing,
    /// The text is not understood, verbatim.
    Unrecognised(String),
    /// The text names days that give none here: reversed, or outside the plan.
    NoDay,
}

impl Undated {
    /// Why there is no deadline, in Russian, for a line below the activity.
    #[must_use]
    pub fn russian(&self) -> String {
        match self {
            Self::Condition(text) => format!("без срока: по условию «{text}»"),
            Self::ExternalPlan(name) => format!("без срока: срок назовёт {name}"),
            Self::AfterEvent(event) => format!("без срока: срок отсчитывается от события «{event}»"),
            Self::Missing => "без срока: в плане он не указан".to_owned(),
            Self::Unrecognised(text) => format!("без срока: запись «{text}» не понята"),
            Self::NoDay => "без срока: запись не даёт ни одного дня, проверьте даты".to_owned(),
        }
    }
}

/// The days around a plan that its schedules are laid on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Period of the plan; used where the plan itself names none.
    pub period: Period,
    /// Day of the act that put it in force.
    pub act_date: Option<Date>,
}

/// Occurrences of one part of a schedule at most for a required number of times: «не менее 500 раз» stays one.
const TIMES_MAX: u16 = 31;

/// A period of a recurrence without a working day, such as the first week of January, asks nothing of anybody.
fn is_workable(days: &Days) -> bool {
    let window = Window { from: days.start, due: days.end };
    days.kind != OccurrenceKind::Recurrence || window.has_working_day()
}

/// All occurrences of a plan, in the order of the plan, by day within an activity. Every activity has at least one.
#[must_use]
pub fn occurrences(plan: &Plan, frame: &Frame) -> Vec<Occurrence> {
    let frame = Frame { period: plan.period.unwrap_or(frame.period), ..*frame };
    let mut all = Vec::new();
    for (index, section) in plan.sections.iter().enumerate() {
        for activity in &section.activities {
            all.append(&mut of_activity(activity, index, section.year, &frame));
        }
    }
    all
}

/// The occurrences of one activity of the section with this index and year.
#[must_use]
pub fn of_activity(activity: &Activity, section: usize, year: Option<i16>, frame: &Frame) -> Vec<Occurrence> {
    let schedule = &activity.schedule;
    let context = Context { year, period: Some(frame.period), act_date: frame.act_date };
    let window = stated_dates(schedule).fold(frame.period, widened);
    let mut days = schedule.occurrences(window, &context);
    // The window was widened for dates that leave the period; what comes again and again stays within it.
    days.retain(|d| !repeats(schedule, d.part) || touches(d, &frame.period));
    let mut found = Vec::new();
    for (index, part) in schedule.parts.iter().enumerate() {
        let own: Vec<&Days> = days.iter().filter(|d| d.part == index).collect();
        match (own.first(), own.last()) {
            (Some(first), Some(last)) if is_oftener_than_weekly(&part.kind) => {
                let whole = Days { end: last.end, kind: OccurrenceKind::Ongoing, ..**first };
                found.push(dated(&whole, Nature::Ongoing));
            }
            (Some(_), _) => {
                for day in own.iter().filter(|day| own.len() == 1 || is_workable(day)) {
                    let nature = nature(&part.kind, day.kind);
                    found.extend((0..times(&part.kind, day.kind)).map(|_| dated(day, nature.clone())));
                }
            }
            (None, _) => found.push(Draft {
                days: None,
                nature: Nature::Undated(undated(&part.kind)),
                opens: false,
                inferred: false,
            }),
        }
    }
    // «в течение года, по мере необходимости» is one thing that goes on; what is not understood is still told.
    let goes_on = found.iter().any(|draft| draft.nature == Nature::Ongoing);
    found.retain(|draft| !(goes_on && draft.nature.is_qualification()));
    found.sort_by_key(|draft| (draft.days.is_none(), draft.days));
    keyed(found, activity.key, section, frame.period.start)
}

struct Draft {
    days: Option<Window>,
    nature: Nature,
    /// A deadline: it may be done before its day.
    opens: bool,
    inferred: bool,
}

fn dated(days: &Days, nature: Nature) -> Draft {
    Draft {
        days: Some(Window { from: days.start, due: days.end }),
        nature,
        opens: days.kind == OccurrenceKind::Deadline,
        inferred: days.inferred,
    }
}

/// Gives the drafts of an activity, in order, their keys and the days their windows open.
fn keyed(drafts: Vec<Draft>, activity: ActivityKey, section: usize, first_day: Date) -> Vec<Occurrence> {
    let mut last: Option<(Option<Window>, u16)> = None;
    let (mut opening, mut deadline): (Date, Option<Window>) = (first_day, None);
    let mut keyed = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let nth = last.filter(|(days, _)| *days == draft.days).map_or(1, |(_, nth)| nth.saturating_add(1));
        // Equal deadlines open together.
        if draft.opens && deadline != draft.days {
            opening = deadline.map_or(first_day, |before| before.due.tomorrow().unwrap_or(before.due));
            deadline = draft.days;
        }
        let from = |days: Window| if draft.opens { opening.min(days.due) } else { days.from };
        keyed.push(Occurrence {
            key: OccurrenceKey { activity, window: draft.days, nth },
            section,
            nature: draft.nature,
            window: draft.days.map(|days| Window { from: from(days), due: days.due }),
            inferred: draft.inferred,
        });
        last = Some((draft.days, nth));
    }
    keyed
}

fn nature(kind: &Kind, days: OccurrenceKind) -> Nature {
    match (kind, days) {
        (Kind::Recurrence { .. }, _) => Nature::Recurrent,
        (_, OccurrenceKind::Ongoing) => Nature::Ongoing,
        _ => Nature::Dated,
    }
}

/// How often it is asked for within one period: «не менее 2 раз в год» is two occurrences with the same days.
fn times(kind: &Kind, days: OccurrenceKind) -> u16 {
    match kind {
        Kind::Recurrence { times: Some(times), .. } if days == OccurrenceKind::Recurrence => {
            times.min.filter(|min| (1..=TIMES_MAX).contains(min)).unwrap_or(1)
        }
        _ => 1,
    }
}

fn is_oftener_than_weekly(kind: &Kind) -> bool {
    let Kind::Recurrence { every, times, .. } = kind else { return false };
    match every.unit {
        Unit::Day | Unit::WorkingDay => every.count < 5,
        Unit::Week => {
            every.count == 1 && times.as_ref().and_then(|times| times.min).is_some_and(|min| min > 1)
        }
        _ => false,
    }
}

fn repeats(schedule: &Schedule, part: usize) -> bool {
    schedule.parts.get(part).is_some_and(|part| match part.kind {
        Kind::Deadline { annual, .. } | Kind::Interval { annual, .. } => annual,
        Kind::Recurrence { .. } => true,
        _ => false,
    })
}

fn touches(days: &Days, period: &Period) -> bool {
    days.start <= period.end && period.start <= days.end
}

fn undated(kind: &Kind) -> Undated {
    match kind {
        Kind::Condition(text) => Undated::Condition(text.clone()),
        Kind::ExternalPlan(name) => Undated::ExternalPlan(name.clone()),
        Kind::Relative { after, .. } => Undated::AfterEvent(after.clone()),
        Kind::Missing => Undated::Missing,
        Kind::Unrecognised(text) => Undated::Unrecognised(text.clone()),
        Kind::Day(_)
        | Kind::Deadline { .. }
        | Kind::Interval { .. }
        | Kind::Recurrence { .. }
        | Kind::Ongoing(_) => Undated::NoDay,
    }
}

fn widened(period: Period, date: Date) -> Period {
    Period { start: period.start.min(date), end: period.end.max(date) }
}

/// Full dates that a schedule names for something that comes once.
fn stated_dates(schedule: &Schedule) -> impl Iterator<Item = Date> {
    schedule.parts.iter().flat_map(|part| {
        let pair = match &part.kind {
            Kind::Day(day) => [Some(*day), None],
            Kind::Deadline { end, .. } => [Some(*end), None],
            Kind::Interval { start, end, .. } => [Some(*start), Some(*end)],
            _ => [None, None],
        };
        pair.into_iter().flatten().filter_map(|when| match when {
            When::Date(date) => Some(date),
            When::MonthDay(_) => None,
        })
    })
}
