//! What result does a school have over all procedures of a year, compared with its region, and in what circumstances?

use std::collections::BTreeMap;

use opora_cells::{Aggregate, Cell, Cells, Dictionary, IndicatorCode, OrganisationId, Procedure};
use opora_registry::{NodeId, Registry};

use super::{Observation, Settings};

/// What a result is measured by. Both are zero for a school like its region and higher for a better one; which
/// procedures a school holds does not matter, each is compared with the same procedure in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Log-odds of passing against those the region's shares would give.
    Passed,
    /// Mean mark against the region's, in standard deviations of pupils. Procedures without marks are left out.
    Marks,
}

/// What may explain a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predictor {
    /// A declared share; the last one not later than the year.
    Share(IndicatorCode),
    /// In the country (1) or in a town (0).
    Rural,
    /// Natural logarithm of the largest number of participants in a procedure.
    Size,
}

/// The facts of a region in a year.
#[derive(Clone, Copy)]
pub struct Region<'a> {
    /// All cells; those of other regions and years and of autumn are passed over.
    pub cells: &'a Cells,
    /// The schools.
    pub registry: &'a Registry,
    /// What was declared.
    pub aggregates: &'a [Aggregate],
    /// The region, or nothing for all schools together.
    pub region: Option<NodeId>,
    /// The calendar year.
    pub year: u16,
}

/// The predictor as shown.
pub fn predictor_name(predictor: Predictor, dictionary: &Dictionary) -> String {
    match predictor {
        Predictor::Share(code) => dictionary
            .indicators
            .get(&code)
            .map_or_else(|| format!("показатель № {}", code.0), |indicator| indicator.entry.name.clone()),
        Predictor::Rural => "сельская местность".to_owned(),
        Predictor::Size => "число участников (логарифм)".to_owned(),
    }
}

/// Collects one observation for every school with a result, by organisation. `counts` chooses the procedures.
pub fn observe(
    settings: &Settings,
    facts: Region<'_>,
    measure: Measure,
    predictors: &[Predictor],
    counts: impl Fn(Procedure) -> bool,
) -> Vec<Observation> {
    let mut schools: BTreeMap<OrganisationId, Vec<Cell>> = BTreeMap::new();
    let mut reference: BTreeMap<Procedure, Reference> = BTreeMap::new();
    for cell in facts.cells.all() {
        let belongs =
            || facts.region.is_none() || facts.registry.region_of(cell.organisation) == facts.region;
        if cell.year == facts.year && !cell.autumn && cell.judged() > 0 && counts(cell.procedure) && belongs()
        {
            schools.entry(cell.organisation).or_default().push(cell);
            reference.entry(cell.procedure).or_default().add(&cell);
        }
    }
    let declared = latest_shares(facts.aggregates, facts.year);
    let mut observations = Vec::new();
    for (organisation, cells) in schools {
        let result = match measure {
            Measure::Passed => passed(&cells, &reference),
            Measure::Marks => marks(&cells, &reference),
        };
        let Some((result, variance, judged)) = result else { continue };
        let participants = cells.iter().map(|cell| cell.participants).max().unwrap_or_default();
        let predictors = predictors.iter().map(|predictor| match predictor {
            Predictor::Share(code) => declared.get(&(organisation, *code)).map(|(_, share)| *share),
            Predictor::Rural => {
                facts.registry.get(organisation).and_then(|s| s.rural).map(|rural| f64::from(u8::from(rural)))
            }
            Predictor::Size => (participants > 0).then(|| f64::from(participants).ln()),
        });
        observations.push(Observation {
            organisation,
            result,
            variance: variance * settings.design_effect,
            judged,
            predictors: predictors.collect(),
        });
    }
    observations
}

fn latest_shares(
    aggregates: &[Aggregate],
    year: u16,
) -> BTreeMap<(OrganisationId, IndicatorCode), (u16, f64)> {
    let mut shares = BTreeMap::new();
    for aggregate in aggregates.iter().filter(|aggregate| aggregate.year <= year) {
        let Some(share) = aggregate.share() else { continue };
        let key = (aggregate.organisation, aggregate.indicator);
        let entry = shares.entry(key).or_insert((aggregate.year, 0.0));
        if aggregate.year >= entry.0 {
            *entry = (aggregate.year, share.percent() / 100.0);
        }
    }
    shares
}

/// Counts of a procedure over the region.
#[derive(Clone, Copy, Debug, Default)]
struct Reference {
    failed: u64,
    judged: u64,
    marks: [u64; 4],
}

impl Reference {
    fn add(&mut self, cell: &Cell) {
        self.failed += u64::from(cell.failed());
        self.judged += u64::from(cell.judged());
        for (sum, count) in self.marks.iter_mut().zip(cell.marks) {
            *sum += u64::from(count);
        }
    }
}

/// Mean and variance of marks 2–5; nothing when there are none.
pub(crate) fn mark_moments(counts: [u64; 4]) -> Option<(f64, f64)> {
    let whole: u64 = counts.iter().sum();
    let power = |power: i32| -> f64 {
        counts.iter().zip(2..).map(|(count, mark)| *count as f64 * f64::from(mark).powi(power)).sum()
    };
    let mean = (whole > 0).then(|| power(1) / whole as f64)?;
    Some((mean, (power(2) / whole as f64 - mean * mean).max(0.0)))
}

fn passed(cells: &[Cell], reference: &BTreeMap<Procedure, Reference>) -> Option<(f64, f64, u32)> {
    let (mut failed, mut expected, mut judged) = (0.0, 0.0, 0_u32);
    for cell in cells {
        let region = reference.get(&cell.procedure)?;
        failed += f64::from(cell.failed());
        expected += f64::from(cell.judged()) * region.failed as f64 / region.judged as f64;
        judged = judged.saturating_add(cell.judged());
    }
    let whole = f64::from(judged);
    let odds = |failed: f64| ((whole - failed + 0.5) / (failed + 0.5)).ln();
    // The variance is that of the expected count: one taken from the observed count makes lucky schools look sure.
    let between = (failed + expected) / 2.0;
    let variance = 1.0 / (between + 0.5) + 1.0 / (whole - between + 0.5);
    (judged > 0).then(|| (odds(failed) - odds(expected), variance, judged))
}

fn marks(cells: &[Cell], reference: &BTreeMap<Procedure, Reference>) -> Option<(f64, f64, u32)> {
    let (mut sum, mut judged) = (0.0, 0_u32);
    for cell in cells {
        let Some((mean, _)) = mark_moments(cell.marks.map(u64::from)) else { continue };
        let Some((region, variance)) = mark_moments(reference.get(&cell.procedure)?.marks) else { continue };
        let marked: u32 = cell.marks.iter().fold(0, |sum, count| sum.saturating_add(*count));
        if variance > 0.0 {
            sum += f64::from(marked) * (mean - region) / variance.sqrt();
            judged = judged.saturating_add(marked);
        }
    }
    (judged > 0).then(|| (sum / f64::from(judged), 1.0 / f64::from(judged), judged))
}
