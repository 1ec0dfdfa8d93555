//! What is a finding about, in words and as a link?

use maud::{Markup, html};
use opora_checks::{Finding, Subject};
use opora_cycle::vocabulary::{ActivityKey, Column, Section};

use crate::web::state::LoadedPlan;

/// Where a finding belongs when findings are listed by place.
pub fn group(plan: &LoadedPlan, subject: Subject) -> String {
    let section_of = |key: ActivityKey| {
        let sections = plan.plan().map(|plan| plan.sections.as_slice()).unwrap_or_default();
        sections.iter().find(|section| section.activities.iter().any(|activity| activity.key == key))
    };
    match subject {
        Subject::Activity(key, _) => section_of(key).map_or_else(|| "План".to_owned(), section_name),
        Subject::Section(_, index) => {
            let section = plan.plan().and_then(|plan| plan.sections.get(index));
            section.map_or_else(|| "План".to_owned(), section_name)
        }
        Subject::Act | Subject::CitedAct(_) => "Акт".to_owned(),
        Subject::Programme => "Программа".to_owned(),
        Subject::Text(_) => "Текст документа".to_owned(),
        Subject::Mention(_) => "Участники".to_owned(),
        Subject::Criterion(..) | Subject::Indicator(..) => "Показатели и критерии".to_owned(),
        Subject::Plan(_) => "План в целом".to_owned(),
        Subject::Component(_) => "Управленческий цикл".to_owned(),
        Subject::Order => "Документ в целом".to_owned(),
        Subject::Suppression(_) => "Снятые замечания".to_owned(),
    }
}

/// «Раздел 2. Диагностика», or the whole plan for a section without a name.
pub fn section_name(section: &Section) -> String {
    match (&section.number, section.title.as_str()) {
        (None, "") => "План".to_owned(),
        (None, title) => title.to_owned(),
        (Some(number), title) => format!("{number}. {title}"),
    }
}

/// The activity or part of the document with its place in the source.
pub fn link(plan: &LoadedPlan, finding: &Finding) -> Markup {
    let base = format!("/plans/{}", plan.id);
    html! {
        @match finding.subject {
            Subject::Activity(key, column) => {
                @if let Some(activity) = plan.activity(key) {
                    a href={ (base) "/activities/" (key.0) } {
                        @if let Some(number) = &activity.number { span.numeric { (number) } " " }
                        (activity.title)
                    }
                    " " span.muted.small { "· " (column_word(column)) " · " }
                    a.small href={ (base) "/review?edit=activity-" (key.0) "&at=" (key.0) "#activity-" (key.0) } { "исправить" }
                }
            }
            Subject::Component(component) => { (component.number()) ". " (component.russian()) }
            subject => {
                (group(plan, subject))
                @if !finding.place.is_whole() { span.muted.small { " · " (finding.place) } }
                @if matches!(subject, Subject::Act) { " " a.small href={ (base) "/review#act" } { "исправить" } }
            }
        }
    }
}

/// Name of a field.
pub fn column_word(column: Column) -> &'static str {
    match column {
        Column::Number => "номер",
        Column::Title => "мероприятие",
        Column::Responsible => "ответственные",
        Column::Schedule => "срок",
        Column::Outcome => "результат",
        Column::TargetGroup => "целевая группа",
        Column::Other => "прочее",
    }
}
