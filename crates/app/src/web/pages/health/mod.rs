//! Is the server well?

use axum::extract::State;
use axum::http::StatusCode;

use crate::web::state::AppState;

/// `GET /health`: `ok` while the store answers, for a watchdog or a load balancer.
pub async fn check(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.store.last_event().await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "health: the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "store unavailable")
        }
    }
}
