//! How is a thing edited in place? Forms that need no JavaScript and keep what was typed.

use maud::{Markup, html};
use opora_cycle::vocabulary::{ActKind, Activity, Column, Section};
use opora_neutral::Place;

use super::doubts::Doubt;
use super::remarks;
use super::source::anchor;
use super::structure::{section_title, why};
use super::target::Target;
use super::view::{Typed, View};
use crate::usecases::edit::{self, Edit, Lists, Text};
use crate::web::assets::icon;
use crate::web::components::chips::schedule_chips;
use crate::web::components::field::{Field, field, source_link};

/// A text field of the open form by its name.
struct Fields<'a> {
    view: &'a View<'a>,
    typed: &'a Typed,
    texts: Vec<Text>,
    /// The place in the source that fields without one of their own come from.
    source: Option<String>,
}

impl<'a> Fields<'a> {
    fn new(view: &'a View<'a>, typed: &'a Typed, place: &Place) -> Self {
        Self { view, typed, texts: typed.edit.texts(), source: source_anchor(place) }
    }

    fn value(&self, name: &str) -> &str {
        self.texts.iter().find(|text| text.name == name).map_or("", |text| text.value.as_str())
    }

    /// A field of this width; `long` fields have several lines.
    fn one(&self, name: &str, label: &str, width: &str, long: bool) -> Markup {
        let shown = Field {
            name,
            id: &format!("edit-{name}"),
            label,
            value: self.value(name),
            width,
            long,
            source: self.source.as_deref(),
            wrong: self.typed.wrong(name),
        };
        field(&shown, &self.remarks(name))
    }

    /// Remarks to the text that a field of the plan or of a section is typed in.
    fn remarks(&self, name: &str) -> Markup {
        match (self.typed.target, name) {
            (Target::Plan, "title") => remarks::at(self.view, "plan/title"),
            (Target::Plan, "start") => remarks::at(self.view, "plan/period"),
            (Target::Section(at), name) => remarks::at(self.view, &format!("section/{}/{name}", at + 1)),
            _ => html! {},
        }
    }

    /// A list with an item a line.
    fn list(&self, name: &str, label: &str) -> Markup {
        self.one(name, &format!("{label}, по одной строке на пункт"), "w12", true)
    }

    /// The card of the form.
    fn card(&self, head: &str, content: &Markup) -> Markup {
        let target = self.typed.target;
        html! {
            section.card.editing id=(target.element()) aria-labelledby="edit-head" {
                div.card-head { h3 #edit-head { (head) } }
                (open_form(self.view, target, &html! {
                    (content)
                    (save_or_leave(self.view, &format!("#{}", target.element())))
                }))
            }
        }
    }
}

/// The act.
pub fn act(view: &View<'_>, typed: &Typed) -> Markup {
    let fields = Fields::new(view, typed, &view.plan.order.act.place);
    let kind = fields.value("kind");
    let content = html! {
        div.fields {
            div.field.w4 {
                label for="act-kind" { "Вид" }
                select #act-kind name="kind" {
                    option value="" selected[kind.is_empty()] { "не указан" }
                    @for one in ActKind::ALL {
                        option value=(one.russian()) selected[one.russian() == kind] { (one.russian()) }
                    }
                }
                @if let Some(wrong) = typed.wrong("kind") { p.why.error { (wrong) } }
            }
            (fields.one("number", "Номер", "w4", false))
            (fields.one("date", "Дата", "w4", false))
            (fields.one("locality", "Место издания", "w4", false))
            (fields.one("authority", "Орган", "w8", true))
            (fields.one("title", "Название", "w12", true))
            (fields.one("control", "Пункт о контроле", "w12", true))
            (fields.one("controller", "Кто контролирует", "w6", false))
            (fields.one("controller_post", "Его должность", "w6", false))
            (fields.one("signatory", "Подписал", "w6", false))
            (fields.one("signatory_post", "Его должность", "w6", false))
        }
        p.muted.small { "Если дата акта подсказывала год срокам без года, они будут прочитаны заново." }
    };
    fields.card("Акт: правка", &content)
}

/// Title and period of the plan.
pub fn plan(view: &View<'_>, typed: &Typed) -> Markup {
    let place = view.plan.plan().map_or(Place::WHOLE, |plan| plan.place.clone());
    let fields = Fields::new(view, typed, &place);
    let content = html! {
        div.fields {
            (fields.one("title", "Название плана", "w12", true))
            (fields.one("start", "Первый день периода", "w6", false))
            (fields.one("end", "Последний день периода", "w6", false))
        }
        p.muted.small { "Если период подсказывал год срокам без года, они будут прочитаны заново." }
    };
    fields.card("План: правка", &content)
}

/// The programme.
pub fn programme(view: &View<'_>, typed: &Typed) -> Markup {
    let place = view.plan.order.programme.as_ref().map_or(Place::WHOLE, |programme| programme.place.clone());
    let fields = Fields::new(view, typed, &place);
    let content = html! {
        div.fields {
            (fields.one("name", "Название программы", "w12", true))
            (fields.one("period", "Период", "w12", false))
            (fields.list("goals", "Цели"))
            (fields.list("tasks", "Задачи"))
            (fields.list("expected_results", "Ожидаемые результаты"))
        }
    };
    fields.card("Программа: правка", &content)
}

/// Indicators or criteria: groups of lines, and an empty one to add.
pub fn lists(view: &View<'_>, typed: &Typed, lists: Lists) -> Markup {
    let fields = Fields::new(view, typed, &Place::WHOLE);
    let Edit::Lists(_, groups) = &typed.edit else { return html! {} };
    let (head, title) = match lists {
        Lists::Indicators => ("Показатели: правка", "Группа показателей"),
        Lists::Criteria => ("Критерии: правка", "Критерий"),
    };
    let content = html! {
        p.muted.small { "Каждая строка — отдельный показатель. Чтобы убрать группу, сотрите её название и строки." }
        @for index in 0..=groups.len() {
            fieldset.list-group {
                legend { @if index == groups.len() { "Новая" } @else { (index + 1) } }
                div.fields {
                    (fields.one(&format!("title-{index}"), title, "w12", false))
                    (fields.one(&format!("lines-{index}"), "Показатели, по одной строке на пункт", "w12", true))
                }
            }
        }
        p { button.small type="submit" name="more" value="1" { (icon("plus")) "Ещё группа" } }
    };
    fields.card(head, &content)
}

/// The schools that take part.
pub fn participants(view: &View<'_>, typed: &Typed) -> Markup {
    let fields = Fields::new(view, typed, &Place::WHOLE);
    let label = |of: &str| format!("{of}, по одной школе в строке");
    let content = html! {
        p.muted.small { "Пишите школу так, как принято: «средняя школа № 5», «гимназия № 3», «Лесная школа». Номера через запятую тоже понятны: «МОУ №№ 2, 7»." }
        div.fields {
            (fields.one("schools", &label("Школы, которым оказывается поддержка"), "w12", true))
            (fields.one("curator_schools", &label("Школы-кураторы"), "w12", true))
        }
    };
    fields.card("Участники: правка", &content)
}

/// A section, new or known.
pub fn section(view: &View<'_>, typed: &Typed) -> Markup {
    let known = matches!(typed.target, Target::Section(_));
    let place = typed.target.section().filter(|_| known);
    let place = place.and_then(|index| view.plan.plan().and_then(|plan| plan.sections.get(index)));
    let fields = Fields::new(view, typed, &place.map_or(Place::WHOLE, |section| section.place.clone()));
    let content = html! {
        div.fields {
            (fields.one("number", "Номер раздела", "w3", false))
            (fields.one("title", "Название раздела", "w6", false))
            (fields.one("year", "Год сроков", "w3", false))
        }
        p.muted.small { "Год подсказывает сроки, в которых он не назван: «март», «до 15 мая». Если раздел не про один год, оставьте поле пустым." }
    };
    fields.card(if known { "Раздел: правка" } else { "Новый раздел" }, &content)
}

/// Asks whether an empty section is to be deleted.
pub fn delete_section(view: &View<'_>, section: &Section, index: usize) -> Markup {
    let target = Target::DeleteSection(index);
    html! {
        section.card.editing.danger id=(target.element()) aria-labelledby="delete-head" {
            div.card-head { h3 #delete-head { "Удалить раздел?" } }
            (open_form(view, target, &html! {
                p { strong { (section_title(section)) } }
                p.muted { "Мероприятий в нём нет. Название раздела исчезнет из плана; прежняя версия плана сохранит его." }
                div.actions {
                    button.danger type="submit" { (icon("trash-2")) "Удалить" }
                    (leave(view, &format!("#{}", target.element())))
                }
            }))
        }
    }
}

/// An activity, new or known.
pub fn activity(view: &View<'_>, typed: &Typed, section: usize, doubts: &[Doubt]) -> Markup {
    let fields = Fields::new(view, typed, &Place::WHOLE);
    let known = typed.target.key();
    let one = |name: &str, column: Column, label: &str, width: &str| {
        let source = place_of(view, typed, column);
        let shown = Field {
            name,
            id: &format!("edit-{name}"),
            label,
            value: fields.value(name),
            width,
            long: !matches!(column, Column::Number),
            source: source.as_deref(),
            wrong: typed.wrong(name),
        };
        field(
            &shown,
            &html! {
                @for doubt in doubts.iter().filter(|doubt| doubt.column == column) { (why(doubt)) }
                @if let Some(key) = known { (remarks::at_column(view, key, column)) }
            },
        )
    };
    let content = html! {
        @if let Some(text) = typed.unplaced() { input type="hidden" name="unplaced" value=(text); }
        @if let Some(key) = known { (remarks::at(view, &format!("activity/{}", key.0))) }
        div.fields {
            (one("number", Column::Number, "Номер", "w3"))
            (one("title", Column::Title, "Мероприятие", "w9"))
            (schedule_field(view, typed, fields.value("schedule"), section, doubts))
            (one("responsible", Column::Responsible, "Ответственные", "w12"))
            (one("outcome", Column::Outcome, "Ожидаемый результат", "w12"))
            (one("target_group", Column::TargetGroup, "Целевая группа", "w12"))
        }
    };
    fields.card(
        if known.is_some() {
            "Правка мероприятия"
        } else {
            "Новое мероприятие"
        },
        &content,
    )
}

/// The deadline with chips that show how it is understood: live with htmx, by a button without JavaScript.
fn schedule_field(view: &View<'_>, typed: &Typed, text: &str, section: usize, doubts: &[Doubt]) -> Markup {
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
            @if let Some(key) = typed.target.key() { (remarks::at_column(view, key, Column::Schedule)) }
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
                    (leave(view, &format!("#activity-{key}")))
                }
            }))
        }
    }
}

fn open_form(view: &View<'_>, target: Target, content: &Markup) -> Markup {
    html! {
        form.card-body method="post" action=(view.link(&[])) data-guard[!matches!(target, Target::Delete(_) | Target::DeleteSection(_))] {
            input type="hidden" name="version" value=(view.typed.map_or(view.plan.version, |typed| typed.seen));
            input type="hidden" name="target" value=(target);
            // Enter in a field presses the first button: it has to be the one that saves.
            button.default-button type="submit" tabindex="-1" aria-hidden="true" {}
            (content)
        }
    }
}

fn save_or_leave(view: &View<'_>, anchor: &str) -> Markup {
    html! {
        div.actions {
            button.primary type="submit" { (icon("save")) "Сохранить" }
            (leave(view, anchor))
        }
    }
}

/// Back to the page as it was, without the form.
fn leave(view: &View<'_>, anchor: &str) -> Markup {
    let target = view.typed.map(|typed| typed.target);
    let pair = match (target.and_then(Target::key), target.and_then(Target::section)) {
        (Some(key), _) => Some(("at", key.0.to_string())),
        (None, Some(section)) => Some(("section", section.to_string())),
        (None, None) => None,
    };
    let pairs: Vec<(&str, String)> = pair.into_iter().collect();
    html! { a.button.quiet href={ (view.link(&pairs)) (anchor) } { "Отмена" } }
}
