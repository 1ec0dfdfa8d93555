//! How do the things of a plan lie in time?

mod chart;
mod execution;

pub use execution::{ExecutionRow, execution_chart, swatch};

use axum::extract::{Path, RawQuery, State};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_cycle::vocabulary::ActivityKey;
use opora_schedule::Period;

use crate::web::components::empty::empty;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::pages::plan::{FilterBar, state_badge};
use crate::web::shown::{Shown, Wish, kept};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{Parameter, address, pairs, value};
use crate::web::views::agenda::{Agenda, Item, agenda};
use crate::web::views::facets::{Labels, narrow};
use crate::web::views::filter::Filter;
use crate::web::views::gantt::{Gantt, Zoom, gantt};
use crate::web::views::plan::marks;
use crate::web::words;

/// Stretches of one activity named in the table; the rest is counted.
const STRETCHES_NAMED: usize = 4;

/// `GET /plans/{id}/timeline`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Markup, WebError> {
    let shown = Shown::read(&state, id, query.as_deref(), |_| Wish::InForce).await?;
    let content = content(&shown.plan, query.as_deref(), ui.today);
    if ui.partial {
        return Ok(content);
    }
    Ok(plan_page(&ui, &shown.plan, PlanTab::Timeline, &html! { (shown.notice(&ui)) (content) }))
}

/// The element `#view` of the page for a query string.
pub fn content(plan: &LoadedPlan, query: Option<&str>, today: Date) -> Markup {
    let pairs = pairs(query);
    let filter = Filter::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let wanted = value(&pairs, "zoom");
    let zoom = Zoom::ALL.into_iter().find(|zoom| Some(zoom.slug()) == wanted).unwrap_or_default();
    let agenda = agenda(&plan.order, today);
    let narrowed = narrow(&agenda, &filter);
    let chart = gantt(&agenda, &narrowed.kept, zoom, today);
    let (path, base) = (format!("/plans/{}/timeline", plan.id), format!("/plans/{}", plan.id));
    let version: Vec<Parameter> = kept(query).into_iter().collect();
    let mut shown = version.clone();
    if zoom != Zoom::default() {
        shown.push(("zoom", zoom.slug().to_owned()));
    }
    let marks = marks(&filter, &Labels::of(&agenda));
    let bar = FilterBar {
        path: &path,
        kept: &shown,
        filter: &filter,
        facets: &narrowed.facets,
        marks: &marks,
        matched: narrowed.kept.len(),
        total: agenda.items.len(),
    };
    html! {
        div #view {
            (bar.draw())
            @if chart.lanes.is_empty() {
                (empty("list-filter", "Показывать нечего", "Под условия отбора не подходит ни одно мероприятие.",
                    &html! { a.button href=(address(&path, &version)) { "Показать все мероприятия" } }))
            } @else {
                div.view-head {
                    h2.view-status {
                        (words::count(chart.lanes.len(), words::ACTIVITIES)) ", " (words::period(&chart.period))
                    }
                    (zooms(&path, &version, &filter, &chart, zoom))
                }
                @if chart::is_too_wide(&chart) {
                    p.print-only.small { "В этом масштабе лента шире листа, поэтому напечатана таблицей. Лентой печатается масштаб «Весь период»." }
                }
                (chart::draw((&base, &version), plan.plan().map_or(&[][..], |plan| &plan.sections), &chart))
                (chart::legend())
                (table((&base, &version), &agenda, &narrowed.kept, &chart))
            }
        }
    }
}

/// The address of a plan, and the parameter of the version that its links keep.
type PlanLink<'a> = (&'a str, &'a [Parameter]);

fn activity_link((base, version): PlanLink<'_>, key: ActivityKey) -> String {
    address(&format!("{base}/activities/{}", key.0), version)
}

fn zooms(path: &str, version: &[Parameter], filter: &Filter, chart: &Gantt<'_>, now: Zoom) -> Markup {
    if chart.zooms.len() < 2 {
        return Markup::default();
    }
    let link = |zoom: Zoom| {
        let mut pairs = version.to_vec();
        pairs.extend(filter.pairs());
        if zoom != Zoom::default() {
            pairs.push(("zoom", zoom.slug().to_owned()));
        }
        address(path, &pairs)
    };
    html! {
        nav.segments.no-print aria-label="Масштаб" {
            ul {
                @for zoom in &chart.zooms {
                    li { a href=(link(*zoom)) aria-current=[(*zoom == now).then_some("true")] { (zoom.russian()) } }
                }
            }
        }
    }
}

/// The data of the chart in words.
fn table(plan: PlanLink<'_>, agenda: &Agenda<'_>, kept: &[usize], chart: &Gantt<'_>) -> Markup {
    html! {
        details.disclosure.chart-data.printed[chart::is_too_wide(chart)] {
            summary { "Те же данные таблицей" }
            div.table-scroll tabindex="0" role="region" aria-label="Сроки мероприятий" {
                table {
                    thead {
                        tr {
                            th scope="col" { "№" }
                            th scope="col" { "Мероприятие" }
                            th scope="col" { "Срок в документе" }
                            th scope="col" { "Дни" }
                            th scope="col" { "Состояние" }
                        }
                    }
                    tbody {
                        @for (item, lane) in kept.iter().filter_map(|&at| agenda.items.get(at)).zip(&chart.lanes) {
                            tr {
                                td.numeric { (item.activity.number.as_deref().unwrap_or("")) }
                                th scope="row" {
                                    a.plain href=(activity_link(plan, item.activity.key)) { (item.activity.title) }
                                }
                                td { (item.activity.schedule.text) }
                                td {
                                    (days(item))
                                    @if lane.beyond { span.muted { " (не помещается на шкалу)" } }
                                }
                                td { (state_badge(item.state)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The days of an activity in words, many of them only counted.
pub fn days(item: &Item<'_>) -> String {
    if item.spans.is_empty() {
        return "—".into();
    }
    let named = item.spans.iter().take(STRETCHES_NAMED);
    let mut text: Vec<String> =
        named.map(|s| words::period(&Period { start: s.start, end: s.end })).collect();
    let rest = item.spans.len().saturating_sub(STRETCHES_NAMED);
    if rest > 0 {
        text.push(format!("и ещё {rest}"));
    }
    text.join("; ")
}
