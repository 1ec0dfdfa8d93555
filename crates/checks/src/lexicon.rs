//! Which words does a text consist of, each folded and stemmed once for the whole order?

use std::collections::HashMap;

use opora_cycle::text;

use crate::words::words;

/// Number of a word or of a stem in the lexicon.
pub(crate) type Id = u32;

/// Words of an order. A plan repeats its words again and again, so each is stemmed once.
#[derive(Default)]
pub(crate) struct Lexicon {
    words: Vec<Word>,
    ids: HashMap<String, Id>,
    stems: HashMap<String, Id>,
    /// Words of a piece of raw text between white space: folding costs most, so no piece is folded twice.
    pieces: HashMap<String, Vec<Id>>,
}

struct Word {
    text: String,
    stem: Id,
    /// It carries meaning: neither a function word nor a number.
    content: bool,
}

/// A text as numbers of words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// Words in order.
    pub words: Vec<Id>,
    /// Stems that carry meaning, sorted, each once.
    pub stems: Vec<Id>,
}

impl Text {
    /// The text has no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Share of common stems among all stems of both, 0–1 (Jaccard).
    pub fn likeness(&self, other: &Self) -> f64 {
        if self.stems == other.stems {
            return if self.stems.is_empty() { 0.0 } else { 1.0 };
        }
        let common = common(&self.stems, &other.stems);
        let all = self.stems.len() + other.stems.len() - common;
        if all == 0 { 0.0 } else { common as f64 / all as f64 }
    }
}

/// How many numbers two sorted lists share.
pub(crate) fn common(a: &[Id], b: &[Id]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

impl Lexicon {
    /// Reads a text into numbers of words.
    pub fn read(&mut self, raw: &str) -> Text {
        let mut words: Vec<Id> = Vec::new();
        for piece in raw.split_whitespace() {
            match self.pieces.get(piece) {
                Some(known) => words.extend(known),
                None => {
                    let folded = text::fold(piece);
                    let ids: Vec<Id> = text::words(&folded).map(|word| self.id(word)).collect();
                    words.extend(&ids);
                    self.pieces.insert(piece.to_owned(), ids);
                }
            }
        }
        let known = words.iter().filter_map(|&id| self.words.get(id as usize));
        let mut stems: Vec<Id> = known.filter(|word| word.content).map(|word| word.stem).collect();
        stems.sort_unstable();
        stems.dedup();
        Text { words, stems }
    }

    fn id(&mut self, word: &str) -> Id {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let stem = text::stems(word).into_iter().next().unwrap_or_else(|| word.to_owned());
        let next = to_id(self.stems.len());
        let stem = *self.stems.entry(stem).or_insert(next);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let content = !is_number && word.chars().nth(2).is_some() && !words().function_words.has(word);
        let id = to_id(self.words.len());
        self.words.push(Word { text: word.to_owned(), stem, content });
        self.ids.insert(word.to_owned(), id);
        id
    }

    /// The folded word.
    pub fn word(&self, id: Id) -> &str {
        self.words.get(id as usize).map_or("", |word| &word.text)
    }

    /// The stem of a word that carries meaning.
    pub fn content_stem(&self, id: Id) -> Option<Id> {
        self.words.get(id as usize).filter(|word| word.content).map(|word| word.stem)
    }

    /// The folded words of a text.
    pub fn spell<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = &'a str> + Clone {
        text.words.iter().map(|&id| self.word(id))
    }
}

/// An order has fewer than four thousand million words: the limits of the readers see to that.
fn to_id(index: usize) -> Id {
    Id::try_from(index).unwrap_or(Id::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_would_be_folded_whole() {
        for raw in [
            "Разра\u{ad}\nботка  «дорожных карт»",
            "МОУ №№ 2, 7; п. 1.14",
            "план–график — c Латиницeй",
            "",
            "- —",
        ] {
            let mut lexicon = Lexicon::default();
            let text = lexicon.read(raw);
            let folded = text::fold(raw);
            assert_eq!(lexicon.spell(&text).collect::<Vec<_>>(), text::words(&folded).collect::<Vec<_>>());
        }
    }

    #[test]
    fn cases_of_a_word_share_a_stem_and_numbers_carry_none() {
        let mut lexicon = Lexicon::default();
        let (a, b) = (lexicon.read("Анализ результатов 2021"), lexicon.read("результаты анализа для 7"));
        assert_eq!(a.likeness(&b), 1.0);
        assert_eq!(lexicon.read("для 2021").likeness(&a), 0.0);
    }
}
