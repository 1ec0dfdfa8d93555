//! Can nobody ever say that a deadline has passed?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;
use opora_schedule::{Kind, Part, Span};

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{name, quote};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D108",
    name: "unverifiable-deadline",
    title: "Срок нельзя проверить",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("unverifiable_deadline.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let parts = &row.activity.schedule.parts;
        if parts.is_empty() || !parts.iter().all(|part| is_unverifiable(view, row, part)) {
            continue;
        }
        let what = format!(
            "Срок {} мероприятия {} нельзя проверить.",
            quote(&row.activity.schedule.text),
            name(row.activity)
        );
        let why = "Ни исполнитель, ни проверяющий не скажут, выполнено ли мероприятие и просрочено ли оно.";
        let mend =
            "Добавьте частоту («ежеквартально»), крайний день или документ, который подтвердит работу.";
        drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
    }
    drafts
}

fn is_unverifiable(view: &View<'_>, row: &Row<'_>, part: &Part) -> bool {
    match &part.kind {
        // «По итогам работ» comes some day; «по мере необходимости» may never come.
        Kind::Condition(text) => words().unverifiable_conditions.are_in(text),
        // What goes on for ever can still be checked by a paper or a regular result.
        Kind::Ongoing(Span::Permanent) => {
            let outcome: Vec<&str> = view.lexicon.spell(&row.outcome).collect();
            words().evidence.find(&outcome).is_none()
        }
        _ => false,
    }
}
