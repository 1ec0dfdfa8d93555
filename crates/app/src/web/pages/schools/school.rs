//! Why did this school get its verdict, and how sure is it?

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::{Aggregate, Cell, OrganisationId, Procedure, Share};
use opora_methodology::{Explanation, Run, Truth, Verdict, explain};
use opora_registry::{Event, EventKind, NodeId, Organisation};

use super::territory::category_chip;
use super::{Wanted, context, markers};
use crate::usecases::results::certainty::{Together, certainty, line, together};
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::identify;
use crate::usecases::results::insight::context::{Expected, WhyNot};
use crate::usecases::results::insight::markers::RegionMarkers;
use crate::usecases::results::list::listed;
use crate::usecases::results::shown::{Sum, WITHHELD};
use crate::web::components::charts::{Chart, ChartFiles, Series, StackedBar, percent, stacked_bars, trend};
use crate::web::components::layout::{Section, page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::pages::{assignments, diagnosis};
use crate::web::results::{Chosen, Prepared};
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
    let view = View::of(&state, id, &wanted).await?;
    let (id, registry) = (view.id, &view.dataset.registry.registry);
    let known = registry.get(id).ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))?;
    let judged = state.results.run(&view.dataset, &view.chosen, None).await?;
    let catalog = state.results.catalog();
    let verdict = judged.run().of(id);
    let source = |origin| view.dataset.source(id, origin);
    let told =
        verdict.map(|verdict| explain(judged.run().pack(), &catalog.dictionary, registry, verdict, &source));
    let municipality = registry.node(known.municipality);
    let content = html! {
        nav.breadcrumbs aria-label="Путь" {
            a href=(address("/schools", &view.pairs())) { "Все школы" }
            @for node in [registry.region_of(id).and_then(|id| registry.node(id)), municipality].into_iter().flatten() {
                @if ui.may(Right::SeeResults, Place::Node(node.id)) { a href=(address("/schools", &view.pairs_at(node.id))) { (node.name) } }
                @else { span { (node.name) } }
            }
        }
        div.page-head {
            div {
                h1 { (known.name) }
                p { (about(known)) (view.chosen.year) " год" }
                (diagnosis::links(&ui, id))
            }
        }
        (super::choice(&format!("/schools/{}", id.0), None, &view.chosen, &view.dataset, catalog))
        (view.verdict(judged.run(), verdict, told.as_ref()))
        (view.marks())
        (view.trends())
        (view.certainty())
        (view.declared())
        (view.beside())
        (assignments::card(&state, &ui, id).await?)
        (events(registry.events_of(id), &view.dataset))
    };
    Ok(page(&ui, &known.name, Section::Schools, &content))
}

/// Kind and place of a school, where the registry knows them.
fn about(known: &Organisation) -> String {
    let rural = if known.rural == Some(true) { "сельская" } else { "" };
    [known.kind.as_str(), rural]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| format!("{word} · "))
        .collect()
}

/// `GET /schools/{id}/charts/{file}`: a picture of the page as a file.
pub async fn chart_file(
    State(state): State<AppState>,
    Path((id, file)): Path<(u32, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    let view = View::of(&state, id, &wanted).await?;
    let school = view.dataset.school_name(view.id);
    let source = super::source_of(&view.dataset, &view.chosen, state.results.catalog());
    let charts = view.charts();
    let chart = charts
        .iter()
        .find(|chart| chart.id == name)
        .map(|chart| Chart { caption: format!("{school}. {}", chart.caption), ..chart.clone() });
    download::chart(form, chart.as_ref(), &source).await
}

struct View<'a> {
    id: OrganisationId,
    state: &'a AppState,
    dataset: Arc<Dataset>,
    chosen: Chosen,
    prepared: Arc<Prepared>,
    /// Results of the school, in order.
    own: Vec<Cell>,
    expected: Option<Arc<Result<Expected, WhyNot>>>,
    /// Possible markers, when asked for.
    markers: Option<Arc<RegionMarkers>>,
}

impl<'a> View<'a> {
    async fn of(state: &'a AppState, id: u32, wanted: &Wanted) -> Result<Self, WebError> {
        let (id, results) = (OrganisationId(id), &state.results);
        let dataset = results.dataset().await?;
        let registry = &dataset.registry.registry;
        registry.get(id).ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))?;
        let chosen = results.choose(&dataset, wanted.pack.as_deref(), wanted.year)?;
        let prepared = results.prepared(&dataset).await?;
        let region = registry.region_of(id);
        let expected = match region {
            Some(region) => Some(results.expected(&dataset, &chosen, region).await?),
            None => None,
        };
        let markers = match region {
            Some(region) if wanted.markers == Some(1) => {
                Some(results.markers(&dataset, region, chosen.year).await?)
            }
            _ => None,
        };
        let own = dataset.cells.of(id).to_vec();
        Ok(Self { id, state, dataset, chosen, prepared, own, expected, markers })
    }
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

    /// Where the pictures can be had as files.
    fn files(&self) -> ChartFiles {
        let mut query = self.pairs();
        query.extend(self.markers.is_some().then(|| ("markers", "1".to_owned())));
        ChartFiles { path: format!("/schools/{}/charts", self.id.0), query }
    }

    /// The pictures of the page; what they show is what may be shown.
    fn charts(&self) -> Vec<Chart> {
        let looked = self.markers.as_ref().and_then(|found| found.of(self.id));
        let catalog = self.state.results.catalog();
        let markers = looked.map(|looked| {
            markers::charts(catalog, looked, self.chosen.year, &|procedure| self.shows(procedure))
        });
        self.bars().into_iter().chain(self.lines()).chain(markers.into_iter().flatten()).collect()
    }

    /// The results of a procedure of the year may be shown.
    fn shows(&self, procedure: Procedure) -> bool {
        self.prepared.shown.is_shown(self.id, procedure, self.chosen.year)
    }

    /// What stands beside the rule: the result in its circumstances and, when asked for, possible markers.
    fn beside(&self) -> Markup {
        let Some(expected) = &self.expected else { return html! {} };
        let (path, year) = (format!("/schools/{}", self.id.0), self.chosen.year);
        let hidden = self.of_year().any(|cell| !self.prepared.shown.shows(cell));
        let markers = match &self.markers {
            Some(found) => {
                let shows = |procedure| self.shows(procedure);
                let asked = markers::Asked {
                    year,
                    hide: &address(&path, &self.pairs()),
                    files: &self.files(),
                    shows: &shows,
                };
                markers::section(self.state.results.catalog(), found, found.of(self.id), &asked)
            }
            None => {
                let mut pairs = self.pairs();
                pairs.push(("markers", "1".to_owned()));
                markers::invitation(&address(&path, &pairs))
            }
        };
        html! { (context::of_school(expected, self.id, hidden)) (markers) }
    }

    fn verdict(&self, run: &Run, verdict: Option<&Verdict>, told: Option<&Explanation>) -> Markup {
        let (Some(verdict), Some(told)) = (verdict, told) else {
            let registry = &self.dataset.registry.registry;
            return html! { p.notice.warning { (identify::why_not_judged(registry, self.id, self.chosen.year)) } };
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

    fn of_year(&self) -> impl Iterator<Item = &Cell> {
        self.own.iter().filter(|cell| cell.year == self.chosen.year)
    }

    /// Marks, and the minimum where there are none, of what may be shown.
    fn bars(&self) -> Vec<Chart> {
        let dictionary = &self.state.results.catalog().dictionary;
        let line_percent = line(&self.chosen.pack.pack).map(Share::percent);
        let shown = || self.of_year().filter(|cell| self.prepared.shown.shows(cell));
        let bar = |cell: &Cell, marks| StackedBar {
            name: dictionary.procedure_name(cell.procedure),
            marks,
            line_percent,
        };
        let marked: Vec<StackedBar> = shown()
            .filter(|cell| cell.marks.iter().any(|count| *count > 0))
            .map(|cell| bar(cell, cell.marks))
            .collect();
        let passed: Vec<StackedBar> = shown()
            .filter(|cell| cell.below_minimum + cell.at_minimum > 0)
            .map(|cell| bar(cell, [cell.below_minimum, 0, 0, cell.at_minimum]))
            .collect();
        let marks = (!marked.is_empty()).then(|| {
            let words = ["«2»", "«3»", "«4»", "«5»"];
            stacked_bars("marks-bars", "Отметки «2», «3», «4», «5», доля участников", &marked, words)
        });
        let minimum = (!passed.is_empty()).then(|| {
            let words = ["ниже минимума", "", "", "минимум набран"];
            stacked_bars("minimum-bars", "Минимальный балл, доля участников", &passed, words)
        });
        marks.into_iter().chain(minimum).collect()
    }

    fn marks(&self) -> Markup {
        let (bars, files) = (self.bars(), self.files());
        let hidden: Vec<String> = self
            .of_year()
            .filter(|cell| !self.prepared.shown.shows(cell))
            .map(|cell| self.state.results.catalog().dictionary.procedure_name(cell.procedure))
            .collect();
        html! {
            section aria-labelledby="marks" {
                h2 #marks { "Отметки за " (self.chosen.year) " год" }
                @if self.of_year().next().is_none() { p { "Результатов этого года нет." } }
                @for chart in &bars { (chart.figure(&files)) }
                @if !hidden.is_empty() {
                    p.small.muted {
                        "Скрыто: " (hidden.join("; ")) ". Участников меньше " (self.prepared.shown.pupils_min)
                        " или по этому числу можно вычислить результат другого маленького класса. Вывод сделан с учётом всех результатов."
                    }
                }
            }
        }
    }

    /// Procedures of the longest rows of years beside the municipality and the region.
    fn lines(&self) -> Vec<Chart> {
        let dictionary = &self.state.results.catalog().dictionary;
        let registry = &self.dataset.registry.registry;
        let years = self.dataset.years();
        if years.len() < 2 {
            return Vec::new();
        }
        let mut procedures: Vec<Procedure> = self.own.iter().map(|cell| cell.procedure).collect();
        procedures.dedup();
        procedures.sort_by_key(|procedure| {
            let years = self.own.iter().filter(|cell| cell.procedure == *procedure).count();
            (std::cmp::Reverse(years), procedure.packed())
        });
        procedures.truncate(PICTURES);
        procedures.sort();
        let municipality = registry.get(self.id).map(|school| school.municipality);
        let region = registry.region_of(self.id);
        let line = line(&self.chosen.pack.pack).map(Share::percent);
        let one = |(procedure, number): (&Procedure, usize)| {
            let series = [
                self.own_line(*procedure),
                self.around(municipality, *procedure, "Муниципалитет"),
                self.around(region, *procedure, "Регион"),
            ];
            let autumn = |year: &u16| dictionary.held_in_autumn(procedure.kind, *year);
            let breaks: Vec<u16> = years.iter().copied().filter(autumn).collect();
            let caption = dictionary.procedure_name(*procedure);
            trend(&format!("year-{number}"), &caption, years, &series, line, &breaks)
        };
        procedures.iter().zip(0..).map(one).collect()
    }

    fn own_line(&self, procedure: Procedure) -> Series {
        let shown = |year: u16| self.prepared.shown.is_shown(self.id, procedure, year);
        let value = |year: &u16| {
            let cell = self.own.iter().find(|c| c.procedure == procedure && c.year == *year);
            cell.filter(|_| shown(*year)).and_then(Cell::failed_share).map(Share::percent)
        };
        let years = self.dataset.years();
        let withheld = years.iter().copied().filter(|year| !shown(*year)).collect();
        Series {
            name: "Школа".to_owned(), values: years.iter().map(value).collect(), main: true, withheld
        }
    }

    fn around(&self, node: Option<NodeId>, procedure: Procedure, name: &str) -> Series {
        let years = self.dataset.years();
        let sum = |year: &u16| {
            node.map_or(Sum::Nothing, |node| self.prepared.shown.sum(Some(node), procedure, *year))
        };
        Series {
            name: name.to_owned(),
            values: years.iter().map(|year| sum(year).failed_share().map(Share::percent)).collect(),
            main: false,
            withheld: years.iter().copied().filter(|year| sum(year) == Sum::Withheld).collect(),
        }
    }

    fn trends(&self) -> Markup {
        let (lines, files) = (self.lines(), self.files());
        html! {
            @if !lines.is_empty() {
                section aria-labelledby="years" {
                    h2 #years { "Не справились, по годам" }
                    div.small-multiples { @for chart in &lines { (chart.figure(&files)) } }
                }
            }
        }
    }

    /// How sure each share is: beside the rule, never instead of it.
    fn certainty(&self) -> Markup {
        let Some(threshold) = line(&self.chosen.pack.pack) else { return html! {} };
        let catalog = self.state.results.catalog();
        let rows = certainty(catalog, &self.dataset, &self.chosen.pack.pack, self.id, self.chosen.year);
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
                                        @if self.shows(one.procedure) {
                                            td { (one.failed) " из " (one.judged) }
                                            td { (percent(one.probability * 100.0)) }
                                        } @else { td { (WITHHELD) } td { (WITHHELD) } }
                                        td { (one.word) @if one.small { span.badge { "мало участников" } } }
                                    }
                                }
                            }
                        }
                    }
                    (self.together())
                }
            }
        }
    }

    /// How sure each criterion is, where it looks at several procedures.
    fn together(&self) -> Markup {
        let catalog = self.state.results.catalog();
        let told = together(catalog, &self.dataset, &self.chosen.pack.pack, self.id, self.chosen.year);
        let shown = |one: &Together| {
            one.chance.as_ref().is_ok_and(|chance| chance.procedures.iter().any(|seen| !self.shows(*seen)))
        };
        html! {
            h3 { "По критериям методики" }
            ul {
                @for one in &told {
                    li {
                        strong { (one.criterion) ". " (one.name) } " – "
                        @if shown(one) { (WITHHELD) } @else { (one.words()) } "."
                    }
                }
            }
            p.small.muted {
                "Все предметы пишут одни и те же ученики, поэтому результаты связаны. Насколько – не известно: две границы верны при любой связи."
            }
        }
    }

    /// Declared numbers of the year, such as the social passport.
    fn declared(&self) -> Markup {
        let dictionary = &self.state.results.catalog().dictionary;
        let own: Vec<_> =
            self.dataset.declared(self.id).filter(|number| number.year == self.chosen.year).collect();
        // A part of a whole counts people or families; a bare number may be kilometres.
        let few = |number: &Aggregate| {
            number.whole.is_some() && number.part > 0 && number.part < self.prepared.shown.pupils_min
        };
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
                                        @if few(number) { td { (WITHHELD) } td { (WITHHELD) } } @else {
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
