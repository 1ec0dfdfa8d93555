//! What is an address about: which place does it belong to, and may its file be read?

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use opora_store::{PlanId, RunId};

use super::Whose;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::views::address::{pairs, value};

/// The place that an address is about.
pub(super) async fn place(state: &AppState, whose: Whose, parts: &mut Parts) -> Result<Place, WebError> {
    Ok(match whose {
        Whose::Plan => state.store.summary(PlanId(number(parts, "id").await?)).await?.owner,
        Whose::School => {
            let id = u32::try_from(number(parts, "id").await?).map_err(|_| no_such_page())?;
            Place::School(OrganisationId(id))
        }
        Whose::Run => {
            place_of_scope(&state.store.run_summary(RunId(number(parts, "id").await?)).await?.scope)
        }
        Whose::Territory => {
            let asked = pairs(parts.uri.query());
            let node = value(&asked, "node").filter(|node| !node.is_empty());
            match node {
                Some(node) => Place::Node(NodeId(node.parse().map_err(|_| no_such_page())?)),
                None => Place::Installation,
            }
        }
        Whose::Place => {
            let code = named(parts, "place").unwrap_or_default();
            Place::of_code(&code).ok_or_else(no_such_page)?
        }
        Whose::Nobody | Whose::Installation | Whose::Each | Whose::File => Place::Installation,
    })
}

/// The place a frozen list is about, from the word it was recorded with.
pub fn place_of_scope(scope: &str) -> Place {
    let number = |text: &str| text.parse::<u32>().ok();
    match scope.split_once(':') {
        Some(("node", id)) => number(id).map_or(Place::Installation, |id| Place::Node(NodeId(id))),
        Some(("school", id)) => {
            number(id).map_or(Place::Installation, |id| Place::School(OrganisationId(id)))
        }
        _ => Place::Installation,
    }
}

async fn parameter(parts: &mut Parts, name: &str) -> Result<String, WebError> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| no_such_page())?;
    let found = parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| value.to_owned());
    found.ok_or_else(no_such_page)
}

async fn number(parts: &mut Parts, name: &str) -> Result<i64, WebError> {
    parameter(parts, name).await?.parse().map_err(|_| WebError::of_status(StatusCode::BAD_REQUEST))
}

/// A parameter of the query that is not empty.
pub(super) fn named(parts: &Parts, name: &str) -> Option<String> {
    value(&pairs(parts.uri.query()), name).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn no_such_page() -> WebError {
    WebError::not_found("Такой страницы нет")
}

/// A file may be read by those who may read a plan made of it, or a list to which it was added.
pub(super) async fn may_have_file(
    state: &AppState,
    actor: &Actor,
    parts: &mut Parts,
) -> Result<bool, WebError> {
    let sha256 = parameter(parts, "sha256").await?;
    // Whoever reads everything learns here that there is no such file.
    if actor.own_place(Right::SeePlans) == Some(Place::Installation) {
        return Ok(true);
    }
    let plans = state.store.plans_of_source(&sha256).await?;
    if plans.iter().any(|plan| actor.may(Right::SeePlans, plan.owner)) {
        return Ok(true);
    }
    let schools = state.store.schools_of_file(&sha256).await?;
    Ok(schools.into_iter().any(|school| actor.may(Right::SeeResults, Place::School(school))))
}

/// Where a person belongs who asked for a territory of others by naming none: to the own one.
pub(super) fn home_of(actor: &Actor, right: Right, parts: &Parts) -> Option<String> {
    let named = value(&pairs(parts.uri.query()), "node").is_some_and(|node| !node.is_empty());
    if named {
        return None;
    }
    let path = parts.uri.path();
    match actor.own_place(right)? {
        Place::Installation => None,
        Place::Node(node) => Some(format!("{path}?node={}", node.0)),
        Place::School(school) if path == "/schools" => Some(format!("/schools/{}", school.0)),
        Place::School(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_of_its_territory() {
        assert_eq!(place_of_scope("all"), Place::Installation);
        assert_eq!(place_of_scope("node:3"), Place::Node(NodeId(3)));
        assert_eq!(place_of_scope("school:12"), Place::School(OrganisationId(12)));
        assert_eq!(place_of_scope("node:x"), Place::Installation);
    }
}
