//! What was read around the activities: programme, indicators, criteria, participants, the plan itself?

use maud::{Markup, html};
use opora_cycle::vocabulary::{Item, SchoolRef};

use super::structure::{fact, place_link};
use super::target::Target;
use super::view::{Typed, View};
use super::{forms, remarks};
use crate::usecases::edit::{Lists, PlanFields};
use crate::web::assets::icon;
use crate::web::views::facets::school_label;
use crate::web::words;

/// The form of a target, where it is open.
fn open_form<'a>(view: &View<'a>, target: Target) -> Option<&'a Typed> {
    view.typed.filter(|typed| typed.target == target)
}

fn edit_link(view: &View<'_>, target: Target, words: &str, hidden: &str) -> Markup {
    html! {
        a.button.small.no-print href={ (view.link(&[("edit", target.to_string())])) "#" (target.element()) } {
            (icon("pencil")) (words) span.visually-hidden { (hidden) }
        }
    }
}

/// Title and period of the plan.
pub fn plan(view: &View<'_>) -> Markup {
    if let Some(typed) = open_form(view, Target::Plan) {
        return forms::plan(view, typed);
    }
    let Some(plan) = view.plan.plan() else { return html! {} };
    let fields = PlanFields::of(plan);
    let period = plan.period.map(|period| words::period(&period)).unwrap_or_default();
    html! {
        section.card.act #plan aria-labelledby="plan-head" {
            div.card-head {
                h3 #plan-head { "План" }
                (edit_link(view, Target::Plan, "Изменить", " название и период плана"))
            }
            div.card-body {
                dl.read-fields {
                    (fact("Название", &fields.title, &plan.place)) (remarks::described(view, "plan/title"))
                    (fact("Период", &period, &plan.place)) (remarks::described(view, "plan/period"))
                }
            }
        }
    }
}

/// The programme, folded.
pub fn programme(view: &View<'_>) -> Markup {
    if let Some(typed) = open_form(view, Target::Programme) {
        return forms::programme(view, typed);
    }
    let Some(programme) = &view.plan.order.programme else { return html! {} };
    html! {
        details.card.fold {
            summary { "Программа" @if let Some(name) = &programme.name { ": " span.plain { (name) } } }
            div.card-body #programme {
                @if let Some(period) = &programme.period_text { p { strong { "Период: " } (period) } }
                (items("Цели", &programme.goals)) (items("Задачи", &programme.tasks))
                (items("Ожидаемые результаты", &programme.expected_results))
                @for row in &programme.other { p { strong { (row.head) ": " } (row.text) } }
                p { (edit_link(view, Target::Programme, "Изменить", " программу")) }
            }
        }
    }
}

/// Indicators or criteria, folded.
pub fn lists(view: &View<'_>, lists: Lists) -> Markup {
    let target = Target::Lists(lists);
    if let Some(typed) = open_form(view, target) {
        return forms::lists(view, typed, lists);
    }
    let order = &view.plan.order;
    let groups: Vec<(&str, &[Item])> = match lists {
        Lists::Indicators => {
            order.indicators.iter().map(|one| (one.group.as_str(), &*one.indicators)).collect()
        }
        Lists::Criteria => order.criteria.iter().map(|one| (one.title.as_str(), &*one.indicators)).collect(),
    };
    let count: usize = groups.iter().map(|(_, items)| items.len()).sum();
    html! {
        @if !groups.is_empty() {
            details.card.fold {
                summary { (lists.russian()) ": " (words::count(count, ["показатель", "показателя", "показателей"])) }
                div.card-body id=(target) {
                    @for (title, group) in &groups {
                        h4 { @if title.is_empty() { "Показатели" } @else { (title) } }
                        (item_list(group))
                    }
                    p { (edit_link(view, target, "Изменить", if lists == Lists::Indicators { " показатели" } else { " критерии" })) }
                }
            }
        }
    }
}

fn items(title: &str, items: &[Item]) -> Markup {
    html! { @if !items.is_empty() { h4 { (title) } (item_list(items)) } }
}

fn item_list(items: &[Item]) -> Markup {
    html! {
        @if !items.is_empty() {
            ul.small { @for item in items { li { (item.text) @if !item.place.is_whole() { " " (place_link(&item.place)) } } } }
        }
    }
}

/// The schools that take part, folded.
pub fn participants(view: &View<'_>) -> Markup {
    if let Some(typed) = open_form(view, Target::Participants) {
        return forms::participants(view, typed);
    }
    let participants = &view.plan.order.participants;
    html! {
        @if !participants.schools.is_empty() || !participants.curator_schools.is_empty() {
            details.card.fold {
                summary { "Участники: " (words::count(participants.schools.len(), ["школа", "школы", "школ"])) }
                div.card-body #participants {
                    (schools("Школы, которым оказывается поддержка", &participants.schools))
                    (schools("Школы-кураторы", &participants.curator_schools))
                    p { (edit_link(view, Target::Participants, "Изменить", " участников")) }
                }
            }
        }
    }
}

fn schools(title: &str, schools: &[SchoolRef]) -> Markup {
    html! {
        @if !schools.is_empty() {
            h4 { (title) }
            ul.chips { @for school in schools { li { span.chip { (school_label(school)) } } } }
        }
    }
}

/// What the document does not have and can be given.
pub fn missing(view: &View<'_>) -> Markup {
    let order = &view.plan.order;
    let nobody = order.participants.schools.is_empty() && order.participants.curator_schools.is_empty();
    let offers = [
        (order.programme.is_none(), Target::Programme, "программу"),
        (order.indicators.is_empty(), Target::Lists(Lists::Indicators), "показатели"),
        (order.criteria.is_empty(), Target::Lists(Lists::Criteria), "критерии"),
        (nobody, Target::Participants, "участников"),
    ];
    let offered: Vec<_> =
        offers.iter().filter(|(wanted, target, _)| *wanted && open_form(view, *target).is_none()).collect();
    html! {
        @if !offered.is_empty() {
            p.add-activity.no-print {
                span.muted.small { "В документе не нашлось, можно добавить: " }
                @for (_, target, name) in offered {
                    a.button.quiet.small href={ (view.link(&[("edit", target.to_string())])) "#" (target.element()) } {
                        (icon("plus")) (name)
                    }
                }
            }
        }
    }
}
