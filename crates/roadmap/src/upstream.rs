//! What changed in the municipal plan since a school inherited from it, and how is it taken over?

use std::collections::{BTreeSet, HashMap, HashSet};

use opora_cycle::vocabulary::{Activity, ActivityKey, Plan, Section};

use crate::draft::{INHERITED, inherited, upstream_link};
use crate::fields::{activity_name, fields_of_all, shortened};
use crate::merge::{Disagreement, fresh, merged_activity};
use crate::{
    AddressReason, Conflict, Field, Link, LinkTo, Municipal, Path, School, activity_sha256, reasons, segments,
};

/// A change of the municipal plan that concerns a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamChange {
    /// The activity there.
    pub upstream: ActivityKey,
    /// The activity of the school that was inherited from it; none for what is new.
    pub activity: Option<ActivityKey>,
    /// How it changed.
    pub kind: UpstreamKind,
    /// A Russian sentence that tells it.
    pub sentence: String,
}

/// How an activity of the municipal plan changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamKind {
    /// It is new, or newly addressed to the school: by these words.
    Added(Vec<AddressReason>),
    /// It is gone.
    Removed,
    /// It is there, but addressed to the school no longer.
    NoLongerAddressed,
    /// Its texts are other ones.
    Changed(Vec<FieldChange>),
}

/// A text of the municipal plan that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// The text before; empty for none.
    pub before: String,
    /// The text now; empty for none.
    pub after: String,
}

impl FieldChange {
    /// The words of both texts side by side.
    pub fn segments(&self) -> Vec<crate::Segment> {
        segments(&self.before, &self.after)
    }
}

/// A roadmap that changes are taken over into.
#[derive(Clone, Copy, Debug)]
pub struct Roadmap<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What its activities come from.
    pub links: &'a [Link],
    /// The highest key that any version of it has given: facts may still speak of an activity that was removed, so
    /// its key is not given again.
    pub highest_key: ActivityKey,
}

/// A change taken over.
#[derive(Clone, Debug, PartialEq)]
pub struct Adopted {
    /// The roadmap after it.
    pub plan: Plan,
    /// The links after it.
    pub links: Vec<Link>,
    /// Texts that the school had changed for itself and that changed above too: the roadmap holds the school's.
    pub conflicts: Vec<Conflict>,
}

/// What changed in the municipal plan since its activities were inherited: `old` is the version they were taken from,
/// `new` the one now. In the order of the links; what is new stands last, in the order of the municipal plan.
pub fn upstream_changes(
    links: &[Link],
    old: &Municipal<'_>,
    new: &Municipal<'_>,
    school: &School,
) -> Vec<UpstreamChange> {
    let (before, after) = (by_key(old.plan), by_key(new.plan));
    let mut changes = Vec::new();
    let mut linked = HashSet::new();
    for link in links {
        let LinkTo::Upstream { plan, key, sha256 } = &link.to else { continue };
        if *plan != new.id {
            continue;
        }
        linked.insert(*key);
        if let Some((kind, sentence)) =
            changed(before.get(key).copied(), after.get(key).copied(), sha256, school)
        {
            changes.push(UpstreamChange { upstream: *key, activity: Some(link.activity), kind, sentence });
        }
    }
    for activity in new.plan.activities().filter(|activity| !linked.contains(&activity.key)) {
        let was = before.get(&activity.key).is_some_and(|old| !reasons(old, school).is_empty());
        let reasons = reasons(activity, school);
        if let (false, Some(first)) = (was, reasons.first()) {
            let sentence = format!("В муниципальном плане новое: {}. {}", lower(activity), first.sentence);
            let kind = UpstreamKind::Added(reasons);
            changes.push(UpstreamChange { upstream: activity.key, activity: None, kind, sentence });
        }
    }
    changes
}

fn by_key(plan: &Plan) -> HashMap<ActivityKey, &Activity> {
    plan.activities().map(|activity| (activity.key, activity)).collect()
}

fn changed(
    before: Option<&Activity>,
    after: Option<&Activity>,
    sha256: &str,
    school: &School,
) -> Option<(UpstreamKind, String)> {
    let Some(now) = after else {
        let name = before.map_or_else(|| "мероприятие".to_owned(), lower);
        let sentence = format!("Из муниципального плана удалено {name}. Решите, нужно ли оно школе.");
        return Some((UpstreamKind::Removed, sentence));
    };
    if before.is_some_and(|before| !reasons(before, school).is_empty()) && reasons(now, school).is_empty() {
        let sentence = format!(
            "В муниципальном плане {} больше не обращено к школе. Решите, нужно ли оно ей.",
            lower(now)
        );
        return Some((UpstreamKind::NoLongerAddressed, sentence));
    }
    if activity_sha256(now) == sha256 {
        return None;
    }
    let fields: Vec<FieldChange> = before.map(|before| field_changes(before, now)).unwrap_or_default();
    let names: Vec<&str> = fields.iter().map(|change| change.field.russian()).collect();
    let what = if names.is_empty() { "текст".to_owned() } else { names.join(", ") };
    let sentence = format!("В муниципальном плане изменено {}: {what}.", lower(now));
    Some((UpstreamKind::Changed(fields), sentence))
}

fn field_changes(before: &Activity, after: &Activity) -> Vec<FieldChange> {
    fields_of_all(&[before, after])
        .into_iter()
        .filter(|field| *field != Field::Number)
        .map(|field| FieldChange { before: field.text(before), after: field.text(after), field })
        .filter(|change| change.before != change.after)
        .collect()
}

/// «Мероприятие 1.2 «…»» inside a sentence.
fn lower(activity: &Activity) -> String {
    activity_name(activity).replacen('М', "м", 1)
}

/// Takes a change over into the roadmap of the school: new texts where the school had left the old ones, a new
/// activity in the section of inherited ones, or an activity taken out. Texts that the school had changed for itself
/// stay, and both are told as conflicts. What is already taken over, or gone from the roadmap, changes nothing.
pub fn adopt(
    roadmap: &Roadmap<'_>,
    change: &UpstreamChange,
    old: &Municipal<'_>,
    new: &Municipal<'_>,
) -> Adopted {
    let Roadmap { plan, links, highest_key } = *roadmap;
    let mut adopted = Adopted { plan: plan.clone(), links: links.to_vec(), conflicts: Vec::new() };
    let now = new.plan.activities().find(|activity| activity.key == change.upstream);
    match (&change.kind, change.activity, now) {
        (UpstreamKind::Added(_), _, Some(now)) => adopted.add(new.id, now, highest_key),
        (UpstreamKind::Removed | UpstreamKind::NoLongerAddressed, Some(key), _) => adopted.remove(key),
        (UpstreamKind::Changed(_), Some(key), Some(now)) => {
            let before = old.plan.activities().find(|activity| activity.key == change.upstream);
            adopted.change(key, new.id, before, now);
        }
        _ => {}
    }
    adopted
}

impl Adopted {
    fn add(&mut self, plan: i64, upstream: &Activity, highest_key: ActivityKey) {
        let is_it = |link: &Link| matches!(&link.to, LinkTo::Upstream { plan: of, key, .. } if *of == plan && *key == upstream.key);
        if self.links.iter().any(is_it) {
            return;
        }
        let mut used: BTreeSet<ActivityKey> = self.plan.activities().map(|activity| activity.key).collect();
        used.insert(highest_key);
        let key = fresh(&mut used);
        let activity = match self.plan.period {
            Some(period) => inherited(upstream, key, period),
            None => Activity { key, number: None, source: Vec::new(), ..upstream.clone() },
        };
        let at = self.plan.sections.iter().position(|section| section.title == INHERITED);
        match at.and_then(|at| self.plan.sections.get_mut(at)) {
            Some(section) => section.activities.push(activity),
            None => self.plan.sections.push(Section {
                title: INHERITED.to_owned(),
                activities: vec![activity],
                ..Section::default()
            }),
        }
        self.links.push(upstream_link(key, plan, upstream));
    }

    fn remove(&mut self, key: ActivityKey) {
        for section in &mut self.plan.sections {
            section.activities.retain(|activity| activity.key != key);
        }
        self.links.retain(|link| link.activity != key);
    }

    fn change(&mut self, key: ActivityKey, plan: i64, before: Option<&Activity>, now: &Activity) {
        let period = self.plan.period;
        let as_inherited = |upstream: &Activity| match period {
            Some(period) => inherited(upstream, key, period),
            None => Activity { key, ..upstream.clone() },
        };
        let found = self.plan.sections.iter_mut().flat_map(|section| &mut section.activities);
        let Some(ours) = found.into_iter().find(|activity| activity.key == key) else {
            // The school has taken it out: it follows the municipal plan no longer.
            self.links.retain(|link| link.activity != key);
            return;
        };
        let mut theirs = as_inherited(now);
        // Without the old version there is nothing to tell whose change is whose: every difference is a conflict.
        let mut base = before.map_or_else(|| crate::merge::blank(key), as_inherited);
        for side in [&mut base, &mut theirs] {
            side.number.clone_from(&ours.number);
            side.source.clone_from(&ours.source);
        }
        let (merged, disagreements) = merged_activity(&base, ours, &theirs);
        *ours = merged;
        let name = activity_name(ours);
        let conflicts = disagreements.into_iter().map(|Disagreement { field, texts }| {
            let [base, mine, theirs] = texts;
            let sentence = format!(
                "{name}, {}: школа изменила этот текст сама, и муниципальный план тоже. У школы «{}», в муниципальном плане «{}». Оставлен текст школы, выберите нужный.",
                field.russian(),
                shortened(&mine),
                shortened(&theirs)
            );
            let path = Path::ActivityField(key, field);
            Conflict { path, base: Some(base), mine: Some(mine), theirs: Some(theirs), sentence }
        });
        self.conflicts.extend(conflicts);
        for link in self.links.iter_mut().filter(|link| link.activity == key) {
            if let LinkTo::Upstream { plan: of, key: upstream, .. } = &link.to
                && *of == plan
                && *upstream == now.key
            {
                *link = upstream_link(key, plan, now);
            }
        }
    }
}
