//! Which meetings has the coordination group, what did it decide, and what became of that?

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_execution::meetings::{Decision, MeetingState, MinuteItem};
use opora_registry::NodeId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::deeds::{Worker, workers};
use super::dues::NewDeed;
use super::tasks::{Chosen, TaskShown, Who, act_on_task, done, tasks};
use super::wire::{Asked, At, Body, unfit};
use crate::usecases::support::{self, Meeting, MeetingNotes};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::meetings::{
    DECISIONS_MAX, ITEMS_MAX, MeetingCase, call_on, minutes_fit, visible_tasks,
};
use crate::web::pages::visits::{NameOf, View, doer};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(meetings, call_meeting))
        .routes(routes!(meeting))
        .routes(routes!(cancel_meeting))
        .routes(routes!(write_minutes))
        .routes(routes!(record_meeting_task))
}

/// A meeting in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingLine {
    id: i64,
    /// The municipality.
    node: u32,
    /// The day it is called for or took place.
    day: Date,
    /// `called`, `noted`, `published`, `cancelled`.
    state: &'static str,
    /// The same in words.
    words: &'static str,
    called_by: String,
    /// Why it did not take place.
    cancelled: Option<String>,
    /// How many facts there are: the value of `known` for the next one.
    known: usize,
}

impl From<&Meeting> for MeetingLine {
    fn from(meeting: &Meeting) -> Self {
        let state = meeting.state();
        Self {
            id: meeting.number,
            node: meeting.node.0,
            day: meeting.day(),
            state: match state {
                MeetingState::New | MeetingState::Called(_) => "called",
                MeetingState::Noted(_) => "noted",
                MeetingState::Published(_) => "published",
                MeetingState::Cancelled => "cancelled",
            },
            words: state.russian(),
            called_by: meeting.by.clone(),
            cancelled: meeting.cancelled.clone(),
            known: meeting.facts.len(),
        }
    }
}

/// Whose meetings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MeetingsAsked {
    /// Only those of this municipality.
    #[serde(default)]
    node: Option<u32>,
}

#[utoipa::path(get, path = "/api/v1/meetings", tag = "Сопровождение", summary = "Заседания координационных групп: ведущему все, остальным с опубликованным протоколом; новые первыми",
    params(MeetingsAsked), responses((status = 200, description = "Заседания", body = Vec<MeetingLine>)))]
pub(super) async fn meetings(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<MeetingsAsked>,
) -> Result<Json<Vec<MeetingLine>>, WebError> {
    let view = View::of(&state, &actor).await?;
    let chosen = asked.node.map(NodeId);
    if chosen.is_some_and(|node| !view.nodes.contains(&node)) {
        return Err(WebError::not_found("Заседаний этого муниципалитета вам не видно"));
    }
    let nodes = view.nodes.iter().filter(|node| chosen.is_none_or(|chosen| chosen == **node));
    let seen = nodes.flat_map(|node| {
        let leads = actor.may(Right::Meet, Place::Node(*node));
        view.records.meetings_of(*node).iter().filter(move |meeting| leads || meeting.is_published())
    });
    let mut found: Vec<MeetingLine> = seen.map(MeetingLine::from).collect();
    found.sort_by_key(|meeting| std::cmp::Reverse((meeting.day, meeting.id)));
    Ok(Json(found))
}

/// A meeting to call.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMeeting {
    /// The municipality.
    node: u32,
    on: Date,
}

#[utoipa::path(post, path = "/api/v1/meetings", tag = "Сопровождение", summary = "Назначить заседание с повесткой из просроченного и рискованного",
    request_body = NewMeeting, responses((status = 201, description = "Назначено", body = MeetingShown, headers(("Location" = String, description = "Адрес заседания"))),
        (status = 200, description = "На этот день уже назначено", body = MeetingShown)))]
pub(super) async fn call_meeting(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewMeeting>,
) -> Result<Response, WebError> {
    let (view, node) = (View::of(&state, &actor).await?, NodeId(new.node));
    let (status, number) = done(call_on(&state, &actor, &view, node, new.on).await?)?;
    let number = match number {
        Some(number) => number,
        None => {
            let records = state.support.look(&state.store).await?;
            let same =
                |meeting: &&Meeting| meeting.on == new.on && meeting.state() != MeetingState::Cancelled;
            let found = records.meetings_of(node).iter().find(same).map(|meeting| meeting.number);
            found.ok_or_else(|| WebError::not_found("Такого заседания нет"))?
        }
    };
    let place = format!("/api/v1/meetings/{number}");
    Ok((status, [(LOCATION, place)], Json(shown(&state, &actor, number).await?)).into_response())
}

/// A meeting with what of it the reader may read.
#[derive(Serialize, ToSchema)]
pub(super) struct MeetingShown {
    #[serde(flatten)]
    line: MeetingLine,
    /// Who was there.
    present: String,
    saved_at: Option<Timestamp>,
    saved_by: Option<String>,
    /// Items of the minutes, or of the agenda before there are any: a school reads what is said of itself and of all.
    items: Vec<ItemShown>,
    /// How many items the reader may not read.
    left_out: usize,
    /// What was decided to be done, once the minutes are published.
    tasks: Vec<TaskShown>,
    /// Who can be asked and called on.
    people: Vec<Worker>,
}

/// An item of the minutes.
#[derive(Serialize, ToSchema)]
pub(super) struct ItemShown {
    number: usize,
    title: String,
    school: Option<i64>,
    heard: String,
    decided: Vec<DecisionShown>,
}

/// A decision.
#[derive(Serialize, ToSchema)]
pub(super) struct DecisionShown {
    text: String,
    who: Option<Who>,
    due: Option<Date>,
}

fn item_shown(number: usize, item: &MinuteItem, names: &NameOf) -> ItemShown {
    let decision = |own: &Decision| DecisionShown {
        text: own.text.clone(),
        who: own.task.as_ref().map(|(who, _)| Who::of(who, names)),
        due: own.task.as_ref().map(|(_, due)| *due),
    };
    ItemShown {
        number,
        title: item.title.clone(),
        school: item.school,
        heard: item.heard.clone(),
        decided: item.decided.iter().map(decision).collect(),
    }
}

pub(super) async fn shown(state: &AppState, actor: &Actor, number: i64) -> Result<MeetingShown, WebError> {
    let case = MeetingCase::read(state, actor, number).await?;
    let visible = case.visible(actor);
    let notes = case.meeting.notes.as_ref();
    let given = case.given().map(|given| visible_tasks(given, actor, &case));
    Ok(MeetingShown {
        line: MeetingLine::from(&case.meeting),
        present: notes.map(|notes| notes.present.clone()).unwrap_or_default(),
        saved_at: notes.map(|notes| notes.at),
        saved_by: notes.map(|notes| notes.by.clone()),
        left_out: case.meeting.items().len() - visible.len(),
        items: visible.iter().map(|(number, item)| item_shown(*number, item, &case.names)).collect(),
        tasks: tasks(given.as_ref(), actor, &case.names, &case.people),
        people: workers(&case.people, &case.people),
    })
}

#[utoipa::path(get, path = "/api/v1/meetings/{meeting}", tag = "Сопровождение", summary = "Заседание: повестка, протокол, решения, поручения",
    params(("meeting" = i64, Path, description = "Номер заседания")),
    responses((status = 200, description = "Заседание", body = MeetingShown)))]
pub(super) async fn meeting(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
) -> Result<Json<MeetingShown>, WebError> {
    Ok(Json(shown(&state, &actor, number).await?))
}

/// The case of somebody who leads meetings there.
async fn led(state: &AppState, actor: &Actor, number: i64) -> Result<MeetingCase, WebError> {
    let case = MeetingCase::read(state, actor, number).await?;
    actor.require(Right::Meet, Place::Node(case.meeting.node))?;
    Ok(case)
}

/// Why a meeting did not take place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancelling {
    /// `known` of the meeting as it was read: when more was recorded since, the answer is 409.
    known: usize,
    #[schema(min_length = 1, max_length = 4000)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/cancel", tag = "Сопровождение", summary = "Записать, что заседание не состоялось",
    params(("meeting" = i64, Path, description = "Номер заседания")), request_body = Cancelling,
    responses((status = 201, description = "Записано", body = MeetingShown), (status = 200, description = "Это уже записано", body = MeetingShown)))]
pub(super) async fn cancel_meeting(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
    Body(new): Body<Cancelling>,
) -> Result<Response, WebError> {
    let case = led(&state, &actor, number).await?;
    let (doer, node) = (doer(&state, &actor, 2), case.meeting.node);
    let (status, _) = done(support::cancel_meeting(&doer, node, number, new.known, &new.reason).await)?;
    Ok((status, Json(shown(&state, &actor, number).await?)).into_response())
}

/// Minutes to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMinutes {
    /// `known` of the meeting as it was read: when more was recorded since, the answer is 409.
    known: usize,
    /// The day it took place.
    held: Date,
    /// Who was there.
    #[serde(default)]
    #[schema(max_length = 4000)]
    present: String,
    #[schema(max_items = 60)]
    items: Vec<NewItem>,
    /// Publish them: from then on they don't change, and what was decided goes to those who are asked.
    #[serde(default)]
    publish: bool,
}

/// An item to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewItem {
    #[schema(max_length = 4000)]
    title: String,
    /// The school it is about, one of the municipality.
    #[serde(default)]
    school: Option<i64>,
    #[serde(default)]
    #[schema(max_length = 4000)]
    heard: String,
    #[serde(default)]
    #[schema(max_items = 12)]
    decided: Vec<NewDecision>,
}

/// A decision to save. With somebody who is asked it needs a day, and the other way round.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    #[schema(max_length = 4000)]
    text: String,
    #[serde(default)]
    who: Chosen,
    #[serde(default)]
    due: Option<Date>,
}

impl NewMinutes {
    fn notes(self, case: &MeetingCase) -> Result<MeetingNotes, WebError> {
        let many = |item: &NewItem| item.decided.len() > DECISIONS_MAX;
        if self.items.len() > ITEMS_MAX || self.items.iter().any(many) {
            return Err(unfit(
                "Слишком много вопросов или решений",
                "Вопросов не больше 60, решений в вопросе – 12.",
            ));
        }
        let mut items = Vec::new();
        for item in self.items {
            let known = |id: &i64| case.schools.iter().any(|(school, _)| school == id);
            if item.school.is_some_and(|id| !known(&id)) {
                return Err(unfit("Такой школы в муниципалитете нет", "Возьмите номер школы из реестра."));
            }
            let mut decided = Vec::new();
            for own in item.decided {
                let task = match (own.who.assignee(&case.people)?, own.due) {
                    (None, None) => None,
                    (Some(who), Some(due)) => Some((who, due)),
                    _ => {
                        let mend = "Передайте и who, и due, или ни того ни другого.";
                        return Err(unfit("У решения есть только исполнитель или только срок", mend));
                    }
                };
                decided.push(Decision { text: own.text.trim().to_owned(), task });
            }
            let (title, heard) = (item.title.trim().to_owned(), item.heard.trim().to_owned());
            items.push(MinuteItem { title, school: item.school, heard, decided });
        }
        let notes = MeetingNotes::new(self.held, self.present.trim().to_owned(), items);
        done(minutes_fit(&notes))?;
        Ok(notes)
    }
}

#[utoipa::path(put, path = "/api/v1/meetings/{meeting}/minutes", tag = "Сопровождение", summary = "Сохранить протокол заседания или опубликовать его",
    params(("meeting" = i64, Path, description = "Номер заседания")), request_body = NewMinutes,
    responses((status = 200, description = "Записано", body = MeetingShown)))]
pub(super) async fn write_minutes(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
    Body(new): Body<NewMinutes>,
) -> Result<Json<MeetingShown>, WebError> {
    let case = led(&state, &actor, number).await?;
    let (known, publish) = (new.known, new.publish);
    let notes = new.notes(&case)?;
    let (doer, node) = (doer(&state, &actor, 2), case.meeting.node);
    done(if publish {
        support::publish(&doer, node, number, known, &notes).await
    } else {
        support::note(&doer, node, number, known, &notes).await
    })?;
    Ok(Json(shown(&state, &actor, number).await?))
}

#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/tasks", tag = "Сопровождение", summary = "Записать о поручении заседания: сделано, подтверждено, возвращено, перенос",
    params(("meeting" = i64, Path, description = "Номер заседания")), request_body = NewDeed,
    responses((status = 201, description = "Записано", body = MeetingShown), (status = 200, description = "Это уже записано", body = MeetingShown)))]
pub(super) async fn record_meeting_task(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
    Body(new): Body<NewDeed>,
) -> Result<Response, WebError> {
    let case = MeetingCase::read(&state, &actor, number).await?;
    let given = case.given().map(|given| visible_tasks(given, &actor, &case));
    let status = act_on_task(&state, &actor, given.as_ref(), &case.people, new).await?;
    Ok((status, Json(shown(&state, &actor, number).await?)).into_response())
}
