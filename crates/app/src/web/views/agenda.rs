//! When does each activity of a plan fall, and how does it stand today?

use std::borrow::Cow;

use jiff::{ToSpan, civil::Date};
use opora_cycle::vocabulary::{Activity, Order, Plan};
use opora_schedule::{Context, Kind, Occurrence, OccurrenceKind, Period, Schedule, When};

/// Days before its last day at which a thing counts as due soon.
pub const SOON_DAYS: i32 = 14;

/// Years by which a date may leave the plan's own period before it stops to widen the scale: such a date is a slip
/// («2201»), and a scale that shows it shows nothing else.
const STRAY_YEARS: i16 = 2;

/// The activities of an order's plan with their days, in the order of the plan.
#[derive(Clone, Debug)]
pub struct Agenda<'a> {
    /// One for each activity.
    pub items: Vec<Item<'a>>,
    /// The days the plan is about: its period, widened to the dates its activities name.
    pub horizon: Period,
}

/// An activity with its days.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// Number of its section in the plan, from zero.
    pub section: usize,
    /// The activity.
    pub activity: &'a Activity,
    /// Its days, by start; empty where the words of the order give none.
    pub spans: Cow<'a, [Occurrence]>,
    /// How it stands today.
    pub state: State,
}

/// How an activity stands by its dates. What was in fact done is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its last day is at most [`SOON_DAYS`] days away.
    DueSoon,
    /// Its days have begun.
    GoingOn,
    /// All its days are yet to come.
    Ahead,
    /// All its days are over.
    Past,
    /// Its deadline ends before it begins and gives no day.
    Reversed,
    /// The words of the order give no date.
    Undated,
}

impl State {
    /// Every state in the order of attention.
    pub const ALL: [Self; 6] =
        [Self::DueSoon, Self::GoingOn, Self::Ahead, Self::Past, Self::Reversed, Self::Undated];

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::DueSoon => "скоро срок",
            Self::GoingOn => "идёт",
            Self::Ahead => "впереди",
            Self::Past => "срок прошёл",
            Self::Reversed => "срок с ошибкой",
            Self::Undated => "без даты",
        }
    }

    /// Word for addresses and class names.
    pub fn slug(self) -> &'static str {
        match self {
            Self::DueSoon => "soon",
            Self::GoingOn => "now",
            Self::Ahead => "ahead",
            Self::Past => "past",
            Self::Reversed => "reversed",
            Self::Undated => "undated",
        }
    }
}

impl Item<'_> {
    /// The occurrence that matters today: the first that is not over, or the last where all are.
    pub fn nearest(&self, today: Date) -> Option<Occurrence> {
        self.spans.iter().filter(|s| s.end >= today).min_by_key(|s| s.end).or(self.spans.last()).copied()
    }
}

/// Lays out the days of the order's first plan as they are known on a day.
pub fn agenda(order: &Order, today: Date) -> Agenda<'_> {
    let horizon = horizon(order, today);
    let Some(plan) = order.plans.first() else { return Agenda { items: Vec::new(), horizon } };
    let items = plan
        .sections
        .iter()
        .enumerate()
        .flat_map(|(section, body)| {
            let context = Context {
                year: body.year,
                period: Some(plan_period(order, plan).unwrap_or(horizon)),
                act_date: order.act.date,
            };
            body.activities.iter().map(move |activity| {
                let spans = occurrences(&activity.schedule, horizon, &context);
                let state = state_of(&activity.schedule, &spans, today);
                Item { section, activity, spans: Cow::Owned(spans), state }
            })
        })
        .collect();
    Agenda { items, horizon }
}

/// How an activity with this schedule and these days stands on a day.
pub fn state_of(schedule: &Schedule, spans: &[Occurrence], today: Date) -> State {
    match state(spans, today) {
        State::Undated if schedule.parts.iter().any(|part| is_reversed(&part.kind)) => State::Reversed,
        state => state,
    }
}

/// An order that says nothing of when it is: its activities are laid around the day they are asked for.
pub fn is_afloat(order: &Order) -> bool {
    order.act.date.is_none() && stated_period(order).is_none() && dates(order).next().is_none()
}

/// An interval that ends before it begins. Without years «сентябрь – май» goes on into the next year.
pub fn is_reversed(kind: &Kind) -> bool {
    matches!(kind, Kind::Interval { start: When::Date(start), end: When::Date(end), .. } if end < start)
}

/// How a thing with these days stands on a day.
pub fn state(spans: &[Occurrence], today: Date) -> State {
    let soon = today.saturating_add(SOON_DAYS.days());
    let once = |s: &&Occurrence| !matches!(s.kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
    if spans.is_empty() {
        return State::Undated;
    }
    if spans.iter().filter(once).any(|s| s.end >= today && s.end <= soon) {
        return State::DueSoon;
    }
    if spans.iter().any(|s| s.start <= today && s.end >= today) || between_stretches(spans, today) {
        return State::GoingOn;
    }
    if spans.iter().any(|s| s.end >= today) { State::Ahead } else { State::Past }
}

/// A thing that comes again and again goes on between two of its stretches, too, unless a year lies between.
fn between_stretches(spans: &[Occurrence], today: Date) -> bool {
    let recurring = || spans.iter().filter(|s| s.kind == OccurrenceKind::Recurrence);
    let before = recurring().filter(|s| s.end < today).map(|s| s.end).max();
    let after = recurring().filter(|s| s.start > today).map(|s| s.start).min();
    before.zip(after).is_some_and(|(before, after)| before.saturating_add(100.days()) >= after)
}

/// The days a schedule gives within a window widened to the dates it names, by start.
pub fn occurrences(schedule: &Schedule, window: Period, context: &Context) -> Vec<Occurrence> {
    let window = stated_dates(schedule).fold(window, widened);
    let mut spans = schedule.occurrences(window, context);
    for span in &mut spans {
        if span.kind == OccurrenceKind::Interval && span.start == span.end {
            span.kind = OccurrenceKind::Day;
        }
    }
    spans.dedup();
    spans
}

fn plan_period(order: &Order, plan: &Plan) -> Option<Period> {
    plan.period.or_else(|| order.programme.as_ref().and_then(|p| p.period))
}

/// The period of the order's first plan.
fn stated_period(order: &Order) -> Option<Period> {
    order.plans.first().and_then(|plan| plan_period(order, plan))
}

/// The dates that the activities of the order's first plan name.
fn dates(order: &Order) -> impl Iterator<Item = Date> {
    order
        .plans
        .iter()
        .take(1)
        .flat_map(Plan::activities)
        .flat_map(|activity| stated_dates(&activity.schedule))
}

/// The days a plan is about.
fn horizon(order: &Order, today: Date) -> Period {
    let stated = stated_period(order);
    let anchor = order.act.date.or_else(|| median(dates(order).collect())).unwrap_or(today);
    let base = stated.unwrap_or(Period { start: anchor, end: anchor });
    let stray = Period {
        start: base.start.saturating_sub(STRAY_YEARS.years()),
        end: base.end.saturating_add(if stated.is_some() { STRAY_YEARS } else { 10 }.years()),
    };
    let seen = dates(order).filter(|d| (stray.start..=stray.end).contains(d)).fold(base, widened);
    if stated.is_some() || (seen.end - seen.start).get_days() >= 180 {
        return seen;
    }
    // No period is stated and the dates say little: a year is what «ежемесячно» may fairly be drawn for.
    Period {
        start: seen.start,
        end: seen.end.max(seen.start.saturating_add(1.year()).saturating_sub(1.day())),
    }
}

fn median(mut dates: Vec<Date>) -> Option<Date> {
    dates.sort_unstable();
    dates.get(dates.len() / 2).copied()
}

fn widened(period: Period, date: Date) -> Period {
    Period { start: period.start.min(date), end: period.end.max(date) }
}

/// Full dates a schedule names, those supplied by the context included.
fn stated_dates(schedule: &Schedule) -> impl Iterator<Item = Date> {
    schedule.parts.iter().flat_map(|part| {
        let pair = match &part.kind {
            Kind::Day(day) => [Some(*day), None],
            Kind::Deadline { end, .. } => [Some(*end), None],
            Kind::Interval { start, end, .. } => [Some(*start), Some(*end)],
            Kind::Recurrence { within: Some(within), .. } => [Some(within.start), Some(within.end)],
            _ => [None, None],
        };
        pair.into_iter().flatten().filter_map(|when| match when {
            When::Date(date) => Some(date),
            When::MonthDay(_) => None,
        })
    })
}
