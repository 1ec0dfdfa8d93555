//! Does a deadline lie outside the period of its plan?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{name, period, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D103",
    name: "outside-plan-period",
    title: "Срок выходит за период плана",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("outside_plan_period.md"),
    silences: &["D112"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let Some(of_plan) = view.plan(row).and_then(|plan| plan.period) else { continue };
        // What began before the plan may be finished by it; what ends after it is nobody's.
        if row.spans().any(|span| !span.meets(of_plan) || span.end > of_plan.end) {
            let what = format!(
                "Срок {} мероприятия {} выходит за период плана ({}).",
                quote(&row.activity.schedule.text),
                name(row.activity),
                period(of_plan)
            );
            let why = "План действует только в свой период: мероприятие вне его никто не обязан выполнять.";
            let mend = "Исправьте срок или период плана.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}
