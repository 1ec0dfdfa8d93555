//! Our side of the comparison with general engines: the same questions on the same Parquet file.
//!
//! `cargo run --release -p opora-results --example compare -- FILE REGISTRY PASSES THREADS [ANSWERS]`. REGISTRY is a CSV
//! of numbers `organisation,municipality,region`. Prints one line of JSON a pass, with seconds of wall and processor
//! time up to the cells and up to all answers; the last pass writes its answers into the folder ANSWERS.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measuring program stops where it fails"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use opora_cells::{Cell, CellList, CellView};
use opora_results::{CountOptions, RowsFile, count};

/// Schools with fewer participants in a procedure are not looked at.
const PARTICIPANTS_MIN: u32 = 10;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().unwrap_or_else(|| panic!("argument missing: {what}"));
    let file = RowsFile::Path(next("the file of rows").into());
    let registry = registry(Path::new(&next("the registry")));
    let passes: usize = next("the number of passes").parse().expect("the number of passes");
    let threads: usize = next("the number of threads").parse().expect("the number of threads");
    let answers = arguments.next();
    for pass in 1..=passes {
        let (start, processor) = (Instant::now(), processor_seconds());
        let cells = count(&file, &CountOptions { threads, ..CountOptions::default() }).expect("counted");
        let (counted, counted_processor) = (start.elapsed().as_secs_f64(), processor_seconds() - processor);
        let answer = Answer::new(&cells, &registry, threads);
        let (all, all_processor) = (start.elapsed().as_secs_f64(), processor_seconds() - processor);
        println!(
            "{{\"cells\": {counted:.4}, \"cells_cpu\": {counted_processor:.2}, \"all\": {all:.4}, \
             \"all_cpu\": {all_processor:.2}, \"low\": {}}}",
            answer.low.len()
        );
        if let (true, Some(folder)) = (pass == passes, &answers) {
            answer.write(&cells, Path::new(folder)).expect("answers written");
        }
    }
}

/// Municipality and region of each organisation, by its number.
fn registry(path: &Path) -> Vec<[u32; 2]> {
    let text = std::fs::read_to_string(path).expect("the registry");
    let mut places = Vec::new();
    for line in text.lines().skip(1) {
        let numbers: Vec<u32> = line.split(',').map(|number| number.parse().expect("a number")).collect();
        let [organisation, municipality, region] = numbers[..] else { panic!("three columns") };
        let organisation = organisation as usize;
        places.resize(places.len().max(organisation + 1), [0; 2]);
        places[organisation] = [municipality, region];
    }
    places
}

/// Counts of a place in one procedure of one year.
#[derive(Clone, Copy, Default)]
struct Sum {
    participants: u64,
    failed: u64,
    scored: u64,
    score_sum: u64,
}

struct Answer {
    /// Low schools and the second of the two years.
    low: Vec<(u32, u16)>,
    /// Procedures and years that occur.
    keys: Vec<(u32, u16)>,
    /// Municipalities and regions, each with a sum for each key.
    sums: [Vec<Vec<Sum>>; 2],
}

impl Answer {
    /// Answers from cells, in as many pieces as threads; organisations are not cut.
    fn new(cells: &CellList, registry: &[[u32; 2]], threads: usize) -> Self {
        let keys = keys(cells);
        let mut pieces = Vec::new();
        let mut rest = cells.view();
        for left in (1..=threads).rev() {
            let border = rest.slice(rest.len() / left..rest.len()).first().map(|cell| cell.organisation);
            let cut = border.map_or(rest.len(), |border| rest.place_of(border));
            pieces.push(rest.slice(0..cut));
            rest = rest.slice(cut..rest.len());
        }
        let parts: Vec<_> = std::thread::scope(|scope| {
            let keys = &keys;
            let threads: Vec<_> =
                pieces.into_iter().map(|piece| scope.spawn(move || part(piece, registry, keys))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let mut answer = Self { low: Vec::new(), keys, sums: Default::default() };
        for (low, sums) in parts {
            answer.low.extend(low);
            for (all, sums) in answer.sums.iter_mut().zip(sums) {
                add(all, sums);
            }
        }
        answer
    }

    fn write(&self, cells: &CellList, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut text = "organisation,procedure,year,n,failed\n".to_owned();
        for cell in cells.iter().filter(|cell| cell.participants >= PARTICIPANTS_MIN) {
            let (organisation, procedure) = (cell.organisation.0, cell.procedure.packed());
            let _ = writeln!(
                text,
                "{organisation},{procedure},{},{},{}",
                cell.year,
                cell.participants,
                cell.failed()
            );
        }
        std::fs::write(folder.join("cells.csv"), text)?;
        let mut text = "organisation,year\n".to_owned();
        for (organisation, year) in &self.low {
            let _ = writeln!(text, "{organisation},{year}");
        }
        std::fs::write(folder.join("low.csv"), text)?;
        for (sums, name) in self.sums.iter().zip(["municipalities", "regions"]) {
            let mut text = "place,procedure,year,n,failed,mean\n".to_owned();
            for (place, sums) in sums.iter().enumerate() {
                for (sum, (procedure, year)) in
                    sums.iter().zip(&self.keys).filter(|(sum, _)| sum.participants > 0)
                {
                    let mean = sum.score_sum as f64 / sum.scored as f64;
                    let _ = writeln!(
                        text,
                        "{place},{procedure},{year},{},{},{mean}",
                        sum.participants, sum.failed
                    );
                }
            }
            std::fs::write(folder.join(format!("{name}.csv")), text)?;
        }
        Ok(())
    }
}

fn keys(cells: &CellList) -> Vec<(u32, u16)> {
    let mut keys = BTreeSet::new();
    let mut last = (0, 0);
    for cell in cells {
        let key = (cell.procedure.packed(), cell.year);
        if key != last {
            keys.insert(key);
            last = key;
        }
    }
    keys.into_iter().collect()
}

type Part = (Vec<(u32, u16)>, [Vec<Vec<Sum>>; 2]);

fn part(cells: CellView<'_>, registry: &[[u32; 2]], keys: &[(u32, u16)]) -> Part {
    let mut low = Vec::new();
    let mut sums: [Vec<Vec<Sum>>; 2] = Default::default();
    let mut school: Vec<Cell> = Vec::new();
    let mut rest = cells;
    while let Some(first) = rest.first() {
        let end = rest.organisations().take_while(|organisation| *organisation == first.organisation).count();
        school.clear();
        school.extend(rest.slice(0..end));
        rest = rest.slice(end..rest.len());
        let organisation = first.organisation.0;
        low.extend(low_years(&school).into_iter().map(|year| (organisation, year)));
        let places = registry[organisation as usize];
        for (sums, place) in sums.iter_mut().zip(places) {
            let place = place as usize;
            sums.resize_with(sums.len().max(place + 1), || vec![Sum::default(); keys.len()]);
            // Both are in the same order.
            let mut number = 0;
            for cell in &school {
                while keys[number] != (cell.procedure.packed(), cell.year) {
                    number += 1;
                }
                let sum = &mut sums[place][number];
                sum.participants += u64::from(cell.participants);
                sum.failed += u64::from(cell.failed());
                sum.scored += u64::from(cell.scored);
                sum.score_sum += u64::from(cell.score_sum);
            }
        }
    }
    (low, sums)
}

/// Years in which a school has two low procedures or more, one of which was low the year before, too.
fn low_years(school: &[Cell]) -> Vec<u16> {
    let low = |cell: &&Cell| {
        cell.participants >= PARTICIPANTS_MIN && cell.judged() > 0 && 10 * cell.failed() >= 3 * cell.judged()
    };
    let low: Vec<&Cell> = school.iter().filter(low).collect();
    let mut counts: Vec<(u16, u32, bool)> = Vec::new();
    for (place, cell) in low.iter().enumerate() {
        let again = place.checked_sub(1).is_some_and(|before| {
            low[before].procedure == cell.procedure && low[before].year + 1 == cell.year
        });
        match counts.iter_mut().find(|(year, ..)| *year == cell.year) {
            Some((_, count, any)) => (*count, *any) = (*count + 1, *any || again),
            None => counts.push((cell.year, 1, again)),
        }
    }
    counts.sort_unstable();
    counts.into_iter().filter(|(_, count, again)| *count >= 2 && *again).map(|(year, ..)| year).collect()
}

fn add(all: &mut Vec<Vec<Sum>>, more: Vec<Vec<Sum>>) {
    if all.len() < more.len() {
        all.resize_with(more.len(), Vec::new);
    }
    for (all, more) in all.iter_mut().zip(more) {
        if all.is_empty() {
            *all = more;
            continue;
        }
        for (all, more) in all.iter_mut().zip(more) {
            all.participants += more.participants;
            all.failed += more.failed;
            all.scored += more.scored;
            all.score_sum += more.score_sum;
        }
    }
}

/// Seconds this process has had of the processors, by the accounts of Linux; zero elsewhere.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|f| f.parse().unwrap_or(0.0))
        .collect();
    // User and system time in hundredths of a second, the eleventh and twelfth after the name.
    fields.get(11..13).map_or(0.0, |times| times.iter().sum::<f64>() / 100.0)
}
