//! Does a suppression lack a reason?

use opora_neutral::Level;

use crate::finding::Subject;
use crate::report::Judged;
use crate::rule::{Draft, Family, Rule, Run};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "S102",
    name: "suppression-without-reason",
    title: "Отключение без причины",
    level: Level::Warning,
    family: Family::Suppressions,
    manual: include_str!("suppression_without_reason.md"),
    silences: &[],
    run: Run::Suppressions(find),
};

fn find(judged: &Judged<'_>) -> Vec<Draft> {
    let without_reason = judged
        .suppressions
        .iter()
        .enumerate()
        .filter(|(_, suppression)| suppression.reason.trim().is_empty());
    let draft = |(index, suppression): (usize, &crate::report::Suppression)| {
        let what = format!(
            "Замечание {} отключено без объяснения, поэтому отключение не действует.",
            suppression.code
        );
        let why = "Через год никто не вспомнит, почему ошибку решили оставить.";
        let mend = "Напишите причину в двух-трёх словах.";
        Draft::new(Subject::Suppression(index), what, why, mend)
    };
    without_reason.map(draft).collect()
}
