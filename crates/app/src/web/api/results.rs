//! Which files of results are loaded, and what came of those that are being loaded?

use std::io::Write;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use opora_store::{Authorship, ResultFileId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::registry::{FileFinding, findings};
use super::wire::{At, Body, Parcel, Sent, Why, reason, unfit};
use crate::clock;
use crate::usecases::results::intake::Known;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::loading::{self, Job, JobFile, Outcome, Received};
use crate::web::routes::MAX_REQUEST_BYTES;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(remove_results)).routes(routes!(job))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(result_files, load_results))
}

/// A file of results that counts.
#[derive(Serialize, ToSchema)]
pub(super) struct ResultsLine {
    id: i64,
    name: String,
    sha256: String,
    /// Form: stable word.
    kind: String,
    added_at: Timestamp,
    added_by: String,
}

#[utoipa::path(get, path = "/api/v1/results/files", tag = "Результаты", summary = "Загруженные файлы результатов, в порядке загрузки",
    responses((status = 200, description = "Файлы", body = Vec<ResultsLine>)))]
pub(super) async fn result_files(State(state): State<AppState>) -> Result<Json<Vec<ResultsLine>>, WebError> {
    let mut files = state.store.result_files().await?;
    files.sort_by_key(|file| file.id);
    let line = |file: opora_store::ResultFile| ResultsLine {
        id: file.id.0,
        name: file.name,
        sha256: file.sha256,
        kind: file.kind,
        added_at: file.added_at,
        added_by: file.added_by,
    };
    Ok(Json(files.into_iter().map(line).collect()))
}

/// A file of results to load.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct ResultsForm {
    /// XLSX, CSV or Parquet.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Take out files that tell the same.
    replace: Option<bool>,
    /// Leave out schools that are not in the registry.
    skip: Option<bool>,
}

/// The loading of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct JobShown {
    id: u64,
    /// Nothing is going to change any more.
    over: bool,
    at: Timestamp,
    files: Vec<JobLine>,
}

/// What came of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct JobLine {
    name: String,
    /// `going`, `loaded`, `known`, `refused`.
    state: &'static str,
    /// Per cent that was read, while it is read.
    percent: Option<u64>,
    /// Number of the file, once it is loaded.
    file: Option<i64>,
    schools: u64,
    rows: u64,
    findings: Vec<FileFinding>,
    /// Why it could not be read.
    why: Option<String>,
}

fn job_line(file: &JobFile, over: bool) -> JobLine {
    let line = |state| JobLine {
        name: file.name.clone(),
        state,
        percent: None,
        file: None,
        schools: 0,
        rows: 0,
        findings: Vec::new(),
        why: None,
    };
    match file.outcome() {
        None if over => JobLine {
            why: Some("Чтение прервалось. Загрузите файл ещё раз.".to_owned()),
            ..line("refused")
        },
        None => JobLine { percent: file.progress.percent(), ..line("going") },
        Some(Outcome::Failed(why)) => JobLine { why: Some(why), ..line("refused") },
        Some(Outcome::Read(added) | Outcome::Unknown { added, .. }) => {
            let (state, id) = match (added.id, added.known) {
                (Some(id), _) => ("loaded", Some(id)),
                (None, Some(id)) => ("known", Some(id)),
                (None, None) => ("refused", None),
            };
            JobLine {
                file: id.map(|id| id.0),
                schools: added.summary.schools,
                rows: added.summary.rows_seen,
                findings: findings(&added.summary.findings),
                ..line(state)
            }
        }
    }
}

fn shown(job: &Job) -> JobShown {
    let over = job.is_over();
    JobShown {
        id: job.id,
        over,
        at: job.at,
        files: job.files.iter().map(|file| job_line(file, over)).collect(),
    }
}

/// A field that says yes or no; without it no.
fn flag(sent: &Sent, name: &str) -> Result<bool, WebError> {
    match sent.field(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(unfit(&format!("Поле {name} не понято"), "Нужно true или false.")),
    }
}

#[utoipa::path(post, path = "/api/v1/results/files", tag = "Результаты", summary = "Загрузить файл результатов; что вышло, скажет задание",
    request_body(content = ResultsForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "Принят; адрес задания — в заголовке Location", body = JobShown,
        headers(("Location" = String, description = "Адрес задания")))))]
pub(super) async fn load_results(
    State(state): State<AppState>,
    actor: Actor,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, MAX_REQUEST_BYTES).await?;
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "an upload can't be kept");
        WebError::internal("Файл не записан на диск сервера: проверьте, есть ли там место.")
    };
    let mut file = tempfile::Builder::new().rand_bytes(24).tempfile().map_err(failed)?;
    file.write_all(&sent.bytes).and_then(|()| file.flush()).map_err(failed)?;
    let size = u64::try_from(sent.bytes.len()).unwrap_or(u64::MAX);
    let (replace, skip_unknown) = (flag(&sent, "replace")?, flag(&sent, "skip")?);
    let known = Known { replace, skip_unknown, ..Known::default() };
    let received = Received { name: sent.name.clone(), size, file };
    let (job, _) = loading::start(&state, vec![received], known, actor.name());
    let place = format!("/api/v1/results/jobs/{}", job.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, place)], Json(shown(&job))).into_response())
}

#[utoipa::path(get, path = "/api/v1/results/jobs/{id}", tag = "Результаты", summary = "Задание загрузки: как далеко и что вышло",
    description = "Задания помнятся до остановки программы.",
    params(("id" = u64, Path, description = "Номер задания")), responses((status = 200, description = "Задание", body = JobShown)))]
pub(super) async fn job(State(state): State<AppState>, At(id): At<u64>) -> Result<Json<JobShown>, WebError> {
    let job = state.results.loading().job(id);
    let job = job.ok_or_else(|| WebError::not_found("О такой загрузке ничего не известно"))?;
    Ok(Json(shown(&job)))
}

#[utoipa::path(post, path = "/api/v1/results/files/{id}/remove", tag = "Результаты", summary = "Исключить файл результатов из расчётов",
    params(("id" = i64, Path, description = "Номер файла")), request_body = Why,
    responses((status = 204, description = "Исключён")))]
pub(super) async fn remove_results(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(why): Body<Why>,
) -> Result<StatusCode, WebError> {
    let known = state.store.result_files().await?.iter().any(|file| file.id == ResultFileId(id));
    if !known {
        return Err(WebError::not_found("Такого файла среди загруженных нет"));
    }
    let by = Authorship { who: actor.name(), reason: reason(&why.reason)?, at: clock::now() };
    state.store.remove_results(ResultFileId(id), &by).await?;
    Ok(StatusCode::NO_CONTENT)
}
