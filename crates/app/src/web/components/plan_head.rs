//! What stands above every page of a plan: its name, its act and the tabs.

use maud::{Markup, html};
use opora_access::Right;

use super::layout::{Section, page};
use crate::web::assets::icon;
use crate::web::state::LoadedPlan;
use crate::web::ui::Ui;
use crate::web::words;

/// Tabs of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanTab {
    /// План.
    Plan,
    /// Лента времени.
    Timeline,
    /// Календарь.
    Calendar,
    /// Согласование.
    Approval,
    /// Выполнение.
    Work,
    /// Замечания.
    Findings,
    /// Проверка источника.
    Review,
    /// История.
    History,
}

const TABS: [(PlanTab, &str, &str, &str); 8] = [
    (PlanTab::Plan, "", "list-checks", "План"),
    (PlanTab::Timeline, "/timeline", "gantt-chart", "Лента времени"),
    (PlanTab::Calendar, "/calendar", "calendar", "Календарь"),
    (PlanTab::Approval, "/approval", "shield-check", "Согласование"),
    (PlanTab::Work, "/work", "circle-check", "Выполнение"),
    (PlanTab::Findings, "/findings", "triangle-alert", "Замечания"),
    (PlanTab::Review, "/review", "file-search", "Проверка источника"),
    (PlanTab::History, "/history", "history", "История"),
];

/// A page of a plan. The heading `h1` is the title of the plan: `content` starts with `h2`.
pub fn plan_page(ui: &Ui, plan: &LoadedPlan, tab: PlanTab, content: &Markup) -> Markup {
    let name = TABS.iter().find(|(item, ..)| *item == tab).map_or("План", |(.., name)| name);
    let title = format!("{name}: {}", plan.title());
    page(ui, &title, Section::Plans, &html! { (head(ui, plan, tab)) (content) })
}

fn head(ui: &Ui, plan: &LoadedPlan, tab: PlanTab) -> Markup {
    let order = &plan.order;
    let counts = plan.level_counts();
    let edits = ui.may(Right::EditPlans, plan.owner);
    let tabs = TABS.into_iter().filter(|(item, ..)| edits || *item != PlanTab::Review);
    html! {
        div.plan-head {
            nav.breadcrumbs aria-label="Путь" { a href="/plans" { "Планы" } }
            h1 { (plan.title()) }
            ul.meta {
                @if let Some(line) = plan.act_line() { li { (icon("scroll-text")) (line) } }
                @if let Some(authority) = &order.act.authority { li { (icon("school")) (authority) } }
                @if let Some(period) = plan.plan().and_then(|plan| plan.period) {
                    li { (icon("calendar")) (words::period(&period)) }
                }
                li { (icon("list-checks")) (words::count(plan.activity_count(), words::ACTIVITIES)) }
                li { (icon("layers")) "версия " (plan.version) }
                @if plan.archived { li { span.badge.note { (icon("archive")) "в архиве" } } }
            }
            nav.tabs aria-label="Разделы плана" {
                ul {
                    @for (item, path, picture, name) in tabs {
                        li {
                            a href={ "/plans/" (plan.id) (path) } aria-current=[(item == tab).then_some("page")] {
                                (icon(picture)) (name)
                                @if item == PlanTab::Findings && counts.total() > 0 {
                                    span.count class=[(counts.errors > 0).then_some("error")] {
                                        span.visually-hidden { ": " }
                                        (counts.total())
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
