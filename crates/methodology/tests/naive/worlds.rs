//! Which random schools, results and declared numbers are tried?

use opora_cells::{Aggregate, Cell, Cells, OrganisationId, Procedure, SourceIndex};
use opora_methodology::{DeclaredReference, MarkerCount, Measure, PastDecision};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use proptest::prelude::*;

use crate::committed;
use crate::rules::World;

/// The same random world twice: for the fast implementation, and under plain names.
#[derive(Debug)]
pub struct Facts {
    pub cells: Cells,
    pub registry: Registry,
    pub aggregates: Vec<Aggregate>,
    pub markers: Vec<MarkerCount>,
    pub past: Vec<PastDecision>,
    pub references: Vec<DeclaredReference>,
    pub world: World,
}

const SCHOOLS: u32 = 5;
const PROCEDURES: [(&str, &str, u8, Option<&str>); 14] = [
    ("vpr", "ru", 4, None),
    ("vpr", "math", 4, None),
    ("vpr", "world", 4, None),
    ("vpr", "ru", 5, None),
    ("vpr", "math", 5, None),
    ("vpr", "ru", 6, None),
    ("vpr", "biology", 6, None),
    ("oge", "ru", 9, None),
    ("oge", "math", 9, None),
    ("oge", "biology", 9, None),
    ("ege", "ru", 11, None),
    ("ege", "math", 11, Some("profile")),
    ("ege", "math", 11, Some("base")),
    ("gve9", "ru", 9, None),
];
const INDICATORS: [&str; 9] = [
    "parents_higher_education",
    "incomplete_families",
    "on_registers",
    "russian_not_native",
    "deviant_behaviour",
    "low_motivation",
    "distance_km",
    "olympiad_participants",
    "stayed_for_10",
];

fn procedure(at: usize) -> Procedure {
    let dictionary = committed::dictionary();
    let (kind, subject, grade, level) = PROCEDURES[at % PROCEDURES.len()];
    Procedure {
        kind: dictionary.kind(kind).expect("a kind"),
        subject: dictionary.subject(subject).expect("a subject"),
        grade,
        level: level.map(|level| dictionary.level(level).expect("a level")).unwrap_or_default(),
    }
}

/// School 1 and 2 share a municipality, 3 the region; 4 is of another region, 5 is unknown to the registry.
fn registry() -> Registry {
    let node = |id, level, parent: Option<u32>| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name: format!("{id}"),
        code: None,
    };
    let (region, municipality) = (NodeLevel::Region, NodeLevel::Municipality);
    let nodes = vec![
        node(1, region, None),
        node(2, region, None),
        node(11, municipality, Some(1)),
        node(12, municipality, Some(1)),
        node(21, municipality, Some(2)),
    ];
    let school = |(id, municipality)| Organisation {
        id: OrganisationId(id),
        name: format!("Школа {id}"),
        kind: "СОШ".to_owned(),
        municipality: NodeId(municipality),
        rural: None,
        identifiers: Vec::new(),
    };
    Registry::new(nodes, [(1, 11), (2, 11), (3, 12), (4, 21)].map(school).to_vec(), Vec::new()).0
}

/// A result: counts of marks are small so that thresholds are hit exactly, and now and then large.
fn result() -> impl Strategy<Value = Cell> {
    let marks = prop_oneof![
        6 => [0_u32..6, 0_u32..6, 0_u32..3, 0_u32..3],
        2 => [0_u32..15, 5_u32..25, 0_u32..9, 0_u32..9],
        3 => [0_u32..2, 0_u32..2, 4_u32..9, 4_u32..9],
        1 => Just([0_u32; 4]),
    ];
    let minimum = prop_oneof![3 => Just((0_u32, 0_u32)), 1 => (0_u32..4, 0_u32..4)];
    let scores = prop_oneof![1 => Just((0_u32, 0_u32)), 8 => (1_u32..12, 5_u32..40)];
    let autumn = prop_oneof![15 => Just(false), 1 => Just(true)];
    (autumn, marks, minimum, 0_u32..3, scores).prop_map(
        |(autumn, marks, (below, reached), unmarked, (scored, mean))| {
            let mut cell = Cell::empty(OrganisationId(0), procedure(0), 0);
            cell.autumn = autumn;
            cell.marks = marks;
            (cell.below_minimum, cell.at_minimum, cell.unmarked) = (below, reached, unmarked);
            cell.participants = marks.iter().sum::<u32>() + below + reached + unmarked;
            (cell.scored, cell.score_sum) = (scored, scored * mean + scored / 2);
            cell
        },
    )
}

/// Strong and weak schools are so in everything, or «every year» would never happen.
fn at_level(mut cell: Cell, level: u8) -> Cell {
    match level {
        0 => {
            cell.marks = [0, 1, 2 + cell.marks[2], 3 + cell.marks[3]];
            cell.below_minimum = 0;
            (cell.scored, cell.unmarked) = (cell.scored.max(4), 0);
            cell.score_sum = cell.scored * 38;
        }
        1 => {
            cell.marks[0] += 3;
            cell.scored = cell.scored.max(4);
            cell.score_sum = cell.scored * 7;
        }
        _ => {}
    }
    cell.participants = cell.marks.iter().sum::<u32>() + cell.below_minimum + cell.at_minimum + cell.unmarked;
    cell
}

const YEARS: std::ops::RangeInclusive<u16> = 2019..=2024;

/// Results of every school, procedure and year, as far as they are there: hardly any, half of them, nearly all. A few
/// have an autumn result beside the spring one.
fn cells() -> impl Strategy<Value = Vec<Cell>> {
    let schools = (1..=SCHOOLS).map(OrganisationId);
    let keys: Vec<(OrganisationId, Procedure, u16)> = schools
        .flat_map(|school| (0..PROCEDURES.len()).map(move |at| (school, procedure(at))))
        .flat_map(|(school, procedure)| YEARS.map(move |year| (school, procedure, year)))
        .collect();
    let there = prop_oneof![2 => Just(0.05), 2 => Just(0.5), 3 => Just(0.98)];
    let length = keys.len();
    there
        .prop_flat_map(move |there| {
            let one = prop::collection::vec(prop::option::weighted(there, result()), length);
            let levels = prop::collection::vec(0_u8..4, SCHOOLS as usize);
            (one, prop::collection::vec((0..length, result()), 0..10), levels)
        })
        .prop_map(move |(results, second, levels)| {
            let first = results.into_iter().zip(&keys).filter_map(|(cell, key)| Some((cell?, *key)));
            let second = second.into_iter().map(|(at, cell)| (cell, keys[at]));
            let each = first.chain(second);
            each.map(|(cell, (organisation, procedure, year))| {
                let cell = at_level(cell, levels[organisation.0 as usize - 1]);
                Cell { organisation, procedure, year, ..cell }
            })
            .collect()
        })
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    let whole = prop_oneof![6 => (1_u32..12).prop_map(Some), 1 => Just(Some(0)), 1 => Just(None)];
    let part = prop_oneof![3 => 0_u32..9, 1 => 40_u32..80, 2 => Just(0)];
    (1..=SCHOOLS, 0..INDICATORS.len(), 2018_u16..=2024, part, whole, 0_u32..9).prop_map(
        |(school, at, year, part, whole, row)| {
            let indicator = committed::dictionary().indicator(INDICATORS[at]).expect("an indicator");
            let (organisation, source) = (OrganisationId(school), SourceIndex::default());
            Aggregate { organisation, year, indicator, part, whole, source, row }
        },
    )
}

fn marker() -> impl Strategy<Value = MarkerCount> {
    (1..=SCHOOLS, 2018_u16..=2024, 0_u32..=4).prop_flat_map(|(school, year, looked_for)| {
        (0..=looked_for).prop_map(move |found| MarkerCount {
            organisation: OrganisationId(school),
            year,
            found,
            looked_for,
        })
    })
}

fn past() -> impl Strategy<Value = PastDecision> {
    (1..=SCHOOLS, 2018_u16..=2024, any::<bool>()).prop_map(|(school, year, identified)| PastDecision {
        organisation: OrganisationId(school),
        year,
        identified,
    })
}

fn reference() -> impl Strategy<Value = DeclaredReference> {
    let measure = prop_oneof![Just(Measure::FailedShare), Just(Measure::MeanMark), Just(Measure::MeanScore)];
    (1_u32..=2, 0..PROCEDURES.len(), 2018_u16..=2024, measure, 0_u64..50, 0_u64..4).prop_map(
        |(node, at, year, measure, part, whole)| DeclaredReference {
            node: NodeId(node),
            procedure: procedure(at),
            year,
            measure,
            part: if measure == Measure::FailedShare { part.min(whole) } else { part * whole },
            whole,
            source: SourceIndex::default(),
        },
    )
}

pub fn known() -> impl Strategy<Value = Facts> {
    let aggregates = prop_oneof![
        1 => prop::collection::vec(aggregate(), 0..20),
        2 => prop::collection::vec(aggregate(), 400..800),
    ];
    (
        cells(),
        aggregates,
        prop::collection::vec(marker(), 0..80),
        prop::collection::vec(past(), 0..8),
        prop::collection::vec(reference(), 0..40),
    )
        .prop_map(|(cells, aggregates, markers, past, references)| {
            facts(cells, &aggregates, markers, past, references)
        })
}

fn facts(
    cells: Vec<Cell>,
    aggregates: &[Aggregate],
    markers: Vec<MarkerCount>,
    past: Vec<PastDecision>,
    references: Vec<DeclaredReference>,
) -> Facts {
    let (cells, _) = Cells::new(cells);
    let mut world = World::default();
    world.schools.extend(1..=4);
    world.place.extend([(1, (11, 1)), (2, (11, 1)), (3, (12, 1)), (4, (21, 2))]);
    for cell in cells.all() {
        world.schools.insert(cell.organisation.0);
        let key = (cell.organisation.0, cell.procedure, cell.year, cell.autumn);
        world.met.entry((cell.organisation.0, cell.year)).or_default().insert(cell.procedure);
        assert!(world.results.insert(key, cell).is_none());
    }
    // Of several facts about the same thing only the first is kept here: which of them counts is tested elsewhere.
    let mut kept = Vec::new();
    for fact in aggregates {
        let key = (fact.organisation.0, fact.indicator.0, fact.year);
        if world.declared.insert(key, (fact.part, fact.whole)).is_none() {
            kept.push(*fact);
        } else {
            let first = kept.iter().find(|kept| {
                (kept.organisation, kept.indicator, kept.year)
                    == (fact.organisation, fact.indicator, fact.year)
            });
            world.declared.insert(key, first.map(|first| (first.part, first.whole)).expect("kept"));
        }
    }
    let markers = first_of(markers, |fact| (fact.organisation, fact.year));
    let past = first_of(past, |fact| (fact.organisation, fact.year));
    let references =
        first_of(references, |fact| (fact.node.0, fact.procedure, fact.year, fact.measure as u8));
    world.markers = markers
        .iter()
        .map(|fact| ((fact.organisation.0, fact.year), (fact.found, fact.looked_for)))
        .collect();
    world.past = past.iter().map(|fact| ((fact.organisation.0, fact.year), fact.identified)).collect();
    let published = references.iter().filter(|fact| fact.whole > 0);
    world.published = published
        .map(|fact| ((fact.node.0, fact.procedure, fact.year, fact.measure as u8), (fact.part, fact.whole)))
        .collect();
    Facts { cells, registry: registry(), aggregates: kept, markers, past, references, world }
}

fn first_of<T, K: PartialEq>(facts: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for fact in facts {
        if kept.iter().all(|other| key(other) != key(&fact)) {
            kept.push(fact);
        }
    }
    kept
}
