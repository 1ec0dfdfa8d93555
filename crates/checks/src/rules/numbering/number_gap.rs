//! Is a number left out between two activities?

use std::collections::BTreeSet;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use super::{number_of, write};
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{list, name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "N102",
    name: "number-gap",
    title: "Номер пропущен",
    level: Level::Note,
    family: Family::Numbering,
    manual: include_str!("number_gap.md"),
    silences: &[],
    run: Run::Order(find),
};

/// A longer gap is no slip but another way of numbering.
const LONGEST_GAP: u32 = 5;

fn find(view: &View<'_>) -> Vec<Draft> {
    view.sections().flat_map(find_in_section).collect()
}

fn find_in_section(rows: &[Row<'_>]) -> Vec<Draft> {
    let numbers: BTreeSet<Vec<u32>> = rows.iter().filter_map(number_of).collect();
    let mut drafts = Vec::new();
    let mut before: Option<Vec<u32>> = None;
    let mut unnumbered = 0;
    for row in rows {
        let Some(number) = number_of(row) else {
            unnumbered += 1;
            continue;
        };
        if let Some(before) = &before {
            let missing = missing_between(before, &number, &numbers);
            // A row without a number may well be the one that is missing: another rule speaks of it.
            if missing.len() > unnumbered {
                let first = missing.len() == 1;
                let words =
                    if first { "пропущен номер" } else { "пропущены номера" };
                let what =
                    format!("Перед мероприятием {} {words} {}.", name(row.activity), list(&missing, 5));
                let why = "Возможно, строка плана потерялась при наборе или при чтении файла.";
                let mend = "Сверьте таблицу с подписанным приказом: верните строку или исправьте номера.";
                drafts.push(Draft::new(row.field(Column::Number), what, why, mend));
            }
        }
        before = Some(number);
        unnumbered = 0;
    }
    drafts
}

/// Numbers that should stand between two neighbours of one list and stand nowhere in the section.
fn missing_between(before: &[u32], after: &[u32], known: &BTreeSet<Vec<u32>>) -> Vec<String> {
    let (Some((from, list)), Some((to, same))) = (before.split_last(), after.split_last()) else {
        return Vec::new();
    };
    if list != same || to.saturating_sub(*from) > LONGEST_GAP + 1 {
        return Vec::new();
    }
    let number = |last: u32| same.iter().copied().chain([last]).collect::<Vec<u32>>();
    (from.saturating_add(1)..*to)
        .map(number)
        .filter(|number| !known.contains(number))
        .map(|n| write(&n))
        .collect()
}
