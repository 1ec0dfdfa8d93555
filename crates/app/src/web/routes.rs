//! Which address leads to which page?

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use super::pages::{
    account, activity, approval, boards, calendar, data, diagnosis, export, feed, files, findings, health,
    history, home, journal, login, methods, people, plan, plans, review, roadmap, rules, runs, schools,
    search, survey, theme, timeline, upload, work,
};
use super::state::AppState;
use super::{access, assets, errors, patience, security};

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
        .route("/data/describe/{token}", get(data::describe).post(data::described))
        .route("/data/mappings", post(data::keep_mapping))
        .route("/plans/{id}/work", get(work::of_plan).post(work::act))
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
        .layer(from_fn_with_state(state.clone(), access::gate))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(from_fn(security::same_origin))
        .layer(from_fn(errors::render))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(from_fn(security::headers))
        .with_state(state)
}

fn pages() -> Router<AppState> {
    people_pages().merge(plan_pages()).merge(school_pages()).merge(other_pages())
}

/// The way in, the own account, people.
fn people_pages() -> Router<AppState> {
    Router::new()
        .route("/login", get(login::form).post(login::enter))
        .route("/login/code", get(login::code_form).post(login::enter_code))
        .route("/logout", post(login::leave))
        .route("/reset", get(login::reset_form).post(login::reset))
        .route("/link/{token}", get(login::link_form).post(login::choose))
        .route("/feed/{token}", get(feed::of_person))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/end", post(account::end_session))
        .route("/account/second-factor", get(account::second_factor_form).post(account::second_factor_on))
        .route("/account/second-factor/off", post(account::second_factor_off))
        .route("/account/feed", post(account::feed))
        .route("/people", get(people::list).post(people::create))
        .route("/people/{id}", get(people::show))
        .route("/people/{id}/roles", post(people::give))
        .route("/people/{id}/roles/end", post(people::end))
        .route("/people/{id}/link", post(people::link))
        .route("/people/{id}/open", post(people::set_open))
}

/// Plans and their execution.
fn plan_pages() -> Router<AppState> {
    Router::new()
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
        .route("/plans/{id}/owner", post(history::give))
        .route("/plans/{id}/approval", get(approval::show).post(approval::act))
        .route("/plans/{id}/proofs/{sha256}", get(work::proof))
        .route("/work", get(work::mine))
        .route("/boards", get(boards::show))
        .route("/boards/rows", get(boards::rows))
        .route("/boards/week", get(boards::week))
        .route("/boards/week.docx", get(boards::week_docx))
        .route("/boards/files/{file}", get(boards::file))
        .route("/calendar", get(calendar::of_all))
        .route("/calendar.ics", get(feed::of_all))
}

/// Schools, their results, diagnosis and roadmap; frozen lists.
fn school_pages() -> Router<AppState> {
    Router::new()
        .route("/schools", get(schools::index))
        .route("/schools.csv", get(schools::csv))
        .route("/schools.xlsx", get(schools::xlsx))
        .route("/schools.json", get(schools::json))
        .route("/schools/charts/{file}", get(schools::chart_file))
        .route("/schools/{id}", get(schools::school))
        .route("/schools/{id}/charts/{file}", get(schools::school_chart))
        .route("/survey/{token}", get(survey::form).post(survey::take))
        .route("/diagnosis", get(diagnosis::board))
        .route("/schools/{id}/diagnosis", get(diagnosis::show).post(diagnosis::save_answers))
        .route("/schools/{id}/diagnosis/submit", post(diagnosis::submit))
        .route("/schools/{id}/diagnosis/carry-over", post(diagnosis::carry))
        .route("/schools/{id}/diagnosis/review", post(diagnosis::review))
        .route("/schools/{id}/surveys", get(diagnosis::surveys).post(diagnosis::open_survey))
        .route("/schools/{id}/surveys/close", post(diagnosis::close_survey))
        .route("/schools/{id}/risks", get(diagnosis::risks).post(diagnosis::decide_risk))
        .route("/schools/{id}/risks/charts/{file}", get(diagnosis::risk_chart))
        .route("/schools/{id}/roadmap", get(roadmap::form).post(roadmap::create))
        .route("/methods", get(methods::index))
        .route("/methods/{id}", get(methods::show))
        .route("/runs", get(runs::index).post(runs::freeze))
        .route("/runs/files/{file}", get(runs::index_file))
        .route("/runs/compare", get(runs::compare))
        .route("/runs/compare/files/{file}", get(runs::compare_file))
        .route("/runs/{id}/files/{file}", get(runs::list_file))
        .route("/runs/{id}", get(runs::show))
        .route("/runs/{id}/finalise", post(runs::finalise_list))
}

/// The start, data, manuals, and what pages are made of.
fn other_pages() -> Router<AppState> {
    Router::new()
        .route("/", get(home::show))
        .route("/data", get(data::show))
        .route("/data/results/{id}/remove", post(data::remove))
        .route("/data/loading/{id}", get(data::job_part))
        .route("/data/files/{file}", get(data::file))
        .route("/data/mappings/{file}", get(data::mapping_file))
        .route("/data/mappings/{file}/withdraw", post(data::withdraw))
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
