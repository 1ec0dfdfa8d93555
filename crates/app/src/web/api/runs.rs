//! Which lists are frozen, and what was said and decided about their schools?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use opora_access::{Place, Right};
use opora_cycle::identification::{FINALISED, Standing, Step};
use opora_registry::NodeId;
use opora_store::{RunId, RunSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{At, Body};
use crate::usecases::results::alphabet;
use crate::usecases::results::frozen::{Frozen, shown};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::runs::{freeze_list, is_what_if, sees_some};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(runs, freeze)).routes(routes!(run))
}

/// A frozen list.
#[derive(Serialize, ToSchema)]
pub(super) struct RunLine {
    id: i64,
    pack: String,
    year: u16,
    /// `all`, `node:11`, `school:5`.
    scope: String,
    /// Hash of the verdicts.
    content_sha256: String,
    /// A number of the methodology was moved: it decides nothing.
    what_if: bool,
    created_at: Timestamp,
    created_by: String,
}

impl From<&RunSummary> for RunLine {
    fn from(run: &RunSummary) -> Self {
        Self {
            id: run.id.0,
            pack: run.pack.clone(),
            year: run.year,
            scope: run.scope.clone(),
            content_sha256: run.content_sha256.clone(),
            what_if: is_what_if(run),
            created_at: run.created_at,
            created_by: run.created_by.clone(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/runs", tag = "Списки", summary = "Закреплённые списки, которые видит человек",
    responses((status = 200, description = "Списки", body = Vec<RunLine>)))]
pub(super) async fn runs(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Vec<RunLine>>, WebError> {
    let runs = state.store.runs().await?;
    let own = runs.iter().filter(|run| sees_some(&actor, &run.scope));
    Ok(Json(own.map(RunLine::from).collect()))
}

/// A frozen list with its schools.
#[derive(Serialize, ToSchema)]
pub(super) struct RunShown {
    #[serde(flatten)]
    line: RunLine,
    /// When it became final.
    finalised_at: Option<Timestamp>,
    /// The listed schools that the person may see, by the alphabet.
    schools: Vec<OnList>,
}

/// A school of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct OnList {
    id: u32,
    name: String,
    /// Category as shown.
    category: String,
    /// `preliminary`, `replied`, `confirmed`, `excluded`, `appealed`.
    standing: &'static str,
    steps: Vec<Taken>,
}

/// What was said or decided.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// `reply`, `confirm`, `exclude`, `appeal` and so on.
    step: String,
    text: String,
    at: Timestamp,
    by: String,
}

fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Preliminary => "preliminary",
        Standing::Replied => "replied",
        Standing::Confirmed => "confirmed",
        Standing::Excluded => "excluded",
        Standing::Appealed => "appealed",
    }
}

#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "Списки", summary = "Закреплённый список: школы, ответы, решения",
    params(("id" = i64, Path, description = "Номер списка")), responses((status = 200, description = "Список", body = RunShown)))]
pub(super) async fn run(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<RunShown>, WebError> {
    let run = state.store.run(RunId(id)).await?;
    if !sees_some(&actor, &run.summary.scope) {
        return Err(refused());
    }
    let steps = state.store.steps(RunId(id)).await?;
    let frozen = Frozen::read(&run);
    let dataset = state.results.dataset().await?;
    let mut schools = Vec::new();
    for (school, verdict) in &frozen.schools {
        if !verdict.listed || !actor.may(Right::SeeResults, Place::School(*school)) {
            continue;
        }
        let own = || steps.iter().filter(|step| step.organisation == *school);
        let standing = Standing::of(own().filter_map(|step| Step::of_word(&step.step)));
        let taken = own().map(|step| Taken {
            step: step.step.clone(),
            text: step.text.clone(),
            at: step.at,
            by: step.who.clone(),
        });
        schools.push(OnList {
            id: school.0,
            name: dataset.school_name(*school),
            category: shown(state.results.catalog(), &frozen.pack, verdict),
            standing: standing_word(standing),
            steps: taken.collect(),
        });
    }
    schools.sort_by_cached_key(|school| (alphabet::key(&school.name), school.id));
    let finalised_at = steps.iter().find(|step| step.step == FINALISED).map(|step| step.at);
    Ok(Json(RunShown { line: RunLine::from(&run.summary), finalised_at, schools }))
}

/// What to freeze.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRun {
    /// Methodology.
    pack: String,
    year: u16,
    /// Region or municipality; everything without.
    #[serde(default)]
    node: Option<u32>,
}

/// The number of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct RunNumber {
    id: i64,
}

#[utoipa::path(post, path = "/api/v1/runs", tag = "Списки", summary = "Закрепить предварительный список",
    description = "Тот же расчёт по тем же данным второй раз не записывается: ответит прежний номер.",
    request_body = NewRun, responses((status = 201, description = "Закреплён", body = RunNumber, headers(("Location" = String, description = "Адрес списка")))))]
pub(super) async fn freeze(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewRun>,
) -> Result<Response, WebError> {
    let id = freeze_list(&state, &actor, (&new.pack, new.year), new.node.map(NodeId), None).await?;
    let place = format!("/api/v1/runs/{}", id.0);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(RunNumber { id: id.0 })).into_response())
}
