//! How do I want to be told, and do letters go out at all?

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_execution::notices::{Quiet, Settings, Topic};
use opora_store::{Account, Authorship, Queue, QueuedLetter};
use serde::Deserialize;

use super::own;
use crate::clock;
use crate::usecases::notices::{Wishes, save_wishes, wishes_of};
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const TITLE: &str = "Настройки уведомлений";
/// Failed letters shown to the administrator.
const LETTERS: u64 = 20;

/// What an administrator reads of the queue.
struct Post {
    queue: Queue,
    failed: Vec<(QueuedLetter, bool)>,
}

/// What was done before.
#[derive(Deserialize)]
pub struct Before {
    #[serde(default)]
    done: String,
}

/// `GET /notices/settings`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(before): Query<Before>,
) -> Result<Markup, WebError> {
    let wishes = wishes_of(&state.store, own(&actor)?).await?;
    let said = match before.done.as_str() {
        "saved" => Some(Ok("Сохранено.")),
        "again" => Some(Ok("Письма снова в очереди и уйдут в ближайшую минуту.")),
        _ => None,
    };
    settings_page(&ui, &state, &actor, &wishes, said).await
}

async fn settings_page(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    wishes: &Wishes,
    said: Option<Result<&str, &str>>,
) -> Result<Markup, WebError> {
    let account = state.store.account(own(actor)?).await?;
    let post = if actor.may(Right::SeeJournal, Place::Installation) {
        let failed = state.store.failed_letters(LETTERS).await?;
        Some(Post { queue: state.store.letter_queue().await?, failed })
    } else {
        None
    };
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/notices" { "Уведомления" } }
        div.page-head { div { h1 { (TITLE) } p { "На странице «Уведомления» новости появляются сразу, без звука. Здесь — о чём рассказывать и когда присылать письма." } } }
        @match said {
            Some(Ok(done)) => div.notice.good role="status" { (icon("circle-check")) div { p { (done) } } },
            Some(Err(wrong)) => div.notice.error role="alert" { (icon("circle-alert")) div { p { (wrong) } } },
            None => {},
        }
        div.stack {
            (form(wishes, &account, state.mailer().is_set_up()))
            @if let Some(post) = &post { (post_card(post, state)) }
        }
    };
    Ok(page(ui, TITLE, Section::None, &content))
}

fn form(wishes: &Wishes, account: &Account, has_mail: bool) -> Markup {
    let settings = &wishes.settings;
    html! {
        form.card.told-form action="/notices/settings" method="post" {
            div.card-body.stack {
                fieldset {
                    legend { "О чём рассказывать" }
                    @for topic in Topic::ALL {
                        label.check { input type="checkbox" name="topic" value=(topic.slug()) checked[!settings.off.contains(&topic)]; " " (topic.russian()) }
                    }
                }
                fieldset {
                    legend { "Письма" }
                    @if !has_mail { p.hint { "Почта на этом сервере пока не настроена: письма не уходят. Выбор сохранится на будущее." } }
                    @else if account.mail.is_empty() { p.hint { "У вашей учётной записи нет адреса почты: письма не приходят. Попросите того, кто вас пригласил, указать адрес." } }
                    @else { p.hint { "Письма приходят на " (account.mail) "." } }
                    label.check { input type="checkbox" name="mail" value="1" checked[wishes.mail]; " присылать письма" }
                    div.field {
                        label for="digest" { "Сводка за день" }
                        select #digest name="digest" {
                            option value="" selected[settings.digest_hour.is_none()] { "не присылать" }
                            @for hour in 0..24_i8 { option value=(hour) selected[settings.digest_hour == Some(hour)] { "в " (hour) ":00" } }
                        }
                    }
                    label.check { input type="checkbox" name="urgent" value="1" checked[settings.urgent_at_once]; " о срочном писать сразу: вернули на доработку, срок прошёл, вашего решения давно ждут" }
                }
                fieldset {
                    legend { "Тихие часы: писем нет" }
                    div.field-row {
                        (hours("quiet-from", "С", settings.quiet.map(|quiet| quiet.from_hour)))
                        (hours("quiet-to", "До", settings.quiet.map(|quiet| quiet.to_hour)))
                    }
                    p.hint { "Что придётся на эти часы, придёт после них. Без тихих часов выберите «нет»." }
                }
                div.actions { button.primary type="submit" { "Сохранить" } a.button.quiet href="/notices" { "К уведомлениям" } }
            }
        }
    }
}

fn hours(name: &str, label: &str, chosen: Option<i8>) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" selected[chosen.is_none()] { "нет" }
                @for hour in 0..24_i8 { option value=(hour) selected[chosen == Some(hour)] { (hour) ":00" } }
            }
        }
    }
}

/// What became of the letters of everybody, for the one who keeps the server.
fn post_card(post: &Post, state: &AppState) -> Markup {
    let queue = post.queue;
    html! {
        section.card aria-labelledby="post" {
            div.card-head { h2 #post { "Почта этого сервера" } }
            div.card-body {
                @if !state.mailer().is_set_up() { p { "Не настроена. Запустите сервер с адресом почты: opora serve --mail smtps://… --mail-from …" } }
                @else if state.public_url().is_none() { p { "Письма уходят без ссылок: сервер не знает своего адреса. Запустите его с --public-url https://…" } }
                p { "Ждут отправки: " (queue.waiting) ", из них не ушли с прошлого раза: " (queue.failing) ". Не отправлены совсем: " (queue.given_up) "." }
                @if !post.failed.is_empty() {
                    div.table-scroll tabindex="0" role="region" aria-label="Письма, которые не ушли" {
                        table {
                            thead { tr { th scope="col" { "Письмо" } th scope="col" { "Написано" } th scope="col" { "Попыток" } th scope="col" { "Что мешает" } th scope="col" { "Дальше" } } }
                            tbody { @for (letter, given_up) in &post.failed { tr {
                                th scope="row" { "№ " (letter.id.0) @if letter.kind == "digest" { ", сводка" } @else { ", срочное" } }
                                td { (words::moment(letter.created_at)) }
                                td { (letter.attempts) }
                                td { (letter.error) }
                                td { @if *given_up { "больше не отправляется" } @else { "ещё раз " (words::moment(letter.next_at)) } }
                            } } }
                        }
                    }
                    form action="/notices/letters/again" method="post" { div.actions { button type="submit" { "Отправить все ещё раз" } } }
                }
            }
        }
    }
}

/// What a form says, or what is wrong with it.
fn read(sent: &[(String, String)]) -> Result<Wishes, &'static str> {
    let one = |name: &str| sent.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let hour = |name: &str| match one(name) {
        "" => Ok(None),
        text => match text.parse::<i8>() {
            Ok(hour) if (0..24).contains(&hour) => Ok(Some(hour)),
            _ => Err("Час не понят. Выберите его из списка."),
        },
    };
    let quiet = match (hour("quiet-from")?, hour("quiet-to")?) {
        (Some(from_hour), Some(to_hour)) => Some(Quiet { from_hour, to_hour }),
        (None, None) => None,
        _ => {
            return Err("Тихие часы указаны наполовину. Выберите и начало, и конец или «нет» в обоих полях.");
        }
    };
    let told: BTreeSet<Topic> = sent
        .iter()
        .filter(|(name, _)| name == "topic")
        .filter_map(|(_, word)| Topic::of_slug(word))
        .collect();
    let settings = Settings {
        digest_hour: hour("digest")?,
        urgent_at_once: !one("urgent").is_empty(),
        quiet,
        off: Topic::ALL.into_iter().filter(|topic| !told.contains(topic)).collect(),
    };
    Ok(Wishes { settings, mail: !one("mail").is_empty() })
}

/// `POST /notices/settings`.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let account = own(&actor)?;
    let wishes = match read(&sent) {
        Ok(wishes) => wishes,
        Err(wrong) => {
            let kept = wishes_of(&state.store, account).await?;
            let shown = settings_page(&ui, &state, &actor, &kept, Some(Err(wrong))).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
        }
    };
    keep(&state, &actor, &wishes).await?;
    Ok(Redirect::to("/notices/settings?done=saved").into_response())
}

/// Records how the actor wants to be told.
pub async fn keep(state: &AppState, actor: &Actor, wishes: &Wishes) -> Result<(), WebError> {
    let by = Authorship {
        who: actor.name(), reason: "настройки уведомлений", at: clock::now()
    };
    Ok(save_wishes(&state.store, own(actor)?, wishes, &by).await?)
}

/// `POST /notices/letters/again`: everything that failed or was given up is tried again at once.
pub async fn again(State(state): State<AppState>, actor: Actor) -> Result<Redirect, WebError> {
    let now = clock::now();
    let sent = state.store.send_letters_again(now).await?;
    let by =
        Authorship { who: actor.name(), reason: "письма отправлены ещё раз", at: now };
    state
        .store
        .note("mail.again", "letters", &serde_json::json!({ "letters": sent, "reason": by.reason }), &by)
        .await?;
    Ok(Redirect::to("/notices/settings?done=again"))
}
