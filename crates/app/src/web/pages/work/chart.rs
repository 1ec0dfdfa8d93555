//! What was planned, and what came of it? Days on a line, coloured by state, and the same as a table.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::{Account, Baseline, Occurrence, StateKind, state_of};
use opora_schedule::Period;

use super::Case;
use crate::web::pages::timeline;
use crate::web::views::gantt::{Gantt, Shape, Zoom, blank};
use crate::web::views::words::shortened;
use crate::web::words;

/// A day on the line.
struct Mark {
    state: StateKind,
    shape: Shape,
    /// Planned, and moved or carried out on another day.
    other: Option<Shape>,
}

/// The line with its legend and its table.
pub fn draw(case: &Case, lines: &[(&Occurrence, Account<'_>, StateKind)], today: Date) -> Markup {
    let days = lines.iter().flat_map(|(occurrence, account, _)| {
        let own = Baseline::of(occurrence, account);
        let from = occurrence.key.window.map(|window| window.from);
        [from, own.planned, own.postponed, own.actual].into_iter().flatten()
    });
    let bounds = days.fold(None, |bounds: Option<(Date, Date)>, day| {
        Some(bounds.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    });
    let Some((start, end)) = bounds else {
        return html! { p.muted { "Ни у одного мероприятия нет дней, рисовать нечего. Смотрите список." } };
    };
    let scale = blank(Period { start, end }, Zoom::default(), today);
    let mut lanes: BTreeMap<(usize, ActivityKey), Vec<Mark>> = BTreeMap::new();
    for (occurrence, account, kind) in lines {
        let marks = lanes.entry((occurrence.section, occurrence.key.activity)).or_default();
        marks.extend(mark(&scale, occurrence, account, *kind));
    }
    let mut ordered: Vec<(ActivityKey, Vec<Mark>)> = Vec::new();
    for activity in case.of.plan.plan().into_iter().flat_map(|plan| plan.activities()) {
        let own = lanes.iter().find(|((_, key), _)| *key == activity.key).map(|(key, _)| *key);
        ordered.extend(own.and_then(|key| Some((key.1, lanes.remove(&key)?))));
    }
    html! {
        (timeline::execution_chart(case.of.plan.id, &scale, &rows(case, &ordered)))
        ul.legend aria-label="Обозначения" {
            @for kind in StateKind::ALL { li { (timeline::swatch(kind.slug())) (kind.russian()) } }
            li { (timeline::swatch("was")) "срок по плану, если его перенесли или выполнили в другой день" }
        }
        (table(case, lines, today))
    }
}

fn rows(case: &Case, ordered: &[(ActivityKey, Vec<Mark>)]) -> Vec<timeline::ExecutionRow> {
    let row = |(key, marks): &(ActivityKey, Vec<Mark>)| {
        let shapes = marks.iter().flat_map(|mark| {
            let was = mark.other.map(|shape| ("was", shape));
            was.into_iter().chain([(mark.state.slug(), mark.shape)])
        });
        let mut count: BTreeMap<StateKind, usize> = BTreeMap::new();
        for mark in marks {
            *count.entry(mark.state).or_default() += 1;
        }
        let words = count.iter().map(|(kind, number)| format!("{}: {number}", kind.russian()));
        timeline::ExecutionRow {
            activity: *key,
            title: shortened(&case.title(*key), 90),
            words: words.collect::<Vec<_>>().join(", "),
            shapes: shapes.collect(),
        }
    };
    ordered.iter().map(row).collect()
}

fn mark(scale: &Gantt<'_>, occurrence: &Occurrence, account: &Account<'_>, state: StateKind) -> Option<Mark> {
    let own = Baseline::of(occurrence, account);
    let planned = occurrence.key.window.map(|window| {
        if window.from == window.due { scale.day(window.due) } else { scale.stretch(window.from, window.due) }
    });
    let now = own.actual.or(own.postponed).filter(|day| Some(*day) != own.planned);
    match (now, planned) {
        (Some(day), planned) => Some(Mark { state, shape: scale.day(day), other: planned }),
        (None, Some(shape)) => Some(Mark { state, shape, other: None }),
        (None, None) => None,
    }
}

/// By how much it slipped, in words.
pub fn slip(own: Baseline, today: Date) -> String {
    match own.slip_days(today) {
        None => "–".to_owned(),
        Some(0) => "в срок".to_owned(),
        Some(days) => {
            let number = words::count(usize::try_from(days.unsigned_abs()).unwrap_or_default(), words::DAYS);
            if days > 0 { format!("на {number} позже") } else { format!("на {number} раньше") }
        }
    }
}

fn table(case: &Case, lines: &[(&Occurrence, Account<'_>, StateKind)], today: Date) -> Markup {
    let day = |day: Option<Date>| day.map_or("–".to_owned(), words::date_short);
    html! {
        h3 { "План и факт" }
        div.table-scroll tabindex="0" role="region" aria-label="План и факт по срокам" {
            table.folds {
                thead { tr { th scope="col" { "Мероприятие" } th scope="col" { "Срок по плану" } th scope="col" { "Перенесён на" } th scope="col" { "Выполнено" } th scope="col" { "Сдвиг" } th scope="col" { "Состояние" } } }
                tbody {
                    @for (occurrence, account, kind) in lines {
                        @let own = Baseline::of(occurrence, account);
                        tr {
                            th scope="row" data-label="Мероприятие" { a.plain href={ "/plans/" (case.of.plan.id) "/activities/" (occurrence.key.activity.0) } { (case.title(occurrence.key.activity)) } }
                            td data-label="Срок по плану" { (day(own.planned)) }
                            td data-label="Перенесён на" { (day(own.postponed)) }
                            td data-label="Выполнено" { (day(own.actual)) }
                            td data-label="Сдвиг" { (slip(own, today)) }
                            td data-label="Состояние" { span class={ "badge " (kind.slug()) } { (state_of(occurrence, account, today).russian()) } }
                        }
                    }
                }
            }
        }
    }
}
