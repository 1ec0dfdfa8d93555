//! Which plans are there, what was changed in them, and what is wrong with them?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::Place;
use opora_roadmap::ChangeKind;
use opora_store::{Hit, PlanId, PlanSummary, VersionSummary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Body, Page, cursor, limit, reason, unfit};
use crate::usecases::edit_changes::Change;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::compare::{Compared, Pair};
use crate::web::pages::files;
use crate::web::pages::history::give_to;
use crate::web::pages::plans::matches;
use crate::web::pages::search::hits;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plans))
        .routes(routes!(search_plans))
        .routes(routes!(plan_history))
        .routes(routes!(plan_changes))
        .routes(routes!(plan_source))
        .routes(routes!(give_plan))
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

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchAsked {
    /// Words in any form: all of them have to stand together.
    #[param(min_length = 1, max_length = 200)]
    q: String,
}

/// An activity, or the head of a plan, that holds the words.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundInPlan {
    plan: i64,
    plan_title: String,
    /// Key of the activity; nothing where the words stand outside the activities.
    activity: Option<u32>,
    /// Number and title of the activity.
    heading: String,
    /// The texts that hold at least one of the words.
    matches: Vec<FoundText>,
}

/// A text that holds words.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundText {
    /// `number`, `title`, `responsible`, `schedule`, `outcome` and so on.
    field: &'static str,
    text: String,
}

impl From<Hit> for FoundInPlan {
    fn from(hit: Hit) -> Self {
        let text =
            |(field, text): (opora_store::SearchField, String)| FoundText { field: field.word(), text };
        Self {
            plan: hit.plan.0,
            plan_title: hit.plan_title,
            activity: hit.activity.map(|key| key.0),
            heading: hit.heading,
            matches: hit.matches.into_iter().map(text).collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/search", tag = "Планы", summary = "Поиск слов по всем планам, которые видит человек; не больше 200 ответов",
    params(SearchAsked), responses((status = 200, description = "Ответы", body = Vec<FoundInPlan>)))]
pub(super) async fn search_plans(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<SearchAsked>,
) -> Result<Json<Vec<FoundInPlan>>, WebError> {
    let found = hits(&state, &actor, &asked.q).await?;
    Ok(Json(found.into_iter().map(FoundInPlan::from).collect()))
}

/// Which versions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesAsked {
    /// Number of a version; the one before `to` without.
    #[serde(default)]
    #[param(minimum = 1)]
    from: Option<i32>,
    /// Number of another version; the newest without.
    #[serde(default)]
    #[param(minimum = 1)]
    to: Option<i32>,
}

/// What differs between two versions of a plan.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangesShown {
    /// The earlier version.
    from: i32,
    /// The later version.
    to: i32,
    /// In the order of the later version; what is gone last.
    changes: Vec<PlanChange>,
}

/// Something that differs.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanChange {
    /// `added`, `removed`, `moved`, `edited`.
    kind: &'static str,
    /// Where it stands, in words.
    what: String,
    before: Option<String>,
    after: Option<String>,
    /// All of it in a sentence.
    sentence: String,
}

impl From<Change> for PlanChange {
    fn from(change: Change) -> Self {
        let kind = match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Moved => "moved",
            ChangeKind::Edited => "edited",
        };
        let Change { what, before, after, sentence, .. } = change;
        Self { kind, what, before, after, sentence }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/changes", tag = "Планы", summary = "Что изменилось между двумя версиями плана, словами",
    params(("id" = i64, Path, description = "Номер плана"), ChangesAsked),
    responses((status = 200, description = "Изменения", body = ChangesShown)))]
pub(super) async fn plan_changes(
    State(state): State<AppState>,
    At(id): At<i64>,
    Asked(asked): Asked<ChangesAsked>,
) -> Result<Json<ChangesShown>, WebError> {
    let compared = Compared::read(&state, id, Pair { from: asked.from, to: asked.to }).await?;
    Ok(Json(ChangesShown {
        from: compared.from.number.0,
        to: compared.to.number.0,
        changes: compared.changes.into_iter().map(PlanChange::from).collect(),
    }))
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/source", tag = "Планы", summary = "Исходный файл плана, как его принесли",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn plan_source(
    State(state): State<AppState>,
    At(id): At<i64>,
) -> Result<Response, WebError> {
    let summary = state.store.summary(PlanId(id)).await?;
    files::send(&state, &summary.source_sha256).await
}

/// To whom a plan goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOwner {
    /// `all`, `node/11`, `school/5`: one where the caller may edit plans.
    #[schema(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: String,
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

#[utoipa::path(put, path = "/api/v1/plans/{id}/owner", tag = "Планы", summary = "Передать план другому месту: муниципалитету или школе",
    params(("id" = i64, Path, description = "Номер плана")), request_body = NewOwner,
    responses((status = 204, description = "Передан")))]
pub(super) async fn give_plan(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewOwner>,
) -> Result<StatusCode, WebError> {
    let unknown = || unfit("Место не понято", "Нужно all, node/НОМЕР или school/НОМЕР из реестра.");
    let place = Place::of_code(&new.place).ok_or_else(unknown)?;
    give_to(&state, &actor, id, place, reason(&new.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
