//! Which of what was recorded should somebody hear of, although it waits for nobody?

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use opora_access::{Grant, Place, Right};
use opora_approval::Action;
use opora_execution::notices::{Tiding, Topic};
use opora_execution::work::Mover;
use opora_execution::{Deed, OccurrenceKey, Party, places::occurrence_path};
use opora_registry::Registry;
use opora_roadmap::LinkTo;
use opora_store::{Fact, HeldGrant, Store, StoreError};

use crate::usecases::standings::{Look, PlanStanding, school_of};
use crate::usecases::{agreement, diagnosis, execution, roadmap};

/// A tiding with those who should hear of it: the people behind the movers who may do this there, but not whose doing it
/// is.
#[derive(Clone, Debug)]
pub(super) struct Addressed {
    pub tiding: Tiding,
    pub movers: Vec<Mover>,
    pub right: Right,
    pub place: Place,
    pub doer: Option<i64>,
}

/// All plans by their numbers.
pub(super) type Plans<'a> = BTreeMap<i64, &'a PlanStanding>;

pub(super) fn plans(look: &Look) -> Plans<'_> {
    look.plans.iter().map(|plan| (plan.summary.id.0, plan.as_ref())).collect()
}

pub(super) fn local(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::system()).datetime()
}

/// What a fact has to tell.
pub(super) fn of_fact(fact: &Fact, plans: &Plans<'_>) -> Option<Addressed> {
    let (room, rest) = fact.subject.split_once('/')?;
    match room {
        agreement::ROADMAP => of_agreement(fact, plans.get(&rest.parse().ok()?)?),
        execution::SUBJECT => of_deed(fact, plans.get(&rest.parse().ok()?)?),
        diagnosis::SUBJECT => of_diagnosis(fact),
        _ => None,
    }
}

/// What was decided, in words; nothing for an act whose move somebody else has now: it is among the work.
fn decided(action: Action) -> Option<&'static str> {
    match action {
        Action::Approve => Some("Одобрено"),
        Action::PutInForce => Some("Введено в действие"),
        Action::Close => Some("Работа завершена"),
        _ => None,
    }
}

fn of_agreement(fact: &Fact, plan: &PlanStanding) -> Option<Addressed> {
    let act = agreement::read_fact(&fact.kind, &fact.content, fact.at)?;
    let what = decided(act.action)?;
    let owner = plan.summary.owner;
    Some(Addressed {
        tiding: Tiding {
            key: format!("fact/{}", fact.id.0),
            topic: Topic::Outcomes,
            text: format!("{what}: {}", plan.summary.title),
            path: format!("plans/{}/approval", plan.summary.id.0),
            at: local(fact.at),
        },
        movers: vec![Mover::Role(Party::Performer, school_of(owner))],
        right: Right::SeePlans,
        place: owner,
        doer: fact.account.map(|account| account.0),
    })
}

fn of_diagnosis(fact: &Fact) -> Option<Addressed> {
    let case = diagnosis::Case::of_subject(&fact.subject)?;
    let what = decided(diagnosis::act_of(fact)?.action)?;
    Some(Addressed {
        tiding: Tiding {
            key: format!("fact/{}", fact.id.0),
            topic: Topic::Outcomes,
            text: format!("{what}: самодиагностика школы, {} год", case.year),
            path: format!("schools/{}/diagnosis?year={}", case.school.0, case.year),
            at: local(fact.at),
        },
        movers: vec![Mover::Role(Party::Performer, Some(i64::from(case.school.0)))],
        right: Right::SeeDiagnosis,
        place: Place::School(case.school),
        doer: fact.account.map(|account| account.0),
    })
}

fn of_deed(fact: &Fact, plan: &PlanStanding) -> Option<Addressed> {
    let at = local(fact.at);
    let deed = execution::read_fact(&fact.kind, &fact.content, at)?;
    let owner = plan.summary.owner;
    let performer = || match performer(plan, deed.occurrence) {
        Some(account) => Mover::Account(account),
        None => Mover::Role(Party::Performer, school_of(owner)),
    };
    let (topic, what, movers) = match &deed.deed {
        Deed::Confirmed => (Topic::Outcomes, "Выполнение подтверждено", vec![performer()]),
        Deed::Cancelled { .. } => (Topic::Outcomes, "Мероприятие отменено", vec![performer()]),
        Deed::PostponementGranted => (Topic::Outcomes, "Срок перенесён", vec![performer()]),
        Deed::PostponementRefused { .. } => (Topic::Outcomes, "В переносе срока отказано", vec![performer()]),
        Deed::Delegated { to } => (Topic::Calls, "Вам передали мероприятие", vec![Mover::Account(*to)]),
        // A comment that calls on somebody is among the work until it is answered, and is told as such.
        _ => return None,
    };
    let named = plan.activities.iter().find(|named| named.key == deed.occurrence.activity);
    let title = named.map_or(plan.summary.title.as_str(), |named| named.title.as_str());
    Some(Addressed {
        tiding: Tiding {
            key: format!("fact/{}", fact.id.0),
            topic,
            text: format!("{what}: {title}"),
            path: format!("plans/{}/{}", plan.summary.id.0, occurrence_path(&deed.occurrence)),
            at,
        },
        movers,
        right: Right::SeePlans,
        place: owner,
        doer: fact.account.map(|account| account.0),
    })
}

/// Who carries an occurrence out, where it was handed over.
fn performer(plan: &PlanStanding, key: OccurrenceKey) -> Option<i64> {
    plan.lines.iter().find(|line| line.key == key)?.performer
}

/// The new version of a plan that roadmaps were built on, told to their schools. `object` is what an event of the journal
/// was about.
pub(super) async fn of_version(
    store: &Store,
    object: &str,
    plans: &Plans<'_>,
    at: Timestamp,
) -> Result<Vec<Addressed>, StoreError> {
    let ["plan", upstream, "version", version] = object.split('/').collect::<Vec<_>>()[..] else {
        return Ok(Vec::new());
    };
    let Some(changed) = upstream.parse().ok().and_then(|id: i64| plans.get(&id)) else {
        return Ok(Vec::new());
    };
    // Roadmaps of schools are built on plans of a wider place.
    if school_of(changed.summary.owner).is_some() {
        return Ok(Vec::new());
    }
    let upstream = changed.summary.id.0;
    let mut found = Vec::new();
    let below =
        plans.values().filter(|plan| school_of(plan.summary.owner).is_some() && !plan.summary.archived);
    for plan in below {
        let grounds = roadmap::Grounds::read(store, plan.summary.id.0).await?;
        let is_built = |to: &LinkTo| matches!(to, LinkTo::Upstream { plan, .. } if *plan == upstream);
        if !grounds.links.iter().any(|link| is_built(&link.to)) {
            continue;
        }
        let owner = plan.summary.owner;
        found.push(Addressed {
            tiding: Tiding {
                key: format!("plans/{}/upstream/{upstream}/{version}", plan.summary.id.0),
                topic: Topic::Upstream,
                text: format!(
                    "Изменился план «{}», на котором построена дорожная карта школы",
                    changed.summary.title
                ),
                path: format!("plans/{}", plan.summary.id.0),
                at: local(at),
            },
            movers: vec![Mover::Role(Party::Performer, school_of(owner))],
            right: Right::SeePlans,
            place: owner,
            doer: None,
        });
    }
    Ok(found)
}

/// A role that was given. The first one comes with an invitation, which tells of it.
pub(super) fn of_grant(
    held: &HeldGrant,
    first: bool,
    registry: &Registry,
    at: Timestamp,
) -> Option<Addressed> {
    if first {
        return None;
    }
    Some(Addressed {
        tiding: Tiding {
            key: format!("grant/{}", held.id.0),
            topic: Topic::Access,
            text: format!("Вам дали роль: {}", role_words(&held.grant, registry)),
            path: "account".to_owned(),
            at: local(at),
        },
        movers: vec![Mover::Account(held.account.0)],
        right: Right::Enter,
        place: held.grant.place,
        doer: None,
    })
}

fn role_words(grant: &Grant, registry: &Registry) -> String {
    let place = match grant.place {
        Place::Installation => return grant.role.russian().to_owned(),
        Place::Node(node) => registry.node(node).map(|node| node.name.as_str()),
        Place::School(school) => registry.get(school).map(|school| school.name.as_str()),
    };
    place
        .map_or_else(|| grant.role.russian().to_owned(), |place| format!("{}, {place}", grant.role.russian()))
}
