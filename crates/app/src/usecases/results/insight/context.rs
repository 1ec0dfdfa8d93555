//! What could be expected of the schools of a region in their circumstances, and is it more or less?

use std::collections::BTreeMap;

use opora_cells::{Aggregate, Cells, OrganisationId, Procedure};
use opora_inference::context::{
    Class, Expectation, IndexWeight, Measure, Model, Observation, Predictor, Refusal, Region, Settings,
    expect, observe, predictor_name, social_index,
};
use opora_methodology::Pack;
use opora_registry::NodeId;

use super::{cells_of, schools_of};
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::Dataset;

/// Points of the drawn line.
const LINE_POINTS: u8 = 16;

/// An index of social well-being of some methodology.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownIndex {
    /// The methodology it belongs to.
    pub pack: String,
    /// Its name.
    pub name: String,
    /// Its clause, and the title of the methodology.
    pub source: String,
    weights: Vec<IndexWeight>,
}

/// Why schools are not compared with what could be expected of them.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// No methodology has an index of social well-being.
    NoIndex,
    /// The schools of the region have no results of the year.
    NoResults,
    /// No school of the region has everything declared that the index needs; its name.
    NoPassports(String),
    /// There is no line through these schools.
    Refused(Refusal),
}

/// The schools of a region against what could be expected of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The index on the horizontal axis.
    pub index: KnownIndex,
    /// What else was taken into account, as shown.
    pub beside: Vec<String>,
    /// How many schools the line was drawn through.
    pub schools: usize,
    /// Every school with results, by organisation.
    pub placed: Vec<Placed>,
    /// The expected result over the index: index, share of results that passed in per cent.
    pub line: Vec<(f64, f64)>,
    /// How many standard errors the interval of a school reaches to each side.
    pub errors_beyond: f64,
    /// Fewest results of a school that is set against the line.
    pub judged_min: u32,
}

/// One school. Shares are of results that passed, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Which school.
    pub organisation: OrganisationId,
    /// Where it stands.
    pub class: Class,
    /// How many results it rests on.
    pub judged: u32,
    /// What passed.
    pub own: f64,
    /// What passes in the region in the same procedures.
    pub region: f64,
    /// What could be expected; nothing where something about the school is not known.
    pub expected: Option<f64>,
    /// What of the difference lasts when chance is taken off: lowest and highest share.
    pub lasting: Option<(f64, f64)>,
    /// Index of social well-being and, in per cent, the result as if everything else but the index were average.
    pub point: Option<(f64, f64)>,
}

impl Expected {
    /// One school.
    pub fn of(&self, organisation: OrganisationId) -> Option<&Placed> {
        let at = self.placed.binary_search_by_key(&organisation, |placed| placed.organisation).ok()?;
        self.placed.get(at)
    }
}

/// The index of the methodology that is looked at, or the first one that any methodology has.
pub fn index_of(catalog: &Catalog, preferred: &Pack) -> Option<KnownIndex> {
    let others = catalog.packs.values().map(|known| known.pack.as_ref());
    let (pack, index) = std::iter::once(preferred)
        .chain(others)
        .find_map(|pack| pack.indices().first().map(|index| (pack, index)))?;
    let weight = |number: &opora_methodology::Number| {
        *number.value.numer() as f64 / (*number.value.denom() as f64).max(1.0)
    };
    let weights = index.shares.iter().map(|share| IndexWeight {
        indicator: share.indicator,
        weight: weight(&pack[share.weight]),
        higher_is_better: share.raises,
    });
    Some(KnownIndex {
        pack: pack.id.clone(),
        name: index.name.clone(),
        source: format!("{} ({})", pack.title, index.clause),
        weights: weights.collect(),
    })
}

/// Sets the schools of a region against the line through them.
pub fn expected(
    catalog: &Catalog,
    dataset: &Dataset,
    index: Option<KnownIndex>,
    region: NodeId,
    year: u16,
) -> Result<Expected, WhyNot> {
    let index = index.ok_or(WhyNot::NoIndex)?;
    let schools = schools_of(dataset, region);
    let cells = cells_of(dataset, &schools, |cell| cell.year == year && !cell.autumn);
    let registry = &dataset.registry.registry;
    let facts = Region { cells: &cells, registry, aggregates: &[], region: None, year };
    let mut predictors = vec![Predictor::Rural, Predictor::Size];
    let mut observations = observe(&catalog.context, facts, Measure::Passed, &predictors, |_| true);
    if observations.is_empty() {
        return Err(WhyNot::NoResults);
    }
    // A registry that does not tell town from country must not cost everybody the comparison.
    let told = observations.iter().filter(|o| o.predictors.first().is_some_and(Option::is_some)).count();
    if told * 2 < observations.len() {
        predictors.remove(0);
        observations = observe(&catalog.context, facts, Measure::Passed, &predictors, |_| true);
    }
    let declared = declared(dataset, &index, &observations, year);
    for observation in &mut observations {
        let own = declared.get(&observation.organisation).map(Vec::as_slice).unwrap_or_default();
        observation.predictors.insert(0, social_index(&index.weights, own).ok());
    }
    if observations.iter().all(|o| o.predictors.first().is_none_or(Option::is_none)) {
        return Err(WhyNot::NoPassports(index.name));
    }
    let beside: Vec<String> =
        predictors.iter().map(|predictor| predictor_name(*predictor, &catalog.dictionary)).collect();
    let names: Vec<String> = std::iter::once(index.name.clone()).chain(beside.iter().cloned()).collect();
    let model = expect(&catalog.context, &names, &observations).map_err(WhyNot::Refused)?;
    let beside = beside.into_iter().filter(|name| !model.left_out.contains(name)).collect();
    let name = index.name.clone();
    let picture = Picture {
        index: &name,
        settings: &catalog.context,
        cells: &cells,
        model: &model,
        observations: &observations,
    };
    Ok(picture.expected(index, beside))
}

/// What the schools declared that the index needs, not later than the year.
fn declared(
    dataset: &Dataset,
    index: &KnownIndex,
    observations: &[Observation],
    year: u16,
) -> BTreeMap<OrganisationId, Vec<Aggregate>> {
    let mut declared: BTreeMap<OrganisationId, Vec<Aggregate>> =
        observations.iter().map(|o| (o.organisation, Vec::new())).collect();
    for number in dataset.aggregates.iter().filter(|number| number.year <= year) {
        if index.weights.iter().any(|weight| weight.indicator == number.indicator)
            && let Some(own) = declared.get_mut(&number.organisation)
        {
            own.push(*number);
        }
    }
    declared
}

/// The model and what it was made of.
struct Picture<'a> {
    /// Name of the index among the predictors.
    index: &'a str,
    settings: &'a Settings,
    cells: &'a Cells,
    model: &'a Model,
    observations: &'a [Observation],
}

impl Picture<'_> {
    fn expected(&self, index: KnownIndex, beside: Vec<String>) -> Expected {
        let mut sums: BTreeMap<Procedure, (u64, u64)> = BTreeMap::new();
        for cell in self.cells.all() {
            let sum = sums.entry(cell.procedure).or_default();
            sum.0 += u64::from(cell.failed());
            sum.1 += u64::from(cell.judged());
        }
        let (failed, judged) =
            sums.values().fold((0, 0), |(a, b), (failed, judged)| (a + failed, b + judged));
        let level = log_odds(1.0 - share(failed as f64, judged as f64));
        let indices: BTreeMap<OrganisationId, f64> = self
            .observations
            .iter()
            .filter_map(|o| Some((o.organisation, (*o.predictors.first()?)?)))
            .collect();
        let placed = self.model.expectations.iter().map(|expectation| {
            let index = indices.get(&expectation.organisation).copied();
            self.placed(expectation, &sums, index, level)
        });
        let placed: Vec<Placed> = placed.collect();
        let across = placed.iter().filter_map(|placed| placed.point).map(|(x, _)| x);
        let (from, to) = across.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        let line = (0..=LINE_POINTS)
            .map(|step| from + (to - from) * f64::from(step) / f64::from(LINE_POINTS))
            .filter(|x| x.is_finite())
            .map(|x| (x, 100.0 * chance(level + self.along(x))))
            .collect();
        Expected {
            schools: self.model.schools,
            placed,
            line,
            index,
            beside,
            errors_beyond: self.settings.errors_beyond,
            judged_min: self.settings.judged_min,
        }
    }

    /// The line at an index, everything else being average.
    fn along(&self, index: f64) -> f64 {
        let slope = self.model.coefficients.iter().find(|coefficient| coefficient.name == self.index);
        let above = slope.map_or(0.0, |slope| {
            let (mean, deviation) = slope.standardised_by;
            slope.value * (index - mean) / deviation
        });
        self.model.level + above
    }

    fn placed(
        &self,
        expectation: &Expectation,
        sums: &BTreeMap<Procedure, (u64, u64)>,
        index: Option<f64>,
        level: f64,
    ) -> Placed {
        let own = self.cells.of(expectation.organisation);
        let (mut failed, mut usual, mut judged) = (0.0, 0.0, 0.0);
        for cell in own {
            let (of_region, whole) = sums.get(&cell.procedure).copied().unwrap_or_default();
            let pupils = f64::from(cell.judged());
            (failed, judged) = (failed + f64::from(cell.failed()), judged + pupils);
            usual += pupils * share(of_region as f64, whole as f64);
        }
        let region = 1.0 - share(usual, judged);
        let expected = expectation.expected.map(|value| log_odds(region) + value);
        let reach = self.settings.errors_beyond * expectation.standard_error;
        let around = |middle: f64| {
            let lasting = middle + expectation.residual;
            (chance(lasting - reach), chance(lasting + reach))
        };
        let point = index.zip(expectation.expected).map(|(index, value)| {
            let above = expectation.result - value;
            (index, 100.0 * chance(level + self.along(index) + above))
        });
        Placed {
            organisation: expectation.organisation,
            class: expectation.class,
            judged: expectation.judged,
            own: 1.0 - share(failed, judged),
            region,
            expected: expected.map(chance),
            lasting: expected.map(around),
            point,
        }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Kept off 0 and 1, where there are no odds.
fn log_odds(share: f64) -> f64 {
    let share = share.clamp(1e-3, 1.0 - 1e-3);
    (share / (1.0 - share)).ln()
}

fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

impl WhyNot {
    /// What is missing and what can be done, in Russian.
    pub fn words(&self) -> String {
        match self {
            Self::NoIndex => "Ни в одной методике нет индекса социального благополучия: не с чем сравнить \
                              результаты. Подключите методику с разделом index."
                .to_owned(),
            Self::NoResults => "Результатов этого года по региону нет. Загрузите их, и сравнение появится.".to_owned(),
            Self::NoPassports(index) => format!(
                "Нет сведений для показателя «{index}»: ни у одной школы региона нет полного социального паспорта \
                 за этот или прежние годы. Загрузите социальные паспорта на странице данных."
            ),
            Self::Refused(Refusal::TooFewSchools { schools, needed }) => format!(
                "Слишком мало школ: с достаточными результатами и полными сведениями об условиях их {schools}, а нужно \
                 не меньше {needed}. Линия по такому числу школ ничего не значит. Загрузите результаты и социальные \
                 паспорта остальных школ."
            ),
            Self::Refused(Refusal::Collinear { predictors, .. }) => format!(
                "Сведения об условиях повторяют друг друга, их влияние не разделить: {}. Проверьте социальные \
                 паспорта: возможно, один столбец загружен вместо другого.",
                predictors.join(", ")
            ),
            Self::Refused(Refusal::Predictors { .. }) => {
                "Показателей условий больше, чем выдерживает такое сравнение.".to_owned()
            }
            Self::Refused(Refusal::NotANumber(_)) => {
                "Среди сведений об условиях есть значение, которое не является числом. Проверьте социальные паспорта."
                    .to_owned()
            }
        }
    }
}

/// The class in words, as pages and lists have it.
pub fn class_words(class: Class) -> &'static str {
    match class {
        Class::Above => "лучше ожидаемого",
        Class::AsExpected => "как ожидалось",
        Class::Below => "хуже ожидаемого",
        Class::NotEnough => "недостаточно данных",
    }
}
