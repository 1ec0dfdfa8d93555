//! How does one visit stand, and what can be recorded about it?

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::visits::{VisitDeed, VisitState};
use opora_store::Names;

use super::people::names;
use super::school::{badge, notice};
use super::{TaskPage, Told, day, doer, incomplete, print, protocol, school_name, told};
use crate::usecases::support::{self, Known, NotDone, Records, Visit, people_at, tasks_of_visit};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Everything the page is made of.
pub struct Case {
    /// The visit.
    pub visit: Visit,
    /// Name of the school.
    pub school: String,
    /// Who can be asked.
    pub people: Vec<Known>,
    /// Names of accounts.
    pub names: Names,
    /// Everything recorded.
    pub records: std::sync::Arc<Records>,
    /// The reader writes protocols here.
    pub writes: bool,
}

impl Case {
    /// Reads it. The gate has seen to it that visits to the school may be read.
    pub async fn read(state: &AppState, actor: &Actor, id: u32, number: i64) -> Result<Self, WebError> {
        let school = OrganisationId(id);
        let name = school_name(actor, school)?;
        let records = state.support.look(&state.store).await?;
        let found = records.visits_of(school).iter().find(|visit| visit.number == number).cloned();
        let visit = found.ok_or_else(|| WebError::not_found("Такого посещения у школы нет"))?;
        let place = Place::School(school);
        let people = people_at(&state.store, &actor.registry, place, false, actor.today).await?;
        let writes = actor.may(Right::Visit, place);
        Ok(Self { visit, school: name, people, names: names(state).await?, records, writes })
    }

    /// The address of the visit.
    pub fn address(&self) -> String {
        format!("/schools/{}/visits/{}", self.visit.school.0, self.visit.number)
    }
}

/// `GET /schools/{id}/visits/{visit}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, &actor, id, number).await?;
    Ok(whole(&ui, &state, &actor, &case, None, None))
}

/// The page; with what was refused and what was typed, if anything was.
pub fn whole(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    case: &Case,
    typed: Option<&Fields>,
    wrong: Option<&Told>,
) -> Markup {
    let visit = &case.visit;
    let stands = visit.state(actor.today);
    let given = tasks_of_visit(&case.records, visit);
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" {
            a href="/visits" { "Посещения" }
            a href={ "/schools/" (visit.school.0) "/visits" } { (case.school) }
        }
        div.page-head { div {
            h1 { "Посещение школы" @if let Some(day) = visit.day() { " " (words::date(day)) } }
            p { (case.school) " · " (visit.curator_name) " · " span class={ "badge " (badge(stands)) } { (stands.russian()) } }
            p { strong { "Цель: " } (visit.aim) }
        } }
        @if let Some(told) = wrong { (notice(told)) }
        @if case.writes { (deeds(case, stands)) }
        @if matches!(stands, VisitState::Held(_)) {
            @let stale = wrong.is_some_and(|told| told.status == StatusCode::CONFLICT);
            @if case.writes { (protocol::form(state, case, typed, stale, actor.number(1))) }
            @else { p.muted { "Протокол пишется. Он появится здесь, когда его закончат." } }
        }
        @if visit.is_closed() {
            section.card aria-labelledby="protocol" {
                div.card-head { h2 #protocol { "Протокол" } }
                div.card-body {
                    p.actions {
                        a.button.small href={ (case.address()) "/print" } { "Для печати" }
                        a.button.small href={ (case.address()) "/protocol.docx" } { "Скачать DOCX" }
                    }
                    (print::body(case, true))
                }
            }
        }
        @if let Some(given) = &given {
            (super::tasks(&TaskPage { given, base: &case.address(), names: &case.names, people: &case.people }, actor))
        }
        (course(case))
    } };
    page(ui, "Посещение школы", Section::Visits, &content)
}

fn course(case: &Case) -> Markup {
    html! {
        section aria-labelledby="course" {
            h2 #course { "Как шло" }
            ol.course {
                @for fact in &case.visit.facts {
                    li {
                        (deed_words(&fact.deed)) " — " (case.names.get(&fact.by).map_or(case.visit.curator_name.as_str(), String::as_str)) ", " (words::date_short(fact.at.date()))
                    }
                }
            }
        }
    }
}

fn deed_words(deed: &VisitDeed) -> String {
    match deed {
        VisitDeed::Planned(on) => format!("Запланировано на {}", words::date(*on)),
        VisitDeed::Moved { to, reason } => format!("Перенесено на {}: {reason}", words::date(*to)),
        VisitDeed::Held(on) => format!("Состоялось {}", words::date(*on)),
        VisitDeed::Closed => "Протокол закрыт".to_owned(),
        VisitDeed::Cancelled { reason } => format!("Отменено: {reason}"),
    }
}

/// What can be recorded before it took place.
fn deeds(case: &Case, stands: VisitState) -> Markup {
    let (VisitState::Planned(on) | VisitState::Overdue { on, .. }) = stands else { return html! {} };
    let hidden = html! { input type="hidden" name="known" value=(case.visit.facts.len()); };
    html! {
        section.card aria-labelledby="deeds" {
            div.card-head { h2 #deeds { "Что с посещением" } }
            div.card-body.stack {
                form.inline-form action=(case.address()) method="post" {
                    (hidden)
                    label for="held-on" { "Состоялось" }
                    input #held-on type="date" name="on" value=(on) required;
                    button.primary type="submit" name="deed" value="held" { "Отметить и открыть протокол" }
                }
                form.inline-form action=(case.address()) method="post" {
                    (hidden)
                    label for="moved-to" { "Перенести на" }
                    input #moved-to type="date" name="on" required;
                    label for="moved-why" { "потому что" }
                    input #moved-why name="reason" required autocomplete="off";
                    button type="submit" name="deed" value="moved" { "Перенести" }
                }
                form.inline-form action=(case.address()) method="post" {
                    (hidden)
                    label for="cancelled-why" { "Отменить, потому что" }
                    input #cancelled-why name="reason" required autocomplete="off";
                    button type="submit" name="deed" value="cancelled" { "Отменить" }
                }
            }
        }
    }
}

/// `POST /schools/{id}/visits/{visit}`: it took place, is moved or cancelled.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id, number).await?;
    let fields = Fields(sent);
    let doer = doer(&state, &actor, 1);
    let done = match read_deed(&fields) {
        Ok(deed) => {
            let known = fields.one("known").parse().unwrap_or_default();
            support::deed(&doer, case.visit.school, number, known, &deed).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&case.address()).into_response()),
        Err(error) => again(&ui, &state, &actor, (id, number), None, error).await,
    }
}

fn read_deed(fields: &Fields) -> Result<VisitDeed, NotDone> {
    let on = || day(&fields.one("on"), "День не понят.");
    let reason = fields.one("reason");
    match fields.one("deed").as_str() {
        "held" => Ok(VisitDeed::Held(on()?)),
        "moved" => Ok(VisitDeed::Moved { to: on()?, reason }),
        "cancelled" => Ok(VisitDeed::Cancelled { reason }),
        _ => Err(incomplete("Непонятно, что записать. Нажмите нужную кнопку ещё раз.")),
    }
}

async fn again(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    (id, number): (u32, i64),
    typed: Option<&Fields>,
    error: NotDone,
) -> Result<Response, WebError> {
    let told = told(error)?;
    let case = Case::read(state, actor, id, number).await?;
    Ok((told.status, whole(ui, state, actor, &case, typed, Some(&told))).into_response())
}

/// `POST /schools/{id}/visits/{visit}/protocol`: saves the protocol, or finishes it.
pub async fn keep(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id, number).await?;
    let fields = Fields(sent);
    let asked = &state.results.catalog().rulebook.protocol;
    let doer = doer(&state, &actor, 1);
    let seen = fields.one("seen").parse().unwrap_or_default();
    let school = case.visit.school;
    let done = match protocol::read(&fields, asked, &case.people) {
        Ok(notes) if fields.one("go") == "close" => {
            support::close(&doer, school, number, seen, asked, &notes).await
        }
        Ok(notes) => support::keep_notes(&doer, school, number, seen, asked, &notes).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}#protocol", case.address())).into_response()),
        Err(error) => again(&ui, &state, &actor, (id, number), Some(&fields), error).await,
    }
}
