//! What did a person type into a form whose session had ended meanwhile? It must not be lost.
//!
//! The refusal brings it back: shown, and in a form that sends it again once the person is in. Nothing is kept on the
//! server.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::api::is_api;
use crate::web::views::address::address;

/// Most bytes of a form that is brought back: those of the longest forms.
const BYTES_MAX: usize = 2 * 1024 * 1024;
/// Forms with one of these fields hold a secret and are not brought back.
const SECRETS: [&str; 5] = ["password", "again", "current", "code", "secret"];

/// A form as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    action: String,
    fields: Vec<(String, String)>,
    /// Names of the fields for files: a browser gives a file once only.
    files: Vec<String>,
}

/// Keeps what was typed beside the refusal, where a form was refused for want of a session.
pub async fn keep(mut refusal: Response, parts: Parts, body: Body) -> Response {
    if refusal.status() == StatusCode::UNAUTHORIZED
        && parts.method == Method::POST
        && !is_api(parts.uri.path())
        && let Some(typed) = read(parts, body).await
    {
        refusal.extensions_mut().insert(typed);
    }
    refusal
}

async fn read(parts: Parts, body: Body) -> Option<Typed> {
    let action = parts.uri.path_and_query()?.as_str().to_owned();
    let kind = parts.headers.get(CONTENT_TYPE)?.to_str().ok()?.to_owned();
    let bytes = to_bytes(body, BYTES_MAX).await.ok()?;
    let (fields, files) = match kind.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" => {
            (form_urlencoded::parse(&bytes).into_owned().collect(), Vec::new())
        }
        "multipart/form-data" => of_parts(Request::from_parts(parts, Body::from(bytes))).await?,
        _ => return None,
    };
    let is_secret = fields.iter().any(|(name, _): &(String, String)| SECRETS.contains(&name.as_str()));
    (!is_secret && !fields.is_empty()).then_some(Typed { action, fields, files })
}

async fn of_parts(request: Request) -> Option<(Vec<(String, String)>, Vec<String>)> {
    let mut multipart = Multipart::from_request(request, &()).await.ok()?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.ok()? {
        let name = field.name()?.to_owned();
        if field.file_name().is_some() {
            files.push(name);
        } else {
            let bytes: Bytes = field.bytes().await.ok()?;
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Some((fields, files))
}

impl Typed {
    /// What of it a person wrote, as opposed to chose: to be read and, should all else fail, copied.
    fn words(&self) -> impl Iterator<Item = &str> {
        let texts = self.fields.iter().map(|(_, text)| text.trim());
        texts.filter(|text| text.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii()))
    }

    /// The way in beside the page, and the form that sends everything again.
    pub fn page(&self, from: Option<&str>) -> Markup {
        let login = address("/login", &[("back", from.unwrap_or("/").to_owned())]);
        let enctype = (!self.files.is_empty()).then_some("multipart/form-data");
        html! {
            p { "То, что вы набрали, на этой странице. Не закрывайте её: войдите в новой вкладке, вернитесь сюда и нажмите «Отправить ещё раз»." }
            p.actions { a.button.primary href=(login) target="_blank" rel="noopener" { "Войти в новой вкладке" } }
            form.stack action=(self.action) method="post" enctype=[enctype] {
                @for (name, text) in &self.fields { input type="hidden" name=(name) value=(text); }
                @for (at, name) in self.files.iter().enumerate() {
                    div.field {
                        label for={ "file-" (at) } { "Файл, если вы его прикладывали: выберите снова" }
                        input id={ "file-" (at) } type="file" name=(name);
                    }
                }
                p.actions { button type="submit" { "Отправить ещё раз" } }
            }
            @if self.words().next().is_some() {
                details.disclosure open {
                    summary { "Что вы набрали" }
                    @for text in self.words() { p.typed { (text) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::request::Builder;

    use super::*;

    async fn check(request: Builder, body: &'static str, expected: Option<Typed>) {
        let (parts, body) = request.body(Body::from(body)).expect("a request").into_parts();
        assert_eq!(read(parts, body).await, expected);
    }

    fn form(path: &str) -> Builder {
        Request::post(path).header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
    }

    fn typed(action: &str, fields: &[(&str, &str)], files: &[&str]) -> Option<Typed> {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let files = files.iter().map(|name| (*name).to_owned()).collect();
        Some(Typed { action: action.to_owned(), fields, files })
    }

    #[tokio::test]
    async fn a_form_comes_back_as_it_was_sent() {
        let expected =
            typed("/plans/3/approval?a=1", &[("text", "два слова"), ("pick", "1"), ("pick", "2")], &[]);
        let body = "text=%D0%B4%D0%B2%D0%B0+%D1%81%D0%BB%D0%BE%D0%B2%D0%B0&pick=1&pick=2";
        check(form("/plans/3/approval?a=1"), body, expected).await;
        let parts =
            Request::post("/plans/3/work").header("content-type", "multipart/form-data; boundary=cut");
        let body = "--cut\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nда\r\n--cut\r\nContent-Disposition: \
                    form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--cut--\r\n";
        check(parts, body, typed("/plans/3/work", &[("text", "да")], &["file"])).await;
    }

    #[tokio::test]
    async fn a_secret_does_not_come_back() {
        check(form("/account/password"), "current=a&password=b&again=b", None).await;
        check(form("/plans/3/approval"), "", None).await;
        check(Request::post("/plans/3/approval").header("content-type", "text/plain"), "a=b", None).await;
    }
}
