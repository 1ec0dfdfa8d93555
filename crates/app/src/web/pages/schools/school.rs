//! Why did this school get its verdict, and how sure is it?

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use opora_cells::{Cell, OrganisationId, Procedure, Share};
use opora_methodology::{Explanation, Run, Truth, Verdict, explain};
use opora_registry::{Event, EventKind, NodeId};

use super::territory::{category_chip, together};
use super::{Wanted, context, markers};
use crate::usecases::results::certainty::{certainty, line};
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::list::listed;
use crate::web::components::charts::{Series, StackedBar, percent, stacked_bars, trend};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::results::Chosen;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Small pictures on the page.
const PICTURES: usize = 8;

/// `GET /schools/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<u32>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let dataset = state.results.dataset().await?;
    let id = OrganisationId(id);
    let registry = &dataset.registry.registry;
    let known = registry.get(id).ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))?;
    let chosen = state.results.choose(&dataset, wanted.pack.as_deref(), wanted.year)?;
    let identified = state.results.run(&dataset, &chosen, None).await?;
    let catalog = state.results.catalog();
    let verdict = identified.run.of(id);
    let source = |index| dataset.source(index);
    let told = verdict
        .map(|verdict| explain(identified.run.pack(), &catalog.dictionary, registry, verdict, &source));
    let view = View { id, chosen: &chosen, dataset: &dataset, state: &state };
    let municipality = registry.node(known.municipality);
    let beside = view.beside(wanted.markers == Some(1)).await?;
    let content = html! {
        nav.breadcrumbs aria-label="Путь" {
            a href=(address("/schools", &view.pairs())) { "Все школы" }
            @for node in [registry.region_of(id).and_then(|id| registry.node(id)), municipality].into_iter().flatten() {
                a href=(address("/schools", &view.pairs_at(node.id))) { (node.name) }
            }
        }
        div.page-head {
            div {
                h1 { (known.name) }
                p { (known.kind) @if known.rural == Some(true) { " · сельская" } " · " (chosen.year) " год" }
            }
        }
        (super::choice(&format!("/schools/{}", id.0), None, &chosen, &dataset, catalog))
        (view.verdict(&identified.run, verdict, told.as_ref()))
        (view.marks())
        (view.trends())
        (view.certainty())
        (view.declared())
        (beside)
        (events(registry.events_of(id), &dataset))
    };
    Ok(page(&ui, &known.name, Section::Schools, &content))
}

struct View<'a> {
    id: OrganisationId,
    chosen: &'a Chosen,
    dataset: &'a Arc<Dataset>,
    state: &'a AppState,
}

impl View<'_> {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![("pack", self.chosen.pack.pack.id.clone()), ("year", self.chosen.year.to_string())]
    }

    fn pairs_at(&self, node: NodeId) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs();
        pairs.push(("node", node.0.to_string()));
        pairs
    }

    /// What stands beside the rule: the result in its circumstances and, when asked for, possible markers.
    async fn beside(&self, with_markers: bool) -> Result<Markup, WebError> {
        let Some(region) = self.dataset.registry.registry.region_of(self.id) else { return Ok(html! {}) };
        let results = &self.state.results;
        let expected = results.expected(self.dataset, self.chosen, region).await?;
        let path = format!("/schools/{}", self.id.0);
        let (year, hide) = (self.chosen.year, address(&path, &self.pairs()));
        let markers = if with_markers {
            let found = results.markers(self.dataset, region, year).await?;
            markers::section(results.catalog(), &found, found.of(self.id), year, &hide)
        } else {
            let mut pairs = self.pairs();
            pairs.push(("markers", "1".to_owned()));
            markers::invitation(&address(&path, &pairs))
        };
        Ok(html! { (context::of_school(&expected, self.id)) (markers) })
    }

    fn verdict(&self, run: &Run, verdict: Option<&Verdict>, told: Option<&Explanation>) -> Markup {
        let (Some(verdict), Some(told)) = (verdict, told) else {
            return html! { p.notice.warning { "О школе ничего не известно: её результаты не загружены." } };
        };
        let school = listed(run, &self.dataset.registry.registry, verdict);
        html! {
            section.card.verdict aria-labelledby="verdict" {
                div.card-head { h2 #verdict { "Вывод: " (category_chip(&school)) } }
                div.card-body {
                    @for line in &told.summary { p { (line) } }
                    @for line in &told.combinations { p.small.muted { (line) } }
                    @if let Some(tier) = verdict.tier().and_then(|at| self.chosen.pack.pack.tiers().get(at)) { p { "Уровень поддержки: " (tier.name) } }
                    @for note in &told.notes { p.small { (note) } }
                    p { a href={ "/methods/" (self.chosen.pack.pack.id) } { "Методика с пунктами и примерами" } }
                }
            }
            section aria-labelledby="why" {
                h2 #why { "Почему" }
                @for part in &told.parts {
                    details.criterion open[part.truth == Some(Truth::Yes)] {
                        summary { strong { (part.id) ". " (part.name) } " — " (part.answer) }
                        p { (part.asks) }
                        p.small.muted { (part.clause) }
                        ul.evidence { @for line in &part.seen { li { (line) } } }
                    }
                }
            }
        }
    }

    fn own(&self) -> &[Cell] {
        self.dataset.cells.of(self.id)
    }

    fn marks(&self) -> Markup {
        let dictionary = &self.state.results.catalog().dictionary;
        let line_percent = line(&self.chosen.pack.pack).map(Share::percent);
        let year = |cell: &&Cell| cell.year == self.chosen.year;
        let bar = |cell: &Cell, marks| StackedBar {
            name: dictionary.procedure_name(cell.procedure),
            marks,
            line_percent,
        };
        let marked: Vec<StackedBar> = self
            .own()
            .iter()
            .filter(year)
            .filter(|cell| cell.marks.iter().any(|count| *count > 0))
            .map(|cell| bar(cell, cell.marks))
            .collect();
        let passed: Vec<StackedBar> = self
            .own()
            .iter()
            .filter(year)
            .filter(|cell| cell.below_minimum + cell.at_minimum > 0)
            .map(|cell| bar(cell, [cell.below_minimum, 0, 0, cell.at_minimum]))
            .collect();
        html! {
            section aria-labelledby="marks" {
                h2 #marks { "Отметки за " (self.chosen.year) " год" }
                @if marked.is_empty() && passed.is_empty() { p { "Результатов этого года нет." } }
                @if !marked.is_empty() { (stacked_bars("marks-bars", "Отметки «2», «3», «4», «5», доля участников", &marked, ["«2»", "«3»", "«4»", "«5»"])) }
                @if !passed.is_empty() { (stacked_bars("minimum-bars", "Минимальный балл, доля участников", &passed, ["ниже минимума", "", "", "минимум набран"])) }
            }
        }
    }

    /// Procedures of the longest rows of years beside the municipality and the region.
    fn trends(&self) -> Markup {
        let dictionary = &self.state.results.catalog().dictionary;
        let registry = &self.dataset.registry.registry;
        let mut procedures: Vec<Procedure> = self.own().iter().map(|cell| cell.procedure).collect();
        procedures.dedup();
        procedures.sort_by_key(|procedure| {
            let years = self.own().iter().filter(|cell| cell.procedure == *procedure).count();
            (std::cmp::Reverse(years), procedure.packed())
        });
        procedures.truncate(PICTURES);
        procedures.sort();
        let years = self.dataset.years();
        let municipality = registry.get(self.id).map(|school| school.municipality);
        let region = registry.region_of(self.id);
        let line = line(&self.chosen.pack.pack).map(Share::percent);
        let around = |node: Option<NodeId>, procedure: Procedure, name: &str| Series {
            name: name.to_owned(),
            values: years.iter().map(|year| self.around(node, procedure, *year)).collect(),
            main: false,
        };
        let own = |procedure: Procedure| Series {
            name: "Школа".to_owned(),
            values: years
                .iter()
                .map(|year| {
                    let cell = self.own().iter().find(|c| c.procedure == procedure && c.year == *year);
                    cell.and_then(Cell::failed_share).map(Share::percent)
                })
                .collect(),
            main: true,
        };
        let breaks = |procedure: Procedure| -> Vec<u16> {
            years.iter().copied().filter(|year| dictionary.held_in_autumn(procedure.kind, *year)).collect()
        };
        html! {
            @if years.len() > 1 && !procedures.is_empty() {
                section aria-labelledby="years" {
                    h2 #years { "Не справились, по годам" }
                    div.small-multiples {
                        @for (procedure, number) in procedures.iter().zip(0..) {
                            @let series = [own(*procedure), around(municipality, *procedure, "Муниципалитет"), around(region, *procedure, "Регион")];
                            (trend(&format!("year-{number}"), &dictionary.procedure_name(*procedure), years, &series, line, &breaks(*procedure)))
                        }
                    }
                }
            }
        }
    }

    fn around(&self, node: Option<NodeId>, procedure: Procedure, year: u16) -> Option<f64> {
        let same = |cell: &&Cell| cell.procedure == procedure && cell.year == year;
        let inside = |cell: &&Cell| super::territory::within(self.dataset, node, cell.organisation);
        let (failed, judged) = together(self.dataset.cells.all().iter().filter(same).filter(inside));
        Share::new(failed, judged).map(Share::percent)
    }

    /// How sure each share is: beside the rule, never instead of it.
    fn certainty(&self) -> Markup {
        let Some(threshold) = line(&self.chosen.pack.pack) else { return html! {} };
        let catalog = self.state.results.catalog();
        let rows = certainty(catalog, self.dataset, &self.chosen.pack.pack, self.id, self.chosen.year);
        html! {
            @if !rows.is_empty() {
                section {
                    h2 #certainty { "Насколько это надёжно" }
                    p {
                        "Вывод делается по правилу методики. Здесь показано, с какой вероятностью настоящая доля не ниже "
                        (percent(threshold.percent())) ": в маленьком классе её меняют один-два ученика."
                    }
                    div.table-scroll tabindex="0" role="region" aria-labelledby="certainty" {
                        table {
                            thead { tr {
                                th scope="col" { "Процедура" } th scope="col" { "Не справились" } th scope="col" { "Вероятность" }
                                th scope="col" { "Словами" }
                            } }
                            tbody {
                                @for one in &rows {
                                    tr {
                                        th scope="row" { (catalog.dictionary.procedure_name(one.procedure)) }
                                        td { (one.failed) " из " (one.judged) }
                                        td { (percent(one.probability * 100.0)) }
                                        td { (one.word) @if one.small { span.badge { "мало участников" } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Declared numbers of the year, such as the social passport.
    fn declared(&self) -> Markup {
        let dictionary = &self.state.results.catalog().dictionary;
        let own: Vec<_> = self
            .dataset
            .aggregates
            .iter()
            .filter(|number| number.organisation == self.id && number.year == self.chosen.year)
            .collect();
        html! {
            @if !own.is_empty() {
                section {
                    h2 #context { "Условия: социальный паспорт и другие показатели" }
                    div.table-scroll tabindex="0" role="region" aria-labelledby="context" {
                        table {
                            thead { tr { th scope="col" { "Показатель" } th scope="col" { "Число" } th scope="col" { "Доля" } } }
                            tbody {
                                @for number in &own {
                                    tr {
                                        th scope="row" { (dictionary.indicators.get(&number.indicator).map_or("показатель", |known| known.entry.name.as_str())) }
                                        td { (number.part) @if let Some(whole) = number.whole { " из " (whole) } }
                                        td { @if let Some(share) = number.share() { (percent(share.percent())) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn events(events: &[Event], dataset: &Dataset) -> Markup {
    html! {
        @if !events.is_empty() {
            section aria-labelledby="events" {
                h2 #events { "История школы" }
                ul {
                    @for event in events {
                        li {
                            (words::date(event.date)) " — "
                            @match &event.kind {
                                EventKind::Opened => "открыта",
                                EventKind::Renamed { former } => { "переименована, прежнее название: " (former) },
                                EventKind::MergedInto(into) => { "присоединена к школе " a href={ "/schools/" (into.0) } { (dataset.school_name(*into)) } },
                                EventKind::Closed => "закрыта",
                            }
                        }
                    }
                }
            }
        }
    }
}
