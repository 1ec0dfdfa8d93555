//! Under which address does the reader know this server?

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;

use super::state::AppState;

/// «https://opora.example.ru», for links that are followed from outside: a calendar, a printed page. `None` where
/// nothing sensible is known.
///
/// The address set at the start counts first, then what a proxy says of the request it passes on, then the request
/// itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub Option<String>);

impl FromRequestParts<AppState> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let set = state.public_url().map(str::to_owned);
        Ok(Self(set.or_else(|| of_request(&parts.headers))))
    }
}

/// The origin as the headers tell it. A proxy may name several, from the outermost on.
fn of_request(headers: &HeaderMap) -> Option<String> {
    let header = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
    };
    let host = header("x-forwarded-host").filter(|host| is_host(host)).or_else(|| header(HOST.as_str()))?;
    let scheme = match header("x-forwarded-proto") {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    is_host(host).then(|| format!("{scheme}://{host}"))
}

/// Only what the name of a host with its port can hold.
fn is_host(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(plain)
}

/// Reads the address to be set at the start: scheme and host, nothing behind.
pub fn parse_public_url(text: &str) -> Result<String, String> {
    let trimmed = text.trim().trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match host {
        Some(host) if is_host(host) => Ok(trimmed.to_owned()),
        _ => Err("Нужен адрес вида https://opora.example.ru, без пути после имени сервера.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::HeaderName;

    use super::*;

    #[test]
    fn a_proxy_tells_how_the_reader_came() {
        fn check(headers: &[(&str, &str)], expected: Option<&str>) {
            let pair = |(name, value): &(&str, &str)| {
                let name: HeaderName = name.parse().expect("a header name");
                (name, HeaderValue::from_str(value).expect("a header value"))
            };
            let found = of_request(&headers.iter().map(pair).collect());
            assert_eq!(found.as_deref(), expected, "{headers:?}");
        }
        check(&[("host", "opora.test:8080")], Some("http://opora.test:8080"));
        check(&[("host", "127.0.0.1"), ("x-forwarded-proto", "https")], Some("https://127.0.0.1"));
        check(
            &[
                ("host", "10.0.0.2"),
                ("x-forwarded-host", "opora.test, inner"),
                ("x-forwarded-proto", "https, http"),
            ],
            Some("https://opora.test"),
        );
        check(&[("host", "opora.test"), ("x-forwarded-proto", "javascript")], Some("http://opora.test"));
        check(&[("host", "opora.test"), ("x-forwarded-host", "a b<")], Some("http://opora.test"));
        check(&[("host", "evil test/")], None);
        check(&[], None);
    }

    #[test]
    fn a_public_address_is_scheme_and_host() {
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(parse_public_url(text).ok().as_deref(), expected, "{text}");
        }
        check("https://opora.test/", Some("https://opora.test"));
        check("http://10.0.0.2:8080", Some("http://10.0.0.2:8080"));
        check("opora.test", None);
        check("https://opora.test/path", None);
        check("https://", None);
    }
}
