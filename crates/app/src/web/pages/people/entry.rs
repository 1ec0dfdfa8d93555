//! How is somebody let in anew, kept out, or freed of a second step that can't be done any more?

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use opora_store::{Authorship, LinkKind, StoreError};
use serde::Deserialize;

use super::{invited, one, require_all};
use crate::clock;
use crate::usecases::people::{NO_RANDOMNESS, new_link, turn_second_factor_off};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// `POST /people/{id}/link`.
pub async fn link(
    ui: Ui,
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let (account, grants) = one(&state, &actor, id).await?;
    require_all(&actor, &grants)?;
    let by = Authorship {
        who: actor.name(), reason: "новая ссылка для выбора пароля", at: clock::now()
    };
    let token = new_link(&state.store, account.id, LinkKind::Invitation, &by).await?;
    let token = token.ok_or_else(|| WebError::internal(NO_RANDOMNESS))?;
    Ok(invited(&ui, &state, &account, origin.as_deref(), token.as_str(), false))
}

/// Whether the account may be used.
#[derive(Deserialize)]
pub struct Opening {
    open: String,
    #[serde(default)]
    reason: String,
}

/// `POST /people/{id}/open`: closes the account, which ends its sessions, or opens it again.
pub async fn set_open(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(opening): Form<Opening>,
) -> Result<Redirect, WebError> {
    open_account(&state, &actor, id, opening.open == "yes", opening.reason.trim()).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}

/// Closes an account, which ends its sessions, or opens it again.
pub async fn open_account(
    state: &AppState,
    actor: &Actor,
    id: i64,
    open: bool,
    reason: &str,
) -> Result<(), WebError> {
    let (account, grants) = one(state, actor, id).await?;
    require_all(actor, &grants)?;
    if actor.account() == Some(account.id) {
        return Err(WebError::bad_request(
            "Себя закрыть нельзя",
            "Попросите об этом того, кто даёт роли вам.",
        ));
    }
    let by = Authorship { who: actor.name(), reason, at: clock::now() };
    state.store.set_account_open(account.id, open, &by).await?;
    if !open {
        state.store.end_sessions(account.id).await?;
    }
    Ok(())
}

/// Why the second step is taken away.
#[derive(Deserialize)]
pub struct Resetting {
    #[serde(default)]
    reason: String,
}

/// `POST /people/{id}/second-factor`: takes the second step away from somebody who can't do it any more.
pub async fn reset_second_factor(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(resetting): Form<Resetting>,
) -> Result<Redirect, WebError> {
    let (account, grants) = one(&state, &actor, id).await?;
    require_all(&actor, &grants)?;
    if actor.account() == Some(account.id) {
        return Err(WebError::bad_request(
            "Свой второй шаг сбросить отсюда нельзя",
            "Выключите его паролем на странице «Учётная запись».",
        ));
    }
    if resetting.reason.trim().is_empty() {
        return Err(StoreError::ReasonMissing.into());
    }
    let by = Authorship { who: actor.name(), reason: resetting.reason.trim(), at: clock::now() };
    turn_second_factor_off(&state.store, &account, &by).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}
