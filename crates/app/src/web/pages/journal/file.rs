//! How does the journal leave as a file?

use axum::extract::{Path, State};
use axum::response::Response;
use opora_access::{Place, Right};
use opora_store::AuditEvent;

use super::part;
use super::told::{Names, action_words};
use crate::usecases::results::tables::Plain;
use crate::web::actor::Actor;
use crate::web::download::{FileForm, table};
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// Most events of a file, the newest: a workbook of more opens in no office.
const EVENTS_MAX: usize = 100_000;
/// Events read at a time.
const BATCH: u64 = 5_000;

/// `GET /journal/files/{file}`: what the reader may see of the journal, the newest first, with the codes and the prints by
/// which it is compared with the page and with `opora audit verify`.
pub async fn file(
    State(state): State<AppState>,
    actor: Actor,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    if name != "journal" {
        return Err(WebError::not_found("Такого списка нет"));
    }
    let names = Names::read(&state, &actor).await?;
    let events = events(&state, &actor).await?;
    table(form, "Журнал действий", "Источник: «Опора»", plain(&events, &names)).await
}

async fn events(state: &AppState, actor: &Actor) -> Result<Vec<AuditEvent>, WebError> {
    let whole = actor.may(Right::SeeJournal, Place::Installation);
    let mut events: Vec<AuditEvent> = Vec::new();
    let mut before = None;
    while events.len() < EVENTS_MAX {
        let next = if whole {
            let batch = state.store.audit_before(before, BATCH).await?;
            before = batch.last().map(|event| event.seq);
            events.extend(batch);
            before
        } else {
            let found = part(state, actor, before, EVENTS_MAX - events.len()).await?;
            events.extend(found.events);
            found.before
        };
        before = next;
        if before.is_none() {
            break;
        }
    }
    events.truncate(EVENTS_MAX);
    Ok(events)
}

fn plain(events: &[AuditEvent], names: &Names) -> Plain {
    let heads = [
        "№",
        "Когда (UTC)",
        "Кто",
        "Что сделано",
        "С чем",
        "Подробности",
        "Код действия",
        "Код предмета",
        "Отпечаток",
    ];
    let rows = events.iter().map(|event| {
        vec![
            event.seq.to_string(),
            event.at.to_string(),
            event.who.clone(),
            action_words(&event.action).to_owned(),
            names.object(event).0,
            event.details.to_string(),
            event.action.clone(),
            event.object.clone(),
            event.hash.clone(),
        ]
    });
    (heads.map(str::to_owned).to_vec(), rows.collect())
}
