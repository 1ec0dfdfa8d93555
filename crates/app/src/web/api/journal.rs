//! What was done, by whom and when?

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use opora_access::{Place, Right};
use opora_store::AuditEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, Page, cursor, limit};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::journal::part;
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
    description = "Кто отвечает за всю установку, читает весь журнал; остальные — записи о своём месте. На странице части журнала записей может быть меньше, чем limit: читайте дальше, пока next не станет null.",
    responses((status = 200, description = "Страница журнала", body = Page<EventShown>)))]
pub(super) async fn journal(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<EventsAsked>,
) -> Result<Json<Page<EventShown>>, WebError> {
    let (limit, before) = (limit(asked.limit)?, cursor(asked.cursor.as_deref())?);
    if !actor.may(Right::SeeJournal, Place::Installation) {
        let part = part(&state, &actor, before, limit).await?;
        let events = part.events.into_iter().map(EventShown::from).collect();
        return Ok(Json(Page::before(events, part.before.map(|seq| seq.to_string()))));
    }
    let events = state.store.audit_before(before, limit as u64 + 1).await?;
    let page = Page::of(events, limit, |event: &AuditEvent| event.seq.to_string());
    Ok(Json(page.map(EventShown::from)))
}
