//! Do probabilities come true as often as they say, in a small country whose truth is known?
//!
//! The whole table is `docs/evidence/calibration.md`; this guards it from getting worse unseen.

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::collections::BTreeMap;

use opora_cells::{Cell, OrganisationId, Procedure, Share};
use opora_inference::uncertainty::{Bounds, Estimate, Priors};
use opora_registry::Registry;
use opora_simulate::{Country, Options, Preset};

/// How far a bin of at least so many cases may be off.
const CASES_MIN: f64 = 60.0;
const OFF_MOST: f64 = 0.12;

struct Told {
    probability: f64,
    rule: f64,
    truth: f64,
    held: bool,
}

/// Every paper of 150 schools in two years in which nobody interfered.
fn told() -> Vec<Told> {
    let bounds = Bounds::read("uncertainty.toml", include_str!("../../../packs/markers/uncertainty.toml"))
        .expect("the pack reads");
    let options =
        Options { schools: 150, seed: 7, details: true, ..Options::preset(Preset::Region) }.with_years(2);
    let region = Country::new(&options).region(0).expect("a region");
    let (registry, errors) = Registry::new(region.nodes, region.organisations, region.events);
    assert_eq!(errors, []);
    let mut cells: BTreeMap<(OrganisationId, Procedure, u16), Cell> = BTreeMap::new();
    for row in &region.rows {
        let key = (row.organisation, row.procedure, row.year);
        let cell = cells.entry(key).or_insert_with(|| Cell::empty(key.0, key.1, key.2));
        cell.participants += 1;
        match row.outcome.code() {
            mark @ 2..=5 => cell.marks[usize::from(mark) - 2] += 1,
            1 => cell.below_minimum += 1,
            6 => cell.at_minimum += 1,
            _ => cell.unmarked += 1,
        }
    }
    let priors = Priors::of(cells.values(), &registry);
    let threshold = Share::new(3, 10).expect("a share");
    let honest = region.truth.cells.iter().filter(|truth| truth.inflation.is_none());
    honest
        .filter_map(|truth| {
            let cell = cells.get(&(truth.organisation, truth.procedure, truth.year))?;
            let prior = priors.prior(&bounds, cell, &registry);
            let estimate = Estimate::new(&bounds, prior, (cell.failed(), cell.judged()), threshold)?;
            let (low, high) = estimate.posterior.interval(bounds.interval);
            let number = |yes: bool| f64::from(u8::from(yes));
            Some(Told {
                probability: estimate.probability,
                rule: number(cell.failed_share()? >= threshold),
                truth: number(f64::from(truth.failing) >= 0.3),
                held: (low..=high).contains(&f64::from(truth.failing)),
            })
        })
        .collect()
}

#[test]
fn probabilities_come_true_as_often_as_they_say() {
    let told = told();
    assert!(told.len() > 3000, "{}", told.len());
    let mut bins = [(0.0, 0.0, 0.0); 10];
    for one in &told {
        let bin = &mut bins[((one.probability * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1.0, bin.1 + one.probability, bin.2 + one.truth);
    }
    let large: Vec<_> = bins.iter().filter(|(cases, ..)| *cases >= CASES_MIN).collect();
    assert!(large.len() >= 3, "{bins:?}");
    for (cases, probability, truth) in large {
        let off = (probability - truth).abs() / cases;
        assert!(off <= OFF_MOST, "told {:.3}, came true {:.3}", probability / cases, truth / cases);
    }
    let mean = |value: fn(&Told) -> f64| told.iter().map(value).sum::<f64>() / told.len() as f64;
    let ours = mean(|one| (one.probability - one.truth).powi(2));
    let rule = mean(|one| (one.rule - one.truth).powi(2));
    let base = mean(|one| one.truth);
    assert!(ours < 0.7 * rule, "Brier score {ours:.4}, of the rule as 0 or 1 {rule:.4}");
    assert!(ours < base * (1.0 - base), "Brier score {ours:.4}, of always telling the share {base:.4}");
    let held = mean(|one| f64::from(u8::from(one.held)));
    assert!((0.84..=0.95).contains(&held), "intervals of 90 % hold in {held:.3}");
}
