//! What does a page need to know of its request: theme, address, day?

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use jiff::civil::Date;
use opora_access::{Place, Right};

use super::actor::Actor;
use crate::clock;

/// Colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Value of the cookie and of `data-theme`.
    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a code; anything unknown is the system's.
    pub fn of_code(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What every page knows of its request.
#[derive(Clone, Debug)]
pub struct Ui {
    /// Theme from the cookie `theme`.
    pub theme: Theme,
    /// Path and query of the request, for links that come back.
    pub path: String,
    /// htmx asks for a part of a page rather than for the page.
    pub partial: bool,
    /// Today.
    pub today: Date,
    /// Who reads, for the frame of the page; nobody before the login.
    pub actor: Option<Actor>,
}

impl Ui {
    /// Reads a request.
    pub fn of(parts: &Parts) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let theme = cookie(&parts.headers, "theme").map_or(Theme::System, Theme::of_code);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let partial = header("hx-request").is_some() && header("hx-request-type") != Some("full");
        Self { theme, path, partial, today: clock::today(), actor: parts.extensions.get::<Actor>().cloned() }
    }
}

impl Ui {
    /// May who reads do this to something of that place? Links lead only where one may go.
    pub fn may(&self, right: Right, place: Place) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.may(right, place))
    }
}

impl<S: Sync> FromRequestParts<S> for Ui {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn check(cookies: &str, expected: Theme) {
        let request = Request::builder().header("cookie", cookies).body(()).expect("a request");
        let (parts, ()) = request.into_parts();
        assert_eq!(Ui::of(&parts).theme, expected, "{cookies}");
    }

    #[test]
    fn the_theme_comes_from_the_cookie() {
        check("theme=dark", Theme::Dark);
        check("a=b; theme=light", Theme::Light);
        check("theme=<script>", Theme::System);
        check("", Theme::System);
    }
}
