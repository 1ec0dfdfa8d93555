//! How long may an answer take before the reader is told that it takes too long?

use std::time::Duration;

use axum::http::StatusCode;
use tower_http::timeout::TimeoutLayer;

/// A page: it is made of what is in memory and in the database.
pub const PAGE: Duration = Duration::from_secs(60);
/// A page that may have to read a scan again, which takes up to a minute a page, and files that are handed in over a
/// slow line.
pub const READING: Duration = Duration::from_secs(30 * 60);

/// Layer that gives up after this time. The answer is a 503 rather than a 408: a browser may repeat a request that
/// was answered by 408 without asking.
pub fn layer(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limit)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::web::errors;

    #[tokio::test]
    async fn a_slow_page_is_given_up_kindly() {
        let slow = || async { tokio::time::sleep(Duration::from_secs(5)).await };
        let app = Router::new()
            .route("/slow", get(slow))
            .layer(layer(Duration::from_millis(20)))
            .layer(from_fn(errors::render));
        let answer = app.oneshot(Request::get("/slow").body(Body::empty()).expect("a request")).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let text = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("Ответ готовился слишком долго") && text.contains("На главную"), "{text}");
    }
}
