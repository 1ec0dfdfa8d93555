//! Who may open which address? The one table, and the gate that keeps to it.
//!
//! An address that is not on the table is refused. `tests/access.rs` holds the table against the routes, and walks
//! every route as every role, at home and abroad.

mod about;
mod away;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use opora_access::{Right, Scope};

pub use about::place_of_scope;

use about::{home_of, may_have_file, named, place};
use away::{scope_missing, to_the_door, told, too_many};

use super::actor::{Actor, refused};
use super::api::is_api;
use super::errors::WebError;
use super::pages::login::Address;
use super::state::{AppState, Caller};
use super::typed;

/// Whose is what an address shows or changes?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: the same for everybody who is in.
    Nobody,
    /// Of the whole installation.
    Installation,
    /// Of the owner of the plan `{id}`.
    Plan,
    /// Of whoever may read a plan or a list that the file `{sha256}` belongs to.
    File,
    /// Of the school `{id}`.
    School,
    /// Of the region or municipality `?node=`; of the whole installation without.
    Territory,
    /// Of the place `?place=`, which has to lie in a place of the reader's; of the reader's own places without.
    Place,
    /// Of the territory that the frozen list `{id}` is about.
    Run,
    /// Of many: the handler shows of each list what the person may see, and checks what it changes.
    Each,
}

/// Who gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Everybody: the way in, and what pages are made of.
    Public,
    /// Those with this right over what the address is about.
    Open(Right, Whose),
    /// Programs that show a token with this scope, any where none is named, of a person with this right over what the
    /// address is about.
    Token(Option<Scope>, Right, Whose),
}

/// A line of the table: method, route, who gets in. A `HEAD` request is a `GET`.
pub type Line = (&'static str, &'static str, Door);

const fn token(scope: Scope, right: Right, whose: Whose) -> Door {
    Door::Token(Some(scope), right, whose)
}

const fn open(right: Right, whose: Whose) -> Door {
    Door::Open(right, whose)
}

/// The access table.
pub const TABLE: &[Line] = {
    use Right as R;
    use Scope as S;
    use Whose as W;
    &[
        ("GET", "/login", Door::Public),
        ("POST", "/login", Door::Public),
        ("GET", "/login/code", Door::Public),
        ("POST", "/login/code", Door::Public),
        ("GET", "/login/outside", Door::Public),
        ("GET", "/login/outside/back", Door::Public),
        ("POST", "/logout", Door::Public),
        ("GET", "/reset", Door::Public),
        ("POST", "/reset", Door::Public),
        ("GET", "/link/{token}", Door::Public),
        ("POST", "/link/{token}", Door::Public),
        ("GET", "/feed/{token}", Door::Public),
        ("POST", "/theme", Door::Public),
        ("GET", "/health", Door::Public),
        ("GET", "/assets/{name}", Door::Public),
        ("GET", "/", open(R::Enter, W::Nobody)),
        ("GET", "/account", open(R::Enter, W::Nobody)),
        ("POST", "/account/password", open(R::Enter, W::Nobody)),
        ("POST", "/account/sessions/end", open(R::Enter, W::Nobody)),
        ("GET", "/account/second-factor", open(R::Enter, W::Nobody)),
        ("POST", "/account/second-factor", open(R::Enter, W::Nobody)),
        ("POST", "/account/second-factor/off", open(R::Enter, W::Nobody)),
        ("POST", "/account/outside", open(R::Enter, W::Nobody)),
        ("POST", "/account/outside/off", open(R::Enter, W::Nobody)),
        ("POST", "/account/feed", open(R::Enter, W::Nobody)),
        ("GET", "/notices", open(R::Enter, W::Each)),
        ("GET", "/notices/{id}", open(R::Enter, W::Each)),
        ("POST", "/notices/read", open(R::Enter, W::Each)),
        ("GET", "/notices/settings", open(R::Enter, W::Nobody)),
        ("POST", "/notices/settings", open(R::Enter, W::Nobody)),
        ("POST", "/notices/letters/again", open(R::SeeJournal, W::Installation)),
        ("POST", "/account/tokens", open(R::Enter, W::Nobody)),
        ("POST", "/account/tokens/end", open(R::Enter, W::Nobody)),
        ("GET", "/people", open(R::ManagePeople, W::Each)),
        ("POST", "/people", open(R::ManagePeople, W::Each)),
        ("GET", "/people/{id}", open(R::ManagePeople, W::Each)),
        ("POST", "/people/{id}/roles", open(R::ManagePeople, W::Each)),
        ("POST", "/people/{id}/roles/end", open(R::ManagePeople, W::Each)),
        ("POST", "/people/{id}/link", open(R::ManagePeople, W::Each)),
        ("POST", "/people/{id}/open", open(R::ManagePeople, W::Each)),
        ("POST", "/people/{id}/second-factor", open(R::ManagePeople, W::Each)),
        ("GET", "/assignments", open(R::Assign, W::Each)),
        ("POST", "/assignments", open(R::Assign, W::Each)),
        ("POST", "/assignments/ways", open(R::Assign, W::Each)),
        ("POST", "/assignments/end", open(R::Assign, W::Each)),
        ("GET", "/assignments/proposal", open(R::Assign, W::Each)),
        ("GET", "/assignments/files/{file}", open(R::Assign, W::Each)),
        ("GET", "/assignments/curators/{id}", open(R::Assign, W::Each)),
        ("POST", "/assignments/curators/{id}", open(R::Assign, W::Each)),
        ("GET", "/assignments/mentors", open(R::Assign, W::Each)),
        ("POST", "/assignments/mentors", open(R::Assign, W::Each)),
        ("POST", "/assignments/mentors/end", open(R::Assign, W::Each)),
        ("GET", "/assignments/mentors/schools/{id}", open(R::Assign, W::Each)),
        ("POST", "/assignments/mentors/schools/{id}", open(R::Assign, W::Each)),
        ("GET", "/assignments/mentors/{id}", open(R::Assign, W::Each)),
        ("POST", "/assignments/mentors/{id}", open(R::Assign, W::Each)),
        ("GET", "/schools/{id}/mentors/{sha256}", open(R::SeePlans, W::School)),
        ("GET", "/upload", open(R::EditPlans, W::Each)),
        ("POST", "/upload", open(R::EditPlans, W::Each)),
        ("POST", "/upload/sample", open(R::EditPlans, W::Each)),
        ("GET", "/plans", open(R::SeePlans, W::Each)),
        ("GET", "/plans/{id}", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/review", open(R::EditPlans, W::Plan)),
        ("POST", "/plans/{id}/review", open(R::EditPlans, W::Plan)),
        ("GET", "/plans/{id}/activities/{key}", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/timeline", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/calendar", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/calendar.ics", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/export.docx", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/export.xlsx", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/export.json", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/print", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/archive", open(R::EditPlans, W::Plan)),
        ("POST", "/plans/{id}/archive", open(R::EditPlans, W::Plan)),
        ("GET", "/plans/{id}/findings", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/findings/suppress", open(R::EditPlans, W::Plan)),
        ("POST", "/plans/{id}/findings/withdraw", open(R::EditPlans, W::Plan)),
        ("GET", "/plans/{id}/history", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/compare", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/compare/files/{file}", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/owner", open(R::EditPlans, W::Plan)),
        ("GET", "/plans/{id}/approval", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/approval", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/upstream", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/upstream", open(R::EditPlans, W::Plan)),
        ("GET", "/plans/{id}/work", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/work", open(R::SeePlans, W::Plan)),
        ("POST", "/plans/{id}/bulk", open(R::SeePlans, W::Plan)),
        ("GET", "/plans/{id}/proofs/{sha256}", open(R::SeePlans, W::Plan)),
        ("GET", "/work", open(R::Enter, W::Each)),
        ("GET", "/boards", open(R::SeePlans, W::Place)),
        ("GET", "/boards/rows", open(R::SeePlans, W::Place)),
        ("GET", "/boards/week", open(R::SeePlans, W::Place)),
        ("GET", "/boards/week.docx", open(R::SeePlans, W::Place)),
        ("GET", "/boards/files/{file}", open(R::SeePlans, W::Place)),
        ("GET", "/calendar", open(R::SeePlans, W::Each)),
        ("GET", "/calendar.ics", open(R::SeePlans, W::Each)),
        ("GET", "/search", open(R::SeePlans, W::Each)),
        ("GET", "/schedule/preview", open(R::Enter, W::Nobody)),
        ("GET", "/files/{sha256}", open(R::Enter, W::File)),
        ("GET", "/schools", open(R::SeeResults, W::Territory)),
        ("GET", "/schools.csv", open(R::SeeResults, W::Territory)),
        ("GET", "/schools.xlsx", open(R::SeeResults, W::Territory)),
        ("GET", "/schools.json", open(R::SeeResults, W::Territory)),
        ("GET", "/schools/charts/{file}", open(R::SeeResults, W::Territory)),
        ("GET", "/schools/{id}", open(R::SeeResults, W::School)),
        ("GET", "/schools/{id}/charts/{file}", open(R::SeeResults, W::School)),
        ("GET", "/survey/{token}", Door::Public),
        ("POST", "/survey/{token}", Door::Public),
        ("GET", "/questionnaires", open(R::KeepQuestionnaires, W::Each)),
        ("POST", "/questionnaires", open(R::KeepQuestionnaires, W::Each)),
        ("GET", "/questionnaires/{id}", open(R::KeepQuestionnaires, W::Each)),
        ("POST", "/questionnaires/{id}", open(R::KeepQuestionnaires, W::Each)),
        ("POST", "/questionnaires/{id}/end", open(R::KeepQuestionnaires, W::Each)),
        ("GET", "/diagnosis", open(R::SeeDiagnosis, W::Each)),
        ("POST", "/diagnosis/term", open(R::Assign, W::Each)),
        ("GET", "/schools/{id}/diagnosis", open(R::SeeDiagnosis, W::School)),
        ("POST", "/schools/{id}/diagnosis", open(R::Diagnose, W::School)),
        ("POST", "/schools/{id}/diagnosis/submit", open(R::Diagnose, W::School)),
        ("POST", "/schools/{id}/diagnosis/carry-over", open(R::Diagnose, W::School)),
        ("POST", "/schools/{id}/diagnosis/review", open(R::Review, W::School)),
        ("GET", "/schools/{id}/surveys", open(R::SeeDiagnosis, W::School)),
        ("POST", "/schools/{id}/surveys", open(R::Diagnose, W::School)),
        ("POST", "/schools/{id}/surveys/close", open(R::Diagnose, W::School)),
        ("GET", "/schools/{id}/risks", open(R::SeeDiagnosis, W::School)),
        ("POST", "/schools/{id}/risks", open(R::Review, W::School)),
        ("GET", "/schools/{id}/risks/charts/{file}", open(R::SeeDiagnosis, W::School)),
        ("GET", "/schools/{id}/roadmap", open(R::WriteRoadmap, W::School)),
        ("POST", "/schools/{id}/roadmap", open(R::WriteRoadmap, W::School)),
        ("GET", "/visits", open(R::SeeDiagnosis, W::Each)),
        ("POST", "/visits", open(R::Visit, W::Each)),
        ("GET", "/schools/{id}/visits", open(R::SeeDiagnosis, W::School)),
        ("POST", "/schools/{id}/visits", open(R::Visit, W::School)),
        ("GET", "/schools/{id}/visits/{visit}", open(R::SeeDiagnosis, W::School)),
        ("POST", "/schools/{id}/visits/{visit}", open(R::Visit, W::School)),
        ("POST", "/schools/{id}/visits/{visit}/protocol", open(R::Visit, W::School)),
        ("POST", "/schools/{id}/visits/{visit}/tasks", open(R::SeeDiagnosis, W::School)),
        ("GET", "/schools/{id}/visits/{visit}/print", open(R::SeeDiagnosis, W::School)),
        ("GET", "/schools/{id}/visits/{visit}/protocol.docx", open(R::SeeDiagnosis, W::School)),
        ("GET", "/schools/{id}/visits/{visit}/proofs/{sha256}", open(R::SeeDiagnosis, W::School)),
        ("GET", "/obligations", open(R::SeePlans, W::Each)),
        ("POST", "/obligations", open(R::SeeDiagnosis, W::Each)),
        ("GET", "/meetings", open(R::SeePlans, W::Each)),
        ("POST", "/meetings", open(R::Meet, W::Each)),
        ("GET", "/meetings/{meeting}", open(R::SeePlans, W::Each)),
        ("POST", "/meetings/{meeting}", open(R::Meet, W::Each)),
        ("POST", "/meetings/{meeting}/minutes", open(R::Meet, W::Each)),
        ("POST", "/meetings/{meeting}/tasks", open(R::SeePlans, W::Each)),
        ("GET", "/meetings/{meeting}/print", open(R::SeePlans, W::Each)),
        ("GET", "/meetings/{meeting}/protocol.docx", open(R::SeePlans, W::Each)),
        ("GET", "/meetings/{meeting}/proofs/{sha256}", open(R::SeePlans, W::Each)),
        ("GET", "/methods", open(R::Enter, W::Nobody)),
        ("GET", "/methods/{id}", open(R::Enter, W::Nobody)),
        ("GET", "/methods/files/{file}", open(R::Enter, W::Nobody)),
        ("GET", "/runs", open(R::SeeResults, W::Each)),
        ("POST", "/runs", open(R::Decide, W::Each)),
        ("GET", "/runs/files/{file}", open(R::SeeResults, W::Each)),
        ("GET", "/runs/compare", open(R::SeeResults, W::Each)),
        ("GET", "/runs/compare/files/{file}", open(R::SeeResults, W::Each)),
        ("GET", "/runs/{id}", open(R::SeeResults, W::Each)),
        ("GET", "/runs/{id}/files/{file}", open(R::SeeResults, W::Each)),
        ("POST", "/runs/{id}/finalise", open(R::Decide, W::Run)),
        ("POST", "/runs/{id}/schools/{organisation}", open(R::SeeResults, W::Each)),
        ("GET", "/data", open(R::LoadResults, W::Installation)),
        ("POST", "/data/registry", open(R::KeepRegistry, W::Installation)),
        ("POST", "/data/results", open(R::LoadResults, W::Installation)),
        ("POST", "/data/results/{id}/remove", open(R::LoadResults, W::Installation)),
        ("GET", "/data/loading/{id}", open(R::LoadResults, W::Installation)),
        ("GET", "/data/files/{file}", open(R::LoadResults, W::Installation)),
        ("GET", "/data/describe/{token}", open(R::LoadResults, W::Installation)),
        ("POST", "/data/describe/{token}", open(R::LoadResults, W::Installation)),
        ("POST", "/data/mappings", open(R::LoadResults, W::Installation)),
        ("GET", "/data/mappings/{file}", open(R::LoadResults, W::Installation)),
        ("POST", "/data/mappings/{file}/withdraw", open(R::LoadResults, W::Installation)),
        ("GET", "/rules", open(R::Enter, W::Nobody)),
        ("GET", "/rules/{code}", open(R::Enter, W::Nobody)),
        ("GET", "/journal", open(R::SeeJournal, W::Each)),
        ("GET", "/journal/files/{file}", open(R::SeeJournal, W::Each)),
        ("GET", "/api", Door::Public),
        ("GET", "/api/v1/openapi.json", Door::Public),
        ("GET", "/api/v1/me", Door::Token(None, R::Enter, W::Nobody)),
        ("GET", "/api/v1/methodologies", Door::Token(None, R::Enter, W::Nobody)),
        ("GET", "/api/v1/methodologies/{id}", Door::Token(None, R::Enter, W::Nobody)),
        ("GET", "/api/v1/rules", Door::Token(None, R::Enter, W::Nobody)),
        ("GET", "/api/v1/rules/{code}", Door::Token(None, R::Enter, W::Nobody)),
        ("GET", "/api/v1/work", token(S::ReadPlans, R::Enter, W::Each)),
        ("GET", "/api/v1/agenda", token(S::ReadPlans, R::SeePlans, W::Each)),
        ("GET", "/api/v1/plans", token(S::ReadPlans, R::SeePlans, W::Each)),
        ("POST", "/api/v1/plans", token(S::WritePlans, R::EditPlans, W::Each)),
        ("GET", "/api/v1/plans/{id}", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("PUT", "/api/v1/plans/{id}", token(S::WritePlans, R::EditPlans, W::Plan)),
        ("GET", "/api/v1/search", token(S::ReadPlans, R::SeePlans, W::Each)),
        ("GET", "/api/v1/plans/{id}/changes", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/source", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("PUT", "/api/v1/plans/{id}/owner", token(S::WritePlans, R::EditPlans, W::Plan)),
        ("PUT", "/api/v1/plans/{id}/archive", token(S::WritePlans, R::EditPlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/history", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/versions/{version}", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/findings", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/findings/aside", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/findings/aside", token(S::WritePlans, R::EditPlans, W::Plan)),
        (
            "POST",
            "/api/v1/plans/{id}/findings/aside/{decision}/withdraw",
            token(S::WritePlans, R::EditPlans, W::Plan),
        ),
        ("GET", "/api/v1/plans/{id}/upstream", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/upstream", token(S::WritePlans, R::EditPlans, W::Plan)),
        ("POST", "/api/v1/schools/{id}/roadmap", token(S::WritePlans, R::WriteRoadmap, W::School)),
        ("GET", "/api/v1/plans/{id}/export/{form}", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/occurrences", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/deeds", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/deeds", token(S::Execute, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/deeds/many", token(S::Execute, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/people", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/proofs", token(S::Execute, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/proofs/{sha256}", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/plans/{id}/agreement", token(S::ReadPlans, R::SeePlans, W::Plan)),
        ("POST", "/api/v1/plans/{id}/agreement", token(S::Agree, R::SeePlans, W::Plan)),
        ("GET", "/api/v1/diagnoses", token(S::ReadDiagnosis, R::SeeDiagnosis, W::Each)),
        ("GET", "/api/v1/diagnoses/terms", token(S::ReadDiagnosis, R::SeeDiagnosis, W::Each)),
        ("PUT", "/api/v1/diagnoses/terms", token(S::WriteDiagnosis, R::Assign, W::Each)),
        (
            "POST",
            "/api/v1/schools/{id}/diagnosis/carry-over",
            token(S::WriteDiagnosis, R::Diagnose, W::School),
        ),
        ("GET", "/api/v1/schools/{id}/diagnosis", token(S::ReadDiagnosis, R::SeeDiagnosis, W::School)),
        ("PATCH", "/api/v1/schools/{id}/diagnosis", token(S::WriteDiagnosis, R::Diagnose, W::School)),
        ("POST", "/api/v1/schools/{id}/diagnosis/submit", token(S::WriteDiagnosis, R::Diagnose, W::School)),
        ("POST", "/api/v1/schools/{id}/diagnosis/review", token(S::WriteDiagnosis, R::Review, W::School)),
        ("GET", "/api/v1/schools/{id}/risks", token(S::ReadDiagnosis, R::SeeDiagnosis, W::School)),
        ("POST", "/api/v1/schools/{id}/risks", token(S::WriteDiagnosis, R::Review, W::School)),
        ("GET", "/api/v1/schools/{id}/surveys", token(S::ReadDiagnosis, R::SeeDiagnosis, W::School)),
        ("POST", "/api/v1/schools/{id}/surveys", token(S::WriteDiagnosis, R::Diagnose, W::School)),
        (
            "POST",
            "/api/v1/schools/{id}/surveys/{survey}/close",
            token(S::WriteDiagnosis, R::Diagnose, W::School),
        ),
        ("GET", "/api/v1/questionnaires", token(S::ReadDiagnosis, R::KeepQuestionnaires, W::Each)),
        ("POST", "/api/v1/questionnaires", token(S::WriteDiagnosis, R::KeepQuestionnaires, W::Each)),
        ("GET", "/api/v1/questionnaires/{id}", token(S::ReadDiagnosis, R::KeepQuestionnaires, W::Each)),
        (
            "POST",
            "/api/v1/questionnaires/{id}/adoptions",
            token(S::WriteDiagnosis, R::KeepQuestionnaires, W::Each),
        ),
        (
            "POST",
            "/api/v1/questionnaires/{id}/adoptions/{adoption}/end",
            token(S::WriteDiagnosis, R::KeepQuestionnaires, W::Each),
        ),
        ("GET", "/api/v1/visits", token(S::ReadSupport, R::SeeDiagnosis, W::Each)),
        ("POST", "/api/v1/visits", token(S::WriteSupport, R::Visit, W::Each)),
        ("GET", "/api/v1/visits/route", token(S::ReadSupport, R::SeeDiagnosis, W::Each)),
        ("GET", "/api/v1/schools/{id}/visits", token(S::ReadSupport, R::SeeDiagnosis, W::School)),
        ("POST", "/api/v1/schools/{id}/visits", token(S::WriteSupport, R::Visit, W::School)),
        ("GET", "/api/v1/schools/{id}/visits/{visit}", token(S::ReadSupport, R::SeeDiagnosis, W::School)),
        ("POST", "/api/v1/schools/{id}/visits/{visit}", token(S::WriteSupport, R::Visit, W::School)),
        ("PUT", "/api/v1/schools/{id}/visits/{visit}/protocol", token(S::WriteSupport, R::Visit, W::School)),
        (
            "POST",
            "/api/v1/schools/{id}/visits/{visit}/tasks",
            token(S::WriteSupport, R::SeeDiagnosis, W::School),
        ),
        (
            "GET",
            "/api/v1/schools/{id}/visits/{visit}/protocol/docx",
            token(S::ReadSupport, R::SeeDiagnosis, W::School),
        ),
        (
            "POST",
            "/api/v1/schools/{id}/visits/{visit}/proofs",
            token(S::WriteSupport, R::SeeDiagnosis, W::School),
        ),
        (
            "GET",
            "/api/v1/schools/{id}/visits/{visit}/proofs/{sha256}",
            token(S::ReadSupport, R::SeeDiagnosis, W::School),
        ),
        ("GET", "/api/v1/obligations", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("GET", "/api/v1/obligations/windows", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("POST", "/api/v1/obligations/windows", token(S::WriteSupport, R::SeeDiagnosis, W::Each)),
        ("GET", "/api/v1/meetings", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("POST", "/api/v1/meetings", token(S::WriteSupport, R::Meet, W::Each)),
        ("GET", "/api/v1/meetings/{meeting}", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("POST", "/api/v1/meetings/{meeting}/cancel", token(S::WriteSupport, R::Meet, W::Each)),
        ("PUT", "/api/v1/meetings/{meeting}/minutes", token(S::WriteSupport, R::Meet, W::Each)),
        ("POST", "/api/v1/meetings/{meeting}/tasks", token(S::WriteSupport, R::SeePlans, W::Each)),
        ("GET", "/api/v1/meetings/{meeting}/minutes/docx", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("POST", "/api/v1/meetings/{meeting}/proofs", token(S::WriteSupport, R::SeePlans, W::Each)),
        ("GET", "/api/v1/meetings/{meeting}/proofs/{sha256}", token(S::ReadSupport, R::SeePlans, W::Each)),
        ("GET", "/api/v1/schools", token(S::ReadResults, R::SeeResults, W::Territory)),
        ("GET", "/api/v1/schools/{id}", token(S::ReadResults, R::SeeResults, W::School)),
        ("GET", "/api/v1/nodes", token(S::ReadResults, R::SeeResults, W::Each)),
        ("GET", "/api/v1/organisations", token(S::ReadResults, R::SeeResults, W::Each)),
        ("POST", "/api/v1/registry", token(S::WriteResults, R::KeepRegistry, W::Installation)),
        ("GET", "/api/v1/runs", token(S::ReadResults, R::SeeResults, W::Each)),
        ("POST", "/api/v1/runs", token(S::WriteResults, R::Decide, W::Each)),
        ("GET", "/api/v1/runs/compare", token(S::ReadResults, R::SeeResults, W::Each)),
        ("GET", "/api/v1/runs/{id}", token(S::ReadResults, R::SeeResults, W::Each)),
        ("POST", "/api/v1/runs/{id}/schools/{organisation}", token(S::WriteResults, R::SeeResults, W::Each)),
        (
            "POST",
            "/api/v1/runs/{id}/schools/{organisation}/document",
            token(S::WriteResults, R::SeeResults, W::Each),
        ),
        (
            "GET",
            "/api/v1/runs/{id}/schools/{organisation}/documents/{sha256}",
            token(S::ReadResults, R::SeeResults, W::Each),
        ),
        ("POST", "/api/v1/runs/{id}/finalise", token(S::WriteResults, R::Decide, W::Run)),
        ("GET", "/api/v1/results/files", token(S::ReadResults, R::LoadResults, W::Installation)),
        ("POST", "/api/v1/results/files", token(S::WriteResults, R::LoadResults, W::Installation)),
        (
            "POST",
            "/api/v1/results/files/{id}/remove",
            token(S::WriteResults, R::LoadResults, W::Installation),
        ),
        ("GET", "/api/v1/results/jobs/{id}", token(S::ReadResults, R::LoadResults, W::Installation)),
        ("GET", "/api/v1/people", token(S::ReadPeople, R::ManagePeople, W::Each)),
        ("POST", "/api/v1/people", token(S::WritePeople, R::ManagePeople, W::Each)),
        ("GET", "/api/v1/people/{id}", token(S::ReadPeople, R::ManagePeople, W::Each)),
        ("PUT", "/api/v1/people/{id}/open", token(S::WritePeople, R::ManagePeople, W::Each)),
        ("POST", "/api/v1/people/{id}/roles", token(S::WritePeople, R::ManagePeople, W::Each)),
        ("POST", "/api/v1/people/{id}/roles/{grant}/end", token(S::WritePeople, R::ManagePeople, W::Each)),
        ("GET", "/api/v1/boards", token(S::ReadPlans, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/times", token(S::ReadPlans, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/decisions", token(S::ReadPlans, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/risks", token(S::ReadDiagnosis, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/duties", token(S::ReadSupport, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/visits", token(S::ReadSupport, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/week", token(S::ReadPlans, R::SeePlans, W::Place)),
        ("GET", "/api/v1/boards/week/docx", token(S::ReadSupport, R::SeePlans, W::Place)),
        ("GET", "/api/v1/notices", token(S::ReadPlans, R::Enter, W::Each)),
        ("GET", "/api/v1/notices/settings", token(S::ReadPlans, R::Enter, W::Each)),
        ("PUT", "/api/v1/notices/settings", token(S::WriteNotices, R::Enter, W::Each)),
        ("POST", "/api/v1/notices/read", token(S::WriteNotices, R::Enter, W::Each)),
        ("GET", "/api/v1/assignments", token(S::ReadPeople, R::Assign, W::Each)),
        ("POST", "/api/v1/assignments", token(S::WritePeople, R::Assign, W::Each)),
        ("POST", "/api/v1/assignments/{grant}/end", token(S::WritePeople, R::Assign, W::Each)),
        ("PUT", "/api/v1/assignments/curators/{id}", token(S::WritePeople, R::Assign, W::Each)),
        ("GET", "/api/v1/assignments/mentors", token(S::ReadPeople, R::Assign, W::Each)),
        ("POST", "/api/v1/assignments/mentors", token(S::WritePeople, R::Assign, W::Each)),
        ("POST", "/api/v1/assignments/mentors/{id}/end", token(S::WritePeople, R::Assign, W::Each)),
        ("POST", "/api/v1/assignments/mentors/{id}/contracts", token(S::WritePeople, R::Assign, W::Each)),
        ("PUT", "/api/v1/assignments/mentors/schools/{id}", token(S::WritePeople, R::Assign, W::Each)),
        ("GET", "/api/v1/assignments/proposal", token(S::ReadPeople, R::Assign, W::Each)),
        ("GET", "/api/v1/assignments/mentors/proposal", token(S::ReadPeople, R::Assign, W::Each)),
        ("GET", "/api/v1/assignments/ways", token(S::ReadPeople, R::Assign, W::Each)),
        ("PATCH", "/api/v1/assignments/ways", token(S::WritePeople, R::Assign, W::Each)),
        ("GET", "/api/v1/schools/{id}/mentors/{sha256}", token(S::ReadPeople, R::SeePlans, W::School)),
        ("GET", "/api/v1/journal", token(S::ReadJournal, R::SeeJournal, W::Each)),
    ]
};

/// The line of a route.
pub fn line(method: &Method, path: &str) -> Option<Door> {
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    TABLE.iter().find(|(own, route, _)| *own == method && *route == path).map(|(_, _, door)| *door)
}

/// Layer that lets a request through when the table allows it, and tells handlers who acts.
pub async fn gate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // An address that leads nowhere has no matched path: it is told so further on.
    let Some(route) = request.extensions().get::<MatchedPath>().cloned() else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    let actor = match admit(&state, &mut parts, route.as_str()).await {
        Ok(actor) => actor,
        Err(answer) => return typed::keep(*answer, parts, body).await,
    };
    if let Some(actor) = &actor {
        parts.extensions.insert(actor.clone());
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(actor) = actor {
        response.extensions_mut().insert(actor);
    }
    response
}

/// The actor, where there is one, or the answer that sends the request away.
async fn admit(state: &AppState, parts: &mut Parts, route: &str) -> Result<Option<Actor>, Box<Response>> {
    let away = |error: WebError| Box::new(error.into_response());
    let program = is_api(route);
    let actor = if program {
        caller(state, parts).await?
    } else {
        state.actor(&parts.headers, is_local(&parts.headers)).await.map_err(away)?
    };
    // A method the route does not have: axum answers it.
    let known = TABLE.iter().any(|(_, path, _)| *path == route);
    let Some(door) = line(&parts.method, route) else {
        return if known { Ok(actor) } else { Err(away(refused())) };
    };
    let (Door::Open(right, whose) | Door::Token(_, right, whose)) = door else { return Ok(actor) };
    let Some(actor) = actor else { return Err(Box::new(to_the_door(state, parts).await)) };
    if let (Door::Token(Some(scope), ..), Some(token)) = (door, &actor.token)
        && !token.scopes.contains(&scope)
    {
        return Err(away(scope_missing(scope)));
    }
    let allowed = match whose {
        Whose::Nobody | Whose::Each => actor.may_somewhere(right),
        Whose::File => may_have_file(state, &actor, parts).await.map_err(away)?,
        Whose::Place if named(parts, "place").is_none() => actor.may_somewhere(right),
        Whose::Place => actor.reaches(right, place(state, whose, parts).await.map_err(away)?),
        _ => {
            let place = place(state, whose, parts).await.map_err(away)?;
            let lost = !program && whose == Whose::Territory && !actor.may(right, place);
            if let Some(home) = home_of(&actor, right, parts).filter(|_| lost) {
                return Err(Box::new(Redirect::to(&home).into_response()));
            }
            actor.may(right, place)
        }
    };
    if allowed { Ok(Some(actor)) } else { Err(Box::new(told(refused(), actor))) }
}

/// The person a program acts for.
async fn caller(state: &AppState, parts: &mut Parts) -> Result<Option<Actor>, Box<Response>> {
    let Ok(from) = Address::from_request_parts(parts, state).await;
    let bearer = bearer(&parts.headers).map(str::to_owned);
    let found = state.program(bearer.as_deref(), from.as_str(), is_local(&parts.headers)).await;
    match found.map_err(|error| Box::new(error.into_response()))? {
        Caller::Actor(actor) => Ok(Some(*actor)),
        Caller::Nobody => Ok(None),
        Caller::Wait(seconds) => Err(Box::new(too_many(seconds))),
    }
}

/// The token that a request shows.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (kind, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// The request was made on this very machine: the name asked for is the machine's own, and nobody passed it on.
fn is_local(headers: &HeaderMap) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];
    if passed_on.iter().any(|name| headers.contains_key(*name)) {
        return false;
    }
    let Some(host) = headers.get(HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::is_local;

    #[test]
    fn only_this_machine_is_local() {
        let check = |headers: &[(&'static str, &'static str)], expected| {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(is_local(&map), expected, "{headers:?}");
        };
        check(&[("host", "127.0.0.1:8080")], true);
        check(&[("host", "localhost")], true);
        check(&[("host", "[::1]:8080")], true);
        check(&[("host", "opora.test")], false);
        // A page of another site whose name leads to this machine.
        check(&[("host", "localhost.evil.test:8080")], false);
        check(&[("host", "127.0.0.1:8080"), ("x-forwarded-for", "10.0.0.7")], false);
        check(&[("host", "127.0.0.1:8080"), ("forwarded", "for=10.0.0.7")], false);
    }
}
