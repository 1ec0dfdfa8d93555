//! On which days of a month does a curator visit which schools?
//!
//! The way is a plain heuristic that says what it does:
//!
//! 1. Calls of one school under different rules whose windows share a working day become one visit within the shared
//!    days.
//! 2. The working days of the month are walked in order. On each the curator goes to the schools whose windows close
//!    first, at most `per_day`. For visits to different schools, this way leaves one without a day only if
//!    every way does.
//! 3. Where distances are given, visits then change places between days as long as that shortens the way and every
//!    visit stays within its window. Within a day the nearest school comes next.
//!
//! A school is visited once a day at most. What finds no day is never dropped: if its window lasts beyond the month, it
//! is left for later, else it is named with the reason.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use opora_schedule::Period;
use opora_schedule::calendar::is_working_day;

use crate::occurrence::Window;
use crate::words;

/// A visit that is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The school.
    pub school: i64,
    /// When.
    pub window: Window,
    /// The rule that asks for it; two calls of one rule are two visits.
    pub rule: String,
}

/// What the curator can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteLimits {
    /// First and last day of the route.
    pub days: Period,
    /// Visits in a day at most; zero counts as one.
    pub per_day: usize,
    /// Days on which the curator can't go.
    pub busy: BTreeSet<Date>,
}

/// Ways between places, in any one unit: minutes, kilometres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    home: usize,
    index: BTreeMap<i64, usize>,
    ways: Vec<u32>,
}

impl Distances {
    /// `ways[i * n + j]` is the way from place `i` to place `j`, where place 0 is where the curator starts and place
    /// `k + 1` is `schools[k]`. `None` unless there are exactly `n * n` of them for `n = schools.len() + 1`.
    #[must_use]
    pub fn new(schools: &[i64], ways: Vec<u32>) -> Option<Self> {
        let places = schools.len().checked_add(1)?;
        (ways.len() == places.checked_mul(places)?).then(|| Self {
            home: 0,
            index: schools.iter().copied().zip(1..).collect(),
            ways,
        })
    }

    fn places(&self) -> usize {
        self.ways.len().isqrt()
    }

    fn way(&self, from: usize, to: usize) -> u64 {
        u64::from(self.ways.get(from * self.places() + to).copied().unwrap_or_default())
    }

    /// The schools in the order of the nearest next, and the length of the way there and back. Schools the table does
    /// not know come last and cost nothing.
    fn tour(&self, schools: &[i64]) -> (Vec<usize>, u64) {
        let mut left: Vec<(usize, Option<usize>)> =
            schools.iter().map(|school| self.index.get(school).copied()).enumerate().collect();
        let (mut at, mut length, mut order) = (self.home, 0, Vec::with_capacity(left.len()));
        while let Some(next) = (0..left.len()).min_by_key(|next| {
            let place = left.get(*next).and_then(|(_, place)| *place);
            (place.is_none(), place.map_or(0, |place| self.way(at, place)))
        }) {
            let (number, place) = left.remove(next);
            if let Some(place) = place {
                length += self.way(at, place);
                at = place;
            }
            order.push(number);
        }
        (order, length + self.way(at, self.home))
    }
}

/// A visit of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The school.
    pub school: i64,
    /// The days on which it may be.
    pub window: Window,
    /// The rules it serves.
    pub rules: Vec<String>,
}

/// A day of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDay {
    /// The day.
    pub day: Date,
    /// Visits in order.
    pub stops: Vec<Stop>,
}

/// A visit that found no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// The visit.
    pub stop: Stop,
    /// Why, and what to do, in Russian.
    pub why: String,
}

/// The route of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Days with visits, in order.
    pub days: Vec<RouteDay>,
    /// Visits without a day whose window closes within the days of the route.
    pub unplaced: Vec<Unplaced>,
    /// Visits without a day whose window goes on after the last day of the route.
    pub later: Vec<Stop>,
    /// How it was made, sentence by sentence, in Russian.
    pub how: Vec<String>,
}

/// Visits a day at most, whatever is asked for.
pub const PER_DAY_MAX: usize = 20;
/// Changes of places that are tried at most: an answer in time is worth more than a last kilometre.
const TRIALS: usize = 20_000;
/// Days of a route at most.
const DAYS_MAX: usize = 400;

/// The route for the calls whose windows meet the days of the route.
#[must_use]
pub fn route(calls: &[Call], limits: &RouteLimits, distances: Option<&Distances>) -> Route {
    let per_day = limits.per_day.clamp(1, PER_DAY_MAX);
    let asked = calls
        .iter()
        .filter(|call| call.window.from <= limits.days.end && limits.days.start <= call.window.due);
    let asked: Vec<&Call> = asked.collect();
    let working: Vec<Date> = limits
        .days
        .start
        .series(1.day())
        .take(DAYS_MAX)
        .take_while(|day| *day <= limits.days.end)
        .filter(|day| is_working_day(*day) && !limits.busy.contains(day))
        .collect();
    let (mut plan, left) = placed(&asked, &working, per_day);
    let (later, left): (Vec<Stop>, Vec<Stop>) =
        left.into_iter().partition(|stop| stop.window.due > limits.days.end);
    let of_month = || plan.iter().flat_map(|(_, stops)| stops).chain(&left);
    let mut how = vec![format!(
        "Посещений: {}. Они закрывают {}.",
        of_month().count(),
        words::count(of_month().map(|stop| stop.rules.len()).sum(), ["окно", "окна", "окон"])
    )];
    how.push(format!(
        "Дни заполнены по порядку: сначала школы, у которых окно закрывается раньше, не больше {per_day} в день, только рабочие дни."
    ));
    if let Some(distances) = distances {
        let before = length(&plan, distances);
        shorten(&mut plan, per_day, distances);
        let after = length(&plan, distances);
        how.push(format!("Затем посещения менялись днями в пределах своих окон, чтобы сократить путь: было {before}, стало {after}."));
    }
    let days = plan
        .into_iter()
        .filter(|(_, stops)| !stops.is_empty())
        .map(|(day, stops)| RouteDay { day, stops: in_order(stops, distances) })
        .collect();
    let unplaced = left.into_iter().map(|stop| unplaced(stop, &working, per_day)).collect();
    Route { days, unplaced, later, how }
}

/// Joins calls of a school under different rules that share a day on which the curator can go: those that close first
/// gather the others.
fn joined(calls: &[&Call], working: &[Date], apart: &BTreeSet<i64>) -> Vec<Stop> {
    let mut sorted: Vec<&Call> = calls.to_vec();
    sorted.sort_by_key(|call| (call.school, call.window.due, call.window.from, call.rule.as_str()));
    let mut stops: Vec<Stop> = Vec::new();
    for call in sorted {
        let fits = |stop: &&mut Stop| {
            stop.school == call.school
                && !stop.rules.contains(&call.rule)
                && !apart.contains(&call.school)
                && working.iter().any(|day| stop.window.holds(*day) && call.window.holds(*day))
        };
        match stops.iter_mut().rev().take_while(|stop| stop.school == call.school).find(fits) {
            Some(stop) => {
                stop.window.from = stop.window.from.max(call.window.from);
                stop.window.due = stop.window.due.min(call.window.due);
                stop.rules.push(call.rule.clone());
            }
            None => {
                stops.push(Stop { school: call.school, window: call.window, rules: vec![call.rule.clone()] });
            }
        }
    }
    stops
}

type Plan = Vec<(Date, Vec<Stop>)>;

/// Lays calls to days. Joined windows are narrower: where a visit finds no day, everything is tried once more with the
/// calls of the joined schools one by one, and that counts if it leaves fewer windows without a visit.
fn placed(asked: &[&Call], working: &[Date], per_day: usize) -> (Plan, Vec<Stop>) {
    let missed = |left: &[Stop]| left.iter().map(|stop| stop.rules.len()).sum::<usize>();
    let together = joined(asked, working, &BTreeSet::new());
    let apart: BTreeSet<i64> =
        together.iter().filter(|stop| stop.rules.len() > 1).map(|stop| stop.school).collect();
    let (plan, left) = by_deadline(together, working, per_day);
    if left.is_empty() || apart.is_empty() {
        return (plan, left);
    }
    let (other_plan, other_left) = by_deadline(joined(asked, working, &apart), working, per_day);
    if missed(&other_left) < missed(&left) { (other_plan, other_left) } else { (plan, left) }
}

/// The earliest closing window first, day by day.
fn by_deadline(mut stops: Vec<Stop>, working: &[Date], per_day: usize) -> (Plan, Vec<Stop>) {
    stops.sort_by_key(|stop| (stop.window.due, stop.window.from, stop.school));
    let mut plan = Vec::with_capacity(working.len());
    for day in working {
        let mut today: Vec<Stop> = Vec::new();
        let mut rest = Vec::with_capacity(stops.len());
        for stop in stops {
            let fits = today.len() < per_day
                && stop.window.holds(*day)
                && today.iter().all(|other| other.school != stop.school);
            if fits { today.push(stop) } else { rest.push(stop) }
        }
        stops = rest;
        plan.push((*day, today));
    }
    (plan, stops)
}

fn schools(stops: &[Stop]) -> Vec<i64> {
    stops.iter().map(|stop| stop.school).collect()
}

fn day_length(stops: &[Stop], distances: &Distances) -> u64 {
    if stops.is_empty() { 0 } else { distances.tour(&schools(stops)).1 }
}

fn length(plan: &Plan, distances: &Distances) -> u64 {
    plan.iter().map(|(_, stops)| day_length(stops, distances)).sum()
}

/// Moves a visit to another day, or swaps two, while that makes the way shorter and trials are left.
fn shorten(plan: &mut Plan, per_day: usize, distances: &Distances) {
    let mut trials = TRIALS;
    let mut better = true;
    while better && trials > 0 {
        better = false;
        for first in 0..plan.len() {
            for second in 0..plan.len() {
                if first != second && trials > 0 {
                    better |= improve(plan, (first, second), per_day, distances, &mut trials);
                }
            }
        }
    }
}

/// Tries every move from the first day to the second and every swap of the two, and keeps the first that is shorter.
fn improve(
    plan: &mut Plan,
    (first, second): (usize, usize),
    per_day: usize,
    distances: &Distances,
    trials: &mut usize,
) -> bool {
    let Some(((day_a, a), (day_b, b))) = plan.get(first).zip(plan.get(second)) else { return false };
    let before = day_length(a, distances) + day_length(b, distances);
    for at in 0..a.len() {
        // `None` moves the visit, a number swaps it with that visit of the other day.
        for other in std::iter::once(None).chain((0..b.len()).map(Some)) {
            *trials = trials.saturating_sub(1);
            let (mut a, mut b) = (a.clone(), b.clone());
            let moving = a.remove(at);
            if let Some(other) = other {
                a.push(b.remove(other));
            }
            b.push(moving);
            let is_valid = |day: &Date, stops: &[Stop]| {
                let different: BTreeSet<i64> = stops.iter().map(|stop| stop.school).collect();
                stops.len() <= per_day
                    && different.len() == stops.len()
                    && stops.iter().all(|stop| stop.window.holds(*day))
            };
            if is_valid(day_a, &a)
                && is_valid(day_b, &b)
                && day_length(&a, distances) + day_length(&b, distances) < before
            {
                for (at, stops) in [(first, a), (second, b)] {
                    if let Some((_, kept)) = plan.get_mut(at) {
                        *kept = stops;
                    }
                }
                return true;
            }
        }
    }
    false
}

fn in_order(stops: Vec<Stop>, distances: Option<&Distances>) -> Vec<Stop> {
    let Some(distances) = distances else { return stops };
    let order = distances.tour(&schools(&stops)).0;
    order.into_iter().filter_map(|at| stops.get(at).cloned()).collect()
}

fn unplaced(stop: Stop, working: &[Date], per_day: usize) -> Unplaced {
    let any = working.iter().any(|day| stop.window.holds(*day));
    let days = format!("с {} по {}", words::day(stop.window.from), words::day(stop.window.due));
    let why = if any {
        format!(
            "Во все подходящие дни ({days}) уже по {per_day}. Увеличьте число посещений в день или передайте посещение другому куратору."
        )
    } else {
        format!(
            "В окне {days} нет ни одного свободного рабочего дня. Освободите день или отметьте уважительную причину."
        )
    };
    Unplaced { stop, why }
}
