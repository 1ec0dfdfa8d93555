//! Which versions has a plan had, and what changed in each?

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_approval::{Kind, Standing, standing};
use opora_roadmap::ChangeKind;
use opora_store::{Authorship, PlanId, VersionNumber, VersionSummary};
use serde::Deserialize;

use crate::clock;
use crate::usecases::agreement::{Agreement, content_of, of_roadmap};
use crate::usecases::edit_changes::{Change, changes};
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::components::segments::{new_side, old_side};
use crate::web::errors::WebError;
use crate::web::pages::compare;
use crate::web::pages::people::{nodes_of, place_name, school_named};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Versions on a page: each is compared with the one before it.
const PAGE: usize = 20;
/// Most changes shown for a version.
const MOST_CHANGES: usize = 30;

/// From which version down.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    before: Option<i32>,
}

/// `GET /plans/{id}/history`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let plan = state.plan(id).await?;
    let history = state.store.history(PlanId(id)).await?;
    let below = |version: &&VersionSummary| wanted.before.is_none_or(|before| version.number.0 < before);
    let shown: Vec<&VersionSummary> = history.iter().filter(below).take(PAGE).collect();
    let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(id)).await?;
    let newest = history.first().filter(|_| !agreement.facts.is_empty());
    let standing = newest.map(|newest| standing(Kind::Roadmap, &agreement.facts, &content_of(newest)));
    let in_force = standing.as_ref().and_then(Standing::in_force_version);
    let mut items = Vec::with_capacity(shown.len());
    for version in &shown {
        items.push(html! {
            li.version #{ "v" (version.number.0) } {
                (head(id, version, plan.version, in_force))
                (told(&state, id, version.number, &plan.order.source.name).await?)
            }
        });
    }
    let older = shown.last().map(|version| version.number.0).filter(|number| *number > 1);
    let content = html! {
        (owner_card(&actor, id, state.store.summary(PlanId(id)).await?.owner))
        h2 { "История изменений" }
        p.muted { "Ничего не стирается: каждая правка — новая версия, прежние остаются." }
        @if let (Some(newest), Some(first)) = (history.first(), history.get(1)) {
            (compare::choice(id, &history, first.number, newest.number, standing.as_ref()))
        }
        ol.versions { @for item in &items { (item) } }
        @if let Some(number) = older {
            p { a.button href={ "/plans/" (id) "/history?before=" (number) } { (icon("history")) "Показать более ранние" } }
        }
    };
    Ok(plan_page(&ui, &plan, PlanTab::History, &content))
}

/// Whose the plan is, and a form to give it to somebody else.
fn owner_card(actor: &Actor, plan: i64, owner: Place) -> Markup {
    let places = actor.places(Right::EditPlans);
    html! {
        p { "Чей план: " strong { (place_name(owner, &actor.registry)) } "." }
        @if actor.may(Right::EditPlans, owner) && !actor.registry.organisations().is_empty() {
            details {
                summary { "Передать план" }
                form.stack action={ "/plans/" (plan) "/owner" } method="post" {
                    p.hint { "План читают все, кто работает в этом месте и внутри него; меняют — те, у кого там есть такое право." }
                    div.field {
                        label for="place" { "Кому" }
                        select #place name="place" { @for (place, name) in nodes_of(&places, actor) { option value=(place.code()) selected[place == owner] { (name) } } }
                    }
                    div.field { label for="school" { "Или школе" } input #school name="school" autocomplete="off"; p.hint { "Название, как в реестре." } }
                    div.field { label for="owner-reason" { "Причина" } input #owner-reason name="reason" required autocomplete="off"; }
                    div.actions { button type="submit" { "Передать" } }
                }
            }
        }
    }
}

/// To whom a plan goes.
#[derive(Deserialize)]
pub struct Giving {
    #[serde(default)]
    place: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    reason: String,
}

/// `POST /plans/{id}/owner`: the giver must be allowed to edit plans there and here.
pub async fn give(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(giving): Form<Giving>,
) -> Result<Redirect, WebError> {
    let place = if giving.school.trim().is_empty() {
        Place::of_code(&giving.place).ok_or_else(|| {
            WebError::bad_request("Непонятно, кому передать план", "Выберите место из списка.")
        })?
    } else {
        school_named(&giving.school, Right::EditPlans, &actor)
            .map_err(|(_, what)| WebError::bad_request(&what, "Вернитесь назад и исправьте название."))?
    };
    give_to(&state, &actor, id, place, &giving.reason).await?;
    Ok(Redirect::to(&format!("/plans/{id}/history")))
}

/// Gives a plan to a place. The gate has seen to it that the giver may edit it here.
pub async fn give_to(
    state: &AppState,
    actor: &Actor,
    id: i64,
    place: Place,
    reason: &str,
) -> Result<(), WebError> {
    actor.require(Right::EditPlans, place)?;
    if !actor.knows(place) {
        return Err(WebError::bad_request(
            "Такого места в реестре нет",
            "Выберите территорию или школу из реестра.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(opora_store::StoreError::ReasonMissing.into());
    }
    let by = Authorship { who: actor.name(), reason: reason.trim(), at: clock::now() };
    Ok(state.store.set_plan_owner(PlanId(id), place, &by).await?)
}

/// A version with who wrote it. Where an agreed version is in force, the newest one may be none that holds.
fn head(plan: i64, version: &VersionSummary, newest: i32, in_force: Option<i32>) -> Markup {
    let number = version.number.0;
    html! {
        div.version-head {
            h3 { "Версия " (version.number.0) }
            @if in_force.unwrap_or(newest) == number { span.badge.good { (icon("check")) "действует" } }
            @if number == newest && in_force.is_some_and(|version| version != newest) { span.badge.note { "пишется" } }
            span.muted.small {
                time datetime=(version.created_at) { (words::moment(version.created_at)) } " · " (version.author)
            }
            @if number < newest { a.small.no-print href={ "/plans/" (plan) "/compare?from=" (number) "&to=" (newest) } { "Сравнить с новейшей" } }
        }
        // What the first version says of itself, the file, is told below.
        @if !version.reason.is_empty() && version.number > VersionNumber::FIRST { p { (version.reason) } }
    }
}

/// What changed against the version before.
async fn told(state: &AppState, id: i64, number: VersionNumber, file: &str) -> Result<Markup, WebError> {
    if number <= VersionNumber::FIRST {
        return Ok(html! { p.muted { "План прочитан из исходного файла «" (file) "»." } });
    }
    let after = state.store.plan_version(PlanId(id), number).await?;
    let before = state.store.plan_version(PlanId(id), VersionNumber(number.0 - 1)).await?;
    let changes = changes(&before.order, &after.order);
    Ok(html! {
        @if changes.is_empty() { p.muted { "Слова плана не изменились." } }
        @else {
            ul.changes { @for change in changes.iter().take(MOST_CHANGES) { li { (line(change)) } } }
            @if changes.len() > MOST_CHANGES {
                p.muted.small { "И ещё " (words::count(changes.len() - MOST_CHANGES, ["изменение", "изменения", "изменений"])) "." }
            }
        }
    })
}

fn line(change: &Change) -> Markup {
    let (before, after) =
        (change.before.as_deref().unwrap_or_default(), change.after.as_deref().unwrap_or_default());
    html! {
        @if change.kind == ChangeKind::Edited {
            span.change-what { (change.what) }
            span.change-texts {
                @if !before.is_empty() { span.was { span.visually-hidden { "было: " } (old_side(before, after)) } }
                @if !after.is_empty() { span.became { span.visually-hidden { "стало: " } (new_side(before, after)) } }
            }
        } @else {
            span.change-what { (change.sentence) }
        }
    }
}
