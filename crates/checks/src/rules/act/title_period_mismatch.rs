//! Are the act and its plan titled for different years?

use jiff::civil::Date;
use opora_neutral::Level;
use opora_schedule::period_in_title;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::quote_end;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "A104",
    name: "title-period-mismatch",
    title: "Годы в названиях приказа и плана различаются",
    level: Level::Warning,
    family: Family::Act,
    manual: include_str!("title_period_mismatch.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let titled = view.order.act.title.as_deref().and_then(|title| Some((title, period_in_title(title)?)));
    let Some((title, of_act)) = titled else { return Vec::new() };
    let mut drafts = Vec::new();
    for (index, plan) in view.order.plans.iter().enumerate() {
        // Where a title leaves an end open («до 2024 года»), that end can't differ.
        let Some(of_plan) = period_in_title(&plan.title) else { continue };
        if differ(of_act.start, of_plan.start) || differ(of_act.end, of_plan.end) {
            let what = format!(
                "В названиях приказа и плана разные годы: {} и {}.",
                quote_end(title),
                quote_end(&plan.title)
            );
            let why = "Непонятно, на какое время утверждён план.";
            let mend = "Оставьте в обоих названиях один и тот же период.";
            drafts.push(Draft::new(Subject::Plan(index), what, why, mend));
        }
    }
    drafts
}

fn differ(a: Option<Date>, b: Option<Date>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}
