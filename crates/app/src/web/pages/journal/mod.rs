//! What was done, by whom and when, and can the record be trusted?

mod own;

pub use own::part;

use std::collections::HashMap;

use axum::extract::{Query, State};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_store::{AuditEvent, AuditVerdict};
use serde::Deserialize;

use crate::clock;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::{AppState, CheckedAudit};
use crate::web::ui::Ui;
use crate::web::views::words::shortened;
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

/// Titles of plans by their numbers.
type Titles = HashMap<String, String>;

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
    let titles: Titles =
        state.store.plans().await?.into_iter().map(|plan| (plan.id.0.to_string(), plan.title)).collect();
    let checked = state.verify_audit(wanted.check.as_deref() == Some("full"), clock::now()).await?;
    let pages = events.total.div_ceil(PAGE).max(1);
    let content = html! {
        div.page-head {
            div {
                h1 { "Журнал действий" }
                p { "Каждая запись хранит отпечаток предыдущей: изменить или убрать её незаметно нельзя." }
            }
        }
        (chain(&checked))
        (table(&events.events, &titles))
        @if !events.events.is_empty() { (pager(number, pages)) }
    };
    Ok(page(&ui, "Журнал действий", Section::Journal, &content))
}

/// What who looks after one place reads: the events about its things. The chain as a whole is of the installation.
async fn of_own_place(ui: &Ui, state: &AppState, actor: &Actor, wanted: &Wanted) -> Result<Markup, WebError> {
    let found = part(state, actor, wanted.before, PAGE as usize).await?;
    let plans = actor.plans(state).await?;
    let titles: Titles = plans.into_iter().map(|plan| (plan.id.0.to_string(), plan.title)).collect();
    let places: Vec<String> =
        actor.places(Right::SeeJournal).into_iter().map(|place| place_name(place, &actor.registry)).collect();
    let content = html! {
        div.page-head { div {
            h1 { "Журнал действий" }
            p { "Записи о планах, школах и людях вашего места: " (places.join(", ")) ". Весь журнал читает тот, кто отвечает за всю установку." }
        } }
        (table(&found.events, &titles))
        @if let Some(before) = found.before {
            p.actions { a.button.small rel="next" href={ "/journal?before=" (before) } { "Более ранние" (icon("arrow-right")) } }
        }
    };
    Ok(page(ui, "Журнал действий", Section::Journal, &content))
}

fn table(events: &[AuditEvent], titles: &Titles) -> Markup {
    html! {
        @if events.is_empty() {
            p.muted { "Записей пока нет." }
        } @else {
            div.table-scroll tabindex="0" role="region" aria-label="Действия" {
                table.folds {
                    caption.visually-hidden { "Действия, новые сверху" }
                    thead { tr { th { "№" } th { "Когда" } th { "Кто" } th { "Что сделано" } th { "Подробности" } th { "Отпечаток" } } }
                    tbody { @for event in events { (row(event, titles)) } }
                }
            }
        }
    }
}

fn chain(checked: &CheckedAudit) -> Markup {
    html! {
        @match &checked.verdict {
            AuditVerdict::Whole { events, last_hash } => {
                div.notice.good {
                    (icon("shield-check"))
                    div {
                        p.notice-title { "Цепочка цела" }
                        p {
                            "Записей: " (events) ". Вся цепочка проверена " (words::moment(checked.whole_at))
                            @if checked.events_then < *events { "; с тех пор проверены новые записи: " (events - checked.events_then) }
                            "."
                        }
                        @if *events > 0 {
                            p.small { "Последний отпечаток — запишите его вне программы, если нужно доказать позже: " code.hash { (last_hash) } }
                        }
                        form.no-print action="/journal" method="get" {
                            button.small type="submit" name="check" value="full" { (icon("refresh-cw")) "Проверить всю цепочку заново" }
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

fn row(event: &AuditEvent, titles: &Titles) -> Markup {
    html! {
        tr {
            td.numeric data-label="№" { (event.seq) }
            td.nowrap data-label="Когда" { time datetime=(event.at) { (words::moment(event.at)) } }
            td.nowrap data-label="Кто" { (event.who) }
            td data-label="Что сделано" { (action_words(&event.action)) ": " (object(event, titles)) }
            td data-label="Подробности" { (details(event)) }
            td data-label="Отпечаток" { code.small title=(event.hash) { (event.hash.chars().take(10).collect::<String>()) "…" } }
        }
    }
}

fn action_words(action: &str) -> &str {
    match action {
        "source.add" => "принят файл",
        "plan.create" => "создан план",
        "version.append" => "записана версия",
        "suppression.add" => "снято замечание",
        "suppression.withdraw" => "возвращено замечание",
        "plan.archive" => "план отправлен в архив",
        "plan.restore" => "план возвращён из архива",
        "fact.diagnosis.save" => "сохранены ответы самодиагностики",
        "fact.diagnosis.act" => "согласование самодиагностики",
        "fact.risks.decision" => "решение о риске",
        "fact.survey.open" => "открыт опрос",
        "fact.survey.list" => "опрос внесён в список школы",
        "fact.survey.close" => "закрыт опрос",
        "fact.survey.answer" | "fact.survey.form" => "принят анонимный ответ",
        "fact.questionnaire.keep" => "сохранена анкета",
        "fact.questionnaire.add" => "загружена анкета",
        "fact.questionnaire.adopt" => "анкета введена в действие",
        "fact.questionnaire.end" => "действие анкеты прекращено",
        "fact.curator.note" => "отмечен возможный куратор",
        "fact.mentor-school.note" => "отмечена возможная школа-наставник",
        "fact.distance.note" => "записано расстояние между школами",
        "fact.mentor.assign" => "назначена школа-наставник",
        "fact.mentor.end" => "завершено назначение школы-наставника",
        "fact.mentor.contract" => "добавлен договор о наставничестве",
        "account.create" => "заведена учётная запись",
        "account.close" => "закрыта учётная запись",
        "account.open" => "открыта учётная запись",
        "account.link" => "сделана ссылка для выбора пароля",
        "role.give" => "дана роль",
        "role.end" => "завершена роль",
        "session.open" => "вход",
        "session.refuse" => "внешний вход отклонён",
        "credential.set" => "изменён способ входа",
        "credential.spend" => "использован код восстановления",
        "credential.seal" => "секрет второго шага зашифрован",
        "fact.diagnosis.term" => "назначен срок самодиагностики",
        "fact.notices.settings" => "изменены настройки уведомлений",
        "mail.failed" => "письма не уходят",
        "mail.given-up" => "письмо больше не отправляется",
        "mail.again" => "письма отправлены ещё раз",
        other => other,
    }
}

/// The object as a link, where there is a page of it.
fn object(event: &AuditEvent, titles: &Titles) -> Markup {
    let parts: Vec<&str> = event.object.split('/').collect();
    let plan = |id: &str| {
        titles.get(id).map_or_else(|| format!("план № {id}"), |title| format!("«{}»", shortened(title, 60)))
    };
    html! {
        @match parts.as_slice() {
            ["plan", id] => { a href={ "/plans/" (id) } { (plan(id)) } }
            ["plan", id, "version", version] => {
                a href={ "/plans/" (id) "/history#v" (version) } { (plan(id)) ", версия " (version) }
            }
            ["source", hash] => {
                a href={ "/files/" (hash) } {
                    @match text(event, "name") {
                        Some(name) => { "«" (name) "»" }
                        None => { "файл " (hash.chars().take(10).collect::<String>()) "…" }
                    }
                }
            }
            ["suppression", id] => { "решение № " (id) }
            _ => { (event.object) }
        }
    }
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

fn pager(number: u64, pages: u64) -> Markup {
    html! {
        @if pages > 1 {
            nav.pager aria-label="Страницы журнала" {
                @if number > 1 { a.button.small rel="prev" href={ "/journal?page=" (number - 1) } { (icon("arrow-left")) "Новее" } }
                span.muted { "Страница " (number) " из " (pages) }
                @if number < pages { a.button.small rel="next" href={ "/journal?page=" (number + 1) } { "Старее" (icon("arrow-right")) } }
            }
        }
    }
}
