//! Who acts, and what may they do? The gate ([`super::access`]) finds out once; handlers ask here.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::civil::Date;
use opora_access::{Person, Place, Right, Role, contains};
use opora_registry::Registry;
use opora_store::{AccountId, ApiToken, Authorship, HeldGrant, PlanSummary, Session};

use super::errors::WebError;
use super::state::AppState;
use crate::clock;
use crate::usecases::standings::PlanStanding;

/// The name under which everything is recorded as long as nobody has an account.
pub const LOCAL_USER: &str = "Локальный пользователь";

/// The person behind a request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Name and grants.
    pub person: Arc<Person>,
    /// The session of the request; none for the one who works alone.
    pub session: Option<Arc<Session>>,
    /// The token of a program that acts for the person; the gate holds it to its scopes.
    pub token: Option<Arc<ApiToken>>,
    /// The tree of organisations that places lie in.
    pub registry: Arc<Registry>,
    /// The day of the request.
    pub today: Date,
    /// Notices that are not read yet, counted up to a hundred.
    pub unread: u64,
}

impl Actor {
    /// Name as recorded with each action.
    pub fn name(&self) -> &str {
        &self.person.name
    }

    /// Number of the account.
    pub fn account(&self) -> Option<AccountId> {
        self.person.account.map(AccountId)
    }

    /// May the person do this to something of that place?
    pub fn may(&self, right: Right, place: Place) -> bool {
        self.person.may(right, place, &self.registry, self.today)
    }

    /// May the person do this somewhere?
    pub fn may_somewhere(&self, right: Right) -> bool {
        self.person.may_somewhere(right, self.today)
    }

    /// The number by which facts know the person. Who works alone acts on every side, as somebody else on each.
    pub fn number(&self, side: i64) -> i64 {
        self.person.account.unwrap_or(-1 - side)
    }

    /// The registry knows this place.
    pub fn knows(&self, place: Place) -> bool {
        match place {
            Place::Installation => true,
            Place::Node(node) => self.registry.node(node).is_some(),
            Place::School(school) => self.registry.get(school).is_some(),
        }
    }

    /// The roles of the person over something of that place.
    pub fn roles_at(&self, place: Place) -> Vec<Role> {
        self.person.roles_at(place, &self.registry, self.today)
    }

    /// Refuses what the person may not do.
    pub fn require(&self, right: Right, place: Place) -> Result<(), WebError> {
        if self.may(right, place) { Ok(()) } else { Err(refused()) }
    }

    /// The places in which the person holds a right.
    pub fn places(&self, right: Right) -> Vec<Place> {
        self.person.places(right, self.today)
    }

    /// Whether a place lies in one in which the person holds a right. Unlike [`Self::may`], what is shared with those
    /// below does not count: who reads the plan of a municipality does not look after all of it.
    pub fn reaches(&self, right: Right, place: Place) -> bool {
        self.places(right).into_iter().any(|own| contains(own, place, &self.registry))
    }

    /// The widest place in which the person holds a right: what new things belong to, unless the person chooses.
    pub fn own_place(&self, right: Right) -> Option<Place> {
        self.places(right).into_iter().min()
    }

    /// The plans the person may read.
    pub async fn plans(&self, state: &AppState) -> Result<Vec<PlanSummary>, WebError> {
        Ok(self.standings(state).await?.iter().map(|plan| plan.summary.clone()).collect())
    }

    /// How the plans stand that the person may read, the newest first.
    pub async fn standings(&self, state: &AppState) -> Result<Vec<Arc<PlanStanding>>, WebError> {
        let look = state.look(self.today).await?;
        let own = look.plans.iter().filter(|plan| self.may(Right::SeePlans, plan.summary.owner));
        Ok(own.cloned().collect())
    }
}

/// Takes a role back on behalf of a person who may name it. One's own role is ended by somebody else: so nobody locks the
/// installation by a slip of the hand.
pub async fn end_role(
    state: &AppState,
    actor: &Actor,
    held: &HeldGrant,
    last_day: Date,
    reason: &str,
) -> Result<(), WebError> {
    if !actor.person.may_name(held.grant.role, held.grant.place, &actor.registry, actor.today) {
        return Err(refused());
    }
    if actor.account() == Some(held.account) {
        return Err(WebError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Свою роль завершить нельзя",
            "Иначе можно по ошибке остаться без доступа, и вернуть его будет некому.",
            "Попросите другого оператора или координатора.",
        ));
    }
    let by = Authorship { who: actor.name(), reason: reason.trim(), at: clock::now() };
    Ok(state.store.end_role(held.id, last_day, &by).await?)
}

/// What a person reads who asked for something of others.
pub fn refused() -> WebError {
    WebError::new(
        StatusCode::FORBIDDEN,
        "Сюда у вас нет доступа",
        "Ваша роль не даёт этого права, или страница принадлежит другой организации.",
        "Вернитесь на главную. Если доступ нужен для работы, попросите координатора дать роль.",
    )
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let actor = parts.extensions.get::<Self>().cloned();
        // The gate lets nobody through to a handler that asks for an actor and is open to all.
        actor.ok_or_else(|| WebError::internal("Неизвестно, кто обращается к странице."))
    }
}
