//! Does the store give back what was put in, and does it keep what is active?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::{file_of, naive, some_row};
use object_store::memory::InMemory;
use opora_cells::{
    Aggregate, Cell, Cells, IndicatorCode, OrganisationId, Precision, Procedure, ScoreCount, SourceIndex,
    TaskSum,
};
use opora_results::{CountOptions, Facts, Inventory, Key, ResultStore, ResultsError, count};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

fn stores() -> (tempfile::TempDir, [ResultStore; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let local = ResultStore::folder(&folder.path().join("результаты")).expect("a store");
    (folder, [local, ResultStore::remote(Arc::new(InMemory::new()))])
}

fn cell(organisation: u32, procedure: u32, year: u16) -> Cell {
    Cell {
        participants: 10,
        autumn: year == 2022,
        marks: [1, 2, 3, 4],
        score_sum: u32::MAX,
        precision: Precision::FromCounts,
        ..Cell::empty(OrganisationId(organisation), Procedure::from_packed(procedure), year)
    }
}

#[test]
fn what_is_put_in_comes_out() {
    let (_folder, stores) = stores();
    for store in stores {
        let (organisation, procedure) = (OrganisationId(3), Procedure::from_packed(0xff01_0500));
        let source = SourceIndex(4);
        let scores = [ScoreCount { organisation, procedure, year: 2024, score: 17, pupils: 3, source }];
        let tasks = [TaskSum {
            organisation,
            procedure,
            year: 2024,
            task: 2,
            pupils: 3,
            points: 5,
            points_max: 2,
            source,
        }];
        let (year, indicator) = (2024, IndicatorCode(9));
        let aggregates = [None, Some(210)].map(|whole| Aggregate {
            organisation,
            year,
            indicator,
            part: 40,
            whole,
            source,
            row: 8,
        });
        let rows = file_of(&[], 10);
        let cells = [cell(1, 2, 2022), cell(1, 2, 2023), cell(u32::MAX, u32::MAX, 2100)];
        let facts = Facts {
            rows: Some(&rows),
            cells: &cells,
            scores: &scores,
            tasks: &tasks,
            aggregates: &aggregates,
        };
        let key = Key::new([7; 32]);
        run(async {
            let inventory = store.put(&key, &facts).await.expect("put");
            assert_eq!(inventory, Inventory { rows: true, cells: 3, scores: 1, tasks: 1, aggregates: 2 });
            let sources = [(source, key)];
            let expected = cells.map(|cell| Cell { source, ..cell });
            assert_eq!(store.cells(&sources, 2).await.expect("cells").view(), expected);
            assert_eq!(store.scores(&sources, 2).await.expect("scores"), scores);
            assert_eq!(store.tasks(&sources, 2).await.expect("tasks"), tasks);
            assert_eq!(store.aggregates(&sources, 2).await.expect("aggregates"), aggregates);
            let rows = store.rows(&key).await.expect("rows");
            assert!(count(&rows, &CountOptions::default()).expect("counted").is_empty());
        });
    }
}

#[test]
fn many_rows_are_sent_part_by_part_and_count_the_same() {
    let mut runner = TestRunner::deterministic();
    let rows: Vec<_> =
        (0..3000).map(|_| some_row().new_tree(&mut runner).expect("a row").current()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("строки.parquet");
    let opora_results::RowsFile::Bytes(bytes) = file_of(&rows, 500) else { panic!("bytes") };
    std::fs::write(&path, bytes).expect("written");
    let (_folder, stores) = stores();
    for store in stores {
        let key = Key::new([1; 32]);
        let file = opora_results::RowsFile::Path(path.clone());
        let facts = Facts { rows: Some(&file), ..Facts::default() };
        let stored = run(async {
            store.put(&key, &facts).await.expect("put");
            store.rows(&key).await.expect("rows")
        });
        let counted = count(&stored, &CountOptions::default()).expect("counted");
        assert_eq!(counted, naive(&rows, &[]).into());
    }
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
    for store in stores {
        run(async {
            let keys = [1, 2, 3].map(|number| Key::new([number; 32]));
            for key in &keys {
                store.put(key, &Facts { cells: &[cell(1, 1, 2024)], ..Facts::default() }).await.expect("put");
            }
            let active = BTreeSet::from([keys[1]]);
            let long_ago = SystemTime::UNIX_EPOCH;
            assert_eq!(store.sweep(&active, long_ago).await.expect("swept"), 0);
            assert_eq!(store.list().await.expect("listed"), keys);
            let later = long_ago + Duration::from_secs(200 * 365 * 86_400);
            assert_eq!(store.sweep(&active, later).await.expect("swept"), 2);
            assert_eq!(store.list().await.expect("listed"), [keys[1]]);
            store.remove(&keys[1]).await.expect("removed");
            store.remove(&keys[1]).await.expect("removed once more");
            assert_eq!(store.list().await.expect("listed"), []);
        });
    }
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
