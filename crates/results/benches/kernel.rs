//! How long does it take to count rows, and to load cells?

#![allow(clippy::expect_used, reason = "a bench stops where it fails")]

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

/// Cells of many files to one sorted list.
fn load(bencher: Bencher, files: &[Vec<Cell>]) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = ResultStore::folder(folder.path()).expect("a store");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut sources = Vec::new();
    for (number, cells) in (0_u32..).zip(files) {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let key = Key::new(hash);
        runtime.block_on(store.put(&key, &Facts { cells, ..Facts::default() })).expect("put");
        sources.push((SourceIndex(number), key));
    }
    let all: usize = files.iter().map(Vec::len).sum();
    bencher.counter(ItemsCount::new(all)).bench_local(|| {
        let cells = runtime.block_on(store.cells(&sources, 2)).expect("cells");
        let (cells, aside) = Cells::new(cells);
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
    load(bencher, &files);
}

/// The same region, each school a file of its own.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn load_a_region_of_500_files(bencher: Bencher) {
    let files: Vec<_> = (1..501).map(|school| cells(school..school + 1, 20, 2021..2025)).collect();
    load(bencher, &files);
}

/// A country of 40,000 schools: 3.2 million cells, a file for each of 85 regions and each year.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_a_country(bencher: Bencher) {
    let region = |number: u32| 1 + number * 470..1 + (number + 1) * 470;
    let files: Vec<_> = (0..340)
        .map(|file| cells(region(file / 4), 20, 2021 + (file % 4) as u16..2022 + (file % 4) as u16))
        .collect();
    load(bencher, &files);
}
