//! Which numbers and words does uncertainty speak in?

use opora_fields::{Errors, Fields, FileError, parse};

use crate::Provenance;
use crate::table::{ROOT, Table};

/// Words for a probability from some bound on.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Lowest probability it is used for.
    pub at_least: f64,
    /// The words: «скорее выше порога».
    pub text: String,
}

/// Bounds and words of uncertainty, as `packs/markers/uncertainty.toml` gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// Fewest schools of a group for a prior of its own.
    pub schools_min: u32,
    /// Fewest results with an outcome of a group for a prior of its own.
    pub judged_min: u32,
    /// The prior when the group is too small: pseudo-counts of those who failed and passed.
    pub weak: (f64, f64),
    /// With how many pupils the weak prior counts when the likeness of a group's schools is found.
    pub weak_pupils: f64,
    /// Lowest and highest weight of a prior, in pupils.
    pub weight: (f64, f64),
    /// Below this number of results a verdict is marked as that of a small school.
    pub small_below: u32,
    /// Probability that a credible interval holds.
    pub interval: f64,
    /// Words by falling bound; the last one begins at zero.
    pub words: Vec<Word>,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

impl Bounds {
    /// Reads the pack. `file` names it in messages. All errors are returned together.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(file, text);
        let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
        let mut file = Table::new(Fields::root(&document, ROOT));
        let provenance = file.provenance(&mut errors);
        let mut bounds = Self {
            schools_min: file.count("schools_min", &mut errors),
            judged_min: file.count("judged_min", &mut errors),
            weak: (
                file.number("weak_failed", (0.01, 1000.0), &mut errors),
                file.number("weak_passed", (0.01, 1000.0), &mut errors),
            ),
            weak_pupils: file.number("weak_pupils", (0.0, 1e6), &mut errors),
            weight: (
                file.number("weight_min", (0.1, 1e6), &mut errors),
                file.number("weight_max", (0.1, 1e6), &mut errors),
            ),
            small_below: file.count("small_below", &mut errors),
            interval: file.number("interval", (0.5, 0.999), &mut errors),
            words: Vec::new(),
            provenance,
        };
        if bounds.weight.0 > bounds.weight.1 {
            file.refuse("weight_max", "Он меньше weight_min: поменяйте их местами.", &mut errors);
        }
        for mut entry in file.tables("word", &mut errors) {
            let at_least = entry.number("at_least", (0.0, 1.0), &mut errors);
            let text = entry.text("text", &mut errors);
            bounds.words.push(Word { at_least, text });
            entry.finish(&mut errors);
        }
        let falls = bounds.words.windows(2).all(|pair| matches!(pair, [a, b] if a.at_least > b.at_least));
        if !falls || bounds.words.last().is_some_and(|word| word.at_least > 0.0) {
            file.refuse("word", "Границы должны убывать, последняя – ноль.", &mut errors);
        }
        file.finish(&mut errors);
        errors.or(Some(bounds))
    }

    /// The words for a probability.
    pub fn word(&self, probability: f64) -> &str {
        let found = self.words.iter().find(|word| probability >= word.at_least).or(self.words.last());
        found.map_or("", |word| &word.text)
    }

    /// So few results that one or two pupils decide.
    pub fn is_small(&self, judged: u32) -> bool {
        judged < self.small_below
    }
}
