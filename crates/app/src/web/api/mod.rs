//! How do programs use Opora? JSON under `/api/v1`, described by OpenAPI that is made of the handlers themselves.
//!
//! The gate asks for a token and holds it to the access table, the use cases are those of the pages: nothing is told
//! here that the page of the same right does not tell.

#![allow(
    unused_qualifications,
    reason = "the descriptions of operations are made by a macro that writes whole paths"
)]

mod agenda;
mod agreement;
mod assignments;
mod boards;
mod contract;
mod deeds;
mod diagnosis;
mod document;
mod dues;
mod findings;
mod guide;
mod journal;
mod manuals;
mod meetings;
mod months;
mod obligations;
mod offers;
mod orders;
mod people;
mod plans;
mod proofs;
mod questionnaires;
mod questions;
mod registry;
mod results;
mod roadmaps;
mod rows;
mod runs;
mod schools;
mod surveys;
mod tasks;
mod terms;
mod visits;
mod weeks;
mod wire;
mod wishes;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;

pub use document::{document, show as openapi};
pub use guide::show as guide;
pub use wire::problem;

use super::patience;
use super::routes::MAX_REQUEST_BYTES;
use super::state::AppState;

/// Where all addresses of the interface begin.
pub const PREFIX: &str = "/api/v1/";
/// Most bytes of a JSON body: an order of some thousand activities.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Whether a path, or the route it matched, belongs to the interface for programs.
pub fn is_api(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// All routes of the interface but those of its description.
pub fn routes() -> OpenApiRouter<AppState> {
    let quick = OpenApiRouter::new()
        .merge(manuals::routes())
        .merge(agenda::routes())
        .merge(plans::routes())
        .merge(findings::routes())
        .merge(roadmaps::routes())
        .merge(orders::routes())
        .merge(deeds::routes())
        .merge(agreement::routes())
        .merge(diagnosis::routes())
        .merge(terms::routes())
        .merge(surveys::routes())
        .merge(questionnaires::routes())
        .merge(visits::routes())
        .merge(months::routes())
        .merge(proofs::routes())
        .merge(obligations::routes())
        .merge(meetings::routes())
        .merge(schools::routes())
        .merge(registry::routes())
        .merge(runs::routes())
        .merge(results::routes())
        .merge(people::routes())
        .merge(assignments::routes())
        .merge(offers::routes())
        .merge(journal::routes())
        .merge(boards::routes())
        .merge(wishes::routes())
        .merge(rows::routes())
        .merge(weeks::routes())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(patience::layer(patience::PAGE));
    let uploads = OpenApiRouter::new()
        .merge(orders::uploads())
        .merge(proofs::uploads())
        .merge(registry::uploads())
        .merge(results::uploads())
        .merge(runs::uploads())
        .merge(assignments::uploads())
        .merge(questionnaires::uploads())
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .layer(patience::layer(patience::READING));
    quick.merge(uploads)
}
