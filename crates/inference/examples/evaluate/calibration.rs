//! Do probabilities of uncertainty come true as often as they say?

use std::collections::BTreeMap;

use opora_cells::{Cell, OrganisationId, Procedure, Share};
use opora_inference::uncertainty::{Bounds, Estimate, Priors, ProcedureChance, rule_chance};

use crate::world::World;

/// A probability that was told, what the plain rule said, and the truth.
#[derive(Clone, Copy)]
pub struct Told {
    pub probability: f64,
    pub rule: bool,
    pub truth: bool,
    pub size: u32,
}

/// Everything that was told about a world.
#[derive(Default)]
pub struct Calibration {
    /// Cell by cell, of procedures in which nobody interfered.
    pub cells: Vec<Told>,
    /// Cells with planted inflation.
    pub inflated: Vec<Told>,
    /// «At least two procedures of the year», school-year by school-year.
    pub many: Vec<Told>,
    /// «The same procedure in two years».
    pub repeated: Vec<Told>,
    /// How many intervals of cells hold the truth, and how many there are.
    pub covered: (usize, usize),
}

struct Known {
    estimate: f64,
    low: bool,
    truly_low: bool,
}

impl Calibration {
    pub fn of(world: &World, bounds: &Bounds) -> Option<Self> {
        let threshold = Share::new(3, 10)?;
        let mut found = Self::default();
        for place in &world.places {
            let priors = Priors::of(place.cells.all(), &place.registry);
            let truth: BTreeMap<(OrganisationId, Procedure, u16), (f64, bool)> = place
                .truth
                .cells
                .iter()
                .map(|t| {
                    ((t.organisation, t.procedure, t.year), (f64::from(t.failing), t.inflation.is_some()))
                })
                .collect();
            for cells in place.cells.by_organisation() {
                let mut known: BTreeMap<(u16, Procedure), Known> = BTreeMap::new();
                let mut honest = true;
                for cell in cells.iter().filter(|cell| !cell.autumn) {
                    let key = (cell.organisation, cell.procedure, cell.year);
                    let (Some((share, inflated)), prior) =
                        (truth.get(&key).copied(), priors.prior(bounds, &cell, &place.registry))
                    else {
                        continue;
                    };
                    let counts = (cell.failed(), cell.judged());
                    let Some(estimate) = Estimate::new(bounds, prior, counts, threshold) else { continue };
                    let told = told(&cell, &estimate, share);
                    if inflated {
                        honest = false;
                        found.inflated.push(told);
                        continue;
                    }
                    found.cells.push(told);
                    let (low, high) = estimate.posterior.interval(bounds.interval);
                    found.covered.0 += usize::from((low..=high).contains(&share));
                    found.covered.1 += 1;
                    let of_cell = Known { estimate: told.probability, low: told.rule, truly_low: told.truth };
                    known.insert((cell.year, cell.procedure), of_cell);
                }
                if honest {
                    found.rules(&known, &world.years);
                }
            }
        }
        Some(found)
    }

    /// The criteria of a school, year by year.
    fn rules(&mut self, known: &BTreeMap<(u16, Procedure), Known>, years: &[u16]) {
        for year in years {
            let of_year: Vec<(&Known, Option<&Known>)> = known
                .iter()
                .filter(|((of, _), _)| of == year)
                .map(|((_, procedure), now)| (now, known.get(&(year - 1, *procedure))))
                .collect();
            if of_year.is_empty() {
                continue;
            }
            let chances: Vec<ProcedureChance> = of_year
                .iter()
                .map(|(now, before)| ProcedureChance {
                    this_year: now.estimate,
                    other_years: before.map_or(0.0, |before| before.estimate),
                })
                .collect();
            let chance = rule_chance(&chances, 2);
            let many = |low: fn(&Known) -> bool| of_year.iter().filter(|(now, _)| low(now)).count() >= 2;
            let again = |low: fn(&Known) -> bool| {
                of_year.iter().any(|(now, before)| low(now) && before.is_some_and(low))
            };
            let size = of_year.len() as u32;
            self.many.push(Told {
                probability: chance.many,
                rule: many(|k| k.low),
                truth: many(|k| k.truly_low),
                size,
            });
            if of_year.iter().any(|(_, before)| before.is_some()) {
                self.repeated.push(Told {
                    probability: chance.repeated,
                    rule: again(|k| k.low),
                    truth: again(|k| k.truly_low),
                    size,
                });
            }
        }
    }
}

fn told(cell: &Cell, estimate: &Estimate<'_>, share: f64) -> Told {
    let rule = cell.failed_share().is_some_and(|own| own >= estimate.threshold);
    Told { probability: estimate.probability, rule, truth: share >= 0.3, size: cell.judged() }
}

/// One bin of a reliability table.
pub struct Bin {
    pub count: usize,
    pub told: f64,
    pub came_true: f64,
}

/// Ten bins of equal width.
pub fn bins(told: &[Told]) -> Vec<Bin> {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); 10];
    for one in told {
        let at = ((one.probability * 10.0) as usize).min(9);
        sums[at].0 += 1;
        sums[at].1 += one.probability;
        sums[at].2 += usize::from(one.truth);
    }
    let share = |sum: f64, count: usize| if count > 0 { sum / count as f64 } else { 0.0 };
    sums.iter()
        .map(|(count, told, truth)| Bin {
            count: *count,
            told: share(*told, *count),
            came_true: share(*truth as f64, *count),
        })
        .collect()
}

/// Brier score of the probabilities, of the plain rule as 0 or 1, and of always telling the share of all.
pub fn brier(told: &[Told]) -> (f64, f64, f64) {
    let number = |yes: bool| f64::from(u8::from(yes));
    let count = told.len().max(1) as f64;
    let base = told.iter().map(|one| number(one.truth)).sum::<f64>() / count;
    let score = |value: &dyn Fn(&Told) -> f64| {
        told.iter().map(|one| (value(one) - number(one.truth)).powi(2)).sum::<f64>() / count
    };
    (score(&|one| one.probability), score(&|one| number(one.rule)), score(&|_| base))
}
