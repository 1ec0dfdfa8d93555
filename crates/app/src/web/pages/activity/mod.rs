//! What is known of one activity, and where does it come from?

mod dates;
mod source;

use axum::extract::{Path, RawQuery, State};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::Right;
use opora_checks::Finding;
use opora_cycle::vocabulary::{Activity, ActivityKey, PartyKind, SchoolRef};

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::chips::schedule_chips;
use crate::web::components::finding;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::plan::{section_title, state_badge};
use crate::web::shown::{Shown, Wish};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{Parameter, address};
use crate::web::views::agenda::{Item, agenda};
use crate::web::views::facets::school_label;
use crate::web::views::plan::{Neighbourhood, neighbourhood};
use crate::web::views::words::shortened;

/// `GET /plans/{id}/activities/{key}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, key)): Path<(i64, u32)>,
    RawQuery(query): RawQuery,
) -> Result<Markup, WebError> {
    let key = ActivityKey(key);
    let mut shown = Shown::read(&state, id, query.as_deref(), |_| Wish::InForce).await?;
    let mut other = shown.other(&state).await?;
    // Links lead here from pages of either version.
    if shown.plan.activity(key).is_none()
        && let Some(other) = &mut other
    {
        std::mem::swap(&mut shown.plan, other);
    }
    let found = neighbourhood(&shown.plan.order, key)
        .ok_or_else(|| WebError::not_found("Такого мероприятия в плане нет"))?;
    let notice = match other {
        Some(other) if other.activity(key).is_none() => shown.notice_of_one_side(),
        _ => shown.notice(&ui),
    };
    let title = shortened(&found.activity.title, 80);
    let edits = actor.may(Right::EditPlans, shown.owner);
    Ok(page(&ui, &title, Section::Plans, &html! { (notice) (content(&shown, &found, edits, ui.today)) }))
}

fn content(shown: &Shown, found: &Neighbourhood<'_>, edits: bool, today: Date) -> Markup {
    let (plan, activity) = (shown.plan.as_ref(), found.activity);
    let (base, version) = (format!("/plans/{}", plan.id), shown.parameter());
    let agenda = agenda(&plan.order, today);
    let item = agenda.items.iter().find(|item| item.activity.key == activity.key);
    let findings: Vec<&Finding> = plan.findings_of(activity.key).collect();
    html! {
        (breadcrumbs(&address(&base, version.as_slice()), plan, found))
        div.page-head.activity-head {
            h1 {
                @if let Some(number) = &activity.number { span.activity-number { (number) } " " }
                (activity.title)
            }
            @if edits {
                div.actions {
                    a.button href={ (base) "/review?edit=activity-" (activity.key.0) "&at=" (activity.key.0) "#activity-" (activity.key.0) } { (icon("pencil")) "Изменить" }
                }
            }
        }
        div.activity-columns {
            div.stack {
                (fields(activity, item))
                @if !findings.is_empty() { (finding_list(&findings)) }
                (source::draw(plan, activity, edits))
            }
            @if let Some(item) = item { (dates::draw(item, today)) }
        }
        (neighbours(&base, version.as_slice(), found))
    }
}

fn breadcrumbs(base: &str, plan: &LoadedPlan, found: &Neighbourhood<'_>) -> Markup {
    let section = section_title(found.section);
    html! {
        nav.breadcrumbs aria-label="Путь" {
            a href="/plans" { "Планы" } " › "
            a href=(base) { (shortened(plan.title(), 60)) }
            @if !section.is_empty() {
                " › " a href={ (base) "#section-" (found.section_index + 1) } { (shortened(&section, 60)) }
            }
        }
    }
}

fn fields(activity: &Activity, item: Option<&Item<'_>>) -> Markup {
    let schools: Vec<&SchoolRef> = activity.responsible.iter().flat_map(|party| &party.schools).collect();
    html! {
        section.card aria-label="Сведения" {
            dl.facts {
                dt { "Срок" }
                dd {
                    (schedule_chips(&activity.schedule))
                    @if !activity.schedule.text.trim().is_empty() {
                        p.verbatim { "В документе: «" (activity.schedule.text) "»" }
                    }
                }
                @if let Some(item) = item { dt { "Состояние" } dd { (state_badge(item.state)) } }
                dt { "Ответственные" }
                dd { (parties(activity)) }
                @if !schools.is_empty() {
                    dt { "Школы" }
                    dd { ul.chips { @for school in schools { li { span.chip { (icon("school")) (school_label(school)) } } } } }
                }
                dt { "Результат" }
                dd { (text_or_absent(activity.outcome.as_deref())) }
                @if activity.target_group.is_some() {
                    dt { "Целевая группа" }
                    dd { (text_or_absent(activity.target_group.as_deref())) }
                }
                @for other in &activity.other { dt { (other.head) } dd { (text_or_absent(Some(&other.text))) } }
            }
        }
    }
}

fn text_or_absent(text: Option<&str>) -> Markup {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => html! { (text) },
        None => html! { span.absent { "не указан" } },
    }
}

fn parties(activity: &Activity) -> Markup {
    html! {
        @if activity.responsible.is_empty() { span.absent { "не указаны" } }
        ul.parties {
            @for party in &activity.responsible {
                li.party {
                    (icon(match party.kind {
                        PartyKind::Person => "user",
                        PartyKind::Body | PartyKind::Role => "users",
                        PartyKind::Schools => "school",
                    }))
                    span { (party.text) @if let Some(word) = kind_word(party.kind) { span.party-kind { " · " (word) } } }
                }
            }
        }
    }
}

/// What has to be said of a party beyond its text; a named person needs no words.
fn kind_word(kind: PartyKind) -> Option<&'static str> {
    match kind {
        PartyKind::Person => None,
        PartyKind::Body => Some("организация"),
        PartyKind::Role => Some("должность без имени"),
        PartyKind::Schools => Some("школы"),
    }
}

fn finding_list(findings: &[&Finding]) -> Markup {
    html! {
        section #findings.stack aria-labelledby="findings-head" {
            h2 #findings-head { "Замечания" }
            @for one in findings { (finding::card(one, &Markup::default(), &Markup::default())) }
        }
    }
}

fn neighbours(base: &str, version: &[Parameter], found: &Neighbourhood<'_>) -> Markup {
    let link = |activity: &Activity| address(&format!("{base}/activities/{}", activity.key.0), version);
    let words = |activity: &Activity| {
        let number = activity.number.as_deref().unwrap_or_default();
        format!("{number} {}", shortened(&activity.title, 60))
    };
    html! {
        nav.neighbours.activity-neighbours.no-print aria-label="Соседние мероприятия" {
            @if let Some(before) = found.previous {
                a rel="prev" href=(link(before)) {
                    (icon("arrow-left")) span { span.visually-hidden { "Предыдущее: " } (words(before)) }
                }
            }
            @if let Some(after) = found.next {
                a.after rel="next" href=(link(after)) {
                    span { span.visually-hidden { "Следующее: " } (words(after)) } (icon("arrow-right"))
                }
            }
        }
    }
}
