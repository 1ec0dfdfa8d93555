//! What do the two documents of evidence say?

use std::fmt::Write as _;

use opora_inference::markers::{Marker, MarkerPack};
use opora_inference::uncertainty::Bounds;
use opora_simulate::InflationKind;

use crate::calibration::{Calibration, Told, bins, brier};
use crate::honesty::{self, Sample, Score};

pub const FIT_SEED: u64 = 101;
pub const TRY_SEED: u64 = 202;
pub const SCHOOLS: u32 = 2000;

fn table(text: &mut String, title: &str, told: &[Told]) {
    let (ours, rule, base) = brier(told);
    let _ = writeln!(text, "\n### {title}\n");
    let _ = writeln!(
        text,
        "{} cases. Brier score (lower is better): probability **{ours:.4}**, the rule as 0 or 1 {rule:.4}, always the \
         share of all {base:.4}.\n",
        told.len()
    );
    text.push_str("| told | cases | mean told | came true |\n|---|---:|---:|---:|\n");
    for (bin, number) in bins(told).iter().zip(0..) {
        let (from, to) = (number * 10, number * 10 + 10);
        let _ = if bin.count > 0 {
            writeln!(text, "| {from}–{to} % | {} | {:.3} | {:.3} |", bin.count, bin.told, bin.came_true)
        } else {
            writeln!(text, "| {from}–{to} % | 0 | – | – |")
        };
    }
}

/// `calibration.md`.
pub fn calibration(found: &Calibration, bounds: &Bounds) -> String {
    let mut text = format!(
        "# Is uncertainty calibrated?\n\nWritten by `cargo run --release -p opora-inference --example evaluate -- \
         docs/evidence` on a simulated country: {SCHOOLS} schools, four years, seed {TRY_SEED}; the bounds of \
         `packs/markers/uncertainty.toml` and the way the weight of a prior is found were chosen before, on seed \
         {FIT_SEED} and on the 150 schools of `crates/inference/tests/calibration.rs` (seed 7). There the intervals of \
         90 % first held in 79 % of cases, mostly in chosen examinations of a few pupils; the weak prior was given more \
         weight until they held. So that test guards against getting worse and is no evidence of its own: this page is. A *case* is a school in a procedure of \
         a year. *Came true* means that the true probability of failing, which the simulator knows, is 30 % or more. \
         Papers with planted inflation are left out of the first tables.\n\n![Reliability](calibration.svg)\n\n## One \
         procedure\n"
    );
    table(&mut text, "All schools", &found.cells);
    let of_size = |from: u32, to: u32| -> Vec<Told> {
        found.cells.iter().filter(|told| (from..to).contains(&told.size)).copied().collect()
    };
    table(&mut text, "Fewer than 20 results", &of_size(0, 20));
    table(&mut text, "20 to 49 results", &of_size(20, 50));
    table(&mut text, "50 results and more", &of_size(50, u32::MAX));
    let (held, all) = found.covered;
    let _ = writeln!(
        text,
        "\nThe interval that is told to hold with {:.0} % holds the true share in {:.1} % of {all} cases.",
        bounds.interval * 100.0,
        held as f64 * 100.0 / all.max(1) as f64
    );
    text.push_str("\n## A verdict made of several procedures\n");
    table(&mut text, "At least two procedures of a year", &found.many);
    table(&mut text, "The same procedure in two years", &found.repeated);
    text.push_str("\n## Papers with planted inflation\n");
    table(&mut text, "The truth is what would have been without it", &found.inflated);
    text.push_str(
        "\n## What does not work\n\n\
         - Told probabilities of 30–80 % for one procedure come true up to 0.1 more often than told (0.17 with 20 to 49 \
         results); with 50 results and more the few cases in the middle come true more rarely. The likely \
         reason: simulated schools have a heavier tail than the beta law (evening schools, planted low schools). It was \
         not looked into.\n\
         - «At least two procedures» is told too often, by up to 0.17: procedures are taken one by one, and what a school's other \
         procedures say about its share is not used. It is still far better than the rule as 0 or 1, which counts every \
         bad luck of a small school. «The same procedure in two years» is told too rarely, by up to 0.21, probably for the \
         same reason: two years of one school are alike. Do not show these two as exact per cents.\n\
         - Where results were inflated the probability tells about the inflated share: uncertainty knows nothing of \
         honesty.\n\
         - All of this is a simulated country. It shows that the arithmetic is right, not that real schools differ by \
         a beta law.\n",
    );
    text
}

fn row(text: &mut String, name: &str, score: &Score) {
    let [raised, copied, help, removed] = score.recall_by_kind;
    let _ = writeln!(
        text,
        "| {name} | {} | {:.2} | {:.2} | {raised:.2} | {copied:.2} | {help:.2} | {removed:.2} |",
        score.pointed_at, score.precision, score.recall
    );
}

fn scores(text: &mut String, title: &str, samples: &[Sample]) {
    let planted = samples.iter().filter(|sample| sample.planted.is_some()).count();
    let _ = writeln!(
        text,
        "\n### {title}\n\n{} school-years, {planted} with planted inflation.\n",
        samples.len()
    );
    text.push_str(
        "| points at a school-year | pointed at | precision | recall | raised marks | copied class | teacher help | \
         removed weak |\n|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    let above = |least: f64| move |sample: &Sample| sample.probability.is_some_and(|p| p >= least);
    row(text, "any paper above the 95 % interval", &honesty::score(samples, honesty::any_above));
    row(text, "half of the papers above it", &honesty::score(samples, honesty::half_above));
    row(text, "four markers: one or more", &honesty::score(samples, |sample| sample.four >= 1));
    row(text, "markers, probability ≥ 0.3", &honesty::score(samples, above(0.3)));
    row(text, "**markers, probability ≥ 0.7**", &honesty::score(samples, above(0.7)));
}

/// `markers.md`; `fitted` are the weights of the other country.
pub fn markers(samples: &[Sample], pack: &MarkerPack, fitted: &(f64, [f64; 8])) -> String {
    let mut text = format!(
        "# How often are the markers right?\n\nWritten by `cargo run --release -p opora-inference --example evaluate -- \
         docs/evidence`. The weights of `packs/markers/markers.toml` were fitted on a simulated country of {SCHOOLS} \
         schools and four years with seed {FIT_SEED}; everything below is another one, seed {TRY_SEED}. The plain rule \
         is «above the 95 % interval of the region»: mean mark above the region's by more than 1.96 standard errors of \
         a mean of so many pupils. *Recall* by kind: share of the planted school-years of that kind that are pointed \
         at.\n\n![Recall](markers.svg)\n\n## Precision and recall\n"
    );
    scores(&mut text, "All schools", samples);
    let split = |large: bool| -> Vec<Sample> {
        samples.iter().filter(|sample| (sample.size >= 20) == large).copied().collect()
    };
    scores(&mut text, "Schools with a paper of 20 pupils or more", &split(true));
    scores(&mut text, "Smaller schools", &split(false));
    text.push_str("\n## Is the probability calibrated?\n");
    table(&mut text, "Probability of planted inflation", &honesty::told(samples));
    text.push_str("\n## Weights\n\n| marker | weight in the pack | fitted now |\n|---|---:|---:|\n");
    for ((marker, weight), now) in Marker::ALL.iter().zip(pack.combination.weights).zip(fitted.1) {
        let _ = writeln!(text, "| {} | {weight:.2} | {now:.2} |", marker.id());
    }
    let _ = writeln!(text, "| intercept | {:.2} | {:.2} |", pack.combination.intercept, fitted.0);
    text.push_str(
        "\n## What does not work\n\n\
         - Planted inflation is strong and everywhere: 85 % of the ВПР papers of a school in a year. Real inflation may \
         be one teacher, one paper, one point. Recall in earnest is lower than here; nobody knows by how much. The markers were written by someone who had \
         read how the simulator plants inflation; the sum over all papers of a school profits from it being everywhere. \
         Take the table as proof that the arithmetic finds what it is made for, no more.\n\
         - A school that inflates in all years and grades hides from the jump between grades 4 and 5, which therefore \
         weighs little here.\n\
         - Removed weak pupils are the hardest to see: of a grade of six pupils two are missing, and a paper that is \
         removed in all subjects and years leaves no larger paper to compare with.\n\
         - The probability rests on the share of such schools that is assumed before looking (`assumed_share`). In the \
         simulated country it is known, in earnest it is not: read the probability as «how unusual», compare words, not \
         per cents.\n\
         - Papers with fewer pupils than a marker's own bound (8 to 20) never raise it by themselves; added up over all \
         papers of a school they do count in the probability.\n\
         - Markers are compared within a region: when half of a region inflates, the middle is inflated too.\n",
    );
    text
}

/// Recall of the plain rule and of the markers by kind, for the picture.
pub fn recall(samples: &[Sample]) -> Vec<(String, f64, f64)> {
    let plain = honesty::score(samples, honesty::half_above);
    let ours = honesty::score(samples, |sample| sample.probability.is_some_and(|p| p >= 0.7));
    let names = InflationKind::ALL.map(|kind| format!("recall: {}", kind.name().replace('_', " ")));
    let by_kind = plain.recall_by_kind.into_iter().zip(ours.recall_by_kind);
    let mut pairs = vec![("precision".to_owned(), plain.precision, ours.precision)];
    pairs.extend(names.into_iter().zip(by_kind).map(|(name, (rule, ours))| (name, rule, ours)));
    pairs
}
