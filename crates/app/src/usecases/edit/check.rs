//! Do the typed texts do? Each that does not is named with a sentence about it.

use jiff::civil::Date;
use opora_cycle::vocabulary::{ActKind, Order};
use opora_schedule::{Context, Kind, Part, When, parse};

use super::{
    ActFields, ActivityFields, Edit, Lists, MAX_FIELD_CHARS, MAX_LINES, PlanFields, Refusal, SectionFields,
};

/// Most characters of a list with an item a line.
const MAX_LIST_CHARS: usize = 60_000;
/// Years a section may belong to.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Fields with what is wrong with them.
type Wrong = Vec<(String, String)>;

/// Refuses an edit whose texts do not do.
pub(super) fn check(order: &Order, edit: &Edit) -> Result<(), Refusal> {
    let mut wrong = Wrong::new();
    match edit {
        Edit::Act(fields) => act(fields, &mut wrong),
        Edit::Plan(fields) => plan(fields, &mut wrong),
        Edit::Section { fields, .. } => year(fields, &mut wrong),
        Edit::AddSection { fields, .. } => {
            if fields.title.trim().is_empty() {
                tell(&mut wrong, "title", "Напишите название раздела: по нему раздел находят в плане.");
            }
            year(fields, &mut wrong);
        }
        Edit::Activity { fields, .. } | Edit::Add { fields, .. } => activity(fields, &mut wrong),
        Edit::DeleteSection(section) => {
            let found =
                order.plans.first().and_then(|plan| plan.sections.get(*section)).ok_or(Refusal::Gone)?;
            if !found.activities.is_empty() {
                return Err(Refusal::NotEmpty(found.activities.len()));
            }
        }
        Edit::Lists(kind, lists) => {
            if lists.len() > MAX_LINES {
                tell(&mut wrong, "title-0", &format!("Слишком много групп. Оставьте не больше {MAX_LINES}."));
            }
            for (index, list) in lists.iter().enumerate().filter(|(_, list)| list.title.trim().is_empty()) {
                // Indicators may stand under no head; a criterion is its head.
                if *kind == Lists::Criteria {
                    let lines = list.lines.lines().count();
                    let message = format!("Напишите критерий: под ним показателей — {lines}.");
                    tell(&mut wrong, &format!("title-{index}"), &message);
                }
            }
        }
        Edit::Programme(_)
        | Edit::Participants(_)
        | Edit::MoveSection(..)
        | Edit::Delete(_)
        | Edit::Move(..) => {}
    }
    lengths(edit, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Fields(wrong)) }
}

fn tell(wrong: &mut Wrong, name: &str, message: &str) {
    wrong.push((name.to_owned(), message.to_owned()));
}

fn lengths(edit: &Edit, wrong: &mut Wrong) {
    let lists = matches!(edit, Edit::Programme(_) | Edit::Lists(..) | Edit::Participants(_));
    let most = if lists { MAX_LIST_CHARS } else { MAX_FIELD_CHARS };
    for text in edit.texts() {
        let length = text.value.chars().count();
        if length > most {
            let message = format!("Слишком длинный текст: {length} знаков. Оставьте не больше {most}.");
            wrong.push((text.name, message));
        } else if lists && text.value.lines().count() > MAX_LINES {
            let message = format!("Слишком много строк. Оставьте не больше {MAX_LINES}.");
            wrong.push((text.name, message));
        }
    }
}

fn act(fields: &ActFields, wrong: &mut Wrong) {
    if !fields.kind.is_empty() && act_kind(&fields.kind).is_none() {
        tell(wrong, "kind", "Такого вида акта нет в списке. Выберите вид из списка.");
    }
    date(wrong, "date", &fields.date);
    let people = [
        ("controller", &fields.controller, &fields.controller_post),
        ("signatory", &fields.signatory, &fields.signatory_post),
    ];
    for (name, person, post) in people {
        if person.trim().is_empty() && !post.trim().is_empty() {
            tell(wrong, name, "Указана должность, а имени нет. Напишите имя или сотрите должность.");
        }
    }
}

/// Most years of a plan. A frequency gives a deadline a week, and each of them is somebody's work.
const YEARS_MAX: i16 = 20;

fn plan(fields: &PlanFields, wrong: &mut Wrong) {
    date(wrong, "start", &fields.start);
    date(wrong, "end", &fields.end);
    let given = |typed: &str| !typed.trim().is_empty();
    match (day(&fields.start), day(&fields.end)) {
        (Some(start), Some(end)) if end < start => {
            tell(wrong, "end", "Период заканчивается раньше, чем начинается. Проверьте год окончания.");
        }
        (Some(start), Some(end)) if end.year() - start.year() > YEARS_MAX => {
            tell(wrong, "end", "Период длиннее двадцати лет: сроков вышло бы слишком много. Проверьте годы.");
        }
        (Some(_), None) if !given(&fields.end) => {
            tell(wrong, "end", "Начало периода указано, а окончания нет. Напишите последний день плана.");
        }
        (None, Some(_)) if !given(&fields.start) => {
            tell(wrong, "start", "Окончание периода указано, а начала нет. Напишите первый день плана.");
        }
        _ => {}
    }
}

fn date(wrong: &mut Wrong, name: &str, typed: &str) {
    if !typed.trim().is_empty() && day(typed).is_none() {
        tell(wrong, name, "Дата не понята. Напишите её так: 21.07.2021.");
    }
}

fn year(fields: &SectionFields, wrong: &mut Wrong) {
    if !fields.year.trim().is_empty() && section_year(&fields.year).is_none() {
        tell(wrong, "year", "Год не понят. Напишите его четырьмя цифрами: 2026.");
    }
}

fn activity(fields: &ActivityFields, wrong: &mut Wrong) {
    if fields.title.trim().is_empty() {
        let message =
            "Напишите, что нужно сделать: мероприятие без названия нельзя ни поручить, ни проверить.";
        tell(wrong, "title", message);
    }
}

/// The kind of an act by its Russian noun.
pub(super) fn act_kind(noun: &str) -> Option<ActKind> {
    ActKind::ALL.into_iter().find(|kind| kind.russian() == noun.trim())
}

/// A day in any of the usual forms.
pub(super) fn day(typed: &str) -> Option<Date> {
    match parse(typed.trim(), &Context::default()).parts.as_slice() {
        [Part { kind: Kind::Day(When::Date(date)), .. }] => Some(*date),
        _ => None,
    }
}

/// The year a section belongs to.
pub(super) fn section_year(typed: &str) -> Option<i16> {
    typed.trim().parse().ok().filter(|year| YEARS.contains(year))
}
