//! What does a country of random results look like as one Parquet file?
//!
//! `cargo run --release -p opora-results --example generate -- ROWS OUT [none|lz4|zstd]`: seeded, sorted by
//! organisation; about 312 results of a school in a year, 20 procedures, 4 years.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measuring program stops where it fails"
)]

use std::fs::File;
use std::io::BufWriter;

use opora_cells::{KindCode, LevelCode, OrganisationId, Outcome, Procedure, Row, SubjectCode};
use opora_results::RowWriter;
use parquet::basic::{Compression, ZstdLevel};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().and_then(|text| text.parse().ok()).expect("the number of rows");
    let path = arguments.next().expect("the file to write");
    let compression = match arguments.next().as_deref() {
        Some("none") => Compression::UNCOMPRESSED,
        Some("zstd") => Compression::ZSTD(ZstdLevel::default()),
        _ => Compression::LZ4_RAW,
    };
    let target = BufWriter::new(File::create(path).expect("a file that can be written"));
    let mut writer = RowWriter::with(target, 1 << 20, compression).expect("a writer");
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut written, mut organisation) = (0_u64, 0_u32);
    while written < rows {
        organisation += 1;
        let school = school(organisation, &mut random);
        let room = usize::try_from(rows - written).unwrap_or(usize::MAX);
        let school = &school[..school.len().min(room)];
        writer.write(school).expect("written");
        written += school.len() as u64;
    }
    let (_, written) = writer.finish().expect("finished");
    println!("{written:?}, organisations: {organisation}");
}

fn school(organisation: u32, random: &mut ChaCha8Rng) -> Vec<Row> {
    let mut rows = Vec::with_capacity(1_400);
    let weak: f64 = random.random_range(0.01..0.35);
    for year in 2021..=2024 {
        for number in 0..20_u8 {
            let procedure = Procedure {
                kind: KindCode(1 + number / 14),
                subject: SubjectCode(1 + number % 7),
                grade: 4 + number % 5,
                level: LevelCode(0),
            };
            for pupil in 0..random.random_range(4..=27_u32) {
                let score = if random.random_bool(weak) {
                    random.random_range(0..12)
                } else {
                    random.random_range(12..=38)
                };
                let mark: u8 = [12, 20, 29].iter().fold(2, |mark, bound| mark + u8::from(score >= *bound));
                let journal = (mark + u8::from(random.random_bool(0.3))).min(5);
                rows.push(Row {
                    organisation: OrganisationId(organisation),
                    procedure,
                    year,
                    class: 1 + u8::try_from(pupil % 2).unwrap_or_default(),
                    outcome: Outcome::of_mark(mark).unwrap_or_default(),
                    journal: random.random_bool(0.9).then_some(journal),
                    score: Some(score),
                    file_row: u32::try_from(rows.len()).unwrap_or_default() + organisation * 1_400,
                });
            }
        }
    }
    rows
}
