//! Which visits do schools have, and how is one planned, held and written up?

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::Assignee;
use opora_execution::visits::{Answer, AnswerKind, FollowUp, Protocol, VisitDeed, VisitFinding, VisitState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::deeds::{Worker, workers};
use super::dues::NewDeed;
use super::tasks::{Chosen, TaskShown, Who, act_on_task, done, needed, tasks};
use super::wire::{Asked, At, Body, Page, cursor, limit, unfit};
use crate::usecases::support::{self, Notes, Visit, tasks_of_visit};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::visits::{VisitCase, doer, notes_fit, school_name};
use crate::web::state::AppState;

/// Findings and tasks of one protocol at most.
const ROWS_MAX: usize = 40;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(visits))
        .routes(routes!(school_visits, plan_visit))
        .routes(routes!(visit, change_visit))
        .routes(routes!(write_protocol))
        .routes(routes!(record_visit_task))
}

/// A visit in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitLine {
    id: i64,
    school: u32,
    school_name: String,
    /// What for.
    aim: String,
    /// Name of who planned it.
    planned_by: String,
    /// The day it is planned for or took place; nothing where it was cancelled.
    day: Option<Date>,
    /// `planned`, `overdue`, `held`, `closed`, `cancelled`.
    state: &'static str,
    /// The same in words.
    words: String,
    /// How many facts there are: the value of `known` for the next one.
    known: usize,
}

fn state_word(state: VisitState) -> &'static str {
    match state {
        VisitState::New | VisitState::Planned(_) => "planned",
        VisitState::Overdue { .. } => "overdue",
        VisitState::Held(_) => "held",
        VisitState::Closed(_) => "closed",
        VisitState::Cancelled => "cancelled",
    }
}

fn line(visit: &Visit, school_name: String, today: Date) -> VisitLine {
    let state = visit.state(today);
    let day = match state {
        VisitState::Overdue { on, .. } => Some(on),
        _ => visit.day(),
    };
    VisitLine {
        id: visit.number,
        school: visit.school.0,
        school_name,
        aim: visit.aim.clone(),
        planned_by: visit.curator_name.clone(),
        day,
        state: state_word(state),
        words: state.russian(),
        known: visit.facts.len(),
    }
}

/// Which visits.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VisitsAsked {
    /// Only those planned by the caller.
    #[serde(default)]
    own: Option<bool>,
    /// First day.
    #[serde(default)]
    from: Option<Date>,
    /// Last day.
    #[serde(default)]
    until: Option<Date>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/visits", tag = "Сопровождение", summary = "Посещения школ, которые видит человек; записанные последними первыми",
    params(VisitsAsked), responses((status = 200, description = "Страница списка", body = Page<VisitLine>)))]
pub(super) async fn visits(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<VisitsAsked>,
) -> Result<Json<Page<VisitLine>>, WebError> {
    let (limit, before) = (limit(asked.limit)?, cursor(asked.cursor.as_deref())?);
    let records = state.support.look(&state.store).await?;
    let own = actor.number(1);
    let seen = actor.registry.organisations().iter();
    let seen = seen.filter(|school| actor.may(Right::SeeDiagnosis, Place::School(school.id)));
    let mut found: Vec<VisitLine> = seen
        .flat_map(|school| {
            let all = records.visits_of(school.id).iter();
            let all = all.filter(|visit| !asked.own.unwrap_or(false) || visit.curator == own);
            all.map(|visit| line(visit, school.name.clone(), actor.today))
        })
        .filter(|visit| {
            before.is_none_or(|before| visit.id < before)
                && asked.from.is_none_or(|from| visit.day.is_some_and(|day| day >= from))
                && asked.until.is_none_or(|until| visit.day.is_some_and(|day| day <= until))
        })
        .collect();
    found.sort_by_key(|visit| std::cmp::Reverse(visit.id));
    found.truncate(limit + 1);
    Ok(Json(Page::of(found, limit, |visit| visit.id.to_string())))
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/visits", tag = "Сопровождение", summary = "Посещения школы, новые первыми",
    params(("id" = u32, Path, description = "Номер школы")),
    responses((status = 200, description = "Посещения", body = Vec<VisitLine>)))]
pub(super) async fn school_visits(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
) -> Result<Json<Vec<VisitLine>>, WebError> {
    let school = OrganisationId(id);
    let name = school_name(&actor, school)?;
    let records = state.support.look(&state.store).await?;
    let visits = records.visits_of(school).iter();
    let mut found: Vec<VisitLine> = visits.map(|visit| line(visit, name.clone(), actor.today)).collect();
    found.sort_by_key(|visit| std::cmp::Reverse((visit.day.unwrap_or(Date::MIN), visit.id)));
    Ok(Json(found))
}

/// A visit to plan, or one that took place already.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVisit {
    on: Date,
    /// What to look at, whom to meet.
    #[schema(min_length = 1, max_length = 4000)]
    aim: String,
    /// It took place already.
    #[serde(default)]
    held: bool,
}

/// The number of a visit.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitNumber {
    id: i64,
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/visits", tag = "Сопровождение", summary = "Запланировать посещение или записать состоявшееся",
    params(("id" = u32, Path, description = "Номер школы")), request_body = NewVisit,
    responses((status = 201, description = "Записано", body = VisitNumber, headers(("Location" = String, description = "Адрес посещения"))),
        (status = 200, description = "Посещение в этот день уже записано", body = VisitNumber)))]
pub(super) async fn plan_visit(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Body(new): Body<NewVisit>,
) -> Result<Response, WebError> {
    let school = OrganisationId(id);
    school_name(&actor, school)?;
    let opening = if new.held { VisitDeed::Held(new.on) } else { VisitDeed::Planned(new.on) };
    let made = support::plan(&doer(&state, &actor, 1), school, &opening, &new.aim).await;
    let (status, number) = done(made)?;
    let number = match number {
        Some(number) => number,
        None => {
            let records = state.support.look(&state.store).await?;
            let same = records.visits_of(school).iter().find(|visit| visit.day() == Some(new.on));
            same.map(|visit| visit.number).ok_or_else(|| WebError::not_found("Такой записи нет"))?
        }
    };
    let place = format!("/api/v1/schools/{id}/visits/{number}");
    Ok((status, [(LOCATION, place)], Json(VisitNumber { id: number })).into_response())
}

/// A visit with its protocol and its tasks.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitShown {
    #[serde(flatten)]
    line: VisitLine,
    /// The protocol: once it is closed, to everybody who sees the visit; before, to those who write it.
    protocol: Option<ProtocolShown>,
    /// What its protocol gave to do, once it is closed.
    tasks: Vec<TaskShown>,
    /// Who can be asked and called on.
    people: Vec<Worker>,
}

/// A protocol.
#[derive(Serialize, ToSchema)]
pub(super) struct ProtocolShown {
    /// Number of the last save: the value of `seen` for the next one; zero where nothing is saved.
    saved: i64,
    saved_by: Option<String>,
    questions: Vec<ProtocolQuestion>,
    findings: Vec<Finding>,
    /// Findings that the answers suggest and that are not written yet.
    suggested: Vec<Finding>,
    follow_ups: Vec<FollowUpShown>,
}

/// A question of a protocol.
#[derive(Serialize, ToSchema)]
pub(super) struct ProtocolQuestion {
    id: String,
    section: String,
    text: String,
    /// `yes-no`, `number`, `text`.
    kind: &'static str,
    required: bool,
    answer: Option<AnswerValue>,
}

/// An answer: yes or no, or a text.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum AnswerValue {
    YesNo(bool),
    Text(String),
}

/// A finding.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// The question that it answers.
    #[serde(default)]
    question: Option<String>,
}

/// What is to be done after a visit.
#[derive(Serialize, ToSchema)]
pub(super) struct FollowUpShown {
    text: String,
    who: Who,
    due: Date,
}

fn protocol(case: &VisitCase, asked: &Protocol) -> ProtocolShown {
    let empty = Notes::default();
    let notes = case.visit.notes.as_ref().unwrap_or(&empty);
    let finding = |own: &VisitFinding| Finding { text: own.text.clone(), question: own.question.clone() };
    let new = |own: &VisitFinding| notes.findings.iter().all(|known| known.question != own.question);
    let suggested = asked.suggested_findings(&notes.answers);
    let questions = asked.sections.iter().flat_map(|section| {
        section.questions.iter().map(|question| ProtocolQuestion {
            id: question.id.clone(),
            section: section.title.clone(),
            text: question.text.clone(),
            kind: match question.kind {
                AnswerKind::YesNo => "yes-no",
                AnswerKind::Number => "number",
                AnswerKind::Text => "text",
            },
            required: question.required,
            answer: notes.answers.get(&question.id).map(|answer| match answer {
                Answer::YesNo(yes) => AnswerValue::YesNo(*yes),
                Answer::Text(text) => AnswerValue::Text(text.clone()),
            }),
        })
    });
    let follow_up = |own: &FollowUp| FollowUpShown {
        text: own.text.clone(),
        who: Who::of(&own.who, &case.names),
        due: own.due,
    };
    ProtocolShown {
        saved: notes.saved,
        saved_by: (notes.saved != 0).then(|| notes.by.clone()),
        questions: questions.collect(),
        findings: notes.findings.iter().map(finding).collect(),
        suggested: suggested.iter().filter(|own| new(own)).map(finding).collect(),
        follow_ups: notes.follow_ups.iter().map(follow_up).collect(),
    }
}

pub(super) async fn shown(
    state: &AppState,
    actor: &Actor,
    (id, number): (u32, i64),
) -> Result<VisitShown, WebError> {
    let case = VisitCase::read(state, actor, id, number).await?;
    let held = matches!(case.visit.state(actor.today), VisitState::Held(_));
    let reads = case.visit.is_closed() || held && case.writes;
    let asked = &state.results.catalog().rulebook.protocol;
    let given = tasks_of_visit(&case.records, &case.visit);
    Ok(VisitShown {
        line: line(&case.visit, case.school.clone(), actor.today),
        protocol: reads.then(|| protocol(&case, asked)),
        tasks: tasks(given.as_ref(), actor, &case.names, &case.people),
        people: workers(&case.people, &case.people),
    })
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/visits/{visit}", tag = "Сопровождение", summary = "Посещение с протоколом и поручениями",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")),
    responses((status = 200, description = "Посещение", body = VisitShown)))]
pub(super) async fn visit(
    State(state): State<AppState>,
    actor: Actor,
    At(at): At<(u32, i64)>,
) -> Result<Json<VisitShown>, WebError> {
    Ok(Json(shown(&state, &actor, at).await?))
}

/// What became of a visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitChange {
    deed: VisitWord,
    /// `known` of the visit as it was read: when more was recorded since, the answer is 409.
    known: usize,
    /// The day it took place, or the day it is moved to.
    #[serde(default)]
    on: Option<Date>,
    /// Why it is moved or cancelled.
    #[serde(default)]
    #[schema(max_length = 4000)]
    reason: String,
}

/// What can become of a visit.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum VisitWord {
    Held,
    Moved,
    Cancelled,
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/visits/{visit}", tag = "Сопровождение", summary = "Посещение состоялось, перенесено или отменено",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")), request_body = VisitChange,
    responses((status = 201, description = "Записано", body = VisitShown), (status = 200, description = "Это уже записано", body = VisitShown)))]
pub(super) async fn change_visit(
    State(state): State<AppState>,
    actor: Actor,
    At((id, number)): At<(u32, i64)>,
    Body(new): Body<VisitChange>,
) -> Result<Response, WebError> {
    let case = VisitCase::read(&state, &actor, id, number).await?;
    let day = || needed(new.on, "День не указан");
    let deed = match new.deed {
        VisitWord::Held => VisitDeed::Held(day()?),
        VisitWord::Moved => VisitDeed::Moved { to: day()?, reason: new.reason.trim().to_owned() },
        VisitWord::Cancelled => VisitDeed::Cancelled { reason: new.reason.trim().to_owned() },
    };
    let doer = doer(&state, &actor, 1);
    let (status, _) = done(support::deed(&doer, case.visit.school, number, new.known, &deed).await)?;
    Ok((status, Json(shown(&state, &actor, (id, number)).await?)).into_response())
}

/// A protocol to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProtocol {
    /// `saved` of the protocol as it was read: when somebody saved since, the answer is 409.
    seen: i64,
    /// Answers by question.
    #[serde(default)]
    answers: BTreeMap<String, AnswerValue>,
    #[serde(default)]
    #[schema(max_items = 40)]
    findings: Vec<Finding>,
    #[serde(default)]
    #[schema(max_items = 40)]
    follow_ups: Vec<NewFollowUp>,
    /// Close it: from then on it does not change, and what it gives to do goes to those who are asked.
    #[serde(default)]
    close: bool,
}

/// What is to be done after a visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFollowUp {
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    #[serde(default)]
    who: Chosen,
    due: Date,
}

impl NewProtocol {
    fn notes(self, case: &VisitCase, asked: &Protocol) -> Result<Notes, WebError> {
        if self.findings.len() > ROWS_MAX || self.follow_ups.len() > ROWS_MAX {
            return Err(unfit("Слишком много выводов или поручений", "В протоколе их не больше 40."));
        }
        let mut notes = Notes::default();
        for (id, answer) in self.answers {
            let question = asked.questions().find(|question| question.id == id);
            let answer = match (question.map(|question| question.kind), answer) {
                (Some(AnswerKind::YesNo), AnswerValue::YesNo(yes)) => Answer::YesNo(yes),
                (Some(AnswerKind::Text | AnswerKind::Number), AnswerValue::Text(text)) => {
                    Answer::Text(text.trim().to_owned())
                }
                (Some(_), _) => {
                    let mend = "На вопрос yes-no отвечают true или false, на остальные – текстом.";
                    return Err(unfit("Ответ не того вида", mend));
                }
                (None, _) => {
                    return Err(unfit("Такого вопроса в протоколе нет", "Возьмите id из протокола."));
                }
            };
            if answer != Answer::Text(String::new()) {
                notes.answers.insert(id, answer);
            }
        }
        for own in self.findings {
            let known = |id: &String| asked.questions().any(|question| question.id == *id);
            let text = own.text.trim().to_owned();
            if !text.is_empty() {
                notes.findings.push(VisitFinding { text, question: own.question.filter(known) });
            }
        }
        for own in self.follow_ups {
            // Who is missing is told when the protocol is closed, as on the page.
            let who = own.who.assignee(&case.people)?.unwrap_or_else(|| Assignee::Named(String::new()));
            notes.follow_ups.push(FollowUp { text: own.text.trim().to_owned(), due: own.due, who });
        }
        done(notes_fit(&notes))?;
        Ok(notes)
    }
}

#[utoipa::path(put, path = "/api/v1/schools/{id}/visits/{visit}/protocol", tag = "Сопровождение", summary = "Сохранить протокол посещения или закончить его",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")), request_body = NewProtocol,
    responses((status = 200, description = "Записано", body = VisitShown)))]
pub(super) async fn write_protocol(
    State(state): State<AppState>,
    actor: Actor,
    At((id, number)): At<(u32, i64)>,
    Body(new): Body<NewProtocol>,
) -> Result<Json<VisitShown>, WebError> {
    let case = VisitCase::read(&state, &actor, id, number).await?;
    let asked = &state.results.catalog().rulebook.protocol;
    let (seen, close) = (new.seen, new.close);
    let notes = new.notes(&case, asked)?;
    let (doer, school) = (doer(&state, &actor, 1), case.visit.school);
    done(if close {
        support::close(&doer, school, number, seen, asked, &notes).await
    } else {
        support::keep_notes(&doer, school, number, seen, asked, &notes).await
    })?;
    Ok(Json(shown(&state, &actor, (id, number)).await?))
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/visits/{visit}/tasks", tag = "Сопровождение", summary = "Записать о поручении посещения: сделано, подтверждено, возвращено, перенос",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")), request_body = NewDeed,
    responses((status = 201, description = "Записано", body = VisitShown), (status = 200, description = "Это уже записано", body = VisitShown)))]
pub(super) async fn record_visit_task(
    State(state): State<AppState>,
    actor: Actor,
    At((id, number)): At<(u32, i64)>,
    Body(new): Body<NewDeed>,
) -> Result<Response, WebError> {
    let case = VisitCase::read(&state, &actor, id, number).await?;
    let given = tasks_of_visit(&case.records, &case.visit);
    let status: StatusCode = act_on_task(&state, &actor, given.as_ref(), &case.people, new).await?;
    Ok((status, Json(shown(&state, &actor, (id, number)).await?)).into_response())
}
