//! How does every plan stand today, without reading everything anew for every look?
//!
//! Nothing is written without an event of the journal, so the number of its newest event tells whether what is in
//! memory still holds, whichever node wrote; what the events since then were about tells which plans to read again.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use opora_access::Place;
use opora_approval::{Kind, Standing, State as Agreed, standing};
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_execution::places::occurrence_path;
use opora_execution::work::{Mover, Sides, WorkItem, mention_work, plan_work};
use opora_execution::{Account, Ledger, Nature, Occurrence, OccurrenceKey, Outline, Party, Progress, State};
use opora_store::{PlanId, PlanSummary, Store, StoreError};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::agreement::{Agreement, content_of_summary, of_roadmap};
use super::execution::{self, Execution};
use super::in_force::{self, Followed};
use super::next_steps;
use super::roadmap::{self, Answers, Grounds};

/// Events after which everything is read anew: asking what each was about would cost more.
const EVENTS_MAX: i64 = 10_000;

/// All plans as they stood when somebody looked last. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    seen: Arc<RwLock<Option<Arc<Look>>>>,
    kept: Arc<Mutex<BTreeMap<i64, Kept>>>,
}

/// All plans on one day, after one event of the journal.
#[derive(Clone, Debug)]
pub struct Look {
    /// The day.
    pub today: Date,
    /// The newest event that is considered.
    pub event: i64,
    /// The plans, the newest first, those in the archive included.
    pub plans: Vec<Arc<PlanStanding>>,
}

/// How one plan stands on a day.
#[derive(Clone, Debug)]
pub struct PlanStanding {
    /// The newest event of the journal that was considered when it was read; grows with every change of the plan.
    pub event: i64,
    /// The plan and its newest version.
    pub summary: PlanSummary,
    /// Where its agreement stands; `None` where nobody ever asked for one.
    pub agreement: Option<Standing>,
    /// Which version is carried out.
    pub followed: Followed,
    /// Titles of the sections.
    pub sections: Arc<[String]>,
    /// The activities in the order of the plan.
    pub activities: Arc<[Named]>,
    /// The times of all activities in the order of the plan. Empty for a plan in the archive.
    pub lines: Vec<Line>,
    /// Their sum.
    pub progress: Progress,
    /// What waits for somebody.
    pub items: Vec<WorkItem>,
    /// The version that work follows, laid on the calendar with everything recorded about it. Nothing for a plan that is
    /// over or in the archive: see [`Execution::read`].
    pub execution: Option<Arc<Execution>>,
    /// How far it answers risks. Nothing for a plan in the archive.
    pub answers: Arc<Answers>,
}

impl Look {
    /// A plan by its number.
    pub fn plan(&self, id: PlanId) -> Option<&Arc<PlanStanding>> {
        let at = self.plans.binary_search_by(|plan| id.cmp(&plan.summary.id)).ok()?;
        self.plans.get(at)
    }
}

impl PlanStanding {
    /// What is still to be done by a day, with that day: things of one day only.
    pub fn open(&self) -> impl Iterator<Item = (Date, &Line)> {
        let lines = self.lines.iter().filter(|line| line.once && !self.is_closed());
        let open =
            |state| matches!(state, State::Ahead | State::Due { .. } | State::Late { .. } | State::Returned);
        lines.filter(move |line| open(line.state)).filter_map(|line| Some((line.due()?, line)))
    }

    /// An activity by its key.
    pub fn activity(&self, key: ActivityKey) -> Option<&Named> {
        self.activities.iter().find(|activity| activity.key == key)
    }

    /// Its agreement was closed: the work is over, whatever was left undone.
    pub fn is_closed(&self) -> bool {
        self.agreement.as_ref().is_some_and(|standing| standing.state == Agreed::Closed)
    }
}

/// An activity by its name.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its key.
    pub key: ActivityKey,
    /// Its number as in the plan.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
}

/// One time of an activity.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Which.
    pub key: OccurrenceKey,
    /// Index of the section.
    pub section: usize,
    /// How it stands.
    pub state: State,
    /// What tells that for any day.
    pub outline: Outline,
    /// Account number of the person it was delegated to.
    pub performer: Option<i64>,
    /// It is a thing of one day or period, not one that goes on all the time.
    pub once: bool,
}

impl Line {
    fn of(occurrence: &Occurrence, account: &Account<'_>, today: Date) -> Self {
        let outline = Outline::of(occurrence, account);
        Self {
            key: occurrence.key,
            section: occurrence.section,
            state: outline.state(today),
            outline,
            performer: account.performer,
            once: matches!(occurrence.nature, Nature::Dated),
        }
    }

    /// The same on a day.
    fn on(&self, today: Date) -> Self {
        Self { state: self.outline.state(today), ..*self }
    }

    /// The last day that counts.
    pub fn due(&self) -> Option<Date> {
        self.outline.baseline.due()
    }
}

/// What is kept of a plan to make its standing of any day without reading.
#[derive(Clone, Debug)]
struct Kept {
    event: i64,
    summary: PlanSummary,
    agreement: Vec<opora_approval::Fact>,
    laid: Option<Laid>,
    standing: Option<(Date, Arc<PlanStanding>)>,
}

#[derive(Clone, Debug)]
struct Laid {
    version: i32,
    sections: Arc<[String]>,
    activities: Arc<[Named]>,
    answers: Arc<Answers>,
    work: Work,
}

/// What is kept of what was done. Of work that is over what it led to is enough: a region has several such roadmaps a
/// school, and everything told about them would fill the memory.
#[derive(Clone, Debug)]
enum Work {
    Going(Arc<Execution>),
    Over(Arc<[Line]>),
}

impl Standings {
    /// All plans as they stand now.
    pub async fn look(&self, store: &Store, today: Date) -> Result<Arc<Look>, StoreError> {
        let event = store.last_event().await?;
        if let Some(look) = self.seen_at(event, today) {
            return Ok(look);
        }
        // A region is read for longer than some readers wait: what has begun goes on without them.
        let (own, store) = (self.clone(), store.clone());
        let reading = tokio::spawn(async move { own.look_anew(&store, event, today).await });
        reading.await.unwrap_or_else(|broken| std::panic::resume_unwind(broken.into_panic()))
    }

    async fn look_anew(&self, store: &Store, event: i64, today: Date) -> Result<Arc<Look>, StoreError> {
        let mut kept = self.kept.lock().await;
        // Somebody else may have looked while this look waited.
        if let Some(look) = self.seen_at(event, today) {
            return Ok(look);
        }
        // A plan without any date is laid on the year of today.
        let seen = self.seen().filter(|look| look.today.year() == today.year());
        match seen.filter(|look| (0..=EVENTS_MAX).contains(&(event - look.event))) {
            Some(look) => {
                let touched = store.touched(look.event, event).await?;
                for object in &touched {
                    // What a plan answers is read with its content.
                    if let Some(kept) = links_of(object).and_then(|plan| kept.get_mut(&plan)) {
                        kept.laid = None;
                    }
                }
                for plan in touched.iter().filter_map(|object| plan_of(object)).collect::<BTreeSet<_>>() {
                    match store.summary(PlanId(plan)).await {
                        Ok(summary) => {
                            let known = kept.remove(&plan).and_then(|known| known.laid);
                            kept.insert(plan, Kept::read(store, (event, summary), known, today).await?);
                        }
                        Err(StoreError::PlanUnknown(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            None => *kept = read_all(store, event, today).await?,
        }
        let plans = kept.values_mut().rev().map(|kept| kept.on(today)).collect();
        let look = Arc::new(Look { today, event, plans });
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&look));
        Ok(look)
    }

    fn seen(&self) -> Option<Arc<Look>> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last look, if it is of this day and nothing happened since this event.
    fn seen_at(&self, event: i64, today: Date) -> Option<Arc<Look>> {
        self.seen().filter(|look| look.event >= event && look.today == today)
    }
}

/// All plans, read by as many tasks as there are processors: most of the time goes into taking facts apart.
async fn read_all(store: &Store, event: i64, today: Date) -> Result<BTreeMap<i64, Kept>, StoreError> {
    let summaries = store.plans().await?;
    let tasks = std::thread::available_parallelism().map_or(1, NonZero::get);
    let waiting = Arc::new(Mutex::new(summaries.into_iter()));
    let mut readers = JoinSet::<Result<Vec<(i64, Kept)>, StoreError>>::new();
    for _ in 0..tasks {
        let (store, waiting) = (store.clone(), Arc::clone(&waiting));
        readers.spawn(async move {
            let mut read = Vec::new();
            loop {
                let Some(summary) = waiting.lock().await.next() else { return Ok(read) };
                read.push((summary.id.0, Kept::read(&store, (event, summary), None, today).await?));
            }
        });
    }
    let mut all = BTreeMap::new();
    for read in readers.join_all().await {
        all.extend(read?);
    }
    Ok(all)
}

/// The plan that an event was about, if it was about one.
fn plan_of(object: &str) -> Option<i64> {
    let mut parts = object.split('/');
    let known = ["plan", execution::SUBJECT, super::agreement::ROADMAP, roadmap::SUBJECT];
    let is_plan = known.contains(&parts.next()?);
    parts.next()?.parse().ok().filter(|_| is_plan)
}

/// The plan whose links an event was about.
fn links_of(object: &str) -> Option<i64> {
    let (subject, plan) = object.split_once('/')?;
    plan.parse().ok().filter(|_| subject == roadmap::SUBJECT)
}

impl Laid {
    fn of(order: &Order, version: i32, grounds: &Grounds, work: Work) -> Self {
        let sections = order.plans.first().map_or(&[][..], |plan| &plan.sections);
        let named = sections.iter().flat_map(|section| &section.activities).map(|activity| Named {
            key: activity.key,
            number: activity.number.clone(),
            title: activity.title.clone(),
        });
        Self {
            version,
            activities: named.collect(),
            sections: sections.iter().map(|section| section.title.clone()).collect(),
            answers: Arc::new(order.plans.first().map(|plan| grounds.answers(plan)).unwrap_or_default()),
            work,
        }
    }
}

impl Work {
    fn of(execution: Execution, is_over: bool, today: Date) -> Self {
        if !is_over {
            return Self::Going(Arc::new(execution));
        }
        Self::Over(lines_of(&execution, today))
    }
}

impl Kept {
    /// Reads a plan after an event, with what is known of it from before.
    async fn read(
        store: &Store,
        (event, summary): (i64, PlanSummary),
        known: Option<Laid>,
        today: Date,
    ) -> Result<Self, StoreError> {
        let id = summary.id;
        let agreement = Agreement::read(store, Kind::Roadmap, &of_roadmap(id.0)).await?.facts;
        // Work follows what is agreed, not what is still being written.
        let version = in_force::followed(&agreement, &content_of_summary(&summary)).version;
        let is_over = agreed(&agreement, &summary).is_some_and(|standing| standing.state == Agreed::Closed);
        let mut laid = known.filter(|laid| !is_over && laid.version == version.0);
        let going = laid.as_mut().and_then(|laid| match &mut laid.work {
            Work::Going(execution) => Some(Arc::make_mut(execution)),
            Work::Over(_) => None,
        });
        let laid = match going {
            _ if summary.archived => None,
            Some(execution) => {
                execution.read_again(store).await?;
                laid
            }
            None => {
                let order = store.plan_version(id, version).await?.order;
                let execution = Execution::read(store, id.0, &order, today).await?;
                let grounds = Grounds::read(store, id.0).await?;
                Some(Laid::of(&order, version.0, &grounds, Work::of(execution, is_over, today)))
            }
        };
        Ok(Self { event, summary, agreement, laid, standing: None })
    }

    /// The standing on a day, made once.
    fn on(&mut self, today: Date) -> Arc<PlanStanding> {
        if let Some((_, standing)) = self.standing.as_ref().filter(|(day, _)| *day == today) {
            return Arc::clone(standing);
        }
        let standing = Arc::new(self.made(today));
        self.standing = Some((today, Arc::clone(&standing)));
        standing
    }

    fn made(&self, today: Date) -> PlanStanding {
        let agreement = agreed(&self.agreement, &self.summary);
        let mut made = PlanStanding {
            event: self.event,
            summary: self.summary.clone(),
            agreement,
            followed: in_force::followed(&self.agreement, &content_of_summary(&self.summary)),
            sections: Arc::default(),
            activities: Arc::default(),
            lines: Vec::new(),
            execution: None,
            progress: Progress::default(),
            items: Vec::new(),
            answers: Arc::default(),
        };
        let Some(laid) = &self.laid else { return made };
        made.sections = Arc::clone(&laid.sections);
        made.activities = Arc::clone(&laid.activities);
        made.answers = Arc::clone(&laid.answers);
        made.lines = match &laid.work {
            Work::Over(lines) => lines.iter().map(|line| line.on(today)).collect(),
            Work::Going(execution) => lines_of(execution, today),
        };
        for line in &made.lines {
            made.progress.add(&line.outline, 1, today);
        }
        // Of what is closed nobody is to do anything.
        let Work::Going(execution) = &laid.work else { return made };
        made.execution = Some(Arc::clone(execution));
        let ledger = execution.ledger();
        let sides = sides(self.summary.owner);
        let titles: BTreeMap<ActivityKey, &str> =
            laid.activities.iter().map(|named| (named.key, named.title.as_str())).collect();
        let title = |key| titles.get(&key).map(|title| (*title).to_owned()).unwrap_or_default();
        let base = format!("plans/{}", self.summary.id.0);
        made.items = plan_work(&base, &sides, ledger.accounts(), title, today);
        made.items.extend(mentions(&ledger, &base, sides.school, &title));
        made.items.extend(next_steps::step_of(&made, today));
        made
    }
}

/// How all times of a plan stand on a day.
fn lines_of<T: FromIterator<Line>>(execution: &Execution, today: Date) -> T {
    let ledger = execution.ledger();
    ledger.accounts().map(|(occurrence, account)| Line::of(occurrence, &account, today)).collect()
}

/// Where the agreement on a roadmap stands; `None` where nobody ever asked for one.
fn agreed(facts: &[opora_approval::Fact], summary: &PlanSummary) -> Option<Standing> {
    (!facts.is_empty()).then(|| standing(Kind::Roadmap, facts, &content_of_summary(summary)))
}

/// The comments in a plan that call on people who have not answered.
fn mentions(
    ledger: &Ledger<'_>,
    base: &str,
    school: Option<i64>,
    title: &dyn Fn(ActivityKey) -> String,
) -> Vec<WorkItem> {
    let mut items = Vec::new();
    for (at, (occurrence, account)) in ledger.accounts().enumerate() {
        if account.comments > 0 {
            let path = format!("{base}/{}", occurrence_path(&occurrence.key));
            items.extend(mention_work(&path, &|| title(occurrence.key.activity), school, ledger.facts(at)));
        }
    }
    items
}

/// The number by which the work of a place is known: a school by its own, a municipality by none.
pub fn school_of(owner: Place) -> Option<i64> {
    match owner {
        Place::School(school) => Some(i64::from(school.0)),
        Place::Node(_) | Place::Installation => None,
    }
}

/// Who carries out the plan of a place, and who confirms.
pub fn sides(owner: Place) -> Sides {
    let school = school_of(owner);
    let reviewer = if school.is_some() { Party::Curator } else { Party::Coordinator };
    Sides {
        performer: Mover::Role(Party::Performer, school),
        reviewer: Mover::Role(reviewer, school),
        school,
    }
}

#[cfg(test)]
mod tests {
    use opora_store::DatabaseUrl;

    use super::*;

    #[tokio::test]
    async fn a_look_goes_on_without_its_reader() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let standings = Standings::default();
        let held = standings.kept.lock().await;
        let begun = async {
            while Arc::strong_count(&standings.kept) == 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = begun => {}
            look = standings.look(&store, jiff::civil::date(2026, 11, 23)) => panic!("it waits: {look:?}"),
        }
        drop(held);
        while Arc::strong_count(&standings.kept) > 1 {
            tokio::task::yield_now().await;
        }
        assert!(standings.seen().is_some(), "what the reader gave up is there for the next one");
    }
}
