//! Which obligations hold, by which clause, and how do they stand?

mod acts;
mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cells::OrganisationId;
use opora_execution::obligations::{Keeping, Obligations, Rule, conflicts};
use opora_registry::NodeId;
use serde::Deserialize;

pub use acts::{act, side_for};
pub use windows::{may_excuse, may_record, windows_table};

use super::visits::{Told, View, notice};
use crate::usecases::results::alphabet::key;
use crate::usecases::support::{Window, municipal_windows, school_windows};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    school: Option<u32>,
    #[serde(default)]
    node: Option<u32>,
}

impl Wanted {
    fn place(&self) -> Option<Place> {
        let school = self.school.map(|id| Place::School(OrganisationId(id)));
        school.or(self.node.map(|id| Place::Node(NodeId(id))))
    }
}

/// The address of the windows of a place.
pub fn address_of(place: Place) -> String {
    match place {
        Place::School(school) => format!("/obligations?school={}", school.0),
        Place::Node(node) => format!("/obligations?node={}", node.0),
        Place::Installation => "/obligations".to_owned(),
    }
}

/// `GET /obligations`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let view = View::of(&state, &actor).await?;
    let place = wanted.place();
    if place.is_some_and(|place| windows_of(&state, &actor, &view, place).is_none()) {
        return Err(WebError::not_found("Этого места нет среди тех, чьи обязательства вам видны"));
    }
    Ok(whole(&ui, &state, &actor, &view, place, None))
}

/// The windows of a place that an actor sees; none where the place is not looked after or not theirs to see.
pub fn windows_of(state: &AppState, actor: &Actor, view: &View, place: Place) -> Option<Arc<Vec<Window>>> {
    let rules = &state.results.catalog().rulebook;
    match place {
        Place::School(school) => {
            let ground = view.ground(school)?;
            Some(school_windows(rules, &view.records, ground, actor.today))
        }
        Place::Node(node) => {
            let start = view.start_of(node).filter(|_| actor.may(Right::SeeDiagnosis, place))?;
            Some(Arc::new(municipal_windows(rules, &view.records, node, start, actor.today)))
        }
        Place::Installation => None,
    }
}

/// The page; with a place, its windows.
pub fn whole(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    view: &View,
    place: Option<Place>,
    wrong: Option<&Told>,
) -> Markup {
    let rules = &state.results.catalog().rulebook;
    let name = |place| place_name(place, &actor.registry);
    let content = html! { div.stack {
        @if place.is_some() { nav.breadcrumbs aria-label="Путь" { a href="/obligations" { "Обязательства" } } }
        div.page-head { div {
            h1 { "Обязательства" @if let Some(place) = place { ": " (name(place)) } }
            p { "Как часто и к каким дням нужно действовать, по какому пункту, и как это соблюдается." }
        } }
        @if let Some(told) = wrong { (notice(told)) }
        @if let Some(place) = place {
            (windows_table(state, actor, &view.records, &windows_of(state, actor, view, place).unwrap_or_default(), &address_of(place), false))
        } @else {
            (overview(state, actor, view))
        }
        (disagreements(state, actor, view, place))
        @if place.is_none() { @for act in rules.acts.iter() { (obligations(act)) } }
    } };
    page(ui, "Обязательства", Section::Visits, &content)
}

/// How many windows are in each state.
#[derive(Default)]
pub struct Count {
    /// Kept.
    pub kept: usize,
    /// Missed.
    pub missed: usize,
    /// Going on.
    pub open: usize,
    /// Not to be kept.
    pub excused: usize,
}

fn count(windows: &[Window]) -> Count {
    windows.iter().fold(Count::default(), |mut count, window| {
        match window.keeping {
            Keeping::Kept(_) => count.kept += 1,
            Keeping::Missed { .. } => count.missed += 1,
            Keeping::Open { .. } => count.open += 1,
            Keeping::Excused(_) => count.excused += 1,
            Keeping::Ahead => {}
        }
        count
    })
}

/// The places one may see with the numbers of their windows, by the alphabet; nothing is ranked.
pub fn counted(state: &AppState, actor: &Actor, view: &View) -> Vec<(String, Place, Count)> {
    let mut places: Vec<Place> = view.nodes.iter().map(|node| Place::Node(*node)).collect();
    places.extend(view.grounds.iter().map(|ground| Place::School(ground.school)));
    let mut rows: Vec<(String, Place, Count)> = places
        .into_iter()
        .filter_map(|place| {
            let windows = windows_of(state, actor, view, place)?;
            Some((place_name(place, &actor.registry), place, count(&windows)))
        })
        .collect();
    rows.sort_by_cached_key(|(name, place, _)| (matches!(place, Place::School(_)), key(name)));
    rows
}

fn overview(state: &AppState, actor: &Actor, view: &View) -> Markup {
    let rows = counted(state, actor, view);
    html! {
        section aria-labelledby="places" {
            h2 #places { "Как соблюдаются в этом учебном году" }
            @if rows.is_empty() {
                p.muted { "Сопровождаемых школ среди ваших пока нет. Школа появится здесь, когда у неё будет куратор или дорожная карта." }
            } @else {
                div.table-scroll tabindex="0" role="region" aria-label="Обязательства по местам" {
                    table.folds {
                        thead { tr { th scope="col" { "Где" } th scope="col" { "Соблюдено" } th scope="col" { "Пропущено" } th scope="col" { "Идёт" } th scope="col" { "Не требуется" } } }
                        tbody {
                            @for (name, place, count) in &rows {
                                tr {
                                    th scope="row" data-label="Где" { a href=(address_of(*place)) { (name) } }
                                    td data-label="Соблюдено" { (count.kept) }
                                    td data-label="Пропущено" { (count.missed) }
                                    td data-label="Идёт" { (count.open) }
                                    td data-label="Не требуется" { (count.excused) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Rules that say different things about the same, for the municipality of a place; the coordinator records a decision.
pub fn disagreements(state: &AppState, actor: &Actor, view: &View, place: Option<Place>) -> Markup {
    let rulebook = &state.results.catalog().rulebook;
    let rules: Vec<&Rule> = rulebook.rules().collect();
    let node = match place {
        Some(Place::Node(node)) => Some(node),
        Some(Place::School(school)) => view.ground(school).map(|ground| ground.node),
        _ => match view.nodes.as_slice() {
            [only] => Some(*only),
            _ => None,
        },
    };
    let book = node.and_then(|node| view.records.duties_of(Place::Node(node)));
    let settled = book.map_or(&[][..], |book| &book.settlements);
    let found = conflicts(&rules, settled);
    let decides = node.filter(|node| actor.roles_at(Place::Node(*node)).contains(&Role::Coordinator));
    html! {
        @if !found.is_empty() {
            section.card aria-labelledby="conflicts" {
                div.card-head { h2 #conflicts { "Правила говорят разное" } }
                ul.work-items {
                    @for (conflict, at) in found.iter().zip(1..) {
                        li {
                            p { (conflict.russian()) }
                            @if let Some(node) = decides {
                                details { summary { @if conflict.settled.is_some() { "Изменить решение" } @else { "Записать решение" } }
                                    form.stack action="/obligations" method="post" {
                                        input type="hidden" name="place" value=(Place::Node(node).code());
                                        input type="hidden" name="act" value="settled";
                                        div.field-row {
                                            div.field {
                                                label for={ "follow-" (at) } { "Держаться" }
                                                select id={ "follow-" (at) } name="pair" {
                                                    option value={ (conflict.first.id) " " (conflict.second.id) } { (conflict.first.clause) ": " (conflict.first.when.text) }
                                                    option value={ (conflict.second.id) " " (conflict.first.id) } { (conflict.second.clause) ": " (conflict.second.when.text) }
                                                }
                                            }
                                            div.field.grow { label for={ "settled-" (at) } { "Почему, чьё решение" } input id={ "settled-" (at) } name="reason" required autocomplete="off"; }
                                        }
                                        div.actions { button type="submit" { "Записать решение" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn obligations(act: &Obligations) -> Markup {
    let phases: BTreeMap<&str, &str> =
        act.phases.iter().map(|phase| (phase.id.as_str(), phase.name.as_str())).collect();
    html! {
        section aria-label=(act.title) {
            h2 { (act.title) }
            p.muted { "Источник: " (act.source) "." @if let Some(day) = act.checked { " Сверено " (words::date_short(day)) "." } }
            div.table-scroll tabindex="0" role="region" aria-label={ "Правила: " (act.title) } {
                table.folds {
                    thead { tr { th scope="col" { "Что" } th scope="col" { "Кто" } th scope="col" { "Как часто или к какому дню" } th scope="col" { "Когда действует" } th scope="col" { "Пункт" } } }
                    tbody {
                        @for rule in &act.rules {
                            tr {
                                th scope="row" data-label="Что" { (rule.what) @if let Some(note) = &rule.note { p.small.muted { (note) } } }
                                td data-label="Кто" { (rule.who) @if rule.for_each_school { ", по каждой школе" } }
                                td data-label="Как часто" { (rule.when.text) }
                                td data-label="Когда действует" { (rule.phase.as_deref().and_then(|phase| phases.get(phase)).copied().unwrap_or("весь учебный год")) }
                                td data-label="Пункт" { (rule.clause) ", " (rule.status.russian()) }
                            }
                        }
                    }
                }
            }
        }
    }
}
