//! What was read: the act, the programme, the participants, the sections with their activities.

use maud::{Markup, html};
use opora_cycle::vocabulary::{Activity, Column, Person, Section};
use opora_neutral::Place;

use super::doubts::{Doubt, is_doubtful};
use super::source::anchor;
use super::target::Target;
use super::view::{Shown, View};
use super::{document, forms, remarks};
use crate::usecases::edit::{ActFields, Lists};
use crate::web::assets::icon;
use crate::web::components::badge;
use crate::web::components::chips::schedule_chips;
use crate::web::words;

/// What stands above the activities: reading findings, the act, the programme, the participants, the plan itself.
pub fn above(view: &View<'_>) -> Markup {
    html! {
        (view.reading_findings())
        (act(view))
        (document::programme(view))
        (document::lists(view, Lists::Indicators))
        (document::lists(view, Lists::Criteria))
        (document::participants(view))
        (document::missing(view))
        (document::plan(view))
    }
}

/// What stands below them: texts without a place.
pub fn below(view: &View<'_>) -> Markup {
    let order = &view.plan.order;
    html! {
        @if !order.unplaced.is_empty() {
            details.card.fold #unplaced {
                summary { "Не разнесено по полям: " (view.unplaced_words()) }
                div.card-body {
                    p.muted.small { "Текст, для которого в структуре нет места. Он хранится вместе с планом. Если это мероприятие, перенесите его в план." }
                    ul.unplaced {
                        @for (index, item) in order.unplaced.iter().enumerate() {
                            li {
                                p { (item.text) }
                                p.small {
                                    (place_link(&item.place)) " · "
                                    a href=(view.link(&[("edit", Target::Add(last_section(view)).to_string()), ("unplaced", index.to_string())])) {
                                        "Сделать мероприятием"
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

fn last_section(view: &View<'_>) -> usize {
    view.plan.plan().map_or(0, |plan| plan.sections.len().saturating_sub(1))
}

fn act(view: &View<'_>) -> Markup {
    if let Some(typed) = view.typed.filter(|typed| typed.target == Target::Act) {
        return forms::act(view, typed);
    }
    let fields = ActFields::of(&view.plan.order);
    let act = &view.plan.order.act;
    let of_act = view.plan.report.findings.iter().filter(|finding| {
        matches!(finding.subject, opora_checks::Subject::Act | opora_checks::Subject::CitedAct(_))
    });
    html! {
        section.card.act #act aria-labelledby="act-head" {
            div.card-head {
                h3 #act-head { "Акт" }
                a.button.small href={ (view.link(&[("edit", "act".to_owned())])) "#act" } { (icon("pencil")) "Изменить" span.visually-hidden { " реквизиты акта" } }
            }
            div.card-body {
                dl.read-fields {
                    (fact("Вид", &fields.kind, &act.place)) (fact("Номер", &fields.number, &act.place))
                    (fact("Дата", &fields.date, &act.place)) (fact("Орган", &fields.authority, &act.place))
                    (fact("Название", &fields.title, &act.place))
                    @if act.locality.is_some() { (fact("Место издания", &fields.locality, &act.place)) }
                    @if let Some(control) = &act.control { (fact("Контроль", &control.text, &control.place)) }
                    @if let Some(person) = act.control.as_ref().and_then(|control| control.person.as_ref()) { (fact("Контролирует", &post_and_name(person), &Place::WHOLE)) }
                    @if let Some(person) = &act.signatory { (fact("Подписал", &post_and_name(person), &Place::WHOLE)) }
                }
                @if !act.cited.is_empty() {
                    details.disclosure {
                        summary { (words::plural(act.cited.len(), ["Упомянут ", "Упомянуты ", "Упомянуто "])) (words::count(act.cited.len(), ["акт", "акта", "актов"])) }
                        ul.small { @for cited in &act.cited { li { (cited.text) " " (place_link(&cited.place)) } } }
                    }
                }
                @for finding in of_act { (crate::web::components::finding::inline(finding)) }
            }
        }
    }
}

fn post_and_name(person: &Person) -> String {
    [person.post.as_deref().unwrap_or_default(), &person.name].join(" ").trim().to_owned()
}

pub(super) fn fact(name: &str, value: &str, place: &Place) -> Markup {
    html! {
        dt { (label(name, place)) }
        dd { @if value.trim().is_empty() { span.absent { "не найдено" } } @else { (value) } }
    }
}

/// A label that leads to the place in the source.
fn label(name: &str, place: &Place) -> Markup {
    let anchor = anchor(place);
    html! {
        @if anchor == "s" { (name) }
        @else { a.to-source href={ "#" (anchor) } title={ "Показать в источнике: " (place) } { (name) } }
    }
}

pub(super) fn place_link(place: &Place) -> Markup {
    html! { a.to-source.muted href={ "#" (anchor(place)) } { (place) } }
}

/// The activities under their sections. A section without activities is shown where it stands.
pub fn activities(view: &View<'_>, window: &[Shown<'_>], first: bool, last: bool) -> Markup {
    let sections = view.plan.plan().map(|plan| plan.sections.as_slice()).unwrap_or_default();
    let from = match window.first() {
        Some(shown) if !first => after_empty(sections, shown.section),
        _ => 0,
    };
    let to = match window.last() {
        Some(shown) if !last => shown.section + 1,
        _ => sections.len(),
    };
    let is_shown = |index: usize, section: &Section| {
        window.iter().any(|shown| shown.section == index)
            || (section.activities.is_empty() && !view.only_doubtful())
    };
    html! {
        form #moves method="post" action=(view.link(&[])) { input type="hidden" name="version" value=(view.plan.version); }
        @if window.is_empty() && view.only_doubtful() { p.muted { "Мероприятий с вопросами нет." } }
        @if from == 0 && !view.only_doubtful() { (new_section(view, 0, sections.is_empty())) }
        @for (index, section) in sections.iter().enumerate().skip(from).take(to.saturating_sub(from)) {
            @if is_shown(index, section) {
                (section_head(view, section, index, sections.len()))
                @for shown in window.iter().filter(|shown| shown.section == index) { (activity(view, shown)) }
                (add(view, index))
                @if !view.only_doubtful() { (new_section(view, index + 1, false)) }
            }
        }
        @if sections.is_empty() { (add(view, 0)) }
    }
}

/// The first of the empty sections right above a section, or the section itself.
fn after_empty(sections: &[Section], index: usize) -> usize {
    let above = sections.get(..index).unwrap_or_default();
    index - above.iter().rev().take_while(|section| section.activities.is_empty()).count()
}

/// The form of a section that is being added here.
fn new_section(view: &View<'_>, at: usize, offered: bool) -> Markup {
    if let Some(typed) = view.typed.filter(|typed| typed.target == Target::AddSection(at)) {
        return forms::section(view, typed);
    }
    html! { @if offered { p.add-activity { (add_section_link(view, at)) } } }
}

fn add_section_link(view: &View<'_>, at: usize) -> Markup {
    let target = Target::AddSection(at);
    html! {
        a.button.quiet.small href={ (view.link(&[("edit", target.to_string())])) "#" (target.element()) } {
            (icon("plus")) "Добавить раздел ниже"
        }
    }
}

fn section_head(view: &View<'_>, section: &Section, index: usize, count: usize) -> Markup {
    match view.typed {
        Some(typed) if typed.target == Target::Section(index) => return forms::section(view, typed),
        Some(typed) if typed.target == Target::DeleteSection(index) => {
            return forms::delete_section(view, section, index);
        }
        _ => {}
    }
    let number = index + 1;
    let link =
        |target: Target| format!("{}#{}", view.link(&[("edit", target.to_string())]), target.element());
    let year_said = section.year.is_some_and(|year| section.title.contains(&year.to_string()));
    html! {
        div.section-head id={ "section-" (number) } {
            h3 {
                (label(&section_title(section), &section.place))
                @if let Some(year) = section.year.filter(|_| !year_said) { " " span.muted.small { "сроки " (year) " года" } }
                @if section.activities.is_empty() { " " span.badge { "пустой" } }
            }
            div.activity-tools.no-print {
                a.button.small href=(link(Target::Section(index))) { (icon("pencil")) "Изменить" span.visually-hidden { " раздел " (number) } }
                @if index > 0 {
                    button.icon-button.small type="submit" form="moves" name="target" value={ "upsection-" (index) } title="Раздел выше" aria-label={ "Переместить раздел " (number) " выше" } { (icon("arrow-up")) }
                }
                @if number < count {
                    button.icon-button.small type="submit" form="moves" name="target" value={ "downsection-" (index) } title="Раздел ниже" aria-label={ "Переместить раздел " (number) " ниже" } { (icon("arrow-down")) }
                }
                @if section.activities.is_empty() {
                    a.button.icon-button.small href=(link(Target::DeleteSection(index))) title="Удалить раздел" aria-label={ "Удалить раздел " (number) } { (icon("trash-2")) }
                }
            }
        }
        (remarks::at(view, &format!("section/{number}")))
        @for field in ["number", "title", "year"] { (remarks::at(view, &format!("section/{number}/{field}"))) }
    }
}

/// «1. Организация», or a word for a section without a name.
pub fn section_title(section: &Section) -> String {
    let number = section.number.as_ref().map(|number| format!("{number}. ")).unwrap_or_default();
    if section.title.is_empty() {
        format!("{number}Без названия раздела")
    } else {
        format!("{number}{}", section.title)
    }
}

fn add(view: &View<'_>, section: usize) -> Markup {
    if let Some(typed) = view.typed.filter(|typed| typed.target == Target::Add(section)) {
        return forms::activity(view, typed, section, &[]);
    }
    let link = view.link(&[("edit", Target::Add(section).to_string())]);
    html! {
        p.add-activity {
            a.button.quiet.small href={ (link) "#add-" (section) } { (icon("plus")) "Добавить мероприятие в этот раздел" }
            @if !view.only_doubtful() { (add_section_link(view, section + 1)) }
        }
    }
}

fn activity(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let activity = shown.activity;
    match view.typed.filter(|typed| typed.target.key() == Some(activity.key)) {
        Some(typed) if matches!(typed.target, Target::Delete(_)) => forms::delete(view, activity),
        Some(typed) => forms::activity(view, typed, shown.section, &shown.doubts),
        None => card(view, activity, &shown.doubts),
    }
}

fn card(view: &View<'_>, activity: &Activity, doubts: &[Doubt]) -> Markup {
    let key = activity.key.0;
    let optional = |column: Column, text: Option<&str>| -> Markup {
        let wanted = view.plan.plan().is_some_and(|plan| plan.has_column(column));
        html! {
            @if wanted || text.is_some() {
                (field(view, activity, column, doubts, &html! {
                    @match text { Some(text) => { (text) } None => { span.absent { "не указано" } } }
                }))
            }
        }
    };
    html! {
        article.activity-card id={ "activity-" (key) } data-doubtful[is_doubtful(doubts)] aria-labelledby={ "title-" (key) } {
            div.activity-card-head {
                h4 id={ "title-" (key) } {
                    @if let Some(number) = &activity.number { span.numeric { (number) } " " }
                    a.to-source href={ "#" (anchor(&activity.place_of(Column::Title))) } { (activity.title) }
                }
                (tools(view, activity))
            }
            @for doubt in doubts.iter().filter(|doubt| matches!(doubt.column, Column::Title | Column::Number)) { (why(doubt)) }
            (remarks::at(view, &format!("activity/{key}")))
            (remarks::at_column(view, activity.key, Column::Title))
            (remarks::at_column(view, activity.key, Column::Number))
            dl.read-fields.tight {
                (field(view, activity, Column::Schedule, doubts, &html! {
                    (schedule_chips(&activity.schedule))
                    @if !activity.schedule.text.trim().is_empty() { span.verbatim-inline { "«" (activity.schedule.text) "»" } }
                }))
                (optional(Column::Responsible, Some(activity.responsible_text()).filter(|text| !text.is_empty()).as_deref()))
                (optional(Column::Outcome, activity.outcome.as_deref()))
                (optional(Column::TargetGroup, activity.target_group.as_deref()))
                @for other in &activity.other {
                    dt { (other.head) }
                    dd { (other.text) (remarks::at(view, &format!("activity/{key}/other/1/{}", other.head))) }
                }
            }
        }
    }
}

fn field(view: &View<'_>, activity: &Activity, column: Column, doubts: &[Doubt], value: &Markup) -> Markup {
    html! {
        dt { (label(column_name(column), &activity.place_of(column))) }
        dd {
            (value)
            @for doubt in doubts.iter().filter(|doubt| doubt.column == column) { (why(doubt)) }
            (remarks::at_column(view, activity.key, column))
        }
    }
}

/// Name of a field as a label.
pub fn column_name(column: Column) -> &'static str {
    match column {
        Column::Number => "Номер",
        Column::Title => "Мероприятие",
        Column::Responsible => "Ответственные",
        Column::Schedule => "Срок",
        Column::Outcome => "Результат",
        Column::TargetGroup => "Целевая группа",
        Column::Other => "Прочее",
    }
}

/// Why a field is doubtful.
pub fn why(doubt: &Doubt) -> Markup {
    html! {
        p class={ "why " (badge::level_class(doubt.level)) } {
            (icon(badge::level_icon(doubt.level)))
            span {
                span.visually-hidden { (badge::level_word(doubt.level)) ": " }
                (doubt.text)
                @if let Some(code) = doubt.code { " " a href={ "/rules/" (code) } { (code) } }
            }
        }
    }
}

fn tools(view: &View<'_>, activity: &Activity) -> Markup {
    let key = activity.key;
    let name = activity.number.as_deref().unwrap_or(&activity.title);
    let link = |target: Target| {
        let pairs = [("edit", target.to_string()), ("at", key.0.to_string())];
        format!("{}#activity-{}", view.link(&pairs), key.0)
    };
    html! {
        div.activity-tools.no-print {
            a.button.small href=(link(Target::Activity(key))) { (icon("pencil")) "Изменить" span.visually-hidden { " " (name) } }
            button.icon-button.small type="submit" form="moves" name="target" value={ "up-" (key.0) } title="Выше" aria-label={ "Переместить выше: " (name) } { (icon("arrow-up")) }
            button.icon-button.small type="submit" form="moves" name="target" value={ "down-" (key.0) } title="Ниже" aria-label={ "Переместить ниже: " (name) } { (icon("arrow-down")) }
            a.button.icon-button.small href=(link(Target::Delete(key))) title="Удалить" aria-label={ "Удалить: " (name) } { (icon("trash-2")) }
        }
    }
}
