//! What was done, by whom and when?

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use opora_store::AuditEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, Page, cursor, limit};
use crate::web::errors::WebError;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(journal))
}

/// An event of the journal.
#[derive(Serialize, ToSchema)]
pub(super) struct EventShown {
    /// Number in the chain, from one, without gaps.
    seq: i64,
    at: Timestamp,
    who: String,
    /// What: `plan.create`, `fact.done`.
    action: String,
    /// To what: `plan/3`.
    object: String,
    #[schema(value_type = Object)]
    details: Value,
    /// Hash of this event and of all before it.
    hash: String,
}

impl From<AuditEvent> for EventShown {
    fn from(event: AuditEvent) -> Self {
        Self {
            seq: event.seq,
            at: event.at,
            who: event.who,
            action: event.action,
            object: event.object,
            details: event.details,
            hash: event.hash,
        }
    }
}

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsAsked {
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/journal", tag = "Журнал", summary = "Журнал действий, новые записи первыми", params(EventsAsked),
    responses((status = 200, description = "Страница журнала", body = Page<EventShown>)))]
pub(super) async fn journal(
    State(state): State<AppState>,
    Asked(asked): Asked<EventsAsked>,
) -> Result<Json<Page<EventShown>>, WebError> {
    let (limit, before) = (limit(asked.limit)?, cursor(asked.cursor.as_deref())?);
    let events = state.store.audit_before(before, limit as u64 + 1).await?;
    let page = Page::of(events, limit, |event: &AuditEvent| event.seq.to_string());
    Ok(Json(page.map(EventShown::from)))
}
