//! Was a result copied from another row?

use std::collections::HashMap;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::lexicon::Id;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{label, list, name, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "O102",
    name: "copied-outcome",
    title: "Результат повторяет другую строку",
    level: Level::Note,
    family: Family::Outcomes,
    manual: include_str!("copied_outcome.md"),
    silences: &[],
    run: Run::Order(find),
};

/// A result of fewer meaningful words may well be the same twice: «Приняты приказы».
const SHORTEST_OUTCOME: usize = 4;

/// From which likeness on two titles mean one activity, such as that of another year.
const SAME_TITLE: f64 = 0.6;

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut groups: HashMap<(usize, &[Id]), Vec<&Row<'_>>> = HashMap::new();
    let mut order: Vec<(usize, &[Id])> = Vec::new();
    for row in view.rows.iter().filter(|row| row.outcome.stems.len() >= SHORTEST_OUTCOME) {
        let key = (row.plan, row.outcome.words.as_slice());
        let group = groups.entry(key).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(row);
    }
    order.iter().filter_map(|key| groups.get(key)).filter_map(|group| draft(group)).collect()
}

fn draft(group: &[&Row<'_>]) -> Option<Draft> {
    let (first, others) = group.split_first()?;
    let copies: Vec<&Row<'_>> =
        others.iter().copied().filter(|row| row.title.likeness(&first.title) < SAME_TITLE).collect();
    let (copy, more) = copies.split_first()?;
    let more: Vec<String> = more.iter().map(|row| label(row.activity)).collect();
    let also = if more.is_empty() { String::new() } else { format!(" Так же у {}.", list(&more, 6)) };
    let what = format!(
        "Результат мероприятия {} слово в слово повторяет результат {}: {}.{also}",
        name(copy.activity),
        name(first.activity),
        quote(copy.activity.outcome.as_deref().unwrap_or_default())
    );
    let why = "У разных действий одинаковый итог бывает редко: похоже, строка скопирована.";
    let mend = "Напишите, что получится именно у этого мероприятия.";
    Some(Draft::new(copy.field(Column::Outcome), what, why, mend))
}
