//! Which address leads to which page?

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use super::pages::{
    account, activity, approval, assignments, boards, calendar, compare, data, diagnosis, export, feed,
    files, findings, health, history, home, journal, login, meetings, methods, notices, obligations, outside,
    people, plan, plans, questionnaires, review, roadmap, rules, runs, schools, search, survey, theme,
    timeline, upload, upstream, visits, work,
};
use super::state::AppState;
use super::{access, api, assets, errors, patience, security, unread};

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
        .route("/questionnaires", get(questionnaires::list).post(questionnaires::add))
        .route("/assignments/mentors/{id}", get(assignments::contract).post(assignments::add_contract))
        .route("/plans/{id}/work", get(work::of_plan).post(work::act))
        .route("/schools/{id}/visits/{visit}/tasks", post(visits::act_on_visit_task))
        .route("/meetings/{meeting}/tasks", post(meetings::act_on_task))
        .route("/runs/{id}/schools/{organisation}", post(runs::step))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES));
    let reading = Router::new()
        .route("/plans/{id}/review", get(review::show).post(review::save))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES));
    pages()
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(patience::layer(patience::PAGE))
        .merge(api::routes())
        .merge(uploads.merge(reading).layer(patience::layer(patience::READING)))
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .fallback(errors::unknown)
        .layer(from_fn_with_state(state.clone(), access::gate))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(from_fn(security::same_origin))
        .layer(from_fn(errors::render))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(from_fn(security::headers))
        .layer(from_fn(unread::read_to_end))
        .with_state(state)
}

fn pages() -> Router<AppState> {
    people_pages().merge(plan_pages()).merge(school_pages()).merge(support_pages()).merge(other_pages())
}

/// The way in, the own account, people.
fn people_pages() -> Router<AppState> {
    Router::new()
        .route("/login", get(login::form).post(login::enter))
        .route("/login/code", get(login::code_form).post(login::enter_code))
        .route("/login/outside", get(outside::begin))
        .route("/login/outside/back", get(outside::back))
        .route("/logout", post(login::leave))
        .route("/reset", get(login::reset_form).post(login::reset))
        .route("/link/{token}", get(login::link_form).post(login::choose))
        .route("/feed/{token}", get(feed::of_person))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/end", post(account::end_session))
        .route("/account/second-factor", get(account::second_factor_form).post(account::second_factor_on))
        .route("/account/second-factor/off", post(account::second_factor_off))
        .route("/account/outside", post(outside::begin_link))
        .route("/account/outside/off", post(outside::unlink))
        .route("/account/feed", post(account::feed))
        .route("/account/tokens", post(account::make_token))
        .route("/account/tokens/end", post(account::end_token))
        .route("/assignments", get(assignments::list).post(assignments::assign))
        .route("/assignments/ways", post(assignments::save_ways))
        .route("/assignments/end", post(assignments::end))
        .route("/assignments/proposal", get(assignments::proposal))
        .route("/assignments/files/{file}", get(assignments::file))
        .route("/assignments/curators/{id}", get(assignments::curator).post(assignments::save_curator))
        .route("/assignments/mentors", get(assignments::mentors).post(assignments::assign_mentors))
        .route("/assignments/mentors/end", post(assignments::end_mentor))
        .route(
            "/assignments/mentors/schools/{id}",
            get(assignments::mentor_school).post(assignments::save_mentor_school),
        )
        .route("/schools/{id}/mentors/{sha256}", get(assignments::contract_file))
        .route("/notices", get(notices::list))
        .route("/notices/{id}", get(notices::open))
        .route("/notices/read", post(notices::read))
        .route("/notices/settings", get(notices::settings).post(notices::save))
        .route("/notices/letters/again", post(notices::again))
        .route("/people", get(people::list).post(people::create))
        .route("/people/{id}", get(people::show))
        .route("/people/{id}/roles", post(people::give))
        .route("/people/{id}/roles/end", post(people::end))
        .route("/people/{id}/link", post(people::link))
        .route("/people/{id}/open", post(people::set_open))
        .route("/people/{id}/second-factor", post(people::reset_second_factor))
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
        .route("/plans/{id}/compare", get(compare::show))
        .route("/plans/{id}/compare/files/{file}", get(compare::file))
        .route("/plans/{id}/owner", post(history::give))
        .route("/plans/{id}/approval", get(approval::show).post(approval::act))
        .route("/plans/{id}/upstream", get(upstream::show).post(upstream::decide))
        .route("/plans/{id}/proofs/{sha256}", get(work::proof))
        .route("/plans/{id}/bulk", post(work::act_on_many))
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
        .route("/questionnaires/{id}", get(questionnaires::show).post(questionnaires::adopt))
        .route("/questionnaires/{id}/end", post(questionnaires::end))
        .route("/diagnosis", get(diagnosis::board))
        .route("/diagnosis/term", post(diagnosis::set_term))
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
        .route("/methods/files/{file}", get(methods::list_file))
        .route("/runs", get(runs::index).post(runs::freeze))
        .route("/runs/files/{file}", get(runs::index_file))
        .route("/runs/compare", get(runs::compare))
        .route("/runs/compare/files/{file}", get(runs::compare_file))
        .route("/runs/{id}/files/{file}", get(runs::list_file))
        .route("/runs/{id}", get(runs::show))
        .route("/runs/{id}/finalise", post(runs::finalise_list))
}

/// Visits, obligations, meetings.
fn support_pages() -> Router<AppState> {
    Router::new()
        .route("/visits", get(visits::month).post(visits::plan_many))
        .route("/schools/{id}/visits", get(visits::list).post(visits::plan))
        .route("/schools/{id}/visits/{visit}", get(visits::show).post(visits::act))
        .route("/schools/{id}/visits/{visit}/protocol", post(visits::keep))
        .route("/schools/{id}/visits/{visit}/print", get(visits::print))
        .route("/schools/{id}/visits/{visit}/protocol.docx", get(visits::docx))
        .route("/schools/{id}/visits/{visit}/proofs/{sha256}", get(visits::proof))
        .route("/obligations", get(obligations::show).post(obligations::act))
        .route("/meetings", get(meetings::list).post(meetings::call))
        .route("/meetings/{meeting}", get(meetings::show).post(meetings::act))
        .route("/meetings/{meeting}/minutes", post(meetings::save))
        .route("/meetings/{meeting}/print", get(meetings::print))
        .route("/meetings/{meeting}/protocol.docx", get(meetings::docx))
        .route("/meetings/{meeting}/proofs/{sha256}", get(meetings::proof))
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
        .route("/journal/files/{file}", get(journal::file))
        .route("/files/{sha256}", get(files::download))
        .route("/api", get(api::guide))
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/theme", post(theme::switch))
        .route("/health", get(health::check))
        .route("/assets/{name}", get(assets::serve))
}
