//! Do two activities have the same number?

use std::collections::HashMap;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use super::{number_of, write};
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::quote;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "N101",
    name: "duplicate-number",
    title: "Номер повторяется",
    level: Level::Warning,
    family: Family::Numbering,
    manual: include_str!("duplicate_number.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut seen: HashMap<(usize, Option<usize>, Vec<u32>), &Row<'_>> = HashMap::new();
    let mut drafts = Vec::new();
    for row in &view.rows {
        let Some(number) = number_of(row) else { continue };
        // «1» may begin every section anew; «2.1» names its section and so must be the only one in the plan.
        let section = (number.len() == 1).then_some(row.section);
        let written = write(&number);
        if let Some(first) = seen.get(&(row.plan, section, number.clone())) {
            let what = format!(
                "Номер {written} стоит у двух мероприятий: {} и {}.",
                quote(&first.activity.title),
                quote(&row.activity.title)
            );
            let why = "По номеру на мероприятие ссылаются в отчётах: двойной номер ведёт к путанице.";
            let mend = "Дайте второму мероприятию свой номер.";
            drafts.push(Draft::new(row.field(Column::Number), what, why, mend));
        } else {
            seen.insert((row.plan, section, number), row);
        }
    }
    drafts
}
