//! Where do random numbers come from, so that nothing depends on the order of work?
//!
//! Each thing that is drawn (the names of a region, a cohort of a school, a year of a school) has a stream of its own,
//! found by what it is and not by when it is drawn.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Poisson, StandardNormal};

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Sizes = 1,
    Region,
    School,
    Cohort,
    Year,
    Context,
}

/// A stream of random numbers.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a thing: number of the region or the school, and a year or 0.
    pub(crate) fn of(seed: u64, purpose: Purpose, number: u32, year: u16) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((purpose as u64) << 56 | u64::from(year) << 32 | u64::from(number));
        Self(rng)
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f32 {
        StandardNormal.sample(&mut self.0)
    }

    /// Normal with mean zero.
    pub(crate) fn spread(&mut self, deviation: f32) -> f32 {
        self.normal() * deviation
    }

    /// From zero to one, one excluded.
    pub(crate) fn uniform(&mut self) -> f32 {
        self.0.random()
    }

    /// True with a probability.
    pub(crate) fn happens(&mut self, probability: f32) -> bool {
        self.uniform() < probability
    }

    /// A whole number below a limit; zero for the limit zero.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        if limit == 0 { 0 } else { self.0.random_range(0..limit) }
    }

    /// One of a list.
    pub(crate) fn one_of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(u32::try_from(list.len()).unwrap_or(u32::MAX)) as usize)
    }

    /// A place in a list of weights, more often the heavier; the last one if all are zero.
    pub(crate) fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f32>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// How many of `trials` happen with a probability.
    pub(crate) fn binomial(&mut self, trials: u32, probability: f32) -> u32 {
        let probability = f64::from(probability.clamp(0.0, 1.0));
        Binomial::new(u64::from(trials), probability).map_or(0, |law| law.sample(&mut self.0) as u32)
    }

    /// A whole number around a mean.
    pub(crate) fn poisson(&mut self, mean: f32) -> u32 {
        Poisson::new(f64::from(mean.max(0.01))).map_or(0, |law: Poisson<f64>| law.sample(&mut self.0) as u32)
    }

    /// Four draws of sixteen bits.
    pub(crate) fn draws(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// The logistic curve: a number of the whole line as a probability.
pub(crate) fn logistic(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

#[cfg(test)]
mod tests {
    use super::{Chance, Purpose};

    #[test]
    fn streams_differ_by_what_they_are_for() {
        let first = |purpose, number, year| Chance::of(7, purpose, number, year).draws();
        let all = [
            first(Purpose::Cohort, 1, 2020),
            first(Purpose::Cohort, 2, 2020),
            first(Purpose::Cohort, 1, 2021),
            first(Purpose::Year, 1, 2020),
            Chance::of(8, Purpose::Cohort, 1, 2020).draws(),
        ];
        let mut distinct = all.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(first(Purpose::Cohort, 1, 2020), all[0], "the same thing gives the same numbers");
    }

    #[test]
    fn the_heavier_is_chosen_more_often() {
        let mut chance = Chance::of(1, Purpose::Sizes, 0, 0);
        let heavy = (0..1000).filter(|_| chance.weighted(&[1.0, 3.0]) == 1).count();
        assert!((700..800).contains(&heavy), "{heavy}");
    }
}
