//! Was a deadline already past when the act was signed?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::span::{span_of, year_was_inferred};
use crate::view::View;
use crate::wording::{day, name, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D105",
    name: "before-act",
    title: "Срок истёк до подписания приказа",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("before_act.md"),
    silences: &["D112"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let Some(signed) = view.order.act.date else { return Vec::new() };
    let mut drafts = Vec::new();
    for row in &view.rows {
        // A month that holds the day of signing has not ended yet; only what has is reported.
        let parts = &row.activity.schedule.parts;
        let past = parts.iter().find(|part| span_of(part).is_some_and(|span| span.end < signed));
        if let Some(part) = past {
            let year = if year_was_inferred(part) {
                " (год взят из раздела или периода плана)"
            } else {
                ""
            };
            let what = format!(
                "Срок {} мероприятия {} истёк до подписания приказа {}{year}.",
                quote(&row.activity.schedule.text),
                name(row.activity),
                day(signed)
            );
            let why =
                "Приказ не может обязать сделать что-то в прошлом: мероприятие сразу окажется просроченным.";
            let mend = "Исправьте год или месяц, а если работа уже выполнена, уберите её из плана.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}
