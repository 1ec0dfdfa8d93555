//! Which programs act for the person, and how is another one let in?

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::Scope;
use opora_store::{ApiToken, ApiTokenId, Authorship};
use serde::Deserialize;

use super::{Said, account_page, own};
use crate::clock;
use crate::usecases::tokens::{NotMade, Wanted, last_day_max, make};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Days that a new token is offered to hold.
const DAYS_OFFERED: i32 = 90;

/// What came of a token that was wanted.
pub(super) enum Made {
    /// Its text, told once.
    Token(String),
    /// What is wrong with the form.
    Wrong(String),
}

/// The tokens of the person and the form of a new one.
pub(super) fn card(tokens: &[ApiToken], made: Option<&Made>, today: Date) -> Markup {
    html! {
        section.card aria-labelledby="tokens" {
            div.card-head { h2 #tokens { "Токены для программ" } }
            div.card-body.stack {
                p { "По токену другая программа работает с Опорой от вашего имени: не больше, чем можете вы, и не больше, чем отмечено. " a href="/api" { "Как этим пользоваться" } "." }
                @match made {
                    Some(Made::Token(token)) => {
                        div.notice.good role="status" { div {
                            p.notice-title { "Токен сделан" }
                            p { "Сохраните его сейчас: больше он не будет показан. Кто его знает, тот действует от вашего имени." }
                            p { code.secret { (token) } }
                        } }
                    }
                    Some(Made::Wrong(wrong)) => { p.why.error role="alert" #token-wrong { (wrong) } }
                    None => {}
                }
                @if !tokens.is_empty() { (table(tokens, today)) }
                details open[matches!(made, Some(Made::Wrong(_)))] { summary { "Сделать токен" } (form(today)) }
            }
        }
    }
}

fn table(tokens: &[ApiToken], today: Date) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Токены" {
            table {
                thead { tr { th scope="col" { "Токен" } th scope="col" { "Права" } th scope="col" { "Действует по" } th scope="col" { "Последний раз" } th scope="col" { span.visually-hidden { "Действие" } } } }
                tbody { @for token in tokens { tr {
                    th scope="row" { (token.name) }
                    td { @for scope in &token.scopes { div.small { (scope.russian()) } } }
                    td { (words::date_short(token.last_day)) @if token.last_day < today { " — срок прошёл" } }
                    td { @match token.used { Some(day) => (words::date_short(day)), None => "ещё не пользовались" } }
                    td { form action="/account/tokens/end" method="post" {
                        input type="hidden" name="token" value=(token.id.0);
                        button.quiet type="submit" { "Завершить" span.visually-hidden { " токен «" (token.name) "»" } }
                    } }
                } } }
            }
        }
    }
}

fn form(today: Date) -> Markup {
    html! {
        form.stack action="/account/tokens" method="post" {
            div.field { label for="token-name" { "Название" } input #token-name name="name" required maxlength="100" autocomplete="off" aria-describedby="token-name-hint"; p.hint #token-name-hint { "Например, «Выгрузка для отчёта»." } }
            fieldset.field { legend { "Что можно" }
                @for scope in Scope::ALL {
                    label.check { input type="checkbox" name="scope" value=(scope.code()); " " (scope.russian()) }
                }
            }
            div.field {
                label for="token-day" { "Последний день" }
                input #token-day type="date" name="last_day" value=(today.saturating_add(DAYS_OFFERED.days())) min=(today) max=(last_day_max(today)) required aria-describedby="token-day-hint";
                p.hint #token-day-hint { "Не дальше года вперёд." }
            }
            div.actions { button.primary type="submit" { "Сделать токен" } }
        }
    }
}

/// `POST /account/tokens`: makes a token and shows it, once.
pub async fn make_token(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let field = |name: &str| sent.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let chosen = sent.iter().filter(|(name, _)| name == "scope");
    let wanted = Wanted {
        name: field("name").unwrap_or_default(),
        scopes: chosen.filter_map(|(_, code)| Scope::of_code(code)).collect(),
        last_day: field("last_day").and_then(|day| day.trim().parse().ok()),
    };
    let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
    let made = match make(&state.store, account.id, &wanted, actor.today, &by).await {
        Ok(token) => Made::Token(token.as_str().to_owned()),
        Err(NotMade::Wrong(wrong)) => Made::Wrong(wrong),
        Err(NotMade::Store(error)) => return Err(error.into()),
    };
    account_page(&ui, &state, &actor, &Said { token: Some(made), ..Said::default() }).await
}

/// The token to end.
#[derive(Deserialize)]
pub struct Ending {
    token: i64,
}

/// `POST /account/tokens/end`.
pub async fn end_token(
    State(state): State<AppState>,
    actor: Actor,
    Form(ending): Form<Ending>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
    // One that was ended already is ended: a second click.
    state.store.end_api_token(account.id, ApiTokenId(ending.token), &by).await?;
    Ok(Redirect::to("/account#tokens").into_response())
}
