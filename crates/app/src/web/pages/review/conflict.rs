//! What if somebody else has changed the same thing meanwhile? Both texts, and nothing is lost.

use maud::{Markup, html};
use opora_cycle::vocabulary::Order;

use super::target::Target;
use super::view::Typed;
use crate::usecases::edit::{ActFields, ActivityFields, activity};
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::state::LoadedPlan;
use crate::web::ui::Ui;

/// A field: name in the form, label, the text that stands now, the text typed.
type Row = (&'static str, &'static str, String, String);

/// The page of a conflict: the plan now is `current`, version `version`.
pub fn page(ui: &Ui, plan: &LoadedPlan, current: &Order, version: i32, typed: &Typed) -> Markup {
    let rows = rows(current, typed);
    let back = format!("/plans/{}/review", plan.id);
    let at = typed.target.key().map(|key| format!("?at={0}#activity-{0}", key.0)).unwrap_or_default();
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
                @if let Some(text) = &typed.unplaced { input type="hidden" name="unplaced" value=(text); }
                @if rows.is_empty() { p { "Действие можно повторить на новой версии." } }
                @for (name, label, now, mine) in &rows {
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

/// The page for an activity that was deleted meanwhile: the texts can be added to a section as a new one.
pub fn deleted(ui: &Ui, plan: &LoadedPlan, section: usize, typed: &Typed) -> Markup {
    let back = format!("/plans/{}/review", plan.id);
    let rows = activity_rows(ActivityFields::default(), typed.activity.clone());
    let content = html! {
        div.notice.warning role="alert" {
            (icon("triangle-alert"))
            div {
                p.notice-title { "Пока вы правили, это мероприятие удалили" }
                p {
                    "В версии " (plan.version) " его уже нет. Ваш текст не потерян: его можно добавить как новое мероприятие. "
                    "Прежний текст остался в " a href={ "/plans/" (plan.id) "/history" } { "истории" } "."
                }
            }
        }
        form.card.conflict method="post" action=(back) data-guard {
            div.card-head { h2 { "Ваш текст" } }
            div.card-body {
                input type="hidden" name="version" value=(plan.version);
                input type="hidden" name="target" value=(Target::Add(section));
                @for (name, label, _, mine) in &rows {
                    div.field {
                        label for={ "mine-" (name) } { (label) }
                        textarea id={ "mine-" (name) } name=(name) rows="2" { (mine) }
                    }
                }
                div.actions {
                    button.primary type="submit" { (icon("plus")) "Добавить как новое мероприятие" }
                    a.button href=(back) { "Не добавлять" }
                }
            }
        }
    };
    plan_page(ui, plan, PlanTab::Review, &content)
}

fn rows(current: &Order, typed: &Typed) -> Vec<Row> {
    match typed.target {
        Target::Act => {
            let (now, mine) = (ActFields::of(current), typed.act.clone());
            vec![
                ("kind", "Вид", now.kind, mine.kind),
                ("number", "Номер", now.number, mine.number),
                ("date", "Дата", now.date, mine.date),
                ("authority", "Орган", now.authority, mine.authority),
                ("title", "Название", now.title, mine.title),
            ]
        }
        Target::Activity(key) => {
            let now = activity(current, key).map(ActivityFields::of).unwrap_or_default();
            activity_rows(now, typed.activity.clone())
        }
        Target::Add(_) => activity_rows(ActivityFields::default(), typed.activity.clone()),
        Target::Section(index) => {
            let section = current.plans.first().and_then(|plan| plan.sections.get(index));
            let now =
                section.map(|section| (section.number.clone().unwrap_or_default(), section.title.clone()));
            let (number, title) = now.unwrap_or_default();
            let (my_number, my_title) = typed.section.clone();
            vec![
                ("number", "Номер раздела", number, my_number),
                ("title", "Название раздела", title, my_title),
            ]
        }
        Target::Delete(_) | Target::Move(..) => Vec::new(),
    }
}

fn activity_rows(now: ActivityFields, mine: ActivityFields) -> Vec<Row> {
    vec![
        ("number", "Номер", now.number, mine.number),
        ("title", "Мероприятие", now.title, mine.title),
        ("schedule", "Срок", now.schedule, mine.schedule),
        ("responsible", "Ответственные", now.responsible, mine.responsible),
        ("outcome", "Результат", now.outcome, mine.outcome),
        ("target_group", "Целевая группа", now.target_group, mine.target_group),
    ]
}
