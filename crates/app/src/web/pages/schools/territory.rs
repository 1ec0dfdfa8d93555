//! How do the schools of a country, region or municipality stand, by a methodology?

use std::collections::BTreeMap;

use maud::{Markup, html};
use opora_cells::{Cell, KindCode, OrganisationId, SubjectCode};
use opora_methodology::{Run, compare};
use opora_registry::{Node, NodeId, NodeLevel};

use super::{Wanted, context};
use crate::usecases::results::alphabet;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::identify::Identified;
use crate::usecases::results::insight::context::{Expected, WhyNot};
use crate::usecases::results::list::{Listed, list};
use crate::web::assets::icon;
use crate::web::components::charts::{Series, trend};
use crate::web::results::Chosen;
use crate::web::words;

/// Schools on a page.
const PAGE: usize = 200;
/// Small pictures on a page.
const PICTURES: usize = 6;
/// Years in a picture.
const YEARS: usize = 6;

const SCHOOLS: [&str; 3] = ["школа", "школы", "школ"];

/// Everything the page shows.
pub struct Territory<'a> {
    pub wanted: &'a Wanted,
    pub node: Option<NodeId>,
    pub chosen: &'a Chosen,
    pub dataset: &'a Dataset,
    pub catalog: &'a Catalog,
    pub identified: &'a Identified,
    /// The run without the moved number, for a what-if.
    pub base: Option<&'a Identified>,
    /// The schools of the region against what could be expected of them; nothing for the whole country.
    pub expected: Option<&'a Result<Expected, WhyNot>>,
}

/// A school belongs to a region or municipality; every school to the country.
pub fn within(dataset: &Dataset, node: Option<NodeId>, id: OrganisationId) -> bool {
    let registry = &dataset.registry.registry;
    node.is_none_or(|node| {
        registry.get(id).is_some_and(|school| school.municipality == node)
            || registry.region_of(id) == Some(node)
    })
}

impl Territory<'_> {
    /// Name of the territory.
    pub fn title(&self) -> String {
        self.here().map_or_else(|| "Школы".to_owned(), |node| node.name.clone())
    }

    fn here(&self) -> Option<&Node> {
        self.dataset.registry.registry.node(self.node?)
    }

    fn inside(&self, id: OrganisationId) -> bool {
        within(self.dataset, self.node, id)
    }

    /// The content of the page.
    pub fn page(&self) -> Markup {
        let schools: Vec<Listed> = list(&self.identified.run, &self.dataset.registry.registry)
            .into_iter()
            .filter(|school| self.inside(school.organisation))
            .collect();
        html! {
            (self.path())
            div.page-head {
                div {
                    h1 { (self.title()) }
                    p { (words::count(schools.len(), SCHOOLS)) " · " (self.chosen.year) " год · " a href={ "/methods/" (self.chosen.pack.pack.id) } { (self.chosen.pack.pack.title) } }
                }
                div.actions {
                    a.button.small href=(self.address("/schools.xlsx", self.node)) { (icon("download")) "Excel" }
                    a.button.small href=(self.address("/schools.csv", self.node)) { (icon("download")) "CSV" }
                    form method="post" action="/runs" {
                        input type="hidden" name="pack" value=(self.chosen.pack.pack.id);
                        input type="hidden" name="year" value=(self.chosen.year);
                        @if let Some(node) = self.node { input type="hidden" name="node" value=(node.0); }
                        button.small type="submit" { (icon("check")) "Закрепить как предварительный список" }
                    }
                }
            }
            (super::choice("/schools", self.node, self.chosen, self.dataset, self.catalog))
            @if !self.identified.run.in_force() {
                p.notice.warning { "В этом году методика не действовала: список показан только для сравнения." }
            }
            (self.what_if())
            (self.counts(&schools))
            (self.pictures())
            (self.expectations())
            (self.children())
            (self.list(&schools))
        }
    }

    fn path(&self) -> Markup {
        let parent = self.here().and_then(|node| self.dataset.registry.registry.node(node.parent?));
        html! {
            @if self.node.is_some() {
                nav.breadcrumbs aria-label="Путь" {
                    a href=(self.address("/schools", None)) { "Все школы" }
                    @if let Some(parent) = parent { a href=(self.address("/schools", Some(parent.id))) { (parent.name) } }
                }
            }
        }
    }

    fn address(&self, path: &str, node: Option<NodeId>) -> String {
        let extra: Vec<(&str, String)> = node.map(|id| ("node", id.0.to_string())).into_iter().collect();
        self.wanted.address(path, self.chosen, &extra)
    }

    fn what_if(&self) -> Markup {
        let (number, value) = self.wanted.change().unwrap_or_default();
        let difference = self.base.map(|base| compare(&base.run, &self.identified.run));
        let names = |changes: &[opora_methodology::Changed]| {
            let mut names: Vec<String> = changes
                .iter()
                .filter(|change| self.inside(change.organisation))
                .map(|change| self.dataset.school_name(change.organisation))
                .collect();
            names.sort_by_cached_key(|name| alphabet::key(name));
            names
        };
        html! {
            details.what-if open[self.base.is_some()] {
                summary { "Что если изменить порог?" }
                form.filter-bar action="/schools" method="get" {
                    input type="hidden" name="pack" value=(self.chosen.pack.pack.id);
                    input type="hidden" name="year" value=(self.chosen.year);
                    @if let Some(node) = self.node { input type="hidden" name="node" value=(node.0); }
                    div.field-inline {
                        label for="number" { "Число методики" }
                        select #number name="number" {
                            @for known in self.chosen.pack.pack.numbers() {
                                option value=(known.id) selected[known.id == number] { (known.name) " (" (known.text) ")" }
                            }
                        }
                    }
                    div.field-inline { label for="value" { "Новое значение" } input #value name="value" value=(value) placeholder="25 %" autocomplete="off"; }
                    button type="submit" { "Посчитать" }
                }
                @if let Some(difference) = &difference {
                    @let (entered, left) = (names(&difference.entered), names(&difference.left));
                    p { "Вошли бы: " (entered.len()) ", вышли бы: " (left.len()) ". Правило методики от этого не меняется." }
                    @if !entered.is_empty() { p { strong { "Вошли бы: " } (entered.join(", ")) } }
                    @if !left.is_empty() { p { strong { "Вышли бы: " } (left.join(", ")) } }
                }
            }
        }
    }

    fn counts(&self, schools: &[Listed]) -> Markup {
        let count = |id: &str| schools.iter().filter(|school| school.category_id == id).count();
        html! {
            section aria-labelledby="counts" {
                h2 #counts { "По категориям" }
                ul.category-counts {
                    @for category in self.chosen.pack.pack.categories() {
                        li.category-count.listed[category.identified] {
                            a href=(self.category_address(&category.id)) aria-current=[(self.wanted.category.as_deref() == Some(&category.id)).then_some("true")] {
                                strong { (count(&category.id)) } span { (category.name) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn category_address(&self, category: &str) -> String {
        let mut extra = vec![("category", category.to_owned())];
        extra.extend(self.node.map(|id| ("node", id.0.to_string())));
        format!("{}#list", self.wanted.address("/schools", self.chosen, &extra))
    }

    /// Shares of those who did not pass, year by year: all pupils of the territory together, never school by school.
    fn pictures(&self) -> Markup {
        let mut sums: BTreeMap<(KindCode, SubjectCode), BTreeMap<u16, (u64, u64)>> = BTreeMap::new();
        let mut autumn: Vec<(KindCode, u16)> = Vec::new();
        for cell in self.dataset.cells.all().iter().filter(|cell| self.inside(cell.organisation)) {
            let key = (cell.procedure.kind, cell.procedure.subject);
            let sum = sums.entry(key).or_default().entry(cell.year).or_default();
            sum.0 += u64::from(cell.failed());
            sum.1 += u64::from(cell.judged());
            if cell.autumn && !autumn.contains(&(cell.procedure.kind, cell.year)) {
                autumn.push((cell.procedure.kind, cell.year));
            }
        }
        let mut largest: Vec<_> = sums.into_iter().collect();
        let pupils =
            |years: &BTreeMap<u16, (u64, u64)>| years.values().map(|(_, judged)| judged).sum::<u64>();
        largest.sort_by_key(|(key, years)| (std::cmp::Reverse(pupils(years)), *key));
        largest.truncate(PICTURES);
        largest.sort_by_key(|(key, _)| *key);
        let years = self.dataset.years();
        let years = years.get(years.len().saturating_sub(YEARS)..).unwrap_or_default().to_vec();
        html! {
            @if !largest.is_empty() {
                section aria-labelledby="trends" {
                    h2 #trends { "Не справились, доля участников по годам" }
                    div.small-multiples {
                        @for ((key, sums), number) in largest.iter().zip(0..) {
                            @let values = years.iter().map(|year| sums.get(year).filter(|(_, judged)| *judged > 0).map(|(failed, judged)| *failed as f64 * 100.0 / *judged as f64)).collect();
                            @let breaks: Vec<u16> = autumn.iter().filter(|(kind, _)| *kind == key.0).map(|(_, year)| *year).collect();
                            (trend(&format!("trend-{number}"), &self.procedure_words(*key), &years, &[Series { name: "Доля".to_owned(), values, main: true }], None, &breaks))
                        }
                    }
                }
            }
        }
    }

    fn expectations(&self) -> Markup {
        let inside = |id| self.inside(id);
        let address =
            |id: OrganisationId| self.wanted.address(&format!("/schools/{}", id.0), self.chosen, &[]);
        html! {
            @if let Some(expected) = self.expected { (context::of_territory(expected, self.dataset, inside, address)) }
        }
    }

    fn procedure_words(&self, (kind, subject): (KindCode, SubjectCode)) -> String {
        let dictionary = &self.catalog.dictionary;
        let kind = dictionary.kinds.get(&kind).map_or("процедура", |entry| entry.name.as_str());
        let subject = dictionary.subjects.get(&subject).map_or("предмет", |entry| entry.name.as_str());
        format!("{kind}, {subject}")
    }

    /// Regions of the country, or municipalities of the region, by the alphabet.
    fn children(&self) -> Markup {
        let registry = &self.dataset.registry.registry;
        let mut children: Vec<&Node> = match self.here().map(|node| node.level) {
            None => registry.nodes().filter(|node| node.level == NodeLevel::Region).collect(),
            Some(NodeLevel::Region) => registry.nodes().filter(|node| node.parent == self.node).collect(),
            Some(NodeLevel::Municipality) => Vec::new(),
        };
        children.sort_by_cached_key(|node| alphabet::key(&node.name));
        let counts = listed_by_node(&self.identified.run, self.dataset);
        html! {
            @if !children.is_empty() {
                section {
                    h2 #children { @if self.node.is_none() { "Регионы" } @else { "Муниципалитеты" } }
                    div.table-scroll tabindex="0" role="region" aria-labelledby="children" {
                        table {
                            thead { tr { th scope="col" { "Название" } th scope="col" { "Школ" } th scope="col" { "В списке" } th scope="col" { "Недостаточно данных" } } }
                            tbody {
                                @for node in &children {
                                    @let (all, listed, unknown) = counts.get(&node.id).copied().unwrap_or_default();
                                    tr {
                                        th scope="row" { a href=(self.address("/schools", Some(node.id))) { (node.name) } }
                                        td { (all) } td { (listed) } td { (unknown) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn list(&self, schools: &[Listed]) -> Markup {
        let wanted = self.wanted.category.as_deref().filter(|category| !category.is_empty());
        let shown: Vec<&Listed> =
            schools.iter().filter(|school| wanted.is_none_or(|id| school.category_id == id)).collect();
        let number = self.wanted.page.unwrap_or(1).max(1);
        let last = shown.len().div_ceil(PAGE).max(1);
        html! {
            section {
                h2 #list { "Школы по алфавиту" }
                @if wanted.is_some() {
                    p { (words::count(shown.len(), SCHOOLS)) " · " a href=(self.address("/schools", self.node)) { "Показать все" } }
                }
                div.table-scroll tabindex="0" role="region" aria-labelledby="list" {
                    table.school-list {
                        thead { tr {
                            th scope="col" { "Школа" } th scope="col" { "Муниципалитет" } th scope="col" { "Категория" }
                            th scope="col" { "Уровень поддержки" } th scope="col" { "К прошлому году" }
                        } }
                        tbody {
                            @for school in shown.iter().skip((number - 1).saturating_mul(PAGE)).take(PAGE) {
                                tr {
                                    th scope="row" { a href=(self.wanted.address(&format!("/schools/{}", school.organisation.0), self.chosen, &[])) { (school.name) } }
                                    td { (school.municipality) }
                                    td { (category_chip(school)) }
                                    td { (school.tier.as_deref().unwrap_or("")) }
                                    td { (school.movement) }
                                }
                            }
                        }
                    }
                }
                @if last > 1 {
                    nav.pages aria-label="Страницы списка" {
                        @for page in 1..=last {
                            a href=(self.page_address(page)) aria-current=[(page == number).then_some("page")] { (page) }
                        }
                    }
                }
            }
        }
    }

    fn page_address(&self, page: usize) -> String {
        let mut extra = vec![("page", page.to_string())];
        extra.extend(self.node.map(|id| ("node", id.0.to_string())));
        extra.extend(self.wanted.category.clone().map(|category| ("category", category)));
        format!("{}#list", self.wanted.address("/schools", self.chosen, &extra))
    }
}

/// A category as a chip: words first, colour second.
pub fn category_chip(school: &Listed) -> Markup {
    let class = match school.identified {
        Some(true) => "chip listed",
        Some(false) => "chip",
        None => "chip missing",
    };
    html! { span class=(class) { (school.category) } }
}

/// Schools, listed schools and schools without enough data, for each region and municipality.
fn listed_by_node(run: &Run, dataset: &Dataset) -> BTreeMap<NodeId, (usize, usize, usize)> {
    use opora_methodology::Standing;
    let registry = &dataset.registry.registry;
    let mut counts: BTreeMap<NodeId, (usize, usize, usize)> = BTreeMap::new();
    for verdict in run.verdicts() {
        let school = registry.get(verdict.organisation()).map(|school| school.municipality);
        for node in [school, registry.region_of(verdict.organisation())].into_iter().flatten() {
            let count = counts.entry(node).or_default();
            count.0 += 1;
            count.1 += usize::from(verdict.standing() == Standing::In);
            count.2 += usize::from(verdict.standing() == Standing::Unknown);
        }
    }
    counts
}

/// All cells of a territory together: who failed, who was judged.
pub fn together<'a>(cells: impl Iterator<Item = &'a Cell>) -> (u64, u64) {
    cells.fold((0, 0), |(failed, judged), cell| {
        (failed + u64::from(cell.failed()), judged + u64::from(cell.judged()))
    })
}
