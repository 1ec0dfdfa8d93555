//! What is known of a school's share after looking at its pupils?

use opora_cells::Share;
use statrs::function::beta::checked_beta_reg;

use super::{Bounds, Prior};

/// The beta law of the true share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posterior {
    /// Those who failed, with those of the prior; above zero.
    pub failed: f64,
    /// Those who passed, with those of the prior; above zero.
    pub passed: f64,
}

impl Posterior {
    /// Of a prior and counts; nothing when nobody has an outcome, or more failed than that.
    pub fn new(prior: &Prior, failed: u32, judged: u32) -> Option<Self> {
        let passed = judged.checked_sub(failed).filter(|_| judged > 0)?;
        let law = Self { failed: prior.failed + f64::from(failed), passed: prior.passed + f64::from(passed) };
        let fine = |count: f64| count.is_finite() && count > 0.0;
        (fine(law.failed) && fine(law.passed)).then_some(law)
    }

    /// The expected share.
    pub fn mean(&self) -> f64 {
        self.failed / (self.failed + self.passed)
    }

    /// Probability that the true share is at or above a threshold.
    pub fn at_least(&self, threshold: Share) -> f64 {
        self.above(threshold.part() as f64 / threshold.whole() as f64)
    }

    /// Lowest and highest share between which the true one lies with this probability, with equal chances outside.
    pub fn interval(&self, probability: f64) -> (f64, f64) {
        let tail = (1.0 - probability.clamp(0.0, 1.0)) / 2.0;
        (self.quantile(1.0 - tail), self.quantile(tail))
    }

    /// The share that is exceeded with this probability. Bisection: always ends, and by the same steps.
    fn quantile(&self, exceeded: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..48 {
            let between = (low + high) / 2.0;
            if self.above(between) > exceeded { low = between } else { high = between }
        }
        (low + high) / 2.0
    }

    fn above(&self, share: f64) -> f64 {
        if share <= 0.0 {
            return 1.0;
        }
        if share >= 1.0 {
            return 0.0;
        }
        // Above the share is below its complement with the counts exchanged: exact in both tails.
        let known = checked_beta_reg(self.passed, self.failed, 1.0 - share);
        known.ok().filter(|value| value.is_finite()).map_or(0.5, |value| value.clamp(0.0, 1.0))
    }
}

/// Everything that is said about one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate<'a> {
    /// Who failed.
    pub failed: u32,
    /// Who has an outcome.
    pub judged: u32,
    /// The line.
    pub threshold: Share,
    /// What was known before.
    pub prior: Prior,
    /// What is known after.
    pub posterior: Posterior,
    /// Probability that the true share is at or above the line.
    pub probability: f64,
    /// The words for it.
    pub word: &'a str,
    /// So few results that one or two pupils decide.
    pub small: bool,
}

impl<'a> Estimate<'a> {
    /// Of counts; nothing when nobody has an outcome, or more failed than that.
    pub fn new(
        bounds: &'a Bounds,
        prior: Prior,
        (failed, judged): (u32, u32),
        threshold: Share,
    ) -> Option<Self> {
        let posterior = Posterior::new(&prior, failed, judged)?;
        let probability = posterior.at_least(threshold);
        let word = bounds.word(probability);
        Some(Self {
            failed,
            judged,
            threshold,
            prior,
            posterior,
            probability,
            word,
            small: bounds.is_small(judged),
        })
    }
}
