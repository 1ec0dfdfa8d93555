//! What do the cells of a column look like, and what is it then?

use opora_neutral::Table;
use opora_schedule::{Context, Kind};

use super::numbering::row_number;
use super::parties::parties;
use crate::text::{fold, words};
use crate::vocabulary::{Column, PartyKind};

/// How many rows of the body are looked at to tell a column by what it holds.
const SAMPLE_ROWS: usize = 120;
/// A column without a known head is told by its content from this share of its cells on.
pub(super) const CONTENT_SHARE: f32 = 0.5;

/// What the cells of a column look like; shares of the filled cells, 0 to 1.
pub(super) struct Content {
    pub empty: bool,
    pub numbers: f32,
    pub deadlines: f32,
    parties: f32,
    pub mean_length: f32,
    position: f32,
}

impl Content {
    pub fn of(table: &Table, column: usize, body_start: usize) -> Self {
        let column_u32 = u32::try_from(column).unwrap_or(u32::MAX);
        let cells: Vec<&str> = table
            .rows
            .iter()
            .skip(body_start)
            .filter(|row| row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).count() >= 2)
            .filter_map(|row| row.cell(column_u32))
            .map(|cell| cell.text.trim())
            .filter(|text| !text.is_empty())
            .take(SAMPLE_ROWS)
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLE_ROWS cells")]
        let share = |count: usize| if cells.is_empty() { 0.0 } else { count as f32 / cells.len() as f32 };
        let length: usize = cells.iter().map(|text| text.chars().count().min(400)).sum();
        #[expect(clippy::cast_precision_loss, reason = "columns are few")]
        let position = column as f32;
        Self {
            empty: cells.is_empty(),
            numbers: share(cells.iter().filter(|text| row_number(text).is_some()).count()),
            deadlines: share(cells.iter().filter(|text| is_deadline(text)).count()),
            parties: share(cells.iter().filter(|text| is_responsible(text)).count()),
            mean_length: share(length),
            position,
        }
    }

    /// How strongly the content claims to be of a kind; `headless` columns are told by content alone.
    pub fn claim(&self, column: Column, headless: bool) -> f32 {
        let told = |share: f32| if share >= CONTENT_SHARE { share * 2.0 } else { 0.0 };
        match column {
            Column::Number => told(self.numbers),
            Column::Schedule => told(self.deadlines) * 1.1,
            Column::Responsible if self.deadlines < CONTENT_SHARE => told(self.parties),
            // The longest text tells what is done; of two long ones the left.
            Column::Title if headless && self.numbers < CONTENT_SHARE && self.deadlines < CONTENT_SHARE => {
                0.6 + (self.mean_length / 100.0).min(0.9) - self.position * 0.1
            }
            Column::Outcome if headless && self.parties < CONTENT_SHARE && self.mean_length > 12.0 => 0.5,
            _ => 0.0,
        }
    }
}

/// The text says when: at least one part of it is understood, and more than what a condition says.
pub(super) fn is_deadline(text: &str) -> bool {
    if text.chars().count() > 160 {
        return false;
    }
    let parts = opora_schedule::parse(text, &Context::default()).parts;
    let told = |kind: &Kind| !matches!(kind, Kind::Missing | Kind::Unrecognised(_) | Kind::Condition(_));
    let unknown = parts.iter().filter(|part| matches!(part.kind, Kind::Unrecognised(_))).count();
    parts.iter().any(|part| told(&part.kind)) && unknown * 2 <= parts.len()
}

/// The text says who: short, and its first party is a person or a known role, body or school.
fn is_responsible(text: &str) -> bool {
    if text.chars().count() > 400 {
        return false;
    }
    let found = parties(text);
    let known = |kind| matches!(kind, PartyKind::Person | PartyKind::Role | PartyKind::Schools);
    found.first().is_some_and(|first| known(first.kind) || names_a_body(&first.text))
        && found.iter().all(|party| party.person.is_some() || party.text.chars().count() <= 90)
}

fn names_a_body(text: &str) -> bool {
    let folded = fold(text);
    words(&folded).take(3).any(|word| {
        [
            "управлени",
            "отдел",
            "комитет",
            "департамент",
            "министерств",
            "администраци",
            "групп",
            "центр",
            "служб",
            "цдо",
            "имц",
            "иро",
        ]
        .iter()
        .any(|stem| word.starts_with(stem))
    })
}
