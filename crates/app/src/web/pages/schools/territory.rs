//! How do the schools of a country, region or municipality stand, by a methodology?

use maud::{Markup, html};
use opora_cells::{KindCode, OrganisationId, Share, SubjectCode};
use opora_methodology::Verdict;
use opora_registry::{Node, NodeId, NodeLevel};

use super::{Wanted, context};
use crate::usecases::results::alphabet;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::insight::context::{Expected, WhyNot};
use crate::usecases::results::list::{Listed, listed};
use crate::usecases::results::shown::{Sum, Years};
use crate::web::assets::icon;
use crate::web::components::charts::{Chart, ChartFiles, Series, trend};
use crate::web::results::{Chosen, Judged, Prepared};
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
    pub judged: &'a Judged,
    /// The run without the moved number, for a what-if.
    pub base: Option<&'a Judged>,
    pub prepared: &'a Prepared,
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
        let schools = self.judged.tally(self.dataset, self.node).schools;
        html! {
            (self.path())
            div.page-head {
                div {
                    h1 { (self.title()) }
                    p { (words::count(schools, SCHOOLS)) " · " (self.chosen.year) " год · " a href={ "/methods/" (self.chosen.pack.pack.id) } { (self.chosen.pack.pack.title) } }
                }
                div.actions {
                    a.button.small href=(self.address("/schools.xlsx", self.node)) { (icon("download")) "Excel" }
                    a.button.small href=(self.address("/schools.csv", self.node)) { (icon("download")) "CSV" }
                    a.button.small href=(self.address("/schools.json", self.node)) { (icon("download")) "JSON" }
                    (self.freeze(None, "Закрепить как предварительный список"))
                }
            }
            (super::choice("/schools", self.node, self.chosen, self.dataset, self.catalog))
            @if !self.judged.run().in_force() {
                p.notice.warning { "В этом году методика не действовала: список показан только для сравнения." }
            }
            (self.what_if())
            (self.counts())
            (self.pictures())
            (self.expectations())
            (self.children())
            (self.list())
        }
    }

    /// The button that freezes the list, or the what-if of a moved number.
    fn freeze(&self, change: Option<&(String, String)>, words: &str) -> Markup {
        html! {
            form method="post" action="/runs" {
                input type="hidden" name="pack" value=(self.chosen.pack.pack.id);
                input type="hidden" name="year" value=(self.chosen.year);
                @if let Some(node) = self.node { input type="hidden" name="node" value=(node.0); }
                @if let Some((number, value)) = change {
                    input type="hidden" name="number" value=(number);
                    input type="hidden" name="value" value=(value);
                }
                button.small type="submit" { (icon("check")) (words) }
            }
        }
    }

    /// The pictures of the page; what they show is what may be shown.
    pub fn charts(&self) -> Vec<Chart> {
        let scatter = self.expected.and_then(|expected| expected.as_ref().ok());
        let scatter = scatter.map(|expected| {
            context::picture(expected, self.dataset, &|id| self.inside(id), &|id| self.school(id))
        });
        self.trends().into_iter().chain(scatter).collect()
    }

    /// Where the pictures can be had as files.
    fn files(&self) -> ChartFiles {
        let mut query = self.wanted.pairs(self.chosen);
        query.extend(self.node.map(|id| ("node", id.0.to_string())));
        ChartFiles { path: "/schools/charts".to_owned(), query }
    }

    fn school(&self, id: OrganisationId) -> String {
        self.wanted.address(&format!("/schools/{}", id.0), self.chosen, &[])
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
        let difference = self.base.map(|base| self.judged.difference(base));
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
                @if let Some(difference) = difference {
                    @let (entered, left) = (names(&difference.entered), names(&difference.left));
                    p { "Вошли бы: " (entered.len()) ", вышли бы: " (left.len()) ". Правило методики от этого не меняется." }
                    @if !entered.is_empty() { p { strong { "Вошли бы: " } (entered.join(", ")) } }
                    @if !left.is_empty() { p { strong { "Вышли бы: " } (left.join(", ")) } }
                    (self.freeze(self.wanted.change().as_ref(), "Сохранить этот расчёт «что если»"))
                    p.small.muted { "Сохранённый расчёт «что если» можно сравнить с другими. Решением он не становится." }
                }
            }
        }
    }

    fn counts(&self) -> Markup {
        let counts = self.judged.tally(self.dataset, self.node).categories;
        let count = |at: usize| counts.get(at).copied().unwrap_or_default();
        html! {
            section aria-labelledby="counts" {
                h2 #counts { "По категориям" }
                ul.category-counts {
                    @for (category, at) in self.chosen.pack.pack.categories().iter().zip(0..) {
                        li.category-count.listed[category.identified] {
                            a href=(self.category_address(&category.id)) aria-current=[(self.wanted.category.as_deref() == Some(&category.id)).then_some("true")] {
                                strong { (count(at)) } span { (category.name) }
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
    fn trends(&self) -> Vec<Chart> {
        let pupils = |years: &Years| years.values().map(|sum| judged_in(*sum)).sum::<u64>();
        let shown = &self.prepared.shown;
        let mut largest: Vec<_> = shown.by_subject(self.node).into_iter().collect();
        largest.sort_by_key(|(key, years)| (std::cmp::Reverse(pupils(years)), *key));
        largest.truncate(PICTURES);
        largest.sort_by_key(|(key, _)| *key);
        let years = self.dataset.years();
        let years = years.get(years.len().saturating_sub(YEARS)..).unwrap_or_default().to_vec();
        let one = |((key, sums), number): (&((KindCode, SubjectCode), Years), usize)| {
            let sum = |year: &u16| sums.get(year).copied().unwrap_or(Sum::Nothing);
            let series = Series {
                name: "Доля".to_owned(),
                values: years.iter().map(|year| sum(year).failed_share().map(Share::percent)).collect(),
                main: true,
                withheld: years.iter().copied().filter(|year| sum(year) == Sum::Withheld).collect(),
            };
            let caption = self.procedure_words(*key);
            trend(&format!("trend-{number}"), &caption, &years, &[series], None, &shown.autumn_years(key.0))
        };
        largest.iter().zip(0..).map(one).collect()
    }

    fn pictures(&self) -> Markup {
        let (trends, files) = (self.trends(), self.files());
        html! {
            @if !trends.is_empty() {
                section aria-labelledby="trends" {
                    h2 #trends { "Не справились, доля участников по годам" }
                    div.small-multiples { @for chart in &trends { (chart.figure(&files)) } }
                }
            }
        }
    }

    fn expectations(&self) -> Markup {
        let inside = |id| self.inside(id);
        let address = |id| self.school(id);
        html! {
            @if let Some(expected) = self.expected {
                (context::of_territory(expected, self.dataset, inside, address, &self.files()))
            }
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
        html! {
            @if !children.is_empty() {
                section {
                    h2 #children { @if self.node.is_none() { "Регионы" } @else { "Муниципалитеты" } }
                    div.table-scroll tabindex="0" role="region" aria-labelledby="children" {
                        table {
                            thead { tr { th scope="col" { "Название" } th scope="col" { "Школ" } th scope="col" { "В списке" } th scope="col" { "Недостаточно данных" } } }
                            tbody {
                                @for node in &children {
                                    @let tally = self.judged.tally(self.dataset, Some(node.id));
                                    tr {
                                        th scope="row" { a href=(self.address("/schools", Some(node.id))) { (node.name) } }
                                        td { (tally.schools) } td { (tally.listed) } td { (tally.unknown) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The verdicts of the territory by the alphabet; of one category, if one is wanted.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        let (run, wanted) = (self.judged.run(), self.wanted.category.as_deref());
        let wanted = wanted.filter(|category| !category.is_empty());
        let verdicts = self.prepared.order.within(self.node).iter().filter_map(|id| run.of(*id));
        verdicts.filter(move |verdict| wanted.is_none_or(|id| run.pack()[verdict.category()].id == id))
    }

    fn list(&self) -> Markup {
        let wanted = self.wanted.category.as_deref().filter(|category| !category.is_empty());
        let shown: Vec<&Verdict> = self.verdicts().collect();
        let row = |verdict: &&Verdict| listed(self.judged.run(), &self.dataset.registry.registry, verdict);
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
                            @for school in shown.iter().skip((number - 1).saturating_mul(PAGE)).take(PAGE).map(row) {
                                tr {
                                    th scope="row" { a href=(self.wanted.address(&format!("/schools/{}", school.organisation.0), self.chosen, &[])) { (school.name) } }
                                    td { (school.municipality) }
                                    td { (category_chip(&school)) }
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

/// How many pupils a sum is judged over, as far as it may be known.
fn judged_in(sum: Sum) -> u64 {
    match sum {
        Sum::Known(counts) => counts.judged,
        Sum::Nothing | Sum::Withheld => 0,
    }
}
