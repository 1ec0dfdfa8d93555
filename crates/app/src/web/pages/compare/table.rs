//! How do two versions stand side by side?

use maud::{Markup, html};
use opora_cycle::vocabulary::{Activity, Order};
use opora_roadmap::{ChangeKind, Path};

use crate::usecases::edit::{ActivityFields, activity};
use crate::usecases::edit_changes::Change;
use crate::web::components::segments::{new_side, old_side};
use crate::web::views::address::address;

/// A table of what was and what became, with the words marked that are other ones; with `remarks`, each row leads to
/// the form of a remark.
pub fn side_by_side(plan: i64, changes: &[Change], orders: (&Order, &Order), remarks: bool) -> Markup {
    html! {
        section aria-labelledby="side-by-side" {
            h3 #side-by-side { "Рядом" }
            p.muted.small { "Зачёркнуты слова, которых больше нет; подчёркнуты новые." }
            div.table-scroll tabindex="0" role="region" aria-label="Таблица изменений" {
                table.side-by-side {
                    thead { tr { th scope="col" { "Что" } th scope="col" { "Было" } th scope="col" { "Стало" } } }
                    tbody { @for change in changes { (row(plan, change, orders, remarks)) } }
                }
            }
        }
    }
}

fn row(plan: i64, change: &Change, (before, after): (&Order, &Order), remarks: bool) -> Markup {
    let (old, new) =
        (change.before.as_deref().unwrap_or_default(), change.after.as_deref().unwrap_or_default());
    html! {
        tr class={ "change-" (slug(change.kind)) } {
            th scope="row" {
                (name(plan, change))
                @if change.kind != ChangeKind::Edited { " " span.badge.note { (kind_word(change.kind)) } }
                @if remarks { (remark_link(plan, change)) }
            }
            @match change.kind {
                ChangeKind::Edited => {
                    td { @if old.is_empty() { span.absent { "пусто" } } @else { (old_side(old, new)) } }
                    td { @if new.is_empty() { span.absent { "пусто" } } @else { (new_side(old, new)) } }
                },
                ChangeKind::Added => { td { span.absent { "не было" } } td { ins { (whole(change, after, new)) } } },
                ChangeKind::Removed => { td { del { (whole(change, before, old)) } } td { span.absent { "удалено" } } },
                ChangeKind::Moved => { td { (old) } td { @if old == new { "стоит в другом месте" } @else { (new) } } },
            }
        }
    }
}

/// A way to the form of a remark to what changed.
fn remark_link(plan: i64, change: &Change) -> Markup {
    let (thing, field) = match change.path.as_ref().filter(|_| change.kind != ChangeKind::Removed) {
        Some(Path::Activity(key)) => (format!("activity/{}", key.0), String::new()),
        Some(path) => {
            let path = path.to_string();
            let parts: Vec<&str> = path.splitn(3, '/').collect();
            match parts.as_slice() {
                ["plan", _] => (path.clone(), String::new()),
                [thing, number, field] if !field.contains('/') => {
                    (format!("{thing}/{number}"), (*field).to_owned())
                }
                [thing, number, ..] => (format!("{thing}/{number}"), String::new()),
                _ => return html! {},
            }
        }
        None => return html! {},
    };
    let link = address(&format!("/plans/{plan}/approval"), &[("path", thing), ("field", field)]);
    html! { " " a.small.no-print href={ (link) "#moves" } { "Замечание" span.visually-hidden { ": " (change.what) } } }
}

/// What changed, with a way to it where it stands in the plan still.
fn name(plan: i64, change: &Change) -> Markup {
    let key = match &change.path {
        Some(Path::Activity(key) | Path::ActivityField(key, _)) if change.kind != ChangeKind::Removed => {
            Some(key)
        }
        _ => None,
    };
    html! {
        @match key {
            Some(key) => a href={ "/plans/" (plan) "/activities/" (key.0) } { (change.what) },
            None => { (change.what) },
        }
    }
}

/// A whole activity with all its texts; the title of anything else.
fn whole(change: &Change, order: &Order, title: &str) -> Markup {
    let found = match &change.path {
        Some(Path::Activity(key)) => activity(order, *key),
        _ => None,
    };
    html! {
        @match found {
            Some(found) => (texts(found)),
            None => { (title) },
        }
    }
}

fn texts(activity: &Activity) -> Markup {
    let fields = ActivityFields::of(activity).texts();
    let own = fields.iter().map(|text| (text.label, text.value.as_str()));
    let other = activity.other.iter().map(|cell| (cell.head.as_str(), cell.text.as_str()));
    html! {
        @for (label, value) in own.chain(other).filter(|(_, value)| !value.trim().is_empty()) {
            span.whole-text { span.muted { (label) ": " } (value) }
        }
    }
}

/// How a thing changed, in a Russian word.
pub fn kind_word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "добавлено",
        ChangeKind::Removed => "удалено",
        ChangeKind::Moved => "переставлено",
        ChangeKind::Edited => "изменено",
    }
}

fn slug(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        ChangeKind::Moved => "moved",
        ChangeKind::Edited => "edited",
    }
}
