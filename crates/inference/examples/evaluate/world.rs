//! What would the program see of a simulated country, and what is true there?

use std::collections::BTreeMap;

use opora_cells::{Cell, Cells, Dictionary, OrganisationId, Outcome, Row, Scales, ScoreCount, TaskSum};
use opora_inference::markers::{ClassScore, class_scores};
use opora_registry::{NodeId, Registry};
use opora_simulate::{Country, Options, Truth};

/// One region: what the program sees, and the truth.
pub struct Place {
    pub region: NodeId,
    pub registry: Registry,
    pub cells: Cells,
    pub scores: Vec<ScoreCount>,
    pub tasks: Vec<TaskSum>,
    pub classes: Vec<ClassScore>,
    pub scales: Scales,
    pub truth: Truth,
}

/// A simulated country.
pub struct World {
    pub places: Vec<Place>,
    pub dictionary: Dictionary,
    pub years: Vec<u16>,
}

impl World {
    /// Of a seed: so many schools in regions of some 500.
    pub fn new(seed: u64, schools: u32) -> Self {
        let regions = (schools / 500).max(1);
        let options = Options { seed, schools, regions, details: true, ..Options::of_schools(schools) };
        let country = Country::new(&options);
        let scales = Scales::new(country.scales());
        let places =
            (0..country.regions()).filter_map(|number| country.region(number)).filter_map(|region| {
                let node = region.nodes.first()?.id;
                let (registry, errors) = Registry::new(region.nodes, region.organisations, region.events);
                assert!(errors.is_empty(), "the registry of a simulated region is right: {errors:?}");
                Some(Place {
                    region: node,
                    registry,
                    cells: count(&region.rows, country.dictionary()),
                    scores: region.score_counts,
                    tasks: region.task_sums,
                    classes: class_scores(&region.rows),
                    scales: scales.clone(),
                    truth: region.truth,
                })
            });
        let places = places.collect();
        World { places, dictionary: country.dictionary().clone(), years: options.years().collect() }
    }
}

/// Counts rows into cells, plainly.
fn count(rows: &[Row], dictionary: &Dictionary) -> Cells {
    let mut cells: BTreeMap<(OrganisationId, u32, u16), Cell> = BTreeMap::new();
    for row in rows {
        let key = (row.organisation, row.procedure.packed(), row.year);
        let cell = cells.entry(key).or_insert_with(|| Cell::empty(row.organisation, row.procedure, row.year));
        cell.autumn = dictionary.held_in_autumn(row.procedure.kind, row.year);
        cell.participants += 1;
        match row.outcome {
            Outcome::None => cell.unmarked += 1,
            Outcome::BelowMinimum => cell.below_minimum += 1,
            Outcome::AtMinimum => cell.at_minimum += 1,
            Outcome::Two => cell.marks[0] += 1,
            Outcome::Three => cell.marks[1] += 1,
            Outcome::Four => cell.marks[2] += 1,
            Outcome::Five => cell.marks[3] += 1,
        }
        if let Some(score) = row.score {
            cell.scored += 1;
            cell.score_sum += u32::from(score);
        }
        if let Some(journal) = row.journal.filter(|_| (2..=5).contains(&row.outcome.code())) {
            let against = row.outcome.code().cmp(&journal) as i8 + 1;
            cell.against_journal[usize::from(against.unsigned_abs())] += 1;
        }
    }
    Cells::new(cells.into_values().collect::<Vec<_>>()).0
}
