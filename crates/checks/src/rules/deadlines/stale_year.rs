//! Has a row kept the year of the section it was copied from?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::span::Span;
use crate::view::{Row, View};
use crate::wording::{label, name, quote, section_name};

/// From which likeness of titles on two rows are taken for the same activity of two years.
const SAME_TITLE: f64 = 0.7;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D104",
    name: "stale-year",
    title: "Год остался от другого раздела",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("stale_year.md"),
    silences: &["D102", "D103", "D105", "D112"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let Some(year) = view.section(row).and_then(|section| section.year) else { continue };
        let mut stale = row.spans().filter(|span| !span.touches_year(year));
        let Some((span, twin)) = stale.find_map(|span| twin(view, row, span).map(|twin| (span, twin))) else {
            continue;
        };
        let source = view.section(twin).map(section_name).unwrap_or_default();
        let what = format!(
            "Срок {} мероприятия {} остался от другого раздела: {} год стоит у такого же мероприятия {} ({source}).",
            quote(&row.activity.schedule.text),
            name(row.activity),
            span.start.year(),
            label(twin.activity),
        );
        let why = "Строка скопирована из другого года, и срок в ней уже прошёл или ещё не наступит.";
        let mend = format!("Замените год на {year}.");
        drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
    }
    drafts
}

/// The row with the same title in the section of the year that the span lies in.
fn twin<'v, 'a>(view: &'v View<'a>, row: &Row<'_>, span: Span) -> Option<&'v Row<'a>> {
    view.rows_of(row.plan).iter().find(|other| {
        other.section != row.section
            && view.section(other).and_then(|section| section.year) == Some(span.start.year())
            && other.title.likeness(&row.title) >= SAME_TITLE
    })
}
