//! Which components of the management cycle does no activity of a plan cover?

use std::collections::HashSet;

use opora_cycle::vocabulary::ActivityKey;
use opora_neutral::Level;

use crate::coverage::{Component, ComponentCoverage};
use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{count, list};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "C101",
    name: "component-missing",
    title: "Нет компонента управленческого цикла",
    level: Level::Note,
    family: Family::Cycle,
    manual: include_str!("component_missing.md"),
    silences: &[],
    run: Run::Order(find),
};

/// A plan with fewer activities is not expected to hold the whole cycle: its note stays short.
const SHORT_PLAN: usize = 5;
/// As many missing components are explained each.
const FEW: usize = 3;

fn find(view: &View<'_>) -> Vec<Draft> {
    (0..view.order.plans.len()).filter_map(|plan| find_in_plan(view, plan)).collect()
}

/// One note for a plan; its activities and the texts of the document count, those of other plans do not.
fn find_in_plan(view: &View<'_>, plan: usize) -> Option<Draft> {
    let rows = view.rows_of(plan);
    let keys: HashSet<ActivityKey> = rows.iter().map(|row| row.activity.key).collect();
    let own = |coverage: &&ComponentCoverage| {
        let covers = coverage.activities.iter().any(|key| keys.contains(key));
        !covers && coverage.texts.is_empty()
    };
    let missing: Vec<Component> = view.coverage().iter().filter(own).map(|c| c.component).collect();
    if rows.is_empty() || missing.is_empty() {
        return None;
    }
    let mend = "Добавьте мероприятия или уточните названия тех, которые эти компоненты закрывают.";
    if rows.len() < SHORT_PLAN {
        let what = format!(
            "В плане {}, и они не охватывают {} из {} компонентов управленческого цикла.",
            count(rows.len(), "мероприятие", "мероприятия", "мероприятий"),
            missing.len(),
            Component::ALL.len()
        );
        let why = "Для короткого плана это обычно; регион оценивают по всем девяти.";
        let mend = "Если это весь план поддержки, дополните его; если часть программы, оставьте как есть.";
        return Some(Draft::new(Subject::Plan(plan), what, why, mend));
    }
    let named: Vec<String> = missing
        .iter()
        .map(|component| match missing.len() {
            ..=FEW => format!("{} «{}» ({})", component.number(), component.russian(), component.hint()),
            _ => format!("{} «{}»", component.number(), component.russian()),
        })
        .collect();
    let what = format!(
        "В плане нет мероприятий по {} управленческого цикла: {}.",
        count(missing.len(), "компоненту", "компонентам", "компонентам"),
        list(&named, Component::ALL.len())
    );
    let why = "Регион оценивают по всем девяти компонентам цикла: на пустое место сослаться нечем.";
    Some(Draft::new(Subject::Plan(plan), what, why, mend))
}
