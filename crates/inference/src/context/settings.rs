//! Which numbers does the comparison with expectations use?

use opora_fields::{Errors, Fields, FileError, parse};

use crate::Provenance;
use crate::table::{ROOT, Table};

/// Bounds of the comparison, as `packs/markers/context.toml` gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Fewest schools for any line.
    pub schools_min: u32,
    /// Fewest schools for each predictor.
    pub schools_per_predictor: u32,
    /// Fewest results of a school.
    pub judged_min: u32,
    /// Huber's bound, in standard deviations.
    pub huber: f64,
    /// Predictors that say the same are refused: largest ratio of singular values of the standardised predictors.
    pub condition_max: f64,
    /// How much wider chance is than for independent results: one pupil writes several papers.
    pub design_effect: f64,
    /// A class other than «как ожидалось» needs a residual beyond so many standard errors.
    pub errors_beyond: f64,
    /// … and of at least this size, in units of the measure.
    pub residual_min: f64,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

impl Settings {
    /// Reads the pack. `file` names it in messages. All errors are returned together.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(file, text);
        let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
        let mut file = Table::new(Fields::root(&document, ROOT));
        let provenance = file.provenance(&mut errors);
        let settings = Self {
            schools_min: file.count("schools_min", &mut errors),
            schools_per_predictor: file.count("schools_per_predictor", &mut errors),
            judged_min: file.count("judged_min", &mut errors),
            huber: file.number("huber", (0.5, 10.0), &mut errors),
            condition_max: file.number("condition_max", (1.0, 1e6), &mut errors),
            design_effect: file.number("design_effect", (1.0, 100.0), &mut errors),
            errors_beyond: file.number("errors_beyond", (0.0, 10.0), &mut errors),
            residual_min: file.number("residual_min", (0.0, 10.0), &mut errors),
            provenance,
        };
        file.finish(&mut errors);
        errors.or(Some(settings))
    }
}
