//! What does a person see when something went wrong? What happened, why, and what to do next.
//!
//! A handler returns a [`WebError`]; the layer [`render`] puts it, and every bare error status of axum and of the
//! layers, into a page of the site.

use axum::extract::Request;
use axum::extract::multipart::MultipartError;
use axum::http::header::{HOST, REFERER};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_store::StoreError;

use super::actor::Actor;
use super::api::{is_api, problem};
use super::assets::icon;
use super::components::layout::{Section, page};
use super::typed::Typed;
use super::ui::Ui;

/// An error as a page.
#[derive(Clone, Debug)]
pub struct WebError {
    /// Status of the answer.
    pub status: StatusCode,
    /// What happened.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do next.
    pub mend: String,
}

impl WebError {
    /// An error of three sentences.
    pub fn new(status: StatusCode, what: &str, why: &str, mend: &str) -> Self {
        Self { status, what: what.to_owned(), why: why.to_owned(), mend: mend.to_owned() }
    }

    /// There is no such page or thing.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            what,
            "Возможно, ссылка набрана с ошибкой или устарела.",
            "Перейдите к списку планов или воспользуйтесь поиском.",
        )
    }

    /// The request can't be understood.
    pub fn bad_request(what: &str, mend: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what, "", mend)
    }

    /// What was typed or chosen in a form is wrong: it can be mended there.
    pub fn is_of_a_field(&self) -> bool {
        matches!(self.status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Something broke on our side.
    pub fn internal(why: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "На сервере произошла ошибка",
            why,
            "Записанные данные не пострадали. Вернитесь назад и повторите действие; если ошибка повторится, \
             сообщите о ней тому, кто обслуживает программу.",
        )
    }

    /// The standard words for a status.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found("Такой страницы нет"),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "Так обратиться к этой странице нельзя",
                "Адрес принимает запросы другого вида.",
                "Вернитесь назад и воспользуйтесь кнопкой или ссылкой на странице.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "Слишком большой запрос",
                "Размер отправленного превышает предел сервера.",
                "Загрузите файлы по одному; один файл не должен быть больше 50 МБ.",
            ),
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => {
                Self::new(
                    status,
                    "Ответ готовился слишком долго",
                    "Сервер прервал работу, чтобы не мешать остальным.",
                    "Повторите действие через несколько минут. Записанные данные не пострадали; большой скан лучше разделить на несколько файлов.",
                )
            }
            status if status.is_server_error() => Self::internal("Подробности записаны в журнал сервера."),
            status => Self::new(
                status,
                "Запрос не понят",
                "В нём нет того, что нужно этой странице, или данные записаны неверно.",
                "Вернитесь назад, проверьте заполненное и отправьте ещё раз.",
            ),
        }
    }
}

impl From<MultipartError> for WebError {
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::of_status(StatusCode::PAYLOAD_TOO_LARGE),
            _ => Self::bad_request(
                "Отправленное пришло не целиком",
                "Передача прервалась или данные записаны неверно. Отправьте ещё раз, несколько файлов — по одному.",
            ),
        }
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        let status = match &error {
            StoreError::PlanUnknown(_) | StoreError::VersionUnknown(..) | StoreError::SuppressionUnknown => {
                StatusCode::NOT_FOUND
            }
            StoreError::AccountUnknown
            | StoreError::GrantUnknown
            | StoreError::LinkUnknown
            | StoreError::RunUnknown => StatusCode::NOT_FOUND,
            StoreError::Conflict { .. }
            | StoreError::AccountKnown
            | StoreError::OutsideKnown
            | StoreError::StepFirst
            | StoreError::FactFirst => StatusCode::CONFLICT,
            StoreError::ReasonMissing | StoreError::GrantRefused(_) => StatusCode::BAD_REQUEST,
            StoreError::Database(_) => {
                // The words of the database are for whoever keeps the server.
                tracing::error!(%error, "the database failed");
                return Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "База данных сейчас не отвечает",
                    "Сервер её не дождался или на диске нет места. Ничего не записано наполовину.",
                    "Подождите минуту и повторите. Если не поможет, сообщите тому, кто обслуживает программу.",
                );
            }
            _ => {
                tracing::error!(%error, "the store failed");
                return Self::internal(&error.to_string());
            }
        };
        // The store says what, why and what next in one text: its first sentence is the heading.
        let text = error.to_string();
        let (what, rest) = text.split_once(". ").unwrap_or((text.as_str(), ""));
        Self::new(status, what, "", rest)
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Layer that turns every error answer into a page of the site.
pub async fn render(mut ui: Ui, request: Request, next: Next) -> Response {
    let head = request.method() == Method::HEAD;
    let api = is_api(request.uri().path());
    let from = form_page(&request);
    // Who follows a link of an invitation has no way to the plans yet.
    let is_invitation = request.uri().path().starts_with("/link/");
    let mut response = next.run(request).await;
    let status = response.status();
    // The gate stands further in: what it found out comes back with the answer.
    ui.actor = response.extensions_mut().remove::<Actor>();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = match response.extensions_mut().remove::<WebError>() {
        Some(error) => error,
        // A handler that wrote its own page (a form with its errors) has told the person enough.
        None if is_html(&response) => return response,
        None => WebError::of_status(status),
    };
    if api {
        return problem(response.headers(), status, &error, head);
    }
    if head {
        return status.into_response();
    }
    let typed = response.extensions_mut().remove::<Typed>();
    let content = match &typed {
        Some(typed) => typed_page(&error, &typed.page(from.as_deref())),
        None => error_page(&error, from.as_deref(), is_invitation),
    };
    (status, page(&ui, &error.what, Section::None, &content)).into_response()
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(axum::http::header::CONTENT_TYPE);
    kind.and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

/// The page of this site that a form was sent from: there one can go on.
fn form_page(request: &Request) -> Option<String> {
    if request.method() != Method::POST {
        return None;
    }
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let from: Uri = header(REFERER)?.parse().ok()?;
    // An address of another site is nowhere to go back to.
    if from.authority()?.as_str() != header(HOST)? {
        return None;
    }
    from.path_and_query().map(|path| path.as_str().to_owned()).filter(|path| !path.starts_with("//"))
}

fn error_page(error: &WebError, from: Option<&str>, is_invitation: bool) -> Markup {
    html! {
        div.error-page {
            p.error-code { (icon("circle-alert")) "Ошибка " (error.status.as_u16()) }
            h1 { (error.what) }
            @if !error.why.is_empty() { p { (error.why) } }
            p { (error.mend) }
            p.actions {
                @if let Some(from) = from { a.button.primary href=(from) { "Вернуться" } }
                @if is_invitation || error.status == StatusCode::UNAUTHORIZED { a.button href="/login" { "Войти" } }
                @else {
                    a.button href="/" { (icon("house")) "На главную" }
                    a.button.quiet href="/plans" { (icon("folder-open")) "К списку планов" }
                }
            }
        }
    }
}

/// The refusal of a form that is brought back with all that was typed.
fn typed_page(error: &WebError, typed: &Markup) -> Markup {
    html! {
        div.error-page {
            p.error-code { (icon("circle-alert")) "Ошибка " (error.status.as_u16()) }
            h1 { (error.what) }
            p { (error.why) }
            (typed)
        }
    }
}

/// Answer to a request whose handler panicked. The panic itself is in the log of the server.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    WebError::internal("Программа встретила то, чего не ожидала. Подробности записаны в журнал сервера.")
        .into_response()
}

/// An address that leads nowhere; one that only has a `/` too many leads to the page meant.
pub async fn unknown(uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    // `//evil.test` must not become an address of another site.
    if path.is_empty() || path.starts_with("//") || path == uri.path() || is_api(uri.path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("{path}{query}")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::{DefaultBodyLimit, Multipart};
    use axum::http::Request;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tower::ServiceExt;

    use super::*;

    /// What is said of a request with files.
    async fn said(sent: &str) -> (StatusCode, String) {
        async fn take(mut parts: Multipart) -> Result<String, WebError> {
            let mut all = String::new();
            while let Some(part) = parts.next_field().await? {
                all.push_str(&part.text().await?);
            }
            Ok(all)
        }
        let app =
            Router::new().route("/", post(take)).layer(DefaultBodyLimit::max(4000)).layer(from_fn(render));
        let request = Request::post("/").header("content-type", "multipart/form-data; boundary=B");
        let request = request.body(Body::from(sent.to_owned())).expect("a request");
        let answer = app.oneshot(request).await.expect("an answer");
        let status = answer.status();
        let text = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8_lossy(&text).into_owned())
    }

    #[tokio::test]
    async fn files_that_are_too_large_and_files_that_broke_off_are_told_apart() {
        let file = |bytes: usize| {
            let head = "--B\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.csv\"\r\n\r\n";
            format!("{head}{}\r\n--B--\r\n", "а".repeat(bytes / 2))
        };
        assert_eq!(said(&file(1000)).await, (StatusCode::OK, "а".repeat(500)));
        let (status, text) = said(&file(5000)).await;
        assert!(status == StatusCode::PAYLOAD_TOO_LARGE && text.contains("Слишком большой запрос"), "{text}");
        let (status, text) = said(file(1000).trim_end_matches("--\r\n")).await;
        assert!(status == StatusCode::BAD_REQUEST && text.contains("пришло не целиком"), "{text}");
    }
}
