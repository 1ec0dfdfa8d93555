//! What was due in a week, what is done, what is late, what comes next, and which decisions are waited for?

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use opora_access::Place;
use opora_execution::{State, StateKind};
use opora_registry::Registry;

use super::decisions::{Decision, decisions};
use super::duties::{DutyRow, DutyWhich, VisitRow, VisitWhich, duty_rows, visit_rows};
use super::rows::{Found, Which, found_in, is_carried_out};
use super::{Leaf, Scope, place_name};
use crate::usecases::results::alphabet;
use crate::usecases::standings::Line;
use crate::usecases::support::Rulebook;

/// A week of a scope.
#[derive(Clone, Debug)]
pub struct Week<'a> {
    /// Its Monday.
    pub from: Date,
    /// Its Sunday.
    pub to: Date,
    /// What was due in it, however it stands.
    pub due: Vec<Found<'a>>,
    /// What was carried out in it, whenever it was due.
    pub done: Vec<Found<'a>>,
    /// What was due before it and is late still.
    pub late: Vec<Found<'a>>,
    /// What is due in the week after.
    pub next: Vec<Found<'a>>,
    /// What is carried out and waits for confirmation.
    pub unconfirmed: Vec<Found<'a>>,
    /// Decisions that are waited for.
    pub decisions: Vec<Decision>,
    /// Visits in it, held, planned or without a word.
    pub visits: Vec<VisitRow<'a>>,
    /// Windows of obligations whose last day is in it.
    pub duties: Vec<DutyRow<'a>>,
}

/// The Monday of the week of a day.
pub fn monday(day: Date) -> Date {
    let back = i32::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(back.days()).unwrap_or(day)
}

impl<'a> Week<'a> {
    /// The week of a day over leaves, as they stand today.
    pub fn of(leaves: &'a [Leaf], rules: &'a Rulebook, day: Date, today: Date) -> Self {
        let from = monday(day);
        let later = |days: i32| from.checked_add(days.days()).unwrap_or(from);
        let (to, next) = (later(6), later(13));
        let due_in = |line: &Line, first: Date, last: Date| {
            line.state != State::Cancelled && line.due().is_some_and(|due| first <= due && due <= last)
        };
        let done_in = |line: &Line| {
            is_carried_out(line) && line.outline.baseline.actual.is_some_and(|day| from <= day && day <= to)
        };
        let is_late = |line: &Line| {
            line.due().is_some_and(|due| due < from)
                && [StateKind::Late, StateKind::Returned].contains(&line.state.kind())
        };
        let within = |day: Date| from <= day && day <= to;
        let [due, done, late, next, unconfirmed] = found_in(leaves, |plan, line| {
            if plan.is_closed() {
                return [false; 5];
            }
            [
                due_in(line, from, to),
                done_in(line),
                is_late(line),
                due_in(line, to.tomorrow().unwrap_or(to), next),
                Which::In(StateKind::Done).holds(line),
            ]
        });
        let mut visits = visit_rows(leaves, VisitWhich::All, today);
        visits.retain(|row| within(row.on));
        let mut duties = duty_rows(leaves, rules, DutyWhich::All);
        duties.retain(|row| within(row.days().end));
        Self {
            from,
            to,
            visits,
            duties,
            due,
            done,
            late,
            next,
            unconfirmed,
            decisions: leaves.iter().flat_map(|leaf| decisions(leaf, today)).collect(),
        }
    }
}

/// A part of a scope in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekPart {
    /// Its name.
    pub name: String,
    /// Times due in the week.
    pub due: usize,
    /// Times carried out in it.
    pub done: usize,
    /// Times late from before.
    pub late: usize,
    /// Times that wait for confirmation.
    pub unconfirmed: usize,
    /// Decisions that are waited for.
    pub decisions: usize,
    /// Visits in it that took place.
    pub visits: usize,
    /// Windows that ended in it and were missed.
    pub missed: usize,
}

impl Week<'_> {
    /// The same in numbers by the parts of a scope, which stand by the alphabet; what is of no part comes first. Parts
    /// where nothing is to be told are left out.
    pub fn by_part(&self, scope: &Scope, registry: &Registry) -> Vec<WeekPart> {
        let mut counts: BTreeMap<Option<Place>, [usize; 7]> = BTreeMap::new();
        let mut count = |place: Place, column: usize| {
            let row = counts.entry(scope.part(place, registry)).or_default();
            if let Some(cell) = row.get_mut(column) {
                *cell += 1;
            }
        };
        let lists = [&self.due, &self.done, &self.late, &self.unconfirmed];
        for (list, column) in lists.into_iter().zip(0..) {
            list.iter().for_each(|found| count(found.leaf.place, column));
        }
        self.decisions.iter().for_each(|decision| count(decision.place, lists.len()));
        let held = self.visits.iter().filter(|row| row.which == VisitWhich::Held);
        held.for_each(|row| count(row.leaf.place, 5));
        let missed = self.duties.iter().filter(|row| row.which == DutyWhich::Missed);
        missed.for_each(|row| count(row.leaf.place, 6));
        type Counted = (Option<Place>, [usize; 7]);
        let part = |(place, [due, done, late, unconfirmed, decisions, visits, missed]): Counted| {
            let name = place.map_or_else(|| "Общие планы".to_owned(), |place| place_name(place, registry));
            (place, WeekPart { name, due, done, late, unconfirmed, decisions, visits, missed })
        };
        let mut parts: Vec<(Option<Place>, WeekPart)> = counts.into_iter().map(part).collect();
        parts.sort_by_cached_key(|(place, part)| (place.is_some(), alphabet::key(&part.name), *place));
        parts.into_iter().map(|(_, part)| part).collect()
    }
}
