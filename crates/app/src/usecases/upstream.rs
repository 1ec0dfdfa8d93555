//! What changed in the municipal plan since a school inherited from it, and what did the school decide about it?

mod decide;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use opora_cycle::vocabulary::{Activity, ActivityKey, Plan, Section};
use opora_roadmap::{
    Link, LinkTo, Municipal, School, UpstreamChange, UpstreamKind, activity_sha256, upstream_changes,
};
use opora_store::{Fact, FactId, PlanId, Store, StoreError, VersionNumber};
use serde_json::Value;

pub use decide::{Choices, Decider, Decision, NotDecided, decide};

use super::in_force;
use super::roadmap::{Grounds, subject};

/// The municipal plan that a roadmap follows, with what changed there.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Number of the municipal plan.
    pub plan: i64,
    /// Its title.
    pub title: String,
    /// The version the roadmap was drafted from.
    pub drafted_from: i32,
    /// The version that counts there now.
    pub version: i32,
    /// When that version was written.
    pub changed_at: jiff::Timestamp,
    /// What waits for a decision.
    pub changes: Vec<UpstreamChange>,
    /// What was decided so far, the newest last.
    pub decided: Vec<Decided>,
    /// The municipal plan as far as the school has decided about it.
    seen: Plan,
    /// The municipal plan now.
    now: Plan,
    /// The links as recorded.
    links: Vec<Link>,
    last: Option<FactId>,
}

/// A decision as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The activity of the municipal plan.
    pub key: ActivityKey,
    /// The version of the municipal plan that was decided about.
    pub version: i32,
    /// It was taken over; otherwise declined.
    pub adopted: bool,
    /// What was decided about, in words.
    pub sentence: String,
    /// Why it was declined.
    pub reason: String,
    /// Who decided.
    pub who: String,
    /// When.
    pub at: jiff::Timestamp,
}

/// Where a roadmap came from, as its facts say.
struct Origin {
    plan: i64,
    version: Option<i32>,
    at: jiff::Timestamp,
}

fn origin(facts: &[Fact], links: &[Link]) -> Option<Origin> {
    let drafted = facts.first()?;
    let told = drafted.content.get("upstream");
    let number = |name: &str| told.and_then(|told| told.get(name)).and_then(Value::as_i64);
    let linked = || {
        links.iter().find_map(|link| match &link.to {
            LinkTo::Upstream { plan, .. } => Some(*plan),
            _ => None,
        })
    };
    let version = number("version").and_then(|version| i32::try_from(version).ok());
    Some(Origin { plan: number("plan").or_else(linked)?, version, at: drafted.at })
}

fn decisions(facts: &[Fact]) -> Vec<Decided> {
    let read = |fact: &Fact| {
        let adopted = match fact.kind.as_str() {
            "adopted" => true,
            "declined" => false,
            _ => return None,
        };
        let number = |name: &str| fact.content.get(name).and_then(Value::as_i64);
        let text = |name: &str| fact.content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Decided {
            key: ActivityKey(u32::try_from(number("key")?).ok()?),
            version: i32::try_from(number("version")?).ok()?,
            adopted,
            sentence: text("change"),
            reason: text("reason"),
            who: fact.who.clone(),
            at: fact.at,
        })
    };
    facts.iter().filter_map(read).collect()
}

/// The municipal plan that a roadmap follows; `None` for one that follows none. `own` is the newest version of the
/// roadmap.
pub async fn read(
    store: &Store,
    roadmap: PlanId,
    own: &Plan,
    school: &School,
) -> Result<Option<Upstream>, StoreError> {
    let facts = store.facts(&subject(roadmap.0)).await?;
    let links = Grounds::of(&facts).links;
    let Some(origin) = origin(&facts, &links) else { return Ok(None) };
    let above = PlanId(origin.plan);
    let history = match store.history(above).await {
        Err(StoreError::PlanUnknown(_)) => return Ok(None),
        other => other?,
    };
    let followed = in_force::read(store, above).await?.version;
    let Some(newest) = history.iter().find(|version| version.number == followed) else { return Ok(None) };
    // A roadmap drafted by an older program did not record the version: the one that was there at that time.
    let first = origin.version.map(VersionNumber).or_else(|| {
        history.iter().find(|version| version.created_at <= origin.at).map(|version| version.number)
    });
    let first = first.unwrap_or(VersionNumber::FIRST);
    let decided = decisions(&facts);
    let record = store.plan_version(above, followed).await?;
    let title = record.summary.title.clone();
    let now = record.order.plans.into_iter().next().unwrap_or_default();
    let mut versions: BTreeMap<i32, Plan> = BTreeMap::from([(followed.0, now.clone())]);
    for version in decided.iter().map(|decided| decided.version).chain([first.0]) {
        if let Entry::Vacant(place) = versions.entry(version) {
            let order = store.plan_version(above, VersionNumber(version)).await?.order;
            place.insert(order.plans.into_iter().next().unwrap_or_default());
        }
    }
    let mut seen = seen(&versions, first.0, &decided);
    forget_outside(&mut seen, &now, &facts, &decided);
    let mut upstream = Upstream {
        plan: origin.plan,
        title,
        drafted_from: first.0,
        version: followed.0,
        changed_at: newest.created_at,
        changes: Vec::new(),
        decided,
        seen,
        now,
        links,
        last: facts.last().map(|fact| fact.id),
    };
    upstream.changes = upstream.open(own, school);
    Ok(Some(upstream))
}

/// What a roadmap follows, and what waits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Number of the municipal plan.
    pub above: PlanId,
    /// How many changes wait for a decision, and since when; `None` where none does.
    pub changes: Option<(usize, jiff::Timestamp)>,
}

/// What waits for a decision of a school; `None` for a roadmap that follows nothing. Quick where nothing changed there.
pub async fn waiting(
    store: &Store,
    roadmap: PlanId,
    own: &Plan,
    school: &School,
) -> Result<Option<Waiting>, StoreError> {
    let facts = store.facts(&subject(roadmap.0)).await?;
    let Some(origin) = origin(&facts, &Grounds::of(&facts).links) else { return Ok(None) };
    let above = PlanId(origin.plan);
    if let Some(version) = origin.version {
        match in_force::read(store, above).await {
            Ok(followed) if followed.version.0 <= version => {
                return Ok(Some(Waiting { above, changes: None }));
            }
            Err(StoreError::PlanUnknown(_)) => return Ok(None),
            other => other?,
        };
    }
    let upstream = read(store, roadmap, own, school).await?.filter(|upstream| !upstream.changes.is_empty());
    let changes = upstream.map(|upstream| (upstream.changes.len(), upstream.changed_at));
    Ok(Some(Waiting { above, changes }))
}

/// The municipal plan as the school knows it: the version it was drafted from, with each activity that was decided
/// about as it was then.
fn seen(versions: &BTreeMap<i32, Plan>, first: i32, decided: &[Decided]) -> Plan {
    let mut seen = versions.get(&first).cloned().unwrap_or_default();
    for Decided { key, version, .. } in decided {
        let then = versions.get(version).and_then(|plan| found(plan, *key)).cloned();
        let standing = seen.sections.iter_mut().find_map(|section| {
            let at = section.activities.iter().position(|activity| activity.key == *key)?;
            Some((&mut section.activities, at))
        });
        match (standing, then) {
            (Some((activities, at)), Some(then)) => {
                if let Some(activity) = activities.get_mut(at) {
                    *activity = then;
                }
            }
            (Some((activities, at)), None) => {
                activities.remove(at);
            }
            (None, Some(then)) => {
                seen.sections.push(Section { activities: vec![then], ..Section::default() });
            }
            (None, None) => {}
        }
    }
    seen
}

/// What lay outside of the period of the roadmap was not taken over: changed since, it is new to the school.
fn forget_outside(seen: &mut Plan, now: &Plan, facts: &[Fact], decided: &[Decided]) {
    let outside = facts.first().and_then(|drafted| drafted.content.get("outside")?.as_array());
    let keys = outside.into_iter().flatten().filter_map(|key| u32::try_from(key.as_u64()?).ok());
    for key in keys.map(ActivityKey).filter(|key| !decided.iter().any(|one| one.key == *key)) {
        let sha256 = |plan: &Plan| found(plan, key).map(activity_sha256);
        if sha256(seen) != sha256(now) {
            for section in &mut seen.sections {
                section.activities.retain(|activity| activity.key != key);
            }
        }
    }
}

fn found(plan: &Plan, key: ActivityKey) -> Option<&Activity> {
    plan.activities().find(|activity| activity.key == key)
}

impl Upstream {
    fn as_seen(&self) -> Municipal<'_> {
        Municipal { id: self.plan, plan: &self.seen }
    }

    fn as_now(&self) -> Municipal<'_> {
        Municipal { id: self.plan, plan: &self.now }
    }

    /// What waits for a decision.
    fn open(&self, own: &Plan, school: &School) -> Vec<UpstreamChange> {
        let links: Vec<Link> = self.links.iter().filter_map(|link| self.as_decided(link, own)).collect();
        let changes = upstream_changes(&links, &self.as_seen(), &self.as_now(), school).into_iter();
        // What was declined is as new as it was then, even where a link says otherwise.
        changes
            .filter(|change| !matches!(&change.kind, UpstreamKind::Changed(fields) if fields.is_empty()))
            .collect()
    }

    /// A link as far as it still asks for something: a declined change is known, and what the school has taken out of
    /// its roadmap follows nothing.
    fn as_decided(&self, link: &Link, own: &Plan) -> Option<Link> {
        found(own, link.activity)?;
        let LinkTo::Upstream { plan, key, .. } = &link.to else { return Some(link.clone()) };
        let last = self.decided.iter().rev().find(|decided| decided.key == *key);
        if last.is_none_or(|decided| decided.adopted) {
            return Some(link.clone());
        }
        let known = found(&self.seen, *key)?;
        let to = LinkTo::Upstream { plan: *plan, key: *key, sha256: activity_sha256(known) };
        Some(Link { activity: link.activity, to })
    }
}

#[cfg(test)]
mod tests;
