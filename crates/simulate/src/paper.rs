//! What is written, how hard is it, and what is it marked by?
//!
//! Each task is answered by an item-response curve: the abler a pupil, the likelier a point. The difficulty of a paper
//! is set so that the wanted share of the whole country fails it. Probabilities are laid out in tables by ability, so
//! that a pupil's paper costs a few comparisons.

use opora_cells::{Judgement, Procedure, Scale};

use crate::chance::{Chance, logistic};
use crate::model;

/// Steps of the tables of ability, from `LOWEST` up by `STEP`.
const STEPS: usize = 160;
const LOWEST: f32 = -5.0;
const STEP: f32 = 0.0625;
/// How steep the curve of a task is.
const STEEPNESS: f32 = 1.15;
/// How far the hardest and the easiest task are from the middle.
const DIFFICULTY_SPREAD: f32 = 1.7;

/// Who chooses the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Nobody: everybody writes it.
    Never,
    /// A class writes `count` of the group.
    PerClass { group: u8, count: u8 },
    /// A pupil writes `count` of the group.
    PerPupil { group: u8, count: u8 },
}

/// What the data says of a paper.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) procedure: Procedure,
    pub(crate) points: Vec<u8>,
    pub(crate) judgement: Judgement,
    /// The primary score the minimum is given for, for a paper with a minimum.
    pub(crate) primary_minimum: u16,
    pub(crate) failed: f32,
    pub(crate) ability: f32,
    pub(crate) chosen: Chosen,
    pub(crate) weight: f32,
    pub(crate) lean: f32,
    /// ВПР: marks of the journal are compared, schools may inflate it.
    pub(crate) monitoring: bool,
}

/// A paper that can be written.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) wanted: Wanted,
    pub(crate) score_max: u16,
    /// Tasks harder than the middle of the paper.
    pub(crate) hard: Vec<bool>,
    /// For each step of ability, for each point of each task: the draw from which on the point is won.
    thresholds: Vec<u16>,
    /// For each step of ability: probability of failing.
    failing: Vec<f32>,
}

impl Paper {
    pub(crate) fn new(wanted: Wanted) -> Self {
        let score_max = wanted.points.iter().map(|points| u16::from(*points)).sum();
        let count = wanted.points.len().max(1) as f32;
        let difficulty: Vec<f32> = (0..wanted.points.len())
            .map(|task| {
                // Later tasks are harder, with ups and downs.
                let wave = if task % 3 == 1 { 0.35 } else { -0.175 };
                DIFFICULTY_SPREAD * (2.0 * (task as f32 + 0.5) / count - 1.0) + wave
            })
            .collect();
        let curve = curve(&wanted, &difficulty);
        let harder = harder(&wanted, &curve);
        let failing = curve.iter().skip(STEPS.saturating_sub(harder)).take(STEPS).copied().collect();
        let mut thresholds = Vec::new();
        let mut law = Vec::new();
        for step in 0..STEPS {
            let ability = LOWEST + STEP * (step as f32 - harder as f32 + STEPS as f32 / 2.0);
            for (points, difficulty) in wanted.points.iter().zip(&difficulty) {
                law.clear();
                law.push(1.0);
                add_points(&mut law, *points, success(ability, *difficulty));
                let mut below = 0.0;
                for probability in law.iter().take(usize::from(*points)) {
                    below += probability;
                    thresholds.push((below * 65_536.0).min(65_535.0) as u16);
                }
            }
        }
        let hard = difficulty.iter().map(|difficulty| *difficulty > 0.3).collect();
        Self { wanted, score_max, hard, thresholds, failing }
    }

    /// A pupil answers: points by task, and their sum.
    pub(crate) fn answer(&self, ability: f32, chance: &mut Chance, points: &mut Vec<u8>) -> u16 {
        let width = usize::from(self.score_max);
        let start = step(ability) * width;
        let mut thresholds = self.thresholds.get(start..start + width).unwrap_or_default();
        points.clear();
        let (mut total, mut draws, mut left) = (0, 0_u64, 0_u8);
        for most in &self.wanted.points {
            if left == 0 {
                (draws, left) = (chance.draws(), 4);
            }
            let draw = draws as u16;
            (draws, left) = (draws >> 16, left - 1);
            let (mine, rest) = thresholds.split_at(usize::from(*most).min(thresholds.len()));
            thresholds = rest;
            let won = mine.iter().map(|threshold| u8::from(draw >= *threshold)).sum::<u8>();
            points.push(won);
            total += u16::from(won);
        }
        total
    }

    /// Probability of failing for a pupil of some ability on an average day, if nobody interferes.
    pub(crate) fn failing(&self, ability: f32, deviation: f32) -> f32 {
        let node = |(place, weight): &(f32, f32)| {
            weight * self.failing.get(step(ability + deviation * place)).copied().unwrap_or_default()
        };
        NODES.iter().map(node).sum::<f32>()
    }

    /// Lowest primary scores of the better outcomes, in ascending order.
    pub(crate) fn bounds(&self) -> &[u16] {
        match &self.wanted.judgement {
            Judgement::Marks(bounds) => bounds,
            Judgement::Minimum(_) => std::slice::from_ref(&self.wanted.primary_minimum),
        }
    }

    /// The score of the form: primary points, or the test score of a paper with a minimum.
    pub(crate) fn score(&self, primary: u16) -> u16 {
        let Judgement::Minimum(minimum) = self.wanted.judgement else { return primary };
        let (low, high) = (f32::from(self.wanted.primary_minimum), f32::from(self.score_max));
        let (primary, minimum) = (f32::from(primary), f32::from(minimum));
        if primary < low {
            (primary / low * minimum).min(minimum - 1.0) as u16
        } else {
            (minimum + (100.0 - minimum) * (primary - low) / (high - low).max(1.0)).round() as u16
        }
    }

    /// The scale as a file says it.
    pub(crate) fn scale(&self, years: (u16, u16)) -> Scale {
        let score_max = match self.wanted.judgement {
            Judgement::Marks(_) => self.score_max,
            Judgement::Minimum(_) => 100,
        };
        Scale {
            procedure: self.wanted.procedure,
            years,
            score_max,
            judgement: self.wanted.judgement.clone(),
            conditions: Vec::new(),
            source: "Выдуманная шкала выдуманной страны".to_owned(),
        }
    }
}

/// Places and weights of a normal law, from −3 to 3 deviations.
const NODES: [(f32, f32); 13] = [
    (-3.0, 0.002_216),
    (-2.5, 0.008_764),
    (-2.0, 0.026_995),
    (-1.5, 0.064_759),
    (-1.0, 0.120_985),
    (-0.5, 0.176_033),
    (0.0, 0.200_496),
    (0.5, 0.176_033),
    (1.0, 0.120_985),
    (1.5, 0.064_759),
    (2.0, 0.026_995),
    (2.5, 0.008_764),
    (3.0, 0.002_216),
];

fn step(ability: f32) -> usize {
    (((ability - LOWEST) / STEP) as usize).min(STEPS - 1)
}

/// Probability of one point of a task.
fn success(ability: f32, difficulty: f32) -> f32 {
    logistic(STEEPNESS * (ability - difficulty))
}

/// Adds so many points, each won with a probability, to the probabilities of sums.
fn add_points(law: &mut Vec<f32>, points: u8, probability: f32) {
    for _ in 0..points {
        law.push(0.0);
        let mut before = 0.0;
        for cell in law.iter_mut() {
            let stays = *cell * (1.0 - probability);
            (before, *cell) = (*cell * probability, stays + before);
        }
    }
}

/// Probability that a pupil stays below the lowest bound, on steps of ability twice as far as those of the tables.
fn curve(wanted: &Wanted, difficulty: &[f32]) -> Vec<f32> {
    let lowest = match &wanted.judgement {
        Judgement::Marks([three, ..]) => *three,
        Judgement::Minimum(_) => wanted.primary_minimum,
    };
    let mut law = Vec::new();
    let failed = |step: usize| {
        let ability = 2.0 * LOWEST + STEP * step as f32;
        law.clear();
        law.push(1.0);
        for (points, difficulty) in wanted.points.iter().zip(difficulty) {
            add_points(&mut law, *points, success(ability, *difficulty));
        }
        law.iter().take(usize::from(lowest)).sum::<f32>().clamp(0.0, 1.0)
    };
    (0..2 * STEPS).map(failed).collect()
}

/// By how many steps of ability, less half the table, the paper must be harder for the wanted share of the country to
/// fail it.
fn harder(wanted: &Wanted, curve: &[f32]) -> usize {
    let share = |harder: usize| {
        let at = |place: f32| {
            let step = step(wanted.ability + model::COUNTRY * place) + STEPS - harder;
            curve.get(step).copied().unwrap_or_default()
        };
        NODES.iter().map(|(place, weight)| weight * at(*place)).sum::<f32>()
    };
    let distance = |harder: usize| (share(harder) - wanted.failed).abs();
    (0..=STEPS).min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or(STEPS / 2)
}

#[cfg(test)]
mod tests {
    use opora_cells::{Judgement, Procedure};

    use super::{Chosen, Paper, Wanted};
    use crate::chance::{Chance, Purpose};
    use crate::model;

    fn paper(judgement: Judgement) -> Paper {
        Paper::new(Wanted {
            procedure: Procedure::from_packed(1),
            points: vec![1, 2, 1, 3, 1, 2, 2, 1],
            judgement,
            primary_minimum: 4,
            failed: 0.12,
            ability: 0.0,
            chosen: Chosen::Never,
            weight: 1.0,
            lean: 0.0,
            monitoring: true,
        })
    }

    #[test]
    fn the_wanted_share_of_the_country_fails() {
        let paper = paper(Judgement::Marks([5, 8, 11]));
        let mut chance = Chance::of(3, Purpose::Year, 1, 0);
        let mut points = Vec::new();
        let failed = (0..40_000)
            .filter(|_| {
                let ability = chance.spread(model::COUNTRY);
                paper.answer(ability, &mut chance, &mut points) < 5
            })
            .count();
        assert!((4_400..5_200).contains(&failed), "{failed} of 40,000");
        assert!((paper.failing(0.0, model::COUNTRY) - 0.12).abs() < 0.01);
    }

    #[test]
    fn the_curve_tells_how_often_a_pupil_fails() {
        let paper = paper(Judgement::Marks([5, 8, 11]));
        let mut chance = Chance::of(4, Purpose::Year, 1, 0);
        let mut points = Vec::new();
        let failed = (0..20_000).filter(|_| paper.answer(-0.9, &mut chance, &mut points) < 5).count() as f32
            / 20_000.0;
        assert!((failed - paper.failing(-0.9, 0.0)).abs() < 0.02, "{failed}");
    }

    #[test]
    fn a_test_score_passes_exactly_where_the_primary_score_does() {
        let paper = paper(Judgement::Minimum(27));
        assert!(paper.score(3) < 27);
        assert_eq!((paper.score(4), paper.score(13)), (27, 100));
    }
}
