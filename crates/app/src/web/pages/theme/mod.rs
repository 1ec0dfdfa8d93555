//! Which colours does the person want?

use axum::Form;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::web::ui::Theme;
use crate::web::views::address::local;

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
