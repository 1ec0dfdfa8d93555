//! How does a person keep the own account: password, second step, sessions, calendar?

mod tokens;

pub use tokens::{end_token, make_token};

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use opora_access::{PASSWORD_CHARS_MIN, PasswordHash, SecondFactor, Token};
use opora_store::{Account, Authorship, Credential, CredentialKind, Session};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

use crate::clock;
use crate::usecases::people::{NO_RANDOMNESS, NoEntry, turn_second_factor_off, turn_second_factor_on};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::login::new_password;
use crate::web::pages::people::roles_list;
use crate::web::security::unkept;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// What is wrong with the form that was sent, or what was done.
#[derive(Default)]
struct Said {
    password_wrong: Option<String>,
    refused: Option<String>,
    feed: Option<String>,
    done: Option<&'static str>,
    token: Option<tokens::Made>,
}

/// What was done before the page was opened.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    done: String,
}

/// `GET /account`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let done = match wanted.done.as_str() {
        "linked" => Some("Внешний вход привязан."),
        "unlinked" => Some("Внешний вход отвязан."),
        _ => None,
    };
    account_page(&ui, &state, &actor, &Said { done, ..Said::default() }).await
}

/// The page once more, with what kept a change from being made.
pub async fn refused_change(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    wrong: &str,
) -> Result<Response, WebError> {
    account_page(ui, state, actor, &Said { refused: Some(wrong.to_owned()), ..Said::default() }).await
}

/// The account of who acts; the one who works alone has none.
pub async fn own(state: &AppState, actor: &Actor) -> Result<Account, WebError> {
    match actor.account() {
        Some(id) => Ok(state.store.account(id).await?),
        None => Err(WebError::not_found("Учётных записей пока нет")),
    }
}

async fn account_page(ui: &Ui, state: &AppState, actor: &Actor, said: &Said) -> Result<Response, WebError> {
    let Some(id) = actor.account() else {
        return Ok(page(ui, "Учётная запись", Section::None, &alone()).into_response());
    };
    let account = state.store.account(id).await?;
    let sessions = state.store.sessions(id, clock::now()).await?;
    let grants = state.store.grants(Some(id)).await?;
    let second = state.store.credentials(id, CredentialKind::SecondFactor).await?;
    let left = state.store.credentials(id, CredentialKind::Recovery).await?.len();
    let held = state.store.api_tokens(id).await?;
    let outside = state.store.credentials(id, CredentialKind::Outside).await?;
    let content = html! { div.stack {
        div.page-head { div { h1 { (account.name) } p { "Имя для входа: " (account.login) @if !account.mail.is_empty() { " · почта: " (account.mail) } } } }
        @if let Some(done) = said.done { p.notice role="status" { (done) } }
        @if let Some(refused) = &said.refused { p.notice.error role="alert" { (refused) } }
        section.card aria-labelledby="roles" {
            div.card-head { h2 #roles { "Мои роли" } }
            div.card-body { (roles_list(&grants, actor, false)) }
        }
        section.card aria-labelledby="change" {
            div.card-head { h2 #change { "Пароль" } }
            div.card-body { (password_form(said.password_wrong.as_deref())) }
        }
        section.card aria-labelledby="second" {
            div.card-head { h2 #second { "Второй шаг входа" } }
            div.card-body {
                @if second.is_empty() {
                    p { "После пароля можно спрашивать код из приложения на телефоне: тогда одного пароля чужому не хватит." }
                    p.actions { a.button href="/account/second-factor" { "Включить" } }
                } @else {
                    p { "Включён. Кодов восстановления осталось: " (left) "." }
                    form.stack action="/account/second-factor/off" method="post" {
                        div.field { label for="off-password" { "Пароль, чтобы выключить" } input #off-password name="password" type="password" autocomplete="current-password" required; }
                        div.actions { button type="submit" { "Выключить второй шаг" } }
                    }
                }
            }
        }
        (outside_card(state.outside().map(|outside| outside.name.as_ref()), &outside))
        section.card aria-labelledby="sessions" {
            div.card-head { h2 #sessions { "Где вы вошли" } }
            (sessions_table(&sessions, actor.session.as_deref()))
        }
        (feed_card(said.feed.as_deref()))
        section.card aria-labelledby="told" {
            div.card-head { h2 #told { "Уведомления и письма" } }
            div.card-body { p { "О чём рассказывать, когда присылать сводку, тихие часы." } p.actions { a.button href="/notices/settings" { "Настроить" } } }
        }
        (tokens::card(&held, said.token.as_ref(), actor.today))
        form action="/logout" method="post" { button type="submit" { "Выйти" } }
    } };
    let mut response = unkept(page(ui, "Учётная запись", Section::None, &content));
    if said.password_wrong.is_some()
        || said.refused.is_some()
        || matches!(said.token, Some(tokens::Made::Wrong(_)))
    {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn alone() -> Markup {
    html! {
        div.page-head { h1 { "Учётная запись" } }
        p { "Вы работаете на этом компьютере одни, без входа. Чтобы пустить других, заведите первую учётную запись на странице " a href="/people" { "«Люди»" } " или командой opora user add: с этой минуты Опора будет спрашивать пароль." }
    }
}

/// The outside login, where there is one: whether it leads here, and the way to change that.
fn outside_card(name: Option<&str>, linked: &[Credential]) -> Markup {
    let field = |id: &str, words: &str| {
        html! { div.field { label for=(id) { (words) } input id=(id) name="password" type="password" autocomplete="current-password" required; } }
    };
    html! {
        @if name.is_some() || !linked.is_empty() {
            section.card aria-labelledby="outside" {
                div.card-head { h2 #outside { "Внешний вход" } }
                div.card-body.stack {
                    @for link in linked {
                        p { "Привязан " (words::moment(link.created_at)) @if let Some((issuer, _)) = link.value.split_once(' ') { ": " (issuer) } "." }
                    }
                    @if let (Some(name), true) = (name, linked.is_empty()) {
                        p { "Можно входить в Опору через «" (name) "», не вводя пароль. Роли от этого не меняются." }
                        form.stack action="/account/outside" method="post" {
                            (field("outside-password", "Пароль Опоры, чтобы привязать"))
                            div.actions { button type="submit" { "Привязать «" (name) "»" } }
                        }
                    }
                    @if !linked.is_empty() {
                        form.stack action="/account/outside/off" method="post" {
                            (field("outside-off", "Пароль Опоры, чтобы отвязать"))
                            p.hint { "Если пароля Опоры у вас ещё нет, попросите координатора прислать ссылку для его выбора." }
                            div.actions { button type="submit" { "Отвязать внешний вход" } }
                        }
                    }
                }
            }
        }
    }
}

fn password_form(wrong: Option<&str>) -> Markup {
    html! {
        @if let Some(wrong) = wrong { p.why.error role="alert" #password-wrong { (wrong) } }
        form.stack action="/account/password" method="post" {
            div.field { label for="current" { "Прежний пароль" } input #current name="current" type="password" autocomplete="current-password" required; }
            div.field {
                label for="password" { "Новый пароль" }
                input #password name="password" type="password" autocomplete="new-password" required aria-describedby="password-advice";
                p.hint #password-advice { "Не короче " (PASSWORD_CHARS_MIN) " знаков. Остальные входы под вашим именем закончатся." }
            }
            div.field { label for="again" { "Новый пароль ещё раз" } input #again name="again" type="password" autocomplete="new-password" required; }
            div.actions { button.primary type="submit" { "Сменить пароль" } }
        }
    }
}

fn sessions_table(sessions: &[Session], own: Option<&Session>) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Входы" {
            table {
                thead { tr { th scope="col" { "Браузер" } th scope="col" { "Вошли" } th scope="col" { "Последний раз" } th scope="col" { span.visually-hidden { "Действие" } } } }
                tbody { @for session in sessions { tr {
                    th scope="row" { (browser(&session.agent)) @if own.is_some_and(|own| own.id == session.id) { " — это вы сейчас" } }
                    td { (words::moment(session.created_at)) }
                    td { (words::moment(session.seen_at)) }
                    td { form action="/account/sessions/end" method="post" {
                        input type="hidden" name="session" value=(session.id);
                        button.quiet type="submit" { "Закончить" span.visually-hidden { " вход: " (browser(&session.agent)) } }
                    } }
                } } }
            }
        }
    }
}

/// The name of a browser out of what it says of itself.
fn browser(agent: &str) -> &'static str {
    let known = [
        ("YaBrowser", "Яндекс Браузер"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome или похожий"),
        ("Safari", "Safari"),
    ];
    known.iter().find(|(word, _)| agent.contains(word)).map_or("другая программа", |(_, name)| name)
}

fn feed_card(token: Option<&str>) -> Markup {
    html! {
        section.card aria-labelledby="feed" {
            div.card-head { h2 #feed { "Сроки в своём календаре" } }
            div.card-body {
                @if let Some(address) = token {
                    p role="status" { "Адрес для программы-календаря. Он показан один раз; прежний больше не действует. Никому его не передавайте: по нему видны ваши сроки без пароля." }
                    p { code.secret { (address) } }
                } @else {
                    p { "Программа-календарь на телефоне или компьютере может сама показывать ваши сроки. Для этого ей нужен личный адрес." }
                }
                form action="/account/feed" method="post" { div.actions { button type="submit" { "Сделать новый адрес" } } }
            }
        }
    }
}

/// What was typed to change the password.
#[derive(Deserialize)]
pub struct Change {
    current: String,
    password: String,
    again: String,
}

/// `POST /account/password`: other sessions end.
pub async fn change_password(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(change): Form<Change>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let wrong = if is_password(&state, &account, &change.current).await? {
        match new_password(&state, &account, &change.password, &change.again).await {
            Ok(hash) => {
                let by =
                    Authorship { who: actor.name(), reason: "пароль сменён", at: clock::now() };
                state.store.set_credentials(account.id, CredentialKind::Password, &[hash], &by).await?;
                end_others(&state, &account, &actor).await?;
                let said = Said { done: Some("Пароль сменён."), ..Said::default() };
                return account_page(&ui, &state, &actor, &said).await;
            }
            Err(wrong) => wrong,
        }
    } else {
        "Прежний пароль не подходит. Попробуйте ещё раз.".to_owned()
    };
    account_page(&ui, &state, &actor, &Said { password_wrong: Some(wrong), ..Said::default() }).await
}

async fn end_others(state: &AppState, account: &Account, actor: &Actor) -> Result<(), WebError> {
    for session in state.store.sessions(account.id, clock::now()).await? {
        if actor.session.as_ref().is_none_or(|own| own.id != session.id) {
            state.store.end_session(account.id, &session.id).await?;
        }
    }
    Ok(())
}

/// Whether this is the password of the account; hashing takes its turn.
pub async fn is_password(state: &AppState, account: &Account, typed: &str) -> Result<bool, WebError> {
    let Some(held) = state.store.credentials(account.id, CredentialKind::Password).await?.pop() else {
        return Ok(false);
    };
    let _turn = state.hashing_turn().await;
    let typed = typed.to_owned();
    let checked = tokio::task::spawn_blocking(move || PasswordHash::recorded(&held.value).fits(&typed)).await;
    Ok(checked.unwrap_or(false))
}

/// The session to end.
#[derive(Deserialize)]
pub struct End {
    session: String,
}

/// `POST /account/sessions/end`.
pub async fn end_session(
    State(state): State<AppState>,
    actor: Actor,
    Form(end): Form<End>,
) -> Result<Redirect, WebError> {
    let account = own(&state, &actor).await?;
    state.store.end_session(account.id, &end.session).await?;
    Ok(Redirect::to("/account"))
}

/// `GET /account/second-factor`: a secret to be taken into the application.
pub async fn second_factor_form(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let factor = SecondFactor::new(&account.login).ok_or_else(|| WebError::internal(NO_RANDOMNESS))?;
    Ok(second_factor_page(&ui, &factor, None))
}

fn second_factor_page(ui: &Ui, factor: &SecondFactor, wrong: Option<&str>) -> Response {
    let picture = factor.address().and_then(|address| QrCode::new(address).ok()).map(|code| {
        code.render::<svg::Color<'_>>().min_dimensions(220, 220).dark_color(svg::Color("#000")).build()
    });
    // Only the element itself: a page holds no XML declaration.
    let picture = picture.and_then(|text| text.find("<svg").and_then(|at| text.get(at..).map(str::to_owned)));
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/account" { "Учётная запись" } }
        div.page-head { h1 { "Второй шаг входа" } }
        ol.stack {
            li { "Поставьте на телефон приложение для одноразовых кодов, например «Яндекс Ключ» или FreeOTP." }
            li {
                "Покажите ему картинку или введите ключ руками."
                @if let Some(picture) = &picture { div.qr role="img" aria-label="Картинка с ключом; тот же ключ написан ниже" { (PreEscaped(picture)) } }
                p { "Ключ: " code.secret { (grouped(&factor.secret())) } }
                // On a telephone there is nothing to hold up to the camera.
                @if let Some(address) = factor.address() {
                    p { "Открыли эту страницу на самом телефоне? " a href=(address) { "Передать ключ приложению" } }
                }
            }
            li { "Введите шесть цифр, которые показывает приложение." }
        }
        @if let Some(wrong) = wrong { p.why.error role="alert" #code-wrong { (wrong) } }
        form.stack action="/account/second-factor" method="post" {
            input type="hidden" name="secret" value=(factor.secret());
            div.field { label for="code" { "Код из приложения" } input #code name="code" autocomplete="one-time-code" required aria-describedby=[wrong.map(|_| "code-wrong")]; }
            div.actions { button.primary type="submit" { "Включить второй шаг" } a.button.quiet href="/account" { "Не сейчас" } }
        }
    };
    let mut response = unkept(page(ui, "Второй шаг входа", Section::None, &content));
    if wrong.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// A key in groups of four, to be read off and typed.
fn grouped(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The secret that was shown, and a code made with it.
#[derive(Deserialize)]
pub struct Shown {
    secret: String,
    code: String,
}

/// `POST /account/second-factor`: shows the recovery codes, once.
pub async fn second_factor_on(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(shown): Form<Shown>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let codes = match turn_second_factor_on(
        &state.store,
        state.seal(),
        &account,
        &shown.secret,
        &shown.code,
        clock::now(),
    )
    .await
    {
        Ok(codes) => codes,
        Err(NoEntry::Store(error)) => return Err(error.into()),
        Err(NoEntry::NotOpened) => {
            return Err(WebError::internal("У установки нет ключа, под которым хранятся секреты."));
        }
        Err(_) => {
            let factor = SecondFactor::recorded(&shown.secret, &account.login)
                .ok_or_else(|| WebError::bad_request("Ключ не понят", "Откройте страницу ещё раз."))?;
            return Ok(second_factor_page(
                &ui,
                &factor,
                Some("Код не подходит. Проверьте время на телефоне и введите новый код."),
            ));
        }
    };
    let content = html! {
        div.page-head { h1 { "Второй шаг включён" } }
        p role="status" { "Сохраните или перепишите коды восстановления: каждый пустит вас один раз, если телефона не будет под рукой. Больше они не будут показаны." }
        ul.codes { @for code in &codes { li { code { (code) } } } }
        p.actions { a.button.primary href="/account" { "Коды сохранены" } }
    };
    Ok(unkept(page(&ui, "Второй шаг включён", Section::None, &content)))
}

/// The password that allows to turn the second step off.
#[derive(Deserialize)]
pub struct Confirmed {
    password: String,
}

/// `POST /account/second-factor/off`.
pub async fn second_factor_off(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    if !is_password(&state, &account, &confirmed.password).await? {
        let wrong = Some("Пароль не подходит: второй шаг остался включён.".to_owned());
        return account_page(&ui, &state, &actor, &Said { password_wrong: wrong, ..Said::default() }).await;
    }
    let by = Authorship {
        who: actor.name(), reason: "второй шаг входа выключен", at: clock::now()
    };
    turn_second_factor_off(&state.store, &account, &by).await?;
    Ok(Redirect::to("/account").into_response())
}

/// `POST /account/feed`: a new private address of the calendar; the one before ends.
pub async fn feed(
    ui: Ui,
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let token = Token::new().ok_or_else(|| WebError::internal(NO_RANDOMNESS))?;
    let by = Authorship {
        who: actor.name(), reason: "новый адрес календаря", at: clock::now()
    };
    state.store.set_credentials(account.id, CredentialKind::Feed, &[token.sha256()], &by).await?;
    let address = format!("{}/feed/{}", origin.unwrap_or_default(), token.as_str());
    account_page(&ui, &state, &actor, &Said { feed: Some(address), ..Said::default() }).await
}
