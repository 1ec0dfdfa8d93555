//! Which schools need support, and what are their results? By the alphabet, small numbers hidden as on the pages.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use opora_cells::{Cell, OrganisationId};
use opora_registry::NodeId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Page, bad_cursor, limit};
use crate::usecases::results::list::{Listed, listed};
use crate::web::errors::WebError;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(schools)).routes(routes!(school))
}

/// A school with its verdict.
#[derive(Serialize, ToSchema)]
pub(super) struct Judged {
    /// Number of the school.
    id: u32,
    name: String,
    municipality: String,
    region: String,
    /// Methodology.
    pack: String,
    year: u16,
    /// Stable word of the category.
    category: String,
    category_name: String,
    /// On the list; nothing where there is not enough data.
    identified: Option<bool>,
    /// Tier of support.
    tier: Option<String>,
    /// What changed since the year before, in words.
    movement: &'static str,
    /// Criteria and combinations: `yes`, `no`, `unknown`.
    criteria: BTreeMap<String, &'static str>,
}

fn judged(school: Listed, pack: &str, year: u16) -> Judged {
    Judged {
        id: school.organisation.0,
        name: school.name,
        municipality: school.municipality,
        region: school.region,
        pack: pack.to_owned(),
        year,
        category: school.category_id,
        category_name: school.category,
        identified: school.identified,
        tier: school.tier,
        movement: school.movement,
        criteria: school.answers.into_iter().map(|(id, truth)| (id, truth.id())).collect(),
    }
}

/// Which schools, judged by what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SchoolsAsked {
    /// Number of a region or municipality; without it all, for those who may read all.
    #[serde(default)]
    node: Option<u32>,
    /// Methodology; the newest without.
    #[serde(default)]
    pack: Option<String>,
    /// Year; the last one with results without.
    #[serde(default)]
    year: Option<u16>,
    /// Stable word of a category.
    #[serde(default)]
    category: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/schools", tag = "Результаты", summary = "Школы территории с выводами по методике, по алфавиту",
    description = "Кто видит не всё, называет территорию параметром node.",
    params(SchoolsAsked), responses((status = 200, description = "Страница списка", body = Page<Judged>)))]
pub(super) async fn schools(
    State(state): State<AppState>,
    Asked(asked): Asked<SchoolsAsked>,
) -> Result<Json<Page<Judged>>, WebError> {
    let limit = limit(asked.limit)?;
    let dataset = state.results.dataset().await?;
    let registry = &dataset.registry.registry;
    let node = asked.node.map(NodeId);
    if node.is_some_and(|id| registry.node(id).is_none()) {
        return Err(WebError::not_found("Такого региона или муниципалитета нет в реестре"));
    }
    let chosen = state.results.choose(&dataset, asked.pack.as_deref(), asked.year)?;
    let run = state.results.run(&dataset, &chosen, None).await?;
    let run = run.run();
    let prepared = state.results.prepared(&dataset).await?;
    let order = prepared.order.within(node);
    let skip = match asked.cursor.as_deref() {
        None => 0,
        Some(cursor) => {
            let last = cursor.parse().map(OrganisationId).map_err(|_| bad_cursor())?;
            order.iter().position(|id| *id == last).map(|at| at + 1).ok_or_else(bad_cursor)?
        }
    };
    let wanted = asked.category.as_deref();
    let verdicts = order.iter().skip(skip).filter_map(|id| run.of(*id));
    let verdicts = verdicts.filter(|verdict| wanted.is_none_or(|id| run.pack()[verdict.category()].id == id));
    let lines = verdicts.take(limit + 1).map(|verdict| listed(run, registry, verdict)).collect();
    let page = Page::of(lines, limit, |line: &Listed| line.organisation.0.to_string());
    Ok(Json(page.map(|line| judged(line, &chosen.pack.pack.id, chosen.year))))
}

/// By what a school is judged.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SchoolAsked {
    /// Methodology; the newest without.
    #[serde(default)]
    pack: Option<String>,
    /// Year; the last one with results without.
    #[serde(default)]
    year: Option<u16>,
}

/// A school with its results of a year.
#[derive(Serialize, ToSchema)]
pub(super) struct School {
    id: u32,
    name: String,
    kind: String,
    rural: Option<bool>,
    /// Number of the municipality.
    municipality: u32,
    year: u16,
    /// The verdict; nothing where no results are loaded.
    verdict: Option<Judged>,
    results: Vec<OfProcedure>,
}

/// The result of a school in a procedure. Of too few pupils no number is told, nor of a group that would give them away.
#[derive(Serialize, ToSchema)]
pub(super) struct OfProcedure {
    /// Name of the procedure.
    procedure: String,
    /// Held in autumn instead of spring.
    autumn: bool,
    /// The numbers are not told.
    withheld: bool,
    participants: Option<u32>,
    /// Results that have a mark or a comparison with the minimum.
    judged: Option<u32>,
    /// Of them below the line.
    failed: Option<u32>,
}

#[utoipa::path(get, path = "/api/v1/schools/{id}", tag = "Результаты", summary = "Школа: вывод и результаты года; малые числа скрыты",
    params(("id" = u32, Path, description = "Номер школы"), SchoolAsked),
    responses((status = 200, description = "Школа", body = School)))]
pub(super) async fn school(
    State(state): State<AppState>,
    At(id): At<u32>,
    Asked(asked): Asked<SchoolAsked>,
) -> Result<Json<School>, WebError> {
    let dataset = state.results.dataset().await?;
    let registry = &dataset.registry.registry;
    let id = OrganisationId(id);
    let known = registry.get(id).ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))?;
    let chosen = state.results.choose(&dataset, asked.pack.as_deref(), asked.year)?;
    let run = state.results.run(&dataset, &chosen, None).await?;
    let run = run.run();
    let prepared = state.results.prepared(&dataset).await?;
    let dictionary = &state.results.catalog().dictionary;
    let told = |cell: Cell| {
        let shown = prepared.shown.shows(&cell);
        OfProcedure {
            procedure: dictionary.procedure_name(cell.procedure),
            autumn: cell.autumn,
            withheld: !shown,
            participants: shown.then_some(cell.participants),
            judged: shown.then(|| cell.judged()),
            failed: shown.then(|| cell.failed()),
        }
    };
    let verdict = run.of(id).map(|verdict| listed(run, registry, verdict));
    let cells = dataset.cells.of(id).iter().filter(|cell| cell.year == chosen.year);
    Ok(Json(School {
        id: id.0,
        name: known.name.clone(),
        kind: known.kind.clone(),
        rural: known.rural,
        municipality: known.municipality.0,
        year: chosen.year,
        verdict: verdict.map(|line| judged(line, &chosen.pack.pack.id, chosen.year)),
        results: cells.map(told).collect(),
    }))
}
