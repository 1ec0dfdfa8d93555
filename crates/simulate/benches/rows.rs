//! How many rows of a region are made in a second?

use divan::Bencher;
use divan::counter::ItemsCount;
use opora_simulate::{Country, Options, Preset};

fn main() {
    divan::main();
}

#[divan::bench(args = [false, true], sample_count = 10)]
fn region_with_details(bencher: Bencher, details: bool) {
    let country = Country::new(&Options { details, ..Options::preset(Preset::Region) });
    let rows = country.region(0).map_or(0, |region| region.rows.len());
    bencher.counter(ItemsCount::new(rows)).bench(|| country.region(0));
}

#[divan::bench]
fn laying_out_a_country(bencher: Bencher) {
    bencher.bench(|| Country::new(&Options::preset(Preset::Country)));
}
