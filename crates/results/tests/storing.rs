//! Does the store give back what was put in, and does it keep what is active?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::sync::Arc;

use common::stored::{self, cell, run};
use object_store::memory::InMemory;
use opora_cells::{Cell, Cells, SourceIndex};
use opora_results::{Facts, Key, ResultStore, ResultsError};
use proptest::prelude::*;

fn stores() -> (tempfile::TempDir, [ResultStore; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let local = ResultStore::folder(&folder.path().join("результаты")).expect("a store");
    (folder, [local, ResultStore::remote(Arc::new(InMemory::new()))])
}

#[test]
fn what_is_put_in_comes_out() {
    let (_folder, stores) = stores();
    stores.iter().for_each(stored::gives_back_what_was_put_in);
}

#[test]
fn many_rows_are_sent_part_by_part_and_count_the_same() {
    let (_folder, stores) = stores();
    stores.iter().for_each(stored::sends_many_rows_part_by_part);
}

#[test]
fn an_object_that_is_gone_or_foreign_is_told() {
    let (_folder, stores) = stores();
    let key = Key::new([2; 32]);
    for store in &stores {
        let error = run(store.cells(&[(SourceIndex(0), key)], 2)).expect_err("nothing is there");
        assert!(matches!(error, ResultsError::ObjectMissing { .. }), "{error:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store");
    run(store.put(&key, &Facts { cells: &[cell(1, 1, 2024)], ..Facts::default() })).expect("put");
    let path = folder.path().join(format!("cells/{key}.parquet"));
    let bytes = std::fs::read(&path).expect("read");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let error = run(store.cells(&[(SourceIndex(0), key)], 2)).expect_err("cut");
    assert!(matches!(error, ResultsError::Damaged { .. }), "{error:?}");
}

#[test]
fn sweeping_takes_only_what_is_old_and_not_active() {
    let (_folder, stores) = stores();
    stores.iter().for_each(stored::sweeps_what_is_old_and_not_active);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_of_many_files_are_in_the_order_of_cells(
        files in prop::collection::vec(prop::collection::vec((0_u32..50, 0_u32..4, 2021_u16..2025), 0..200), 1..9),
        threads in 1_usize..4,
    ) {
        let store = ResultStore::remote(Arc::new(InMemory::new()));
        let (mut sources, mut all) = (Vec::new(), Vec::new());
        for (number, file) in (0_u32..).zip(&files) {
            let cells: Vec<Cell> = file.iter().map(|(o, p, y)| cell(*o, *p, *y)).collect();
            let source = SourceIndex(number);
            all.extend(cells.iter().map(|cell| Cell { source, ..*cell }));
            if !cells.is_empty() {
                let key = Key::new([number as u8; 32]);
                run(store.put(&key, &Facts { cells: &cells, ..Facts::default() })).expect("put");
                sources.push((source, key));
            }
        }
        let loaded = run(store.cells(&sources, threads)).expect("cells");
        let (expected, aside) = Cells::new(all);
        let (joined, loaded_aside) = Cells::new(loaded);
        prop_assert_eq!(joined, expected);
        prop_assert_eq!(loaded_aside.len(), aside.len());
    }
}
