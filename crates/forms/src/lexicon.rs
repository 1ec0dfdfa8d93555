//! Which kind, subject or level does a text name?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use opora_cells::{Dictionary, Entry, KindCode, LevelCode, SubjectCode};

use crate::words::{holds, plain};

/// The words of a dictionary, plain, the longest first: it is the one that is meant.
pub(crate) struct Lexicon {
    kinds: Vec<(String, KindCode)>,
    subjects: Vec<(String, SubjectCode)>,
    levels: Vec<(String, LevelCode)>,
}

impl Lexicon {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        Self {
            kinds: spellings(&dictionary.kinds),
            subjects: spellings(&dictionary.subjects),
            levels: spellings(&dictionary.levels),
        }
    }

    /// The kind a plain text names.
    pub(crate) fn kind_in(&self, text: &str) -> Option<KindCode> {
        self.kinds.iter().find(|(word, _)| holds(text, word)).map(|(_, code)| *code)
    }

    /// The subject and the level a plain text names. Short spellings count only when they are the whole text.
    pub(crate) fn subject_in(&self, text: &str) -> Option<(SubjectCode, Option<LevelCode>)> {
        const SHORTEST_INSIDE_CHARS: usize = 4;
        // «1 – Русский язык»: the number of the subject before its name.
        let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let named =
            |word: &str| text == word || word.chars().count() >= SHORTEST_INSIDE_CHARS && holds(text, word);
        let (_, subject) = self.subjects.iter().find(|(word, _)| named(word))?;
        Some((*subject, self.level_in(text)))
    }

    /// The level a plain text names.
    pub(crate) fn level_in(&self, text: &str) -> Option<LevelCode> {
        self.levels.iter().find(|(word, _)| holds(text, word)).map(|(_, code)| *code)
    }
}

fn spellings<Code: Copy + Ord>(entries: &BTreeMap<Code, Entry>) -> Vec<(String, Code)> {
    let words = |entry: &Entry| {
        let also = entry.also.iter().map(|word| plain(word));
        also.chain([plain(&entry.name), plain(&entry.id)]).collect::<Vec<String>>()
    };
    let mut all: Vec<(String, Code)> = entries
        .iter()
        .flat_map(|(code, entry)| words(entry).into_iter().map(|word| (word, *code)))
        .filter(|(word, _)| !word.is_empty())
        .collect();
    all.sort_by_key(|(word, code)| (Reverse(word.len()), *code));
    all
}
