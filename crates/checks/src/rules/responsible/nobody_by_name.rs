//! Which activities are left to groups and bodies, with no person in charge?

use std::collections::HashMap;

use opora_cycle::text;
use opora_cycle::vocabulary::{Party, PartyKind};
use opora_neutral::Level;

use crate::finding::Subject;
use crate::lexicon::Id;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{count, label, list, quote};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "R102",
    name: "nobody-by-name",
    title: "Отвечает группа, а не человек",
    level: Level::Note,
    family: Family::Responsible,
    manual: include_str!("nobody_by_name.md"),
    silences: &[],
    run: Run::Order(find),
};

/// One note for a plan: most plans leave most rows to groups, and a finding for each would hide all the others.
fn find(view: &View<'_>) -> Vec<Draft> {
    (0..view.order.plans.len()).filter_map(|plan| find_in_plan(view, plan)).collect()
}

fn find_in_plan(view: &View<'_>, plan: usize) -> Option<Draft> {
    let rows = view.rows_of(plan);
    let anonymous: Vec<&Row<'_>> =
        rows.iter().filter(|row| is_anonymous(&row.activity.responsible)).collect();
    if anonymous.is_empty() {
        return None;
    }
    let groups = groups(&anonymous);
    let shown: Vec<String> =
        groups.iter().map(|(text, labels)| format!("{} ({})", quote(text), list(labels, 6))).collect();
    let who = if anonymous.len() == rows.len() {
        "Ни у одного мероприятия нет ответственного, названного по имени или единственной должности"
            .to_owned()
    } else {
        let of = count(rows.len(), "мероприятия", "мероприятий", "мероприятий");
        format!("У {} из {of} отвечает группа или организация, а не человек", anonymous.len())
    };
    let what = format!("{who}: {}.", list(&shown, 4));
    let why = "Когда отвечают все, спросить не с кого.";
    let mend = "Назовите для каждой группы одного человека: должность и фамилию.";
    Some(Draft::new(Subject::Plan(plan), what, why, mend))
}

/// Texts of the responsible with the labels of their activities, the most frequent first.
fn groups(anonymous: &[&Row<'_>]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut positions: HashMap<&[Id], usize> = HashMap::new();
    for row in anonymous {
        let position = *positions.entry(&row.responsible.words).or_insert(groups.len());
        if position == groups.len() {
            groups.push((row.activity.responsible_text(), Vec::new()));
        }
        if let Some((_, labels)) = groups.get_mut(position) {
            labels.push(label(row.activity));
        }
    }
    groups.sort_by_key(|(_, labels)| std::cmp::Reverse(labels.len()));
    groups
}

/// Somebody is named, but no person and no post that one person holds.
fn is_anonymous(parties: &[Party]) -> bool {
    parties.iter().any(|party| party.text.chars().any(char::is_alphanumeric))
        && !parties.iter().any(|party| match party.kind {
            PartyKind::Person => true,
            PartyKind::Role => !is_collective(&party.text),
            PartyKind::Body | PartyKind::Schools => false,
        })
}

/// A post in the plural: «кураторы», «школьные координаторы», «учителя».
fn is_collective(role: &str) -> bool {
    let folded = text::fold(role.split_whitespace().next().unwrap_or_default());
    text::words(&folded).next().is_none_or(|first| {
        first.ends_with(['ы', 'и'])
            || first.ends_with("ые")
            || first.ends_with("ие")
            || words().collective_roles.has(first)
    })
}
