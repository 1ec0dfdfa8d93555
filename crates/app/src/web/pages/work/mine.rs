//! What waits for me, what comes soon, and what do I wait for?

use std::sync::Arc;

use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_execution::Party;
use opora_execution::work::{Mover, MyWork, Person, WorkItem, WorkKind, my_work};
use opora_store::PlanSummary;

use crate::usecases::standings::{PlanStanding, school_of};
use crate::usecases::support::place_of;
use crate::usecases::work::{address, person};
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::pages::upstream;
use crate::web::pages::visits::supported;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Most lines of one list.
const LINES: usize = 200;

/// Everything that waits for somebody, of what a person may read.
pub struct Waiting {
    person: Person,
    plans: Vec<Arc<PlanStanding>>,
    others: Vec<WorkItem>,
    today: Date,
}

impl Waiting {
    /// Of plans, self-diagnoses, changes above, visits, obligations and meetings.
    pub async fn of(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let plans = actor.standings(state).await?;
        let mut others = supported(state, actor).await?;
        for plan in plans.iter().filter(|plan| actor.may(Right::WriteRoadmap, plan.summary.owner)) {
            others.extend(upstream_item(state, &plan.summary).await?);
        }
        let schools = state.school_work(actor.today).await?;
        let own = |school| actor.may(Right::SeeDiagnosis, Place::School(school));
        others.extend(schools.iter().filter(|(school, _)| own(*school)).map(|(_, item)| item.clone()));
        let person = person(&actor.person, actor.number(0), &actor.registry, actor.today);
        Ok(Self { person, plans, others, today: actor.today })
    }

    /// What of it is the work of the person.
    pub fn work(&self) -> MyWork<'_> {
        let items = self.plans.iter().flat_map(|plan| &plan.items).chain(&self.others);
        my_work(&self.person, items, self.today)
    }
}

/// `GET /work`.
pub async fn mine(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let waiting = Waiting::of(&state, &actor).await?;
    Ok(page(&ui, "Моя работа", Section::Work, &content(&waiting.work(), &actor)))
}

/// Changes of the municipal plan that the school has to decide about.
async fn upstream_item(state: &AppState, plan: &PlanSummary) -> Result<Option<WorkItem>, WebError> {
    let waiting = upstream::waiting(state, plan).await?;
    let school = school_of(plan.owner);
    Ok(waiting.map(|(count, since)| WorkItem {
        path: format!("plans/{}/upstream", plan.id.0),
        what: format!("{}: {} в муниципальном плане", plan.title, words::count(count, upstream::CHANGES)),
        kind: WorkKind::Upstream,
        school,
        due: None,
        mover: Mover::Role(Party::Performer, school),
        waiting: None,
        since: since.to_zoned(TimeZone::system()).datetime(),
    }))
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
    place_of(item).unwrap_or_else(|| format!("/{}", address(&item.path)))
}
