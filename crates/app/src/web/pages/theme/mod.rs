//! Which colours does the person want?

use axum::Form;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::web::ui::Theme;

/// The theme and the page to come back to.
#[derive(Deserialize)]
pub struct Choice {
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /theme`: keeps the choice in a cookie and goes back. Not a secret and read by our own script: no `HttpOnly`.
pub async fn switch(Form(choice): Form<Choice>) -> Response {
    let theme = Theme::of_code(&choice.theme).code();
    let cookie = format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax");
    ([(SET_COOKIE, cookie)], Redirect::to(local(&choice.back))).into_response()
}

/// An address of this site, or else the start page: a form must not send anybody elsewhere.
fn local(address: &str) -> &str {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
    if ours && address.chars().all(|c| c.is_ascii_graphic()) { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: &str) {
        assert_eq!(local(address), expected);
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        check("/plans?q=%D1%88", "/plans?q=%D1%88");
        check("//evil.test", "/");
        check("/\\evil.test", "/");
        check("https://evil.test", "/");
        check("/a\r\nSet-Cookie: b", "/");
    }
}
