//! What does a reader get to see: verdicts in words, packs in words?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod committed;

use std::fmt::Write as _;
use std::sync::Arc;

use opora_cells::Cells;
use opora_methodology::{
    About, Facts, Origin, Pack, Scope, SourcePlace, canonical, describe, explain, identify,
};

/// The explanation of every school of an example, as a plain text.
fn explained(pack: &Arc<Pack>, at: usize) -> String {
    let (dictionary, scales) = (committed::dictionary(), committed::scales());
    let example = &pack.examples()[at];
    let registry = example.registry();
    let (cells, _) = Cells::new(example.cells.clone());
    let facts = Facts {
        aggregates: &example.aggregates,
        markers: &example.markers,
        past: &example.past,
        references: &example.references,
        ..Facts::new(&cells, &registry, &scales)
    };
    let run = identify(pack, &facts, example.year, Scope::All);
    let mut text = String::new();
    for verdict in run.verdicts() {
        let source = |origin: Origin| {
            let sheet = matches!(origin.about, About::Indicator(_)).then(|| "Паспорт".to_owned());
            Some(SourcePlace { file: "пример.xlsx".to_owned(), sheet })
        };
        let told = explain(pack, dictionary, &registry, verdict, &source);
        writeln!(text, "{}", told.headline).expect("text");
        for line in told.summary {
            writeln!(text, "  {line}").expect("text");
        }
        for part in told.parts {
            writeln!(text, "{}. {} ({}): {}", part.id, part.name, part.clause, part.answer).expect("text");
            writeln!(text, "    {}", part.asks).expect("text");
            for line in part.seen {
                writeln!(text, "    – {line}").expect("text");
            }
        }
        for line in told.combinations.iter().chain(&told.notes) {
            writeln!(text, "* {line}").expect("text");
        }
    }
    text + "---\n" + &canonical(&run)
}

#[test]
fn the_rule_in_force_is_explained_to_the_row_of_the_file() {
    let pack = Arc::new(committed::pack("omsk-2025"));
    insta::assert_snapshot!("omsk", explained(&pack, 0));
    insta::assert_snapshot!("omsk_autumn", explained(&pack, 4));
    insta::assert_snapshot!("omsk_no_scale", explained(&pack, 5));
}

#[test]
fn differences_to_the_region_and_portraits_are_explained() {
    let pack = Arc::new(committed::pack("neftekumsk-2020"));
    insta::assert_snapshot!("neftekumsk", explained(&pack, 0));
    insta::assert_snapshot!("neftekumsk_sum", explained(&pack, 2));
}

#[test]
fn lists_indices_tiers_and_pools_are_explained() {
    for (id, at) in [
        ("novosibirsk-lists", 0),
        ("adverse-conditions", 0),
        ("tiers-three-years", 0),
        ("tennessee-like", 1),
        ("order-847", 1),
    ] {
        insta::assert_snapshot!(id, explained(&Arc::new(committed::pack(id)), at));
    }
}

#[test]
fn a_pack_is_described_with_clauses_and_examples() {
    for id in ["omsk-2025", "adverse-conditions", "tennessee-like"] {
        let told = describe(&committed::pack(id), committed::dictionary());
        insta::assert_snapshot!(format!("{id}-described"), format!("{told:#?}"));
    }
}
