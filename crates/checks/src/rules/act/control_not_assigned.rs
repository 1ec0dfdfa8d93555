//! Does the act leave open who controls it?

use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "A103",
    name: "control-not-assigned",
    title: "Контроль исполнения не назначен",
    level: Level::Warning,
    family: Family::Act,
    manual: include_str!("control_not_assigned.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let act = &view.order.act;
    // A file that holds the header and the plan alone, such as an exported one, leaves out what the points say.
    let has_text = !act.points.is_empty() || act.preamble.is_some();
    if act.control.is_some() || !has_text {
        return Vec::new();
    }
    let what = "В приказе не сказано, кто контролирует его исполнение.";
    let why = "Если за исполнением никто не следит, о сорванном сроке узнают только в конце года.";
    let mend = "Добавьте пункт «Контроль за исполнением приказа возложить на…» с должностью и фамилией.";
    vec![Draft::new(Subject::Act, what, why, mend)]
}
