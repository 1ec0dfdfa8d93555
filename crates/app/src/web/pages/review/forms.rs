//! How is a thing edited in place? Forms that need no JavaScript and keep what was typed.

use maud::{Markup, html};
use opora_cycle::vocabulary::{ActKind, Activity, Column};
use opora_neutral::Place;

use super::doubts::Doubt;
use super::source::anchor;
use super::structure::why;
use super::target::Target;
use super::view::{Typed, View};
use crate::usecases::edit;
use crate::web::assets::icon;
use crate::web::components::chips::schedule_chips;
use crate::web::components::field::{Field, field, source_link};

/// The act.
pub fn act(view: &View<'_>, typed: &Typed) -> Markup {
    let act = &typed.act;
    let one = |name: &'static str, label: &'static str, value: &str, width: &'static str, long: bool| {
        let id = format!("act-{name}");
        let source = source_anchor(&view.plan.order.act.place);
        let source = source.as_deref();
        field(
            &Field { name, id: &id, label, value, width, long, source, wrong: typed.wrong(name) },
            &html! {},
        )
    };
    html! {
        section.card.editing #act aria-labelledby="act-head" {
            div.card-head { h3 #act-head { "Акт: правка" } }
            (open_form(view, typed.target, &html! {
                div.fields {
                    div.field.w4 {
                        label for="act-kind" { "Вид" }
                        select #act-kind name="kind" {
                            option value="" selected[act.kind.is_empty()] { "не указан" }
                            @for kind in ActKind::ALL {
                                option value=(kind.russian()) selected[kind.russian() == act.kind] { (kind.russian()) }
                            }
                        }
                    }
                    (one("number", "Номер", &act.number, "w4", false))
                    (one("date", "Дата", &act.date, "w4", false))
                    (one("authority", "Орган", &act.authority, "w12", true))
                    (one("title", "Название", &act.title, "w12", true))
                }
                p.muted.small { "Если дата акта подсказывала год срокам без года, они будут прочитаны заново." }
                (save_or_leave(view, "#act"))
            }))
        }
    }
}

/// The title of a section.
pub fn section(view: &View<'_>, typed: &Typed, index: usize) -> Markup {
    let (number, title) = &typed.section;
    let one = |name: &'static str, label: &'static str, value: &str, width: &'static str| {
        let id = format!("section-{name}");
        let wrong = typed.wrong(name);
        field(&Field { name, id: &id, label, value, width, long: false, source: None, wrong }, &html! {})
    };
    html! {
        section.card.editing id={ "section-" (index + 1) } aria-label="Правка раздела" {
            (open_form(view, typed.target, &html! {
                div.fields { (one("number", "Номер раздела", number, "w3")) (one("title", "Название раздела", title, "w9")) }
                (save_or_leave(view, &format!("#section-{}", index + 1)))
            }))
        }
    }
}

/// An activity, new or known.
pub fn activity(view: &View<'_>, typed: &Typed, section: usize, doubts: &[Doubt]) -> Markup {
    let fields = &typed.activity;
    let known = typed.target.key();
    let own = known.map_or_else(|| format!("add-{section}"), |key| format!("activity-{}", key.0));
    let one = |name: &'static str, column: Column, label: &'static str, value: &str, width: &'static str| {
        let id = format!("edit-{name}");
        let long = !matches!(column, Column::Number);
        let source = place_of(view, typed, column);
        let shown = Field {
            name,
            id: &id,
            label,
            value,
            width,
            long,
            source: source.as_deref(),
            wrong: typed.wrong(name),
        };
        field(
            &shown,
            &html! {
                @for doubt in doubts.iter().filter(|doubt| doubt.column == column) { (why(doubt)) }
            },
        )
    };
    html! {
        section.card.editing id=(own) aria-labelledby="edit-head" {
            div.card-head { h3 #edit-head { @if known.is_some() { "Правка мероприятия" } @else { "Новое мероприятие" } } }
            (open_form(view, typed.target, &html! {
                @if let Some(text) = &typed.unplaced { input type="hidden" name="unplaced" value=(text); }
                div.fields {
                    (one("number", Column::Number, "Номер", &fields.number, "w3"))
                    (one("title", Column::Title, "Мероприятие", &fields.title, "w9"))
                    (schedule_field(view, typed, section, doubts))
                    (one("responsible", Column::Responsible, "Ответственные", &fields.responsible, "w12"))
                    (one("outcome", Column::Outcome, "Ожидаемый результат", &fields.outcome, "w12"))
                    (one("target_group", Column::TargetGroup, "Целевая группа", &fields.target_group, "w12"))
                }
                (save_or_leave(view, &format!("#{own}")))
            }))
        }
    }
}

/// The deadline with chips that show how it is understood: live with htmx, by a button without JavaScript.
fn schedule_field(view: &View<'_>, typed: &Typed, section: usize, doubts: &[Doubt]) -> Markup {
    let text = &typed.activity.schedule;
    let place = view.plan.plan().and_then(|plan| plan.sections.get(section));
    let understood = opora_schedule::parse(text.trim(), &edit::context(&view.plan.order, place));
    let preview = format!("/schedule/preview?plan={}&section={section}", view.plan.id);
    let wrong = typed.wrong("schedule");
    let source = place_of(view, typed, Column::Schedule);
    html! {
        div.field.schedule-field data-source=[source.as_deref()] {
            div.label { label for="edit-schedule" { "Срок" } (source_link("Срок", source.as_deref())) }
            textarea #edit-schedule name="schedule" rows="1" aria-describedby="schedule-chips"
                aria-invalid=[wrong.map(|_| "true")]
                hx-get=(preview) hx-trigger="input changed delay:250ms" hx-target="#schedule-chips" hx-swap="innerHTML" { (text) }
            div.understood {
                span.muted.small { "Понято так:" }
                div #schedule-chips aria-live="polite" { (schedule_chips(&understood)) }
                button.small.without-js type="submit" name="preview" value="1" { "Показать, как понято" }
            }
            @if let Some(wrong) = wrong { p.why.error { (wrong) } }
            @for doubt in doubts.iter().filter(|doubt| doubt.column == Column::Schedule) { (why(doubt)) }
        }
    }
}

/// Anchor of the cell that a field of the activity was read from.
fn place_of(view: &View<'_>, typed: &Typed, column: Column) -> Option<String> {
    let activity = typed.target.key().and_then(|key| edit::activity(&view.plan.order, key))?;
    source_anchor(&activity.place_of(column))
}

fn source_anchor(place: &Place) -> Option<String> {
    (!place.is_whole()).then(|| anchor(place))
}

/// Asks whether an activity is to be deleted.
pub fn delete(view: &View<'_>, activity: &Activity) -> Markup {
    let key = activity.key.0;
    html! {
        section.card.editing.danger id={ "activity-" (key) } aria-labelledby="delete-head" {
            div.card-head { h3 #delete-head { "Удалить мероприятие?" } }
            (open_form(view, Target::Delete(activity.key), &html! {
                p { @if let Some(number) = &activity.number { span.numeric { (number) } " " } strong { (activity.title) } }
                p.muted { "Оно исчезнет из плана, сроков и выгрузок. Прежняя версия плана сохранит его." }
                div.actions {
                    button.danger type="submit" { (icon("trash-2")) "Удалить" }
                    (leave(view, &format!("#activity-{key}"), Some(key)))
                }
            }))
        }
    }
}

fn open_form(view: &View<'_>, target: Target, content: &Markup) -> Markup {
    html! {
        form.card-body method="post" action=(view.link(&[])) data-guard[!matches!(target, Target::Delete(_))] {
            input type="hidden" name="version" value=(view.plan.version);
            input type="hidden" name="target" value=(target);
            (content)
        }
    }
}

fn save_or_leave(view: &View<'_>, anchor: &str) -> Markup {
    let at = view.typed.and_then(|typed| typed.target.key()).map(|key| key.0);
    html! {
        div.actions {
            button.primary type="submit" { (icon("save")) "Сохранить" }
            (leave(view, anchor, at))
        }
    }
}

fn leave(view: &View<'_>, anchor: &str, at: Option<u32>) -> Markup {
    let pairs: Vec<(&str, String)> = at.map(|key| ("at", key.to_string())).into_iter().collect();
    html! { a.button.quiet href={ (view.link(&pairs)) (anchor) } { "Отмена" } }
}
