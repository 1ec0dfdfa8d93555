//! Which bounds, weights and words do the markers use?

use opora_cells::{Dictionary, KindCode, Procedure, SubjectCode};
use opora_fields::{Errors, Fields, FileError, parse};

use super::Marker;
use crate::Provenance;
use crate::table::{ROOT, Table};

/// Bounds of one marker.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Name as shown.
    pub name: String,
    /// What it means, in words.
    pub meaning: String,
    /// What else can explain it, in words.
    pub also_explained_by: String,
    /// Fewest pupils of a procedure (of a class, for copies) for a raised marker, and of all looks of a school together
    /// for a strength of the school.
    pub pupils_min: u32,
    /// From how many standard deviations on it counts as raised.
    pub raised_from: f64,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// How markers make a probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// Share of schools with planted inflation in the simulated schools the weights were fitted on.
    pub fitted_share: f64,
    /// Share of such schools that is assumed before looking.
    pub assumed_share: f64,
    /// Log-odds of a school without any strength, at the fitted share.
    pub intercept: f64,
    /// Strengths above this count as this.
    pub cap: f64,
    /// Fewest markers that must have been looked for.
    pub markers_min: u32,
    /// Log-odds for each standard deviation, in the order of [`Marker::ALL`].
    pub weights: [f64; 8],
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// Words for a probability from some bound on.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkerWord {
    /// Lowest probability it is used for.
    pub at_least: f64,
    /// The words.
    pub text: String,
}

/// The pack of markers, as `packs/markers/markers.toml` gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkerPack {
    /// Where the idea comes from.
    pub provenance: Provenance,
    /// Kinds of procedures that are looked at.
    pub kinds: Vec<KindCode>,
    /// Kinds whose results are trusted more: they are compared with first.
    pub trusted: Vec<KindCode>,
    /// Fewest other procedures of a school to compare with.
    pub others_min: u32,
    /// Fewest schools of a region in a procedure to compare with.
    pub schools_min: u32,
    /// Fewest pupils for a look at all: a look at fewer than `pupils_min` is never raised, but counts in the strength.
    pub look_pupils_min: u32,
    /// Grades of the four yes-or-no markers and of the jump: the first is compared with the second a year later.
    pub grades: [u8; 2],
    /// Subjects of the four markers and of participation: papers everybody writes.
    pub subjects: Vec<SubjectCode>,
    /// The four markers: standard deviations above the region, and above the own other results.
    pub four_above: (f64, f64),
    /// Bounds of the four markers.
    pub four_pupils_min: u32,
    /// How many scores on each side of a bound belong to a peak.
    pub peak_width: u32,
    /// Fewest tasks.
    pub tasks_min: u32,
    /// A parallel without class numbers counts as one class up to so many pupils.
    pub class_max: u32,
    /// The low tail: share of the region's pupils at or below it.
    pub tail_share: f64,
    /// How markers make a probability.
    pub combination: Combination,
    /// Words by falling bound; the last one begins at zero.
    pub words: Vec<MarkerWord>,
    /// Words when too few markers could be looked for.
    pub too_little: String,
    limits: [Limits; 8],
}

impl MarkerPack {
    /// Reads the pack. `file` names it in messages. All errors are returned together.
    pub fn read(file: &str, text: &str, dictionary: &Dictionary) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(file, text);
        let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
        let pack = read(Table::new(Fields::root(&document, ROOT)), dictionary, &mut errors);
        errors.or(pack)
    }

    /// The bounds of a marker.
    pub fn limits(&self, marker: Marker) -> &Limits {
        let [disagreement, tasks, peaks, journal, jump, copied, participation, low_tail] = &self.limits;
        match marker {
            Marker::Disagreement => disagreement,
            Marker::Tasks => tasks,
            Marker::Peaks => peaks,
            Marker::Journal => journal,
            Marker::Jump => jump,
            Marker::Copied => copied,
            Marker::Participation => participation,
            Marker::LowTail => low_tail,
        }
    }

    /// The procedure is one of those looked at.
    pub fn looks_at(&self, procedure: Procedure) -> bool {
        self.kinds.contains(&procedure.kind)
    }

    /// The words for a probability.
    pub fn word(&self, probability: Option<f64>) -> &str {
        let Some(probability) = probability else { return &self.too_little };
        let found = self.words.iter().find(|word| probability >= word.at_least).or(self.words.last());
        found.map_or("", |word| &word.text)
    }
}

fn read(mut file: Table<'_>, dictionary: &Dictionary, errors: &mut Errors) -> Option<MarkerPack> {
    let provenance = file.provenance(errors);
    let kinds = codes(&mut file, "kinds", errors, |word| dictionary.kind(word));
    let trusted = codes(&mut file, "trusted", errors, |word| dictionary.kind(word));
    let subjects = codes(&mut file, "subjects", errors, |word| dictionary.subject(word));
    let grades = file.grades("grades", errors);
    let mut four = file.table("four", errors)?;
    let four_above =
        (four.number("above_region", (0.0, 10.0), errors), four.number("above_others", (0.0, 10.0), errors));
    let four_pupils_min = four.count("pupils_min", errors);
    four.provenance(errors);
    four.finish(errors);
    let combination = combination(file.table("combination", errors)?, errors);
    let mut markers = file.table("marker", errors)?;
    let limits =
        Marker::ALL.map(|marker| markers.table(marker.id(), errors).map(|table| limits(table, errors)));
    markers.finish(errors);
    let words = words(&mut file, errors);
    let pack = MarkerPack {
        provenance,
        kinds,
        trusted,
        others_min: file.count("others_min", errors).max(1),
        schools_min: file.count("schools_min", errors).max(3),
        look_pupils_min: file.count("look_pupils_min", errors).max(2),
        grades,
        subjects,
        four_above,
        four_pupils_min,
        peak_width: file.count("peak_width", errors),
        tasks_min: file.count("tasks_min", errors).max(3),
        class_max: file.count("class_max", errors),
        tail_share: file.number("tail_share", (0.01, 0.5), errors),
        combination,
        words,
        too_little: file.text("too_little", errors),
        limits: all_limits(limits)?,
    };
    file.finish(errors);
    Some(pack)
}

/// The bounds of all markers, unless some are missing.
fn all_limits(limits: [Option<Limits>; 8]) -> Option<[Limits; 8]> {
    let all: Vec<Limits> = limits.into_iter().flatten().collect();
    all.try_into().ok()
}

fn codes<Code>(
    file: &mut Table<'_>,
    name: &'static str,
    errors: &mut Errors,
    code: impl Fn(&str) -> Option<Code>,
) -> Vec<Code> {
    let words = file.texts(name, errors);
    let mut codes = Vec::new();
    for word in words {
        match code(&word) {
            Some(code) => codes.push(code),
            None => file.refuse(name, &format!("Слова «{word}» нет в словаре."), errors),
        }
    }
    codes
}

fn limits(mut table: Table<'_>, errors: &mut Errors) -> Limits {
    let limits = Limits {
        name: table.text("name", errors),
        meaning: table.text("meaning", errors),
        also_explained_by: table.text("also_explained_by", errors),
        pupils_min: table.count("pupils_min", errors),
        raised_from: table.number("raised_from", (0.0, 20.0), errors),
        provenance: table.provenance(errors),
    };
    table.finish(errors);
    limits
}

fn combination(mut table: Table<'_>, errors: &mut Errors) -> Combination {
    let combination = Combination {
        fitted_share: table.number("fitted_share", (0.001, 0.999), errors),
        assumed_share: table.number("assumed_share", (0.001, 0.999), errors),
        intercept: table.number("intercept", (-50.0, 50.0), errors),
        cap: table.number("cap", (0.5, 50.0), errors),
        markers_min: table.count("markers_min", errors),
        weights: weights(table.table("weights", errors), errors),
        provenance: table.provenance(errors),
    };
    table.finish(errors);
    combination
}

/// A weight below zero would say that a marker speaks for honesty: it is refused.
fn weights(table: Option<Table<'_>>, errors: &mut Errors) -> [f64; 8] {
    let Some(mut table) = table else { return [0.0; 8] };
    let weights = Marker::ALL.map(|marker| table.number(marker.id(), (0.0, 50.0), errors));
    table.finish(errors);
    weights
}

fn words(file: &mut Table<'_>, errors: &mut Errors) -> Vec<MarkerWord> {
    let mut words = Vec::new();
    for mut entry in file.tables("word", errors) {
        let at_least = entry.number("at_least", (0.0, 1.0), errors);
        words.push(MarkerWord { at_least, text: entry.text("text", errors) });
        entry.finish(errors);
    }
    let falls = words.windows(2).all(|pair| matches!(pair, [a, b] if a.at_least > b.at_least));
    if !falls || words.last().is_some_and(|word| word.at_least > 0.0) {
        file.refuse("word", "Границы должны убывать, последняя – ноль.", errors);
    }
    for word in words.iter().filter(|word| word.text.to_lowercase().contains("нарушен")) {
        let mend = format!("«{}»: маркер – не нарушение, выберите другие слова.", word.text);
        file.refuse("word", &mend, errors);
    }
    words
}
