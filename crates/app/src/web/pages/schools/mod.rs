//! Which schools need support here: in the country, a region, a municipality?

mod context;
mod markers;
mod school;
mod territory;
#[cfg(test)]
mod tests;

pub use school::show as school;

use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use opora_registry::NodeId;
use serde::Deserialize;

use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::list::{Listed, list, to_json, to_table};
use crate::usecases::results::tables;
use crate::web::assets::icon;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::files::disposition;
use crate::web::results::Chosen;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;

/// What to show.
#[derive(Deserialize, Default)]
pub struct Wanted {
    /// Region or municipality; the whole country without.
    #[serde(default)]
    node: Option<u32>,
    /// Methodology.
    #[serde(default)]
    pack: Option<String>,
    /// Year.
    #[serde(default)]
    year: Option<u16>,
    /// Only schools of this category.
    #[serde(default)]
    category: Option<String>,
    /// What if: this number of the methodology …
    #[serde(default)]
    number: Option<String>,
    /// … had this value.
    #[serde(default)]
    value: Option<String>,
    /// Page of the list.
    #[serde(default)]
    page: Option<usize>,
    /// Possible markers of a school are shown: only when asked for.
    #[serde(default)]
    markers: Option<u8>,
}

impl Wanted {
    fn change(&self) -> Option<(String, String)> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        Some((filled(&self.number)?, filled(&self.value)?))
    }

    /// Address of a page about results with this methodology and year.
    fn address(&self, path: &str, chosen: &Chosen, extra: &[(&str, String)]) -> String {
        let mut pairs = vec![("pack", chosen.pack.pack.id.clone()), ("year", chosen.year.to_string())];
        if let Some((number, value)) = self.change() {
            pairs.extend([("number", number), ("value", value)]);
        }
        pairs.extend(extra.iter().cloned());
        address(path, &pairs)
    }
}

/// `GET /schools`.
pub async fn index(
    ui: Ui,
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let dataset = state.results.dataset().await?;
    if dataset.is_empty() {
        return Ok(page(&ui, "Школы", Section::Schools, &nothing_yet()));
    }
    let node = wanted.node.map(NodeId);
    if let Some(id) = node
        && dataset.registry.registry.node(id).is_none()
    {
        return Err(WebError::not_found("Такого региона или муниципалитета нет в реестре"));
    }
    let chosen = state.results.choose(&dataset, wanted.pack.as_deref(), wanted.year)?;
    let identified = state.results.run(&dataset, &chosen, wanted.change()).await?;
    let base = match wanted.change() {
        Some(_) => Some(state.results.run(&dataset, &chosen, None).await?),
        None => None,
    };
    let region =
        node.and_then(|id| dataset.registry.registry.node(id)).map(|node| node.parent.unwrap_or(node.id));
    let expected = match region {
        Some(region) => Some(state.results.expected(&dataset, &chosen, region).await?),
        None => None,
    };
    let territory = territory::Territory {
        wanted: &wanted,
        node,
        chosen: &chosen,
        dataset: &dataset,
        catalog: state.results.catalog(),
        identified: &identified,
        base: base.as_deref(),
        expected: expected.as_deref(),
    };
    let content = territory.page();
    Ok(page(&ui, &territory.title(), Section::Schools, &content))
}

/// The form that asks for another methodology or year of the same page.
fn choice(
    action: &str,
    node: Option<NodeId>,
    chosen: &Chosen,
    dataset: &Dataset,
    catalog: &Catalog,
) -> Markup {
    html! {
        form.filter-bar action=(action) method="get" aria-label="Методика и год" {
            @if let Some(node) = node { input type="hidden" name="node" value=(node.0); }
            div.field-inline {
                label for="pack" { "Методика" }
                select #pack name="pack" {
                    @for known in catalog.packs.values() {
                        option value=(known.pack.id) selected[known.pack.id == chosen.pack.pack.id] { (known.pack.title) }
                    }
                }
            }
            div.field-inline {
                label for="year" { "Год" }
                select #year name="year" {
                    @for year in dataset.years().iter().rev() { option value=(year) selected[*year == chosen.year] { (year) } }
                }
            }
            button type="submit" { "Показать" }
        }
    }
}

fn nothing_yet() -> Markup {
    let actions = html! {
        a.button.primary href="/data" { (icon("upload")) "Загрузить данные" }
        a.button href="/methods" { "Посмотреть методики" }
    };
    html! {
        h1 { "Школы" }
        (empty(
            "school",
            "Данных о школах пока нет",
            "Загрузите реестр организаций и результаты: файлы ВПР, ОГЭ, ЕГЭ, социальные паспорта. Программа покажет, \
             каким школам нужна поддержка и по какому пункту методики.",
            &actions,
        ))
    }
}

/// `GET /schools.csv`, the list of the page.
pub async fn csv(state: State<AppState>, wanted: Query<Wanted>) -> Result<Response, WebError> {
    export(state, wanted, "csv").await
}

/// `GET /schools.xlsx`.
pub async fn xlsx(state: State<AppState>, wanted: Query<Wanted>) -> Result<Response, WebError> {
    export(state, wanted, "xlsx").await
}

/// `GET /schools.json`.
pub async fn json(state: State<AppState>, wanted: Query<Wanted>) -> Result<Response, WebError> {
    export(state, wanted, "json").await
}

async fn export(
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
    form: &'static str,
) -> Result<Response, WebError> {
    let dataset = state.results.dataset().await?;
    let chosen = state.results.choose(&dataset, wanted.pack.as_deref(), wanted.year)?;
    let identified = state.results.run(&dataset, &chosen, wanted.change()).await?;
    let node = wanted.node.map(NodeId);
    let schools: Vec<Listed> = list(&identified.run, &dataset.registry.registry)
        .into_iter()
        .filter(|school| territory::within(&dataset, node, school.organisation))
        .filter(|school| wanted.category.as_ref().is_none_or(|category| *category == school.category_id))
        .collect();
    let title = format!("{}, {} год", chosen.pack.pack.title, chosen.year);
    let (kind, bytes) = match form {
        "csv" => ("text/csv; charset=utf-8", tables::csv(&to_table(&identified, &schools))),
        "xlsx" => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            tables::xlsx(&title, &to_table(&identified, &schools)).map_err(|e| WebError::internal(&e))?,
        ),
        _ => ("application/json; charset=utf-8", to_json(&identified, &schools).to_string().into_bytes()),
    };
    let name = format!("Список школ {} {}.{form}", chosen.pack.pack.id, chosen.year);
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition(&name))];
    Ok((headers, bytes).into_response())
}
