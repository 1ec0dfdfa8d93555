//! Which tables of an order document are no plans, and what are they then?

use opora_neutral::Table;

use super::columns::layout;
use super::numbering::row_number;
use super::years;
use crate::text::{begins_with, fold, words};
use crate::vocabulary::Column;

/// A table that is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    /// Passport of a programme: heads on the left, text on the right.
    Passport,
    /// Criteria of identification with their indicators.
    Criteria,
    /// Indicators of effectiveness, with values or without.
    Indicators,
    /// Schools, with their curators or heads.
    Participants,
}

/// Stems of which the heads of a passport's rows consist.
const PASSPORT_HEADS: [&str; 12] = [
    "наименован",
    "цел",
    "задач",
    "результат",
    "срок",
    "заказчик",
    "разработчик",
    "исполнител",
    "основан",
    "финансирован",
    "показател",
    "этап",
];

/// The kind of a table that is surely no plan; `None` for plans and for tables of no known kind.
pub(super) fn kind(table: &Table) -> Option<TableKind> {
    if is_passport(table) {
        return Some(TableKind::Passport);
    }
    let head = head_text(table);
    let says = |stem: &str| words(&head).any(|word| begins_with(word, stem));
    if says("критери") && (says("показател") || says("индикатор")) && !says("срок")
    {
        return Some(TableKind::Criteria);
    }
    let schools = says("школ") || says("оо") || says("организац") || says("учрежден") || says("шнор");
    let people = says("куратор") || says("наставник") || says("директор") || says("руководител");
    if schools
        && people
        && !begins_with_deadline(table)
        && !["мероприят", "срок", "дат", "содержан", "период"].iter().any(|stem| says(stem))
    {
        return Some(TableKind::Participants);
    }
    let measured =
        ["ед", "единиц", "базов", "значен", "планов", "фактическ", "целев"].iter().any(|stem| says(stem))
            || table.rows.iter().take(3).any(|row| years::years_in(row) >= 2);
    let indicators = (says("показател") || says("индикатор")) && !says("мероприят") && !says("ответствен");
    let planned = || layout(table).is_some_and(|own| own.is_plan() && own.first(Column::Schedule).is_some());
    (indicators && (measured || table.width <= 3) && !planned()).then_some(TableKind::Indicators)
}

/// «ежемесячно | Консультации для директоров школ»: the first row is one of a plan and no head.
fn begins_with_deadline(table: &Table) -> bool {
    let row = table.rows.iter().find(|row| !row.is_blank());
    row.is_some_and(|row| row.cells.iter().any(|cell| opora_schedule::looks_like_deadline(&cell.text) > 0.5))
}

/// Two columns, the left one short heads of which at least two are those of a passport.
fn is_passport(table: &Table) -> bool {
    let Some(column) = passport_heads(table).filter(|_| table.rows.len() >= 3) else { return false };
    let heads: Vec<String> = (0..table.rows.len()).map(|row| fold(table.text_at(row, column))).collect();
    let known = heads
        .iter()
        .filter(|head| head.chars().count() <= 90)
        .filter(|head| {
            words(head).take(2).any(|word| PASSPORT_HEADS.iter().any(|stem| begins_with(word, stem)))
        })
        .count();
    let says_programme = heads
        .iter()
        .any(|head| words(head).any(|word| begins_with(word, "программ") || word.starts_with("проект")));
    known >= 3 || (known >= 2 && says_programme)
}

/// The column that holds the heads of a passport: the first, or the second beside a column of numbers.
pub(super) fn passport_heads(table: &Table) -> Option<u32> {
    let numbered = || {
        (0..table.rows.len()).all(|row| {
            let text = table.text_at(row, 0).trim();
            text.is_empty() || text.starts_with('№') || row_number(text).is_some()
        })
    };
    match table.width {
        2 => Some(0),
        3 if numbered() => Some(1),
        _ => None,
    }
}

fn head_text(table: &Table) -> String {
    let Some(row) = table.rows.iter().find(|row| !row.is_blank()) else { return String::new() };
    let short = row.cells.iter().filter(|cell| cell.text.chars().count() <= 120);
    fold(&short.map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | "))
}
