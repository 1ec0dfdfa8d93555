//! How does a program add a file that proves something, to a plan, a visit or a meeting?

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use opora_execution::{Deed, Evidence, OccurrenceKey};
use opora_store::{Authorship, NewSource};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::deeds::{self, GONE};
use super::dues::Due;
use super::meetings::{self, MeetingShown};
use super::tasks::{NO_TASK, may_record, record};
use super::visits::{self, VisitShown};
use super::wire::{At, Parcel, Sent, unfit};
use crate::clock;
use crate::usecases::support::tasks_of_visit;
use crate::web::actor::{Actor, refused};
use crate::web::deeds::{FILE_BYTES_MAX, checked_file, scanned};
use crate::web::errors::WebError;
use crate::web::pages::meetings::{MeetingCase, proof as meeting_proof_file, visible_tasks};
use crate::web::pages::visits::{VisitCase, proof as visit_proof_file};
use crate::web::pages::work::{Case, proof as plan_proof_file};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plan_proof))
        .routes(routes!(visit_proof))
        .routes(routes!(meeting_proof))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add_proof))
        .routes(routes!(add_visit_proof))
        .routes(routes!(add_meeting_proof))
}

/// A file that proves something.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct ProofForm {
    /// Key of the time.
    occurrence: String,
    /// `known` of the time as it was read.
    known: usize,
    /// The file, at most 20 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file that was sent as a proof: its kind, its size and the scanner let it through.
struct Proof {
    sent: Sent,
    key: OccurrenceKey,
    known: usize,
}

impl Proof {
    async fn read(state: &AppState, parts: Parcel, gone: &str) -> Result<Self, WebError> {
        let sent = Sent::read(parts.0, FILE_BYTES_MAX).await?;
        checked_file(&sent.name, &sent.bytes)?;
        scanned(state, &sent.bytes).await?;
        let key = OccurrenceKey::parse(sent.field("occurrence").unwrap_or_default());
        let key = key.ok_or_else(|| WebError::not_found(gone))?;
        let known = sent.field("known").and_then(|known| known.trim().parse().ok());
        let known = known
            .ok_or_else(|| unfit("Поле known не указано", "Возьмите его из списка сроков или поручений."))?;
        Ok(Self { sent, key, known })
    }

    /// Keeps the file under its hash. Gives the deed that says so.
    async fn keep(self, state: &AppState, actor: &Actor) -> Result<Deed, WebError> {
        let Sent { name, bytes, .. } = self.sent;
        let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
        let format = opora_documents::detect(&bytes, &name);
        state.store.add_file(&NewSource { name: &name, format, bytes: &bytes }, &by).await?;
        let sha256 = opora_exchange::sha256_hex(&bytes);
        let bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Deed::EvidenceAdded(Evidence::File { sha256, name, bytes }))
    }
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/proofs", tag = "Выполнение", summary = "Приложить файл-подтверждение к сроку",
    params(("id" = i64, Path, description = "Номер плана")),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Приложен; срок, как он стоит теперь", body = Due), (status = 200, description = "Это уже записано", body = Due)))]
pub(super) async fn add_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    parts: Parcel,
) -> Result<Response, WebError> {
    let proof = Proof::read(&state, parts, GONE).await?;
    let case = Case::read(&state, &actor, id).await?;
    if case.of.execution.ledger().accounts().all(|(occurrence, _)| occurrence.key != proof.key) {
        return Err(WebError::not_found(GONE));
    }
    if case.sides_of(&actor, proof.key).is_empty() {
        return Err(refused());
    }
    let wanted = (proof.key, proof.known, None);
    let deed = proof.keep(&state, &actor).await?;
    deeds::record(&state, &actor, &case, wanted, deed, id).await
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/proofs/{sha256}", tag = "Выполнение", summary = "Файл-подтверждение",
    params(("id" = i64, Path, description = "Номер плана"), ("sha256" = String, Path, description = "SHA-256 файла")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn plan_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(path): At<(i64, String)>,
) -> Result<Response, WebError> {
    plan_proof_file(State(state), actor, Path(path)).await
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/visits/{visit}/proofs", tag = "Сопровождение", summary = "Приложить файл-подтверждение к поручению посещения",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Приложен; посещение, как оно стоит теперь", body = VisitShown), (status = 200, description = "Это уже записано", body = VisitShown)))]
pub(super) async fn add_visit_proof(
    State(state): State<AppState>,
    actor: Actor,
    At((id, number)): At<(u32, i64)>,
    parts: Parcel,
) -> Result<Response, WebError> {
    let proof = Proof::read(&state, parts, NO_TASK).await?;
    let case = VisitCase::read(&state, &actor, id, number).await?;
    let given = tasks_of_visit(&case.records, &case.visit);
    may_record(&actor, given.as_ref(), proof.key)?;
    let wanted = (proof.key, proof.known, None);
    let deed = proof.keep(&state, &actor).await?;
    let status = record(&state, &actor, given.as_ref(), wanted, deed).await?;
    Ok((status, Json(visits::shown(&state, &actor, (id, number)).await?)).into_response())
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/visits/{visit}/proofs/{sha256}", tag = "Сопровождение", summary = "Файл-подтверждение поручения посещения",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения"),
        ("sha256" = String, Path, description = "SHA-256 файла")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn visit_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(path): At<(u32, i64, String)>,
) -> Result<Response, WebError> {
    visit_proof_file(State(state), actor, Path(path)).await
}

#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/proofs", tag = "Сопровождение", summary = "Приложить файл-подтверждение к поручению заседания",
    params(("meeting" = i64, Path, description = "Номер заседания")),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Приложен; заседание, как оно стоит теперь", body = MeetingShown), (status = 200, description = "Это уже записано", body = MeetingShown)))]
pub(super) async fn add_meeting_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
    parts: Parcel,
) -> Result<Response, WebError> {
    let proof = Proof::read(&state, parts, NO_TASK).await?;
    let case = MeetingCase::read(&state, &actor, number).await?;
    let given = case.given().map(|given| visible_tasks(given, &actor, &case));
    may_record(&actor, given.as_ref(), proof.key)?;
    let wanted = (proof.key, proof.known, None);
    let deed = proof.keep(&state, &actor).await?;
    let status = record(&state, &actor, given.as_ref(), wanted, deed).await?;
    Ok((status, Json(meetings::shown(&state, &actor, number).await?)).into_response())
}

#[utoipa::path(get, path = "/api/v1/meetings/{meeting}/proofs/{sha256}", tag = "Сопровождение", summary = "Файл-подтверждение поручения заседания",
    params(("meeting" = i64, Path, description = "Номер заседания"), ("sha256" = String, Path, description = "SHA-256 файла")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn meeting_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(path): At<(i64, String)>,
) -> Result<Response, WebError> {
    meeting_proof_file(State(state), actor, Path(path)).await
}
