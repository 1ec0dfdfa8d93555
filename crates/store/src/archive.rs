//! Which plans lie in the archive? Deleting a plan is archiving it: nothing is lost.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::entity::archival;
use crate::time::{moment_text, storable};
use crate::versions::newest;
use crate::writing::Writing;
use crate::{Authorship, PlanId, Store, StoreError};

impl Store {
    /// Puts a plan into the archive, for a reason. One that lies there already stays there and nothing is written.
    pub async fn archive(&self, plan: PlanId, by: &Authorship<'_>) -> Result<(), StoreError> {
        self.move_plan(plan, true, by).await
    }

    /// Takes a plan out of the archive, for a reason.
    pub async fn restore(&self, plan: PlanId, by: &Authorship<'_>) -> Result<(), StoreError> {
        self.move_plan(plan, false, by).await
    }

    async fn move_plan(&self, plan: PlanId, archived: bool, by: &Authorship<'_>) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        newest(writing.transaction(), plan).await?;
        let last = archival::Entity::find()
            .filter(archival::Column::PlanId.eq(plan.0))
            .order_by_desc(archival::Column::Id)
            .one(writing.transaction())
            .await?;
        if last.is_some_and(|fact| fact.archived) == archived {
            return Ok(());
        }
        let row = archival::ActiveModel {
            plan_id: Set(plan.0),
            archived: Set(archived),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        row.insert(writing.transaction()).await?;
        let action = if archived { "plan.archive" } else { "plan.restore" };
        writing.audit(action, format!("plan/{}", plan.0), &json!({ "reason": by.reason }), by).await?;
        writing.commit().await
    }
}

/// The plans whose last fact puts them into the archive.
pub(crate) fn archived_plans() -> SelectStatement {
    let last = "last";
    let last_fact = Query::select()
        .expr(Expr::col((last, archival::Column::Id)).max())
        .from_as(archival::Entity, last)
        .and_where(
            Expr::col((last, archival::Column::PlanId)).equals((archival::Entity, archival::Column::PlanId)),
        )
        .take();
    Query::select()
        .column((archival::Entity, archival::Column::PlanId))
        .from(archival::Entity)
        .and_where(Expr::col((archival::Entity, archival::Column::Id)).in_subquery(last_fact))
        .and_where(Expr::col((archival::Entity, archival::Column::Archived)).eq(true))
        .take()
}
