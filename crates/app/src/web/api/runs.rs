//! Which lists are frozen, and what was said and decided about their schools?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_cycle::identification::{FINALISED, STEPS, Standing, Step};
use opora_registry::NodeId;
use opora_store::{RunId, RunSummary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Body, Parcel, Sent, unfit};
use crate::usecases::results::alphabet;
use crate::usecases::results::frozen::{Change, Frozen, shown};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::files;
use crate::web::pages::runs::{
    FILE_BYTES_MAX, Taken as NewStep, compared, freeze_list, is_what_if, make_final, right_of, sees_some,
    take_step,
};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(runs, freeze))
        .routes(routes!(compare_runs))
        .routes(routes!(run))
        .routes(routes!(take_run_step))
        .routes(routes!(run_document))
        .routes(routes!(finalise_run))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(take_run_step_with_document))
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

/// Which lists.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunsCompared {
    /// Number of a list.
    before: i64,
    /// Number of another list.
    after: i64,
}

/// What differs between two frozen lists.
#[derive(Serialize, ToSchema)]
pub(super) struct RunsDiffer {
    /// Schools that stand in both as before.
    same: usize,
    /// By the alphabet.
    changes: Vec<RunDifference>,
}

/// A school that stands otherwise.
#[derive(Serialize, ToSchema)]
pub(super) struct RunDifference {
    id: u32,
    name: String,
    /// Its category; nothing where it was not looked at.
    before: Option<String>,
    after: Option<String>,
    reasons: Vec<String>,
}

#[utoipa::path(get, path = "/api/v1/runs/compare", tag = "Списки", summary = "Чем отличаются два закреплённых списка и почему",
    params(RunsCompared), responses((status = 200, description = "Отличия", body = RunsDiffer)))]
pub(super) async fn compare_runs(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<RunsCompared>,
) -> Result<Json<RunsDiffer>, WebError> {
    let (same, changes) = compared(&state, &actor, (asked.before, asked.after)).await?;
    let difference = |own: Change| RunDifference {
        id: own.organisation.0,
        name: own.name,
        before: own.before,
        after: own.after,
        reasons: own.reasons,
    };
    Ok(Json(RunsDiffer { same, changes: changes.into_iter().map(difference).collect() }))
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
    /// What the caller may record now.
    possible: Vec<&'static str>,
}

/// What was said or decided.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// `reply`, `confirm`, `exclude`, `appeal` and so on.
    step: String,
    text: String,
    at: Timestamp,
    by: String,
    /// SHA-256 of the document that came with it.
    document_sha256: Option<String>,
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
    Ok(Json(run_shown(&state, &actor, id).await?))
}

async fn run_shown(state: &AppState, actor: &Actor, id: i64) -> Result<RunShown, WebError> {
    let run = state.store.run(RunId(id)).await?;
    if !sees_some(actor, &run.summary.scope) {
        return Err(refused());
    }
    let line = RunLine::from(&run.summary);
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
            document_sha256: step.file_sha256.clone(),
        });
        let words = STEPS.into_iter().filter(|(step, _)| {
            let may = actor.may(right_of(*step), Place::School(*school));
            may && !line.what_if && standing.after(*step).is_some()
        });
        schools.push(OnList {
            id: school.0,
            name: dataset.school_name(*school),
            category: shown(state.results.catalog(), &frozen.pack, verdict),
            standing: standing_word(standing),
            steps: taken.collect(),
            possible: words.map(|(_, word)| word).collect(),
        });
    }
    schools.sort_by_cached_key(|school| (alphabet::key(&school.name), school.id));
    let finalised_at = steps.iter().find(|step| step.step == FINALISED).map(|step| step.at);
    Ok(RunShown { line, finalised_at, schools })
}

/// What to freeze.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRun {
    /// Methodology.
    pack: String,
    #[schema(minimum = 2000, maximum = 2100)]
    year: u16,
    /// Region or municipality; everything without.
    #[serde(default)]
    node: Option<u32>,
    /// What would be with another number of the methodology: such a list decides nothing.
    #[serde(default)]
    what_if: Option<WhatIf>,
}

/// A number of a methodology that is moved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhatIf {
    /// Its name in the methodology.
    #[schema(min_length = 1, max_length = 200)]
    number: String,
    #[schema(min_length = 1, max_length = 50)]
    value: String,
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
    let moved = new.what_if.map(|own| (own.number, own.value));
    let id = freeze_list(&state, &actor, (&new.pack, new.year), new.node.map(NodeId), moved).await?;
    let place = format!("/api/v1/runs/{}", id.0);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(RunNumber { id: id.0 })).into_response())
}

/// A reply, a decision or an appeal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepTaken {
    step: StepWord,
    /// The reply, or the reason of the decision.
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
    /// How many steps of the school were seen: when there are more by now, the answer is 409.
    known: usize,
}

/// What can be recorded about a school of a list: a school replies and appeals, others decide.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum StepWord {
    Reply,
    Confirm,
    Exclude,
    Appeal,
}

impl From<StepWord> for Step {
    fn from(word: StepWord) -> Self {
        match word {
            StepWord::Reply => Self::Reply,
            StepWord::Confirm => Self::Confirm,
            StepWord::Exclude => Self::Exclude,
            StepWord::Appeal => Self::Appeal,
        }
    }
}

#[utoipa::path(post, path = "/api/v1/runs/{id}/schools/{organisation}", tag = "Списки", summary = "Ответ школы, решение о ней или апелляция",
    params(("id" = i64, Path, description = "Номер списка"), ("organisation" = u32, Path, description = "Номер школы")), request_body = StepTaken,
    responses((status = 201, description = "Записано; список, как он стоит теперь", body = RunShown)))]
pub(super) async fn take_run_step(
    State(state): State<AppState>,
    actor: Actor,
    At(at): At<(i64, u32)>,
    Body(new): Body<StepTaken>,
) -> Result<Response, WebError> {
    let step = NewStep { step: new.step.into(), text: &new.text, known: new.known, file: None };
    take_step(&state, &actor, at, &step).await?;
    Ok((StatusCode::CREATED, Json(run_shown(&state, &actor, at.0).await?)).into_response())
}

/// A step with a document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct StepForm {
    /// `reply`, `confirm`, `exclude`, `appeal`.
    step: String,
    /// The reply, or the reason of the decision.
    text: String,
    /// How many steps of the school were seen.
    known: usize,
    /// The document, at most 20 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/runs/{id}/schools/{organisation}/document", tag = "Списки", summary = "То же с документом",
    params(("id" = i64, Path, description = "Номер списка"), ("organisation" = u32, Path, description = "Номер школы")),
    request_body(content = StepForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Записано; список, как он стоит теперь", body = RunShown)))]
pub(super) async fn take_run_step_with_document(
    State(state): State<AppState>,
    actor: Actor,
    At(at): At<(i64, u32)>,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, FILE_BYTES_MAX).await?;
    let step = Step::of_word(sent.field("step").unwrap_or_default());
    let step =
        step.ok_or_else(|| unfit("Непонятно, что записать", "Поле step: reply, confirm, exclude, appeal."))?;
    let known = sent.field("known").and_then(|known| known.trim().parse().ok());
    let known = known.ok_or_else(|| unfit("Поле known не указано", "Посчитайте шаги школы в списке."))?;
    let text = sent.field("text").unwrap_or_default().to_owned();
    let file = (sent.name, sent.bytes);
    take_step(&state, &actor, at, &NewStep { step, text: &text, known, file: Some(&file) }).await?;
    Ok((StatusCode::CREATED, Json(run_shown(&state, &actor, at.0).await?)).into_response())
}

#[utoipa::path(get, path = "/api/v1/runs/{id}/schools/{organisation}/documents/{sha256}", tag = "Списки", summary = "Документ, приложенный к ответу или решению",
    params(("id" = i64, Path, description = "Номер списка"), ("organisation" = u32, Path, description = "Номер школы"),
        ("sha256" = String, Path, description = "SHA-256 документа")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn run_document(
    State(state): State<AppState>,
    actor: Actor,
    At((id, organisation, sha256)): At<(i64, u32, String)>,
) -> Result<Response, WebError> {
    let school = OrganisationId(organisation);
    actor.require(Right::SeeResults, Place::School(school))?;
    let steps = state.store.steps(RunId(id)).await?;
    let own = steps.iter().filter(|step| step.organisation == school);
    if own.filter_map(|step| step.file_sha256.as_ref()).all(|own| *own != sha256) {
        return Err(WebError::not_found("Такого документа у этой школы в списке нет"));
    }
    files::send(&state, &sha256).await
}

/// The words a list becomes final with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Finalising {
    /// The order it rests on.
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
}

#[utoipa::path(post, path = "/api/v1/runs/{id}/finalise", tag = "Списки", summary = "Сделать список итоговым",
    params(("id" = i64, Path, description = "Номер списка")), request_body = Finalising,
    responses((status = 201, description = "Список итоговый", body = RunShown)))]
pub(super) async fn finalise_run(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<Finalising>,
) -> Result<Response, WebError> {
    make_final(&state, &actor, id, &new.text).await?;
    Ok((StatusCode::CREATED, Json(run_shown(&state, &actor, id).await?)).into_response())
}
