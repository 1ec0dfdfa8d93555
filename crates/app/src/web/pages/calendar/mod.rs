//! What falls on which day, in one plan or in all?

mod grid;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::digest::Digest;
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::plan::FilterBar;
use crate::web::shown::{Shown, Wish, kept};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{Parameter, address, pairs, value};
use crate::web::views::agenda::{Item, agenda};
use crate::web::views::facets::{Labels, narrow};
use crate::web::views::filter::{FacetName, Filter, Month};
use crate::web::views::month::{Owned, due_by_month, month_grid, opening_month};
use crate::web::views::plan::marks;
use crate::web::views::words::month_short;
use crate::web::words;
use grid::CalendarView;
pub use grid::{List, PlanName};

/// `GET /plans/{id}/calendar?month=2021-04`.
pub async fn of_plan(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
) -> Result<Markup, WebError> {
    let shown = Shown::read(&state, id, query.as_deref(), |_| Wish::InForce).await?;
    let content = plan_content(&shown.plan, query.as_deref(), ui.today, origin.as_deref());
    if ui.partial {
        return Ok(content);
    }
    Ok(plan_page(&ui, &shown.plan, PlanTab::Calendar, &html! { (shown.notice(&ui)) (content) }))
}

/// `GET /calendar?month=2021-04`: all plans outside the archive.
pub async fn of_all(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
) -> Result<Markup, WebError> {
    let mut plans: Vec<(PlanName, Arc<Digest>)> = Vec::new();
    for plan in actor.standings(&state).await?.iter().filter(|plan| !plan.summary.archived) {
        plans.push((PlanName::of(&plan.summary), state.digest(plan, ui.today).await?));
    }
    let content = html! {
        div.page-head {
            div {
                h1 { "Календарь" }
                p { "Сроки всех планов, кроме архивных, по действующим версиям." }
            }
        }
        (all_content(&plans, query.as_deref(), ui.today, origin.as_deref()))
    };
    Ok(page(&ui, "Календарь", Section::Calendar, &content))
}

/// The element `#view` of a plan's calendar.
pub fn plan_content(plan: &LoadedPlan, query: Option<&str>, today: Date, origin: Option<&str>) -> Markup {
    let pairs = pairs(query);
    // Here `month` is the month shown, not a filter.
    let asked = pairs.iter().filter(|(name, _)| name != FacetName::Month.parameter());
    let filter = Filter::from_pairs(asked.map(|(name, value)| (name.as_str(), value.as_str())));
    let agenda = agenda(&plan.order, today);
    let mut narrowed = narrow(&agenda, &filter);
    narrowed.facets.retain(|facet| facet.name != FacetName::Month);
    let matched = narrowed.kept.iter().filter_map(|&at| agenda.items.get(at));
    let items: Vec<Owned<'_>> = matched.map(|item| Owned { plan: 0, item }).collect();
    let month = value(&pairs, "month").and_then(Month::parse).unwrap_or_else(|| opening_month(&items, today));
    let path = format!("/plans/{}/calendar", plan.id);
    let marks = marks(&filter, &Labels::of(&agenda));
    let version: Vec<Parameter> = kept(query).into_iter().collect();
    let shown = [version.as_slice(), &[("month", month.to_string())]].concat();
    let bar = FilterBar {
        path: &path,
        kept: &shown,
        filter: &filter,
        facets: &narrowed.facets,
        marks: &marks,
        matched: narrowed.kept.len(),
        total: agenda.items.len(),
    };
    let name = PlanName { base: format!("/plans/{}", plan.id), title: None, version: version.clone() };
    let pages = Pages { path: &path, version: &version, filter: &filter, month, today };
    html! {
        div #view {
            (bar.draw())
            (pages.draw(&items))
            (CalendarView { plans: &[&name], grid: &month_grid(month, &items, today), bounded: None }.draw())
            (subscribe(&format!("/plans/{}/calendar.ics", plan.id), origin))
        }
    }
}

/// The element `#view` of the calendar of all plans. A month of hundreds of plans is bounded: what is too much for the
/// page is a list of its own.
pub fn all_content(
    plans: &[(PlanName, Arc<Digest>)],
    query: Option<&str>,
    today: Date,
    origin: Option<&str>,
) -> Markup {
    let pairs = pairs(query);
    let month = value(&pairs, "month").and_then(Month::parse).unwrap_or(Month::of(today));
    let each = plans.iter().enumerate();
    let kept: Vec<(usize, Item<'_>)> =
        each.flat_map(|(plan, (_, digest))| digest.items(today).map(move |item| (plan, item))).collect();
    let items: Vec<Owned<'_>> = kept.iter().map(|(plan, item)| Owned { plan: *plan, item }).collect();
    let names: Vec<&PlanName> = plans.iter().map(|(name, _)| name).collect();
    let grid = month_grid(month, &items, today);
    let filter = Filter::default();
    let pages = Pages { path: "/calendar", version: &[], filter: &filter, month, today };
    let view = CalendarView { plans: &names, grid: &grid, bounded: Some("/calendar") };
    let list = value(&pairs, "list").and_then(List::parse);
    let page = value(&pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    html! {
        div #view {
            (pages.draw(&items))
            @match list {
                Some(list) => { (view.list(list, page)) }
                None => { (view.draw()) (subscribe("/calendar.ics", origin)) }
            }
        }
    }
}

/// The way to other months.
struct Pages<'a> {
    path: &'a str,
    version: &'a [Parameter],
    filter: &'a Filter,
    month: Month,
    today: Date,
}

impl Pages<'_> {
    fn link(&self, month: Month) -> String {
        let mut pairs = self.version.to_vec();
        pairs.push(("month", month.to_string()));
        pairs.extend(self.filter.pairs());
        address(self.path, &pairs)
    }

    fn draw(&self, items: &[Owned<'_>]) -> Markup {
        let due = due_by_month(items, self.month.year);
        html! {
            div.view-head.month-head {
                h2.view-status { (self.month.russian()) }
                nav.month-steps.no-print aria-label="Соседние месяцы" {
                    a.button.icon-button href=(self.link(self.month.previous())) rel="prev"
                        aria-label={ "Предыдущий месяц, " (self.month.previous().russian()) } { (icon("chevron-left")) }
                    a.button href=(self.link(Month::of(self.today))) { "Сегодня" }
                    a.button.icon-button href=(self.link(self.month.next())) rel="next"
                        aria-label={ "Следующий месяц, " (self.month.next().russian()) } { (icon("chevron-right")) }
                }
            }
            nav.year-rail.no-print aria-label={ "Месяцы " (self.month.year) " года, сроков в каждом" } {
                ul {
                    li { (self.year(-1)) }
                    @for (month, count) in (1_i8..=12).zip(due) {
                        @let other = Month { month, ..self.month };
                        li {
                            a href=(self.link(other)) aria-current=[(other == self.month).then_some("page")] {
                                span { (month_short(month)) }
                                @if count > 0 {
                                    span.rail-count { (count) span.visually-hidden { " " (words::plural(count, DEADLINES)) } }
                                } @else {
                                    span.rail-count aria-hidden="true" { "·" }
                                }
                            }
                        }
                    }
                    li { (self.year(1)) }
                }
            }
        }
    }

    fn year(&self, step: i16) -> Markup {
        let other = Month { year: self.month.year + step, ..self.month };
        html! { a.rail-year href=(self.link(other)) { (other.year) } }
    }
}

const DEADLINES: [&str; 3] = ["срок", "срока", "сроков"];

/// How to have the calendar in a calendar program.
fn subscribe(path: &str, origin: Option<&str>) -> Markup {
    let host = origin.and_then(|origin| origin.split_once("://")).map_or("адрес-сервера", |(_, host)| host);
    html! {
        aside.subscribe.no-print aria-label="Подписка на календарь" {
            (icon("calendar"))
            p {
                "Эти сроки можно видеть в своём календаре: "
                a href=(path) download { "скачайте файл .ics" }
                " или добавьте в программу календаря подписку по адресу "
                code { "webcal://" (host) (path) }
                ": тогда изменения плана придут сами. Если Опора спрашивает у вас пароль, личный адрес для этого даёт страница "
                a href="/account" { "«Учётная запись»" } "."
            }
        }
    }
}
