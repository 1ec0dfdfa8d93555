//! How does a person get in over an outside login, and link it to the own account?

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use maud::html;
use opora_access::Token;
use opora_oidc::{Answer, Begun, NotTold, Provider, Stranger};
use opora_store::{AccountId, Authorship, CredentialKind, OutsideAttempt, StoreError};
use serde::Deserialize;

use crate::clock;
use crate::usecases::outside::{account_of_stranger, refuse_address};
use crate::usecases::people::{NO_RANDOMNESS, NoEntry, Proof};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::account::{is_password, own, refused_change};
use crate::web::pages::login::{Address, Entering, login_page, no_entry, open};
use crate::web::security::unkept;
use crate::web::state::AppState;
use crate::web::ui::{Ui, cookie};
use crate::web::views::address::local;

/// Cookie that ties the answer of the provider to the browser that asked.
const STATE_COOKIE: &str = "opora-outside";
/// How long a person may take at the provider.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Where the provider sends the browser back to.
const BACK: &str = "/login/outside/back";

/// The outside login of this installation.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The provider.
    pub provider: Arc<Provider>,
    /// What stands on the button: «Войти через …».
    pub name: Arc<str>,
}

/// Where to go after the login.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    back: String,
}

fn configured(state: &AppState) -> Result<&Outside, WebError> {
    state.outside().ok_or_else(|| WebError::not_found("Внешний вход в этой установке не настроен"))
}

/// `GET /login/outside`: to the provider.
pub async fn begin(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Origin(origin): Origin,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    configured(&state)?;
    if let Err(error) = refuse_address(&state.store, &address, clock::now()).await {
        let (status, wrong) = no_entry(error, "")?;
        return Ok((status, login_page(&ui, &state, &wanted.back, "", None, Some(&wrong))).into_response());
    }
    match started(&state, origin.as_deref(), local(&wanted.back), None).await? {
        Ok((begun, cookie)) => Ok(([(SET_COOKIE, cookie)], Redirect::to(&begun.url)).into_response()),
        Err(why) => Ok(unreachable(&ui, &state, &wanted.back, &why)),
    }
}

/// Notes an attempt; gives where to go and the cookie that ties the answer to this browser.
async fn started(
    state: &AppState,
    origin: Option<&str>,
    back: &str,
    account: Option<AccountId>,
) -> Result<Result<(Begun, String), NotTold>, WebError> {
    let outside = configured(state)?;
    let now = clock::now();
    let no_randomness = || WebError::internal(NO_RANDOMNESS);
    let own = Token::new().ok_or_else(no_randomness)?;
    let nonce = Token::new().ok_or_else(no_randomness)?;
    let redirect = format!("{}{BACK}", origin.unwrap_or_default());
    let begun = match outside.provider.begin(&redirect, own.as_str(), nonce.as_str(), now).await {
        Ok(begun) => begun,
        Err(why) => return Ok(Err(why)),
    };
    let attempt = OutsideAttempt {
        nonce: nonce.as_str().to_owned(),
        verifier: begun.verifier.clone(),
        back: back.to_owned(),
        account,
    };
    state.store.begin_outside(own.as_str(), &attempt, LIFE, now).await?;
    Ok(Ok((begun, state_cookie(own.as_str(), LIFE.as_secs(), origin))))
}

fn state_cookie(value: &str, seconds: i64, origin: Option<&str>) -> String {
    let secure = if origin.is_some_and(|origin| origin.starts_with("https://")) { "; Secure" } else { "" };
    format!("{STATE_COOKIE}={value}; Path={BACK}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

fn unreachable(ui: &Ui, state: &AppState, back: &str, why: &NotTold) -> Response {
    tracing::error!(%why, "the outside login failed");
    let wrong = "Внешний вход сейчас не отвечает. Войдите по паролю или попробуйте через несколько минут.";
    let again = login_page(ui, state, back, "", None, Some(wrong));
    (StatusCode::SERVICE_UNAVAILABLE, again).into_response()
}

/// With what the provider sends the browser back.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

/// `GET /login/outside/back`: who did the provider let in?
pub async fn back(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Origin(origin): Origin,
    headers: HeaderMap,
    Query(sent): Query<Sent>,
) -> Result<Response, WebError> {
    configured(&state)?;
    let finished = finish(&ui, &state, &address, origin.as_deref(), &headers, &sent).await?;
    // The cookie has done its work, whatever came of it.
    let mut response = unkept(finished);
    if let Ok(over) = state_cookie("", 0, origin.as_deref()).parse() {
        response.headers_mut().append(SET_COOKIE, over);
    }
    Ok(response)
}

async fn finish(
    ui: &Ui,
    state: &AppState,
    address: &str,
    origin: Option<&str>,
    headers: &HeaderMap,
    sent: &Sent,
) -> Result<Response, WebError> {
    let now = clock::now();
    let refuse = async |status: StatusCode, wrong: &str| {
        state.store.record_failure("", address, now).await?;
        Ok((status, login_page(ui, state, "", "", None, Some(wrong))).into_response())
    };
    if let Err(error) = refuse_address(&state.store, address, now).await {
        let (status, wrong) = no_entry(error, "")?;
        return Ok((status, login_page(ui, state, "", "", None, Some(&wrong))).into_response());
    }
    let own = !sent.state.is_empty() && cookie(headers, STATE_COOKIE) == Some(sent.state.as_str());
    let attempt = if own { state.store.take_outside(&sent.state, now).await? } else { None };
    let Some(attempt) = attempt else {
        let wrong = "Этот вход уже завершён или начат слишком давно, или начат в другом браузере. Начните его здесь заново.";
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    };
    if sent.code.is_empty() {
        tracing::info!(error = sent.error, "the provider let nobody in");
        let wrong = "Внешний вход не состоялся: вас там не пустили, или вы передумали. Можно начать заново или войти по паролю.";
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            login_page(ui, state, &attempt.back, "", None, Some(wrong)),
        )
            .into_response());
    }
    let redirect = format!("{}{BACK}", origin.unwrap_or_default());
    let answer =
        Answer { redirect: &redirect, code: &sent.code, nonce: &attempt.nonce, verifier: &attempt.verifier };
    let stranger = match configured(state)?.provider.who(&answer, now).await {
        Ok(stranger) => stranger,
        Err(why @ NotTold::Unreachable(_)) => return Ok(unreachable(ui, state, &attempt.back, &why)),
        Err(why) => {
            tracing::warn!(%why, "an outside login was not believed");
            let wrong = "Ответ внешнего входа не прошёл проверку, поэтому войти нельзя. Начните заново; если повторится, сообщите тому, кто обслуживает Опору.";
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
        }
    };
    match attempt.account {
        Some(account) => link(state, headers, account, &stranger).await,
        None => match account_of_stranger(&state.store, &stranger, now).await {
            Ok((account, proof)) => {
                let entering = Entering { headers, origin, how: "outside" };
                open(state, &account, proof == Proof::Enough, &entering, &after(proof, &attempt.back)).await
            }
            Err(NoEntry::Wrong) => refuse(StatusCode::FORBIDDEN, &unknown(&stranger)).await,
            Err(error) => Err(no_entry(error, "").err().unwrap_or_else(|| WebError::internal(""))),
        },
    }
}

fn after(proof: Proof, back: &str) -> String {
    match proof {
        Proof::Enough => local(back).to_owned(),
        Proof::Code => {
            let back: String = form_urlencoded::byte_serialize(local(back).as_bytes()).collect();
            format!("/login/code?back={back}")
        }
    }
}

fn unknown(stranger: &Stranger) -> String {
    match &stranger.mail {
        Some(mail) => format!(
            "Внешний вход вас знает, а Опора – нет: учётной записи для {mail} нет, или она закрыта, или вход нужно привязать заново. Попросите координатора пригласить вас с этим адресом или войдите по паролю и привяжите вход на странице «Учётная запись»."
        ),
        None => "Внешний вход не подтвердил ваш адрес почты, поэтому Опора не знает, кто вы. Войдите по паролю и привяжите вход на странице «Учётная запись».".to_owned(),
    }
}

/// Links the stranger to the account that asked for it, in the browser where it is logged in.
async fn link(
    state: &AppState,
    headers: &HeaderMap,
    account: AccountId,
    stranger: &Stranger,
) -> Result<Response, WebError> {
    let session = state.session(headers).await?.filter(|session| session.verified);
    if session.is_none_or(|session| session.account != account) {
        return Err(WebError::bad_request(
            "Вход не привязан: за это время вы вышли из Опоры",
            "Войдите и привяжите его ещё раз на странице «Учётная запись».",
        ));
    }
    let account = state.store.account(account).await?;
    let by = Authorship {
        who: &account.name, reason: "внешний вход привязан", at: clock::now()
    };
    match state.store.link_outside(account.id, &stranger.subject, false, &by).await {
        Ok(()) => Ok(Redirect::to("/account?done=linked").into_response()),
        Err(error @ StoreError::OutsideKnown) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

/// The password that allows a change of the way in.
#[derive(Deserialize)]
pub struct Confirmed {
    password: String,
}

/// `POST /account/outside`: begins to link. The page leads on by a link: a form may lead to our own pages only.
pub async fn begin_link(
    ui: Ui,
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    let name = configured(&state)?.name.to_string();
    if !is_password(&state, &account, &confirmed.password).await? {
        let wrong = "Пароль не подходит: внешний вход не привязан.";
        return refused_change(&ui, &state, &actor, wrong).await;
    }
    let (begun, cookie) = match started(&state, origin.as_deref(), "/account", Some(account.id)).await? {
        Ok(begun) => begun,
        Err(why) => {
            tracing::error!(%why, "the outside login failed");
            let wrong = "Внешний вход сейчас не отвечает. Попробуйте через несколько минут.";
            return refused_change(&ui, &state, &actor, wrong).await;
        }
    };
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/account" { "Учётная запись" } }
        div.page-head { h1 { "Привязать внешний вход" } }
        p { "Дальше откроется «" (name) "». Войдите там под своим именем, и вы вернётесь сюда: с этого дня тот вход будет пускать в эту учётную запись." }
        p.actions { a.button.primary href=(begun.url) { "Продолжить" } a.button.quiet href="/account" { "Не сейчас" } }
    };
    let mut response = unkept(page(&ui, "Привязать внешний вход", Section::None, &content));
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /account/outside/off`: ends the links. The password shows that there is another way in.
pub async fn unlink(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, WebError> {
    let account = own(&state, &actor).await?;
    if !is_password(&state, &account, &confirmed.password).await? {
        let wrong = "Пароль не подходит: внешний вход остался привязан.";
        return refused_change(&ui, &state, &actor, wrong).await;
    }
    let by =
        Authorship { who: actor.name(), reason: "внешний вход отвязан", at: clock::now() };
    state.store.set_credentials(account.id, CredentialKind::Outside, &[], &by).await?;
    Ok(Redirect::to("/account?done=unlinked").into_response())
}
