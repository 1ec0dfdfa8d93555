//! What was I told, and where does it lead?

mod settings;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::notices::Topic;
use opora_store::{AccountId, Notice, NoticeId, PlanId};
use serde::Deserialize;

pub use settings::{again, keep as keep_wishes, save, show as settings};

use crate::clock;
use crate::usecases::work::address;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const TITLE: &str = "Уведомления";
/// Notices on a page.
const PAGE: u64 = 50;

/// What to show.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    page: Option<u64>,
    /// Read ones, too.
    #[serde(default)]
    all: Option<String>,
}

/// The account of who acts; the one who works alone is told on the page of work.
pub fn own(actor: &Actor) -> Result<AccountId, WebError> {
    actor.account().ok_or_else(|| WebError::not_found("Уведомления приходят тем, у кого есть учётная запись"))
}

/// `GET /notices`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let Some(account) = actor.account() else {
        let content = html! {
            div.page-head { h1 { (TITLE) } }
            p { "Вы работаете на этом компьютере одни, без входа. Что вас ждёт, показывает страница " a href="/work" { "«Моя работа»" } ". Уведомления появятся, когда у людей будут учётные записи." }
        };
        return Ok(page(&ui, TITLE, Section::None, &content));
    };
    let all = wanted.all.is_some();
    let number = wanted.page.unwrap_or(1).max(1);
    let (notices, total) = state.store.notices(account, !all, number, PAGE).await?;
    let content = html! {
        div.page-head {
            div {
                h1 { (TITLE) }
                p { @if actor.unread == 0 { "Непрочитанных нет." } @else { "Непрочитанных: " (count(actor.unread)) "." } }
            }
            div.actions {
                @if actor.unread > 0 { form action="/notices/read" method="post" { button type="submit" { (icon("check")) "Отметить все прочитанными" } } }
                a.button href="/notices/settings" { "Настройки" }
            }
        }
        nav.choices aria-label="Какие показать" {
            a.choice href="/notices" aria-current=[(!all).then_some("true")] { "непрочитанные" }
            a.choice href="/notices?all=1" aria-current=[all.then_some("true")] { "все" }
        }
        @if notices.is_empty() {
            (empty("bell", if all { "Уведомлений пока не было" } else { "Всё прочитано" }, "Когда подойдёт срок, что-то пришлют на проверку, вернут или одобрят, это появится здесь.", &html! { a.button href="/work" { "К моей работе" } }))
        } @else {
            ul.card.notices { @for notice in &notices { (line(notice)) } }
            (pages(number, total, all))
        }
    };
    Ok(page(&ui, TITLE, Section::None, &content))
}

/// «7», «99+».
pub fn count(unread: u64) -> String {
    if unread >= opora_store::UNREAD_MAX { "99+".to_owned() } else { unread.to_string() }
}

fn line(notice: &Notice) -> Markup {
    let topic = Topic::of_slug(&notice.topic).map_or("", Topic::russian);
    html! {
        li class={ "notice-line " (notice.news) @if !notice.read { " unread" } } {
            div {
                @if !notice.read { span.visually-hidden { "Не прочитано: " } }
                a href={ "/notices/" (notice.id.0) } { (notice.body) }
                p.small.muted { (topic) " · " time datetime=(notice.at) { (words::moment(notice.at)) } @if notice.in_letter { " · есть в письме" } }
            }
            @if !notice.read {
                form action="/notices/read" method="post" {
                    input type="hidden" name="id" value=(notice.id.0);
                    button.small.quiet type="submit" { "Прочитано" span.visually-hidden { ": " (notice.body) } }
                }
            }
        }
    }
}

fn pages(number: u64, total: u64, all: bool) -> Markup {
    let to = |page| if all { format!("/notices?all=1&page={page}") } else { format!("/notices?page={page}") };
    let pages = total.div_ceil(PAGE) as usize;
    pager("Страницы уведомлений", ["Новее", "Старее"], number as usize, pages, to)
}

/// `GET /notices/{id}`: to the place, which counts as read. A program that only asks for the head reads nothing.
pub async fn open(
    State(state): State<AppState>,
    actor: Actor,
    method: Method,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let account = own(&actor)?;
    let notice = state.store.notice(account, NoticeId(id)).await?;
    let notice = notice.ok_or_else(|| WebError::not_found("Такого уведомления у вас нет"))?;
    if method == Method::GET && !notice.read {
        state.store.read_notices(account, Some(notice.id), clock::now()).await?;
    }
    let path = address(&notice.path);
    if is_still_ours(&state, &actor, &path).await? {
        return Ok(Redirect::to(&format!("/{path}")));
    }
    Err(WebError::new(
        StatusCode::FORBIDDEN,
        "Это дело больше не у вас",
        "Уведомление пришло, когда вы за это отвечали. С тех пор ваша роль закончилась или дело передали другому.",
        "Делать ничего не нужно. Если это ошибка, спросите координатора.",
    ))
}

/// Whether the place that a notice leads to may still be read: roles end, notices stay.
async fn is_still_ours(state: &AppState, actor: &Actor, path: &str) -> Result<bool, WebError> {
    let mut parts = path.split('/');
    let (room, number) = (parts.next(), parts.next().unwrap_or_default());
    match room {
        Some("plans") => {
            let Ok(plan) = number.parse() else { return Ok(true) };
            Ok(actor.may(Right::SeePlans, state.store.summary(PlanId(plan)).await?.owner))
        }
        Some("schools") => {
            let Ok(school) = number.parse() else { return Ok(true) };
            Ok(actor.may(Right::SeeDiagnosis, Place::School(OrganisationId(school))))
        }
        _ => Ok(true),
    }
}

/// Which notice was read; all without a number.
#[derive(Deserialize)]
pub struct Marked {
    #[serde(default)]
    id: Option<i64>,
}

/// `POST /notices/read`.
pub async fn read(
    State(state): State<AppState>,
    actor: Actor,
    Form(marked): Form<Marked>,
) -> Result<Response, WebError> {
    let account = own(&actor)?;
    state.store.read_notices(account, marked.id.map(NoticeId), clock::now()).await?;
    Ok(Redirect::to("/notices").into_response())
}
