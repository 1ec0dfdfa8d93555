//! How does a person get in, and out again?

use axum::Form;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::PASSWORD_CHARS_MIN;
use opora_store::{Account, AccountId, Authorship, CredentialKind, LinkKind};
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::net::SocketAddr;

use crate::clock;
use crate::mail::Letter;
use crate::usecases::people::{NoEntry, Proof, check_code, check_password, hashed, new_link, token};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::security::unkept;
use crate::web::state::{AppState, SESSION_COOKIE, SESSION_LIFE};
use crate::web::ui::Ui;
use crate::web::views::address::{address, local};

/// Where a request comes from: for counting failures only.
pub struct Address(pub String);

impl Address {
    /// The address as text; empty where it is not known.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<AppState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let near = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        // Only a proxy that was set up may speak for others; the last name is the one it wrote itself.
        let passed_on = parts.headers.get("x-forwarded-for").filter(|_| state.public_url().is_some());
        let far = passed_on.and_then(|value| value.to_str().ok()).and_then(|value| value.rsplit(',').next());
        Ok(Self(far.map(|far| far.trim().to_owned()).or(near).unwrap_or_default()))
    }
}

/// Where to go after the login.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
    #[serde(default)]
    chosen: Option<u8>,
}

/// `GET /login`.
pub async fn form(
    ui: Ui,
    State(state): State<AppState>,
    Query(back): Query<Back>,
) -> Result<Response, WebError> {
    if ui.actor.is_some() || !state.has_accounts().await? {
        return Ok(Redirect::to(local(&back.back)).into_response());
    }
    let said = back.chosen.map(|_| "Пароль сохранён. Войдите с ним.");
    Ok(login_page(&ui, &state, &back.back, "", said, None).into_response())
}

/// The page of the way in, with what was typed and what is wrong.
pub fn login_page(
    ui: &Ui,
    state: &AppState,
    back: &str,
    login: &str,
    said: Option<&str>,
    wrong: Option<&str>,
) -> Markup {
    let over = address("/login/outside", &[("back", local(back).to_owned())]);
    let content = html! {
        div.entry {
            h1 { "Вход" }
            @if let Some(said) = said { p.notice role="status" { (said) } }
            @if let Some(wrong) = wrong { p.why.error role="alert" #entry-wrong { (wrong) } }
            form.stack action="/login" method="post" {
                input type="hidden" name="back" value=(back);
                div.field {
                    label for="login" { "Имя для входа или почта" }
                    input #login name="login" value=(login) autocomplete="username" required
                        autofocus aria-describedby=[wrong.map(|_| "entry-wrong")];
                }
                div.field {
                    label for="password" { "Пароль" }
                    input #password name="password" type="password" autocomplete="current-password" required
                        aria-describedby=[wrong.map(|_| "entry-wrong")];
                }
                div.actions { button.primary type="submit" { "Войти" } a href="/reset" { "Забыли пароль?" } }
            }
            @if let Some(outside) = state.outside() {
                p.actions { a.button href=(over) { "Войти через «" (outside.name) "»" } }
            }
            p.muted { "Учётную запись даёт координатор: он пришлёт ссылку, по которой вы выберете пароль." }
        }
    };
    page(ui, "Вход", Section::None, &content)
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// `POST /login`.
pub async fn enter(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let checked = {
        let _turn = state.hashing_turn().await;
        check_password(&state.store, &typed.login, &typed.password, &address, clock::now()).await
    };
    let (account, proof) = match checked {
        Ok(found) => found,
        Err(error) => {
            let (status, wrong) =
                no_entry(error, "Имя или пароль не подходят. Проверьте раскладку и попробуйте ещё раз.")?;
            return Ok((status, login_page(&ui, &state, &typed.back, &typed.login, None, Some(&wrong)))
                .into_response());
        }
    };
    let next = match proof {
        Proof::Enough => local(&typed.back).to_owned(),
        Proof::Code => {
            let back: String = form_urlencoded::byte_serialize(local(&typed.back).as_bytes()).collect();
            format!("/login/code?back={back}")
        }
    };
    let entering = Entering { headers: &headers, origin: origin.as_deref(), how: "password" };
    open(&state, &account, proof == Proof::Enough, &entering, &next).await
}

/// Status and text of a refusal at the door.
pub fn no_entry(error: NoEntry, wrong: &str) -> Result<(StatusCode, String), WebError> {
    match error {
        NoEntry::Wrong => Ok((StatusCode::UNPROCESSABLE_ENTITY, wrong.to_owned())),
        NoEntry::Wait(seconds) => Ok((
            StatusCode::TOO_MANY_REQUESTS,
            format!("Слишком много неудачных попыток. Подождите {seconds} с и попробуйте ещё раз."),
        )),
        NoEntry::NotOpened => Ok((StatusCode::UNPROCESSABLE_ENTITY, NOT_OPENED.to_owned())),
        NoEntry::Store(error) => Err(error.into()),
        NoEntry::NoRandomness => Err(WebError::internal(crate::usecases::people::NO_RANDOMNESS)),
    }
}

const NOT_OPENED: &str = "Код не проверить: второй шаг вашей учётной записи зашифрован другим ключом – так бывает, когда Опору восстановили из копии без файла ключа. Введите код восстановления или попросите координатора сбросить второй шаг.";

/// How somebody comes in.
pub struct Entering<'a> {
    /// Headers of the request.
    pub headers: &'a HeaderMap,
    /// The address under which the reader knows this server.
    pub origin: Option<&'a str>,
    /// By what: a stable word for the journal.
    pub how: &'static str,
}

/// Opens a session with a token of its own and goes on: nobody can have known the token before.
pub async fn open(
    state: &AppState,
    account: &Account,
    verified: bool,
    entering: &Entering<'_>,
    next: &str,
) -> Result<Response, WebError> {
    let now = clock::now();
    let Entering { headers, origin, how } = *entering;
    leave_session(state, headers).await?;
    let token = match token() {
        Ok(token) => token,
        Err(error) => return Err(no_entry(error, "").err().unwrap_or_else(|| WebError::internal(""))),
    };
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    state.store.open_session(account.id, token.as_str(), agent, verified, SESSION_LIFE, now).await?;
    if verified {
        let by = Authorship { who: &account.name, reason: "", at: now };
        state
            .store
            .note("session.open", &format!("account/{}", account.id.0), &json!({ "by": how }), &by)
            .await?;
    }
    let cookie = session_cookie(token.as_str(), SESSION_LIFE.whole.as_secs(), origin);
    Ok(([(SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// `SameSite=Lax`: a link in a letter opens the page meant. Changes are guarded by the origin of the request.
fn session_cookie(token: &str, seconds: i64, origin: Option<&str>) -> String {
    let secure = if origin.is_some_and(|origin| origin.starts_with("https://")) { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

async fn leave_session(state: &AppState, headers: &HeaderMap) -> Result<(), WebError> {
    if let Some(session) = state.session(headers).await? {
        state.store.end_session(session.account, &session.id).await?;
    }
    Ok(())
}

/// `GET /login/code`.
pub async fn code_form(
    ui: Ui,
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, WebError> {
    match waiting(&state, &headers).await? {
        Some(_) => Ok(code_page(&ui, &back.back, None).into_response()),
        None => Ok(Redirect::to("/login").into_response()),
    }
}

/// The account whose password was right and whose code is still missing.
async fn waiting(state: &AppState, headers: &HeaderMap) -> Result<Option<Account>, WebError> {
    let session = state.session(headers).await?.filter(|session| !session.verified);
    Ok(match session {
        Some(session) => Some(state.store.account(session.account).await?).filter(|account| account.open),
        None => None,
    })
}

fn code_page(ui: &Ui, back: &str, wrong: Option<&str>) -> Markup {
    let content = html! {
        div.entry {
            h1 { "Второй шаг входа" }
            p { "Введите шесть цифр из приложения на телефоне. Если телефона нет под рукой — один из кодов восстановления." }
            @if let Some(wrong) = wrong { p.why.error role="alert" #code-wrong { (wrong) } }
            form.stack action="/login/code" method="post" {
                input type="hidden" name="back" value=(back);
                div.field {
                    label for="code" { "Код" }
                    input #code name="code" autocomplete="one-time-code" required autofocus
                        aria-describedby=[wrong.map(|_| "code-wrong")];
                }
                div.actions { button.primary type="submit" { "Продолжить" } a href="/login" { "Войти под другим именем" } }
            }
        }
    };
    page(ui, "Второй шаг входа", Section::None, &content)
}

/// The code that was typed.
#[derive(Deserialize)]
pub struct TypedCode {
    code: String,
    #[serde(default)]
    back: String,
}

/// `POST /login/code`.
pub async fn enter_code(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Origin(origin): Origin,
    headers: HeaderMap,
    Form(typed): Form<TypedCode>,
) -> Result<Response, WebError> {
    let Some(account) = waiting(&state, &headers).await? else {
        return Ok(Redirect::to("/login").into_response());
    };
    let entering = Entering { headers: &headers, origin: origin.as_deref(), how: "code" };
    match check_code(&state.store, state.seal(), &account, &typed.code, &address, clock::now()).await {
        Ok(()) => open(&state, &account, true, &entering, local(&typed.back)).await,
        Err(error) => {
            let (status, wrong) = no_entry(
                error,
                "Код не подходит. Проверьте время на телефоне: коды меняются каждые полминуты.",
            )?;
            Ok((status, code_page(&ui, &typed.back, Some(&wrong))).into_response())
        }
    }
}

/// `POST /logout`.
pub async fn leave(
    State(state): State<AppState>,
    Origin(origin): Origin,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    leave_session(&state, &headers).await?;
    let cookie = session_cookie("", 0, origin.as_deref());
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}

/// `GET /reset`.
pub async fn reset_form(ui: Ui, State(state): State<AppState>) -> Markup {
    let content = html! {
        div.entry {
            h1 { "Забыли пароль?" }
            @if state.mailer().is_set_up() {
                p { "Напишите имя для входа или адрес почты. Если учётная запись есть, на её почту придёт ссылка, по которой выбирают новый пароль." }
                form.stack action="/reset" method="post" {
                    div.field {
                        label for="login" { "Имя для входа или почта" }
                        input #login name="login" autocomplete="username" required autofocus;
                    }
                    div.actions { button.primary type="submit" { "Прислать ссылку" } a href="/login" { "Ко входу" } }
                }
            } @else {
                p { "Почта в этой установке не настроена. Попросите координатора: на странице «Люди» он сделает для вас новую ссылку." }
                p.actions { a.button href="/login" { "Ко входу" } }
            }
        }
    };
    page(&ui, "Забыли пароль?", Section::None, &content)
}

/// Whose password is forgotten.
#[derive(Deserialize)]
pub struct Forgotten {
    login: String,
}

/// `POST /reset`: the answer is the same whether there is such an account or not.
pub async fn reset(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Origin(origin): Origin,
    Form(forgotten): Form<Forgotten>,
) -> Result<Markup, WebError> {
    let now = clock::now();
    let account = state.store.account_of(&forgotten.login).await?;
    // Each request counts as a failure of the address: nobody floods others with letters.
    let asked = state.store.failures_of_address(&address, now).await?;
    let wanted = account.filter(|account| account.open && !account.mail.is_empty() && asked.count < 60);
    state.store.record_failure("", &address, now).await?;
    if let Some(account) = wanted.filter(|_| state.mailer().is_set_up()) {
        let by = Authorship { who: &account.name, reason: "забыт пароль", at: now };
        if let Some(token) = new_link(&state.store, account.id, LinkKind::Reset, &by).await? {
            let address = format!("{}/link/{}", origin.unwrap_or_default(), token.as_str());
            let letter = Letter {
                to: account.mail.clone(),
                subject: "Опора: новый пароль".to_owned(),
                text: format!(
                    "Здравствуйте, {}!\n\nЧтобы выбрать новый пароль, откройте ссылку (она действует два часа и один раз):\n{address}\n\nЕсли вы об этом не просили, ничего делать не нужно: пароль прежний.\n",
                    account.name
                ),
            };
            // The time of the answer must not tell whether a letter was sent.
            tokio::spawn(async move {
                if let Err(error) = state.mailer().send(&letter).await {
                    tracing::error!(%error, "a letter was not sent");
                }
            });
        }
    }
    let content = html! {
        div.entry {
            h1 { "Проверьте почту" }
            p { "Если такая учётная запись есть и у неё указана почта, письмо со ссылкой придёт в течение нескольких минут. Если его нет, посмотрите папку со спамом или обратитесь к координатору." }
            p.actions { a.button href="/login" { "Ко входу" } }
        }
    };
    Ok(page(&ui, "Проверьте почту", Section::None, &content))
}

/// `GET /link/{token}`: choose a password.
pub async fn link_form(
    ui: Ui,
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let id = state.store.link(&token, clock::now()).await?;
    let account = state.store.account(id).await?;
    Ok(unkept(link_page(&ui, &token, &account, None)))
}

fn link_page(ui: &Ui, token: &str, account: &Account, wrong: Option<&str>) -> Markup {
    let content = html! {
        div.entry {
            h1 { "Выберите пароль" }
            p { "Учётная запись: " strong { (account.name) } ", имя для входа " strong { (account.login) } "." }
            @if let Some(wrong) = wrong { p.why.error role="alert" #password-wrong { (wrong) } }
            form.stack action={ "/link/" (token) } method="post" {
                input type="hidden" name="username" value=(account.login) autocomplete="username";
                div.field {
                    label for="password" { "Новый пароль" }
                    input #password name="password" type="password" autocomplete="new-password" required autofocus
                        aria-describedby="password-advice";
                    p.hint #password-advice { "Не короче " (PASSWORD_CHARS_MIN) " знаков. Лучше всего — три-четыре несвязанных слова." }
                }
                div.field {
                    label for="again" { "Ещё раз" }
                    input #again name="again" type="password" autocomplete="new-password" required;
                }
                div.actions { button.primary type="submit" { "Сохранить пароль" } }
            }
        }
    };
    page(ui, "Выберите пароль", Section::None, &content)
}

/// The password that was chosen.
#[derive(Deserialize)]
pub struct Chosen {
    password: String,
    again: String,
}

/// `POST /link/{token}`.
pub async fn choose(
    ui: Ui,
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, WebError> {
    let id = state.store.link(&token, clock::now()).await?;
    let account = state.store.account(id).await?;
    match new_password(&state, &account, &chosen.password, &chosen.again).await {
        Ok(hash) => {
            let by = Authorship {
                who: &account.name, reason: "пароль выбран по ссылке", at: clock::now()
            };
            state.store.redeem_link(&token, &hash, &by).await?;
            Ok(Redirect::to("/login?chosen=1").into_response())
        }
        Err(wrong) => {
            let mut response = unkept(link_page(&ui, &token, &account, Some(&wrong)));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// The hash of a password typed twice, or what is wrong with it.
pub async fn new_password(
    state: &AppState,
    account: &Account,
    one: &str,
    other: &str,
) -> Result<String, String> {
    if one != other {
        return Err("Пароли не совпадают. Введите один и тот же дважды.".to_owned());
    }
    let _turn = state.hashing_turn().await;
    hashed(one, account).await.map(|hash| hash.as_str().to_owned())
}

/// The account a token of a calendar belongs to.
pub async fn account_of_feed(state: &AppState, token: &str) -> Result<Option<AccountId>, WebError> {
    let value = opora_access::token_sha256(token);
    Ok(state.store.account_of_credential(CredentialKind::Feed, &value).await?)
}
