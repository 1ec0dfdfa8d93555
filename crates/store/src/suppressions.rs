//! Which findings of a plan are switched off, why and by whom?

use jiff::Timestamp;
use opora_cycle::vocabulary::ActivityKey;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::entity::suppression;
use crate::time::{moment, moment_text, storable};
use crate::versions::newest;
use crate::writing::Writing;
use crate::{Authorship, PlanId, Store, StoreError};

/// Number of a decision to switch a finding off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuppressionId(pub i64);

/// A finding to be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSuppression<'a> {
    /// Code of the rule.
    pub code: &'a str,
    /// At this activity only; `None` for the whole plan or another place.
    pub activity: Option<ActivityKey>,
    /// At this place only, where it is about no activity; the store keeps the word and does not read it.
    pub place: Option<&'a str>,
}

/// A finding that is switched off now.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppression {
    /// Number of the decision.
    pub id: SuppressionId,
    /// Code of the rule.
    pub code: String,
    /// At this activity only; `None` for the whole plan or another place.
    pub activity: Option<ActivityKey>,
    /// At this place only, where it is about no activity.
    pub place: Option<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
    /// Who.
    pub created_by: String,
}

impl Store {
    /// Switches a finding off, for a reason. One that is off already stays so: its number is given back.
    pub async fn suppress(
        &self,
        plan: PlanId,
        finding: &NewSuppression<'_>,
        by: &Authorship<'_>,
    ) -> Result<SuppressionId, StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        newest(writing.transaction(), plan).await?;
        let same = |s: &Suppression| {
            s.code == finding.code && s.activity == finding.activity && s.place.as_deref() == finding.place
        };
        if let Some(known) = active(writing.transaction(), plan).await?.into_iter().find(same) {
            return Ok(known.id);
        }
        let row = suppression::ActiveModel {
            plan_id: Set(plan.0),
            code: Set(storable(finding.code)),
            activity: Set(finding.activity.map(|key| i64::from(key.0))),
            place: Set(finding.place.map(storable)),
            withdraws: Set(None),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let id = SuppressionId(row.insert(writing.transaction()).await?.id);
        let activity = finding.activity.map(|key| key.0);
        let details = json!({
            "plan": plan.0, "code": finding.code, "activity": activity, "place": finding.place, "reason": by.reason
        });
        writing.audit("suppression.add", format!("suppression/{}", id.0), &details, by).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// Switches a finding on again, for a reason.
    pub async fn withdraw_suppression(
        &self,
        plan: PlanId,
        id: SuppressionId,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        let known = active(writing.transaction(), plan).await?.into_iter().find(|s| s.id == id);
        let known = known.ok_or(StoreError::SuppressionUnknown)?;
        let row = suppression::ActiveModel {
            plan_id: Set(plan.0),
            code: Set(known.code.clone()),
            activity: Set(known.activity.map(|key| i64::from(key.0))),
            place: Set(known.place.clone()),
            withdraws: Set(Some(id.0)),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        row.insert(writing.transaction()).await?;
        let details = json!({ "plan": plan.0, "code": known.code, "reason": by.reason });
        writing.audit("suppression.withdraw", format!("suppression/{}", id.0), &details, by).await?;
        writing.commit().await
    }

    /// The findings of a plan that are switched off now, in the order of the decisions.
    pub async fn suppressions(&self, plan: PlanId) -> Result<Vec<Suppression>, StoreError> {
        active(&self.connection, plan).await
    }
}

/// Decisions that nothing has taken back.
async fn active<C: ConnectionTrait>(connection: &C, plan: PlanId) -> Result<Vec<Suppression>, StoreError> {
    let facts = suppression::Entity::find()
        .filter(suppression::Column::PlanId.eq(plan.0))
        .order_by_asc(suppression::Column::Id)
        .all(connection)
        .await?;
    let withdrawn: std::collections::BTreeSet<i64> = facts.iter().filter_map(|fact| fact.withdraws).collect();
    let holds = |fact: &suppression::Model| fact.withdraws.is_none() && !withdrawn.contains(&fact.id);
    Ok(facts
        .into_iter()
        .filter(holds)
        .map(|fact| Suppression {
            id: SuppressionId(fact.id),
            code: fact.code,
            activity: fact.activity.and_then(|key| u32::try_from(key).ok()).map(ActivityKey),
            place: fact.place,
            reason: fact.reason,
            created_at: moment(&fact.created_at),
            created_by: fact.created_by,
        })
        .collect())
}
