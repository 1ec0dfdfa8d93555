//! How sure is each share of a school, beside the rule and never instead of it?

use opora_cells::{OrganisationId, Procedure, Share};
use opora_inference::uncertainty::{Estimate, Priors};
use opora_methodology::{NumberUse, Pack, Question};

use super::catalog::Catalog;
use super::dataset::Dataset;
use super::insight::{cells_of, schools_of};

/// What is said about one procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct Certainty {
    /// In what.
    pub procedure: Procedure,
    /// How many did not pass.
    pub failed: u32,
    /// How many have an outcome.
    pub judged: u32,
    /// Probability that the true share is not below the line, 0 to 1.
    pub probability: f64,
    /// The words for it.
    pub word: String,
    /// So few results that one or two pupils decide.
    pub small: bool,
}

/// The line of a methodology that shares of those who failed are compared with; nothing where it has none.
pub fn line(pack: &Pack) -> Option<Share> {
    let number = pack.criteria().iter().find_map(|criterion| match &criterion.question {
        Question::Procedures { threshold, .. } | Question::SameProcedure { threshold, .. } => {
            Some(&pack[*threshold])
        }
        _ => None,
    })?;
    let part =
        u64::try_from(*number.value.numer()).ok().filter(|_| number.uses.contains(&NumberUse::Share))?;
    Share::new(part, u64::try_from(*number.value.denom()).ok()?)
}

/// How sure the shares of a school's procedures of a year are, against the schools around it.
pub fn certainty(
    catalog: &Catalog,
    dataset: &Dataset,
    pack: &Pack,
    school: OrganisationId,
    year: u16,
) -> Vec<Certainty> {
    let Some(line) = line(pack) else { return Vec::new() };
    let registry = &dataset.registry.registry;
    let Some(region) = registry.region_of(school) else { return Vec::new() };
    // School by school: the cells of a country are many, those of a region are not.
    let around = cells_of(dataset, &schools_of(dataset, region), |cell| cell.year == year);
    let priors = Priors::of(around.all().iter(), registry);
    let own = dataset.cells.of(school).iter().filter(|cell| cell.year == year);
    own.filter_map(|cell| {
        let prior = priors.prior(&catalog.bounds, &cell, registry);
        let told = Estimate::new(&catalog.bounds, prior, (cell.failed(), cell.judged()), line)?;
        Some(Certainty {
            procedure: cell.procedure,
            failed: told.failed,
            judged: told.judged,
            probability: told.probability,
            word: told.word.to_owned(),
            small: told.small,
        })
    })
    .collect()
}
