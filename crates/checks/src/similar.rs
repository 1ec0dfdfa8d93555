//! Which rows have titles alike, without comparing every row with every other?
//!
//! Prefix filtering: two sets of stems with a likeness of at least `t` share one of the rarest stems of each. Only
//! rows that do are compared.

use std::collections::HashMap;

use crate::lexicon::{Id, Text};

/// How many candidates of one stem are compared with a row at most. A rare stem that so many titles share makes them
/// near copies of each other, and the first ones speak for the rest.
const MAX_CANDIDATES: usize = 24;

/// An index of texts by their rarest stems.
pub(crate) struct Alike<'t> {
    texts: Vec<&'t Text>,
    rarity: HashMap<Id, usize>,
    by_stem: HashMap<Id, Vec<usize>>,
    least: f64,
}

impl<'t> Alike<'t> {
    /// Indexes texts for a least likeness of 0–1.
    pub fn new(texts: Vec<&'t Text>, least: f64) -> Self {
        let mut rarity: HashMap<Id, usize> = HashMap::new();
        for stem in texts.iter().flat_map(|text| &text.stems) {
            *rarity.entry(*stem).or_default() += 1;
        }
        let mut index = Self { texts, rarity, by_stem: HashMap::new(), least };
        for position in 0..index.texts.len() {
            let stems = index.texts.get(position).map(|text| index.rarest(text)).unwrap_or_default();
            for stem in stems {
                index.by_stem.entry(stem).or_default().push(position);
            }
        }
        index
    }

    fn rarest(&self, text: &Text) -> Vec<Id> {
        let mut stems = text.stems.clone();
        stems.sort_by_key(|stem| (self.rarity.get(stem).copied().unwrap_or(0), *stem));
        // ⌈least · n⌉ stems may be common, so one of the other n − ⌈least · n⌉ + 1 must be.
        let required = (self.least * stems.len() as f64).ceil() as usize;
        stems.truncate((stems.len() + 1).saturating_sub(required.max(1)));
        stems
    }

    /// Positions of the other texts that are alike, in order.
    pub fn to(&self, position: usize) -> Vec<usize> {
        let Some(text) = self.texts.get(position) else { return Vec::new() };
        let mut candidates: Vec<usize> = Vec::new();
        for stem in self.rarest(text) {
            candidates.extend(self.by_stem.get(&stem).into_iter().flatten().take(MAX_CANDIDATES));
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|&other| {
            other != position && self.texts.get(other).is_some_and(|other| text.likeness(other) >= self.least)
        });
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn the_index_finds_what_comparing_all_pairs_finds() {
        let titles = [
            "Заключение договоров о сетевом взаимодействии",
            "Заключение договора о сетевом взаимодействии школ",
            "Проведение мониторинга",
            "Проведение идентификации школ",
            "Мониторинг проведения",
            "",
        ];
        let mut lexicon = Lexicon::default();
        let texts: Vec<Text> = titles.iter().map(|title| lexicon.read(title)).collect();
        for least in [0.3, 0.5, 0.8, 1.0] {
            let index = Alike::new(texts.iter().collect(), least);
            for (position, text) in texts.iter().enumerate() {
                let all: Vec<usize> = (0..texts.len())
                    .filter(|&other| other != position && text.likeness(&texts[other]) >= least)
                    .collect();
                assert_eq!(index.to(position), all, "{:?} at {least}", titles[position]);
            }
        }
    }
}
