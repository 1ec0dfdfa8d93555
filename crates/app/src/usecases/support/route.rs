//! Which visits do the windows of a month still call for, and on which days is a curator to make them?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_execution::obligations::Kept;
use opora_execution::visits::{Call, Distances, Route, RouteLimits, VisitState, route};
use opora_execution::work::calls;
use opora_schedule::Period;

use super::{Records, Rulebook, Window};

/// A school with its windows of this school year.
#[derive(Clone, Debug)]
pub struct Called {
    /// The school.
    pub school: OrganisationId,
    /// The windows.
    pub windows: Arc<Vec<Window>>,
}

/// What a route is asked for.
#[derive(Clone, Copy, Debug)]
pub struct RouteAsked {
    /// The first and the last day of the month.
    pub month: Period,
    /// Visits a day at most.
    pub per_day: usize,
    /// Days before it are over.
    pub today: Date,
}

/// The days on which visits to a school are planned.
pub fn planned_days(records: &Records, school: OrganisationId, today: Date) -> Vec<Date> {
    let visits = records.visits_of(school).iter();
    visits
        .filter_map(|visit| match visit.state(today) {
            VisitState::Planned(on) => Some(on),
            _ => None,
        })
        .collect()
}

/// The visits that windows still call for: what is planned already is not called for twice.
fn wanted_calls(schools: &[Called], records: &Records, rules: &Rulebook, today: Date) -> Vec<Call> {
    let mut all = Vec::new();
    for own in schools {
        let windows = own.windows.iter().filter_map(|window| window.kept(rules));
        let kept: Vec<Kept<'_>> = windows.filter(|kept| kept.rule.event == "visit").collect();
        let mut asked = calls(&kept);
        for day in planned_days(records, own.school, today) {
            let mut served: BTreeSet<String> = BTreeSet::new();
            asked.retain(|call| {
                let fits = call.window.from <= day && day <= call.window.due;
                !(fits && served.insert(call.rule.clone()))
            });
        }
        all.extend(asked);
    }
    all
}

/// The route of a month through these schools. A month that is over has none.
pub fn month_route(
    schools: &[Called],
    (records, rules): (&Records, &Rulebook),
    asked: &RouteAsked,
    distances: Option<&Distances>,
) -> Route {
    let start = asked.month.start.max(asked.today);
    if start > asked.month.end {
        return Route::default();
    }
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for own in schools {
        for day in planned_days(records, own.school, asked.today) {
            *days.entry(day).or_default() += 1;
        }
    }
    let full = days.into_iter().filter(|(_, number)| *number >= asked.per_day);
    let limits = RouteLimits {
        days: Period { start, end: asked.month.end },
        per_day: asked.per_day,
        busy: full.map(|(day, _)| day).collect(),
    };
    route(&wanted_calls(schools, records, rules, asked.today), &limits, distances)
}
