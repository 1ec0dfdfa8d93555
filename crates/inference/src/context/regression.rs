//! Where does the line through the schools go, and how far from it does a school stand?
//!
//! Weighted least squares with Huber's weights (iterated): a school that nothing explains bends the line little. The
//! variance of a school around the line has two parts: chance, which its number of pupils tells, and what schools
//! really differ by, found robustly from all residuals.

use nalgebra::{DMatrix, DVector};
use opora_cells::OrganisationId;

use super::Settings;
use crate::robust::Spread;

/// Most predictors: more are a sign of a mistake.
const PREDICTORS_MAX: usize = 10;
const ITERATIONS_MAX: usize = 100;
const CONVERGED: f64 = 1e-9;

/// What is known of one school.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Whose result.
    pub organisation: OrganisationId,
    /// The result, higher is better.
    pub result: f64,
    /// Variance of its chance.
    pub variance: f64,
    /// How many results it rests on.
    pub judged: u32,
    /// Its predictors in the order of their names; nothing where one is not known.
    pub predictors: Vec<Option<f64>>,
}

/// Why there is no line.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Too few schools with all that is needed.
    TooFewSchools {
        /// How many there are.
        schools: usize,
        /// How many are needed for so many predictors.
        needed: usize,
    },
    /// Two or more predictors say the same.
    Collinear {
        /// Ratio of the largest and the smallest singular value.
        condition: f64,
        /// The predictors that take part, by name.
        predictors: Vec<String>,
    },
    /// More predictors than a line can be trusted with, or another number of values than of names.
    Predictors {
        /// How many there are.
        predictors: usize,
        /// How many are possible.
        most: usize,
    },
    /// A value is no finite number, or a variance is below zero.
    NotANumber(OrganisationId),
}

/// How a result changes with a predictor.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// Name of the predictor.
    pub name: String,
    /// Change of the result when the predictor grows by one standard deviation.
    pub value: f64,
    /// Standard error of it.
    pub standard_error: f64,
    /// Mean and standard deviation of the predictor over the schools.
    pub standardised_by: (f64, f64),
}

/// Where a school stands against what could be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Better than expected.
    Above,
    /// As expected.
    AsExpected,
    /// Worse than expected.
    Below,
    /// Too few pupils, or a predictor is not known.
    NotEnough,
}

impl Class {
    /// The class as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Above => "выше ожидаемого",
            Self::AsExpected => "как ожидалось",
            Self::Below => "ниже ожидаемого",
            Self::NotEnough => "недостаточно данных",
        }
    }
}

/// One school against the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// Whose.
    pub organisation: OrganisationId,
    /// What it has.
    pub result: f64,
    /// How many results that rests on.
    pub judged: u32,
    /// What could be expected; nothing where a predictor is not known.
    pub expected: Option<f64>,
    /// What it has above that, shrunk by how much of it may be chance.
    pub residual: f64,
    /// Standard error of the shrunk residual.
    pub standard_error: f64,
    /// Where it stands.
    pub class: Class,
}

/// The line and every school against it, by organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Expected result of a school with average predictors.
    pub level: f64,
    /// The predictors that differ between schools.
    pub coefficients: Vec<Coefficient>,
    /// Predictors that are the same for all schools: they explain nothing and were left out.
    pub left_out: Vec<String>,
    /// Standard deviation of what schools really differ by around the line.
    pub deviation: f64,
    /// How many schools the line was drawn through.
    pub schools: usize,
    /// School by school.
    pub expectations: Vec<Expectation>,
}

/// Draws the line and sets every school against it. Refuses rather than draws a line that means nothing.
pub fn expect(settings: &Settings, names: &[String], observations: &[Observation]) -> Result<Model, Refusal> {
    let odd = observations.iter().find(|o| o.predictors.len() != names.len());
    if names.len() > PREDICTORS_MAX || odd.is_some() {
        let predictors = odd.map_or(names.len(), |o| o.predictors.len());
        return Err(Refusal::Predictors { predictors, most: names.len().min(PREDICTORS_MAX) });
    }
    let finite = |o: &Observation| {
        o.result.is_finite()
            && o.variance.is_finite()
            && o.variance >= 0.0
            && o.predictors.iter().flatten().all(|value| value.is_finite())
    };
    if let Some(wrong) = observations.iter().find(|o| !finite(o)) {
        return Err(Refusal::NotANumber(wrong.organisation));
    }
    let mut used: Vec<(&Observation, Vec<f64>)> = observations
        .iter()
        .filter(|o| o.judged >= settings.judged_min)
        .filter_map(|o| Some((o, o.predictors.iter().copied().collect::<Option<Vec<f64>>>()?)))
        .collect();
    used.sort_by_key(|(o, _)| o.organisation);
    let enough = |predictors: usize| {
        let needed = (settings.schools_min as usize)
            .max(settings.schools_per_predictor as usize * predictors)
            .max(predictors + 2);
        if used.len() < needed {
            return Err(Refusal::TooFewSchools { schools: used.len(), needed });
        }
        Ok(())
    };
    enough(0)?;
    let scales: Vec<Option<(f64, f64)>> = (0..names.len())
        .map(|p| standardisation(used.iter().filter_map(|(_, x)| x.get(p).copied())))
        .collect();
    let kept: Vec<usize> = (0..names.len()).filter(|p| scales.get(*p).is_some_and(Option::is_some)).collect();
    enough(kept.len())?;
    let frame = Frame { names, scales: &scales, kept: &kept };
    let design = DMatrix::from_fn(used.len(), kept.len() + 1, |row, column| {
        match (column.checked_sub(1), used.get(row)) {
            (Some(column), Some((_, x))) => {
                frame.standardised(column, |p| x.get(p).copied()).unwrap_or_default()
            }
            _ => 1.0,
        }
    });
    frame.independent(&design, settings)?;
    let fit =
        Fit::of(&design, &used.iter().map(|(o, _)| (o.result, o.variance)).collect::<Vec<_>>(), settings)
            .ok_or_else(|| frame.collinear(f64::INFINITY))?;
    Ok(frame.model(settings, &fit, used.len(), observations))
}

/// Mean and standard deviation, unless the values are all the same.
fn standardisation(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let deviation = (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    (deviation > 1e-9 * (1.0 + mean.abs())).then_some((mean, deviation))
}

/// The predictors that are in the line.
struct Frame<'a> {
    names: &'a [String],
    scales: &'a [Option<(f64, f64)>],
    kept: &'a [usize],
}

impl Frame<'_> {
    fn standardised(&self, column: usize, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let predictor = *self.kept.get(column)?;
        let (mean, deviation) = (*self.scales.get(predictor)?)?;
        Some((value(predictor)? - mean) / deviation)
    }

    fn kept_names(&self) -> Vec<String> {
        self.kept.iter().filter_map(|p| self.names.get(*p).cloned()).collect()
    }

    fn collinear(&self, condition: f64) -> Refusal {
        Refusal::Collinear { condition, predictors: self.kept_names() }
    }

    fn independent(&self, design: &DMatrix<f64>, settings: &Settings) -> Result<(), Refusal> {
        let eigenvalues = (design.transpose() * design).symmetric_eigenvalues();
        let (lowest, highest) = (eigenvalues.min().max(0.0), eigenvalues.max());
        let condition = if lowest > 0.0 { (highest / lowest).sqrt() } else { f64::INFINITY };
        if condition > settings.condition_max { Err(self.collinear(condition)) } else { Ok(()) }
    }

    fn model(&self, settings: &Settings, fit: &Fit, schools: usize, observations: &[Observation]) -> Model {
        let value = |column: usize| fit.coefficients.get(column).copied().unwrap_or_default();
        let coefficients = self.kept.iter().zip(self.kept_names()).zip(1..);
        let coefficients = coefficients.map(|((predictor, name), column)| Coefficient {
            name,
            value: value(column),
            standard_error: fit.covariance.get((column, column)).map_or(0.0, |v| v.max(0.0).sqrt()),
            standardised_by: self.scales.get(*predictor).copied().flatten().unwrap_or_default(),
        });
        let left_out = self.names.iter().zip(self.scales).filter(|(_, scale)| scale.is_none());
        let mut expectations: Vec<Expectation> =
            observations.iter().map(|o| self.expectation(settings, fit, o)).collect();
        expectations.sort_by_key(|expectation| expectation.organisation);
        Model {
            level: value(0),
            coefficients: coefficients.collect(),
            left_out: left_out.map(|(name, _)| name.clone()).collect(),
            deviation: fit.deviation,
            schools,
            expectations,
        }
    }

    fn expectation(&self, settings: &Settings, fit: &Fit, o: &Observation) -> Expectation {
        let known = |p: usize| o.predictors.get(p).copied().flatten();
        let x: Option<Vec<f64>> =
            (0..self.kept.len()).map(|column| self.standardised(column, known)).collect();
        let unknown = Expectation {
            organisation: o.organisation,
            result: o.result,
            judged: o.judged,
            expected: None,
            residual: 0.0,
            standard_error: fit.deviation,
            class: Class::NotEnough,
        };
        let Some(x) = x else { return unknown };
        let x = DVector::from_iterator(x.len() + 1, std::iter::once(1.0).chain(x));
        let expected = x.dot(&fit.coefficients);
        let line = (&fit.covariance * &x).dot(&x).max(0.0);
        let (between, chance) = (fit.deviation.powi(2), o.variance + line);
        let kept = if between > 0.0 { between / (between + chance) } else { 0.0 };
        let (residual, standard_error) = ((o.result - expected) * kept, (chance * kept).sqrt());
        let far = residual.abs() > settings.errors_beyond * standard_error
            && residual.abs() >= settings.residual_min
            && kept > 0.0;
        let class = match (o.judged >= settings.judged_min, far) {
            (false, _) => Class::NotEnough,
            (true, false) => Class::AsExpected,
            (true, true) if residual > 0.0 => Class::Above,
            (true, true) => Class::Below,
        };
        Expectation { expected: Some(expected), residual, standard_error, class, ..unknown }
    }
}

/// The line in standardised predictors.
struct Fit {
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
    deviation: f64,
}

impl Fit {
    /// Nothing when the equations have no solution.
    fn of(design: &DMatrix<f64>, results: &[(f64, f64)], settings: &Settings) -> Option<Self> {
        let result = DVector::from_iterator(results.len(), results.iter().map(|(result, _)| *result));
        let mut deviation = 0.0_f64;
        let mut weights = vec![1.0; results.len()];
        let mut coefficients: DVector<f64> = DVector::zeros(design.ncols());
        for _ in 0..ITERATIONS_MAX {
            let (next, _) = solve(design, &result, &weights)?;
            let moved = (&next - &coefficients).amax();
            coefficients = next;
            let residuals = &result - design * &coefficients;
            let with_errors: Vec<(f64, f64)> =
                residuals.iter().zip(results).map(|(residual, (_, error))| (*residual, *error)).collect();
            deviation = Spread::of(&with_errors)?.deviation;
            weights = with_errors.iter().map(|pair| weight(*pair, deviation, settings.huber)).collect();
            if moved < CONVERGED {
                break;
            }
        }
        let (coefficients, covariance) = solve(design, &result, &weights)?;
        Some(Self { coefficients, covariance, deviation })
    }
}

/// Inverse variance, less for what stands far from the line.
fn weight((residual, error): (f64, f64), deviation: f64, huber: f64) -> f64 {
    let variance = (deviation.powi(2) + error).max(1e-12);
    let far = residual.abs() / variance.sqrt();
    if far > huber { huber / far / variance } else { 1.0 / variance }
}

/// Weighted least squares: coefficients and their covariance.
fn solve(
    design: &DMatrix<f64>,
    result: &DVector<f64>,
    weights: &[f64],
) -> Option<(DVector<f64>, DMatrix<f64>)> {
    let mut weighted = design.clone();
    for (mut row, weight) in weighted.row_iter_mut().zip(weights) {
        row *= *weight;
    }
    let covariance = (weighted.transpose() * design).cholesky()?.inverse();
    let coefficients = &covariance * (weighted.transpose() * result);
    coefficients.iter().all(|value| value.is_finite()).then_some((coefficients, covariance))
}
