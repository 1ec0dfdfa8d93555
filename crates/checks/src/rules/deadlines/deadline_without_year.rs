//! Is there a deadline whose year nothing supplies?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::span::lacks_year;
use crate::view::View;
use crate::wording::{name, period, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D110",
    name: "deadline-without-year",
    title: "В сроке нет года",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("deadline_without_year.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        if row.activity.schedule.parts.iter().any(lacks_year) {
            let what = format!(
                "В сроке {} мероприятия {} нет года, и его неоткуда взять.",
                quote(&row.activity.schedule.text),
                name(row.activity)
            );
            let (why, mend) = match view.plan(row).and_then(|plan| plan.period) {
                Some(of_plan) => (
                    format!(
                        "В период плана, {}, такой день целиком не попадает, и о каком годе речь, больше ничто не говорит.",
                        period(of_plan)
                    ),
                    "Назначьте срок внутри периода или допишите год.",
                ),
                None => (
                    "Ни раздел, ни период плана, ни дата приказа не говорят, о каком годе речь.".to_owned(),
                    "Допишите год, а если срок повторяется каждый год — слово «ежегодно».",
                ),
            };
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}
