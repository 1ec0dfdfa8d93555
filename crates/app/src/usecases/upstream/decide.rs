//! Adopt or decline a change of the municipal plan; both are recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opora_approval::{Action, Fact, Kind, Party, admit};
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_roadmap::{Conflict, Field, Link, Path, Roadmap, School, UpstreamChange, adopt};
use opora_store::{
    AccountId, Authorship, NewFact, NewFacts, PlanId, PlanRecord, Store, StoreError, VersionNumber,
};
use serde_json::{Value, json};

use super::{Upstream, read};
use crate::usecases::agreement::{Agreement, content_of, of_roadmap, write_fact};
use crate::usecases::edit::{ActivityFields, Edit, Refusal, activity, apply};
use crate::usecases::roadmap::{subject, write_link};

/// Texts that were chosen where the school and the municipal plan disagree, by the path of the text.
pub type Choices = BTreeMap<String, String>;

/// What is decided about a change.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It is taken over.
    Adopt(Choices),
    /// It is not, for this reason.
    Decline(String),
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum NotDecided {
    /// The roadmap follows no municipal plan.
    Nothing,
    /// There is no such change any more: it was decided about, or the municipal plan has changed again.
    Gone,
    /// A change is declined with a reason.
    ReasonMissing,
    /// The school had changed the same texts for itself: which ones stand has to be chosen.
    Collides(Vec<Conflict>),
    /// A text that was typed does not do.
    Refused(Refusal),
    /// The store refuses or failed.
    Store(StoreError),
}

impl From<StoreError> for NotDecided {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Who decides, and when.
#[derive(Clone, Copy, Debug)]
pub struct Decider<'a> {
    /// Name as recorded.
    pub who: &'a str,
    /// The account.
    pub account: Option<AccountId>,
    /// The number by which facts of agreement know the person.
    pub number: i64,
    /// When.
    pub at: Timestamp,
}

/// Decides about the change of an activity of the municipal plan, seen in `version` of it. Gives the version of the
/// roadmap that now holds. An adopted change is a new version, which asks for agreement again; the reason of that
/// correction is recorded with it.
pub async fn decide(
    store: &Store,
    roadmap: PlanId,
    school: &School,
    (key, version): (ActivityKey, i32),
    decision: &Decision,
    by: &Decider<'_>,
) -> Result<VersionNumber, NotDecided> {
    let record = store.plan(roadmap).await?;
    let own = record.order.plans.first().cloned().unwrap_or_default();
    let upstream = read(store, roadmap, &own, school).await?.ok_or(NotDecided::Nothing)?;
    let change = upstream.changes.iter().find(|change| change.upstream == key);
    let change = change.filter(|_| upstream.version == version).ok_or(NotDecided::Gone)?;
    match decision {
        Decision::Decline(reason) if reason.trim().is_empty() => Err(NotDecided::ReasonMissing),
        Decision::Decline(reason) => {
            let subject = subject(roadmap.0);
            let content = json!({
                "plan": upstream.plan, "version": version, "key": key.0,
                "change": change.sentence, "reason": reason.trim(),
            });
            let new = NewFact { subject: &subject, kind: "declined", content: &content };
            let authorship = Authorship { who: by.who, reason: reason.trim(), at: by.at };
            store.append_facts(&[(&subject, upstream.last)], &[new], by.account, &authorship).await?;
            Ok(record.version.number)
        }
        Decision::Adopt(choices) => take_over(store, &record, &upstream, change, choices, by).await,
    }
}

async fn take_over(
    store: &Store,
    record: &PlanRecord,
    upstream: &Upstream,
    change: &UpstreamChange,
    choices: &Choices,
    by: &Decider<'_>,
) -> Result<VersionNumber, NotDecided> {
    let plan = record.summary.id;
    let own = record.order.plans.first().cloned().unwrap_or_default();
    let highest_key = store.highest_key(plan).await?;
    let roadmap = Roadmap { plan: &own, links: &upstream.links, highest_key };
    let adopted = adopt(&roadmap, change, &upstream.as_seen(), &upstream.as_now());
    let mut order = Order { plans: vec![adopted.plan], ..record.order.clone() };
    if !adopted.conflicts.is_empty() {
        order = chosen(order, adopted.conflicts, choices)?;
    }
    let content = adoption(upstream, change, &adopted.links);
    let links = subject(plan.0);
    let agreement = Agreement::read(store, Kind::Roadmap, &of_roadmap(plan.0)).await?;
    let sentence =
        format!("Принято из муниципального плана, версия {}. {}", upstream.version, change.sentence);
    let authorship = Authorship { who: by.who, reason: &sentence, at: by.at };
    let mut known = vec![(links.as_str(), upstream.last)];
    let mut new = vec![NewFact { subject: &links, kind: "adopted", content: &content }];
    if order == record.order {
        store.append_facts(&known, &new, by.account, &authorship).await?;
        return Ok(record.version.number);
    }
    let begun = correction(record, &agreement, &sentence, by);
    if let Some(begun) = &begun {
        known.push((agreement.subject(), agreement.last()));
        new.push(NewFact {
            subject: agreement.subject(),
            kind: Action::BeginCorrection.word(),
            content: begun,
        });
    }
    let facts = NewFacts { known: &known, new: &new, account: by.account };
    Ok(store.append_version_with_facts(plan, record.version.number, &order, &facts, &authorship).await?)
}

fn adoption(upstream: &Upstream, change: &UpstreamChange, links: &[Link]) -> Value {
    let links: Vec<Value> = links.iter().map(write_link).collect();
    json!({
        "plan": upstream.plan, "version": upstream.version, "key": change.upstream.0,
        "change": change.sentence, "links": links,
    })
}

/// The reason for which the agreed roadmap is corrected, as a fact of its agreement; none where nothing is in force or
/// the life cycle asks for no reason.
fn correction(record: &PlanRecord, agreement: &Agreement, reason: &str, by: &Decider<'_>) -> Option<Value> {
    let content = content_of(&record.version);
    let fact = Fact {
        action: Action::BeginCorrection,
        by: by.number,
        party: Party::Author,
        at: by.at,
        version: content.version,
        content_sha256: content.sha256.to_owned(),
        text: reason.chars().take(opora_approval::TEXT_CHARS).collect(),
        remarks: Vec::new(),
        remark: None,
    };
    admit(Kind::Roadmap, &agreement.facts, &content, &fact).ok()?;
    Some(write_fact(&fact))
}

/// The order with the texts that were chosen; all conflicts where one of them is not decided.
fn chosen(mut order: Order, conflicts: Vec<Conflict>, choices: &Choices) -> Result<Order, NotDecided> {
    if conflicts.iter().any(|conflict| !choices.contains_key(&conflict.path.to_string())) {
        return Err(NotDecided::Collides(conflicts));
    }
    for conflict in &conflicts {
        let Some(text) = choices.get(&conflict.path.to_string()) else { continue };
        let Path::ActivityField(key, field) = &conflict.path else { continue };
        if let Field::Other(head, nth) = field {
            set_other(&mut order, *key, head, *nth, text);
            continue;
        }
        let Some(mut fields) = activity(&order, *key).map(ActivityFields::of) else { continue };
        let slot = match field {
            Field::Number => &mut fields.number,
            Field::Title => &mut fields.title,
            Field::Responsible => &mut fields.responsible,
            Field::Schedule => &mut fields.schedule,
            Field::Outcome => &mut fields.outcome,
            Field::TargetGroup | Field::Other(..) => &mut fields.target_group,
        };
        text.clone_into(slot);
        order = apply(&order, &Edit::Activity { key: *key, fields }, ActivityKey(0))
            .map_err(NotDecided::Refused)?;
    }
    Ok(order)
}

/// Puts a text into a cell of another column.
fn set_other(order: &mut Order, key: ActivityKey, head: &str, nth: usize, text: &str) {
    let activities = order.plans.iter_mut().flat_map(|plan| &mut plan.sections);
    let mut activities = activities.flat_map(|section| &mut section.activities);
    let cells = activities.find(|activity| activity.key == key).map(|activity| &mut activity.other);
    let cell =
        cells.and_then(|cells| cells.iter_mut().filter(|cell| cell.head == head).nth(nth.saturating_sub(1)));
    if let Some(cell) = cell {
        text.trim().clone_into(&mut cell.text);
    }
}
