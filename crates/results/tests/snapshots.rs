//! Does a store with a snapshot always say the same as one without?

#![allow(clippy::expect_used, reason = "the helpers of a test may fail as the test may")]

use std::collections::BTreeSet;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::memory::InMemory;
use opora_cells::{Cell, CellList, Cells, OrganisationId, Procedure, SourceIndex};
use opora_results::{Facts, Key, ResultStore};
use proptest::prelude::*;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

fn key(number: u8) -> Key {
    Key::new([number; 32])
}

/// Cells of one school in some procedures; every fifth has a number that needs room.
fn cells(organisation: u32, procedures: u32) -> Vec<Cell> {
    let cell = |procedure: u32| Cell {
        participants: 20 + if procedure % 5 == 4 { 70_000 } else { 0 },
        marks: [2, 8, 7, 3],
        ..Cell::empty(OrganisationId(organisation), Procedure::from_packed(procedure), 2024)
    };
    (0..procedures).map(cell).collect()
}

fn loaded(store: &ResultStore, sources: &[(SourceIndex, Key)]) -> (Cells, Vec<Cell>) {
    let (cells, mut aside) = Cells::new(run(store.cells(sources, 2)).expect("cells"));
    aside.sort_by_key(|cell| (cell.organisation, cell.procedure, cell.year, cell.source));
    (cells, aside)
}

/// What happens between two readings.
#[derive(Clone, Debug)]
enum Step {
    /// This file counts from now on, or no longer.
    Turn(u8),
    /// The files are told in another order, so their indices change.
    Shuffle,
    /// A byte of the snapshot changes, or it ends early.
    Spoil(prop::sample::Index, Option<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0_u8..12).prop_map(Step::Turn),
        1 => Just(Step::Shuffle),
        2 => (any::<prop::sample::Index>(), prop::option::of(any::<u8>())).prop_map(|(at, to)| Step::Spoil(at, to)),
    ]
}

/// The files with cells of many sources.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("snapshots")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn spoil(folder: &Path, at: prop::sample::Index, to: Option<u8>) {
    let kept = kept(folder);
    let Some(path) = kept.get(at.index(kept.len().max(1))) else { return };
    let mut bytes = std::fs::read(path).expect("read");
    match to {
        // Cut off before, a file may have nothing left to spoil.
        _ if bytes.is_empty() => {}
        Some(to) => *at.get_mut(&mut bytes) = to,
        None => bytes.truncate(at.index(bytes.len())),
    }
    std::fs::write(path, bytes).expect("written");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_come_and_go_and_a_snapshot_changes_nothing(
        files in prop::collection::vec((0_u32..6, 0_u32..9), 12), steps in prop::collection::vec(step(), 1..40),
        schools in prop::collection::vec(0_u32..6, 0..4),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let fast = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(1);
        let plain = ResultStore::remote(Arc::new(InMemory::new()));
        for (number, (organisation, procedures)) in (0_u8..).zip(&files) {
            // Files of one school tell the same: what is put aside depends on the order of files, too.
            let cells = cells(*organisation, 1 + *procedures);
            for store in [&fast, &plain] {
                run(store.put(&key(number), &Facts { cells: &cells, ..Facts::default() })).expect("put");
            }
        }
        let mut active: Vec<u8> = (0..9).collect();
        for step in steps {
            match step {
                Step::Turn(number) if active.contains(&number) => active.retain(|known| *known != number),
                Step::Turn(number) => active.push(number),
                Step::Shuffle => active.reverse(),
                Step::Spoil(at, to) => spoil(folder.path(), at, to),
            }
            let sources: Vec<_> = (0..).map(SourceIndex).zip(active.iter().map(|number| key(*number))).collect();
            // Some schools alone are the same schools of all.
            let schools: BTreeSet<OrganisationId> =
                schools.iter().copied().chain([9]).map(OrganisationId).collect();
            let some = run(fast.cells_of(&sources, &schools, 2)).expect("cells");
            let all = run(plain.cells(&sources, 2)).expect("cells");
            let expected: CellList = all.iter().filter(|cell| schools.contains(&cell.organisation)).collect();
            prop_assert_eq!(Cells::new(some), Cells::new(expected));
            prop_assert_eq!(loaded(&fast, &sources), loaded(&plain, &sources));
        }
    }
}

#[test]
fn what_is_in_the_snapshot_is_not_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(1);
    let sources: Vec<_> = (0_u8..3).map(|number| (SourceIndex(number.into()), key(number))).collect();
    for (number, (_, key)) in (0_u32..).zip(&sources) {
        run(store.put(key, &Facts { cells: &cells(number, 5), ..Facts::default() })).expect("put");
    }
    let whole = loaded(&store, &sources);
    // An object never changes in truth: here it tells which of the two was read.
    let behind = ResultStore::folder(folder.path()).expect("a store");
    run(behind.put(&key(1), &Facts { cells: &cells(1, 1), ..Facts::default() })).expect("put");
    assert_eq!(loaded(&store, &sources), whole);
    kept(folder.path()).iter().for_each(|path| std::fs::remove_file(path).expect("removed"));
    assert_eq!(loaded(&store, &sources).0.all().len(), 11);
}

#[test]
fn files_that_come_one_by_one_are_gathered() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(1000);
    let mut sources = Vec::new();
    let mut most = 0;
    for number in 0..300_u32 {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_be_bytes());
        let key = Key::new(hash);
        // Whoever adds a file looks first what is known of its school.
        let school = BTreeSet::from([OrganisationId(number)]);
        assert!(run(store.cells_of(&sources, &school, 2)).expect("cells").is_empty());
        run(store.put(&key, &Facts { cells: &cells(number, 8), ..Facts::default() })).expect("put");
        sources.push((SourceIndex(number), key));
        most = most.max(kept(folder.path()).len());
        let known = run(store.cells_of(&sources, &school, 2)).expect("cells");
        assert_eq!(
            known.iter().map(|cell| cell.source).collect::<BTreeSet<_>>(),
            [SourceIndex(number)].into()
        );
    }
    assert!((1..6).contains(&most), "{most} segments at once");
    let plain = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(usize::MAX);
    assert_eq!(loaded(&store, &sources), loaded(&plain, &sources));
    assert_eq!(kept(folder.path()).len(), 1, "who reads everything leaves one behind");
}

#[test]
fn what_is_swept_is_in_no_segment() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(1);
    let sources = [(SourceIndex(0), key(0)), (SourceIndex(1), key(1))];
    for (SourceIndex(number), key) in &sources {
        run(store.put(key, &Facts { cells: &cells(*number, 5), ..Facts::default() })).expect("put");
    }
    let whole = loaded(&store, &sources);
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(200 * 365 * 86_400);
    assert_eq!(run(store.sweep(&BTreeSet::from([key(1)]), later)).expect("swept"), 1);
    assert_eq!(kept(folder.path()), Vec::<PathBuf>::new());
    assert_eq!(loaded(&store, &sources[1..]).0.all().len(), whole.0.all().len() / 2);
}

#[test]
fn an_object_that_is_gone_is_missed_in_spite_of_a_snapshot() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store").with_snapshot_from(1);
    let sources = [(SourceIndex(0), key(0))];
    run(store.put(&key(0), &Facts { cells: &cells(1, 5), ..Facts::default() })).expect("put");
    loaded(&store, &sources);
    run(store.remove(&key(0))).expect("removed");
    assert!(run(store.cells(&sources, 2)).is_err());
}
