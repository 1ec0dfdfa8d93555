//! Which visits does a school have, and how is one planned?

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::visits::{VisitDeed, VisitState};

use super::{Told, View, day, doer, school_name, told};
use crate::usecases::support::{self, Visit};
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::obligations::windows_table;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// `GET /schools/{id}/visits`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
) -> Result<Markup, WebError> {
    let school = OrganisationId(id);
    school_name(&actor, school)?;
    let view = View::of(&state, &actor).await?;
    Ok(whole(&ui, &state, &actor, &view, school, &Fields::default(), None))
}

/// The state of a visit as a class of a badge.
pub fn badge(state: VisitState) -> &'static str {
    match state {
        VisitState::Closed(_) => "good",
        VisitState::Held(_) => "info",
        VisitState::Overdue { .. } => "late",
        VisitState::Planned(_) | VisitState::New => "due",
        VisitState::Cancelled => "note",
    }
}

fn whole(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    view: &View,
    school: OrganisationId,
    typed: &Fields,
    wrong: Option<&Told>,
) -> Markup {
    let name = school_name(actor, school).unwrap_or_default();
    let writes = actor.may(Right::Visit, Place::School(school));
    let mut visits: Vec<&Visit> = view.records.visits_of(school).iter().collect();
    visits.sort_by_key(|visit| std::cmp::Reverse((visit.day().unwrap_or(Date::MIN), visit.number)));
    let windows = view.ground(school).map(|ground| {
        support::school_windows(&state.results.catalog().rulebook, &view.records, ground, actor.today)
    });
    let windows = windows.unwrap_or_default();
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href="/visits" { "Посещения" } a href={ "/schools/" (school.0) } { (name) } }
        div.page-head { div { h1 { "Посещения школы" } p { (name) } } }
        @if let Some(told) = wrong { (notice(told)) }
        @if writes { (plan_form(actor, school, typed)) }
        @if visits.is_empty() {
            (empty("calendar", "Посещений пока нет", "Запланированные и состоявшиеся посещения с протоколами появятся здесь.", &html! {}))
        } @else {
            div.table-scroll tabindex="0" role="region" aria-label="Посещения" {
                table.folds {
                    thead { tr { th scope="col" { "День" } th scope="col" { "Цель" } th scope="col" { "Кто" } th scope="col" { "Состояние" } } }
                    tbody { @for visit in visits { (row(visit, actor)) } }
                }
            }
        }
        @if !windows.is_empty() {
            section aria-labelledby="windows" {
                h2 #windows { "Обязательства этой школы и её куратора" }
                (windows_table(state, actor, &view.records, &windows, &format!("/schools/{}/visits", school.0), true))
            }
        }
    } };
    page(ui, "Посещения школы", Section::Visits, &content)
}

/// What was refused, as a notice.
pub fn notice(told: &Told) -> Markup {
    let class = if told.status.is_success() { "notice good" } else { "notice warning" };
    html! {
        div class=(class) role="alert" { div { @for message in &told.messages { p { (message) } } } }
    }
}

fn row(visit: &Visit, actor: &Actor) -> Markup {
    let state = visit.state(actor.today);
    let day = visit.day().map_or("–".to_owned(), words::date);
    html! {
        tr {
            th scope="row" data-label="День" { a href={ "/schools/" (visit.school.0) "/visits/" (visit.number) } { (day) } }
            td data-label="Цель" { (visit.aim) }
            td data-label="Кто" { (visit.curator_name) }
            td data-label="Состояние" { span class={ "badge " (badge(state)) } { (state.russian()) } }
        }
    }
}

fn plan_form(actor: &Actor, school: OrganisationId, typed: &Fields) -> Markup {
    let was_held = typed.one("what") == "held";
    html! {
        section.card aria-labelledby="plan" {
            div.card-head { h2 #plan { "Записать посещение" } }
            form.card-body.stack action={ "/schools/" (school.0) "/visits" } method="post" {
                div.field-row {
                    div.field {
                        label for="what" { "Что" }
                        select #what name="what" {
                            option value="planned" { "запланировать" }
                            option value="held" selected[was_held] { "уже состоялось" }
                        }
                    }
                    div.field { label for="on" { "День" } input #on type="date" name="on" value={ @if typed.one("on").is_empty() { (actor.today) } @else { (typed.one("on")) } } required; }
                    div.field.grow { label for="aim" { "Цель: что посмотреть, с кем встретиться" } input #aim name="aim" value=(typed.one("aim")) required maxlength="4000" autocomplete="off"; }
                }
                div.actions { button.primary type="submit" { "Записать посещение" } }
            }
        }
    }
}

/// `POST /schools/{id}/visits`.
pub async fn plan(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let school = OrganisationId(id);
    school_name(&actor, school)?;
    let fields = Fields(sent);
    let doer = doer(&state, &actor, 1);
    let opening =
        day(&fields.one("on"), "День посещения не понят.").map(|on| match fields.one("what").as_str() {
            "held" => VisitDeed::Held(on),
            _ => VisitDeed::Planned(on),
        });
    let made = match opening {
        Ok(opening) => support::plan(&doer, school, &opening, &fields.one("aim")).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(number) => Ok(Redirect::to(&format!("/schools/{id}/visits/{number}")).into_response()),
        Err(error) => {
            let told = told(error)?;
            let view = View::of(&state, &actor).await?;
            let page = whole(&ui, &state, &actor, &view, school, &fields, Some(&told));
            Ok((told.status, page).into_response())
        }
    }
}
