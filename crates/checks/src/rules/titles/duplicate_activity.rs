//! Is the same activity written twice in one section?

use std::collections::HashMap;

use opora_cycle::text;
use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{name, section_name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "T101",
    name: "duplicate-activity",
    title: "Мероприятие повторяется в разделе",
    level: Level::Warning,
    family: Family::Titles,
    manual: include_str!("duplicate_activity.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for rows in view.sections() {
        let mut seen: HashMap<(&[u32], String), &Row<'_>> = HashMap::new();
        for row in rows.iter().filter(|row| !row.title.is_empty()) {
            // The same thing for two groups of people is two activities.
            let group = text::fold(row.activity.target_group.as_deref().unwrap_or_default());
            let key = (row.title.words.as_slice(), group);
            let Some(first) = seen.get(&key) else {
                seen.insert(key, row);
                continue;
            };
            let section = view.section(row).map(section_name).unwrap_or_default();
            let what = format!(
                "Мероприятие {} уже есть в том же разделе: {} ({section}).",
                name(row.activity),
                name(first.activity)
            );
            let why = "За одно и то же придётся отчитаться дважды.";
            let mend =
                "Объедините строки (сроки можно перечислить через запятую) или уточните, чем они отличаются.";
            drafts.push(Draft::new(row.field(Column::Title), what, why, mend));
        }
    }
    drafts
}
