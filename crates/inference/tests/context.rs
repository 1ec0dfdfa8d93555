//! Is the line through the schools the right one, and is it refused where it would mean nothing?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use opora_cells::{Aggregate, Cell, Cells, IndicatorCode, OrganisationId, Procedure, SourceIndex};
use opora_inference::context::{
    Class, IndexMissing, IndexWeight, Measure, Model, Observation, Predictor, Refusal, Region, Settings,
    expect, observe, social_index,
};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings::read("context.toml", include_str!("../../../packs/markers/context.toml"))
        .expect("the pack reads")
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|predictor| format!("показатель {predictor}")).collect()
}

/// Numbers that look random and are always the same, about −1 to 1.
fn noise(school: u32, salt: u32) -> f64 {
    let mixed = (school.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
    f64::from(mixed >> 8) / f64::from(1_u32 << 23) - 1.0
}

/// Result 0.5 + 2·x₀ − x₁ and a little noise, for so many schools.
fn schools(count: u32) -> Vec<Observation> {
    let school = |id: u32| {
        let predictors = [noise(id, 1), 10.0 + 3.0 * noise(id, 2)];
        Observation {
            organisation: OrganisationId(id),
            result: 0.5 + 2.0 * predictors[0] - predictors[1] + 0.2 * noise(id, 3),
            variance: 0.01,
            judged: 100,
            predictors: predictors.map(Some).to_vec(),
        }
    };
    (1..=count).map(school).collect()
}

fn slopes(model: &Model) -> Vec<f64> {
    model.coefficients.iter().map(|c| c.value / c.standardised_by.1).collect()
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], most: f64) {
    let off = found.iter().zip(expected).any(|(a, b)| (a - b).abs() > most);
    assert!(found.len() == expected.len() && !off, "{found:?}, expected {expected:?}");
}

#[test]
fn the_line_is_found() {
    let model = expect(&settings(), &names(2), &schools(200)).expect("a line");
    near(&slopes(&model), &[2.0, -1.0], 0.05);
    assert_eq!(model.schools, 200);
}

#[test]
fn schools_that_nothing_explains_hardly_bend_it() {
    let mut all = schools(200);
    for odd in all.iter_mut().take(20) {
        odd.result += 30.0;
    }
    let model = expect(&settings(), &names(2), &all).expect("a line");
    near(&slopes(&model), &[2.0, -1.0], 0.25);
    let classes: Vec<Class> = model.expectations.iter().take(20).map(|e| e.class).collect();
    assert_eq!(classes, [Class::Above; 20]);
}

#[test]
fn a_residual_shrinks_with_the_number_of_pupils() {
    let mut all = schools(100);
    for (odd, variance) in all.iter_mut().take(3).zip([0.001, 0.05, 5.0]) {
        (odd.predictors, odd.result, odd.variance) = (vec![Some(0.0), Some(10.0)], -9.0, variance);
    }
    let model = expect(&settings(), &names(2), &all).expect("a line");
    let [sure, fair, weak] = [0, 1, 2].map(|at| model.expectations[at]);
    assert!(sure.residual > fair.residual && fair.residual > weak.residual && weak.residual > 0.0);
    assert_eq!((sure.class, weak.class), (Class::Above, Class::AsExpected));
}

#[test]
fn what_is_not_known_or_too_small_has_no_class() {
    let mut all = schools(100);
    all[0].predictors[1] = None;
    all[1].judged = 3;
    let model = expect(&settings(), &names(2), &all).expect("a line");
    let class = |at: usize| (model.expectations[at].class, model.expectations[at].expected.is_some());
    assert_eq!((class(0), class(1)), ((Class::NotEnough, false), (Class::NotEnough, true)));
    assert_eq!(model.schools, 98);
}

#[test]
fn a_predictor_that_is_the_same_everywhere_is_left_out() {
    let mut all = schools(100);
    all.iter_mut().for_each(|school| school.predictors.push(Some(1.0)));
    let model = expect(&settings(), &names(3), &all).expect("a line");
    assert_eq!((model.left_out, model.coefficients.len()), (vec!["показатель 2".to_owned()], 2));
}

#[track_caller]
fn refused(all: &[Observation], predictors: usize, expected: fn(&Refusal) -> bool) {
    let refusal = expect(&settings(), &names(predictors), all).expect_err("no line");
    assert!(expected(&refusal), "{refusal:?}");
}

#[test]
fn a_line_that_means_nothing_is_refused() {
    refused(&schools(29), 2, |r| matches!(r, Refusal::TooFewSchools { schools: 29, needed: 30 }));
    refused(&[], 0, |r| matches!(r, Refusal::TooFewSchools { schools: 0, needed: 30 }));
    let mut twice = schools(100);
    twice.iter_mut().for_each(|school| {
        let same = school.predictors[0].map(|x| 5.0 - 3.0 * x);
        school.predictors.push(same);
    });
    refused(&twice, 3, |r| matches!(r, Refusal::Collinear { .. }));
    refused(&schools(100), 3, |r| matches!(r, Refusal::Predictors { predictors: 2, .. }));
    refused(&schools(100), 11, |r| matches!(r, Refusal::Predictors { .. }));
    let mut broken = schools(100);
    broken[7].result = f64::NAN;
    refused(&broken, 2, |r| matches!(r, Refusal::NotANumber(OrganisationId(8))));
}

fn declared(indicator: u16, part: u32, whole: u32) -> Aggregate {
    Aggregate {
        organisation: OrganisationId(1),
        year: 2025,
        indicator: IndicatorCode(indicator),
        part,
        whole: Some(whole),
        source: SourceIndex(0),
        row: 1,
    }
}

fn weights() -> [IndexWeight; 2] {
    let weight = |indicator, weight, higher_is_better| IndexWeight {
        indicator: IndicatorCode(indicator),
        weight,
        higher_is_better,
    };
    [weight(3, 2.0, true), weight(4, 1.0, false)]
}

#[test]
fn an_index_needs_every_share() {
    let both = [declared(3, 30, 100), declared(4, 10, 100)];
    let index = social_index(&weights(), &both).expect("an index");
    assert!((index - (0.3 * 2.0 + 0.9) / 3.0).abs() < 1e-12, "{index}");
    let missing = Err(IndexMissing::Shares(vec![IndicatorCode(4)]));
    assert_eq!(social_index(&weights(), &both[..1]), missing);
    assert_eq!(social_index(&weights(), &[both[0], declared(4, 0, 0)]), missing);
    assert_eq!(social_index(&[], &both), Err(IndexMissing::Weights));
}

proptest! {
    #[test]
    fn an_index_never_falls_when_a_share_gets_better(educated in 0_u32..100, incomplete in 0_u32..100) {
        let index = |educated, incomplete| {
            social_index(&weights(), &[declared(3, educated, 100), declared(4, incomplete, 100)]).expect("an index")
        };
        prop_assert!(index(educated + 1, incomplete) > index(educated, incomplete));
        prop_assert!(index(educated, incomplete + 1) < index(educated, incomplete));
        prop_assert!((0.0..=1.0).contains(&index(educated, incomplete)));
    }

    #[test]
    fn the_order_of_schools_does_not_matter(seed: u32) {
        let all = schools(60);
        let mut other = all.clone();
        other.sort_by_key(|o| o.organisation.0.wrapping_mul(seed | 1));
        prop_assert_eq!(expect(&settings(), &names(2), &all), expect(&settings(), &names(2), &other));
    }
}

#[test]
fn a_school_is_compared_in_the_procedures_it_holds() {
    let node = |id: u32, parent: Option<u32>| Node {
        id: NodeId(id),
        level: if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region },
        parent: parent.map(NodeId),
        name: String::new(),
        code: None,
    };
    let school = |id: u32| Organisation {
        id: OrganisationId(id),
        name: String::new(),
        kind: String::new(),
        municipality: NodeId(2),
        rural: Some(id == 1),
        identifiers: Vec::new(),
    };
    let (registry, errors) =
        Registry::new(vec![node(1, None), node(2, Some(1))], (1..=3).map(school).collect(), Vec::new());
    assert_eq!(errors, []);
    let cell = |school: u32, procedure: u32, marks: [u32; 4]| Cell {
        participants: marks.iter().sum(),
        marks,
        ..Cell::empty(OrganisationId(school), Procedure::from_packed(procedure), 2025)
    };
    // The second procedure is hard for all: a school that holds only it is like its region all the same.
    let (cells, _) = Cells::new(vec![
        cell(1, 1, [10, 30, 40, 20]),
        cell(2, 1, [10, 30, 40, 20]),
        cell(2, 2, [50, 30, 20, 0]),
        cell(3, 2, [50, 30, 20, 0]),
    ]);
    let aggregates = [Aggregate { organisation: OrganisationId(2), ..declared(3, 30, 100) }];
    let facts = Region {
        cells: &cells,
        registry: &registry,
        aggregates: &aggregates,
        region: Some(NodeId(1)),
        year: 2025,
    };
    let predictors = [Predictor::Share(IndicatorCode(3)), Predictor::Rural, Predictor::Size];
    for measure in [Measure::Passed, Measure::Marks] {
        let found = observe(&settings(), facts, measure, &predictors, |_| true);
        assert!(found.iter().all(|o| o.result.abs() < 1e-9), "{measure:?}: {found:#?}");
        let known: Vec<Vec<Option<f64>>> = found.iter().map(|o| o.predictors.clone()).collect();
        let size = Some(100.0_f64.ln());
        assert_eq!(
            known,
            [[None, Some(1.0), size], [Some(0.3), Some(0.0), size], [None, Some(0.0), size]]
                .map(|row| row.to_vec())
        );
    }
    let other_year = observe(&settings(), Region { year: 2024, ..facts }, Measure::Marks, &[], |_| true);
    assert_eq!(other_year, []);
}
