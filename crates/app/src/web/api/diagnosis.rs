//! What does a school say of itself, who agreed to it, and which risks follow?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_approval::{Action, Party};
use opora_diagnosis::{Question, read_answer, visible, write_answer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agreement::{ActionWord, NewAct, Stand, status_of};
use super::questions::AnswerForm;
use super::terms::NewerShown;
use super::wire::{Asked, At, Body, told, unfit};
use crate::usecases::diagnosis::{Acted, NotSaved, Saving, TextEdit, Wanted, act, closed_for_writing, save};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::{View, board_rows, person};
use crate::web::state::AppState;

/// Most answers of one request.
const ANSWERS_MAX: usize = 500;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(diagnoses))
        .routes(routes!(diagnosis, answer_diagnosis))
        .routes(routes!(submit_diagnosis))
        .routes(routes!(review_diagnosis))
}

/// Which year.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct YearAsked {
    /// The year of the diagnosis; this one without.
    #[serde(default)]
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i16>,
}

impl YearAsked {
    pub(super) fn year(&self, today: Date) -> Result<i16, WebError> {
        let year = self.year.unwrap_or(today.year());
        if (2000..=2100).contains(&year) {
            return Ok(year);
        }
        Err(WebError::bad_request("Год не подходит", "Нужен год от 2000 до 2100."))
    }
}

/// A school on the board of diagnoses.
#[derive(Serialize, ToSchema)]
pub(super) struct Begun {
    school: u32,
    name: String,
    /// Name of the municipality.
    municipality: String,
    /// Where it stands; nothing where it was not begun.
    stand: Option<Stand>,
    required: Option<usize>,
    required_answered: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/diagnoses", tag = "Самодиагностика", summary = "Самодиагностика школ программы за год, по алфавиту",
    params(YearAsked), responses((status = 200, description = "Школы", body = Vec<Begun>)))]
pub(super) async fn diagnoses(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<Vec<Begun>>, WebError> {
    let rows = board_rows(&state, &actor, asked.year(actor.today)?).await?;
    let begun = rows.into_iter().map(|row| Begun {
        school: row.school.0,
        name: row.name,
        municipality: row.place,
        stand: row.shelved.as_ref().map(|shelved| Stand::from(&shelved.standing)),
        required: row.shelved.as_ref().map(|shelved| shelved.progress.required),
        required_answered: row.shelved.as_ref().map(|shelved| shelved.progress.required_answered),
    });
    Ok(Json(begun.collect()))
}

/// The self-diagnosis of a school in a year.
#[derive(Serialize, ToSchema)]
pub(super) struct Diagnosis {
    school: u32,
    year: i16,
    /// Name and version of the questionnaire.
    questionnaire: String,
    questionnaire_version: u32,
    /// Hash of the answers: what an act is about.
    content_sha256: String,
    stand: Stand,
    /// Why answers can't be written now; nothing where they can.
    closed: Option<&'static str>,
    /// What the caller may do now.
    possible: Vec<&'static str>,
    /// A newer version of the questionnaire to which the answers can be carried over.
    newer: Option<NewerShown>,
    questions: Vec<Asks>,
}

/// A question with its answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Asks {
    id: String,
    /// Title of the section.
    section: String,
    text: String,
    #[serde(flatten)]
    form: AnswerForm,
    required: bool,
    /// It is asked, given the other answers.
    asked: bool,
    /// The answer as text; empty where there is none.
    answer: String,
    /// Revision of the answer: the value of `base` for the next one.
    base: u64,
}

pub(super) fn shown(view: &View) -> Diagnosis {
    let book = &view.book;
    let answers = book.answers();
    let seen = visible(&book.questionnaire, &answers);
    let question = |section: &str, question: &Question| Asks {
        id: question.id.clone(),
        section: section.to_owned(),
        text: question.text.clone(),
        form: AnswerForm::of(question),
        required: question.required,
        asked: seen.contains(question.id.as_str()),
        answer: answers.get(&question.id).map(write_answer).unwrap_or_default(),
        base: book.saved.fields.get(&question.id).map_or(0, |field| field.revision),
    };
    Diagnosis {
        school: view.case.school.0,
        year: view.case.year,
        questionnaire: book.questionnaire.id.clone(),
        questionnaire_version: book.questionnaire.version,
        content_sha256: book.sha256().to_owned(),
        stand: Stand::from(&view.standing),
        closed: closed_for_writing(view.standing.state),
        possible: view.permitted().into_iter().map(Action::word).collect(),
        newer: NewerShown::of(view),
        questions: book
            .questionnaire
            .questions()
            .map(|(section, own)| question(&section.title, own))
            .collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/diagnosis", tag = "Самодиагностика", summary = "Самодиагностика школы: вопросы, ответы, состояние",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked),
    responses((status = 200, description = "Самодиагностика", body = Diagnosis)))]
pub(super) async fn diagnosis(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<Diagnosis>, WebError> {
    Ok(Json(shown(&View::of(&state, &actor, id, asked.year(actor.today)?).await?)))
}

/// Answers to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnswers {
    #[schema(max_items = 500)]
    answers: Vec<NewAnswer>,
}

/// An answer to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAnswer {
    question: String,
    /// The answer as text, in the form in which it is read; empty takes it back.
    text: String,
    /// `base` of the question as it was read.
    base: u64,
}

/// What came of it. What was not kept is told, nothing is lost silently.
#[derive(Serialize, ToSchema)]
pub(super) struct Kept {
    /// How many answers were written.
    saved: usize,
    /// Questions that somebody else has answered otherwise since.
    conflicts: Vec<Conflicting>,
    /// Texts that are no answers.
    unread: Vec<Unread>,
    /// Hash of the answers as they are now.
    content_sha256: String,
}

/// A question that was changed meanwhile.
#[derive(Serialize, ToSchema)]
pub(super) struct Conflicting {
    question: String,
    /// What is kept.
    kept: String,
    /// `base` to name when the choice is made.
    base: u64,
}

/// A text that is no answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Unread {
    question: String,
    what: String,
    mend: String,
}

#[utoipa::path(patch, path = "/api/v1/schools/{id}/diagnosis", tag = "Самодиагностика", summary = "Записать ответы на вопросы анкеты",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = NewAnswers,
    responses((status = 200, description = "Что записано, а что нет", body = Kept)))]
pub(super) async fn answer_diagnosis(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewAnswers>,
) -> Result<Json<Kept>, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)?).await?;
    if new.answers.len() > ANSWERS_MAX {
        return Err(unfit("Слишком много ответов", "За один раз принимается не больше 500."));
    }
    let unknown = new.answers.iter().find(|own| view.book.questionnaire.question(&own.question).is_none());
    if let Some(unknown) = unknown {
        let what =
            format!("Вопроса «{}» в анкете нет", unknown.question.chars().take(60).collect::<String>());
        return Err(unfit(&what, "Возьмите id вопросов из анкеты."));
    }
    let edits = new.answers.into_iter().filter(|own| {
        let was = view.book.answers().get(&own.question).cloned();
        let question = view.book.questionnaire.question(&own.question);
        question.is_none_or(|question| read_answer(question, &own.text).ok() != Some(was))
    });
    let edit = |own: NewAnswer| TextEdit { question: own.question, text: own.text, base: own.base };
    let edits: Vec<TextEdit> = edits.map(edit).collect();
    let to = Saving { store: &state.store, papers: &view.papers, case: view.case };
    let saved = match save(&to, &edits, &person(&actor)).await {
        Ok(saved) => saved,
        Err(NotSaved::Store(error)) => return Err(error.into()),
        Err(NotSaved::Closed(why)) => return Err(told(StatusCode::CONFLICT, why)),
    };
    let conflict = |conflict: &opora_diagnosis::Conflict| Conflicting {
        question: conflict.question.clone(),
        kept: conflict.kept.as_ref().map(write_answer).unwrap_or_default(),
        base: conflict.revision,
    };
    let unread = |problem: opora_diagnosis::Problem| Unread {
        question: problem.question,
        what: problem.what,
        mend: problem.mend,
    };
    Ok(Json(Kept {
        saved: saved.saved,
        conflicts: saved.conflicts.iter().map(conflict).collect(),
        content_sha256: saved.book.sha256().to_owned(),
        unread: saved.unread.into_iter().map(unread).collect(),
    }))
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/diagnosis/submit", tag = "Самодиагностика", summary = "Действия школы: отправить, отозвать, ответить на замечание",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = NewAct,
    responses((status = 201, description = "Записано", body = Diagnosis), (status = 200, description = "Это уже сделано", body = Diagnosis)))]
pub(super) async fn submit_diagnosis(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewAct>,
) -> Result<Response, WebError> {
    step(&state, &actor, (id, asked.year(actor.today)?), new, true).await
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/diagnosis/review", tag = "Самодиагностика", summary = "Действия проверяющего: одобрить, вернуть, замечание",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = NewAct,
    responses((status = 201, description = "Записано", body = Diagnosis), (status = 200, description = "Это уже сделано", body = Diagnosis)))]
pub(super) async fn review_diagnosis(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewAct>,
) -> Result<Response, WebError> {
    step(&state, &actor, (id, asked.year(actor.today)?), new, false).await
}

/// Whether an act is one of the school, or of whoever checks; nothing where it is of neither.
fn is_of_school(action: ActionWord) -> Option<bool> {
    use ActionWord as A;
    match action {
        A::Submit | A::Resubmit | A::Withdraw | A::BeginCorrection | A::ResolveRemark => Some(true),
        A::Approve | A::Return | A::AddRemark | A::ReopenRemark => Some(false),
        A::PutInForce | A::Close => None,
    }
}

/// Records an act of the school, or of whoever checks.
async fn step(
    state: &AppState,
    actor: &Actor,
    (id, year): (u32, i16),
    new: NewAct,
    school: bool,
) -> Result<Response, WebError> {
    if is_of_school(new.action) != Some(school) {
        return Err(unfit("Это действие другой стороны", "Школа отправляет, проверяющий решает."));
    }
    let view = View::of(state, actor, id, year).await?;
    let party = if school { Some(Party::Author) } else { view.checks };
    let other =
        || told(StatusCode::FORBIDDEN, "Проверяет анкету другой человек. Свою школу проверить нельзя.");
    let party = party.ok_or_else(other)?;
    let wanted = Wanted {
        action: Action::from(new.action),
        party,
        remarks: new.remarks(),
        sha256: new.content_sha256,
        text: new.text,
        remark: new.remark,
    };
    let to = Saving { store: &state.store, papers: &view.papers, case: view.case };
    let status = match act(&to, &wanted, &person(actor), actor.today).await? {
        Acted::Done(_) => StatusCode::CREATED,
        Acted::Refused(refusal) => match status_of(refusal.why) {
            None => StatusCode::OK,
            Some(status) => return Err(told(status, &refusal.message)),
        },
        Acted::Unfinished(problems) => {
            let named: Vec<&str> = problems.iter().take(10).map(|own| own.question.as_str()).collect();
            let mend = format!("Ответьте на вопросы и повторите: {}.", named.join(", "));
            return Err(unfit(&format!("Не хватает ответов: {}", problems.len()), &mend));
        }
    };
    Ok((status, Json(shown(&View::of(state, actor, id, year).await?))).into_response())
}
