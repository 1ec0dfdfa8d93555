//! How far has each school come, and whose move is it?

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right, Role, contains};
use opora_approval::{Party, State as Stage};
use opora_cells::OrganisationId;

use super::term::{self, Terms};
use super::view::{Asked, state_words};
use crate::usecases::diagnosis::{Case, Shelved};
use crate::usecases::results::alphabet::key;
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// One school of the board.
pub struct Row {
    /// Its number.
    pub school: OrganisationId,
    /// Its name.
    pub name: String,
    /// Name of its municipality.
    pub place: String,
    /// How far it has come; nothing where it was not begun.
    pub shelved: Option<Arc<Shelved>>,
}

/// `GET /diagnosis`. Who looks after one school only is led to it.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let year = asked.year(actor.today);
    if let [Place::School(school)] = actor.places(Right::SeeDiagnosis).as_slice() {
        let to = address(&format!("/schools/{}/diagnosis", school.0), &[("year", year.to_string())]);
        return Ok(Redirect::to(&to).into_response());
    }
    let rows = rows(&state, &actor, year).await?;
    let terms = term::of_year(&state, year).await?;
    Ok(whole(&ui, year, &actor, &rows, &terms).into_response())
}

/// The schools of the programme that the reader may read about: those on a final list, those with a head or a curator in
/// Opora, and those that have begun. A curator is of the team of her own, strong school: that alone makes no school one of
/// the programme. By the alphabet: this is no ranking.
pub async fn rows(state: &AppState, actor: &Actor, year: i16) -> Result<Vec<Row>, WebError> {
    let shelved = state.diagnoses.of_year(&state.store, &state.results.catalog().papers, year).await?;
    let places = actor.places(Right::SeeDiagnosis);
    let mine = |school: &OrganisationId| {
        places.iter().any(|held| contains(*held, Place::School(*school), &actor.registry))
    };
    let mut schools = state.diagnoses.listed(&state.store, year).await?;
    schools.extend(shelved.keys().map(|case| case.school));
    for held in state.store.grants(None).await? {
        let works = matches!(held.grant.role, Role::SchoolHead | Role::Curator);
        if let (Place::School(school), true, true) = (held.grant.place, works, held.grant.holds(actor.today))
        {
            schools.insert(school);
        }
    }
    let row = |school: OrganisationId| {
        let known = actor.registry.get(school)?;
        let node = actor.registry.node(known.municipality);
        Some(Row {
            school,
            name: known.name.clone(),
            place: node.map(|node| node.name.clone()).unwrap_or_default(),
            shelved: shelved.get(&Case { school, year }).map(Arc::clone),
        })
    };
    let mut rows: Vec<Row> = schools.into_iter().filter(mine).filter_map(row).collect();
    rows.sort_by_cached_key(|row| (key(&row.place), key(&row.name), row.school));
    Ok(rows)
}

fn whole(ui: &Ui, year: i16, actor: &Actor, rows: &[Row], terms: &Terms) -> Markup {
    let other = |year: i16| address("/diagnosis", &[("year", year.to_string())]);
    let state = |row: &Row| row.shelved.as_ref().map(|shelved| shelved.standing.state);
    let count = |stage: Stage| rows.iter().filter(|row| state(row) == Some(stage)).count();
    let begun = rows.iter().filter(|row| row.shelved.is_some()).count();
    let content = html! {
        div.page-head { div { h1 { "Самодиагностика школ" } p { (year) " год · " (words::count(rows.len(), ["школа", "школы", "школ"])) } } }
        nav.choices aria-label="Год" {
            a.choice href=(other(year - 1)) { (year - 1) " год" }
            @if year < actor.today.year() { a.choice href=(other(year + 1)) { (year + 1) " год" } }
        }
        (term::card(actor, terms, year))
        @if rows.is_empty() {
            (empty("school", "Школ программы пока нет", "Здесь появятся школы итогового списка и те, у которых в Опоре есть руководитель или куратор.", &html! {}))
        } @else {
            @if actor.may_somewhere(Right::KeepQuestionnaires) { p.actions { a.button.small href="/questionnaires" { "Анкеты" } } }
            p {
                "Начали: " (begun) " из " (rows.len()) ". На проверке: " (count(Stage::Submitted)) ". Возвращено: " (count(Stage::Returned)) ". Одобрено: " (count(Stage::Approved)) "."
            }
            div.table-scroll tabindex="0" role="region" aria-label="Самодиагностика по школам" {
                table.folds {
                    thead { tr { th scope="col" { "Школа" } th scope="col" { "Муниципалитет" } th scope="col" { "Заполнено" } th scope="col" { "Состояние" } th scope="col" { "Ход за" } th scope="col" { "С какого дня" } } }
                    tbody { @for row in rows { (line(row, year, actor)) } }
                }
            }
        }
    };
    page(ui, "Самодиагностика школ", Section::Diagnosis, &content)
}

fn line(row: &Row, year: i16, actor: &Actor) -> Markup {
    let to = address(&format!("/schools/{}/diagnosis", row.school.0), &[("year", year.to_string())]);
    let zone = TimeZone::system();
    html! {
        tr {
            th scope="row" data-label="Школа" { a href=(to) { (row.name) } }
            td data-label="Муниципалитет" { (row.place) }
            @match &row.shelved {
                Some(shelved) => {
                    @let (progress, standing) = (&shelved.progress, &shelved.standing);
                    td data-label="Заполнено" { (progress.required_answered) " из " (progress.required) }
                    td data-label="Состояние" { (state_words(standing.state)) @if standing.edited { ", изменено" } }
                    td data-label="Ход за" { (mover(standing.whose_move)) }
                    td data-label="С какого дня" {
                        @if let Some(days) = standing.days_waiting(actor.today, &zone) {
                            (words::date_short(zone.to_datetime(standing.since).date()))
                            @if days > 0 { ", " (words::count(days as usize, ["день", "дня", "дней"])) }
                        }
                    }
                }
                None => {
                    td data-label="Заполнено" { "–" }
                    td data-label="Состояние" { "Не начата" }
                    td data-label="Ход за" { (mover(Some(Party::Author))) }
                    td data-label="С какого дня" { "–" }
                }
            }
        }
    }
}

fn mover(party: Option<Party>) -> &'static str {
    match party {
        Some(Party::Author) => "школой",
        Some(Party::Reviewer) => "куратором",
        Some(Party::Coordinator) => "координатором",
        None => "–",
    }
}
