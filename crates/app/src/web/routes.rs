//! Which address leads to which page?

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use super::pages::{
    activity, calendar, data, export, feed, files, findings, health, history, home, journal, methods, plan,
    plans, review, rules, runs, schools, search, theme, timeline, upload,
};
use super::state::AppState;
use super::{assets, errors, patience, security};

/// Most bytes of one request: twenty large scans at once.
pub const MAX_REQUEST_BYTES: usize = 200 * 1024 * 1024;
/// Most bytes of one form.
const MAX_FORM_BYTES: usize = 2 * 1024 * 1024;

/// The whole web application.
pub fn router(state: AppState) -> Router {
    let uploads = Router::new()
        .route("/upload", get(upload::form).post(upload::receive))
        .route("/data/registry", post(data::add_registry))
        .route("/data/results", post(data::add_results))
        .route("/runs/{id}/schools/{organisation}", post(runs::step))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    let reading = Router::new()
        .route("/plans/{id}/review", get(review::show).post(review::save))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES));
    pages()
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(patience::layer(patience::PAGE))
        .merge(uploads.merge(reading).layer(patience::layer(patience::READING)))
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .fallback(errors::unknown)
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(from_fn(security::same_origin))
        .layer(from_fn(errors::render))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(from_fn(security::headers))
        .with_state(state)
}

fn pages() -> Router<AppState> {
    Router::new()
        .route("/", get(home::show))
        .route("/upload/sample", post(upload::sample))
        .route("/plans", get(plans::list))
        .route("/plans/{id}", get(plan::show))
        .route("/plans/{id}/activities/{key}", get(activity::show))
        .route("/plans/{id}/timeline", get(timeline::show))
        .route("/plans/{id}/calendar", get(calendar::of_plan))
        .route("/plans/{id}/calendar.ics", get(feed::of_plan))
        .route("/plans/{id}/export.docx", get(export::docx))
        .route("/plans/{id}/export.xlsx", get(export::xlsx))
        .route("/plans/{id}/export.json", get(export::json))
        .route("/plans/{id}/print", get(export::print))
        .route("/plans/{id}/archive", get(plans::confirm).post(plans::archive))
        .route("/plans/{id}/findings", get(findings::list))
        .route("/plans/{id}/findings/suppress", post(findings::set_aside))
        .route("/plans/{id}/findings/withdraw", post(findings::withdraw))
        .route("/plans/{id}/history", get(history::show))
        .route("/calendar", get(calendar::of_all))
        .route("/calendar.ics", get(feed::of_all))
        .route("/schools", get(schools::index))
        .route("/schools.csv", get(schools::csv))
        .route("/schools.xlsx", get(schools::xlsx))
        .route("/schools.json", get(schools::json))
        .route("/schools/{id}", get(schools::school))
        .route("/methods", get(methods::index))
        .route("/methods/{id}", get(methods::show))
        .route("/runs", get(runs::index).post(runs::freeze))
        .route("/runs/compare", get(runs::compare))
        .route("/runs/{id}", get(runs::show))
        .route("/runs/{id}/finalise", post(runs::finalise_list))
        .route("/data", get(data::show))
        .route("/data/results/{id}/remove", post(data::remove))
        .route("/search", get(search::show))
        .route("/schedule/preview", get(review::preview))
        .route("/rules", get(rules::index))
        .route("/rules/{code}", get(rules::manual))
        .route("/journal", get(journal::show))
        .route("/files/{sha256}", get(files::download))
        .route("/theme", post(theme::switch))
        .route("/health", get(health::check))
        .route("/assets/{name}", get(assets::serve))
}
