//! Is a result a process that nobody can check?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{count, label, list, name, quote};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "O103",
    name: "unverifiable-outcome",
    title: "Результат нельзя проверить",
    level: Level::Note,
    family: Family::Outcomes,
    manual: include_str!("unverifiable_outcome.md"),
    silences: &[],
    run: Run::Order(find),
};

/// More than this many in one plan are told once.
const MOST_SINGLE: usize = 5;

const WHY: &str = "В нём нет ни документа, ни числа, ни показателя: подтвердить выполнение нечем.";
const MEND: &str = "Назовите документ («справка», «протокол») или величину («не менее 90 % учителей»).";

fn find(view: &View<'_>) -> Vec<Draft> {
    (0..view.order.plans.len()).flat_map(|plan| find_in_plan(view, plan)).collect()
}

fn find_in_plan(view: &View<'_>, plan: usize) -> Vec<Draft> {
    let rows = view.rows_of(plan);
    let vague: Vec<&Row<'_>> = rows.iter().filter(|row| is_process(view, row)).collect();
    if vague.len() > MOST_SINGLE {
        let labels: Vec<String> = vague.iter().map(|row| label(row.activity)).collect();
        let what = format!(
            "У {} ожидаемый результат нельзя проверить: {}.",
            count(vague.len(), "мероприятия", "мероприятий", "мероприятий"),
            list(&labels, 12)
        );
        return vec![Draft::new(Subject::Plan(plan), what, WHY, MEND)];
    }
    let draft = |row: &Row<'_>| {
        let outcome = quote(row.activity.outcome.as_deref().unwrap_or_default());
        let what = format!("Результат мероприятия {} нельзя проверить: {outcome}.", name(row.activity));
        Draft::new(row.field(Column::Outcome), what, WHY, MEND)
    };
    vague.into_iter().map(draft).collect()
}

/// The result begins with a process and names neither a paper nor a number.
fn is_process(view: &View<'_>, row: &Row<'_>) -> bool {
    let outcome: Vec<&str> = view.lexicon.spell(&row.outcome).collect();
    let has_number =
        row.activity.outcome.as_deref().is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()));
    !has_number
        && words().process_outcomes.at(&outcome, 0).is_some()
        && words().evidence.find(&outcome).is_none()
}
