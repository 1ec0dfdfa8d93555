//! Which requests are refused, and what may a page load?

use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api::is_api;
use super::errors::WebError;

/// Nothing from other hosts, no inline script or style, no frames, forms only to ourselves.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Layer that adds the security headers to every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &str); 6] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages show plans with names of people: no cache between keeps them, and a page is never out of date.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

/// A page with a secret on it or in its address, which nothing between the server and the eye may keep.
pub fn unkept(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Layer that refuses a change asked for by a page of another site (CSRF).
///
/// Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin` with every POST. A request with
/// neither is no browser's, so nobody's cookies can be abused by it.
pub async fn same_origin(request: Request, next: Next) -> Response {
    // No browser adds a token by itself, and without one cookies open nothing of the interface of programs.
    let by_token = is_api(request.uri().path()) && request.headers().contains_key(AUTHORIZATION);
    if by_token || request.method().is_safe() || comes_from_here(request.headers()) {
        return next.run(request).await;
    }
    WebError::new(
        StatusCode::FORBIDDEN,
        "Запрос пришёл с другого сайта",
        "Изменять данные можно только со страниц самой программы.",
        "Откройте нужную страницу здесь и повторите действие.",
    )
    .into_response()
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (header(ORIGIN.as_str()), header(HOST.as_str())) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], expected: bool) {
        let map = headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().expect("a header name");
                (name, HeaderValue::from_str(value).expect("a header value"))
            })
            .collect();
        assert_eq!(comes_from_here(&map), expected, "{headers:?}");
    }

    #[test]
    fn a_change_is_accepted_from_our_own_pages_only() {
        check(&[("sec-fetch-site", "same-origin"), ("host", "opora.test")], true);
        check(&[("sec-fetch-site", "cross-site"), ("host", "opora.test")], false);
        check(&[("sec-fetch-site", "same-site"), ("host", "opora.test")], false);
        check(&[("origin", "http://opora.test:8080"), ("host", "opora.test:8080")], true);
        check(&[("origin", "http://evil.test"), ("host", "opora.test:8080")], false);
        check(&[("origin", "null"), ("host", "opora.test")], false);
        check(&[("host", "opora.test")], true);
    }
}
