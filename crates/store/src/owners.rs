//! Whose is a plan?

use opora_access::Place;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;

use crate::entity::{plan, plan_owner};
use crate::time::{moment_text, storable};
use crate::versions::newest;
use crate::writing::Writing;
use crate::{Authorship, PlanId, Store, StoreError};

impl Store {
    /// Gives a plan to a place. A plan that nobody was given to belongs to the whole installation.
    pub async fn set_plan_owner(
        &self,
        id: PlanId,
        place: Place,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        newest(writing.transaction(), id).await?;
        insert_owner(&writing, id, place, by).await?;
        let details = json!({ "place": place.code(), "reason": by.reason });
        writing.audit("plan.give", format!("plan/{}", id.0), &details, by).await?;
        writing.commit().await
    }
}

pub(crate) async fn insert_owner(
    writing: &Writing,
    id: PlanId,
    place: Place,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let row = plan_owner::ActiveModel {
        plan_id: Set(id.0),
        place: Set(place.code()),
        reason: Set(storable(by.reason)),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
        ..Default::default()
    };
    row.insert(writing.transaction()).await?;
    Ok(())
}

/// The place of the newest row for the plan in the row outside.
pub(crate) fn newest_owner() -> SelectStatement {
    let (inner, last) = ("owner", "owner_last");
    let newest = Query::select()
        .expr(Expr::col((last, plan_owner::Column::Id)).max())
        .from_as(plan_owner::Entity, last)
        .and_where(Expr::col((last, plan_owner::Column::PlanId)).equals((plan::Entity, plan::Column::Id)))
        .take();
    Query::select()
        .column((inner, plan_owner::Column::Place))
        .from_as(plan_owner::Entity, inner)
        .and_where(Expr::col((inner, plan_owner::Column::Id)).in_subquery(newest))
        .take()
}
