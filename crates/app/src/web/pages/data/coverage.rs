//! Which school has results in which procedure of a year?

use maud::{Markup, html};
use opora_cells::{Cell, Procedure};
use opora_registry::{NodeId, Organisation};

use super::Wanted;
use crate::usecases::results::dataset::Dataset;
use crate::web::components::charts::{ChartFiles, HeatCell, HeatMap};
use crate::web::results::Prepared;
use crate::web::state::AppState;

/// Name of the map.
pub const ID: &str = "coverage-map";

/// The municipality and the year that are wanted, or the first and the last.
fn chosen(dataset: &Dataset, prepared: &Prepared, wanted: &Wanted) -> Option<(NodeId, u16)> {
    let first = || prepared.municipalities.first().map(|(node, _)| *node);
    let node = wanted.node.map(NodeId).or_else(first)?;
    Some((node, wanted.year.or_else(|| dataset.years().last().copied())?))
}

/// Schools of a municipality by procedures of a year: what is there and what is not.
pub fn map(state: &AppState, dataset: &Dataset, prepared: &Prepared, wanted: &Wanted) -> Option<HeatMap> {
    let (node, year) = chosen(dataset, prepared, wanted)?;
    let registry = &dataset.registry.registry;
    let schools: Vec<&Organisation> =
        prepared.order.within(Some(node)).iter().filter_map(|id| registry.get(*id)).collect();
    let cells = |id| -> Vec<Cell> {
        dataset.cells.of(id).to_vec().into_iter().filter(|cell| cell.year == year).collect()
    };
    let own: Vec<Vec<Cell>> = schools.iter().map(|school| cells(school.id)).collect();
    let mut procedures: Vec<Procedure> = own.iter().flatten().map(|cell| cell.procedure).collect();
    procedures.sort();
    procedures.dedup();
    let day = jiff::civil::Date::new(i16::try_from(year).unwrap_or(2000), 4, 15).unwrap_or_default();
    let row = |(school, own): (&&Organisation, &Vec<Cell>)| {
        let one = |procedure: &Procedure| match own.iter().find(|cell| cell.procedure == *procedure) {
            Some(cell) if !prepared.shown.shows(cell) => HeatCell::Withheld,
            Some(cell) => HeatCell::Pupils(cell.participants),
            None if registry.works_on(school.id, day) => HeatCell::Missing,
            None => HeatCell::NotExpected,
        };
        let address = format!("/schools/{}?year={year}", school.id.0);
        (school.name.clone(), address, procedures.iter().map(one).collect())
    };
    let dictionary = &state.results.catalog().dictionary;
    let place = registry.node(node).map(|node| node.name.as_str()).unwrap_or_default();
    Some(HeatMap {
        caption: format!("Участников по школам и процедурам: {place}, {year} год"),
        columns: procedures.iter().map(|procedure| dictionary.procedure_name(*procedure)).collect(),
        rows: schools.iter().zip(&own).map(row).collect(),
    })
}

/// The map with the choice of municipality and year.
pub fn section(state: &AppState, dataset: &Dataset, prepared: &Prepared, wanted: &Wanted) -> Markup {
    let Some(((node, year), map)) =
        chosen(dataset, prepared, wanted).zip(map(state, dataset, prepared, wanted))
    else {
        return html! {};
    };
    let query = vec![("node", node.0.to_string()), ("year", year.to_string())];
    let files = ChartFiles { path: "/data/files".to_owned(), query };
    html! {
        section aria-labelledby="coverage" {
            h2 #coverage { "Чего не хватает" }
            form.filter-bar action="/data" method="get" aria-label="Муниципалитет и год" {
                div.field-inline {
                    label for="node" { "Муниципалитет" }
                    select #node name="node" { @for (known, name) in &prepared.municipalities { option value=(known.0) selected[*known == node] { (name) } } }
                }
                div.field-inline {
                    label for="year" { "Год" }
                    select #year name="year" { @for known in dataset.years().iter().rev() { option value=(known) selected[*known == year] { (known) } } }
                }
                button type="submit" { "Показать" }
            }
            @if map.columns.is_empty() { p { "Результатов этого года здесь нет." } } @else {
                (map.figure(ID, &files))
                @if map.rows.iter().any(|(_, _, cells)| cells.contains(&HeatCell::Withheld)) {
                    p.small.muted { "«Скрыто»: результаты есть, но участников меньше " (prepared.shown.pupils_min) " или по этому числу можно вычислить соседнее." }
                }
            }
        }
    }
}
