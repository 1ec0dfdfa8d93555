//! Does an activity have no number where the others have one?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use super::number_of;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::quote;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "N104",
    name: "number-absent",
    title: "Мероприятие без номера",
    level: Level::Note,
    family: Family::Numbering,
    manual: include_str!("number_absent.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for plan in 0..view.order.plans.len() {
        let rows = view.rows_of(plan);
        let numbered = rows.iter().filter(|row| number_of(row).is_some()).count();
        // Where a fifth of the rows has no number, the plan is not a numbered one.
        if numbered * 5 < rows.len() * 4 {
            continue;
        }
        let absent =
            |number: Option<&str>| number.is_none_or(|number| !number.chars().any(char::is_alphanumeric));
        for row in rows.iter().filter(|row| absent(row.activity.number.as_deref())) {
            let what = format!("У мероприятия {} нет номера.", quote(&row.activity.title));
            let why = "Возможно, это продолжение предыдущей строки, разорванной переходом на новую страницу.";
            let mend = "Впишите номер или присоедините текст к предыдущему мероприятию.";
            drafts.push(Draft::new(row.field(Column::Number), what, why, mend));
        }
    }
    drafts
}
