//! What is due in a plan, what was done about it, and what is to be recorded?

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use opora_execution::{Account, Deed, Occurrence, OccurrenceKey, StateKind, state_of};
use opora_store::Authorship;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dues::{About, Due, NewDeed, SideWord, Told, passed_to, recorded, side_of};
use super::wire::{Asked, At, Body, Page, bad_cursor, limit, reason, unfit};
use crate::clock;
use crate::usecases::edit::activity;
use crate::usecases::execution::required;
use crate::usecases::support::Known;
use crate::web::actor::Actor;
use crate::web::deeds::fact;
use crate::web::errors::WebError;
use crate::web::pages::work::{AT_ONCE, Case, record_many};
use crate::web::state::AppState;

/// What is told where there is no such time.
pub(super) const GONE: &str = "Такого срока в плане нет";

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(occurrences))
        .routes(routes!(deeds, record_deed))
        .routes(routes!(record_deeds))
        .routes(routes!(plan_people))
}

fn shown(case: &Case, actor: &Actor, occurrence: &Occurrence, account: &Account<'_>) -> Due {
    let activity = activity(case.of.order(), occurrence.key.activity);
    let about = About {
        number: activity.and_then(|activity| activity.number.clone()),
        title: activity.map(|activity| activity.title.clone()).unwrap_or_default(),
        sides: case.sides_towards(actor, account),
        with_people: !case.performers.is_empty(),
        name: &|by| case.name(by),
        today: actor.today,
    };
    Due::of(occurrence, account, about)
}

fn one(case: &Case, actor: &Actor, key: OccurrenceKey) -> Option<Due> {
    let ledger = case.of.execution.ledger();
    let found = ledger.accounts().find(|(occurrence, _)| occurrence.key == key);
    found.map(|(occurrence, account)| shown(case, actor, occurrence, &account))
}

/// Which times of a plan.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueAsked {
    /// Only those in this state.
    #[serde(default)]
    #[param(inline)]
    state: Option<StateWord>,
    /// Only those of this activity.
    #[serde(default)]
    activity: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A state of a time.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum StateWord {
    Late,
    Returned,
    Due,
    Done,
    Ahead,
    Undated,
    Confirmed,
    Cancelled,
}

impl From<StateWord> for StateKind {
    fn from(word: StateWord) -> Self {
        match word {
            StateWord::Late => Self::Late,
            StateWord::Returned => Self::Returned,
            StateWord::Due => Self::Due,
            StateWord::Done => Self::Done,
            StateWord::Ahead => Self::Ahead,
            StateWord::Undated => Self::Undated,
            StateWord::Confirmed => Self::Confirmed,
            StateWord::Cancelled => Self::Cancelled,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/occurrences", tag = "Выполнение", summary = "Сроки плана с состояниями, по мероприятиям",
    params(("id" = i64, Path, description = "Номер плана"), DueAsked),
    responses((status = 200, description = "Страница списка", body = Page<Due>)))]
pub(super) async fn occurrences(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Asked(asked): Asked<DueAsked>,
) -> Result<Json<Page<Due>>, WebError> {
    let limit = limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(|text| OccurrenceKey::parse(text).ok_or_else(bad_cursor));
    let after = after.transpose()?;
    let wanted = asked.state.map(StateKind::from);
    let case = Case::read(&state, &actor, id).await?;
    let ledger = case.of.execution.ledger();
    let mut found: Vec<(&Occurrence, Account<'_>)> = ledger
        .accounts()
        .filter(|(occurrence, account)| {
            let kind = || state_of(occurrence, account, actor.today).kind();
            after.is_none_or(|after| occurrence.key > after)
                && asked.activity.is_none_or(|activity| occurrence.key.activity.0 == activity)
                && wanted.is_none_or(|wanted| kind() == wanted)
        })
        .collect();
    found.sort_by_key(|(occurrence, _)| occurrence.key);
    found.truncate(limit + 1);
    let page = Page::of(found, limit, |(occurrence, _)| occurrence.key.to_string());
    Ok(Json(page.map(|(occurrence, account)| shown(&case, &actor, occurrence, &account))))
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/deeds", tag = "Выполнение", summary = "Все записи о выполнении плана, по порядку",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Записи", body = Vec<Told>)))]
pub(super) async fn deeds(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<Vec<Told>>, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let name = |by: i64| case.name(by);
    Ok(Json(case.of.execution.facts.iter().map(|fact| Told::of(fact, &name)).collect()))
}

/// Somebody who works with a plan.
#[derive(Serialize, ToSchema)]
pub(super) struct Worker {
    /// Number of the account: the value of `person` and of `mentions`.
    account: i64,
    name: String,
    /// `coordinator`, `school-head` and so on.
    role: &'static str,
    /// Work can be passed on to this person.
    performs: bool,
}

/// Those who can be called on, and of them those who can carry on.
pub(super) fn workers(people: &[Known], performers: &[Known]) -> Vec<Worker> {
    let worker = |known: &Known| Worker {
        account: known.account,
        name: known.name.clone(),
        role: known.role.code(),
        performs: performers.iter().any(|own| own.account == known.account),
    };
    people.iter().map(worker).collect()
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/people", tag = "Выполнение", summary = "Кого можно позвать в комментарии и кому передать работу по плану",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Люди по алфавиту", body = Vec<Worker>)))]
pub(super) async fn plan_people(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<Vec<Worker>>, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    Ok(Json(workers(&case.people, &case.performers)))
}

/// Records a deed about a time of a plan. Gives the time as it stands then.
pub(super) async fn record(
    state: &AppState,
    actor: &Actor,
    case: &Case,
    wanted: (OccurrenceKey, usize, Option<SideWord>),
    deed: Deed,
    id: i64,
) -> Result<Response, WebError> {
    let (occurrence, known, side) = wanted;
    let ledger = case.of.execution.ledger();
    let account = ledger.accounts().find(|(own, _)| own.key == occurrence).map(|(_, account)| account);
    let account = account.ok_or_else(|| WebError::not_found(GONE))?;
    let party = side_of(&account, &case.sides_towards(actor, &account), deed.kind(), side)?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    let fact = fact(occurrence, deed, party, actor, now);
    let required = required(case.of.order(), occurrence);
    let done = case.of.execution.act(&state.store, known, &required, &fact, actor.account(), &by).await;
    let status = recorded(done, GONE)?;
    let case = Case::read(state, actor, id).await?;
    let due = one(&case, actor, occurrence).ok_or_else(|| WebError::not_found(GONE))?;
    Ok((status, Json(due)).into_response())
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/deeds", tag = "Выполнение", summary = "Записать о сроке: сделано, подтверждено, возвращено, перенос, передача, комментарий",
    params(("id" = i64, Path, description = "Номер плана")), request_body = NewDeed,
    responses((status = 201, description = "Записано; срок, как он стоит теперь", body = Due), (status = 200, description = "Это уже записано", body = Due)))]
pub(super) async fn record_deed(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewDeed>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let key = OccurrenceKey::parse(&new.occurrence).ok_or_else(|| WebError::not_found(GONE))?;
    let wanted = (key, new.known, new.side);
    let deed = new.deed(&case.people, &case.performers)?;
    record(&state, &actor, &case, wanted, deed, id).await
}

/// The same deed about many times.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManyDeeds {
    deed: ManyWord,
    /// Why they are returned.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
    /// Number of the account to which they are passed on.
    #[serde(default)]
    person: Option<i64>,
    #[schema(min_items = 1, max_items = 200)]
    occurrences: Vec<Picked>,
}

/// What can be done to many at once.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ManyWord {
    Confirm,
    Return,
    Delegate,
}

/// A time that was picked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Picked {
    /// Key of the time.
    occurrence: String,
    /// `known` of the time as it was read.
    known: usize,
}

/// What became of one of many.
#[derive(Serialize, ToSchema)]
pub(super) struct OneOfMany {
    occurrence: String,
    recorded: bool,
    /// Why it was not recorded.
    why: Option<String>,
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/deeds/many", tag = "Выполнение", summary = "Записать одно и то же о многих сроках; каждый проверяется отдельно",
    params(("id" = i64, Path, description = "Номер плана")), request_body = ManyDeeds,
    responses((status = 200, description = "О каждом сроке: записано или почему нет", body = Vec<OneOfMany>)))]
pub(super) async fn record_deeds(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<ManyDeeds>,
) -> Result<Json<Vec<OneOfMany>>, WebError> {
    if new.occurrences.is_empty() || new.occurrences.len() > AT_ONCE {
        return Err(unfit("Сроков слишком мало или слишком много", "За один раз записывают от 1 до 200."));
    }
    let mut picked = Vec::new();
    for own in &new.occurrences {
        let key = OccurrenceKey::parse(&own.occurrence).ok_or_else(|| WebError::not_found(GONE))?;
        picked.push((own.known, key));
    }
    let case = Case::read(&state, &actor, id).await?;
    let deed = match new.deed {
        ManyWord::Confirm => Deed::Confirmed,
        ManyWord::Return => Deed::ReturnedForRework { reason: reason(&new.reason)?.to_owned() },
        ManyWord::Delegate => Deed::Delegated { to: passed_to(new.person, &case.performers)? },
    };
    let lines = record_many(&state, &actor, case, &picked, &deed).await?;
    let told = lines.into_iter().map(|(key, why)| OneOfMany {
        occurrence: key.to_string(),
        recorded: why.is_none(),
        why,
    });
    Ok(Json(told.collect()))
}
