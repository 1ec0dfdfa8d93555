//! In which windows must a thing be done?

use std::borrow::Cow;

use jiff::ToSpan;
use jiff::civil::Date;
use opora_schedule::calendar::last_working_day_on_or_before;
use opora_schedule::{Context, Every, Kind, OccurrenceKind, Part, Period, Schedule, Unit};

use super::Rule;
use crate::occurrence::Window;
use crate::words::days_between;

/// Days in which a school was in a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Stable word of the phase.
    pub phase: String,
    /// Its days.
    pub days: Period,
}

/// A window of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyWindow {
    /// First and last day, cut to the period and the phase.
    pub window: Window,
    /// How many times within it.
    pub need: u16,
    /// For a range («3–4 недели»): the day its shorter length ends. The window itself has the longer length, so that
    /// nobody is blamed for what the words allow.
    pub wanted: Option<Date>,
    /// The last working day of the window; its last day where it has none.
    pub act_by: Date,
    /// Why nobody is blamed for an empty window: it has no working day, or the period or the phase left less than
    /// half of it. In Russian.
    pub excused: Option<String>,
}

/// The windows of a rule within a period, by their first day.
///
/// A rule of a phase has windows in the stretches of that phase only. Weeks begin on Monday, months and quarters follow
/// the calendar. Days without a year come every year. The window of a deadline opens on the day after the one before it.
#[must_use]
pub fn windows(rule: &Rule, period: Period, stretches: &[Stretch]) -> Vec<DutyWindow> {
    let whole = Stretch { phase: String::new(), days: period };
    let mut all: Vec<DutyWindow> = Vec::new();
    let own: Vec<&Stretch> = match &rule.phase {
        Some(phase) => stretches.iter().filter(|stretch| stretch.phase == *phase).collect(),
        None => vec![&whole],
    };
    for stretch in own {
        let Some(bounds) = cut(stretch.days, period) else { continue };
        for part in &rule.when.parts {
            match &part.kind {
                Kind::Recurrence { .. } => recurring(part, bounds, &mut all),
                _ => dated(&rule.when.text, part, bounds, &mut all),
            }
        }
    }
    all.sort_by_key(|duty| duty.window);
    all.dedup_by_key(|duty| duty.window);
    openings(rule, period, &mut all);
    all
}

fn cut(days: Period, to: Period) -> Option<Period> {
    let (start, end) = (days.start.max(to.start), days.end.min(to.end));
    (start <= end).then_some(Period { start, end })
}

fn recurring(part: &Part, bounds: Period, all: &mut Vec<DutyWindow>) {
    let Kind::Recurrence { every, every_max, times, within } = &part.kind else { return };
    let length = every_max.unwrap_or(*every);
    let kind = Kind::Recurrence { every: length, every_max: None, times: *times, within: *within };
    let schedule = Schedule { text: String::new(), parts: vec![Part { kind, ..part.clone() }] };
    let context = Context { period: Some(bounds), ..Context::default() };
    let need = times.and_then(|times| times.min).unwrap_or(1).max(1);
    for days in schedule.occurrences(bounds, &context) {
        let window = Window { from: days.start, due: days.end };
        let wanted = every_max.and_then(|_| end_of(*every, window.from)).filter(|day| *day < window.due);
        let nominal = if days.kind == OccurrenceKind::Recurrence { nominal_days(length) } else { 1 };
        all.push(duty(window, need, wanted, nominal));
    }
}

/// Days of a rule, each year anew where no year is said.
fn dated(text: &str, part: &Part, bounds: Period, all: &mut Vec<DutyWindow>) {
    let years = bounds.start.year().saturating_sub(1)..=bounds.end.year();
    let one = Schedule { text: text.to_owned(), parts: vec![part.clone()] };
    for year in years {
        let context = Context { year: Some(year), ..Context::default() };
        let (Ok(start), Ok(end)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else { continue };
        for days in one.occurrences(Period { start, end }, &context) {
            let nominal = days_between(days.start, days.end) + 1;
            let Some(own) = cut(Period { start: days.start, end: days.end }, bounds) else { continue };
            all.push(duty(Window { from: own.start, due: own.end }, 1, None, nominal));
        }
    }
}

/// Opens the windows of deadlines: they are the ones of a single day.
fn openings(rule: &Rule, period: Period, all: &mut [DutyWindow]) {
    if !rule.when.parts.iter().all(|part| matches!(part.kind, Kind::Deadline { .. })) {
        return;
    }
    let mut opening = period.start;
    for duty in all {
        duty.window.from = opening.min(duty.window.due);
        duty.act_by = act_by(duty.window);
        duty.excused = no_working_day(duty.window);
        opening = duty.window.due.tomorrow().unwrap_or(duty.window.due);
    }
}

fn duty(window: Window, need: u16, wanted: Option<Date>, nominal_days: i32) -> DutyWindow {
    let length = days_between(window.from, window.due) + 1;
    let is_stump = length.saturating_mul(2) < nominal_days;
    let excused = no_working_day(window).or_else(|| {
        is_stump.then(|| "от окна осталось меньше половины: его начало или конец вне периода".to_owned())
    });
    DutyWindow { window, need, wanted, act_by: act_by(window), excused }
}

fn no_working_day(window: Window) -> Option<String> {
    (!window.has_working_day()).then(|| "в окне нет рабочих дней".to_owned())
}

fn act_by(window: Window) -> Date {
    last_working_day_on_or_before(window.due).filter(|day| window.holds(*day)).unwrap_or(window.due)
}

fn nominal_days(every: Every) -> i32 {
    let unit = match every.unit {
        Unit::Day | Unit::WorkingDay => 1,
        Unit::Week => 7,
        Unit::Month => 30,
        Unit::Year | Unit::SchoolYear => 365,
    };
    unit * i32::from(every.count)
}

/// The last day of a length that begins on a day.
fn end_of(every: Every, from: Date) -> Option<Date> {
    let count = i64::from(every.count);
    let span = match every.unit {
        Unit::Day | Unit::WorkingDay => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Year | Unit::SchoolYear => count.years(),
    };
    from.checked_add(span).ok()?.yesterday().ok()
}

/// How often, in plain words: the text of the rule.
pub(super) fn said(rule: &Rule) -> Cow<'_, str> {
    Cow::Borrowed(rule.when.text.trim_end_matches('.'))
}
