//! Do the deadlines of one row exclude each other?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;
use opora_schedule::{Kind, Part, Span, When};

use crate::frequency::{Frequency, same_scope};
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{name, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D111",
    name: "contradictory-deadlines",
    title: "Сроки в одной строке противоречат друг другу",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("contradictory_deadlines.md"),
    silences: &[],
    run: Run::Order(find),
};

/// Parts of a row that are compared with each other: longer lists are lists of dates.
const MOST_PARTS: usize = 12;

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let parts: Vec<&Part> = row.activity.schedule.parts.iter().take(MOST_PARTS).collect();
        let reason = parts.iter().enumerate().find_map(|(index, earlier)| {
            parts.iter().skip(index + 1).find_map(|later| contradiction(earlier, later, parts.len()))
        });
        if let Some(reason) = reason {
            let what = format!(
                "В сроке {} мероприятия {} {reason}.",
                quote(&row.activity.schedule.text),
                name(row.activity)
            );
            let why = "Исполнитель не знает, какой из сроков соблюдать.";
            let mend = "Оставьте один срок или напишите, к чему относится каждый.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}

/// How a part excludes a later part of the same text.
fn contradiction(earlier: &Part, later: &Part, parts: usize) -> Option<&'static str> {
    if let (Some(a), Some(b)) = (Frequency::of(earlier), Frequency::of(later)) {
        return (same_scope(earlier, later) && a.contradicts(b)).then_some("названы две разные частоты");
    }
    match (&earlier.kind, &later.kind) {
        (Kind::Ongoing(Span::Permanent), Kind::Deadline { annual: false, .. })
        | (Kind::Deadline { annual: false, .. }, Kind::Ongoing(Span::Permanent)) => {
            Some("сказано и «постоянно», и «до» определённого дня")
        }
        // Stages are written in the order of time; a limit written after an interval is a limit of that interval.
        (
            Kind::Interval { start: When::Date(start), annual: false, .. },
            Kind::Deadline { end: When::Date(end), annual: false },
        ) if parts == 2 && end < start => Some("крайний день стоит раньше начала работы"),
        _ => None,
    }
}
