//! How long does it take to judge the schools of a country?
//!
//! 40,000 schools of 85 regions, 19 procedures, four years: three million cells.

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::num::NonZeroUsize;
use std::sync::Arc;

use divan::{Bencher, black_box};
use opora_cells::{Cell, Cells, OrganisationId, Procedure, Scales};
use opora_methodology::{Facts, Pack, Scope, identify_on};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};

#[path = "../tests/committed/mod.rs"]
mod committed;

const SCHOOLS: u32 = 40_000;
const REGIONS: u32 = 85;

fn main() {
    divan::main();
}

struct Country {
    cells: Cells,
    registry: Registry,
    scales: Scales,
}

fn country() -> &'static Country {
    static COUNTRY: std::sync::OnceLock<Country> = std::sync::OnceLock::new();
    COUNTRY.get_or_init(|| {
        let dictionary = committed::dictionary();
        let kind = |id: &str| dictionary.kind(id).expect("a kind");
        let mut procedures: Vec<Procedure> = Vec::new();
        let subjects =
            ["ru", "math", "history", "biology"].map(|id| dictionary.subject(id).expect("a subject"));
        for grade in 5..=8 {
            let of_grade =
                |subject| Procedure { kind: kind("vpr"), subject, grade, level: Default::default() };
            procedures.extend(subjects.map(of_grade));
        }
        for subject in &subjects[..2] {
            let of =
                |id, grade| Procedure { kind: kind(id), subject: *subject, grade, level: Default::default() };
            procedures.extend([of("oge", 9), of("ege", 11)]);
        }
        procedures.truncate(19);
        let mut state = 1_u64;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((state >> 33) % u64::from(below)).expect("small")
        };
        let mut cells = Vec::new();
        for school in 1..=SCHOOLS {
            for procedure in &procedures {
                for year in 2021..=2024 {
                    let participants = 3 + random(60);
                    let twos = participants * random(40) / 100;
                    let mut cell = Cell::empty(OrganisationId(school), *procedure, year);
                    cell.participants = participants;
                    cell.marks = [twos, participants - twos, 0, 0];
                    (cell.scored, cell.score_sum) = (participants, participants * (10 + random(20)));
                    cells.push(cell);
                }
            }
        }
        let node = |id, level, parent| Node { id, level, parent, name: String::new(), code: None };
        let mut nodes = Vec::new();
        for region in 0..REGIONS {
            let (id, municipality) = (NodeId(region + 1), NodeId(1000 + region));
            nodes.push(node(id, NodeLevel::Region, None));
            nodes.push(node(municipality, NodeLevel::Municipality, Some(id)));
        }
        let school = |number| Organisation {
            id: OrganisationId(number),
            name: String::new(),
            kind: String::new(),
            municipality: NodeId(1000 + number % REGIONS),
            rural: None,
            identifiers: Vec::new(),
        };
        let registry = Registry::new(nodes, (1..=SCHOOLS).map(school).collect(), Vec::new()).0;
        Country { cells: Cells::new(cells).0, registry, scales: committed::scales() }
    })
}

#[divan::bench(args = committed::IDS, sample_count = 10, sample_size = 1)]
fn forty_thousand_schools_on_two_threads(bencher: Bencher, id: &str) {
    let country = country();
    let pack: Arc<Pack> = Arc::new(committed::pack(id));
    let threads = NonZeroUsize::new(2).expect("two");
    bencher.bench(|| {
        let facts = Facts::new(&country.cells, &country.registry, &country.scales);
        black_box(identify_on(threads, &pack, &facts, 2024, Scope::All))
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn five_hundred_schools_of_a_country(bencher: Bencher) {
    let country = country();
    let pack: Arc<Pack> = Arc::new(committed::pack("omsk-2025"));
    let threads = NonZeroUsize::new(2).expect("two");
    bencher.bench(|| {
        let facts = Facts::new(&country.cells, &country.registry, &country.scales);
        black_box(identify_on(threads, &pack, &facts, 2024, Scope::Node(NodeId(7))))
    });
}
