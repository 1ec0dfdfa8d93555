//! Which text stands for a run, the same every time?

use std::fmt::Write as _;

use crate::{Fact, Run, Verdict};

/// A run as sorted lines: what a hash is taken of, and what two runs are the same by. One line for the run, one for a
/// school, one for each thing that was looked at.
pub fn canonical(run: &Run) -> String {
    let mut text = String::new();
    let pack = run.pack();
    // Writing to a string never fails.
    let _ = writeln!(text, "run\t{}\t{}\t{}", pack.id, pack.version, run.year());
    for change in pack.changes() {
        let _ = writeln!(text, "changed\t{}\t{}", change.number, change.to);
    }
    for verdict in run.verdicts() {
        school(&mut text, run, verdict);
    }
    text
}

fn school(text: &mut String, run: &Run, verdict: &Verdict) {
    let pack = run.pack();
    let tier = verdict.tier().and_then(|at| pack.tiers().get(at)).map_or("-", |tier| &tier.id);
    let _ = write!(text, "school\t{}\t{}\t{tier}", verdict.organisation().0, pack[verdict.category()].id);
    let _ = write!(text, "\t{:?}\t{:?}", verdict.previous(), verdict.standing());
    let trace = verdict.trace();
    for (criterion, answer) in pack.criteria().iter().zip(trace.answers()) {
        let truth = answer.truth.map_or("-", |truth| truth.id());
        let _ = write!(text, "\t{}={truth}:{}:{}:{}", criterion.id, answer.yes, answer.no, answer.unknown);
    }
    for (condition, truth) in pack.conditions().iter().zip(trace.conditions()) {
        let _ = write!(text, "\t{}={}", condition.id, truth.id());
    }
    for note in trace.notes() {
        let _ = write!(text, "\t{note:?}");
    }
    text.push('\n');
    for evidence in trace.evidence() {
        let _ = write!(text, "\t{}\t{}\t", pack[evidence.criterion].id, evidence.year);
        fact(text, evidence.fact);
        text.push('\n');
    }
}

fn fact(text: &mut String, fact: Fact) {
    let _ = match fact {
        Fact::Cell(seen) => write!(
            text,
            "cell\t{}\t{}/{}\t{}\t{}\t{}-{}\t{}\t{}",
            seen.procedure.packed(),
            seen.part,
            seen.whole,
            seen.unmarked,
            seen.source.0,
            seen.rows.0,
            seen.rows.1,
            if seen.autumn { "autumn" } else { "spring" },
            seen.found.id()
        ),
        Fact::Absent(procedure) => write!(text, "absent\t{}", procedure.packed()),
        Fact::Reference { procedure, part, whole, schools } => {
            write!(text, "around\t{}\t{part}/{whole}\t{schools}", procedure.packed())
        }
        Fact::NoReference(procedure) => write!(text, "nobody-around\t{}", procedure.packed()),
        Fact::Difference { numerator, denominator } => write!(text, "difference\t{numerator}/{denominator}"),
        Fact::Indicator { indicator, part, whole, source, row } => {
            let whole = whole.map_or_else(String::new, |whole| format!("/{whole}"));
            write!(text, "declared\t{}\t{part}{whole}\t{}\t{row}", indicator.0, source.0)
        }
        Fact::NoIndicator(indicator) => write!(text, "not-declared\t{}", indicator.0),
        Fact::Together { part, whole } => write!(text, "together\t{part}/{whole}"),
        Fact::IndexValue(value) => write!(text, "index\t{value}"),
        Fact::Pool { part, whole, schools } => write!(text, "pool\t{part}/{whole}\t{schools}"),
        Fact::Markers { found, looked_for } => write!(text, "markers\t{found}/{looked_for}"),
        Fact::NoMarkers => write!(text, "no-markers"),
        Fact::Year { truth, listed } => {
            write!(text, "year\t{}\t{}", truth.id(), if listed { "listed" } else { "computed" })
        }
        Fact::TooLarge => write!(text, "too-large"),
    };
}
