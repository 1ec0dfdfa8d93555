//! Does an activity have no expected result?

use opora_cycle::vocabulary::{Activity, Column};
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::rules::missing::{self, Field};
use crate::view::View;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "O101",
    name: "missing-outcome",
    title: "Результат не указан",
    level: Level::Warning,
    family: Family::Outcomes,
    manual: include_str!("missing_outcome.md"),
    silences: &[],
    run: Run::Order(find),
};

const FIELD: Field = Field {
    column: Column::Outcome,
    is_missing,
    lacking: "не указан ожидаемый результат",
    of_column: "столбца с ожидаемым результатом",
    why: "Без результата нельзя сказать, выполнено мероприятие или только проведено.",
    mend: "Напишите, какой документ или какая величина подтвердит выполнение.",
    mend_plan: "Добавьте столбец «Ожидаемый результат» или опишите результаты в программе.",
};

fn is_missing(activity: &Activity) -> bool {
    activity.outcome.as_deref().is_none_or(|outcome| !outcome.chars().any(char::is_alphanumeric))
}

fn find(view: &View<'_>) -> Vec<Draft> {
    // A plan without such a column may lean on the results of its programme.
    let order = view.order;
    let in_programme =
        order.programme.as_ref().is_some_and(|programme| !programme.expected_results.is_empty());
    let mut drafts = missing::find(view, &FIELD);
    if in_programme || !order.indicators.is_empty() {
        drafts.retain(|draft| draft.level != Some(Level::Note));
    }
    drafts
}
