//! What waits for me, what comes soon, and what do I wait for?

use axum::extract::State;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Role};
use opora_approval::{Content, Kind, Party as AgreementParty, standing};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::places::occurrence_path;
use opora_execution::work::{
    Mover, MyWork, Person, Sides, WorkItem, WorkKind, mention_work, my_work, plan_work,
};
use opora_execution::{Ledger, Party};
use opora_store::PlanSummary;

use crate::usecases::agreement::{Agreement, of_roadmap};
use crate::usecases::execution::Execution;
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
    let mut items = Vec::new();
    for plan in actor.plans(&state).await?.iter().filter(|plan| !plan.archived) {
        items.extend(items_of(&state, &actor, plan).await?);
    }
    items.extend(supported(&state, &actor).await?);
    let person = person(&actor);
    let work = my_work(&person, &items, ui.today);
    Ok(page(&ui, "Моя работа", Section::Work, &content(&work, &actor)))
}

/// The number by which this room knows the place of a plan: a school by its own, a municipality by none.
fn school_of(owner: Place) -> Option<i64> {
    match owner {
        Place::School(school) => Some(i64::from(school.0)),
        Place::Node(_) | Place::Installation => None,
    }
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

/// Everything that waits in a plan.
pub async fn items_of(
    state: &AppState,
    actor: &Actor,
    plan: &PlanSummary,
) -> Result<Vec<WorkItem>, WebError> {
    let loaded = state.plan_of(plan).await?;
    let execution = Execution::read(&state.store, plan.id.0, &loaded.order, actor.today).await?;
    let school = school_of(plan.owner);
    let reviewer = if school.is_some() { Party::Curator } else { Party::Coordinator };
    let sides = Sides {
        performer: Mover::Role(Party::Performer, school),
        reviewer: Mover::Role(reviewer, school),
        school,
    };
    let title = |key| loaded.activity(key).map(|activity| activity.title.clone()).unwrap_or_default();
    let base = format!("plans/{}", plan.id.0);
    let ledger = execution.ledger();
    let mut items = plan_work(&base, &sides, ledger.accounts(), title, actor.today);
    items.extend(mentions(&ledger, &base, school, &title));
    items.extend(agreement_item(state, plan, school).await?);
    Ok(items)
}

/// The comments in a plan that call on people who have not answered.
fn mentions(
    ledger: &Ledger<'_>,
    base: &str,
    school: Option<i64>,
    title: &dyn Fn(ActivityKey) -> String,
) -> Vec<WorkItem> {
    let mut items = Vec::new();
    for (at, (occurrence, account)) in ledger.accounts().enumerate() {
        if account.comments > 0 {
            let path = format!("{base}/{}", occurrence_path(&occurrence.key));
            items.extend(mention_work(&path, &|| title(occurrence.key.activity), school, ledger.facts(at)));
        }
    }
    items
}

/// The move that the agreement on a roadmap waits for.
async fn agreement_item(
    state: &AppState,
    plan: &PlanSummary,
    school: Option<i64>,
) -> Result<Option<WorkItem>, WebError> {
    let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(plan.id.0)).await?;
    if agreement.facts.is_empty() {
        return Ok(None);
    }
    let Some(version) = state.store.history(plan.id).await?.into_iter().next() else { return Ok(None) };
    let content = Content {
        version: version.number.0,
        sha256: &version.content_sha256,
        written_at: version.created_at,
    };
    let standing = standing(Kind::Roadmap, &agreement.facts, &content);
    let author = Mover::Role(Party::Performer, school);
    let item = |party, kind| WorkItem {
        path: format!("plans/{}/approval", plan.id.0),
        what: plan.title.clone(),
        kind,
        school,
        due: None,
        mover: Mover::Role(party, school),
        // Whoever asked for the agreement waits for it.
        waiting: (party != Party::Performer).then_some(author),
        since: standing.since.to_zoned(TimeZone::system()).datetime(),
    };
    Ok(standing.whose_move.map(|party| match party {
        AgreementParty::Author => item(Party::Performer, WorkKind::DocumentReturned),
        AgreementParty::Reviewer => item(Party::Curator, WorkKind::Approval),
        AgreementParty::Coordinator => item(Party::Coordinator, WorkKind::Approval),
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
