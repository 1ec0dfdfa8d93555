//! What was recorded about visits, meetings and obligations, without reading everything anew for every look?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use jiff::civil::Date;
use opora_access::Place;
use opora_approval::Action;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use opora_store::{Fact, FactId, Store, StoreError};
use tokio::sync::Mutex;

use super::duties::{DutyBook, Ground, Window};
use super::meetings::{self, Meeting};
use super::visits::{self, Visit};
use super::wire;

/// Subjects that are kept here. `roadmap/` says since when the roadmap of a school is agreed.
const BEGINNINGS: [&str; 5] = ["visits/", "meetings/", "duties/", "tasks/", "roadmap/"];

/// The records as they stood when somebody looked last; a look reads what is new since.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// The records, and the newest fact that was looked at.
    kept: Arc<Mutex<(FactId, Arc<Records>)>>,
}

/// Records of all schools and municipalities.
#[derive(Clone, Debug, Default)]
pub struct Records {
    lasts: BTreeMap<String, FactId>,
    visits: BTreeMap<OrganisationId, Arc<Vec<Visit>>>,
    meetings: BTreeMap<NodeId, Arc<Vec<Meeting>>>,
    duties: BTreeMap<Place, Arc<DutyBook>>,
    tasks: BTreeMap<String, Arc<Vec<Fact>>>,
    agreed: BTreeMap<i64, Date>,
    /// Windows as they were computed last, shared by all states of the records.
    windows: Arc<StdMutex<BTreeMap<OrganisationId, Computed>>>,
}

/// What windows of a school were computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The school.
    pub ground: Ground,
    /// The day.
    pub today: Date,
    /// The last facts about its visits, its windows, and the windows of its municipality.
    pub last: [Option<FactId>; 3],
}

type Computed = (Stamp, Arc<Vec<Window>>);

impl Shelf {
    /// Everything recorded up to now.
    pub async fn look(&self, store: &Store) -> Result<Arc<Records>, StoreError> {
        let mut kept = self.kept.lock().await;
        let (last, records) = &mut *kept;
        let newest = store.newest_fact().await?;
        let mut next = None;
        let add = |fact| next.get_or_insert_with(|| Records::clone(records)).add(fact);
        store.each_new(&BEGINNINGS, (*last, newest), add).await?;
        // Only now: a look that is given up half way leaves everything as it was.
        *last = newest;
        if let Some(next) = next {
            *records = Arc::new(next);
        }
        Ok(Arc::clone(records))
    }
}

impl Records {
    fn add(&mut self, fact: Fact) {
        self.lasts.insert(fact.subject.clone(), fact.id);
        let Some((beginning, rest)) = fact.subject.split_once('/') else { return };
        match (beginning, Place::of_code(rest)) {
            ("visits", Some(Place::School(school))) => {
                visits::add(Arc::make_mut(self.visits.entry(school).or_default()), school, &fact);
            }
            ("meetings", Some(Place::Node(node))) => {
                meetings::add(Arc::make_mut(self.meetings.entry(node).or_default()), node, &fact);
            }
            ("duties", Some(place)) => Arc::make_mut(self.duties.entry(place).or_default()).add(place, &fact),
            ("tasks", _) => {
                Arc::make_mut(self.tasks.entry(fact.subject.clone()).or_default()).push(fact);
            }
            ("roadmap", _) => {
                let agrees =
                    [Action::Approve.word(), Action::PutInForce.word()].contains(&fact.kind.as_str());
                if let Some(plan) = rest.parse().ok().filter(|_| agrees) {
                    self.agreed.entry(plan).or_insert_with(|| wire::recorded_at(&fact).date());
                }
            }
            _ => {}
        }
    }

    /// The windows of a school, computed anew only when something they follow from has changed.
    pub(super) fn windows(&self, stamp: Stamp, compute: impl FnOnce() -> Vec<Window>) -> Arc<Vec<Window>> {
        let kept = || self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, windows)) = kept().get(&stamp.ground.school)
            && *known == stamp
        {
            return Arc::clone(windows);
        }
        let windows = Arc::new(compute());
        kept().insert(stamp.ground.school, (stamp, Arc::clone(&windows)));
        windows
    }

    /// The last fact about a subject.
    pub(super) fn last_of(&self, subject: &str) -> Option<FactId> {
        self.lasts.get(subject).copied()
    }

    /// The visits to a school, in the order of recording.
    pub fn visits_of(&self, school: OrganisationId) -> &[Visit] {
        self.visits.get(&school).map_or(&[], |visits| visits.as_slice())
    }

    /// The visits to a school, shared.
    pub fn shared_visits_of(&self, school: OrganisationId) -> Arc<Vec<Visit>> {
        self.visits.get(&school).map(Arc::clone).unwrap_or_default()
    }

    /// A visit by its number.
    pub fn visit(&self, number: i64) -> Option<&Visit> {
        self.visits.values().flat_map(|all| all.iter()).find(|visit| visit.number == number)
    }

    /// Municipalities with meetings.
    pub fn towns(&self) -> impl Iterator<Item = NodeId> {
        self.meetings.keys().copied()
    }

    /// All meetings of a municipality, in the order of recording.
    pub fn meetings_of(&self, node: NodeId) -> &[Meeting] {
        self.meetings.get(&node).map_or(&[], |meetings| meetings.as_slice())
    }

    /// A meeting by its number.
    pub fn meeting(&self, number: i64) -> Option<&Meeting> {
        self.meetings.values().flat_map(|all| all.iter()).find(|meeting| meeting.number == number)
    }

    /// What keeps or excuses windows of a place.
    pub fn duties_of(&self, place: Place) -> Option<&DutyBook> {
        self.duties.get(&place).map(Arc::as_ref)
    }

    /// What became of the tasks of a visit or meeting.
    pub(super) fn tasks_under(&self, subject: &str) -> &[Fact] {
        self.tasks.get(subject).map_or(&[], |facts| facts.as_slice())
    }

    /// The day a roadmap was agreed for the first time.
    pub fn agreed_on(&self, plan: i64) -> Option<Date> {
        self.agreed.get(&plan).copied()
    }
}
