//! On which days does an activity fall, and are they working days?

use jiff::civil::Date;
use maud::{Markup, html};
use opora_schedule::{Occurrence, OccurrenceKind, Period, calendar};

use crate::web::assets::icon;
use crate::web::views::agenda::Item;
use crate::web::views::words::weekday;
use crate::web::words;

/// Days to come that are listed; the rest is counted.
const LISTED: usize = 6;

/// The days of an activity: those to come, or where all are over the last ones.
pub fn draw(item: &Item<'_>, today: Date) -> Markup {
    let ahead: Vec<&Occurrence> = item.spans.iter().filter(|s| s.end >= today).collect();
    let behind = item.spans.len() - ahead.len();
    let last: Vec<&Occurrence> = item.spans.iter().rev().take(3).collect();
    let (head, listed) = if ahead.is_empty() {
        ("Последние даты", last)
    } else {
        ("Ближайшие даты", ahead)
    };
    html! {
        aside.card.dates aria-labelledby="dates-head" {
            div.card-head { h2 #dates-head { (head) } }
            div.card-body {
                @if listed.is_empty() {
                    p.muted {
                        "По словам документа день назвать нельзя. Такой срок не попадает в календарь по дням, но виден \
                         под ним и в плане."
                    }
                }
                ol.occurrences {
                    @for occurrence in listed.iter().take(LISTED) { li { (line(**occurrence, today)) } }
                }
                @if listed.len() > LISTED { p.muted.small { "и ещё " (listed.len() - LISTED) } }
                @if behind > 0 && listed.first().is_some_and(|s| s.end >= today) {
                    p.muted.small { "Уже прошло: " (behind) }
                }
            }
        }
    }
}

fn line(occurrence: Occurrence, today: Date) -> Markup {
    let Occurrence { start, end, kind, .. } = occurrence;
    let prefix = if kind == OccurrenceKind::Deadline { "до " } else { "" };
    html! {
        span.occurrence { (prefix) (words::period(&Period { start, end })) }
        span.occurrence-note { (distance(occurrence, today)) }
        @if let Some(note) = rest_note(occurrence) { p.rest-note { (icon("info")) span { (note) } } }
    }
}

/// How far the days are from today.
fn distance(occurrence: Occurrence, today: Date) -> String {
    let Occurrence { start, end, .. } = occurrence;
    if start <= today && today <= end && start != end {
        return format!("идёт, последний день {}", words::from_today(end, today));
    }
    words::from_today(if start > today { start } else { end }, today)
}

/// A deadline on a day off, and the working day before it.
fn rest_note(occurrence: Occurrence) -> Option<String> {
    let due = matches!(occurrence.kind, OccurrenceKind::Day | OccurrenceKind::Deadline);
    if !due || calendar::is_working_day(occurrence.end) {
        return None;
    }
    let before = calendar::last_working_day_on_or_before(occurrence.end)?;
    Some(format!(
        "{} — нерабочий день. Последний рабочий день до него — {}, {}.",
        weekday(occurrence.end.weekday()),
        words::date(before),
        weekday(before.weekday()),
    ))
}
