//! Which schools need support here: in the country, a region, a municipality?

mod context;
mod markers;
mod school;
mod territory;
#[cfg(test)]
mod tests;

pub use school::{chart_file as school_chart, show as school};

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_registry::NodeId;
use serde::Deserialize;

use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::insight::context::{Expected, WhyNot};
use crate::usecases::results::list::{Listed, listed, to_json, to_table};
use crate::web::assets::icon;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::results::{Chosen, Judged, Prepared};
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

    /// The methodology, the year and the moved number as parameters of an address.
    fn pairs(&self, chosen: &Chosen) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("pack", chosen.pack.pack.id.clone()), ("year", chosen.year.to_string())];
        if let Some((number, value)) = self.change() {
            pairs.extend([("number", number), ("value", value)]);
        }
        pairs
    }

    /// Address of a page about results with this methodology and year.
    fn address(&self, path: &str, chosen: &Chosen, extra: &[(&'static str, String)]) -> String {
        let mut pairs = self.pairs(chosen);
        pairs.extend(extra.iter().cloned());
        address(path, &pairs)
    }
}

/// Where the numbers of a file come from, for whoever finds it.
fn source_of(dataset: &Dataset, chosen: &Chosen, catalog: &Catalog) -> String {
    format!(
        "Источник: результаты, загруженные в «Опору», контрольная сумма данных {}; методика «{}», {} год. Результаты \
         меньше {} участников не показаны",
        dataset.sha256.get(..12).unwrap_or_default(),
        chosen.pack.pack.title,
        chosen.year,
        catalog.pupils_min
    )
}

/// Everything a page of a territory is made of, kept as long as the page.
struct Gathered {
    wanted: Wanted,
    dataset: Arc<Dataset>,
    chosen: Chosen,
    judged: Arc<Judged>,
    base: Option<Arc<Judged>>,
    expected: Option<Arc<Result<Expected, WhyNot>>>,
    prepared: Arc<Prepared>,
}

impl Gathered {
    async fn of(state: &AppState, wanted: Wanted, dataset: Arc<Dataset>) -> Result<Self, WebError> {
        let results = &state.results;
        let registry = &dataset.registry.registry;
        let node = wanted.node.map(NodeId);
        if let Some(id) = node
            && registry.node(id).is_none()
        {
            return Err(WebError::not_found("Такого региона или муниципалитета нет в реестре"));
        }
        let chosen = results.choose(&dataset, wanted.pack.as_deref(), wanted.year)?;
        let judged = results.run(&dataset, &chosen, wanted.change()).await?;
        let base = match wanted.change() {
            Some(_) => Some(results.run(&dataset, &chosen, None).await?),
            None => None,
        };
        let region = node.and_then(|id| registry.node(id)).map(|node| node.parent.unwrap_or(node.id));
        let expected = match region {
            Some(region) => Some(results.expected(&dataset, &chosen, region).await?),
            None => None,
        };
        let prepared = results.prepared(&dataset).await?;
        Ok(Self { wanted, dataset, chosen, judged, base, expected, prepared })
    }

    fn territory<'a>(&'a self, state: &'a AppState) -> territory::Territory<'a> {
        territory::Territory {
            wanted: &self.wanted,
            node: self.wanted.node.map(NodeId),
            chosen: &self.chosen,
            dataset: &self.dataset,
            catalog: state.results.catalog(),
            judged: &self.judged,
            base: self.base.as_deref(),
            prepared: &self.prepared,
            expected: self.expected.as_deref(),
        }
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
    let gathered = Gathered::of(&state, wanted, dataset).await?;
    let territory = gathered.territory(&state);
    let content = territory.page();
    Ok(page(&ui, &territory.title(), Section::Schools, &content))
}

/// `GET /schools/charts/{file}`: a picture of the page of a territory as a file.
pub async fn chart_file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let (id, form) = FileForm::of_name(&file)?;
    let gathered = Gathered::of(&state, wanted, state.results.dataset().await?).await?;
    let charts = gathered.territory(&state).charts();
    let source = source_of(&gathered.dataset, &gathered.chosen, state.results.catalog());
    download::chart(form, charts.iter().find(|chart| chart.id == id), &source).await
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
    export(state, wanted, FileForm::Csv).await
}

/// `GET /schools.xlsx`.
pub async fn xlsx(state: State<AppState>, wanted: Query<Wanted>) -> Result<Response, WebError> {
    export(state, wanted, FileForm::Xlsx).await
}

/// `GET /schools.json`.
pub async fn json(state: State<AppState>, wanted: Query<Wanted>) -> Result<Response, WebError> {
    export(state, wanted, FileForm::Json).await
}

async fn export(
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
    form: FileForm,
) -> Result<Response, WebError> {
    let gathered = Gathered::of(&state, wanted, state.results.dataset().await?).await?;
    let (chosen, dataset, judged) = (&gathered.chosen, &gathered.dataset, &gathered.judged);
    let territory = gathered.territory(&state);
    let registry = &dataset.registry.registry;
    let schools: Vec<Listed> =
        territory.verdicts().map(|verdict| listed(judged.run(), registry, verdict)).collect();
    let title = format!("Список школ {} {}", chosen.pack.pack.id, chosen.year);
    if form == FileForm::Json {
        let bytes = to_json(&judged.identified, &schools).to_string().into_bytes();
        return Ok(download::file(form, &title, bytes));
    }
    let source = source_of(dataset, chosen, state.results.catalog());
    download::table(form, &title, &source, to_table(&judged.identified, &schools)).await
}
