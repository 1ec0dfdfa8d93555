//! Which components of the management cycle does no activity cover?

use opora_neutral::Level;

use crate::coverage::ComponentCoverage;
use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;

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

fn find(view: &View<'_>) -> Vec<Draft> {
    if view.rows.is_empty() {
        return Vec::new();
    }
    view.coverage().iter().filter(|coverage| coverage.is_missing()).map(draft).collect()
}

fn draft(coverage: &ComponentCoverage) -> Draft {
    let component = coverage.component;
    let what = format!(
        "Ни одно мероприятие не относится к компоненту {} «{}»: {}.",
        component.number(),
        component.russian(),
        component.hint()
    );
    let why = "Регион оценивают по всем девяти компонентам цикла: на пустое место сослаться нечем.";
    let mend = "Добавьте мероприятие или уточните название того, которое этот компонент закрывает.";
    Draft::new(Subject::Component(component), what, why, mend)
}
