//! How does a plan get its next version?

use opora_cycle::vocabulary::{ActKind, ActivityKey, Order};
use opora_exchange::{content_hash, highest_key, write_order};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr};
use serde_json::json;

use crate::entity::plan_version;
use crate::facts::write_facts;
use crate::search_projection::project;
use crate::time::{moment_text, storable};
use crate::writing::Writing;
use crate::{AccountId, Authorship, FactId, NewFact, PlanId, Store, StoreError, VersionNumber};

impl Store {
    /// Appends a version to a plan, if `expected` is still its newest one.
    ///
    /// Errors: [`StoreError::Conflict`] where somebody was faster; nothing is written then, and nothing of theirs is
    /// lost. The order must hold exactly one plan.
    pub async fn append_version(
        &self,
        plan: PlanId,
        expected: VersionNumber,
        order: &Order,
        by: &Authorship<'_>,
    ) -> Result<VersionNumber, StoreError> {
        self.append_version_with_facts(plan, expected, order, &NewFacts::default(), by).await
    }

    /// Appends a version as [`Store::append_version`] does, together with facts that belong to it: either all of it is
    /// recorded, or nothing.
    pub async fn append_version_with_facts(
        &self,
        plan: PlanId,
        expected: VersionNumber,
        order: &Order,
        facts: &NewFacts<'_>,
        by: &Authorship<'_>,
    ) -> Result<VersionNumber, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        let current = newest(writing.transaction(), plan).await?;
        if current != expected {
            return Err(StoreError::Conflict { current });
        }
        let number = VersionNumber(current.0.saturating_add(1));
        let content_sha256 = insert_version(&writing, plan, number, order, by).await?;
        let details = json!({ "content": content_sha256, "reason": by.reason });
        writing
            .audit("version.append", format!("plan/{}/version/{}", plan.0, number.0), &details, by)
            .await?;
        write_facts(&writing, facts.known, facts.new, facts.account, by).await?;
        writing.commit().await?;
        Ok(number)
    }

    /// The highest key that any version of a plan gave to an activity: facts may still speak of one that was removed,
    /// so its key is never given again.
    pub async fn highest_key(&self, plan: PlanId) -> Result<ActivityKey, StoreError> {
        let (mut highest, mut seen) = (ActivityKey(0), 0);
        loop {
            let rows: Vec<(i32, String)> = plan_version::Entity::find()
                .select_only()
                .columns([plan_version::Column::Number, plan_version::Column::Content])
                .filter(plan_version::Column::PlanId.eq(plan.0))
                .filter(plan_version::Column::Number.gt(seen))
                .order_by_asc(plan_version::Column::Number)
                .limit(VERSIONS_AT_ONCE)
                .into_tuple()
                .all(&self.connection)
                .await?;
            let Some((last, _)) = rows.last() else { return Ok(highest) };
            seen = *last;
            for (_, content) in &rows {
                highest = highest.max(highest_key(content)?.unwrap_or(highest));
            }
        }
    }
}

/// Contents held in memory at the same time.
const VERSIONS_AT_ONCE: u64 = 16;

/// Facts that are recorded together with a version.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewFacts<'a> {
    /// For each subject, the last fact that the decision was made on.
    pub known: &'a [(&'a str, Option<FactId>)],
    /// The facts.
    pub new: &'a [NewFact<'a>],
    /// Whose account.
    pub account: Option<AccountId>,
}

/// Number of the newest version of a plan.
pub(crate) async fn newest<C: ConnectionTrait>(
    connection: &C,
    plan: PlanId,
) -> Result<VersionNumber, StoreError> {
    let number: Option<i32> = plan_version::Entity::find()
        .select_only()
        .column(plan_version::Column::Number)
        .filter(plan_version::Column::PlanId.eq(plan.0))
        .order_by_desc(plan_version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    number.map(VersionNumber).ok_or(StoreError::PlanUnknown(plan))
}

/// Writes a version and its words for the search; gives the hash of the content.
pub(crate) async fn insert_version(
    writing: &Writing,
    plan: PlanId,
    number: VersionNumber,
    order: &Order,
    by: &Authorship<'_>,
) -> Result<String, StoreError> {
    let row = version_row(plan, number, order, by)?;
    let content_sha256 = content_hash(order);
    let row = plan_version::ActiveModel { content_sha256: Set(content_sha256.clone()), ..row };
    let inserted = plan_version::Entity::insert(row).exec_without_returning(writing.transaction()).await;
    if let Err(error) = inserted {
        // The writers' lock makes this rare; the key (plan, number) decides even without it.
        return Err(match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict { current: number },
            _ => error.into(),
        });
    }
    project(writing.transaction(), plan, number, order).await?;
    Ok(content_sha256)
}

fn version_row(
    plan: PlanId,
    number: VersionNumber,
    order: &Order,
    by: &Authorship<'_>,
) -> Result<plan_version::ActiveModel, StoreError> {
    let [only] = order.plans.as_slice() else {
        return Err(StoreError::NotOnePlan { found: order.plans.len() });
    };
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let text = |text: &Option<String>| text.as_deref().map(storable);
    Ok(plan_version::ActiveModel {
        plan_id: Set(plan.0),
        number: Set(number.0),
        content: Set(write_order(order)?),
        title: Set(storable(&only.title)),
        act_kind: Set(order.act.kind.map(ActKind::russian).map(str::to_owned)),
        act_number: Set(text(&order.act.number)),
        act_date: Set(order.act.date.map(|date| date.to_string())),
        authority: Set(text(&order.act.authority)),
        locality: Set(text(&order.act.locality)),
        period_start: Set(only.period.map(|period| period.start.to_string())),
        period_end: Set(only.period.map(|period| period.end.to_string())),
        section_count: Set(count(only.sections.len())),
        activity_count: Set(count(only.activities().count())),
        author: Set(storable(by.who)),
        reason: Set(storable(by.reason)),
        created_at: Set(moment_text(by.at)),
        ..Default::default()
    })
}
