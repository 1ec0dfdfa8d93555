//! Is the probability that a true share is above the line what probability theory says?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use opora_cells::{Cell, OrganisationId, Procedure, Share};
use opora_inference::uncertainty::{
    Basis, Bounds, Estimate, Moments, Posterior, Prior, Priors, ProcedureChance, at_least, at_least_bounds,
    rule_chance,
};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use proptest::prelude::*;

const PACK: &str = include_str!("../../../packs/markers/uncertainty.toml");

fn bounds() -> Bounds {
    Bounds::read("uncertainty.toml", PACK).expect("the pack reads")
}

fn share(part: u64, whole: u64) -> Share {
    Share::new(part, whole).expect("a share")
}

fn flat() -> Prior {
    Prior { failed: 1.0, passed: 1.0, basis: Basis::Weak }
}

#[track_caller]
fn check(prior: Prior, counts: (u32, u32), threshold: Share, expected: f64) {
    let posterior = Posterior::new(&prior, counts.0, counts.1).expect("counts that can be");
    let found = posterior.at_least(threshold);
    assert!((found - expected).abs() < 1e-4, "{counts:?}: {found}, expected {expected}");
}

#[test]
fn three_of_ten_is_hardly_more_than_a_coin() {
    // With a flat prior: the chance of at most 3 of 11 at 0.3, by the binomial law.
    check(flat(), (3, 10), share(3, 10), 0.569_56);
    check(flat(), (0, 1), share(1, 2), 0.25);
    check(flat(), (1, 1), share(1, 2), 0.75);
}

#[test]
fn many_pupils_make_it_sure() {
    check(flat(), (330, 1000), share(3, 10), 0.980_71);
    check(flat(), (30_000, 100_000), share(3, 10), 0.50073);
    check(flat(), (32_000, 100_000), share(3, 10), 1.0);
}

#[test]
fn a_line_at_the_ends_is_certain() {
    check(flat(), (0, 10), share(0, 1), 1.0);
    check(flat(), (10, 10), share(1, 1), 0.0);
}

#[test]
fn counts_that_can_not_be_have_no_estimate() {
    assert_eq!(Posterior::new(&flat(), 0, 0), None);
    assert_eq!(Posterior::new(&flat(), 3, 2), None);
    let broken = Prior { failed: f64::NAN, ..flat() };
    assert_eq!(Posterior::new(&broken, 1, 2), None);
    assert_eq!(Estimate::new(&bounds(), flat(), (0, 0), share(3, 10)), None);
}

#[test]
fn small_schools_are_marked_and_words_follow_the_probability() {
    let bounds = bounds();
    let word = |counts: (u32, u32)| {
        let estimate = Estimate::new(&bounds, flat(), counts, share(3, 10)).expect("an estimate");
        (estimate.word.to_owned(), estimate.small)
    };
    assert_eq!(word((3, 10)), ("примерно поровну: выше или ниже порога".to_owned(), true));
    assert_eq!(word((60, 100)), ("почти наверняка выше порога".to_owned(), false));
    assert_eq!(word((1, 100)), ("почти наверняка ниже порога".to_owned(), false));
    assert_eq!(word((18, 50)), ("скорее выше порога".to_owned(), false));
    assert_eq!(word((6, 30)), ("скорее ниже порога".to_owned(), false));
}

fn moments(schools: impl IntoIterator<Item = (u32, u32)>) -> Moments {
    let mut moments = Moments::default();
    schools.into_iter().for_each(|(failed, judged)| moments.add(failed, judged));
    moments
}

#[test]
fn schools_that_are_all_alike_make_the_heaviest_prior() {
    let (mean, weight) = moments([(50, 500); 40]).prior(&bounds()).expect("enough schools");
    assert!((mean - 0.1).abs() < 0.001, "{mean}");
    assert_eq!(weight, bounds().weight.1);
}

#[test]
fn schools_with_nothing_in_common_make_the_lightest_prior() {
    let schools = (0..40).map(|school| if school % 2 == 0 { (0, 50) } else { (50, 50) });
    let (mean, weight) = moments(schools).prior(&bounds()).expect("enough schools");
    assert!((mean - 0.5).abs() < 0.01, "{mean}");
    assert_eq!(weight, bounds().weight.0);
}

#[test]
fn the_weight_is_that_of_the_law_the_shares_come_from() {
    // Shares at the quantiles of Beta(4, 16), many pupils each: weight 20.
    let law = Posterior { failed: 4.0, passed: 16.0 };
    let schools = (0..200).map(|school| {
        let outside = 1.0 - (f64::from(school) + 0.5) / 200.0;
        let (low, high) = law.interval(1.0 - outside);
        let quantile = if school % 2 == 0 { low } else { high };
        ((quantile * 1000.0).round() as u32, 1000)
    });
    let (mean, weight) = moments(schools).prior(&bounds()).expect("enough schools");
    assert!((mean - 0.2).abs() < 0.01, "{mean}");
    assert!((14.0..28.0).contains(&weight), "{weight}");
}

#[test]
fn too_few_schools_make_no_prior() {
    assert_eq!(moments([(5, 50); 3]).prior(&bounds()), None);
    assert_eq!(
        moments([(1, 1); 500]).prior(&bounds()),
        None,
        "classes of one pupil say nothing about likeness"
    );
    assert_eq!(moments([(7, 5); 500]), Moments::default(), "counts that can not be are passed over");
}

#[test]
fn a_small_municipality_looks_at_its_region_and_a_small_region_at_the_pack() {
    let node = |id: u32, parent: Option<u32>| Node {
        id: NodeId(id),
        level: if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region },
        parent: parent.map(NodeId),
        name: String::new(),
        code: None,
    };
    let school = |id: u32, municipality: u32| Organisation {
        id: OrganisationId(id),
        name: String::new(),
        kind: String::new(),
        municipality: NodeId(municipality),
        rural: None,
        identifiers: Vec::new(),
    };
    let nodes = vec![node(1, None), node(2, None), node(11, Some(1)), node(12, Some(1)), node(21, Some(2))];
    let municipality = |id: u32| if id <= 30 { 11 } else { 12 + if id > 33 { 9 } else { 0 } };
    let schools = (1..=35).map(|id| school(id, municipality(id))).collect();
    let (registry, errors) = Registry::new(nodes, schools, Vec::new());
    assert_eq!(errors, []);
    let cell = |id: u32| Cell {
        participants: 40,
        marks: [id % 9, 20, 20 - id % 9, 0],
        ..Cell::empty(OrganisationId(id), Procedure::from_packed(1), 2025)
    };
    let cells: Vec<Cell> = (1..=35).map(cell).collect();
    let (bounds, priors) = (bounds(), Priors::of(&cells, &registry));
    let basis = |id: u32| priors.prior(&bounds, &cell(id), &registry).basis;
    assert_eq!(basis(1), Basis::Municipality { schools: 30 });
    assert_eq!(basis(31), Basis::Region { schools: 33 });
    assert_eq!(basis(34), Basis::Weak);
    assert_eq!(priors.prior(&bounds, &cell(99), &registry), Prior::weak(&bounds));
}

#[test]
fn two_of_three_coins() {
    assert_eq!(at_least(&[0.5; 3], 2), 0.5);
    assert_eq!(at_least(&[0.5; 3], 0), 1.0);
    assert_eq!(at_least(&[1.0], 2), 0.0);
    assert_eq!(at_least(&[], 0), 1.0);
    assert_eq!(at_least(&[f64::NAN, 7.0], 1), 1.0);
}

/// The same by listing all outcomes.
fn listed(procedures: &[ProcedureChance], count: usize) -> [f64; 4] {
    let mut found = [0.0; 4];
    let ways = procedures.len() as u32 * 2;
    for way in 0_u32..1 << ways {
        let yes = |bit: usize| way >> bit & 1 == 1;
        let mut chance = 1.0;
        let (mut low, mut again) = (0, false);
        for (at, procedure) in procedures.iter().enumerate() {
            let (now, before) = (yes(2 * at), yes(2 * at + 1));
            chance *= if now { procedure.this_year } else { 1.0 - procedure.this_year };
            chance *= if before { procedure.other_years } else { 1.0 - procedure.other_years };
            low += usize::from(now);
            again |= now && before;
        }
        let many = low >= count;
        for (sum, holds) in found.iter_mut().zip([many, again, many && again, many || again]) {
            *sum += if holds { chance } else { 0.0 };
        }
    }
    found
}

fn chances() -> impl Strategy<Value = Vec<ProcedureChance>> {
    let chance = (0.0..=1.0_f64, 0.0..=1.0_f64)
        .prop_map(|(this_year, other_years)| ProcedureChance { this_year, other_years });
    proptest::collection::vec(chance, 0..5)
}

proptest! {
    #[test]
    fn a_rule_has_the_chance_that_listing_all_outcomes_gives(procedures in chances(), count in 0_usize..5) {
        let found = rule_chance(&procedures, count);
        let found = [found.many, found.repeated, found.both, found.either];
        for (found, expected) in found.into_iter().zip(listed(&procedures, count)) {
            prop_assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn one_more_who_failed_never_makes_it_less_likely(
        judged in 1_u32..300, failed in 0_u32..300, part in 1_u64..100, mean in 0.01..0.99_f64, weight in 2.0..400.0_f64,
    ) {
        let failed = failed.min(judged - 1);
        let prior = Prior { failed: mean * weight, passed: (1.0 - mean) * weight, basis: Basis::Weak };
        let above = |failed| Posterior::new(&prior, failed, judged).expect("counts").at_least(share(part, 100));
        let (fewer, more) = (above(failed), above(failed + 1));
        prop_assert!((0.0..=1.0).contains(&fewer) && (0.0..=1.0).contains(&more));
        prop_assert!(more >= fewer - 1e-9, "{fewer} {more}");
    }

    #[test]
    fn a_higher_line_is_never_more_likely(judged in 1_u32..300, failed in 0_u32..300, low in 0_u64..=100, high in 0_u64..=100) {
        let posterior = Posterior::new(&flat(), failed.min(judged), judged).expect("counts");
        let (low, high) = (low.min(high), low.max(high));
        prop_assert!(posterior.at_least(share(low, 100)) >= posterior.at_least(share(high, 100)) - 1e-9);
    }

    #[test]
    fn an_interval_holds_the_middle_and_grows_with_its_probability(judged in 1_u32..500, failed in 0_u32..500) {
        let posterior = Posterior::new(&flat(), failed.min(judged), judged).expect("counts");
        let (narrow, wide) = (posterior.interval(0.5), posterior.interval(0.95));
        prop_assert!(0.0 <= wide.0 && wide.0 <= narrow.0 && narrow.0 <= narrow.1 && narrow.1 <= wide.1 && wide.1 <= 1.0);
    }

    #[test]
    fn any_schools_make_a_prior_within_the_bounds(schools in proptest::collection::vec((0_u32..60, 0_u32..60), 0..80)) {
        if let Some((mean, weight)) = moments(schools).prior(&bounds()) {
            prop_assert!(mean > 0.0 && mean < 1.0);
            prop_assert!((bounds().weight.0..=bounds().weight.1).contains(&weight));
        }
    }
}

#[test]
fn whatever_hangs_together_stays_between_the_bounds() {
    let near = |(low, high): (f64, f64), expected: (f64, f64)| {
        assert!((low - expected.0).abs() < 1e-12 && (high - expected.1).abs() < 1e-12, "{low} {high}");
    };
    // Two subjects: both low at most as often as the rarer one, at least as often as the two can't avoid each other.
    near(at_least_bounds(&[0.7, 0.5], 2), (0.2, 0.5));
    near(at_least_bounds(&[0.7, 0.5], 1), (0.7, 1.0));
    near(at_least_bounds(&[0.3, 0.3, 0.3], 2), (0.0, 0.45));
    // A sure one helps nobody to be the second.
    near(at_least_bounds(&[1.0, 0.1], 2), (0.1, 0.1));
    near(at_least_bounds(&[0.4], 2), (0.0, 0.0));
    near(at_least_bounds(&[], 0), (1.0, 1.0));
    near(at_least_bounds(&[f64::NAN, 7.0], 2), (0.0, 0.0));
}

proptest! {
    #[test]
    fn independent_chances_lie_between_the_bounds(chances in prop::collection::vec(0.0_f64..=1.0, 0..7), count in 0_usize..8) {
        let (low, high) = at_least_bounds(&chances, count);
        let alone = at_least(&chances, count);
        prop_assert!(low <= alone + 1e-9 && alone <= high + 1e-9, "{low} {alone} {high}");
        // All by one throw of a die: as closely together as can be.
        let mut sorted = chances;
        sorted.sort_by(|a, b| b.total_cmp(a));
        let together = if count == 0 { 1.0 } else { sorted.get(count - 1).copied().unwrap_or(0.0) };
        prop_assert!(low <= together + 1e-9 && together <= high + 1e-9, "{low} {together} {high}");
    }
}
