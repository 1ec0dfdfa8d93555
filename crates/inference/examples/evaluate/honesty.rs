//! How often are the markers right, and the plain rule?

use std::collections::BTreeMap;

use opora_cells::OrganisationId;
use opora_inference::markers::{Facts, MarkerPack, above_interval, assess};
use opora_simulate::InflationKind;

use crate::calibration::Told;
use crate::fit::Example;
use crate::world::World;

/// What was found in a school in a year, and what is true.
#[derive(Clone, Copy)]
pub struct Sample {
    pub planted: Option<InflationKind>,
    pub probability: Option<f64>,
    /// Strengths cut as the pack says; zero where there is none.
    pub strengths: [f64; 8],
    /// Papers above the interval of the region, and papers looked at.
    pub above: (u32, u32),
    /// How many of the four yes-or-no markers are marked.
    pub four: usize,
    /// Most participants in one paper that is looked at.
    pub size: u32,
}

/// Every school in every year.
pub fn samples(world: &World, pack: &MarkerPack) -> Vec<Sample> {
    let mut samples = Vec::new();
    for place in &world.places {
        let mut planted: BTreeMap<(OrganisationId, u16), InflationKind> = BTreeMap::new();
        for cell in &place.truth.cells {
            if let Some(kind) = cell.inflation {
                planted.insert((cell.organisation, cell.year), kind);
            }
        }
        for year in &world.years {
            let facts = Facts {
                cells: &place.cells,
                registry: &place.registry,
                scores: &place.scores,
                tasks: &place.tasks,
                classes: &place.classes,
                scales: &place.scales,
                region: Some(place.region),
                year: *year,
            };
            let plain = above_interval(pack, &facts);
            for assessment in assess(pack, &facts) {
                let organisation = assessment.organisation;
                let papers = place.cells.of(organisation).iter();
                let papers = papers.filter(|cell| cell.year == *year && pack.looks_at(cell.procedure));
                let cap = pack.combination.cap;
                samples.push(Sample {
                    planted: planted.get(&(organisation, *year)).copied(),
                    probability: assessment.probability,
                    strengths: assessment
                        .strengths
                        .map(|s| s.value.map_or(0.0, |value| value.clamp(0.0, cap))),
                    above: plain.get(&organisation).copied().unwrap_or_default(),
                    four: assessment.four.count(*year).unwrap_or_default(),
                    size: papers.map(|cell| cell.participants).max().unwrap_or_default(),
                });
            }
        }
    }
    samples
}

/// Examples for fitting the weights.
pub fn examples(samples: &[Sample]) -> Vec<Example> {
    samples
        .iter()
        .filter(|sample| sample.probability.is_some())
        .map(|sample| Example { strengths: sample.strengths, inflated: sample.planted.is_some() })
        .collect()
}

/// The probabilities, for a table of reliability. The plain rule is «half of the papers above».
pub fn told(samples: &[Sample]) -> Vec<Told> {
    let told = |sample: &Sample| {
        let probability = sample.probability?;
        let (rule, truth) = (half_above(sample), sample.planted.is_some());
        Some(Told { probability, rule, truth, size: sample.size })
    };
    samples.iter().filter_map(told).collect()
}

/// At least one paper above the interval.
pub fn any_above(sample: &Sample) -> bool {
    sample.above.0 > 0
}

/// At least half of the papers above the interval.
pub fn half_above(sample: &Sample) -> bool {
    sample.above.1 > 0 && 2 * sample.above.0 >= sample.above.1
}

/// How a way of pointing at schools does.
pub struct Score {
    pub pointed_at: usize,
    pub precision: f64,
    pub recall: f64,
    /// Of planted inflation of each kind, in the order of [`InflationKind::ALL`].
    pub recall_by_kind: [f64; 4],
}

pub fn score(samples: &[Sample], points_at: impl Fn(&Sample) -> bool) -> Score {
    let share = |of: usize, whole: usize| if whole > 0 { of as f64 / whole as f64 } else { 0.0 };
    let pointed: Vec<&Sample> = samples.iter().filter(|sample| points_at(sample)).collect();
    let right = pointed.iter().filter(|sample| sample.planted.is_some()).count();
    let all = samples.iter().filter(|sample| sample.planted.is_some()).count();
    let by_kind = InflationKind::ALL.map(|kind| {
        let found = pointed.iter().filter(|sample| sample.planted == Some(kind)).count();
        share(found, samples.iter().filter(|sample| sample.planted == Some(kind)).count())
    });
    Score {
        pointed_at: pointed.len(),
        precision: share(right, pointed.len()),
        recall: share(right, all),
        recall_by_kind: by_kind,
    }
}
