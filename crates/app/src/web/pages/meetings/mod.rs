//! How does the coordination group of a municipality meet: agenda, minutes, decisions, history?
//!
//! Here: the list of meetings and the call of a new one. Beside it: one meeting ([`meeting`]), the form of its minutes
//! ([`form`]) and the minutes on paper ([`print`]).

mod form;
mod meeting;
mod print;

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_execution::meetings::{Concern, MatterKind, MeetingState, MinuteItem, agenda};
use opora_execution::obligations::{Rule, conflicts};
use opora_execution::work::WorkItem;
use opora_registry::NodeId;
use serde::Deserialize;

pub use form::{DECISIONS_MAX, ITEMS_MAX, fits as minutes_fit};
pub use meeting::{Case as MeetingCase, act, act_on_task, proof, save, show, visible_tasks};
pub use print::{docx, show as print};

use super::visits::{Told, View, day, doer, notice, supported, told};
use crate::usecases::results::alphabet::key;
use crate::usecases::roadmap::Grounds;
use crate::usecases::support::{self, Meeting, NotDone, matters};
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    node: Option<u32>,
}

/// The municipalities whose meetings a person may read, by the alphabet.
fn towns(actor: &Actor, view: &View) -> Vec<NodeId> {
    let mut towns = view.nodes.clone();
    towns.sort_by_cached_key(|node| key(&place_name(Place::Node(*node), &actor.registry)));
    towns
}

/// `GET /meetings`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let view = View::of(&state, &actor).await?;
    let chosen = wanted.node.map(NodeId);
    if chosen.is_some_and(|node| !view.nodes.contains(&node)) {
        return Err(WebError::not_found("Заседаний этого муниципалитета вам не видно"));
    }
    Ok(whole(&ui, &actor, &view, chosen, None))
}

fn whole(ui: &Ui, actor: &Actor, view: &View, chosen: Option<NodeId>, wrong: Option<&Told>) -> Markup {
    let towns = towns(actor, view);
    let chosen = chosen.or(towns.first().copied());
    let name = |node: NodeId| place_name(Place::Node(node), &actor.registry);
    let content = html! { div.stack {
        div.page-head { div { h1 { "Заседания координационной группы" } @if let Some(node) = chosen { p { (name(node)) } } } }
        nav.choices aria-label="Разделы сопровождения" {
            @if actor.may_somewhere(Right::SeeDiagnosis) { a.choice href="/visits" { "Посещения" } }
            a.choice href="/meetings" aria-current="page" { "Заседания" }
            a.choice href="/obligations" { "Обязательства" }
        }
        @if towns.len() > 1 {
            nav.choices aria-label="Муниципалитет" {
                @for town in &towns { a.choice href={ "/meetings?node=" (town.0) } aria-current=[(chosen == Some(*town)).then_some("true")] { (name(*town)) } }
            }
        }
        @if let Some(told) = wrong { (notice(told)) }
        @match chosen {
            None => (empty("users", "Муниципалитетов пока нет", "Заседания ведутся по муниципалитетам: сначала загрузите реестр организаций.", &html! { a.button href="/data" { "К данным" } })),
            Some(node) => {
                @if actor.may(Right::Meet, Place::Node(node)) { (call_form(actor, node)) }
                (history(actor, view, node))
            }
        }
    } };
    page(ui, "Заседания", Section::Visits, &content)
}

fn call_form(actor: &Actor, node: NodeId) -> Markup {
    html! {
        section.card aria-labelledby="call" {
            div.card-head { h2 #call { "Новое заседание" } }
            form.card-body.stack action="/meetings" method="post" {
                input type="hidden" name="node" value=(node.0);
                p.muted { "Повестка составится сама из того, что просрочено, ждёт решения и рискованно. Её можно править." }
                div.field-row { div.field { label for="on" { "День" } input #on type="date" name="on" value=(actor.today) required; } }
                div.actions { button.primary type="submit" { "Назначить и составить повестку" } }
            }
        }
    }
}

fn history(actor: &Actor, view: &View, node: NodeId) -> Markup {
    let leads = actor.may(Right::Meet, Place::Node(node));
    let mut meetings: Vec<&Meeting> = view.records.meetings_of(node).iter().collect();
    // An agenda is of those who lead until the minutes are published; that a meeting is called, everybody may know.
    meetings.retain(|meeting| leads || !matches!(meeting.state(), MeetingState::New));
    let opens = |meeting: &Meeting| leads || meeting.is_published();
    meetings.sort_by_key(|meeting| std::cmp::Reverse((meeting.day(), meeting.number)));
    html! {
        @if meetings.is_empty() {
            (empty("calendar", "Заседаний пока нет", "Протоколы заседаний с решениями появятся здесь.", &html! {}))
        } @else {
            div.table-scroll tabindex="0" role="region" aria-label="Заседания" {
                table.folds {
                    thead { tr { th scope="col" { "День" } th scope="col" { "Состояние" } th scope="col" { "Вопросов" } th scope="col" { "Решений" } th scope="col" { "Назначил" } } }
                    tbody { @for meeting in meetings {
                        tr {
                            th scope="row" data-label="День" { @if opens(meeting) { a href={ "/meetings/" (meeting.number) } { (words::date(meeting.day())) } } @else { (words::date(meeting.day())) } }
                            td data-label="Состояние" { span class={ "badge " (badge(meeting.state())) } { (meeting.state().russian()) } }
                            td data-label="Вопросов" { @if opens(meeting) { (meeting.items().len()) } @else { "–" } }
                            td data-label="Решений" { @if opens(meeting) { (meeting.items().iter().map(|item| item.decided.len()).sum::<usize>()) } @else { "–" } }
                            td data-label="Назначил" { (meeting.by) }
                        }
                    } }
                }
            }
        }
    }
}

/// The state of a meeting as a class of a badge.
fn badge(state: MeetingState) -> &'static str {
    match state {
        MeetingState::Published(_) => "good",
        MeetingState::Noted(_) => "info",
        MeetingState::New | MeetingState::Called(_) => "due",
        MeetingState::Cancelled => "note",
    }
}

/// `POST /meetings`: calls a meeting with an agenda of what is late and risky.
pub async fn call(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let fields = Fields(sent);
    let view = View::of(&state, &actor).await?;
    let unknown = || WebError::bad_request("Не указан муниципалитет", "Откройте страницу заседаний ещё раз.");
    let node = NodeId(fields.one("node").parse().map_err(|_| unknown())?);
    actor.require(Right::Meet, Place::Node(node))?;
    let made = match day(&fields.one("on"), "День заседания не понят.") {
        Ok(on) => call_on(&state, &actor, &view, node, on).await?,
        Err(error) => Err(error),
    };
    match made {
        Ok(number) => Ok(Redirect::to(&format!("/meetings/{number}")).into_response()),
        Err(error) => {
            let told = told(error)?;
            Ok((told.status, whole(&ui, &actor, &view, Some(node), Some(&told))).into_response())
        }
    }
}

/// Calls a meeting of a municipality for a day, with the agenda that follows from what is late and risky. Gives its
/// number.
pub async fn call_on(
    state: &AppState,
    actor: &Actor,
    view: &View,
    node: NodeId,
    on: Date,
) -> Result<Result<i64, NotDone>, WebError> {
    actor.require(Right::Meet, Place::Node(node))?;
    if actor.registry.node(node).is_none() {
        return Err(WebError::bad_request("Такого муниципалитета нет в реестре", "Выберите другой."));
    }
    let agenda = proposed(state, actor, view, node).await?;
    Ok(support::call(&doer(state, actor, 2), node, on, &agenda).await)
}

/// What the group should talk about: what is late, risks without measures, what waits for a decision, rules that
/// contradict each other, tasks that were not carried out.
async fn proposed(
    state: &AppState,
    actor: &Actor,
    view: &View,
    node: NodeId,
) -> Result<Vec<MinuteItem>, WebError> {
    let own = |place: Place| opora_access::contains(Place::Node(node), place, &actor.registry);
    let places = supported(state, actor).await?;
    let mut items: Vec<WorkItem> = places.iter().flat_map(|place| place.items.iter().cloned()).collect();
    let mut concerns: Vec<Concern> = Vec::new();
    for standing in actor.standings(state).await? {
        let plan = &standing.summary;
        if plan.archived || !own(plan.owner) {
            continue;
        }
        items.extend(standing.items.iter().cloned());
        let Place::School(school) = plan.owner else { continue };
        let grounds = Grounds::read(&state.store, plan.id.0).await?;
        let loaded = state.plan_of(plan).await?;
        let gaps = loaded.plan().map(|plan| grounds.gaps(plan)).unwrap_or_default();
        concerns.extend(gaps.iter().map(|gap| Concern {
            kind: MatterKind::Risk,
            school: Some(i64::from(school.0)),
            text: gap.sentence.clone(),
            path: format!("plans/{}/approval", plan.id.0),
        }));
    }
    let mut names: BTreeMap<i64, String> = BTreeMap::new();
    for school in actor.registry.organisations().iter().filter(|school| own(Place::School(school.id))) {
        names.insert(i64::from(school.id.0), school.name.clone());
    }
    items.retain(|item| match item.school {
        Some(school) => names.contains_key(&school),
        // What has no school is of a municipality: of this one, or of another that the person sees, too.
        None => {
            !item.path.starts_with("municipality/")
                || item.path.starts_with(&format!("municipality/{}/", node.0))
        }
    });
    let rules: Vec<&Rule> = state.results.catalog().rulebook.rules().collect();
    let book = view.records.duties_of(Place::Node(node));
    let settled = book.map_or(&[][..], |book| &book.settlements);
    let open = conflicts(&rules, settled).into_iter().filter(|conflict| conflict.settled.is_none());
    concerns.extend(open.map(|conflict| Concern {
        kind: MatterKind::Conflict,
        school: None,
        text: conflict.russian(),
        path: "obligations".to_owned(),
    }));
    Ok(matters(&agenda(&items, &concerns, &names, actor.today)))
}
