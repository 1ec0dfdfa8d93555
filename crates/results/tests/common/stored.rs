//! What does every store of results do, wherever its objects lie?

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use opora_cells::{
    Aggregate, Cell, IndicatorCode, OrganisationId, Precision, Procedure, ScoreCount, SourceIndex, TaskSum,
};
use opora_results::{CountOptions, Facts, Inventory, Key, ResultStore, count};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::{file_of, naive, some_row};

/// Waits for one thing.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

pub fn cell(organisation: u32, procedure: u32, year: u16) -> Cell {
    Cell {
        participants: 10,
        autumn: year == 2022,
        marks: [1, 2, 3, 4],
        score_sum: u32::MAX,
        precision: Precision::FromCounts,
        ..Cell::empty(OrganisationId(organisation), Procedure::from_packed(procedure), year)
    }
}

/// What is put in comes out.
pub fn gives_back_what_was_put_in(store: &ResultStore) {
    {
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

/// Many rows are sent part by part and count the same.
pub fn sends_many_rows_part_by_part(store: &ResultStore) {
    let mut runner = TestRunner::deterministic();
    let rows: Vec<_> =
        (0..3000).map(|_| some_row().new_tree(&mut runner).expect("a row").current()).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("строки.parquet");
    let opora_results::RowsFile::Bytes(bytes) = file_of(&rows, 500) else { panic!("bytes") };
    std::fs::write(&path, bytes).expect("written");
    {
        let key = Key::new([1; 32]);
        let file = opora_results::RowsFile::Path(path);
        let facts = Facts { rows: Some(&file), ..Facts::default() };
        let stored = run(async {
            store.put(&key, &facts).await.expect("put");
            store.rows(&key).await.expect("rows")
        });
        let counted = count(&stored, &CountOptions::default()).expect("counted");
        assert_eq!(counted, naive(&rows, &[]).into());
    }
}

/// Sweeping takes only what is old and not active; what is removed is gone.
pub fn sweeps_what_is_old_and_not_active(store: &ResultStore) {
    {
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
