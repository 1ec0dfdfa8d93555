//! What was recorded about visits, meetings and obligations, without reading everything anew for every look?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};

use jiff::civil::Date;
use opora_access::Place;
use opora_approval::Action;
use opora_cells::OrganisationId;
use opora_execution::work::WorkItem;
use opora_registry::{NodeId, Registry};
use opora_store::{Fact, FactId, PlanSummary, Store, StoreError};
use tokio::sync::Mutex;

use super::duties::{DutyBook, Ground, Window, grounds};
use super::items::work_items;
use super::meetings::{self, Meeting};
use super::rulebook::Rulebook;
use super::visits::{self, Visit};
use super::wire;
use crate::usecases::execution::is_of_work;
use crate::usecases::standings::Look;

/// Subjects that are kept here. `roadmap/` says since when the roadmap of a school is agreed.
const BEGINNINGS: [&str; 5] = ["visits/", "meetings/", "duties/", "tasks/", "roadmap/"];

/// The records as they stood when somebody looked last; a look reads what is new since.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// The records, and the newest fact that was looked at.
    kept: Arc<Mutex<(FactId, Arc<Records>)>>,
    /// What was gathered, and the newest event of the journal that is considered.
    whole: Arc<RwLock<Option<(i64, Arc<Whole>)>>>,
}

/// All schools that are looked after, on a day.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The day.
    today: Date,
    /// Everything recorded.
    pub records: Arc<Records>,
    /// The schools, by number.
    pub grounds: Vec<Ground>,
    /// What waits for somebody in visits, tasks and obligations, with the place whose it is.
    pub items: Vec<(Place, WorkItem)>,
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
        let new = store.news(&BEGINNINGS, (*last, newest)).await?;
        *last = newest;
        if !new.is_empty() {
            let records = Arc::make_mut(records);
            for fact in new {
                records.add(fact);
            }
        }
        Ok(Arc::clone(records))
    }

    /// What is gathered of all schools that are looked after: made once after an event that matters here.
    pub async fn whole(
        &self,
        store: &Store,
        look: &Look,
        rules: &Rulebook,
        registry: &Registry,
    ) -> Result<Arc<Whole>, StoreError> {
        let seen = self.whole.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((event, seen)) = seen.filter(|(_, seen)| seen.today == look.today) {
            if event >= look.event {
                return Ok(seen);
            }
            // What is done in plans is no matter of support, and there is much of it.
            let news = store.touched(event, look.event).await?;
            if news.iter().all(|object| is_of_work(object)) {
                self.keep(look.event, &seen);
                return Ok(seen);
            }
        }
        let records = self.look(store).await?;
        let plans: Vec<&PlanSummary> = look.plans.iter().map(|plan| &plan.summary).collect();
        let grounds = grounds(store, &plans, &records, registry, look.today).await?;
        let items = work_items(rules, &records, &grounds, look.today);
        let whole = Arc::new(Whole { today: look.today, records, grounds, items });
        self.keep(look.event, &whole);
        Ok(whole)
    }

    fn keep(&self, event: i64, whole: &Arc<Whole>) {
        *self.whole.write().unwrap_or_else(PoisonError::into_inner) = Some((event, Arc::clone(whole)));
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

    /// All meetings of a municipality, in the order of recording.
    pub fn meetings_of(&self, node: NodeId) -> &[Meeting] {
        self.meetings.get(&node).map_or(&[], |meetings| meetings.as_slice())
    }

    /// The municipalities that have met.
    pub(super) fn met(&self) -> Vec<NodeId> {
        self.meetings.keys().copied().collect()
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
