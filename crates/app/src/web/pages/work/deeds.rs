//! What did the person tell about a time of an activity?

use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use opora_execution::{Fact, Refusal};
use opora_store::Authorship;

use super::{Again, Case, Wanted, work_page_again};
use crate::clock;
use crate::usecases::execution::{NotRecorded, required};
use crate::web::actor::{Actor, refused};
use crate::web::deeds::{Told, fact, status_of};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// `POST /plans/{id}/work`.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let told = Told::read(parts).await?;
    let case = Case::read(&state, &actor, id).await?;
    let again = |status, message: &str| {
        let again = Again { told: &told, message };
        Ok((status, work_page_again(&ui, &actor, &case, &wanted, &again)).into_response())
    };
    match record(&state, &actor, &case, &told).await {
        Ok(()) => {
            let anchor = told.occurrence.replace(['/', '.'], "-");
            Ok(Redirect::to(&format!("/plans/{id}/work#o-{anchor}")).into_response())
        }
        Err(NotTaken::Refused(refusal)) => again(status_of(&refusal), &refusal.message),
        Err(NotTaken::Error(error)) if error.is_of_a_field() => {
            again(error.status, &format!("{}. {}", error.what, error.mend))
        }
        Err(NotTaken::Error(error)) => Err(error),
    }
}

/// Why nothing is recorded.
enum NotTaken {
    /// By the rules of execution.
    Refused(Refusal),
    /// By what was typed, by the gate or by the store.
    Error(WebError),
}

impl<E: Into<WebError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

async fn record(state: &AppState, actor: &Actor, case: &Case, told: &Told) -> Result<(), NotTaken> {
    let gone = || WebError::not_found("Такого срока в плане нет");
    let occurrence = told.key().ok_or_else(gone)?;
    let (deeds, party) = told.deeds(&case.people, &case.performers)?;
    if !case.sides_of(actor, occurrence).contains(&party) {
        return Err(refused().into());
    }
    told.check_file(state).await?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    told.keep_file(state, &by).await?;
    let facts: Vec<Fact> = deeds.into_iter().map(|deed| fact(occurrence, deed, party, actor, now)).collect();
    let required = required(case.of.order(), occurrence);
    let execution = &case.of.execution;
    match execution.act_in_a_row(&state.store, told.known, &required, &facts, actor.account(), &by).await {
        Ok(()) => Ok(()),
        Err(NotRecorded::Refused(refusal)) => Err(NotTaken::Refused(refusal)),
        Err(NotRecorded::Unknown) => Err(gone().into()),
        Err(NotRecorded::Store(error)) => Err(error.into()),
    }
}
