//! What did the person tell about a time of an activity?

use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use opora_store::Authorship;

use super::{Case, Wanted, work_page};
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
    let gone = || WebError::not_found("Такого срока в плане нет");
    let occurrence = told.key().ok_or_else(gone)?;
    let (deed, party) = told.deed(&case.people, &case.performers)?;
    if !case.sides_of(&actor, occurrence).contains(&party) {
        return Err(refused());
    }
    told.check_file(&state).await?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    told.keep_file(&state, &deed, &by).await?;
    let fact = fact(occurrence, deed, party, &actor, now);
    let required = required(case.of.order(), occurrence);
    match case.of.execution.act(&state.store, told.known, &required, &fact, actor.account(), &by).await {
        Ok(()) => {
            let anchor = told.occurrence.replace(['/', '.'], "-");
            Ok(Redirect::to(&format!("/plans/{id}/work#o-{anchor}")).into_response())
        }
        Err(NotRecorded::Refused(refusal)) => {
            let page = work_page(&ui, &actor, &case, &wanted, Some(&refusal.message));
            Ok((status_of(&refusal), page).into_response())
        }
        Err(NotRecorded::Unknown) => Err(gone()),
        Err(NotRecorded::Store(error)) => Err(error.into()),
    }
}
