//! Writes a country of so many schools into a folder, and tells how long it took.

#![allow(clippy::print_stderr, reason = "an example speaks on the terminal")]

use std::path::PathBuf;
use std::time::Instant;

use opora_simulate::{Options, Preset, write};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "demo".to_owned());
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "simulated".to_owned()));
    let mut options = match (Preset::named(&what), what.parse()) {
        (Some(preset), _) => Options::preset(preset),
        (None, Ok(schools)) => Options::of_schools(schools),
        (None, Err(_)) => Options::default(),
    };
    if let Some(threads) = arguments.next().and_then(|threads| threads.parse().ok()) {
        options.threads = threads;
    }
    // The fourth argument: how many schools of a region also get workbooks.
    if let Some(schools) = arguments.next().and_then(|schools| schools.parse().ok()) {
        options.schools_with_forms = schools;
    }
    let started = Instant::now();
    let summary = write(&folder, &options, &mut |_| {})?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = summary.rows as f64 / seconds / 1e6;
    eprintln!(
        "{} schools, {} rows in {seconds:.1} s, {rate:.2} million rows a second",
        summary.schools, summary.rows
    );
    Ok(())
}
