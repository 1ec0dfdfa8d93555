//! What waits for me, what comes soon, and what do I wait for?

use axum::extract::State;
use maud::{Markup, html};
use opora_access::{Place, Role};
use opora_execution::Party;
use opora_execution::work::{MyWork, Person, WorkItem, my_work};

use crate::usecases::support::place_of;
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::pages::visits::supported;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Most lines of one list.
const LINES: usize = 200;

/// `GET /work`.
pub async fn mine(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let plans = actor.standings(&state).await?;
    let supported = supported(&state, &actor).await?;
    let items = plans.iter().flat_map(|plan| &plan.items).chain(&supported);
    let work = my_work(&person(&actor), items, actor.today);
    Ok(page(&ui, "Моя работа", Section::Work, &content(&work, &actor)))
}

/// The person with the roles of today, for each school of the own plans.
fn person(actor: &Actor) -> Person {
    let mut roles: Vec<(Party, Option<i64>)> = Vec::new();
    let grants = actor.person.grants.iter().filter(|grant| grant.holds(actor.today));
    for grant in grants {
        let places: Vec<Option<i64>> = match grant.place {
            Place::School(school) => vec![Some(i64::from(school.0))],
            place => actor
                .registry
                .organisations()
                .iter()
                .filter(|school| opora_access::contains(place, Place::School(school.id), &actor.registry))
                .map(|school| Some(i64::from(school.id.0)))
                .chain([None])
                .collect(),
        };
        let party = match grant.role {
            Role::SchoolHead | Role::SchoolTeam | Role::Methodologist => Party::Performer,
            Role::Curator => Party::Curator,
            Role::Coordinator => Party::Coordinator,
            Role::RegionalOperator | Role::Observer => continue,
        };
        roles.extend(places.iter().map(|place| (party, *place)));
        // The plan of a municipality is carried out by its office.
        if grant.role == Role::Coordinator {
            roles.push((Party::Performer, None));
        }
    }
    Person { account: actor.number(0), roles }
}

fn content(work: &MyWork<'_>, actor: &Actor) -> Markup {
    html! { div.stack {
        div.page-head { div {
            h1 { "Моя работа" }
            p { "Ждёт вас: " (work.now.len()) @if work.late > 0 { ", из них просрочено: " (work.late) } ". Скоро: " (work.soon.len()) "." }
        } }
        @if work.now.is_empty() && work.soon.is_empty() && work.others.is_empty() {
            (empty("circle-check", "Сейчас ничего не ждёт", "Когда подойдёт срок или что-то пришлют на проверку, это появится здесь.", &html! { a.button href="/plans" { "К планам" } }))
        }
        (list("Ждёт вас", &work.now, actor))
        (list("Скоро", &work.soon, actor))
        (list("Вы ждёте других", &work.others, actor))
        @if work.later > 0 { p.muted { "Дальше чем через месяц или без срока: " (work.later) "." } }
    } }
}

fn list(title: &str, items: &[&WorkItem], actor: &Actor) -> Markup {
    html! {
        @if !items.is_empty() {
            section.card {
                div.card-head { h2 { (title) } }
                ul.work-items {
                    @for item in items.iter().take(LINES) {
                        li {
                            a href=(page_of(item)) { (item.what) }
                            span.small.muted {
                                (item.kind.russian())
                                @if let Some(due) = item.due { ", " (words::from_today(due, actor.today)) " (" (words::date_short(due)) ")" }
                                @else { ", ждёт с " (words::date_short(item.since.date())) }
                                @if let Some(school) = item.school.and_then(|id| u32::try_from(id).ok()) {
                                    " · " (place_name(Place::School(opora_cells::OrganisationId(school)), &actor.registry))
                                }
                            }
                        }
                    }
                }
                @if items.len() > LINES { p.muted { "И ещё " (items.len() - LINES) "." } }
            }
        }
    }
}

/// The page of an item: its path is that of the room.
pub fn page_of(item: &WorkItem) -> String {
    if let Some(own) = place_of(item) {
        return own;
    }
    match item.path.split_once("/occurrence/") {
        Some((plan, key)) => {
            let key = key.trim_end_matches("/postponement");
            let key = key.split_once("/comment/").map_or(key, |(key, _)| key).replace(['/', '.'], "-");
            format!("/{plan}/work#o-{key}")
        }
        None => format!("/{}", item.path),
    }
}
