//! How are the scores of a school spread?

use std::collections::BTreeMap;

use opora_cells::{Judgement, Outcome, Precision, Row, ScoreCount, SourceIndex};

use crate::codes;
use crate::intake::Intake;
use crate::layout::Layout;
use crate::line::Fields;
use crate::procedures::Examined;
use crate::sites::Site;

/// Sort of the cells of this form: they complete others and never take their place.
const SORT: u8 = 2;

impl Intake<'_> {
    /// Reads a row of the distribution of primary scores.
    pub(crate) fn distribution<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let columns: Vec<Option<usize>> = layout.buckets.iter().map(|(at, _)| Some(*at)).collect();
        let Some((organisation, examined, participants)) = self.aggregated(row, line, layout, &columns)
        else {
            return;
        };
        let Some(counted) = self.group(row, line, layout, &columns, participants) else { return };
        let pupils: Vec<(usize, u16, u32)> = layout
            .buckets
            .iter()
            .zip(&counted.counts)
            .filter(|(_, pupils)| **pupils > 0)
            .map(|((at, score), pupils)| (*at, *score, *pupils))
            .collect();
        if let Some((at, score, _)) =
            pupils.iter().find(|(_, score, _)| examined.score_max.is_some_and(|most| *score > most))
        {
            let most = examined.score_max.unwrap_or_default();
            let what = format!("Балл {score} больше максимума {most}.");
            let why = "Столько баллов за эту работу получить нельзя.";
            return self.told(
                &codes::SCORE_IMPOSSIBLE,
                row,
                Some(*at),
                what,
                why,
                "Исправьте строку по исходной форме.",
            );
        }
        let mut cell = self.cell_of(organisation, &examined, row);
        if counted.from_percents {
            cell.precision = Precision::FromPercents;
        }
        let key = (organisation, examined.procedure.packed(), examined.year);
        if let Some(before) = self.duplicates.told_before(key, SORT, self.site, row) {
            let what = format!("Эта школа уже есть в строке {before}.");
            let why = "Непонятно, какая из строк верна.";
            return self.told(&codes::DUPLICATE_RESULT, row, None, what, why, "Оставьте одну строку.");
        }
        let source = self.context.source;
        for (_, score, pupils) in &pupils {
            let (procedure, year) = (examined.procedure, examined.year);
            let counted =
                ScoreCount { organisation, procedure, year, score: *score, pupils: *pupils, source };
            match self.site {
                Site::Untold => self.batch.scores.push(counted),
                Site::Login(_) => self.sites.add_score(key, counted),
            }
            cell.participants = cell.participants.saturating_add(*pupils);
            cell.scored = cell.participants;
            cell.score_sum = cell.score_sum.saturating_add(u32::from(*score).saturating_mul(*pupils));
            count_outcome(&mut cell, &examined, *score, *pupils);
        }
        self.note(organisation, examined.year, row);
        // Without a scale the scores say nothing about marks.
        if cell.judged() == cell.participants && cell.participants > 0 {
            self.push_cell(cell, SORT);
        }
    }
}

/// Judges a primary score by a scale of marks that asks for nothing else.
fn count_outcome(cell: &mut opora_cells::Cell, examined: &Examined<'_>, score: u16, pupils: u32) {
    let scale = examined.scale.filter(|scale| matches!(scale.judgement, Judgement::Marks(_)));
    let outcome = scale.map_or(Outcome::None, |scale| scale.judge(score, |_| None));
    let slot = match outcome {
        Outcome::Two => cell.marks.first_mut(),
        Outcome::Three => cell.marks.get_mut(1),
        Outcome::Four => cell.marks.get_mut(2),
        Outcome::Five => cell.marks.get_mut(3),
        _ => Some(&mut cell.unmarked),
    };
    if let Some(slot) = slot {
        *slot = slot.saturating_add(pupils);
    }
}

/// Counts the scores of individual results, in the order of organisation, procedure, year and score. Counts of several
/// batches of one file add up.
pub fn score_counts(rows: &[Row], source: SourceIndex) -> Vec<ScoreCount> {
    let mut counts: BTreeMap<(u32, u32, u16, u16), u32> = BTreeMap::new();
    for row in rows {
        if let Some(score) = row.score {
            let key = (row.organisation.0, row.procedure.packed(), row.year, score);
            *counts.entry(key).or_insert(0) += 1;
        }
    }
    let count = |((organisation, packed, year, score), pupils)| ScoreCount {
        organisation: opora_cells::OrganisationId(organisation),
        procedure: opora_cells::Procedure::from_packed(packed),
        year,
        score,
        pupils,
        source,
    };
    counts.into_iter().map(count).collect()
}
