//! Who began school together, and how able are they?

use crate::chance::{Chance, Purpose, logistic};
use crate::model;
use crate::school::School;

/// A pupil, known by nothing but ability.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pupil {
    /// Difference to the mean of the school, class and cohort included.
    pub(crate) ability: f32,
    /// Number of the class, from one.
    pub(crate) class: u8,
    /// Stays for grades 10 and 11.
    pub(crate) stays: bool,
}

/// The pupils who began school in the same year.
#[derive(Clone, Debug)]
pub(crate) struct Cohort {
    pub(crate) pupils: Vec<Pupil>,
    /// Difference of the cohort to the mean of the school, included in each pupil's ability.
    pub(crate) effect: f32,
    /// Difference of each class, included in each pupil's ability.
    pub(crate) classes: Vec<f32>,
}

impl Cohort {
    /// The cohort of a school that reaches grade `g` in the calendar year `began + g`.
    pub(crate) fn new(school: &School, began: u16, seed: u64) -> Self {
        let mut chance = Chance::of(seed, Purpose::Cohort, school.id.0, began);
        let size = chance.poisson(school.grade_size).max(1);
        let count = size.div_ceil(model::CLASS_MAX);
        let effect = chance.spread(model::COHORT);
        let classes: Vec<f32> = (0..count).map(|_| chance.spread(model::CLASS)).collect();
        let pupils = (0..size)
            .map(|pupil| {
                let class = (pupil * count / size) as usize;
                let of_class = classes.get(class).copied().unwrap_or_default();
                let ability = effect + of_class + chance.spread(model::PUPIL);
                let stays = chance.happens(logistic(-0.4 + 1.3 * (school.truth.ability + ability)));
                Pupil { ability, class: class as u8 + 1, stays }
            })
            .collect();
        Self { pupils, effect, classes }
    }

    /// The pupils of a grade: all of them, or those who stayed for the last two.
    pub(crate) fn of_grade(&self, grade: u8) -> impl Iterator<Item = &Pupil> {
        self.pupils.iter().filter(move |pupil| grade <= 9 || pupil.stays)
    }
}
