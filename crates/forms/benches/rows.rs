//! How fast are rows of a CSV file read?

use std::fmt::Write;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use opora_cells::{Dictionary, OrganisationId, Scales};
use opora_forms::{Context, Intake, read_csv};
use opora_registry::{Identifier, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};

const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");
const ROWS: usize = 1_000_000;

fn main() {
    divan::main();
}

/// A registry of 40,000 schools.
fn registry() -> Registry {
    let node =
        |id, level, parent| Node {
            id: NodeId(id), level, parent, name: format!("узел {id}"), code: None
        };
    let nodes = vec![node(1, NodeLevel::Region, None), node(2, NodeLevel::Municipality, Some(NodeId(1)))];
    let school = |id: u32| Organisation {
        id: OrganisationId(id),
        name: format!("Школа № {id}"),
        kind: String::new(),
        municipality: NodeId(2),
        rural: None,
        identifiers: vec![Identifier { scheme: Scheme::Login, value: format!("edu9{id:05}") }],
    };
    Registry::new(nodes, (1..=40_000).map(school).collect(), Vec::new()).0
}

fn table(sorted: bool) -> String {
    let mut text = "Логин;Процедура;Год;Предмет;Класс;Первичный балл;Отметка\n".to_owned();
    for row in 0..ROWS {
        let school = if sorted { row / 25 } else { row.wrapping_mul(2_654_435_761) % 40_000 } + 1;
        let subject = ["Русский язык", "Математика", "История"][row % 3];
        let (score, mark) = (row % 30, 2 + row % 4);
        let _ = writeln!(text, "edu9{school:05};ВПР;2024;{subject};{}А;{score};{mark}", 4 + row % 5);
    }
    text
}

#[divan::bench(args = [true, false], sample_count = 3)]
fn csv_rows(bencher: Bencher<'_, '_>, sorted: bool) {
    let dictionary = Dictionary::read(DICTIONARY).unwrap_or_default();
    let (registry, scales) = (registry(), Scales::default());
    let context = Context::new(&registry, &dictionary, &scales);
    let text = table(sorted);
    let (items, bytes) = (ItemsCount::new(ROWS), BytesCount::of_str(&text));
    bencher.counter(items).counter(bytes).bench_local(|| {
        let mut rows = 0;
        let summary =
            read_csv(text.as_bytes(), "итоги.csv", &context, &mut |batch| rows += batch.rows.len());
        assert_eq!((rows, summary.errors), (ROWS, 0));
    });
}

/// What is paid before the first row: the index of the schools.
#[divan::bench]
fn opening(bencher: Bencher<'_, '_>) {
    let dictionary = Dictionary::read(DICTIONARY).unwrap_or_default();
    let (registry, scales) = (registry(), Scales::default());
    let context = Context::new(&registry, &dictionary, &scales);
    bencher.bench_local(|| Intake::new(&context, "итоги.csv", true).waiting());
}
