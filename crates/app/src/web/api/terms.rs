//! By when are self-diagnoses to be submitted, and how do answers go over to a newer questionnaire?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_diagnosis::Migration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::diagnosis::{Diagnosis, YearAsked, shown};
use super::wire::{Asked, At, Body, told};
use crate::usecases::diagnosis::{Saving, carry_over, newer};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::{View, person, set_term_for, terms_of, visible_terms};
use crate::web::pages::people::place_name;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(terms, set_term)).routes(routes!(carry_answers))
}

/// By when the schools of a place are asked to submit.
#[derive(Serialize, ToSchema)]
pub(super) struct TermShown {
    /// `all`, `node/11`, `school/5`.
    place: String,
    name: String,
    /// Last day.
    until: Date,
}

async fn all(state: &AppState, actor: &Actor, year: i16) -> Result<Json<Vec<TermShown>>, WebError> {
    let set = visible_terms(actor, &terms_of(state, year).await?);
    let term = |(place, until): (opora_access::Place, Date)| TermShown {
        place: place.code(),
        name: place_name(place, &actor.registry),
        until,
    };
    Ok(Json(set.into_iter().map(term).collect()))
}

#[utoipa::path(get, path = "/api/v1/diagnoses/terms", tag = "Самодиагностика", summary = "До какого дня школы отправляют самодиагностику: сроки, которые касаются человека",
    params(YearAsked), responses((status = 200, description = "Сроки", body = Vec<TermShown>)))]
pub(super) async fn terms(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<Vec<TermShown>>, WebError> {
    all(&state, &actor, asked.year(actor.today)?).await
}

/// A last day to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTerm {
    /// `all`, `node/11`, `school/5`. For a school the day of the narrowest place counts.
    #[schema(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: String,
    /// Last day; `null` takes back the one that was set.
    #[schema(required = true)]
    until: Option<Date>,
}

#[utoipa::path(put, path = "/api/v1/diagnoses/terms", tag = "Самодиагностика", summary = "Назначить месту срок самодиагностики или убрать его",
    params(YearAsked), request_body = NewTerm, responses((status = 200, description = "Сроки, как они стоят теперь", body = Vec<TermShown>)))]
pub(super) async fn set_term(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewTerm>,
) -> Result<Json<Vec<TermShown>>, WebError> {
    let year = asked.year(actor.today)?;
    set_term_for(&state, &actor, year, &new.place, new.until).await?;
    all(&state, &actor, year).await
}

/// A newer version of the questionnaire, and what would become of the answers.
#[derive(Serialize, ToSchema)]
pub(super) struct NewerShown {
    /// The version: the value to carry over with.
    version: u32,
    /// Questions whose answers go over, by their new names.
    kept: Vec<String>,
    /// Of them, those that are worded otherwise now: worth a second look.
    reworded: Vec<String>,
    /// What does not go over. It stays in the history.
    dropped: Vec<DroppedShown>,
    /// Questions that still need an answer then.
    unanswered: Vec<String>,
}

/// An answer that does not go over.
#[derive(Serialize, ToSchema)]
pub(super) struct DroppedShown {
    /// The question by its old name.
    question: String,
    text: String,
    answer: String,
    why: String,
}

impl NewerShown {
    /// Nothing where there is no newer version, or the caller does not write the answers.
    pub(super) fn of(view: &View) -> Option<Self> {
        let made: Migration = newer(&view.papers, &view.book, view.today).filter(|_| view.writes)?;
        let version = version_of(view)?;
        let dropped = made.dropped.into_iter().map(|own| DroppedShown {
            question: own.question,
            text: own.text,
            answer: own.answer,
            why: own.why,
        });
        Some(Self {
            version,
            kept: made.kept,
            reworded: made.reworded,
            dropped: dropped.collect(),
            unanswered: made.unanswered,
        })
    }
}

/// The version of the questionnaire by which the school is asked today.
fn version_of(view: &View) -> Option<u32> {
    view.papers.paper(opora_diagnosis::Audience::Head).map(|paper| paper.questionnaire.version)
}

/// To which version answers are carried over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CarryOver {
    /// `version` of `newer` as it was read: when another one came into force since, the answer is 409.
    version: u32,
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/diagnosis/carry-over", tag = "Самодиагностика", summary = "Перенести ответы школы в новую версию анкеты",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = CarryOver,
    responses((status = 201, description = "Перенесено", body = Diagnosis), (status = 200, description = "Ответы уже в этой версии", body = Diagnosis)))]
pub(super) async fn carry_answers(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<CarryOver>,
) -> Result<Response, WebError> {
    let year = asked.year(actor.today)?;
    let view = View::of(&state, &actor, id, year).await?;
    if view.book.questionnaire.version == new.version {
        return Ok((StatusCode::OK, Json(shown(&view))).into_response());
    }
    let offered = NewerShown::of(&view).map(|newer| newer.version);
    if offered != Some(new.version) {
        let why = "В эту версию анкеты ответы не переносятся. Она не действует, или самодиагностика не начата, на проверке или одобрена. Прочитайте самодиагностику заново: версия стоит в поле newer.";
        return Err(told(StatusCode::CONFLICT, why));
    }
    let to = Saving { store: &state.store, papers: &view.papers, case: view.case };
    carry_over(&to, &person(&actor), actor.today).await?;
    let view = View::of(&state, &actor, id, year).await?;
    Ok((StatusCode::CREATED, Json(shown(&view))).into_response())
}
