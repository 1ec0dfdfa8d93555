//! What if somebody else has changed the same thing meanwhile? Both texts, and nothing is lost.

use maud::{Markup, html};
use opora_cycle::vocabulary::Order;

use super::target::Target;
use super::view::Typed;
use crate::usecases::edit::Text;
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::state::LoadedPlan;
use crate::web::ui::Ui;

/// A field with two texts.
struct Row {
    /// Name in the form.
    name: String,
    label: String,
    /// The text that stands now.
    now: String,
    /// The text typed.
    mine: String,
}

/// The page of a conflict: the plan now is `current`, version `version`.
pub fn page(ui: &Ui, plan: &LoadedPlan, current: &Order, version: i32, typed: &Typed) -> Markup {
    let rows = rows(current, typed);
    let back = format!("/plans/{}/review", plan.id);
    let at = match typed.target.key() {
        Some(key) => format!("?at={0}#activity-{0}", key.0),
        None => format!("#{}", typed.target.element()),
    };
    let content = html! {
        div.notice.warning role="alert" {
            (icon("triangle-alert"))
            div {
                p.notice-title { "Пока вы правили, это же место изменили" }
                p { "Сейчас действует версия " (version) ". Ваш текст не потерян: сравните и решите, какой оставить." }
            }
        }
        form.card.conflict method="post" action=(back) data-guard {
            div.card-head { h2 { "Два текста" } }
            div.card-body {
                input type="hidden" name="version" value=(version);
                input type="hidden" name="target" value=(typed.target);
                @if let Some(text) = typed.unplaced() { input type="hidden" name="unplaced" value=(text); }
                @if rows.is_empty() { p { "Действие можно повторить на новой версии." } }
                @for Row { name, label, now, mine } in &rows {
                    @let differs = now.trim() != mine.trim();
                    div class={ "conflict-row" @if differs { " differs" } } {
                        div {
                            p.label { (label) ": в версии " (version) }
                            p.conflict-text { @if now.is_empty() { span.absent { "пусто" } } @else { (now) } }
                        }
                        div.field {
                            label for={ "mine-" (name) } { (label) ": ваш текст" @if differs { " " span.badge.warning { "отличается" } } }
                            textarea id={ "mine-" (name) } name=(name) rows="2" { (mine) }
                        }
                    }
                }
                div.actions {
                    button.primary type="submit" { (icon("save")) "Сохранить мой текст" }
                    a.button href={ (back) (at) } { "Оставить текст версии " (version) }
                }
            }
        }
    };
    plan_page(ui, plan, PlanTab::Review, &content)
}

/// The page for a thing that was deleted meanwhile: its texts can be added as a new one, `target`.
pub fn deleted(ui: &Ui, plan: &LoadedPlan, target: Target, typed: &Typed) -> Markup {
    let back = format!("/plans/{}/review", plan.id);
    let rows = rows(&plan.order, typed);
    let (gone, new) = match (target, typed.target) {
        (Target::AddSection(_), _) => ("этот раздел удалили", "новый раздел"),
        (_, Target::Add(_)) => ("раздел, куда добавлялось мероприятие, удалили", "новое мероприятие"),
        _ => ("это мероприятие удалили", "новое мероприятие"),
    };
    let content = html! {
        div.notice.warning role="alert" {
            (icon("triangle-alert"))
            div {
                p.notice-title { "Пока вы правили, " (gone) }
                p {
                    "В версии " (plan.version) " этого уже нет. Ваш текст не потерян: его можно добавить как " (new) ". "
                    "Прежний текст остался в " a href={ "/plans/" (plan.id) "/history" } { "истории" } "."
                }
            }
        }
        form.card.conflict method="post" action=(back) data-guard {
            div.card-head { h2 { "Ваш текст" } }
            div.card-body {
                input type="hidden" name="version" value=(plan.version);
                input type="hidden" name="target" value=(target);
                @for Row { name, label, mine, .. } in &rows {
                    div.field {
                        label for={ "mine-" (name) } { (label) }
                        textarea id={ "mine-" (name) } name=(name) rows="2" { (mine) }
                    }
                }
                div.actions {
                    button.primary type="submit" { (icon("plus")) "Добавить как " (new) }
                    a.button href=(back) { "Не добавлять" }
                }
            }
        }
    };
    plan_page(ui, plan, PlanTab::Review, &content)
}

/// Each text of the edit beside the text that stands now.
fn rows(current: &Order, typed: &Typed) -> Vec<Row> {
    let now = typed.edit.standing(current).map(|edit| edit.texts()).unwrap_or_default();
    let mine = typed.edit.texts();
    let value = |texts: &[Text], name: &str| {
        texts.iter().find(|text| text.name == name).map(|text| text.value.clone()).unwrap_or_default()
    };
    // A list may have become longer on either side.
    let longer = if now.len() > mine.len() { &now } else { &mine };
    longer
        .iter()
        .map(|text| Row {
            name: text.name.clone(),
            label: capitalised(text.label),
            now: value(&now, &text.name),
            mine: value(&mine, &text.name),
        })
        .collect()
}

fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
