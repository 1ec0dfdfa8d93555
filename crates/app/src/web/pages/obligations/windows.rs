//! How are windows shown, and what may a person record about one?

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_execution::Party;
use opora_execution::obligations::{Keeping, Kept, Rule};

use crate::usecases::support::{DutyBook, Records, Window, is_told_by_pages};
use crate::web::actor::Actor;
use crate::web::state::AppState;
use crate::web::words;

/// Days around today whose windows a short table shows.
const NEAR_DAYS: i64 = 45;

/// May the person say that the window of a rule was kept?
pub fn may_record(actor: &Actor, place: Place, rule: &Rule) -> bool {
    let roles = actor.roles_at(place);
    !is_told_by_pages(&rule.event)
        && match rule.party {
            Party::Performer => roles.iter().any(|role| role.gives(Right::Perform)),
            Party::Curator => roles.iter().any(|role| role.gives(Right::Visit)),
            Party::Coordinator => roles.contains(&Role::Coordinator),
        }
}

/// May the person free others of a window? Nobody frees herself, but for the coordinator, above whom is nobody here.
pub fn may_excuse(actor: &Actor, place: Place, rule: &Rule) -> bool {
    let roles = actor.roles_at(place);
    roles.contains(&Role::Coordinator) || rule.party == Party::Performer && roles.contains(&Role::Curator)
}

/// Windows as a table, with forms for what the reader may record. `near` leaves out what is far from today; `back` is
/// where the person comes back to.
pub fn windows_table(
    state: &AppState,
    actor: &Actor,
    records: &Records,
    windows: &[Window],
    back: &str,
    near: bool,
) -> Markup {
    let rules = &state.results.catalog().rulebook;
    let today = actor.today;
    let (first, last) = (today.saturating_sub(NEAR_DAYS.days()), today.saturating_add(NEAR_DAYS.days()));
    let is_near =
        |window: &&Window| !near || window.duty.window.due >= first && window.duty.window.from <= last;
    let shown: Vec<(&Window, Kept<'_>)> =
        windows.iter().filter(is_near).filter_map(|window| Some((window, window.kept(rules)?))).collect();
    html! {
        @if shown.is_empty() { p.muted { "Окон пока нет." } }
        @else {
            div.table-scroll tabindex="0" role="region" aria-label="Окна обязательств" {
                table.folds.windows {
                    thead { tr { th scope="col" { "Обязательство" } th scope="col" { "Окно" } th scope="col" { "Состояние" } th scope="col" { "Записать" } } }
                    tbody {
                        @for (window, kept) in &shown {
                            (row(actor, records.duties_of(window.place), window, kept, back))
                        }
                    }
                }
            }
        }
    }
}

fn badge(keeping: &Keeping) -> &'static str {
    match keeping {
        Keeping::Kept(_) => "good",
        Keeping::Missed { .. } => "late",
        Keeping::Open { .. } => "due",
        Keeping::Excused(_) | Keeping::Ahead => "note",
    }
}

fn row(actor: &Actor, book: Option<&DutyBook>, window: &Window, kept: &Kept<'_>, back: &str) -> Markup {
    let (rule, days) = (kept.rule, window.duty.window);
    let own = book.into_iter().flat_map(|book| &book.events);
    let own = own.filter(|(_, event, _)| event.kind == rule.event && event.meant_for == Some(days.due));
    let excuse = book.and_then(|book| {
        let mut all = book.excuses.iter();
        all.find(|(excuse, _)| excuse.rule == rule.id && excuse.due == days.due)
    });
    html! {
        tr id={ "w-" (rule.id) "-" (days.due) } {
            th scope="row" data-label="Обязательство" { (rule.what) " " span.small.muted { "(" (rule.clause) ", " (rule.who) ")" } }
            td data-label="Окно" { (days_words(days.from, days.due)) @if window.duty.need > 1 { ", " (window.duty.need) " раза" } }
            td data-label="Состояние" {
                span class={ "badge " (badge(&window.keeping)) } { (kept.russian()) }
                @if let Some((_, said)) = excuse { p.small.muted { "освободил(а) " (said.by) ", " (words::date_short(said.on)) } }
                @for (number, event, said) in own {
                    p.small.muted {
                        "сделано " (words::date_short(event.on)) @if !said.text.is_empty() { ": " (evidence(&said.text)) } " — " (said.by)
                        @if may_record(actor, window.place, rule) { (take_back(window, *number, back)) }
                    }
                }
                @if let Keeping::Kept(paths) = &window.keeping { @for path in paths { (event_link(window.place, path)) } }
            }
            td data-label="Записать" { (forms(actor, window, kept, excuse.is_some(), back)) }
        }
    }
}

fn evidence(text: &str) -> Markup {
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    html! { @if is_link && !text.contains(char::is_whitespace) { a href=(text) rel="noreferrer noopener" { (text) } } @else { (text) } }
}

/// To the visit or the meeting that keeps a window.
fn event_link(place: Place, path: &str) -> Markup {
    let to = match (place, path.split_once('/')) {
        (Place::School(school), Some(("visit", number))) => format!("/schools/{}/visits/{number}", school.0),
        (_, Some(("meeting", number))) => format!("/meetings/{number}"),
        _ => return html! {},
    };
    html! { " " a.small href=(to) { "запись" } }
}

/// «1–30 ноября 2026».
fn days_words(from: Date, due: Date) -> String {
    words::period(&opora_schedule::Period { start: from, end: due })
}

fn hidden(window: &Window, act: &str, back: &str) -> Markup {
    html! {
        input type="hidden" name="place" value=(window.place.code());
        input type="hidden" name="rule" value=(window.rule);
        input type="hidden" name="due" value=(window.duty.window.due);
        input type="hidden" name="act" value=(act);
        input type="hidden" name="back" value=(back);
    }
}

fn take_back(window: &Window, number: i64, back: &str) -> Markup {
    html! {
        details { summary { "это ошибка" }
            form.stack action="/obligations" method="post" {
                (hidden(window, "not-kept", back))
                input type="hidden" name="record" value=(number);
                div.field { label for={ "wrong-" (number) } { "Почему" } input id={ "wrong-" (number) } name="reason" required autocomplete="off"; }
                div.actions { button type="submit" { "Снять отметку" } }
            }
        }
    }
}

fn forms(actor: &Actor, window: &Window, kept: &Kept<'_>, excused: bool, back: &str) -> Markup {
    let (rule, due) = (kept.rule, window.duty.window.due);
    let id = format!("{}-{}-{due}", window.place.code().replace('/', "-"), rule.id);
    let is_over = matches!(window.keeping, Keeping::Kept(_) | Keeping::Ahead) || window.set_aside.is_some();
    let records = !is_over && !excused && may_record(actor, window.place, rule);
    // What nobody owes anyway needs no excuse.
    let is_owed = matches!(window.keeping, Keeping::Missed { .. } | Keeping::Open { .. });
    let excuses = (is_owed || excused) && !is_over && may_excuse(actor, window.place, rule);
    html! {
        @if records {
            details { summary { "сделано" }
                form.stack action="/obligations" method="post" {
                    (hidden(window, "kept", back))
                    div.field { label for={ "on-" (id) } { "День" } input id={ "on-" (id) } type="date" name="on" value=(actor.today) required; }
                    div.field { label for={ "text-" (id) } { "Ссылка или номер документа" } input id={ "text-" (id) } name="text" autocomplete="off"; }
                    div.actions { button type="submit" { "Отметить" } }
                }
            }
        }
        @if excuses {
            details { summary { @if excused { "снова требовать" } @else { "освободить" } }
                form.stack action="/obligations" method="post" {
                    (hidden(window, if excused { "due-again" } else { "excused" }, back))
                    div.field { label for={ "why-" (id) } { "Причина" } input id={ "why-" (id) } name="reason" required autocomplete="off"; }
                    div.actions { button type="submit" { @if excused { "Снова требовать" } @else { "Освободить" } } }
                }
            }
        }
    }
}
