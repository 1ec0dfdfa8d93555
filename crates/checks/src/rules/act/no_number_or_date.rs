//! Does the act lack its number or its date?

use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "A101",
    name: "no-number-or-date",
    title: "У приказа нет номера или даты",
    level: Level::Warning,
    family: Family::Act,
    manual: include_str!("no_number_or_date.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let act = &view.order.act;
    let has_number = act.number.as_deref().is_some_and(|number| !number.trim().is_empty());
    let what = match (has_number, act.date.is_some()) {
        (true, true) => return Vec::new(),
        (false, true) => "У приказа нет номера.",
        (true, false) => "У приказа нет даты.",
        (false, false) => "У документа нет ни номера, ни даты приказа.",
    };
    let why = "Без реквизитов на план нельзя сослаться, и неизвестно, с какого дня он действует.";
    let mend = "Впишите номер и дату или приложите файл с самим приказом, а не только с планом.";
    vec![Draft::new(Subject::Act, what, why, mend)]
}
