//! Does a suppression suppress nothing?

use opora_neutral::Level;

use crate::finding::Subject;
use crate::report::Judged;
use crate::rule::{Draft, Family, Rule, Run};
use crate::rules::rule;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "S101",
    name: "unused-suppression",
    title: "Отключение ничего не отключает",
    level: Level::Note,
    family: Family::Suppressions,
    manual: include_str!("unused_suppression.md"),
    silences: &[],
    run: Run::Suppressions(find),
};

fn find(judged: &Judged<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (index, (suppression, used)) in judged.suppressions.iter().zip(&judged.used).enumerate() {
        if *used || suppression.reason.trim().is_empty() {
            continue;
        }
        let code = suppression.code.trim();
        let what = match rule(code) {
            Some(rule) => format!("Замечание {} отключено, но его и так нет.", rule.code),
            None => format!("Отключено замечание «{code}», а такого кода нет."),
        };
        let why = "Лишнее отключение может скрыть будущую ошибку.";
        let mend = "Удалите отключение или исправьте код.";
        drafts.push(Draft::new(Subject::Suppression(index), what, why, mend));
    }
    drafts
}
