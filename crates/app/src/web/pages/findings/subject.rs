//! What is a finding about, in words and as a link?

use maud::{Markup, html};
use opora_checks::{Finding, Subject};
use opora_cycle::vocabulary::{ActivityKey, Column, Section};
use opora_store::Suppression;

use crate::usecases::suppress;
use crate::web::state::LoadedPlan;
use crate::web::views::words::shortened;

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

/// The activity or part of the document with its place in the source; for who `edits` with the way to mend it.
pub fn link(plan: &LoadedPlan, finding: &Finding, edits: bool) -> Markup {
    let base = format!("/plans/{}", plan.id);
    html! {
        @match finding.subject {
            Subject::Activity(key, column) => {
                @if let Some(activity) = plan.activity(key) {
                    a href={ (base) "/activities/" (key.0) } {
                        @if let Some(number) = &activity.number { span.numeric { (number) } " " }
                        (activity.title)
                    }
                    " " span.muted.small { "· " (column_word(column)) }
                    @if edits { " · " a.small href={ (base) "/review?edit=activity-" (key.0) "&at=" (key.0) "#activity-" (key.0) } { "исправить" } }
                }
            }
            Subject::Component(component) => { (component.number()) ". " (component.russian()) }
            subject => {
                (group(plan, subject))
                @if !finding.place.is_whole() { span.muted.small { " · " (finding.place) } }
                @if let Some(way) = review_place(subject).filter(|_| edits) { " " a.small href={ (base) "/review" (way) } { "исправить" } }
            }
        }
    }
}

/// Where a thing that is no activity is mended on the review page.
fn review_place(subject: Subject) -> Option<String> {
    Some(match subject {
        Subject::Act => "#act".to_owned(),
        Subject::Plan(_) => "#plan".to_owned(),
        Subject::Programme => "?edit=programme#programme".to_owned(),
        Subject::Criterion(..) => "?edit=criteria#criteria".to_owned(),
        Subject::Indicator(..) => "?edit=indicators#indicators".to_owned(),
        Subject::Section(_, index) => format!("?edit=section-{index}#section-{}", index + 1),
        _ => return None,
    })
}

/// Where a decision about no activity belongs: as long as the place is there, in the words of the list by place.
pub fn place_words(plan: &LoadedPlan, decision: &Suppression) -> String {
    let Some(place) = &decision.place else { return "весь план".to_owned() };
    let known = plan.report.suppressed.iter().map(|(finding, _)| finding).find(|finding| {
        finding.code.eq_ignore_ascii_case(&decision.code)
            && suppress::place(&plan.order, finding.subject).as_ref() == Some(place)
    });
    let name = known.map_or_else(
        || "место, которого в плане больше нет".to_owned(),
        |finding| group(plan, finding.subject),
    );
    match (known.map(|finding| finding.subject), place.split_once(':')) {
        (Some(Subject::Section(..) | Subject::Component(_)), _) | (_, None | Some((_, ""))) => name,
        (_, Some((_, text))) => format!("{name}, «{}»", shortened(text, 80)),
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
