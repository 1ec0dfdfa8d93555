//! How would the scores of a school be spread, if it were like its region but with its own mean?

use std::collections::BTreeMap;

use opora_cells::{OrganisationId, Procedure};

use super::Facts;
use super::select::Schools;

/// More points than any paper has: scores above are no scores.
const SCORE_MAX: u16 = 400;

/// Pupils by score, from zero.
pub(crate) type Counts = Vec<u32>;

/// Score counts of a year by procedure and school.
pub(crate) fn of_year(
    facts: &Facts<'_>,
    schools: &Schools,
    looked_at: impl Fn(Procedure) -> bool,
) -> BTreeMap<Procedure, BTreeMap<OrganisationId, Counts>> {
    let mut histograms: BTreeMap<Procedure, BTreeMap<OrganisationId, Counts>> = BTreeMap::new();
    for count in facts.scores {
        if count.year == facts.year && looked_at(count.procedure) && schools.contains(count.organisation) {
            let schools = histograms.entry(count.procedure).or_default();
            add(schools.entry(count.organisation).or_default(), count.score, count.pupils);
        }
    }
    histograms
}

/// Adds pupils with a score.
pub(crate) fn add(counts: &mut Counts, score: u16, pupils: u32) {
    if score > SCORE_MAX {
        return;
    }
    let at = usize::from(score);
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    if let Some(count) = counts.get_mut(at) {
        *count = count.saturating_add(pupils);
    }
}

/// All pupils.
pub(crate) fn pupils(counts: &[u32]) -> u32 {
    counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
}

fn mean(counts: &[u32]) -> f64 {
    let weighted: f64 =
        counts.iter().zip(0..).map(|(count, score)| f64::from(*count) * f64::from(score)).sum();
    weighted / f64::from(pupils(counts)).max(1.0)
}

/// The distribution of a region that a school's is compared with.
pub(crate) struct Reference {
    shares: Vec<f64>,
}

impl Reference {
    /// The sum of all schools; nothing when nobody has a score.
    pub(crate) fn of<'a>(histograms: impl IntoIterator<Item = &'a Counts>) -> Option<Self> {
        let mut sums: Vec<f64> = Vec::new();
        for counts in histograms {
            if sums.len() < counts.len() {
                sums.resize(counts.len(), 0.0);
            }
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += f64::from(*count);
            }
        }
        let whole: f64 = sums.iter().sum();
        (whole > 0.0).then(|| Self { shares: sums.into_iter().map(|sum| sum / whole).collect() })
    }

    /// The region's shares of scores with each score weighted by a power, so that the mean is the school's: the
    /// distribution nearest to the region's (in relative entropy) that has this mean.
    pub(crate) fn moved_to(&self, counts: &[u32]) -> Vec<f64> {
        let target = mean(counts);
        let last = self.shares.len().saturating_sub(1).max(1) as f64;
        let tilted = |power: f64| -> Vec<f64> {
            let raw: Vec<f64> = self
                .shares
                .iter()
                .zip(0..)
                .map(|(share, score)| share * (power * (f64::from(score) - target) / last).exp())
                .collect();
            let whole: f64 = raw.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            raw.into_iter().map(|share| share / whole).collect()
        };
        // The mean grows with the power, by the variance: Newton's steps, kept between bounds that close in.
        let (mut low, mut high, mut power) = (-200.0_f64, 200.0_f64, 0.0_f64);
        let mut shares = tilted(power);
        for _ in 0..60 {
            let moment = |power: i32| -> f64 {
                shares.iter().zip(0..).map(|(share, at)| share * (f64::from(at) - target).powi(power)).sum()
            };
            let (off, spread) = (moment(1), moment(2) - moment(1).powi(2));
            if off.abs() < 1e-9 || high - low < 1e-9 {
                break;
            }
            if off < 0.0 {
                low = power;
            } else {
                high = power;
            }
            let step = power - off * last / spread.max(1e-12);
            power = if low < step && step < high { step } else { (low + high) / 2.0 };
            shares = tilted(power);
        }
        shares
    }

    /// The highest score of the low tail: at most this share of the region's pupils is at or below it.
    pub(crate) fn tail(&self, share: f64) -> Option<usize> {
        let mut sum = 0.0;
        let mut last = None;
        for (at, part) in self.shares.iter().enumerate() {
            sum += part;
            if sum > share {
                break;
            }
            last = Some(at);
        }
        last
    }
}

/// Bars of a picture.
pub(crate) fn bars(counts: &[u32], expected: &[f64]) -> Vec<(u16, u32, f64)> {
    let whole = f64::from(pupils(counts));
    let length = counts.len().max(expected.len());
    (0..length)
        .filter_map(|at| {
            let observed = counts.get(at).copied().unwrap_or_default();
            let expected = expected.get(at).copied().unwrap_or_default() * whole;
            Some((u16::try_from(at).ok()?, observed, expected))
        })
        .collect()
}
