//! How sure is each share of a school, beside the rule and never instead of it?

use opora_cells::{OrganisationId, Procedure, Share};
use opora_inference::uncertainty::{Estimate, Priors, at_least, at_least_bounds};
use opora_methodology::{AtLeast, Compare, Measure, Number, NumberUse, Pack, Question, Span};

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
    pack.criteria()
        .iter()
        .find_map(|criterion| match &criterion.question {
            Question::Procedures { threshold, .. } | Question::SameProcedure { threshold, .. } => {
                Some(&pack[*threshold])
            }
            _ => None,
        })
        .and_then(share)
}

fn share(number: &Number) -> Option<Share> {
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
    line(pack).map_or_else(Vec::new, |line| against(catalog, dataset, line, school, year))
}

fn against(
    catalog: &Catalog,
    dataset: &Dataset,
    line: Share,
    school: OrganisationId,
    year: u16,
) -> Vec<Certainty> {
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

/// How likely a criterion holds that looks at several procedures together.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// Name of the criterion in its pack.
    pub criterion: String,
    /// Its name in words.
    pub name: String,
    /// The chance, or why there is none.
    pub chance: Result<Chance, &'static str>,
}

/// The chance that the true shares of enough procedures are not below the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Chance {
    /// So many are enough.
    pub count: usize,
    /// Of these.
    pub procedures: Vec<Procedure>,
    /// Lowest and highest probability, however the procedures hang together.
    pub bounds: (f64, f64),
    /// The probability if they did not hang together at all.
    pub alone: f64,
}

impl Chance {
    /// The bounds in whole per cents, outwards: what is told holds.
    pub fn percents(&self) -> (u32, u32) {
        let (low, high) = self.bounds;
        // A hair inwards first: sums of chances are not exact.
        ((low * 100.0 + 1e-9).floor() as u32, (high * 100.0 - 1e-9).ceil() as u32)
    }
}

impl Together {
    /// In Russian, without the name of the criterion.
    pub fn words(&self) -> String {
        match &self.chance {
            Err(why) => format!("вероятность не рассчитывается: {why}"),
            Ok(chance) => {
                let (low, high) = chance.percents();
                let range =
                    if low == high { format!("{low} %") } else { format!("от {low} до {high} %") };
                format!(
                    "не ниже порога хотя бы {} из {} процедур: {range}",
                    chance.count,
                    chance.procedures.len()
                )
            }
        }
    }
}

const YEARS: &str = "результаты одной школы в разные годы похожи, насколько – не известно";
const AROUND: &str = "критерий сравнивает школу не с порогом доли, а с другими школами или показателями";

/// How likely each criterion of a methodology holds for a school: beside the rule, never instead of it.
pub fn together(
    catalog: &Catalog,
    dataset: &Dataset,
    pack: &Pack,
    school: OrganisationId,
    year: u16,
) -> Vec<Together> {
    let one = |criterion: &opora_methodology::Criterion| Together {
        criterion: criterion.id.clone(),
        name: criterion.name.clone(),
        chance: chance(catalog, dataset, pack, &criterion.question, (school, year)),
    };
    pack.criteria().iter().map(one).collect()
}

fn chance(
    catalog: &Catalog,
    dataset: &Dataset,
    pack: &Pack,
    question: &Question,
    (school, year): (OrganisationId, u16),
) -> Result<Chance, &'static str> {
    let (set, threshold, wanted, participants_min) = match question {
        Question::SameProcedure { .. } => return Err(YEARS),
        Question::Procedures { span, .. } if *span != Span::default() => return Err(YEARS),
        Question::Procedures {
            set,
            measure: Measure::FailedShare,
            compare: Compare::AtLeast | Compare::More,
            threshold,
            at_least,
            participants_min,
            ..
        } => (&pack[*set], &pack[*threshold], *at_least, *participants_min),
        _ => return Err(AROUND),
    };
    let line = share(threshold).ok_or(AROUND)?;
    let least = participants_min.map_or(0, |number| pack[number].count());
    let looked_at = |procedure: Procedure| {
        let own = dataset.cells.of(school).iter();
        let mut own = own.filter(|cell| cell.procedure == procedure && cell.year == year);
        set.contains(procedure) && own.any(|cell| u64::from(cell.participants) >= least)
    };
    let sure: Vec<Certainty> = against(catalog, dataset, line, school, year)
        .into_iter()
        .filter(|one| looked_at(one.procedure))
        .collect();
    let count = match wanted {
        AtLeast::Number(number) => usize::try_from(pack[number].count()).unwrap_or(usize::MAX),
        AtLeast::All => sure.len(),
    };
    if count == 0 || sure.len() < count {
        return Err("в этом году процедур с результатами меньше, чем нужно критерию");
    }
    let chances: Vec<f64> = sure.iter().map(|one| one.probability).collect();
    Ok(Chance {
        count,
        procedures: sure.into_iter().map(|one| one.procedure).collect(),
        bounds: at_least_bounds(&chances, count),
        alone: at_least(&chances, count),
    })
}
