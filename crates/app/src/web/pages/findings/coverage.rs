//! Which activities cover each of the nine components of the management cycle?

use maud::{Markup, html};

use crate::web::assets::icon;
use crate::web::state::LoadedPlan;

/// Activities named in a row of the table; the rest is told as a number.
const NAMED: usize = 12;

/// The table for the regional report; it can be copied into a spreadsheet.
pub fn table(plan: &LoadedPlan) -> Markup {
    let covered = plan.report.coverage.iter().filter(|component| !component.is_missing()).count();
    html! {
        section.card.coverage {
            div.card-head {
                div {
                    h2 #coverage { "Управленческий цикл" }
                    p.muted.small { "Охвачено компонентов: " (covered) " из " (plan.report.coverage.len()) }
                }
                button.small type="button" data-copy="coverage-table" hidden { (icon("copy")) "Скопировать таблицу" }
            }
            div.table-scroll.flat tabindex="0" role="region" aria-label="Охват управленческого цикла" {
                table.folds #coverage-table {
                    thead { tr { th scope="col" { "Компонент" } th scope="col" { "Охват" } th scope="col" { "Мероприятия и другие места" } } }
                    tbody {
                        @for component in &plan.report.coverage {
                            tr {
                                th scope="row" {
                                    (component.component.number()) ". " (component.component.russian())
                                    span.muted.small.hint { (component.component.hint()) }
                                }
                                td data-label="Охват" {
                                    @if component.is_missing() {
                                        span.badge.warning { (icon("triangle-alert")) "нет" }
                                    } @else {
                                        span.badge.good { (icon("check")) "есть" }
                                    }
                                }
                                td data-label="Мероприятия и другие места" { (places(plan, component)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn places(plan: &LoadedPlan, component: &opora_checks::ComponentCoverage) -> Markup {
    let named: Vec<_> =
        component.matches.iter().filter_map(|found| Some((found, plan.activity(found.activity)?))).collect();
    html! {
        @if component.is_missing() { span.muted { "ничего не найдено" } }
        @for (index, (found, activity)) in named.iter().take(NAMED).enumerate() {
            @if index > 0 { ", " }
            a href={ "/plans/" (plan.id) "/activities/" (activity.key.0) }
                title={ (activity.title) " (слова: " (found.words.join(", ")) ")" } {
                @match &activity.number {
                    Some(number) => (number),
                    None => (crate::usecases::edit_save::shortened(&activity.title)),
                }
            }
        }
        @if named.len() > NAMED { " и ещё " (named.len() - NAMED) }
        @for text in component.texts.iter().take(3) {
            p.muted.small { "«" (crate::usecases::edit_save::shortened(&text.text)) "», " (text.place) }
        }
    }
}
