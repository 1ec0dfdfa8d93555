//! Which version of a plan does the work follow, and which one is only being written?

use opora_approval::{Action, Bound, Content, Fact, Kind, State, standing};
use opora_store::{PlanId, PlanRecord, Store, StoreError, VersionNumber};

use super::agreement::{Agreement, content_of, of_roadmap};

/// The version that is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Its number.
    pub version: VersionNumber,
    /// Why this one.
    pub why: Why,
}

/// Why a version is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody was asked to agree: the newest one holds.
    NeverAsked,
    /// Nothing is agreed yet: the newest one holds until something is.
    NothingAgreed,
    /// It is in force.
    InForce,
    /// It is approved, and none is in force.
    Approved,
    /// It was in force when the work was closed.
    Closed,
}

impl Followed {
    /// Something newer is being written that does not hold yet.
    pub fn is_behind(&self, newest: VersionNumber) -> bool {
        self.version < newest
    }
}

/// The version that work follows, by what was said in the agreement and by the newest version as a content.
pub fn followed(facts: &[Fact], content: &Content<'_>) -> Followed {
    let newest = VersionNumber(content.version);
    let now = standing(Kind::Roadmap, facts, content);
    let bound = |bound: &Bound, why| Followed { version: VersionNumber(bound.version).min(newest), why };
    if now.state == State::Closed {
        // Nothing is in force any more: what was, a moment before the end.
        let end = facts.iter().rposition(|fact| fact.action == Action::Close).unwrap_or(facts.len());
        let before = followed(facts.get(..end).unwrap_or_default(), content);
        return Followed { why: Why::Closed, ..before };
    }
    match (&now.in_force, &now.approved) {
        // The same words written again are the same content.
        (Some(in_force), _) if in_force.sha256 == content.sha256 => {
            Followed { version: newest, why: Why::InForce }
        }
        (Some(in_force), _) => bound(in_force, Why::InForce),
        (None, Some(approved)) if approved.sha256 == content.sha256 => {
            Followed { version: newest, why: Why::Approved }
        }
        (None, Some(approved)) => bound(approved, Why::Approved),
        (None, None) => {
            let why = if facts.is_empty() { Why::NeverAsked } else { Why::NothingAgreed };
            Followed { version: newest, why }
        }
    }
}

/// Reads which version of a plan work follows.
pub async fn read(store: &Store, plan: PlanId) -> Result<Followed, StoreError> {
    let agreement = Agreement::read(store, Kind::Roadmap, &of_roadmap(plan.0)).await?;
    let newest = store.history(plan).await?.into_iter().next().ok_or(StoreError::PlanUnknown(plan))?;
    Ok(followed(&agreement.facts, &content_of(&newest)))
}

/// The version of a plan that work follows, with its content.
pub async fn record(store: &Store, plan: PlanId) -> Result<PlanRecord, StoreError> {
    let followed = read(store, plan).await?;
    store.plan_version(plan, followed.version).await
}
