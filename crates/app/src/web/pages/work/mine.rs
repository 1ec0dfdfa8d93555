//! What waits for me, what comes soon, and what do I wait for?

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Query, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_execution::Party;
use opora_execution::work::{Mover, MyWork, Person, WorkItem, WorkKind, my_work};
use opora_store::PlanSummary;
use serde::Deserialize;

use crate::usecases::next_steps;
use crate::usecases::standings::{PlanStanding, school_of};
use crate::usecases::support::{Supported, place_of};
use crate::usecases::work::{address, curated, person};
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::pages::upstream;
use crate::web::pages::visits::supported;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address as page_address;
use crate::web::words;

/// Most lines of one list on a page.
pub const LINES: usize = 100;

/// What to show of it.
#[derive(Default, Deserialize)]
pub struct Narrowed {
    /// The slug of a kind of work; all without.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    page: Option<usize>,
}

/// Everything that waits for somebody, of what a person may read.
pub struct Waiting {
    person: Person,
    plans: Vec<Arc<PlanStanding>>,
    supported: Vec<Arc<Supported>>,
    others: Vec<WorkItem>,
    today: Date,
}

impl Waiting {
    /// Of plans, self-diagnoses, changes above, visits, obligations and meetings.
    pub async fn of(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let plans = actor.standings(state).await?;
        let supported = supported(state, actor).await?;
        let mut others = Vec::new();
        for plan in plans.iter().filter(|plan| actor.may(Right::WriteRoadmap, plan.summary.owner)) {
            others.extend(upstream_item(state, &plan.summary).await?);
        }
        let schools = state.school_work(actor.today).await?;
        let own = |school| actor.may(Right::SeeDiagnosis, Place::School(school));
        others.extend(schools.iter().filter(|(school, _)| own(*school)).map(|(_, item)| item.clone()));
        let grants = state.store.grants(None).await?;
        let curated = curated(&grants, actor.today);
        let person = person(&actor.person, actor.number(0), &actor.registry, &curated, actor.today);
        others.extend(roadmaps_to_write(state, actor, &plans).await?);
        if person.roles.iter().any(|(party, _)| *party == Party::Coordinator) {
            let accounts = state.store.accounts().await?;
            let held = grants.iter().filter(|held| held.grant.holds(actor.today));
            let held: BTreeSet<i64> = held.map(|held| held.account.0).collect();
            let open = accounts.iter().filter(|account| account.open).map(|account| account.id.0);
            let here = open.filter(|account| held.contains(account)).collect();
            let known = known(&plans, &supported, &others);
            let left: Vec<WorkItem> = known.filter_map(|item| next_steps::handed_back(item, &here)).collect();
            others.extend(left);
        }
        Ok(Self { person, plans, supported, others, today: actor.today })
    }

    /// What of it is the work of the person.
    pub fn work(&self) -> MyWork<'_> {
        my_work(&self.person, known(&self.plans, &self.supported, &self.others), self.today)
    }
}

fn known<'a>(
    plans: &'a [Arc<PlanStanding>],
    supported: &'a [Arc<Supported>],
    others: &'a [WorkItem],
) -> impl Iterator<Item = &'a WorkItem> {
    let of_plans = plans.iter().flat_map(|plan| &plan.items);
    of_plans.chain(supported.iter().flat_map(|place| &place.items)).chain(others)
}

/// `GET /work`.
pub async fn mine(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(narrowed): Query<Narrowed>,
) -> Result<Markup, WebError> {
    let waiting = Waiting::of(&state, &actor).await?;
    Ok(page(&ui, "Моя работа", Section::Work, &content(&waiting.work(), &actor, &narrowed)))
}

/// The roadmaps that the person has to write: those of own schools whose self-diagnosis is approved.
pub async fn roadmaps_to_write(
    state: &AppState,
    actor: &Actor,
    plans: &[Arc<PlanStanding>],
) -> Result<Vec<WorkItem>, WebError> {
    if !actor.may_somewhere(Right::WriteRoadmap) {
        return Ok(Vec::new());
    }
    let papers = &state.results.catalog().papers;
    let shelved = state.diagnoses.of_year(&state.store, papers, actor.today.year()).await?;
    let own = shelved.iter().filter(|(case, _)| actor.may(Right::WriteRoadmap, Place::School(case.school)));
    let own = own.map(|(case, shelved)| (case.school, &shelved.standing));
    Ok(next_steps::to_write(own, plans.iter().map(Arc::as_ref), actor.today))
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

fn content<'a>(work: &MyWork<'a>, actor: &Actor, narrowed: &Narrowed) -> Markup {
    let wanted = WorkKind::of_slug(&narrowed.kind);
    let of_kind = |items: &Vec<&'a WorkItem>| -> Vec<&'a WorkItem> {
        items.iter().filter(|item| wanted.is_none_or(|kind| item.kind == kind)).copied().collect()
    };
    let lists: [(&str, Vec<&WorkItem>); 3] = [
        ("Ждёт вас", of_kind(&work.now)),
        ("Скоро", of_kind(&work.soon)),
        ("Вы ждёте других", of_kind(&work.others)),
    ];
    let pages = lists.iter().map(|(_, items)| items.len().div_ceil(LINES)).max().unwrap_or_default();
    let number = narrowed.page.unwrap_or(1).clamp(1, pages.max(1));
    html! { div.stack {
        div.page-head { div {
            h1 { "Моя работа" }
            p { "Ждёт вас: " (work.now.len()) @if work.late > 0 { ", из них просрочено: " (work.late) } ". Скоро: " (work.soon.len()) "." }
        } }
        (kinds(work, wanted))
        @if lists.iter().all(|(_, items)| items.is_empty()) { (nothing(actor, wanted)) }
        @for (title, items) in &lists { (list(title, items, number, actor)) }
        (pages_of(wanted, number, pages))
        @if work.later > 0 { p.muted { "Дальше чем через месяц или без срока: " (work.later) "." } }
    } }
}

/// The kinds of work in the lists as links that narrow them: what others wait for must not drown in what is late.
fn kinds(work: &MyWork<'_>, wanted: Option<WorkKind>) -> Markup {
    let count = |kind| {
        [&work.now, &work.soon, &work.others]
            .iter()
            .flat_map(|list| list.iter())
            .filter(|item| item.kind == kind)
            .count()
    };
    let present: Vec<(WorkKind, usize)> =
        WorkKind::ALL.into_iter().map(|kind| (kind, count(kind))).filter(|(_, count)| *count > 0).collect();
    html! {
        @if present.len() > 1 {
            nav.work-states aria-label="Отбор по делам" {
                a href="/work" aria-current=[wanted.is_none().then_some("true")] { "все" }
                @for (kind, count) in present {
                    a href={ "/work?kind=" (kind.slug()) } aria-current=[(wanted == Some(kind)).then_some("true")] { (kind.russian()) " " strong { (count) } }
                }
            }
        }
    }
}

fn nothing(actor: &Actor, wanted: Option<WorkKind>) -> Markup {
    let all = html! { a.button href="/work" { "Показать всё" } };
    let plans = html! {
        @if actor.may_somewhere(Right::Diagnose) { a.button href="/diagnosis" { "К самодиагностике" } " " }
        a.button href="/plans" { "К планам" }
    };
    html! {
        @if wanted.is_some() { (empty("circle-check", "Таких дел сейчас нет", "Посмотрите все остальные.", &all)) }
        @else { (empty("circle-check", "Сейчас ничего не ждёт", "Когда подойдёт срок или что-то пришлют на проверку, это появится здесь.", &plans)) }
    }
}

fn pages_of(wanted: Option<WorkKind>, number: usize, pages: usize) -> Markup {
    let to = |number: usize| {
        let kind = wanted.map(|kind| ("kind", kind.slug().to_owned()));
        let pairs: Vec<(&str, String)> = kind.into_iter().chain([("page", number.to_string())]).collect();
        page_address("/work", &pairs)
    };
    pager("Страницы", ["Раньше", "Позже"], number, pages, to)
}

fn list(title: &str, items: &[&WorkItem], number: usize, actor: &Actor) -> Markup {
    let shown: Vec<_> = items.iter().skip((number - 1).saturating_mul(LINES)).take(LINES).collect();
    html! {
        @if !shown.is_empty() {
            section.card {
                div.card-head { h2 { (title) } @if items.len() > LINES { span.count { (items.len()) } } }
                ul.work-items { @for item in shown { (line(item, actor)) } }
            }
        }
    }
}

fn line(item: &WorkItem, actor: &Actor) -> Markup {
    html! {
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

/// The page of an item: its path is that of the room.
pub fn page_of(item: &WorkItem) -> String {
    place_of(item).unwrap_or_else(|| format!("/{}", address(&item.path)))
}
