//! How often are the probabilities and markers right in a country whose truth is known?
//!
//! `cargo run --release -p opora-inference --example evaluate -- FOLDER` writes `calibration.md`, `markers.md` and
//! their pictures into the folder and prints the weights that fit; without a folder it only prints.

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "a program for developers, run by hand")]

mod calibration;
mod fit;
mod honesty;
mod report;
mod svg;
mod world;

use std::error::Error;
use std::path::Path;

use calibration::Calibration;
use opora_inference::FileError;
use opora_inference::markers::{Marker, MarkerPack};
use opora_inference::uncertainty::Bounds;
use world::World;

const UNCERTAINTY: &str = include_str!("../../../../packs/markers/uncertainty.toml");
const MARKERS: &str = include_str!("../../../../packs/markers/markers.toml");

fn main() -> Result<(), Box<dyn Error>> {
    let told =
        |errors: Vec<FileError>| errors.iter().map(FileError::to_string).collect::<Vec<_>>().join("\n");
    let bounds = Bounds::read("uncertainty.toml", UNCERTAINTY).map_err(told)?;
    let fitting = World::new(report::FIT_SEED, report::SCHOOLS);
    let pack = MarkerPack::read("markers.toml", MARKERS, &fitting.dictionary).map_err(told)?;
    let examples = honesty::examples(&honesty::samples(&fitting, &pack));
    drop(fitting);
    let fitted = fit::weights(&examples);
    let inflated = examples.iter().filter(|example| example.inflated).count();
    println!("fitted_share = {:.4}\nintercept = {:.2}", inflated as f64 / examples.len() as f64, fitted.0);
    for (marker, weight) in Marker::ALL.iter().zip(fitted.1) {
        println!("{} = {weight:.2}", marker.id());
    }
    let world = World::new(report::TRY_SEED, report::SCHOOLS);
    let calibration = Calibration::of(&world, &bounds).ok_or("the line is a share")?;
    let samples = honesty::samples(&world, &pack);
    let documents = [
        ("calibration.md", report::calibration(&calibration, &bounds)),
        (
            "calibration.svg",
            svg::reliability(
                "One procedure: true share of 30 % or more",
                &calibration::bins(&calibration.cells),
            ),
        ),
        ("markers.md", report::markers(&samples, &pack, &fitted)),
        (
            "markers.svg",
            svg::pairs("Half of the papers above the interval; markers ≥ 0.7", &report::recall(&samples)),
        ),
    ];
    for (name, text) in &documents {
        match std::env::args().nth(1) {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                std::fs::write(Path::new(&folder).join(name), text)?;
            }
            None => println!("{text}"),
        }
    }
    Ok(())
}
