//! How long does it take to count rows, and to load cells?

#![allow(clippy::expect_used, reason = "a bench stops where it fails")]

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use opora_cells::{Cell, Cells, OrganisationId, Outcome, Procedure, Row, SourceIndex};
use opora_results::{CountOptions, Facts, Key, ResultStore, RowWriter, RowsFile, count};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// Rows of schools of 4 years and 20 procedures, 15 or so pupils in each.
fn rows(length: usize) -> Vec<Row> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut rows = Vec::with_capacity(length);
    let mut class = 0_u32;
    while rows.len() < length {
        for _ in 0..random.random_range(4..27) {
            rows.push(Row {
                organisation: OrganisationId(1 + class / 80),
                procedure: Procedure::from_packed(0x0101_0400 + (class % 20) * 0x0001_0000),
                year: 2021 + (class / 20 % 4) as u16,
                class: 1,
                outcome: Outcome::of_mark(random.random_range(2..=5)).unwrap_or_default(),
                journal: Some(random.random_range(2..=5)),
                score: Some(random.random_range(0..40)),
                file_row: 1 + rows.len() as u32,
            });
        }
        class += 1;
    }
    rows.truncate(length);
    rows
}

fn written(rows: &[Row]) -> RowsFile {
    let mut writer = RowWriter::new(Vec::new()).expect("a writer");
    writer.write(rows).expect("written");
    RowsFile::Bytes(writer.finish().expect("finished").0.into())
}

/// Rows to cells, the main pass.
#[divan::bench(args = [1, 2], sample_count = 10, sample_size = 1)]
fn five_million_rows(bencher: Bencher, threads: usize) {
    let file = written(&rows(5_000_000));
    let options = CountOptions { threads, ..CountOptions::default() };
    bencher.counter(ItemsCount::new(5_000_000_usize)).bench(|| count(&file, &options).expect("counted"));
}

/// One school's file: a form of a few hundred rows.
#[divan::bench]
fn a_file_of_one_school(bencher: Bencher) {
    let file = written(&rows(400));
    bencher.bench(|| count(&file, &CountOptions::default()).expect("counted"));
}

/// Rows to a Parquet file.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn write_a_million_rows(bencher: Bencher) {
    let rows = rows(1_000_000);
    bencher.counter(ItemsCount::new(rows.len())).bench(|| written(&rows));
}

fn cells(organisations: std::ops::Range<u32>, procedures: u32, years: std::ops::Range<u16>) -> Vec<Cell> {
    let mut cells = Vec::new();
    for organisation in organisations {
        for procedure in 0..procedures {
            let procedure = Procedure::from_packed(0x0101_0400 + procedure * 0x0001_0000);
            cells.extend(years.clone().map(|year| Cell {
                participants: 20,
                marks: [2, 8, 7, 3],
                scored: 20,
                score_sum: 300 + organisation % 100,
                rows: (organisation * 20, organisation * 20 + 19),
                ..Cell::empty(OrganisationId(organisation), procedure, year)
            }));
        }
    }
    cells
}

/// A store with the cells of many files.
fn stored(folder: &Path, files: &[Vec<Cell>]) -> (ResultStore, Vec<(SourceIndex, Key)>) {
    let store = ResultStore::folder(folder).expect("a store");
    let mut sources = Vec::new();
    for (number, cells) in (0_u32..).zip(files) {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let key = Key::new(hash);
        wait(store.put(&key, &Facts { cells, ..Facts::default() })).expect("put");
        sources.push((SourceIndex(number), key));
    }
    (store, sources)
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

/// Cells of many files to one sorted list.
fn load(bencher: Bencher, files: &[Vec<Cell>], snapshot_from: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, sources) = stored(folder.path(), files);
    let store = store.with_snapshot_from(snapshot_from);
    let all: usize = files.iter().map(Vec::len).sum();
    wait(store.cells(&sources, 2)).expect("the snapshot, if one is kept");
    bencher.counter(ItemsCount::new(all)).bench_local(|| {
        let (cells, aside) = Cells::new(wait(store.cells(&sources, 2)).expect("cells"));
        assert!(aside.is_empty() && cells.all().len() == all);
        cells
    });
}

/// A region of 500 schools: 20 procedures of 4 years, a file each.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn load_a_region_of_80_files(bencher: Bencher) {
    let file = |number: u16| {
        let procedure = Procedure::from_packed(0x0101_0400 + u32::from(number % 20) * 0x0001_0000);
        let mut cells = cells(1..501, 1, 2021 + number / 20..2022 + number / 20);
        cells.iter_mut().for_each(|cell| cell.procedure = procedure);
        cells
    };
    let files: Vec<_> = (0..80).map(file).collect();
    load(bencher, &files, usize::MAX);
}

/// The same region, each school a file of its own.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn load_a_region_of_500_files(bencher: Bencher) {
    let files: Vec<_> = (1..501).map(|school| cells(school..school + 1, 20, 2021..2025)).collect();
    load(bencher, &files, usize::MAX);
}

/// A country of 40,000 schools: 3.2 million cells, a file for each of 85 regions and each year.
fn country() -> Vec<Vec<Cell>> {
    let region = |number: u32| 1 + number * 470..1 + (number + 1) * 470;
    let file = |file: u32| cells(region(file / 4), 20, 2021 + (file % 4) as u16..2022 + (file % 4) as u16);
    (0..340).map(file).collect()
}

/// All cells of the country, file by file.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_a_country_file_by_file(bencher: Bencher) {
    load(bencher, &country(), usize::MAX);
}

/// All cells of the country as they were read before.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn load_a_country_again(bencher: Bencher) {
    load(bencher, &country(), 1);
}

/// The country after the file of one school was added: what was read before, and the file.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn load_a_country_with_a_new_file(bencher: Bencher) {
    let mut files = country();
    let before = files.len();
    files.push(cells(20_000..20_001, 20, 2025..2026));
    let folder = tempfile::tempdir().expect("a folder");
    let (store, mut sources) = stored(folder.path(), &files);
    wait(store.cells(&sources[..before], 2)).expect("the snapshot");
    // Files are told by their keys: the new one comes first, and all others have another index than before.
    sources.rotate_right(1);
    sources.iter_mut().zip(0..).for_each(|((index, _), number)| *index = SourceIndex(number));
    let all: usize = files.iter().map(Vec::len).sum();
    bencher.counter(ItemsCount::new(all)).bench_local(|| {
        let (cells, aside) = Cells::new(wait(store.cells(&sources, 2)).expect("cells"));
        assert!(aside.is_empty() && cells.all().len() == all);
        cells
    });
}
