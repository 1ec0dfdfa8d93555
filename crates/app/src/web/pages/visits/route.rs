//! What is the month of a curator made of: schools, what to see there, and the route? Pages and programs ask here.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::visits::{Route, VisitDeed, VisitState};
use opora_execution::work::{WorkItem, WorkKind};
use opora_schedule::Period;
use opora_store::Names;
use serde::Deserialize;

use super::{Told, View, doer, names, school_name, supported, told};
use crate::usecases::assignments::Ways;
use crate::usecases::results::alphabet::key;
use crate::usecases::support::{self, Called, Ground, RouteAsked, Window, month_route, school_windows};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::views::address::address;

/// Visits a day where nothing else is asked for.
const PER_DAY: usize = 2;
/// Visits that are planned at once at most.
pub const PLANNED_AT_ONCE: usize = 100;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// «2026-12»; the month of today without.
    #[serde(default)]
    pub month: String,
    /// Account of a curator; everybody's schools without.
    #[serde(default)]
    pub curator: Option<i64>,
    /// Visits a day at most.
    #[serde(default)]
    pub per_day: Option<usize>,
    /// Page of the schools, from one.
    #[serde(default)]
    pub page: Option<usize>,
}

impl Wanted {
    fn days(&self, today: Date) -> Period {
        let first = format!("{}-01", self.month).parse::<Date>().unwrap_or(today).first_of_month();
        Period { start: first, end: first.last_of_month() }
    }

    /// Visits a day at most.
    pub fn per_day(&self) -> usize {
        self.per_day.unwrap_or(PER_DAY).clamp(1, 6)
    }

    /// The page of another month or curator.
    pub fn address(&self, month: Date, curator: Option<i64>) -> String {
        address("/visits", &self.pairs(month, curator))
    }

    /// Another page of the same schools.
    pub fn page_address(&self, month: Date, curator: Option<i64>, page: usize) -> String {
        let mut pairs = self.pairs(month, curator);
        pairs.push(("page", page.to_string()));
        address("/visits", &pairs)
    }

    fn pairs(&self, month: Date, curator: Option<i64>) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("month", month.strftime("%Y-%m").to_string())];
        pairs.extend(curator.map(|curator| ("curator", curator.to_string())));
        pairs.extend(self.per_day.map(|number| ("per_day", number.to_string())));
        pairs
    }
}

/// A school of the month.
pub struct School {
    /// Its support.
    pub ground: Ground,
    /// Its name.
    pub name: String,
    /// Its windows of this school year.
    pub windows: Arc<Vec<Window>>,
    /// What is late there or waits to be looked at, by time.
    pub see: Vec<WorkItem>,
}

impl School {
    /// Its number.
    pub fn id(&self) -> OrganisationId {
        self.ground.school
    }
}

/// The visits of a curator in a month.
pub struct CuratorLine<'a> {
    /// Number of the account.
    pub account: i64,
    /// Name.
    pub name: &'a str,
    /// Schools that the reader sees.
    pub schools: usize,
    /// Visits that took place.
    pub held: usize,
    /// Visits that are planned.
    pub planned: usize,
}

/// The month of a curator, or of all whose schools the reader sees.
pub struct Month {
    /// What the reader sees.
    pub view: View,
    /// Names of accounts.
    pub names: Names,
    /// First and last day.
    pub days: Period,
    /// Whose it is; everybody's without.
    pub curator: Option<i64>,
    /// The schools by the alphabet.
    pub schools: Vec<School>,
    /// The route, with how it was made.
    pub route: Route,
}

impl Month {
    /// Reads it.
    pub async fn of(state: &AppState, actor: &Actor, wanted: &Wanted) -> Result<Self, WebError> {
        let (view, days) = (View::of(state, actor).await?, wanted.days(actor.today));
        let curator = chosen(actor, &view, wanted);
        let schools = schools(state, actor, &view, curator).await?;
        let (store, registry, rules) = (&state.store, &actor.registry, &state.results.catalog().rulebook);
        let numbers: Vec<OrganisationId> = schools.iter().map(School::id).collect();
        let ways = Ways::of(store, registry, curator, &numbers, actor.today).await?;
        let called = schools.iter().map(|own| Called { school: own.id(), windows: Arc::clone(&own.windows) });
        let called: Vec<Called> = called.collect();
        let asked = RouteAsked { month: days, per_day: wanted.per_day(), today: actor.today };
        let mut route = month_route(&called, (&view.records, rules), &asked, ways.distances.as_ref());
        route.how.extend(ways.how);
        Ok(Self { names: names(state).await?, view, days, curator, schools, route })
    }

    /// Name of a school of the month.
    pub fn name(&self, id: i64) -> &str {
        let found = self.schools.iter().find(|school| i64::from(school.id().0) == id);
        found.map_or("", |school| school.name.as_str())
    }

    /// All curators of schools that the reader sees, by the alphabet, with their visits of the month.
    pub fn curators(&self, today: Date) -> Vec<CuratorLine<'_>> {
        let mut found: BTreeMap<i64, CuratorLine<'_>> = BTreeMap::new();
        for account in self.view.grounds.iter().flat_map(|ground| &ground.curators) {
            if let Some(name) = self.names.get(account) {
                let new = CuratorLine { account: *account, name, schools: 0, held: 0, planned: 0 };
                found.entry(*account).or_insert(new).schools += 1;
            }
        }
        for visit in self.view.grounds.iter().flat_map(|ground| self.view.records.visits_of(ground.school)) {
            let within = visit.day().is_some_and(|day| self.days.start <= day && day <= self.days.end);
            if let Some(line) = found.get_mut(&visit.curator).filter(|_| within) {
                match visit.held() {
                    Some(_) => line.held += 1,
                    None if visit.state(today) != VisitState::Cancelled => line.planned += 1,
                    None => {}
                }
            }
        }
        let mut lines: Vec<CuratorLine<'_>> = found.into_values().collect();
        lines.sort_by_cached_key(|line| key(line.name));
        lines
    }
}

/// Somebody looks after schools that the reader sees.
fn known(view: &View, account: i64) -> bool {
    view.grounds.iter().any(|ground| ground.curators.contains(&account))
}

/// Whose month is shown: the one asked for, or one's own.
fn chosen(actor: &Actor, view: &View, wanted: &Wanted) -> Option<i64> {
    let own = actor.account().map(|account| account.0).filter(|account| known(view, *account));
    let coordinates = actor.person.roles(actor.today).iter().any(|role| role.gives(Right::Meet));
    wanted.curator.filter(|account| known(view, *account)).or(own.filter(|_| !coordinates))
}

async fn schools(
    state: &AppState,
    actor: &Actor,
    view: &View,
    curator: Option<i64>,
) -> Result<Vec<School>, WebError> {
    let own = view.grounds.iter().filter(|ground| curator.is_none_or(|own| ground.curators.contains(&own)));
    let own: Vec<&Ground> = own.collect();
    let (of_support, plans) = (supported(state, actor).await?, actor.standings(state).await?);
    let mut see: BTreeMap<i64, Vec<WorkItem>> =
        own.iter().map(|ground| (i64::from(ground.school.0), Vec::new())).collect();
    let of_support = of_support.iter().flat_map(|place| &place.items);
    for item in of_support.chain(plans.iter().flat_map(|plan| &plan.items)) {
        let worth = match item.kind {
            WorkKind::Visit | WorkKind::Obligation | WorkKind::Mention => false,
            WorkKind::Activity | WorkKind::Task => item.due.is_some_and(|due| due < actor.today),
            _ => true,
        };
        if let Some(here) = item.school.filter(|_| worth).and_then(|school| see.get_mut(&school)) {
            here.push(item.clone());
        }
    }
    let mut schools = Vec::new();
    for ground in own {
        let mut see = see.remove(&i64::from(ground.school.0)).unwrap_or_default();
        see.sort_by_key(|item| (item.due, item.since));
        schools.push(School {
            name: school_name(actor, ground.school)?,
            windows: school_windows(&state.results.catalog().rulebook, &view.records, ground, actor.today),
            see,
            ground: ground.clone(),
        });
    }
    schools.sort_by_cached_key(|school| key(&school.name));
    Ok(schools)
}

/// Plans visits one by one. Gives of each whether it was planned, or why not. Of schools that the actor does not visit
/// nothing is recorded, nor of the others beside them.
pub async fn plan_all(
    state: &AppState,
    actor: &Actor,
    visits: &[(OrganisationId, Date)],
    aim: &str,
) -> Result<Vec<Result<i64, Told>>, WebError> {
    for (school, _) in visits {
        school_name(actor, *school)?;
        if !actor.reaches(Right::Visit, Place::School(*school)) {
            return Err(refused());
        }
    }
    let doer = doer(state, actor, 1);
    let mut lines = Vec::new();
    for (school, on) in visits {
        lines.push(match support::plan(&doer, *school, &VisitDeed::Planned(*on), aim).await {
            Ok(number) => Ok(number),
            Err(error) => Err(told(error)?),
        });
    }
    Ok(lines)
}
