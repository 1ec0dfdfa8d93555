//! What was done, by whom and when, and can the record be trusted?

mod file;
mod own;
mod told;

pub use file::file;
pub use own::part;
use told::{Names, action_words};

use axum::extract::{Query, State};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_store::{AuditEvent, AuditVerdict};
use serde::Deserialize;

use crate::clock;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::chain::{Known, Walked};
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Events on a page.
const PAGE: u64 = 50;

/// Which page.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    page: Option<u64>,
    /// `full`: check the whole chain now.
    #[serde(default)]
    check: Option<String>,
    /// Events before this one, for who reads a part of the journal.
    #[serde(default)]
    before: Option<i64>,
}

/// `GET /journal`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    if !actor.may(Right::SeeJournal, Place::Installation) {
        return of_own_place(&ui, &state, &actor, &wanted).await;
    }
    let number = wanted.page.unwrap_or(1).max(1);
    let events = state.store.audit(number, PAGE).await?;
    let names = Names::read(&state, &actor).await?;
    let known = state.chain.look(&state.store, wanted.check.as_deref() == Some("full"), clock::now()).await?;
    let pages = events.total.div_ceil(PAGE).max(1);
    let content = html! {
        div.page-head {
            div {
                h1 { "Журнал действий" }
                p { "Каждая запись хранит отпечаток предыдущей: изменить или убрать её незаметно нельзя." }
            }
        }
        (chain(&known))
        (files())
        (table(&events.events, &names))
        @if !events.events.is_empty() { (pager("Страницы журнала", ["Новее", "Старее"], number as usize, pages as usize, |page| format!("/journal?page={page}"))) }
    };
    Ok(page(&ui, "Журнал действий", Section::Journal, &content))
}

/// What who looks after one place reads: the events about its things. The chain as a whole is of the installation.
async fn of_own_place(ui: &Ui, state: &AppState, actor: &Actor, wanted: &Wanted) -> Result<Markup, WebError> {
    let found = part(state, actor, wanted.before, PAGE as usize).await?;
    let names = Names::read(state, actor).await?;
    let places: Vec<String> =
        actor.places(Right::SeeJournal).into_iter().map(|place| place_name(place, &actor.registry)).collect();
    let content = html! {
        div.page-head { div {
            h1 { "Журнал действий" }
            p { "Записи о планах, школах и людях вашего места: " (places.join(", ")) ". Весь журнал читает тот, кто отвечает за всю установку." }
        } }
        (files())
        (table(&found.events, &names))
        @if let Some(before) = found.before {
            p.actions { a.button.small rel="next" href={ "/journal?before=" (before) } { "Более ранние" (icon("arrow-right")) } }
        }
    };
    Ok(page(ui, "Журнал действий", Section::Journal, &content))
}

fn files() -> Markup {
    html! {
        p.small.no-print { "Журнал файлом: " a href="/journal/files/journal.xlsx" { "Excel" } " · " a href="/journal/files/journal.csv" { "CSV" } " · " a href="/journal/files/journal.json" { "JSON" } }
    }
}

fn table(events: &[AuditEvent], names: &Names) -> Markup {
    html! {
        @if events.is_empty() {
            p.muted { "Записей пока нет." }
        } @else {
            div.table-scroll tabindex="0" role="region" aria-label="Действия" {
                table.folds {
                    caption.visually-hidden { "Действия, новые сверху" }
                    thead { tr { th { "№" } th { "Когда" } th { "Кто" } th { "Что сделано" } th { "Подробности" } th { "Отпечаток" } } }
                    tbody { @for event in events { (row(event, names)) } }
                }
            }
        }
    }
}

fn chain(known: &Known) -> Markup {
    html! {
        @if let Some(since) = known.walking_since {
            div.notice role="status" {
                (icon("refresh-cw"))
                div {
                    p.notice-title { "Цепочка проверяется" }
                    p { "Проверка всех записей началась " (words::moment(since)) " и при миллионах записей занимает несколько минут. Ждать её на этой странице не нужно." }
                    p.no-print { a.button.small href="/journal" { "Посмотреть, готово ли" } }
                }
            }
        }
        @if let Some(walked) = &known.walked { (verdict(walked, known.walking_since.is_none())) }
    }
}

fn verdict(walked: &Walked, may_walk: bool) -> Markup {
    html! {
        @match &walked.verdict {
            AuditVerdict::Whole { events, last_hash } => {
                div.notice.good {
                    (icon("shield-check"))
                    div {
                        p.notice-title { "Цепочка цела" }
                        p {
                            "Записей: " (events) ". Вся цепочка проверена " (words::moment(walked.whole_at))
                            @if walked.events_then < *events { "; с тех пор проверены новые записи: " (events - walked.events_then) }
                            "."
                        }
                        @if *events > 0 {
                            p.small { "Последний отпечаток — запишите его вне программы, если нужно доказать позже: " code.hash { (last_hash) } }
                        }
                        @if may_walk {
                            form.no-print action="/journal" method="get" {
                                button.small type="submit" name="check" value="full" { (icon("refresh-cw")) "Проверить всю цепочку заново" }
                            }
                        }
                    }
                }
            }
            AuditVerdict::Broken { seq } => {
                div.notice.error role="alert" {
                    (icon("circle-alert"))
                    div {
                        p.notice-title { "Цепочка нарушена на записи № " (seq) }
                        p { "Эта запись или одна из предыдущих изменена в обход программы. Сравните базу с резервной копией." }
                    }
                }
            }
        }
    }
}

fn row(event: &AuditEvent, names: &Names) -> Markup {
    html! {
        tr {
            td.numeric data-label="№" { (event.seq) }
            td.nowrap data-label="Когда" { time datetime=(event.at) { (words::moment(event.at)) } }
            td.nowrap data-label="Кто" { (event.who) }
            td data-label="Что сделано" { (action_words(&event.action)) ": " (object(event, names)) }
            td data-label="Подробности" { (details(event)) }
            td data-label="Отпечаток" { code.small title=(event.hash) { (event.hash.chars().take(10).collect::<String>()) "…" } }
        }
    }
}

/// The object as a link, where there is a page of it.
fn object(event: &AuditEvent, names: &Names) -> Markup {
    let (words, way) = names.object(event);
    html! { @if let Some(way) = way { a href=(way) { (words) } } @else { (words) } }
}

/// A detail that is a text with something in it.
fn text<'a>(event: &'a AuditEvent, name: &str) -> Option<&'a str> {
    event.details.get(name).and_then(|value| value.as_str()).filter(|text| !text.is_empty())
}

fn details(event: &AuditEvent) -> Markup {
    html! {
        @if let Some(code) = text(event, "code") { a href={ "/rules/" (code) } { (code) } " " }
        @if let Some(reason) = text(event, "reason") { (reason) }
    }
}
