//! Does a deadline lie in another year than its section?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{name, quote, section_name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D102",
    name: "outside-section-year",
    title: "Срок не попадает в год раздела",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("outside_section_year.md"),
    silences: &["D103", "D105", "D112"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let Some((section, year)) = view.section(row).and_then(|s| s.year.map(|year| (s, year))) else {
            continue;
        };
        // A span that begins in the year of its section may well end in the next one.
        if let Some(outside) = row.spans().find(|span| !span.touches_year(year)) {
            let what = format!(
                "Срок {} мероприятия {} относится к {} году, а стоит мероприятие не там: {}.",
                quote(&row.activity.schedule.text),
                name(row.activity),
                outside.start.year(),
                section_name(section)
            );
            let why = "Исполнитель не поймёт, в каком году работать, и мероприятие выпадет из отчёта за год.";
            let mend = "Исправьте год в сроке или перенесите мероприятие в раздел нужного года.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}
