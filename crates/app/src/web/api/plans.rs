//! Which plans are there, what was changed in them, and what is wrong with them?

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use opora_store::{PlanId, PlanSummary, VersionSummary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Page, cursor, limit};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::plans::matches;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(plans)).routes(routes!(plan_history))
}

/// A plan in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanLine {
    id: i64,
    /// Number of the newest version.
    version: i32,
    title: String,
    act_kind: Option<String>,
    act_number: Option<String>,
    act_date: Option<Date>,
    authority: Option<String>,
    locality: Option<String>,
    period_start: Option<Date>,
    period_end: Option<Date>,
    activities: u32,
    /// Place it belongs to: `all`, `node/11`, `school/5`.
    owner: String,
    archived: bool,
    source_name: String,
    source_sha256: String,
    created_at: Timestamp,
    changed_at: Timestamp,
    changed_by: String,
}

impl From<&PlanSummary> for PlanLine {
    fn from(plan: &PlanSummary) -> Self {
        Self {
            id: plan.id.0,
            version: plan.version.0,
            title: plan.title.clone(),
            act_kind: plan.act_kind.clone(),
            act_number: plan.act_number.clone(),
            act_date: plan.act_date,
            authority: plan.authority.clone(),
            locality: plan.locality.clone(),
            period_start: plan.period.map(|period| period.start),
            period_end: plan.period.map(|period| period.end),
            activities: plan.activity_count,
            owner: plan.owner.code(),
            archived: plan.archived,
            source_name: plan.source_name.clone(),
            source_sha256: plan.source_sha256.clone(),
            created_at: plan.created_at,
            changed_at: plan.changed_at,
            changed_by: plan.changed_by.clone(),
        }
    }
}

/// Which plans.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlansAsked {
    /// Words of the title, number of the act, authority or file.
    #[serde(default)]
    q: Option<String>,
    /// Those in the archive instead of the others.
    #[serde(default)]
    archived: Option<bool>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/plans", tag = "Планы", summary = "Планы, которые видит человек, новые первыми",
    params(PlansAsked), responses((status = 200, description = "Страница списка", body = Page<PlanLine>)))]
pub(super) async fn plans(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<PlansAsked>,
) -> Result<Json<Page<PlanLine>>, WebError> {
    let (limit, before) = (limit(asked.limit)?, cursor(asked.cursor.as_deref())?);
    let archived = asked.archived.unwrap_or(false);
    let words = asked.q.unwrap_or_default();
    let mut plans = actor.plans(&state).await?;
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.id));
    let shown = plans.iter().filter(|plan| {
        plan.archived == archived && before.is_none_or(|before| plan.id.0 < before) && matches(plan, &words)
    });
    let page =
        Page::of(shown.take(limit + 1).map(PlanLine::from).collect(), limit, |plan| plan.id.to_string());
    Ok(Json(page))
}

/// A version of a plan.
#[derive(Serialize, ToSchema)]
pub(super) struct Version {
    /// Number from one.
    number: i32,
    /// SHA-256 of the content: the value of `ETag` and `If-Match`.
    content_sha256: String,
    author: String,
    reason: String,
    created_at: Timestamp,
    activities: u32,
}

impl From<VersionSummary> for Version {
    fn from(version: VersionSummary) -> Self {
        Self {
            number: version.number.0,
            content_sha256: version.content_sha256,
            author: version.author,
            reason: version.reason,
            created_at: version.created_at,
            activities: version.activity_count,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/history", tag = "Планы", summary = "Версии плана, новая первой",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Все версии", body = Vec<Version>)))]
pub(super) async fn plan_history(
    State(state): State<AppState>,
    At(id): At<i64>,
) -> Result<Json<Vec<Version>>, WebError> {
    let versions = state.store.history(PlanId(id)).await?;
    Ok(Json(versions.into_iter().map(Version::from).collect()))
}
