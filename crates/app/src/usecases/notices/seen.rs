//! What is looked at for one telling, and which of it differs from what was looked at before?
//!
//! A node remembers what it looked at when it told last. As long as neither the hour nor the people have changed, only
//! plans, schools and municipalities that changed since are compared with what was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use opora_access::{Person, Place, Right};
use opora_cells::OrganisationId;
use opora_execution::work::{Mover, WorkItem, WorkKind};
use opora_registry::Registry;
use opora_store::{Account, AccountId, HeldGrant, NoticeMarks, Store, StoreError};

use super::tidings::Addressed;
use super::wishes::{Wishes, all_wishes};
use crate::usecases::boards::place_name;
use crate::usecases::standings::{Look, PlanStanding};
use crate::usecases::support::{SupportLook, place_of};
use crate::usecases::work::Movers;

/// What waits in self-diagnoses and surveys, with its school.
pub(super) type SchoolItems = Arc<[(OrganisationId, WorkItem)]>;

/// Everybody who may be told, and how they want it.
#[derive(Debug)]
pub(super) struct Crowd {
    pub people: BTreeMap<i64, (Account, Person)>,
    pub held: Vec<HeldGrant>,
    pub registry: Arc<Registry>,
    movers: Movers,
    wishes: BTreeMap<AccountId, Wishes>,
}

/// What was looked at for the last telling of this node.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    pub today: Date,
    pub hour: i8,
    pub look: Arc<Look>,
    pub crowd: Arc<Crowd>,
    pub schools: SchoolItems,
    pub support: Arc<SupportLook>,
}

/// Everything that is looked at for one telling.
pub(super) struct Seen {
    pub marks: Option<NoticeMarks>,
    pub after: NoticeMarks,
    pub now: Memory,
    /// Everything is looked at; otherwise only what changed.
    pub whole: bool,
    pub plans: Vec<Arc<PlanStanding>>,
    pub schools: Vec<(OrganisationId, WorkItem)>,
    /// What waits in visits, meetings and obligations, with the right and the place it takes to read it.
    pub supported: Vec<(Right, Place, WorkItem)>,
}

impl Crowd {
    /// Reads everybody.
    pub async fn read(store: &Store, registry: Arc<Registry>, today: Date) -> Result<Self, StoreError> {
        let held = store.grants(None).await?;
        let mut people: BTreeMap<i64, (Account, Person)> = BTreeMap::new();
        for account in store.accounts().await?.into_iter().filter(|account| account.open) {
            let person =
                Person { account: Some(account.id.0), name: account.name.clone(), grants: Vec::new() };
            people.insert(account.id.0, (account, person));
        }
        for grant in &held {
            if let Some((_, person)) = people.get_mut(&grant.account.0) {
                person.grants.push(grant.grant.clone());
            }
        }
        let own = people.iter().map(|(number, (_, person))| (*number, person));
        let movers = Movers::of(own, &registry, today);
        let wishes = all_wishes(store).await?;
        Ok(Self { people, held, registry, movers, wishes })
    }

    /// Whether somebody may have come, gone or chosen otherwise with an event.
    pub fn changes_with(object: &str) -> bool {
        object == "notices" || ["account/", "registry/"].iter().any(|own| object.starts_with(own))
    }

    /// How a person wants to be told.
    pub fn wishes_of(&self, account: AccountId) -> Wishes {
        self.wishes.get(&account).cloned().unwrap_or_default()
    }

    /// The accounts behind a mover that may do this there.
    pub fn who(&self, mover: Mover, right: Right, place: Place, today: Date) -> impl Iterator<Item = i64> {
        let may = move |number: &&i64| {
            let person = self.people.get(*number).map(|(_, person)| person);
            // A role of one's own is told whatever it lets one do.
            right == Right::Enter
                || person.is_some_and(|person| person.may(right, place, &self.registry, today))
        };
        self.movers.accounts(mover).iter().filter(may).copied()
    }
}

impl Seen {
    /// What there is to look at, after what was looked at before.
    pub fn new(
        (marks, after): (Option<NoticeMarks>, NoticeMarks),
        before: Option<&Memory>,
        now: Memory,
    ) -> Self {
        let same =
            |before: &&Memory| (before.today, before.hour) == (now.today, now.hour) && before.is_of(&now);
        let before = before.filter(same);
        let plans = match before {
            Some(before) => changed_plans(&before.look, &now.look),
            None => now.look.plans.clone(),
        };
        let schools = changed_items(before.map(|before| &before.schools), &now.schools);
        let supported = changed_support(before.map(|before| before.support.as_ref()), &now);
        Self { marks, after, whole: before.is_none(), plans, schools, supported, now }
    }

    /// What waits for somebody and is compared, with the right and the place it takes to read it.
    pub fn items(&self) -> impl Iterator<Item = (Right, Place, &WorkItem)> {
        let of_plans = self.plans.iter().flat_map(|plan| {
            let owner = plan.summary.owner;
            plan.items.iter().map(move |item| (right_of_plan(item, owner), owner, item))
        });
        let of_schools = self.schools.iter().map(|(school, item)| {
            let right = if item.kind.is_of_writers() { Right::Diagnose } else { Right::SeeDiagnosis };
            (right, Place::School(*school), item)
        });
        of_plans
            .chain(of_schools)
            .chain(self.supported.iter().map(|(right, place, item)| (*right, *place, item)))
    }

    /// What there is to tell, by account.
    pub fn piles(&self, addressed: Vec<Addressed>) -> BTreeMap<i64, Pile<'_>> {
        let mut piles: BTreeMap<i64, Pile<'_>> = BTreeMap::new();
        let (crowd, today) = (&self.now.crowd, self.now.today);
        for (right, place, item) in self.items() {
            for account in crowd.who(crowd.movers.mover_of(item), right, place, today) {
                piles.entry(account).or_default().items.push(item);
            }
        }
        for told in addressed {
            let mut accounts = BTreeSet::new();
            for mover in &told.movers {
                accounts.extend(crowd.who(*mover, told.right, told.place, today));
            }
            for account in accounts.into_iter().filter(|account| Some(*account) != told.doer) {
                piles.entry(account).or_default().tidings.push(told.tiding.clone());
            }
        }
        piles
    }
}

/// What it takes to be told of something in a plan: what is to be written is told to those who write.
fn right_of_plan(item: &WorkItem, owner: Place) -> Right {
    match (item.kind.is_of_writers(), owner) {
        (true, Place::School(_)) => Right::WriteRoadmap,
        (true, Place::Node(_) | Place::Installation) => Right::EditPlans,
        (false, _) => Right::SeePlans,
    }
}

impl Memory {
    /// The same people want the same.
    fn is_of(&self, now: &Self) -> bool {
        Arc::ptr_eq(&self.crowd, &now.crowd)
    }
}

/// What there is to tell one person.
#[derive(Default)]
pub(super) struct Pile<'a> {
    pub items: Vec<&'a WorkItem>,
    pub tidings: Vec<opora_execution::notices::Tiding>,
}

fn changed_plans(before: &Look, now: &Look) -> Vec<Arc<PlanStanding>> {
    let known: BTreeMap<i64, &Arc<PlanStanding>> =
        before.plans.iter().map(|plan| (plan.summary.id.0, plan)).collect();
    let is_new = |plan: &&Arc<PlanStanding>| {
        known.get(&plan.summary.id.0).is_none_or(|known| !Arc::ptr_eq(known, plan))
    };
    now.plans.iter().filter(is_new).cloned().collect()
}

fn changed_items(before: Option<&SchoolItems>, now: &SchoolItems) -> Vec<(OrganisationId, WorkItem)> {
    let Some(before) = before else { return now.to_vec() };
    if Arc::ptr_eq(before, now) {
        return Vec::new();
    }
    let known: BTreeMap<&str, &WorkItem> =
        before.iter().map(|(_, item)| (item.path.as_str(), item)).collect();
    now.iter().filter(|(_, item)| known.get(item.path.as_str()) != Some(&item)).cloned().collect()
}

/// What waits in the places that changed, as it is told: with the page it leads to and the name of the place, which a list
/// of work shows beside it.
fn changed_support(before: Option<&SupportLook>, now: &Memory) -> Vec<(Right, Place, WorkItem)> {
    let mut found = Vec::new();
    for (place, supported) in &now.support.places {
        let known = before.and_then(|before| before.places.get(place));
        if known.is_some_and(|known| Arc::ptr_eq(known, supported)) {
            continue;
        }
        let name = place_name(*place, &now.crowd.registry);
        for item in &supported.items {
            let Some(page) = place_of(item) else { continue };
            // The common plans and meetings of a municipality are read by all its schools, its windows are not.
            let right = match (place, item.kind) {
                (Place::Node(_), kind) if kind != WorkKind::Obligation => Right::SeePlans,
                _ => Right::SeeDiagnosis,
            };
            let told = WorkItem {
                path: page.trim_start_matches('/').to_owned(),
                what: format!("{} ({name})", item.what.trim_end_matches('.')),
                ..item.clone()
            };
            found.push((right, *place, told));
        }
    }
    found
}
