//! Which regions, municipalities and schools are known?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use opora_access::{Place, Right, contains};
use opora_neutral::Finding;
use opora_registry::{NodeLevel, Organisation, Scheme};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::findings::level_word;
use super::wire::{Asked, FileForm, Page, Parcel, Sent, cursor, limit};
use crate::clock;
use crate::usecases::results::registry;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::upload::MAX_FILE_BYTES;
use crate::web::state::AppState;

/// Findings of a file that are told.
const FINDINGS: usize = 100;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(nodes)).routes(routes!(organisations))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(load_registry))
}

/// A region or municipality.
#[derive(Serialize, ToSchema)]
pub(super) struct OfTree {
    id: u32,
    /// `region` or `municipality`.
    level: &'static str,
    /// The region of a municipality.
    parent: Option<u32>,
    name: String,
    code: Option<String>,
}

/// What the person may see of the tree: the own places, what is below them and what they lie in.
fn sees(actor: &Actor, place: Place) -> bool {
    actor
        .places(Right::SeeResults)
        .into_iter()
        .any(|own| contains(own, place, &actor.registry) || contains(place, own, &actor.registry))
}

#[utoipa::path(get, path = "/api/v1/nodes", tag = "Реестр", summary = "Регионы и муниципалитеты, которые видит человек",
    responses((status = 200, description = "Все", body = Vec<OfTree>)))]
pub(super) async fn nodes(actor: Actor) -> Json<Vec<OfTree>> {
    let own = actor.registry.nodes().filter(|node| sees(&actor, Place::Node(node.id)));
    let node = |node: &opora_registry::Node| OfTree {
        id: node.id.0,
        level: if node.level == NodeLevel::Region { "region" } else { "municipality" },
        parent: node.parent.map(|parent| parent.0),
        name: node.name.clone(),
        code: node.code.clone(),
    };
    Json(own.map(node).collect())
}

/// A school of the registry.
#[derive(Serialize, ToSchema)]
pub(super) struct OfRegistry {
    id: u32,
    name: String,
    /// What kind of organisation, as the registry file says.
    kind: String,
    /// Number of the municipality.
    municipality: u32,
    rural: Option<bool>,
    codes: Vec<Code>,
}

/// A code that files call a school by.
#[derive(Serialize, ToSchema)]
pub(super) struct Code {
    /// `login`, `regional`, `tax`.
    scheme: &'static str,
    value: String,
}

fn of_registry(school: &Organisation) -> OfRegistry {
    let scheme = |scheme| match scheme {
        Scheme::Login => "login",
        Scheme::RegionalCode => "regional",
        Scheme::TaxNumber => "tax",
    };
    let codes = school.identifiers.iter();
    OfRegistry {
        id: school.id.0,
        name: school.name.clone(),
        kind: school.kind.clone(),
        municipality: school.municipality.0,
        rural: school.rural,
        codes: codes.map(|code| Code { scheme: scheme(code.scheme), value: code.value.clone() }).collect(),
    }
}

/// Which schools.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrganisationsAsked {
    /// Number of a region or municipality.
    #[serde(default)]
    node: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/organisations", tag = "Реестр", summary = "Школы реестра, которые видит человек, по номерам",
    params(OrganisationsAsked), responses((status = 200, description = "Страница списка", body = Page<OfRegistry>)))]
pub(super) async fn organisations(
    actor: Actor,
    Asked(asked): Asked<OrganisationsAsked>,
) -> Result<Json<Page<OfRegistry>>, WebError> {
    let (limit, after) = (limit(asked.limit)?, cursor(asked.cursor.as_deref())?);
    let registry = &actor.registry;
    let node = asked.node.map(|node| Place::Node(opora_registry::NodeId(node)));
    let mut own: Vec<&Organisation> = registry
        .organisations()
        .iter()
        .filter(|school| {
            let place = Place::School(school.id);
            after.is_none_or(|after| i64::from(school.id.0) > after)
                && node.is_none_or(|node| contains(node, place, registry))
                && actor.may(Right::SeeResults, place)
        })
        .collect();
    own.sort_by_key(|school| school.id);
    own.truncate(limit + 1);
    Ok(Json(Page::of(own, limit, |school| school.id.0.to_string()).map(of_registry)))
}

/// A problem of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct FileFinding {
    code: &'static str,
    /// `error`, `warning` or `note`.
    level: &'static str,
    /// Where in the file.
    place: String,
    what: String,
    mend: String,
}

/// The first findings of a file.
pub(super) fn findings(found: &[Finding]) -> Vec<FileFinding> {
    let one = |finding: &Finding| FileFinding {
        code: finding.code,
        level: level_word(finding.level),
        place: finding.place.to_string(),
        what: finding.what.clone(),
        mend: finding.mend.clone(),
    };
    found.iter().take(FINDINGS).map(one).collect()
}

/// What came of a registry.
#[derive(Serialize, ToSchema)]
pub(super) struct Loaded {
    /// It holds now. Otherwise nothing was changed.
    loaded: bool,
    /// New schools.
    added: usize,
    /// Schools that were found again.
    known: usize,
    findings: Vec<FileFinding>,
}

#[utoipa::path(post, path = "/api/v1/registry", tag = "Реестр", summary = "Загрузить реестр организаций: CSV или XLSX",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "Загружен", body = Loaded), (status = 422, description = "Не загружен: ошибки файла", body = Loaded)))]
pub(super) async fn load_registry(
    State(state): State<AppState>,
    actor: Actor,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, MAX_FILE_BYTES).await?;
    let known = state.store.registry().await?;
    let (name, version) = (sent.name.clone(), known.version);
    let read = tokio::task::spawn_blocking(move || registry::read(&known, &sent.name, &sent.bytes)).await;
    let reading = read.map_err(|_| WebError::internal("Чтение файла прервалось."))?;
    let loaded = !reading.is_refused();
    let told = Loaded {
        loaded,
        added: if loaded { reading.added } else { 0 },
        known: if loaded { reading.known } else { 0 },
        findings: findings(&reading.findings),
    };
    if loaded {
        registry::save(&state.store, reading, version, &name, actor.name(), clock::now()).await?;
    }
    let status = if loaded { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Json(told)).into_response())
}
