//! What is told to whom the gate sends away?

use axum::http::StatusCode;
use axum::http::header::{ACCEPT, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use opora_access::Scope;

use crate::web::actor::Actor;
use crate::web::api::is_api;
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// What an address is told that showed wrong tokens one after the other.
pub(super) fn too_many(seconds: u64) -> Response {
    let error = WebError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "Слишком много неверных токенов",
        "С этого адреса подряд приходили запросы с неизвестными токенами.",
        &format!("Подождите {seconds} с, проверьте токен и повторите запрос."),
    );
    ([(RETRY_AFTER, seconds.to_string())], error).into_response()
}

/// What a program is told whose token does not go so far.
pub(super) fn scope_missing(scope: Scope) -> WebError {
    WebError::new(
        StatusCode::FORBIDDEN,
        "Токену не хватает права",
        &format!("Для этого запроса нужно право {} ({}).", scope.code(), scope.russian()),
        "Сделайте на странице учётной записи токен с этим правом.",
    )
}

/// A refusal in the frame of the person it is told to.
pub(super) fn told(error: WebError, actor: Actor) -> Response {
    let mut response = error.into_response();
    response.extensions_mut().insert(actor);
    response
}

/// The way in: the login page for a person who reads, a bare refusal for a program.
pub(super) async fn to_the_door(state: &AppState, parts: &Parts) -> Response {
    let has_accounts = match state.has_accounts().await {
        Ok(has_accounts) => has_accounts,
        Err(error) => return WebError::from(error).into_response(),
    };
    if !has_accounts {
        return WebError::new(
            StatusCode::FORBIDDEN,
            "Вход ещё не настроен",
            "Опору открыли с другого компьютера, а учётных записей в ней пока нет.",
            "На сервере выполните команду opora user add и откройте ссылку, которую она напечатает.",
        )
        .into_response();
    }
    if is_api(parts.uri.path()) {
        let error = WebError::new(
            StatusCode::UNAUTHORIZED,
            "Нужен токен",
            "Запрос пришёл без токена, или токен завершён, просрочен или записан с ошибкой.",
            "Сделайте токен на странице своей учётной записи и передайте его в заголовке Authorization: Bearer.",
        );
        return ([(WWW_AUTHENTICATE, "Bearer")], error).into_response();
    }
    let reads = parts.method.is_safe();
    let accepts = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("text/html");
    if reads && (accepts.contains("text/html") || accepts.contains("*/*")) {
        let back = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Redirect::to(&format!("/login?back={back}")).into_response();
    }
    WebError::new(
        StatusCode::UNAUTHORIZED,
        "Нужно войти",
        "Страница открыта не под вашей учётной записью, или вход закончился.",
        "Войдите на странице входа и повторите действие.",
    )
    .into_response()
}
