//! How does the content of a plan travel: taken in, read, written anew, put away?

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH};
use axum::response::{IntoResponse, Response};
use opora_cycle::vocabulary::{Order, Plan};
use opora_exchange::{read_order, to_json};
use opora_store::{Authorship, PlanId, PlanRecord, VersionNumber};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Body, FileForm, JsonBytes, OrderForm, Parcel, Sent, header, reason, unfit};
use crate::clock;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::export;
use crate::web::pages::upload::{MAX_FILE_BYTES, Outcome, take_in};
use crate::web::state::AppState;

/// Header with the number of the version whose content is answered.
const VERSION: HeaderName = HeaderName::from_static("opora-version");
/// Highest key of an activity that a program may give.
const KEY_MAX: u32 = 1_000_000;
/// Longest period of a plan in years: beyond it is a slip, and every calendar of it would be endless.
const PERIOD_YEARS_MAX: i16 = 30;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plan, save_plan))
        .routes(routes!(plan_version))
        .routes(routes!(archive_plan))
        .routes(routes!(export_plan))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import_plan))
}

/// What became of an order that was taken in.
#[derive(Serialize, ToSchema)]
pub(super) struct TakenOrder {
    /// The same file was taken in before: nothing was changed.
    known: bool,
    /// The plans made of it.
    plans: Vec<TakenPlan>,
}

/// A plan made of an order.
#[derive(Serialize, ToSchema)]
pub(super) struct TakenPlan {
    id: i64,
    title: String,
    activities: usize,
}

#[utoipa::path(post, path = "/api/v1/plans", tag = "Планы", summary = "Принять приказ файлом",
    description = "DOCX, ODT, PDF, скан, XLSX или текст до 50 МБ частью `file`. Тот же файл второй раз плана не создаёт: \
                   ответ 200 вместо 201.",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Принят", body = TakenOrder), (status = 200, description = "Был принят раньше", body = TakenOrder)))]
pub(super) async fn import_plan(
    State(state): State<AppState>,
    actor: Actor,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, MAX_FILE_BYTES).await?;
    let taken = take_in::take_in(&state, &actor, &sent.name, sent.bytes).await;
    let (known, plans) = match taken.outcome {
        Outcome::Read { plans, .. } => (false, plans),
        Outcome::Known { plans } => (true, plans),
        Outcome::Refused { what, why, mend } => {
            return Err(WebError::new(StatusCode::UNPROCESSABLE_ENTITY, &what, &why, &mend));
        }
    };
    let plans = plans.into_iter().map(|plan| TakenPlan {
        id: plan.id,
        title: plan.title,
        activities: plan.activities,
    });
    let status = if known { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(TakenOrder { known, plans: plans.collect() })).into_response())
}

/// An order with the hash of its content and the number of its version.
fn answer(record: &PlanRecord) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{}\"", record.version.content_sha256));
    let mut response = Json(to_json(&record.order)).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    response.headers_mut().insert(VERSION, HeaderValue::from(record.version.number.0));
    response
}

#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "Планы", summary = "План в форме обмена, новейшая версия",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Приказ с одним планом", body = OrderForm,
        headers(("ETag" = String, description = "Отпечаток содержания"), ("Opora-Version" = i32, description = "Номер версии")))))]
pub(super) async fn plan(State(state): State<AppState>, At(id): At<i64>) -> Result<Response, WebError> {
    Ok(answer(&state.store.plan(PlanId(id)).await?))
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/versions/{version}", tag = "Планы", summary = "План в форме обмена, одна из версий",
    params(("id" = i64, Path, description = "Номер плана"), ("version" = i32, Path, description = "Номер версии")),
    responses((status = 200, description = "Приказ с одним планом", body = OrderForm)))]
pub(super) async fn plan_version(
    State(state): State<AppState>,
    At((id, version)): At<(i64, i32)>,
) -> Result<Response, WebError> {
    Ok(answer(&state.store.plan_version(PlanId(id), VersionNumber(version)).await?))
}

/// Why a version is written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Reason {
    /// As it will stand in the history.
    #[serde(default)]
    #[param(max_length = 1000)]
    reason: Option<String>,
}

/// A version that was written.
#[derive(Serialize, ToSchema)]
pub(super) struct Saved {
    /// The newest version.
    version: i32,
    /// Hash of its content.
    content_sha256: String,
}

#[utoipa::path(put, path = "/api/v1/plans/{id}", tag = "Планы", summary = "Записать новую версию плана",
    description = "Тело — приказ с одним планом, как его отдаёт GET. If-Match — отпечаток версии, по которой сделана \
                   правка: если план с тех пор изменён, ответ 412. То же содержание новой версии не создаёт. Источник \
                   (source) менять нельзя, новые мероприятия получают ключи больше прежних.",
    params(("id" = i64, Path, description = "Номер плана"), ("If-Match" = String, Header, description = "Значение ETag"), Reason),
    request_body(content = OrderForm),
    responses((status = 200, description = "Записано", body = Saved), (status = 412, description = "План уже другой"),
        (status = 428, description = "Нужен If-Match")))]
pub(super) async fn save_plan(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Asked(why): Asked<Reason>,
    headers: HeaderMap,
    JsonBytes(bytes): JsonBytes,
) -> Result<Response, WebError> {
    let seen = header(&headers, IF_MATCH).ok_or_else(match_missing)?;
    let words = why.reason.as_deref().unwrap_or_default().trim();
    let words = if words.is_empty() { "Записано программой" } else { words };
    let text = String::from_utf8_lossy(&bytes);
    let order = read_order(&text).map_err(|error| {
        WebError::new(
            StatusCode::BAD_REQUEST,
            "Тело запроса — не приказ в форме обмена",
            &error.to_string(),
            "",
        )
    })?;
    let record = state.store.plan(PlanId(id)).await?;
    if seen.trim().trim_matches('"') != record.version.content_sha256 {
        return Err(WebError::new(
            StatusCode::PRECONDITION_FAILED,
            "План уже другой",
            "С тех пор как вы его прочитали, записана новая версия.",
            "Прочитайте план заново, внесите правку в него и повторите.",
        ));
    }
    let highest = state.store.highest_key(PlanId(id)).await?;
    check_order(&record.order, &order, highest.0)?;
    let version = if order == record.order {
        record.version.number
    } else {
        let by = Authorship { who: actor.name(), reason: words, at: clock::now() };
        state.store.append_version(PlanId(id), record.version.number, &order, &by).await?
    };
    let content_sha256 = opora_exchange::content_hash(&order);
    let tag = format!("\"{content_sha256}\"");
    Ok(([(ETAG, tag)], Json(Saved { version: version.0, content_sha256 })).into_response())
}

fn match_missing() -> WebError {
    WebError::new(
        StatusCode::PRECONDITION_REQUIRED,
        "Нужен заголовок If-Match",
        "Без него можно стереть чужую правку.",
        "Прочитайте план и передайте значение его ETag.",
    )
}

/// Refuses what would break the plan for others: a foreign source, keys that are not unique or were used by others.
fn check_order(old: &Order, new: &Order, highest: u32) -> Result<(), WebError> {
    if new.source != old.source {
        return Err(unfit(
            "Источник плана изменён",
            "Поле source говорит, из какого файла прочитан план; верните прежнее значение.",
        ));
    }
    let [plan] = new.plans.as_slice() else {
        return Err(unfit("В приказе должен быть ровно один план", "Запишите каждый план по своему адресу."));
    };
    let known: BTreeSet<u32> = old.plans.iter().flat_map(Plan::activities).map(|own| own.key.0).collect();
    let mut seen = BTreeSet::new();
    for activity in plan.activities() {
        let key = activity.key.0;
        let fits = known.contains(&key) || (highest < key && key <= KEY_MAX);
        if !seen.insert(key) || !fits {
            let what = format!("Ключ мероприятия {key} не подходит");
            return Err(unfit(
                &what,
                &format!("Ключи не повторяются; у новых мероприятий они больше {highest}."),
            ));
        }
    }
    let too_long =
        |start: jiff::civil::Date, end: jiff::civil::Date| end.year() - start.year() > PERIOD_YEARS_MAX;
    if plan.period.is_some_and(|period| period.end < period.start || too_long(period.start, period.end)) {
        return Err(unfit("Период плана не подходит", "Проверьте годы начала и окончания."));
    }
    Ok(())
}

/// Where the plan belongs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Archival {
    /// Into the archive, or back.
    archived: bool,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

#[utoipa::path(put, path = "/api/v1/plans/{id}/archive", tag = "Планы", summary = "Убрать план в архив или вернуть",
    params(("id" = i64, Path, description = "Номер плана")), request_body = Archival,
    responses((status = 204, description = "Записано")))]
pub(super) async fn archive_plan(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(wanted): Body<Archival>,
) -> Result<StatusCode, WebError> {
    let by = Authorship { who: actor.name(), reason: reason(&wanted.reason)?, at: clock::now() };
    // Where the plan is there already, nothing is recorded twice.
    if wanted.archived {
        state.store.archive(PlanId(id), &by).await?;
    } else {
        state.store.restore(PlanId(id), &by).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Forms of a file.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum FileKind {
    Docx,
    Xlsx,
    Json,
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/export/{form}", tag = "Планы", summary = "План файлом: DOCX, XLSX или JSON",
    params(("id" = i64, Path, description = "Номер плана"), ("form" = inline(FileKind), Path, description = "Вид файла")),
    responses((status = 200, description = "Файл", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OrderForm = "application/json")))))]
pub(super) async fn export_plan(
    State(state): State<AppState>,
    At((id, form)): At<(i64, FileKind)>,
) -> Result<Response, WebError> {
    let form = match form {
        FileKind::Docx => export::Form::Docx,
        FileKind::Xlsx => export::Form::Xlsx,
        FileKind::Json => export::Form::Json,
    };
    export::newest(&state, id, form).await
}
