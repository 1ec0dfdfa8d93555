//! Does a deadline end before it begins?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::span::reversed;
use crate::view::View;
use crate::wording::{day, name, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D101",
    name: "reversed-interval",
    title: "Срок заканчивается раньше начала",
    level: Level::Error,
    family: Family::Deadlines,
    manual: include_str!("reversed_interval.md"),
    silences: &["D102", "D103", "D104", "D105"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let schedule = &row.activity.schedule;
        if let Some((start, end)) = schedule.parts.iter().find_map(reversed) {
            let what = format!(
                "Срок мероприятия {} заканчивается раньше начала: {} (с {} по {}).",
                name(row.activity),
                quote(&schedule.text),
                day(start),
                day(end)
            );
            let why = "Такой срок нельзя ни исполнить, ни проконтролировать.";
            let mend = "Проверьте год окончания: скорее всего, он остался от другого раздела.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}
