//! How does the work of a plan stand, as columns one goes through from left to right?

use maud::{Markup, html};
use opora_execution::{Account, Occurrence, StateKind, due};

use super::Case;
use crate::web::views::words::shortened;
use crate::web::words;

/// Cards of one column; the rest is on the list.
const CARDS: usize = 40;

/// Columns with the states they hold.
const COLUMNS: [(&str, &[StateKind]); 5] = [
    ("Впереди", &[StateKind::Ahead, StateKind::Undated]),
    ("Скоро срок", &[StateKind::Due]),
    ("Просрочено и возвращено", &[StateKind::Late, StateKind::Returned]),
    ("Ждёт подтверждения", &[StateKind::Done]),
    ("Подтверждено", &[StateKind::Confirmed]),
];

/// The board. Its lines come sorted by day; each card is a link to its line of the list, where it can be acted upon.
pub fn draw(case: &Case, lines: &[(&Occurrence, Account<'_>, StateKind)]) -> Markup {
    html! {
        p.small.muted { "Карточка ведёт к своей строке списка: там можно записать. Между карточками ходят клавишей Tab. Отменённых на доске нет." }
        div.board role="group" aria-label="Доска выполнения" {
            @for (at, (title, states)) in COLUMNS.into_iter().enumerate() {
                @let own: Vec<_> = lines.iter().filter(|(_, _, kind)| states.contains(kind)).collect();
                section.board-column aria-labelledby={ "column-" (at) } {
                    h3 id={ "column-" (at) } { (title) " " span.count { (own.len()) } }
                    @if own.is_empty() { p.small.muted { "Пусто" } }
                    ul {
                        @for (occurrence, account, kind) in own.iter().take(CARDS).copied() { li { (card(case, occurrence, account, *kind)) } }
                    }
                    @if own.len() > CARDS {
                        @for state in states { a.small href={ "/plans/" (case.of.plan.id) "/work?state=" (state.slug()) } { "Все: " (state.russian()) } " " }
                    }
                }
            }
        }
    }
}

fn card(case: &Case, occurrence: &Occurrence, account: &Account<'_>, kind: StateKind) -> Markup {
    let anchor = occurrence.key.to_string().replace(['/', '.'], "-");
    html! {
        a.board-card href={ "/plans/" (case.of.plan.id) "/work?state=" (kind.slug()) "#o-" (anchor) } {
            span { (shortened(&case.title(occurrence.key.activity), 120)) }
            span.small.muted {
                @match due(occurrence, account) {
                    Some(day) => { "срок " (words::date_short(day)) },
                    None => "без срока",
                }
                @if kind == StateKind::Returned { " · возвращено" }
                @if account.asked.is_some() { " · просят перенести" }
                @if account.comments > 0 { " · комментариев: " (account.comments) }
                @if let Some(to) = account.performer { " · передано: " (case.name(to)) }
            }
        }
    }
}
