//! What do all requests and answers of the interface share? Bodies, parameters, pages of lists, problems.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Multipart, Path, Query, Request};
use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::{Object, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::contract::{hold_body, hold_query};
use crate::web::errors::WebError;

/// Entries of a page of a list where nothing else is asked for.
const LIMIT: usize = 100;
/// Most entries of a page of a list.
pub const LIMIT_MAX: usize = 500;

/// What went wrong, by RFC 9457.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What happened, in Russian.
    title: String,
    /// Status of the answer.
    status: u16,
    /// Why, and what to do next, in Russian.
    detail: String,
}

/// An error as `application/problem+json`, with the headers that belong to its status.
pub fn problem(headers: &HeaderMap, status: StatusCode, error: &WebError, head: bool) -> Response {
    let detail = [error.why.as_str(), error.mend.as_str()].join(" ").trim().to_owned();
    let problem = Problem { kind: "about:blank", title: error.what.clone(), status: status.as_u16(), detail };
    let body = if head { String::new() } else { serde_json::to_string(&problem).unwrap_or_default() };
    let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
    for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE, ETAG] {
        if let Some(value) = headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// A request that isn't what the description says.
pub fn misread(what: &str, detail: &str) -> WebError {
    WebError::new(
        StatusCode::BAD_REQUEST,
        what,
        detail,
        "Сверьтесь с описанием запроса: /api/v1/openapi.json.",
    )
}

/// The JSON body of a request.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let (route, method) = (request.extensions().get::<MatchedPath>().cloned(), request.method().clone());
        let bytes = json_bytes(request, state).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
            let place = format!("Это не JSON: строка {}, знак {}.", error.line(), error.column());
            misread("Тело запроса не подходит", &place)
        })?;
        hold_body(route.as_ref(), &method, &value)?;
        // What the schema lets through and the shape does not is told in the words of the reader.
        let read = serde_json::from_value(value);
        read.map(Self).map_err(|error| misread("Тело запроса не подходит", &format!("{error}.")))
    }
}

/// The bytes of a JSON body.
pub struct JsonBytes(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBytes {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        json_bytes(request, state).await.map(Self)
    }
}

async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, WebError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(WebError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Тело запроса не того вида",
            "Здесь принимается только JSON.",
            "Передайте JSON и заголовок Content-Type: application/json.",
        ));
    }
    let bytes = Bytes::from_request(request, state).await;
    bytes.map_err(|rejection| WebError::of_status(rejection.into_response().status()))
}

/// The parameters behind `?`.
pub struct Asked<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        hold_query(parts.extensions.get(), &parts.method, parts.uri.query().unwrap_or_default())?;
        let query = Query::<T>::try_from_uri(&parts.uri);
        let query = query
            .map_err(|error| misread("Параметры запроса не подходят", &in_russian(&error.body_text())))?;
        Ok(Self(query.0))
    }
}

/// What is wrong with the parameters of a request, said by a library in its own words, in ours.
fn in_russian(told: &str) -> String {
    let name_after = |mark: &str| told.split(mark).nth(1).and_then(|rest| rest.split('`').next());
    let value = told.split("query string: ").nth(1).and_then(|rest| rest.split_once(": "));
    if let Some(name) = name_after("missing field `") {
        format!("Не хватает параметра {name}.")
    } else if let Some(name) = name_after("unknown field `") {
        format!("Параметра {name} здесь нет.")
    } else if let Some((name, _)) = value {
        format!("Значение параметра {name} не понято.")
    } else {
        "Один из параметров не понят.".to_owned()
    }
}

/// The parameters in the path.
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        let told = || format!("Номер или слово в адресе не понято: {}.", parts.uri.path());
        path.map(|path| Self(path.0)).map_err(|_| misread("Адрес записан с ошибкой", &told()))
    }
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    items: Vec<T>,
    /// Where the next page begins: the value of `cursor` for the next request; nothing on the last page.
    next: Option<String>,
}

impl<T> Page<T> {
    /// A page made of entries after a cursor, one more than asked for where there are more.
    pub fn of(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }

    /// A page whose next one is known.
    pub fn before(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next }
    }

    /// The page with entries made of its own.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(make).collect(), next: self.next }
    }
}

/// How many entries are asked for.
pub fn limit(asked: Option<usize>) -> Result<usize, WebError> {
    let limit = asked.unwrap_or(LIMIT);
    if (1..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(misread("Параметр limit не подходит", "За один раз отдаётся от 1 до 500 записей."))
}

/// A cursor that is a number.
pub fn cursor(asked: Option<&str>) -> Result<Option<i64>, WebError> {
    asked.map(|text| text.parse().map_err(|_| bad_cursor())).transpose()
}

/// What is told of a cursor nobody gave out.
pub fn bad_cursor() -> WebError {
    misread("Параметр cursor не подходит", "Он берётся из поля next предыдущей страницы как есть.")
}

/// A request that can be read and can't be carried out.
pub fn unfit(what: &str, mend: &str) -> WebError {
    WebError::new(StatusCode::UNPROCESSABLE_ENTITY, what, "", mend)
}

/// A refusal of a room in one text of what, why and what next: its first sentence is the title.
pub fn told(status: StatusCode, text: &str) -> WebError {
    let (what, rest) = text.split_once(". ").unwrap_or((text, ""));
    WebError::new(status, what, "", rest)
}

/// An order in the form in which it travels. Its schema is that of `docs/schema`, put in when the description is made.
pub struct OrderForm;

impl PartialSchema for OrderForm {
    fn schema() -> RefOr<Schema> {
        RefOr::T(Schema::Object(Object::new()))
    }
}

impl ToSchema for OrderForm {
    fn name() -> std::borrow::Cow<'static, str> {
        "Order".into()
    }
}

/// A file that is sent, with fields beside it.
pub struct Sent {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Fields of text.
    pub fields: Vec<(String, String)>,
}

impl Sent {
    /// A field of text.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Reads the one file of a request, the part `file`.
    pub async fn read(mut parts: Multipart, bytes_max: usize) -> Result<Self, WebError> {
        let (mut file, mut fields) = (None, Vec::new());
        while let Some(part) = parts.next_field().await? {
            let field = part.name().unwrap_or_default().to_owned();
            if field == "file" {
                let name = part.file_name().unwrap_or("file").to_owned();
                file = Some((name, part.bytes().await?.to_vec()));
            } else {
                fields.push((field, part.text().await?));
            }
        }
        let missing = || misread("Файла нет в запросе", "Нужна часть file с содержимым файла.");
        let (name, bytes) = file.ok_or_else(missing)?;
        if bytes.len() > bytes_max {
            return Err(WebError::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        Ok(Self { name, bytes, fields })
    }
}

/// Files as a program sends them.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub struct FileForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The multipart body of a request, refused in Russian.
pub struct Parcel(pub Multipart);

impl<S: Send + Sync> FromRequest<S> for Parcel {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let multipart = Multipart::from_request(request, state).await;
        multipart.map(Self).map_err(|_| {
            WebError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Тело запроса не того вида",
                "Файлы принимаются в виде multipart/form-data.",
                "Передайте файл частью file: curl -F file=@приказ.docx.",
            )
        })
    }
}

/// A reason as it is recorded: something is said.
pub fn reason(text: &str) -> Result<&str, WebError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(unfit(
            "Причина не названа",
            "Напишите её в поле reason: по ней другие поймут, что случилось.",
        ));
    }
    Ok(text)
}

/// A reason that is given with a change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The reason, as it will stand in the journal.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// The value of a header as text.
pub fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::in_russian;

    #[test]
    fn wrong_parameters_are_told_in_russian() {
        let check = |told: &str, expected: &str| assert_eq!(in_russian(told), expected);
        let told = "Failed to deserialize query string: ";
        check(&format!("{told}missing field `place`"), "Не хватает параметра place.");
        check(&format!("{told}unknown field `plaec`, expected `place`"), "Параметра plaec здесь нет.");
        check(&format!("{told}from: expected four digit year"), "Значение параметра from не понято.");
        check(told, "Один из параметров не понят.");
    }
}
