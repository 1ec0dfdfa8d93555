//! What does the check say about a plan, and what was set aside?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use opora_checks::{Finding, Subject};
use opora_neutral::Level;
use opora_store::{PlanId, Suppression};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{At, Body, reason};
use crate::usecases::suppress;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::findings::{Leave, leave, take_back};
use crate::web::state::{AppState, LoadedPlan};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plan_findings))
        .routes(routes!(set_aside, findings_aside))
        .routes(routes!(show_again))
}

/// A finding about a plan.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanFinding {
    /// Code of the rule, see `/api/v1/rules`.
    code: &'static str,
    /// `error`, `warning` or `note`.
    level: &'static str,
    /// Key of the activity it is about, where it is about one.
    activity: Option<u32>,
    /// Where in the file.
    place: String,
    /// What it is about where it is about no activity: the value of `subject` to set it aside.
    subject: Option<String>,
    what: String,
    why: String,
    mend: String,
    /// Why it was set aside, where it was.
    set_aside: Option<String>,
}

impl PlanFinding {
    fn of(plan: &LoadedPlan, finding: &Finding, set_aside: Option<String>) -> Self {
        let activity = match finding.subject {
            Subject::Activity(key, _) => Some(key.0),
            _ => None,
        };
        Self {
            code: finding.code,
            level: level_word(finding.level),
            activity,
            place: finding.place.to_string(),
            subject: suppress::place(&plan.order, finding.subject),
            what: finding.what.clone(),
            why: finding.why.clone(),
            mend: finding.mend.clone(),
            set_aside,
        }
    }
}

/// Stable word of a level.
pub(super) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/findings", tag = "Планы", summary = "Замечания проверки к плану, и снятые тоже",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Все замечания", body = Vec<PlanFinding>)))]
pub(super) async fn plan_findings(
    State(state): State<AppState>,
    At(id): At<i64>,
) -> Result<Json<Vec<PlanFinding>>, WebError> {
    let plan = state.plan(id).await?;
    let open = plan.report.findings.iter().map(|finding| PlanFinding::of(&plan, finding, None));
    let aside = plan.report.suppressed.iter();
    let aside = aside.map(|(finding, why)| PlanFinding::of(&plan, finding, Some(why.clone())));
    Ok(Json(open.chain(aside).collect()))
}

/// A decision to leave a finding as it is.
#[derive(Serialize, ToSchema)]
pub(super) struct Aside {
    id: i64,
    code: String,
    activity: Option<u32>,
    subject: Option<String>,
    reason: String,
    by: String,
    at: Timestamp,
}

impl From<&Suppression> for Aside {
    fn from(decision: &Suppression) -> Self {
        Self {
            id: decision.id.0,
            code: decision.code.clone(),
            activity: decision.activity.map(|key| key.0),
            subject: decision.place.clone(),
            reason: decision.reason.clone(),
            by: decision.created_by.clone(),
            at: decision.created_at,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/findings/aside", tag = "Планы", summary = "Снятые замечания плана: кто снял и почему",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Решения", body = Vec<Aside>)))]
pub(super) async fn findings_aside(
    State(state): State<AppState>,
    At(id): At<i64>,
) -> Result<Json<Vec<Aside>>, WebError> {
    let plan = state.plan(id).await?;
    Ok(Json(plan.suppressions.iter().map(Aside::from).collect()))
}

/// A finding to set aside; for the whole plan without `activity` and `subject`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAside {
    /// Code of the rule.
    code: String,
    #[serde(default)]
    activity: Option<u32>,
    #[serde(default)]
    #[schema(max_length = 300)]
    subject: Option<String>,
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/findings/aside", tag = "Планы", summary = "Снять замечание с причиной",
    params(("id" = i64, Path, description = "Номер плана")), request_body = NewAside,
    responses((status = 201, description = "Снято; все снятые замечания плана", body = Vec<Aside>)))]
pub(super) async fn set_aside(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewAside>,
) -> Result<Response, WebError> {
    let place = new.subject.map(|subject| subject.chars().take(300).collect());
    let reason = reason(&new.reason)?.to_owned();
    leave(&state, &actor, id, &Leave { code: new.code, activity: new.activity, place, reason }).await?;
    let aside = state.store.suppressions(PlanId(id)).await?;
    let aside: Vec<Aside> = aside.iter().map(Aside::from).collect();
    Ok((StatusCode::CREATED, Json(aside)).into_response())
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/findings/aside/{decision}/withdraw", tag = "Планы", summary = "Снова показывать снятое замечание",
    params(("id" = i64, Path, description = "Номер плана"), ("decision" = i64, Path, description = "Номер решения")),
    responses((status = 204, description = "Замечание снова показывается")))]
pub(super) async fn show_again(
    State(state): State<AppState>,
    actor: Actor,
    At((id, decision)): At<(i64, i64)>,
) -> Result<StatusCode, WebError> {
    take_back(&state, &actor, id, decision).await?;
    Ok(StatusCode::NO_CONTENT)
}
