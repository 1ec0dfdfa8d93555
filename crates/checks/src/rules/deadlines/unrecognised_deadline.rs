//! Is there a deadline text that is not understood?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;
use opora_schedule::{Kind, names_impossible_date};

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{name, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D109",
    name: "unrecognised-deadline",
    title: "Срок не распознан",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("unrecognised_deadline.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let unrecognised = row.activity.schedule.parts.iter().find_map(|part| match &part.kind {
            Kind::Unrecognised(text) if text.chars().any(char::is_alphanumeric) => Some(text),
            _ => None,
        });
        if let Some(text) = unrecognised {
            let what = format!("Срок мероприятия {} не распознан: {}.", name(row.activity), quote(text));
            let why = "Мероприятие не попадёт в календарь, и о нём нельзя будет напомнить.";
            let mend = "Запишите срок иначе: «до 25.05.2022», «март 2022 года», «ежеквартально».";
            let draft = if names_impossible_date(text) {
                let what = format!(
                    "В сроке мероприятия {} названа дата, которой не бывает: {}.",
                    name(row.activity),
                    quote(text)
                );
                Draft::new(
                    row.field(Column::Schedule),
                    what,
                    why,
                    "Исправьте день, месяц или год: похоже, это опечатка.",
                )
            } else {
                Draft::new(row.field(Column::Schedule), what, why, mend)
            };
            drafts.push(draft);
        }
    }
    drafts
}
