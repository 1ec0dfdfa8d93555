//! One meeting: its agenda, its minutes, and what became of its decisions?

use std::sync::Arc;

use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::Assignee;
use opora_execution::meetings::{MeetingState, MinuteItem};
use opora_store::Names;

use super::{badge, form};
use crate::usecases::results::alphabet::key;
use crate::usecases::support::{self, Given, Known, Meeting, NotDone, Records, people_at, tasks_of_meeting};
use crate::web::actor::{Actor, refused};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::people::place_name;
use crate::web::pages::visits::{
    TaskPage, Told, act_on_task as record_on_task, doer, heading, names, notice, proof_of, tasks, told,
    who_words,
};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Everything the page is made of.
pub struct Case {
    /// The meeting.
    pub meeting: Meeting,
    /// Name of the municipality.
    pub town: String,
    /// Who can be asked.
    pub people: Vec<Known>,
    /// Names of accounts.
    pub names: Names,
    /// Schools of the municipality, by the alphabet.
    pub schools: Vec<(i64, String)>,
    /// The reader calls meetings here.
    pub leads: bool,
    records: Arc<Records>,
}

impl Case {
    /// Reads it for those who may read it: who leads meetings here, and everybody of the municipality once the minutes are
    /// published.
    pub async fn read(state: &AppState, actor: &Actor, number: i64) -> Result<Self, WebError> {
        let records = state.support.look(&state.store).await?;
        let gone = || WebError::not_found("Такого заседания нет");
        let meeting = records.meeting(number).cloned().ok_or_else(gone)?;
        let place = Place::Node(meeting.node);
        let leads = actor.may(Right::Meet, place);
        let reads = leads || meeting.is_published() && actor.may(Right::SeePlans, place);
        if !reads {
            return Err(refused());
        }
        let people = people_at(&state.store, &actor.registry, place, true, actor.today).await?;
        let own = actor.registry.organisations().iter().filter(|school| school.municipality == meeting.node);
        let mut schools: Vec<(i64, String)> =
            own.map(|school| (i64::from(school.id.0), school.name.clone())).collect();
        schools.sort_by_cached_key(|(_, name)| key(name));
        let town = place_name(place, &actor.registry);
        Ok(Self { meeting, town, people, names: names(state).await?, schools, leads, records })
    }

    /// The address of the meeting.
    pub fn address(&self) -> String {
        format!("/meetings/{}", self.meeting.number)
    }

    /// The tasks of the meeting.
    pub fn given(&self) -> Option<Given> {
        tasks_of_meeting(&self.records, &self.meeting)
    }

    /// What a reader may read of the minutes, each item with its number: who leads everything, a school what is said of
    /// itself and of all.
    pub fn visible(&self, actor: &Actor) -> Vec<(usize, &MinuteItem)> {
        let own = actor.number(0);
        let items = self.meeting.items().iter().zip(1..);
        let seen = items.filter(|(item, _)| {
            let school = item.school.and_then(|id| u32::try_from(id).ok());
            let reads =
                school.is_none_or(|id| actor.may(Right::SeeDiagnosis, Place::School(OrganisationId(id))));
            let asked = |who: &Assignee| *who == Assignee::Account(own);
            let is_asked = item.decided.iter().any(|d| d.task.as_ref().is_some_and(|(who, _)| asked(who)));
            self.leads || reads || is_asked
        });
        seen.map(|(item, number)| (number, item)).collect()
    }

    /// Name of the school of an item.
    pub fn school(&self, item: &MinuteItem) -> Option<&str> {
        let found = self.schools.iter().find(|(id, _)| Some(*id) == item.school);
        found.map(|(_, name)| name.as_str())
    }
}

/// `GET /meetings/{meeting}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, &actor, number).await?;
    Ok(whole(&ui, &actor, &case, None, None))
}

fn whole(ui: &Ui, actor: &Actor, case: &Case, typed: Option<&Fields>, wrong: Option<&Told>) -> Markup {
    let meeting = &case.meeting;
    let stands = meeting.state();
    let goes_on = matches!(stands, MeetingState::Called(_) | MeetingState::Noted(_));
    let given = case.given().map(|given| visible_tasks(given, actor, case));
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href={ "/meetings?node=" (meeting.node.0) } { "Заседания, " (case.town) } }
        div.page-head { div {
            h1 { "Заседание " (words::date(meeting.day())) }
            p { (case.town) " · " span class={ "badge " (badge(stands)) } { (stands.russian()) } @if let Some(reason) = &meeting.cancelled { ": " (reason) } }
        } }
        @if let Some(told) = wrong { (notice(told)) }
        @if goes_on && case.leads {
            section aria-labelledby="minutes" {
                h2 #minutes { "Повестка и протокол" }
                @if let Some(notes) = &meeting.notes { p.small.muted { "Сохранено: " (notes.by) ", " (words::moment(notes.at)) "." } }
                @let stale = wrong.is_some_and(|told| told.status == axum::http::StatusCode::CONFLICT);
                (form::draw(case, typed, stale, actor.number(2)))
            }
            (cancel_form(case))
        } @else if meeting.is_published() {
            section.card aria-labelledby="minutes" {
                div.card-head { h2 #minutes { "Протокол" } }
                div.card-body {
                    p.actions {
                        a.button.small href={ (case.address()) "/print" } { "Для печати" }
                        a.button.small href={ (case.address()) "/protocol.docx" } { "Скачать DOCX" }
                    }
                    (minutes(case, actor, true))
                }
            }
        }
        @if let Some(given) = given.as_ref().filter(|given| !given.tasks.is_empty()) {
            (tasks(&TaskPage { given, base: &case.address(), names: &case.names, people: &case.people }, actor))
        }
    } };
    page(ui, "Заседание", Section::Visits, &content)
}

/// The tasks whose items the reader may read. The others keep their numbers and are not drawn.
pub fn visible_tasks(given: Given, actor: &Actor, case: &Case) -> Given {
    let seen: Vec<String> = case
        .visible(actor)
        .iter()
        .map(|(number, _)| format!("meeting/{}/item/{number}/", case.meeting.number))
        .collect();
    let mut given = given;
    let tasks = std::mem::take(&mut given.tasks);
    let is_seen = |path: &str| seen.iter().any(|own| path.starts_with(own.as_str()));
    given.hidden = tasks.iter().map(|task| !is_seen(&task.path)).collect();
    given.tasks = tasks;
    given
}

/// What published minutes say to this reader.
pub fn minutes(case: &Case, actor: &Actor, deep: bool) -> Markup {
    let visible = case.visible(actor);
    let left_out = case.meeting.items().len() - visible.len();
    let present = case.meeting.notes.as_ref().map_or("", |notes| notes.present.as_str());
    html! {
        @if !present.is_empty() { p { strong { "Присутствовали: " } (present) } }
        @if left_out > 0 { p.small.muted { "Выписка: показаны вопросы о вашей школе и общие. Остальных: " (left_out) "." } }
        @for (number, item) in visible {
            section aria-label={ "Вопрос " (number) } {
                (heading(deep, &format!("{number}. {}", item.title)))
                @if let Some(school) = case.school(item) { p.small.muted { (school) } }
                @if !item.heard.is_empty() { p { strong { "Слушали: " } (item.heard) } }
                @if !item.decided.is_empty() {
                    p { strong { "Решили:" } }
                    ol { @for decision in &item.decided { li {
                        (decision.text)
                        @if let Some((who, due)) = &decision.task { " — " (who_words(who, &case.names)) ", до " (words::date(*due)) }
                    } } }
                }
            }
        }
    }
}

fn cancel_form(case: &Case) -> Markup {
    html! {
        details { summary { "Заседание не состоялось" }
            form.inline-form action=(case.address()) method="post" {
                input type="hidden" name="known" value=(case.meeting.facts.len());
                label for="cancelled-why" { "Почему" }
                input #cancelled-why name="reason" required autocomplete="off";
                button type="submit" { "Записать" }
            }
        }
    }
}

async fn again(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    number: i64,
    typed: Option<&Fields>,
    error: NotDone,
) -> Result<Response, WebError> {
    let told = told(error)?;
    let case = Case::read(state, actor, number).await?;
    Ok((told.status, whole(ui, actor, &case, typed, Some(&told))).into_response())
}

/// `POST /meetings/{meeting}/minutes`: saves the minutes, or publishes them.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, number).await?;
    actor.require(Right::Meet, Place::Node(case.meeting.node))?;
    let fields = Fields(sent);
    let known = fields.one("known").parse().unwrap_or_default();
    let (doer, node) = (doer(&state, &actor, 2), case.meeting.node);
    let done = match form::read(&fields, &case) {
        Ok(notes) if fields.one("go") == "publish" => {
            support::publish(&doer, node, number, known, &notes).await
        }
        Ok(notes) => support::note(&doer, node, number, known, &notes).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&case.address()).into_response()),
        Err(error) => again(&ui, &state, &actor, number, Some(&fields), error).await,
    }
}

/// `POST /meetings/{meeting}`: it did not take place.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, number).await?;
    actor.require(Right::Meet, Place::Node(case.meeting.node))?;
    let fields = Fields(sent);
    let known = fields.one("known").parse().unwrap_or_default();
    let doer = doer(&state, &actor, 2);
    let reason = fields.one("reason");
    match support::cancel_meeting(&doer, case.meeting.node, number, known, &reason).await {
        Ok(()) => Ok(Redirect::to(&case.address()).into_response()),
        Err(error) => again(&ui, &state, &actor, number, None, error).await,
    }
}

/// `POST /meetings/{meeting}/tasks`.
pub async fn act_on_task(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, number).await?;
    let given = case.given().ok_or_else(|| WebError::not_found("У этого заседания нет поручений"))?;
    let given = visible_tasks(given, &actor, &case);
    let base = case.address();
    let page = TaskPage { given: &given, base: &base, names: &case.names, people: &case.people };
    match record_on_task(&state, &actor, &page, parts).await? {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(told) => Ok((told.status, whole(&ui, &actor, &case, None, Some(&told))).into_response()),
    }
}

/// `GET /meetings/{meeting}/proofs/{sha256}`.
pub async fn proof(
    State(state): State<AppState>,
    actor: Actor,
    Path((number, sha256)): Path<(i64, String)>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, number).await?;
    let given = case.given().map(|given| visible_tasks(given, &actor, &case));
    proof_of(&state, given.as_ref(), &sha256).await
}
