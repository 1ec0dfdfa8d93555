//! Which words does a rule look for?
//!
//! The lists are data: `data/words.toml` of this room. An entry is one or several beginnings of words, such as
//! «оказан помощ»; the words it means follow each other with at most [`GAP`] words between them. Text is compared
//! folded, so entries are lower case with «е» for «ё».

use std::collections::HashMap;
use std::sync::LazyLock;

use opora_cycle::text;

/// How many words may stand between two words of an entry.
const GAP: usize = 2;

/// A list of entries, by the first letter so that a word meets only the entries it can match.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns(HashMap<char, Vec<Vec<String>>>);

impl Patterns {
    /// Reads entries; blank ones are left out.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_letter: HashMap<char, Vec<Vec<String>>> = HashMap::new();
        for entry in entries {
            let beginnings: Vec<String> = entry.split_whitespace().map(str::to_owned).collect();
            if let Some(letter) = entry.trim_start().chars().next() {
                by_letter.entry(letter).or_default().push(beginnings);
            }
        }
        Self(by_letter)
    }

    /// Entries that a word can match.
    fn of(&self, word: &str) -> impl Iterator<Item = &[String]> {
        let letter = word.chars().next();
        letter.and_then(|letter| self.0.get(&letter)).into_iter().flatten().map(Vec::as_slice)
    }

    /// The words that the first entry found consists of, and the index of the first of them.
    pub fn find<'w>(&self, words: &[&'w str]) -> Option<(usize, Vec<&'w str>)> {
        (0..words.len()).find_map(|start| self.at(words, start).map(|matched| (start, matched)))
    }

    /// The words of the entry that begins at an index.
    pub fn at<'w>(&self, words: &[&'w str], start: usize) -> Option<Vec<&'w str>> {
        self.of(words.get(start)?).find_map(|beginnings| follow(beginnings, words, start))
    }

    /// A word begins as a one-word entry does.
    pub fn begins(&self, word: &str) -> bool {
        self.of(word).any(|entry| matches!(entry, [beginning] if word.starts_with(beginning.as_str())))
    }

    /// A word is exactly a one-word entry.
    pub fn has(&self, word: &str) -> bool {
        self.of(word).any(|entry| matches!(entry, [whole] if whole == word))
    }

    /// Some entry is found in a raw text.
    pub fn are_in(&self, raw: &str) -> bool {
        let folded = text::fold(raw);
        let words: Vec<&str> = text::words(&folded).collect();
        self.find(&words).is_some()
    }
}

fn follow<'w>(beginnings: &[String], words: &[&'w str], start: usize) -> Option<Vec<&'w str>> {
    let (first, rest) = beginnings.split_first()?;
    let word = words.get(start).filter(|word| word.starts_with(first.as_str()))?;
    let mut matched = vec![*word];
    let mut after = start + 1;
    for beginning in rest {
        let window = words.get(after..)?.iter().take(GAP + 1);
        let (offset, word) = window.enumerate().find(|(_, word)| word.starts_with(beginning.as_str()))?;
        matched.push(*word);
        after += offset + 1;
    }
    Some(matched)
}

macro_rules! lists {
    ($($(#[$meta:meta])* $name:ident,)*) => {
        /// The lists of `data/words.toml`.
        #[derive(Debug, Default)]
        pub(crate) struct Words { $($(#[$meta])* pub $name: Patterns,)* }

        impl Words {
            fn read(table: &toml::Table) -> Self {
                Self { $($name: entries(table, stringify!($name)),)* }
            }

            /// Names of the lists with whether each has entries.
            #[cfg(test)]
            fn filled(&self) -> Vec<(&'static str, bool)> {
                vec![$((stringify!($name), !self.$name.0.is_empty()),)*]
            }
        }
    };
}

lists! {
    /// Words without a meaning of their own.
    function_words,
    /// Words so frequent in the genre that sharing them says nothing.
    generic_words,
    /// Conditions that never have to come true.
    unverifiable_conditions,
    /// Words of a regular result or of a paper that can be asked for.
    evidence,
    /// Beginnings of results that are processes.
    process_outcomes,
    /// Actions that look at a thing already made.
    review_actions,
    /// Actions that make a thing.
    making_actions,
    /// Words that say whose thing it is: of the school, of the municipality.
    level_words,
    /// Visits in different words.
    visit_actions,
    /// Schools in different words.
    school_words,
    /// Words that say a value was observed.
    observed_values,
    /// Words that make a number a threshold.
    comparisons,
    /// Words that say a number belongs to the past.
    past_marks,
    /// «Двух» in «за последние два года», whole words.
    two_years,
    /// «Трёх», whole words.
    three_years,
    /// «Четырёх», whole words.
    four_years,
    /// «Пяти», whole words.
    five_years,
    /// «Года», «лет», whole words.
    year_units,
    /// Words around a number of years that make it a window.
    window_marks,
    /// Posts of many people: roles that name nobody.
    collective_roles,
}

fn entries(table: &toml::Table, name: &str) -> Patterns {
    let list = table.get(name).and_then(|value| value.as_array());
    Patterns::new(list.into_iter().flatten().filter_map(|value| value.as_str()))
}

static TABLE: LazyLock<Words> =
    LazyLock::new(|| Words::read(&include_str!("../data/words.toml").parse().unwrap_or_default()));

/// The lists.
pub(crate) fn words() -> &'static Words {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_file_is_read_and_has_entries() {
        let table: toml::Table = include_str!("../data/words.toml").parse().expect("the file is TOML");
        let filled = words().filled();
        for (name, is_filled) in &filled {
            assert!(is_filled, "list {name} is missing or empty");
        }
        for name in table.keys() {
            assert!(filled.iter().any(|(known, _)| known == name), "nobody reads the list {name}");
        }
    }

    #[test]
    fn every_entry_is_written_folded() {
        let table: toml::Table = include_str!("../data/words.toml").parse().expect("the file is TOML");
        for entry in table.values().filter_map(|list| list.as_array()).flatten() {
            let entry = entry.as_str().expect("entries are texts");
            assert_eq!(entry, text::fold(entry));
        }
    }

    #[test]
    fn words_of_an_entry_may_have_a_few_words_between_them() {
        let patterns = Patterns::new(["оказан помощ"]);
        assert!(patterns.are_in("Оказание адресной методической помощи"));
        assert!(
            !patterns
                .are_in("Оказание школам города всякой помощи и поддержки".replace("помощи", "").as_str())
        );
        assert!(!patterns.are_in("Помощь и её оказание"));
        assert!(!patterns.are_in("Оказание школам округа нашего города помощи"));
    }
}
