//! How many deadline phrases are read in a second on one core?

use divan::Bencher;
use divan::counter::ItemsCount;
use opora_schedule::{Context, parse};

fn main() {
    divan::main();
}

/// The texts of the phrase cases: every kind, most of them short, as in a real column.
fn phrases() -> Vec<String> {
    include_str!("../tests/phrases.txt")
        .lines()
        .filter(|line| !line.starts_with("# ") && !line.contains('{'))
        .filter_map(|line| line.split_once(" => "))
        .map(|(text, _)| text.replace("<br>", "\n").replace("<nbsp>", "\u{a0}"))
        .collect()
}

#[divan::bench]
fn mixed_column(bencher: Bencher) {
    let phrases = phrases();
    let context = Context { year: Some(2021), ..Context::default() };
    bencher.counter(ItemsCount::new(phrases.len())).bench(|| {
        phrases.iter().map(|text| parse(divan::black_box(text), &context).parts.len()).sum::<usize>()
    });
}

/// A megabyte without a deadline in it; time must grow with the length only.
#[divan::bench(args = ["и, ", "1", "(", "март ", "до ", "по ", "«", "в течение ", "1, ", "с 1 по "], sample_count = 5)]
fn hostile_megabyte(bencher: Bencher, unit: &str) {
    let text = unit.repeat(1_000_000 / unit.len());
    bencher.bench(|| parse(divan::black_box(&text), &Context::default()).parts.len());
}
