//! How is every school looked after today, without computing everything anew for every look?
//!
//! The events of the journal since the last look say which schools and municipalities to look at again. Pages of work,
//! notices and boards read the same look.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use opora_access::Place;
use opora_execution::work::WorkItem;
use opora_registry::{NodeId, Registry};
use opora_store::{PlanSummary, Store, StoreError};
use tokio::sync::Mutex;

use super::duties::{Ground, Window, grounds, municipal_windows, school_windows};
use super::items::{municipal_items, school_items};
use super::rulebook::Rulebook;
use super::shelf::{Records, Shelf};
use super::visits::Visit;
use crate::usecases::standings::Look;

/// What every look needs.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// What is recorded.
    pub store: &'a Store,
    /// The records of support.
    pub shelf: &'a Shelf,
    /// The rules in force.
    pub rules: &'a Rulebook,
    /// The organisations.
    pub registry: &'a Registry,
}

/// The last look. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Supports(Arc<Mutex<Option<Arc<SupportLook>>>>);

/// How everything is looked after on one day, after one event of the journal.
#[derive(Clone, Debug)]
pub struct SupportLook {
    /// The day.
    pub today: Date,
    /// The newest event that is considered.
    pub event: i64,
    /// Everything recorded.
    pub records: Arc<Records>,
    /// The schools that are looked after.
    pub grounds: Arc<Vec<Ground>>,
    /// How each of them stands, and each municipality that has such schools or has met.
    pub places: BTreeMap<Place, Arc<Supported>>,
}

/// How a school or a municipality is looked after.
#[derive(Clone, Debug, PartialEq)]
pub struct Supported {
    /// The windows of this school year with how they stand.
    pub windows: Arc<Vec<Window>>,
    /// The visits to the school in the order of recording.
    pub visits: Arc<Vec<Visit>>,
    /// What waits for somebody.
    pub items: Vec<WorkItem>,
}

impl Supports {
    /// Everything as it stands at the time of a look at all plans.
    pub async fn look(&self, of: &Sources<'_>, plans: &Look) -> Result<Arc<SupportLook>, StoreError> {
        let mut kept = self.0.lock().await;
        let known = kept.clone().filter(|known| known.today == plans.today);
        let touched = match &known {
            Some(known) if known.event >= plans.event => return Ok(Arc::clone(known)),
            Some(known) => Some((known, of.store.touched(known.event, plans.event).await?)),
            None => None,
        };
        if let Some((known, touched)) = &touched
            && !touched.iter().any(|object| moves(object) || is_recorded(object))
        {
            // What is done in plans, and there is much of it, is no matter of support.
            let look = Arc::new(SupportLook { event: plans.event, ..SupportLook::clone(known) });
            *kept = Some(Arc::clone(&look));
            return Ok(look);
        }
        let records = of.shelf.look(of.store).await?;
        let again = touched.as_ref().map(|(_, touched)| changed(touched, &records));
        let same = touched.as_ref().filter(|(_, touched)| !touched.iter().any(|object| moves(object)));
        let grounds = match same {
            Some((known, _)) => Arc::clone(&known.grounds),
            None => {
                let summaries: Vec<&PlanSummary> = plans.plans.iter().map(|plan| &plan.summary).collect();
                Arc::new(grounds(of.store, &summaries, &records, of.registry, plans.today).await?)
            }
        };
        let before = touched.as_ref().map(|(known, _)| *known).zip(again.as_ref());
        let places = places(of, &records, &grounds, before, plans.today);
        let look = Arc::new(SupportLook { today: plans.today, event: plans.event, records, grounds, places });
        *kept = Some(Arc::clone(&look));
        Ok(look)
    }
}

/// Whether an event may change which schools are looked after, by whom, since when.
fn moves(object: &str) -> bool {
    ["plan/", "roadmap/", "account/", "registry/"].iter().any(|beginning| object.starts_with(beginning))
}

/// Whether an event tells of a visit, a meeting, a window or a task.
fn is_recorded(object: &str) -> bool {
    ["visits/", "meetings/", "duties/", "tasks/"].iter().any(|beginning| object.starts_with(beginning))
}

/// The places whose visits, meetings, windows or tasks events were about.
fn changed(touched: &[String], records: &Records) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for object in touched {
        let Some((subject, rest)) = object.split_once('/') else { continue };
        let place = match (subject, rest.split_once('/')) {
            ("visits" | "meetings" | "duties", _) => Place::of_code(rest),
            ("tasks", Some(("visit", number))) => {
                number.parse().ok().and_then(|number| Some(Place::School(records.visit(number)?.school)))
            }
            ("tasks", Some(("meeting", number))) => {
                number.parse().ok().and_then(|number| Some(Place::Node(records.meeting(number)?.node)))
            }
            _ => None,
        };
        places.extend(place);
    }
    places
}

/// The places of a look; those that did not change are those of the look before.
fn places(
    of: &Sources<'_>,
    records: &Records,
    grounds: &[Ground],
    before: Option<(&Arc<SupportLook>, &BTreeSet<Place>)>,
    today: Date,
) -> BTreeMap<Place, Arc<Supported>> {
    let mut towns: BTreeMap<NodeId, Option<Date>> = records.towns().map(|node| (node, None)).collect();
    let mut places: BTreeMap<Place, Arc<Supported>> = BTreeMap::new();
    let known = |place: Place| before.and_then(|(look, _)| look.places.get(&place));
    let is_changed = |place: Place| before.is_none_or(|(_, changed)| changed.contains(&place));
    let mut of_before: BTreeMap<Place, &Ground> = BTreeMap::new();
    if let Some((look, _)) = before {
        of_before.extend(look.grounds.iter().map(|ground| (Place::School(ground.school), ground)));
    }
    for ground in grounds {
        let start = towns.entry(ground.node).or_default();
        *start = Some(start.map_or(ground.start, |start| start.min(ground.start)));
        let place = Place::School(ground.school);
        // Between rules a municipality chooses for all its schools.
        let is_same = of_before.get(&place).is_some_and(|before| *before == ground)
            && !is_changed(place)
            && !is_changed(Place::Node(ground.node));
        let made = match known(place).filter(|_| is_same) {
            Some(known) => Arc::clone(known),
            None => {
                let windows = school_windows(of.rules, records, ground, today);
                let items = school_items(of.rules, records, ground, &windows, today);
                let visits = records.shared_visits_of(ground.school);
                kept_if_equal(known(place), Supported { windows, visits, items })
            }
        };
        places.insert(place, made);
    }
    for (node, start) in towns {
        let place = Place::Node(node);
        let windows = start.map(|start| municipal_windows(of.rules, records, node, start, today));
        let windows = Arc::new(windows.unwrap_or_default());
        let items = municipal_items(of.rules, records, node, &windows, today);
        let made = kept_if_equal(known(place), Supported { windows, visits: Arc::default(), items });
        places.insert(place, made);
    }
    places
}

/// What is the same as before stays the same in memory, so that others see at once that nothing changed.
fn kept_if_equal(before: Option<&Arc<Supported>>, made: Supported) -> Arc<Supported> {
    match before.filter(|before| ***before == made) {
        Some(before) => Arc::clone(before),
        None => Arc::new(made),
    }
}
