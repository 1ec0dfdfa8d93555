//! Who looks after which school, which school helps which, and under which contract?

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_store::{AccountId, Authorship};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::people::{Ending, Given};
use super::wire::{At, Body, Parcel, reason, told, unfit};
use crate::clock;
use crate::usecases::assignments::{
    CAPACITY_MAX, Contract, Mentoring, Profile, load, note_curator, note_mentor_school,
};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::assignments::{
    Desk, Pair, contract_file, end_curator, end_mentoring, give_curator, give_mentor, keep_contract,
    typed_contract,
};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(curators, assign_curator))
        .routes(routes!(end_assignment))
        .routes(routes!(note_possible_curator))
        .routes(routes!(mentors, assign_mentor_school))
        .routes(routes!(end_mentor_school))
        .routes(routes!(note_possible_mentor))
        .routes(routes!(mentor_contract))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(add_mentor_contract))
}

/// Curators of schools.
#[derive(Serialize, ToSchema)]
pub(super) struct Curators {
    /// Who looks after which school, by the alphabet of schools; ended ones, too.
    assignments: Vec<Curating>,
    /// Those who may be curators, with the room they have left.
    candidates: Vec<Candidate>,
    /// Schools of the programme without a curator.
    without_curator: Vec<u32>,
}

/// A school and its curator.
#[derive(Serialize, ToSchema)]
pub(super) struct Curating {
    /// Number of the grant.
    grant: i64,
    school: u32,
    school_name: String,
    /// Number of the account; nothing where the person is not known here.
    account: Option<i64>,
    name: String,
    from: Date,
    /// Last day; without one it holds on.
    until: Option<Date>,
    reason: String,
}

/// Somebody who may be a curator, or a school that may be a mentor.
#[derive(Serialize, ToSchema)]
pub(super) struct Candidate {
    /// Number of the account or of the school.
    id: i64,
    name: String,
    /// The school where the curator works.
    works_at: Option<u32>,
    /// In what strong: `subject/…`, `risk/…`.
    strengths: Vec<String>,
    /// How many schools at most.
    capacity: u32,
    /// How many schools today.
    schools: usize,
}

#[utoipa::path(get, path = "/api/v1/assignments", tag = "Кураторы и наставники", summary = "Кураторы школ своего места: назначения, возможные кураторы, школы без куратора",
    responses((status = 200, description = "Кураторы", body = Curators)))]
pub(super) async fn curators(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Curators>, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let assignments = desk.curating(&actor).filter_map(|held| {
        let Place::School(school) = held.grant.place else { return None };
        Some(Curating {
            grant: held.id.0,
            school: school.0,
            school_name: desk.school(school),
            account: desk.knows(held.account).then_some(held.account.0),
            name: desk.person(held.account),
            from: held.grant.from,
            until: held.grant.until,
            reason: held.reason.clone(),
        })
    });
    let candidates = desk.candidates().into_iter().map(|account| {
        let profile = desk.support.curators.get(&account).cloned().unwrap_or_default();
        Candidate {
            id: account.0,
            name: desk.person(account),
            works_at: desk.home(account, actor.today).map(|home| home.0),
            strengths: profile.strengths.into_iter().collect(),
            capacity: profile.capacity,
            schools: load(account, &desk.grants, actor.today),
        }
    });
    let without = desk.without_curator(&actor).into_iter().map(|school| school.0);
    Ok(Json(Curators {
        assignments: assignments.collect(),
        candidates: candidates.collect(),
        without_curator: without.collect(),
    }))
}

/// A curator to assign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCurator {
    school: u32,
    /// Number of the account: one of the candidates.
    account: i64,
    /// First day; today without.
    #[serde(default)]
    from: Option<Date>,
    /// Last day.
    #[serde(default)]
    until: Option<Date>,
    /// The order it rests on.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/assignments", tag = "Кураторы и наставники", summary = "Назначить школе куратора",
    request_body = NewCurator, responses((status = 201, description = "Назначен", body = Given)))]
pub(super) async fn assign_curator(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewCurator>,
) -> Result<Response, WebError> {
    let school = known_school(&actor, new.school)?;
    let desk = Desk::read(&state, &actor).await?;
    let pair = Pair { school, account: AccountId(new.account) };
    let days = (new.from.unwrap_or(actor.today), new.until);
    let given = give_curator(&state, &actor, &desk, &pair, days, new.reason.trim()).await?;
    match given {
        Ok(grant) => Ok((StatusCode::CREATED, Json(Given { grant: grant.0 })).into_response()),
        Err(why) => Err(told(StatusCode::UNPROCESSABLE_ENTITY, &why)),
    }
}

/// A school of the registry inside the own places.
pub(super) fn known_school(actor: &Actor, id: u32) -> Result<OrganisationId, WebError> {
    let school = OrganisationId(id);
    actor.require(Right::Assign, Place::School(school))?;
    if actor.registry.get(school).is_none() {
        return Err(unfit("Такой школы нет в реестре", "Возьмите номер из списка организаций."));
    }
    Ok(school)
}

#[utoipa::path(post, path = "/api/v1/assignments/{grant}/end", tag = "Кураторы и наставники", summary = "Завершить назначение куратора",
    params(("grant" = i64, Path, description = "Номер назначения")), request_body = Ending,
    responses((status = 204, description = "Завершено")))]
pub(super) async fn end_assignment(
    State(state): State<AppState>,
    actor: Actor,
    At(grant): At<i64>,
    Body(ending): Body<Ending>,
) -> Result<StatusCode, WebError> {
    end_curator(&state, &actor, grant, ending.last_day, reason(&ending.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is known of somebody who may support schools. Distances have an operation of their own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProfile {
    /// The school where the curator works; of a mentor school it is left out.
    #[serde(default)]
    works_at: Option<u32>,
    /// In what strong: `subject/…`, `risk/…`.
    #[serde(default)]
    #[schema(max_items = 200)]
    strengths: Vec<String>,
    /// How many schools at most.
    #[schema(minimum = 0, maximum = 50)]
    capacity: u32,
}

impl NewProfile {
    fn read(self, desk: &Desk, works_at: Option<OrganisationId>) -> Result<Profile, WebError> {
        if self.capacity > CAPACITY_MAX {
            return Err(unfit("Столько школ один человек или школа не возьмёт", "Нужно число от 0 до 50."));
        }
        let known = desk.all_fields();
        let is_known = |word: &String| known.iter().any(|(own, _)| own == word);
        if !self.strengths.iter().all(is_known) {
            let mend = "Нужны слова вида subject/… из словаря предметов и risk/… из словаря факторов риска.";
            return Err(unfit("Сильная сторона не понята", mend));
        }
        Ok(Profile { works_at, strengths: self.strengths.into_iter().collect(), capacity: self.capacity })
    }
}

#[utoipa::path(put, path = "/api/v1/assignments/curators/{id}", tag = "Кураторы и наставники", summary = "Отметить возможного куратора: где работает, в чём силён, скольких школ",
    params(("id" = i64, Path, description = "Номер учётной записи")), request_body = NewProfile,
    responses((status = 204, description = "Записано")))]
pub(super) async fn note_possible_curator(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewProfile>,
) -> Result<StatusCode, WebError> {
    state.store.account(AccountId(id)).await?;
    let desk = Desk::read(&state, &actor).await?;
    if !desk.knows(AccountId(id)) {
        return Err(refused());
    }
    let home = new.works_at.map(OrganisationId);
    if home.is_some_and(|home| actor.registry.get(home).is_none()) {
        return Err(unfit("Такой школы нет в реестре", "Возьмите номер из списка организаций."));
    }
    let profile = new.read(&desk, home)?;
    let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
    note_curator(&state.store, AccountId(id), &profile, &[], actor.account(), &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mentor schools.
#[derive(Serialize, ToSchema)]
pub(super) struct Mentors {
    /// Which school helps which; ended ones, too.
    assignments: Vec<MentoringShown>,
    /// Schools that may be mentors.
    candidates: Vec<Candidate>,
}

/// A school and its mentor school.
#[derive(Serialize, ToSchema)]
pub(super) struct MentoringShown {
    id: i64,
    /// The school that is helped.
    school: u32,
    school_name: String,
    /// The school that helps.
    mentor: u32,
    mentor_name: String,
    from: Date,
    until: Option<Date>,
    reasons: Vec<String>,
    /// Who agreed.
    agreed_by: String,
    contracts: Vec<ContractShown>,
}

/// A partner contract.
#[derive(Serialize, ToSchema)]
pub(super) struct ContractShown {
    number: String,
    signed: Date,
    text: String,
    /// Name of its file.
    file: Option<String>,
    file_sha256: Option<String>,
}

impl From<&Contract> for ContractShown {
    fn from(contract: &Contract) -> Self {
        Self {
            number: contract.number.clone(),
            signed: contract.signed,
            text: contract.text.clone(),
            file: contract.file.as_ref().map(|file| file.name.clone()),
            file_sha256: contract.file.as_ref().map(|file| file.sha256.clone()),
        }
    }
}

fn mentoring_shown(desk: &Desk, own: &Mentoring) -> MentoringShown {
    MentoringShown {
        id: own.id.0,
        school: own.school.0,
        school_name: desk.school(own.school),
        mentor: own.mentor.0,
        mentor_name: desk.school(own.mentor),
        from: own.from,
        until: own.until,
        reasons: own.reasons.iter().filter(|reason| !reason.is_empty()).cloned().collect(),
        agreed_by: own.who.clone(),
        contracts: own.contracts.iter().map(ContractShown::from).collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/assignments/mentors", tag = "Кураторы и наставники", summary = "Школы-наставники своего места с договорами",
    responses((status = 200, description = "Школы-наставники", body = Mentors)))]
pub(super) async fn mentors(State(state): State<AppState>, actor: Actor) -> Result<Json<Mentors>, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let mine = |own: &&Mentoring| actor.may(Right::Assign, Place::School(own.school));
    let noted = desk.by_name(desk.support.mentor_schools.keys().copied());
    let candidate = |school: OrganisationId| {
        let profile = desk.support.mentor_schools.get(&school).cloned().unwrap_or_default();
        Candidate {
            id: i64::from(school.0),
            name: desk.school(school),
            works_at: None,
            strengths: profile.strengths.into_iter().collect(),
            capacity: profile.capacity,
            schools: desk.support.load(school, actor.today),
        }
    };
    Ok(Json(Mentors {
        assignments: desk
            .support
            .mentorings
            .iter()
            .filter(mine)
            .map(|own| mentoring_shown(&desk, own))
            .collect(),
        candidates: noted.into_iter().map(candidate).collect(),
    }))
}

/// A mentor school to assign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMentor {
    /// The school that is helped.
    school: u32,
    /// The school that helps: one of the candidates.
    mentor: u32,
    /// First day; today without.
    #[serde(default)]
    from: Option<Date>,
    /// Last day.
    #[serde(default)]
    until: Option<Date>,
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/assignments/mentors", tag = "Кураторы и наставники", summary = "Назначить школе школу-наставника",
    request_body = NewMentor, responses((status = 201, description = "Назначена", body = MentoringShown)))]
pub(super) async fn assign_mentor_school(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewMentor>,
) -> Result<Response, WebError> {
    let (school, mentor) = (known_school(&actor, new.school)?, OrganisationId(new.mentor));
    let desk = Desk::read(&state, &actor).await?;
    let wanted = (school, mentor, new.from.unwrap_or(actor.today), new.until);
    if let Err(why) = give_mentor(&state, &actor, &desk, wanted, new.reason.trim()).await? {
        return Err(told(StatusCode::UNPROCESSABLE_ENTITY, &why));
    }
    let desk = Desk::read(&state, &actor).await?;
    let same = |own: &&Mentoring| own.school == school && own.mentor == mentor;
    let made = desk.support.mentorings.iter().rev().find(same);
    let made = made.ok_or_else(|| WebError::not_found("Такого назначения наставника нет"))?;
    Ok((StatusCode::CREATED, Json(mentoring_shown(&desk, made))).into_response())
}

#[utoipa::path(post, path = "/api/v1/assignments/mentors/{id}/end", tag = "Кураторы и наставники", summary = "Завершить помощь школы-наставника",
    params(("id" = i64, Path, description = "Номер назначения")), request_body = Ending,
    responses((status = 204, description = "Завершено")))]
pub(super) async fn end_mentor_school(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(ending): Body<Ending>,
) -> Result<StatusCode, WebError> {
    end_mentoring(&state, &actor, id, ending.last_day, reason(&ending.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(put, path = "/api/v1/assignments/mentors/schools/{id}", tag = "Кураторы и наставники", summary = "Отметить школу, которая может быть наставником",
    params(("id" = u32, Path, description = "Номер школы")), request_body = NewProfile,
    responses((status = 204, description = "Записано")))]
pub(super) async fn note_possible_mentor(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Body(new): Body<NewProfile>,
) -> Result<StatusCode, WebError> {
    let school = known_school(&actor, id)?;
    let desk = Desk::read(&state, &actor).await?;
    let profile = new.read(&desk, Some(school))?;
    let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
    note_mentor_school(&state.store, school, &profile, &[], actor.account(), &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A contract.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct ContractForm {
    number: String,
    /// The day it was signed.
    #[schema(value_type = String, format = Date)]
    signed: Date,
    /// What it is about.
    text: Option<String>,
    /// The contract itself, at most 20 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Option<Vec<u8>>,
}

#[utoipa::path(post, path = "/api/v1/assignments/mentors/{id}/contracts", tag = "Кураторы и наставники", summary = "Добавить договор о наставничестве",
    params(("id" = i64, Path, description = "Номер назначения")),
    request_body(content = ContractForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Добавлен", body = MentoringShown)))]
pub(super) async fn add_mentor_contract(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let gone = || WebError::not_found("Такого назначения наставника нет");
    let desk = Desk::read(&state, &actor).await?;
    let own = desk.support.mentoring(id).ok_or_else(gone)?;
    actor.require(Right::Assign, Place::School(own.school))?;
    if let Err(why) = keep_contract(&state, &actor, own, typed_contract(parts).await?).await? {
        return Err(told(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    let desk = Desk::read(&state, &actor).await?;
    let own = desk.support.mentoring(id).ok_or_else(gone)?;
    Ok((StatusCode::CREATED, Json(mentoring_shown(&desk, own))).into_response())
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/mentors/{sha256}", tag = "Кураторы и наставники", summary = "Файл договора о наставничестве: школы, которой помогают, или той, что помогает",
    params(("id" = u32, Path, description = "Номер школы"), ("sha256" = String, Path, description = "SHA-256 файла")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn mentor_contract(
    State(state): State<AppState>,
    At(path): At<(u32, String)>,
) -> Result<Response, WebError> {
    contract_file(State(state), Path(path)).await
}
