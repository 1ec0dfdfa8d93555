//! Who works in Opora, in which roles, and how does somebody new get in?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_access::{Grant, Place, Role};
use opora_store::{Account, Authorship, GrantId, HeldGrant, NewAccount, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{At, Body, reason, told, unfit};
use crate::clock;
use crate::usecases::people::{NotInvited, give_role, invite};
use crate::web::actor::{Actor, end_role, refused};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::people::{looked_after, one, open_account};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(people, invite_person))
        .routes(routes!(person))
        .routes(routes!(open_person))
        .routes(routes!(give_person_role))
        .routes(routes!(end_person_role))
}

/// An account.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonShown {
    id: i64,
    login: String,
    name: String,
    mail: String,
    /// It may be used.
    open: bool,
    roles: Vec<RoleShown>,
}

/// A role that was given.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleShown {
    /// Number of the grant.
    grant: i64,
    /// `coordinator`, `school-head` and so on.
    role: &'static str,
    /// `all`, `node/11`, `school/5`.
    place: String,
    from: Date,
    /// Last day; without one it holds on.
    until: Option<Date>,
    reason: String,
}

fn shown(account: &Account, grants: &[HeldGrant]) -> PersonShown {
    let role = |held: &HeldGrant| RoleShown {
        grant: held.id.0,
        role: held.grant.role.code(),
        place: held.grant.place.code(),
        from: held.grant.from,
        until: held.grant.until,
        reason: held.reason.clone(),
    };
    PersonShown {
        id: account.id.0,
        login: account.login.clone(),
        name: account.name.clone(),
        mail: account.mail.clone(),
        open: account.open,
        roles: grants.iter().map(role).collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/people", tag = "Люди", summary = "Учётные записи, за которыми смотрит человек",
    responses((status = 200, description = "Учётные записи", body = Vec<PersonShown>)))]
pub(super) async fn people(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Vec<PersonShown>>, WebError> {
    let people = looked_after(&state, &actor).await?;
    Ok(Json(people.iter().map(|(account, grants)| shown(account, grants)).collect()))
}

#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "Люди", summary = "Учётная запись с ролями, и прежними тоже",
    params(("id" = i64, Path, description = "Номер учётной записи")),
    responses((status = 200, description = "Учётная запись", body = PersonShown)))]
pub(super) async fn person(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<PersonShown>, WebError> {
    let (account, grants) = one(&state, &actor, id).await?;
    Ok(Json(shown(&account, &grants)))
}

/// Whether an account may be used.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    /// Nobody gets in by a closed one: its sessions and tokens end.
    open: bool,
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

#[utoipa::path(put, path = "/api/v1/people/{id}/open", tag = "Люди", summary = "Закрыть учётную запись или открыть её снова",
    params(("id" = i64, Path, description = "Номер учётной записи")), request_body = Opening,
    responses((status = 200, description = "Учётная запись, как она стоит теперь", body = PersonShown)))]
pub(super) async fn open_person(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<Opening>,
) -> Result<Json<PersonShown>, WebError> {
    open_account(&state, &actor, id, new.open, reason(&new.reason)?).await?;
    let (account, grants) = one(&state, &actor, id).await?;
    Ok(Json(shown(&account, &grants)))
}

/// A role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    role: RoleWord,
    /// `all`, `node/11`, `school/5`.
    #[schema(pattern = "^(all|node/[0-9]+|school/[0-9]+)$")]
    place: String,
    /// First day; today without.
    #[serde(default)]
    from: Option<Date>,
    /// Last day.
    #[serde(default)]
    until: Option<Date>,
    /// The order or agreement it rests on.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
}

/// A role.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RoleWord {
    RegionalOperator,
    Coordinator,
    Curator,
    SchoolHead,
    SchoolTeam,
    Methodologist,
    Observer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::RegionalOperator => Self::RegionalOperator,
            RoleWord::Coordinator => Self::Coordinator,
            RoleWord::Curator => Self::Curator,
            RoleWord::SchoolHead => Self::SchoolHead,
            RoleWord::SchoolTeam => Self::SchoolTeam,
            RoleWord::Methodologist => Self::Methodologist,
            RoleWord::Observer => Self::Observer,
        }
    }
}

impl NewRole {
    fn grant(&self, actor: &Actor) -> Result<Grant, WebError> {
        let unknown = || unfit("Место роли не понято", "Нужно all, node/НОМЕР или school/НОМЕР из реестра.");
        let place = Place::of_code(&self.place).ok_or_else(unknown)?;
        let role = Role::from(self.role);
        if !actor.person.may_name(role, place, &actor.registry, actor.today) {
            return Err(refused());
        }
        if !actor.knows(place) {
            return Err(unknown());
        }
        Ok(Grant { role, place, from: self.from.unwrap_or(actor.today), until: self.until })
    }
}

/// A person to invite, with the first role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_length = 3, max_length = 200)]
    login: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    mail: String,
    role: NewRole,
}

/// A person who was invited.
#[derive(Serialize, ToSchema)]
pub(super) struct Invited {
    id: i64,
    /// The link by which the person chooses a password: told once, good for a week.
    link: String,
}

#[utoipa::path(post, path = "/api/v1/people", tag = "Люди", summary = "Завести учётную запись с ролью и получить ссылку-приглашение",
    request_body = NewPerson, responses((status = 201, description = "Заведена", body = Invited, headers(("Location" = String, description = "Адрес учётной записи")))))]
pub(super) async fn invite_person(
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    Body(new): Body<NewPerson>,
) -> Result<Response, WebError> {
    let grant = new.role.grant(&actor)?;
    let by = Authorship { who: actor.name(), reason: new.role.reason.trim(), at: clock::now() };
    let account = NewAccount { login: new.login.trim(), mail: new.mail.trim(), name: new.name.trim() };
    let (id, token) = match invite(&state.store, &account, &grant, &by).await {
        Ok(invited) => invited,
        Err(NotInvited::Field(_, text)) => return Err(told(StatusCode::UNPROCESSABLE_ENTITY, &text)),
        Err(NotInvited::Store(error)) => return Err(error.into()),
    };
    let link = format!("{}/link/{}", origin.unwrap_or_default(), token.as_str());
    let headers = [(LOCATION, format!("/api/v1/people/{}", id.0)), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::CREATED, headers, Json(Invited { id: id.0, link })).into_response())
}

/// The number of a grant.
#[derive(Serialize, ToSchema)]
pub(super) struct Given {
    pub(super) grant: i64,
}

#[utoipa::path(post, path = "/api/v1/people/{id}/roles", tag = "Люди", summary = "Дать роль",
    params(("id" = i64, Path, description = "Номер учётной записи")), request_body = NewRole,
    responses((status = 201, description = "Дана", body = Given)))]
pub(super) async fn give_person_role(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewRole>,
) -> Result<Response, WebError> {
    let (account, _) = one(&state, &actor, id).await?;
    let grant = new.grant(&actor)?;
    let by = Authorship { who: actor.name(), reason: new.reason.trim(), at: clock::now() };
    match give_role(&state.store, account.id, &grant, &by).await {
        Ok(id) => Ok((StatusCode::CREATED, Json(Given { grant: id.0 })).into_response()),
        Err(StoreError::GrantRefused(refused)) => {
            Err(told(StatusCode::UNPROCESSABLE_ENTITY, refused.russian()))
        }
        Err(error) => Err(error.into()),
    }
}

/// When and why a role ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    pub(super) last_day: Date,
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) reason: String,
}

#[utoipa::path(post, path = "/api/v1/people/{id}/roles/{grant}/end", tag = "Люди", summary = "Завершить роль",
    params(("id" = i64, Path, description = "Номер учётной записи"), ("grant" = i64, Path, description = "Номер выданной роли")),
    request_body = Ending, responses((status = 204, description = "Завершена")))]
pub(super) async fn end_person_role(
    State(state): State<AppState>,
    actor: Actor,
    At((id, grant)): At<(i64, i64)>,
    Body(ending): Body<Ending>,
) -> Result<StatusCode, WebError> {
    let (_, grants) = one(&state, &actor, id).await?;
    let held = grants.iter().find(|held| held.id == GrantId(grant));
    let held = held.ok_or_else(|| WebError::from(StoreError::GrantUnknown))?;
    end_role(&state, &actor, held, ending.last_day, reason(&ending.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
