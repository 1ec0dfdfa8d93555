//! Is a hyphen at the end of a line part of the word or only of the line?
//!
//! There is no dictionary. The document is its own evidence: «школь-» + «ников» is one word when «школьников»
//! stands elsewhere in it, and a document that breaks known words at line ends breaks unknown ones, too.
//! Without evidence the hyphen stays: a spare hyphen is seen by a reader, a lost one changes a word.

use super::Page;
use std::collections::HashSet;

/// A soft hyphen: by definition no part of the word.
const SOFT: char = '\u{ad}';

/// What the document itself tells about its hyphens.
#[derive(Debug, Default)]
pub struct Hyphens {
    words: HashSet<String>,
    words_are_broken: bool,
}

impl Hyphens {
    /// Learns the words of a document.
    pub fn learn(pages: &[Page]) -> Self {
        let texts = || pages.iter().flat_map(|page| &page.words).map(|word| word.text.as_str());
        let words: HashSet<String> =
            texts().filter(|text| !text.ends_with(['-', '\u{2010}', SOFT])).map(bare).collect();
        let all: Vec<&str> = texts().collect();
        // Words come in the order of drawing, which is good enough to count breaks.
        let broken = all.windows(2).filter(|pair| match pair {
            [head, tail] => {
                let (head, tail) = (bare(head), bare(tail));
                head.chars().count() > 1
                    && pair.first().is_some_and(|text| text.ends_with(['-', '\u{2010}']))
                    && words.contains(&format!("{head}{tail}"))
            }
            _ => false,
        });
        let words_are_broken = broken.count() >= 3;
        Self { words, words_are_broken }
    }

    /// Appends `next` to `text` as the continuation of a paragraph on the next line.
    pub fn append(&self, text: &mut String, next: &str) {
        let continues = next.chars().next().is_some_and(char::is_lowercase);
        if text.ends_with(SOFT) {
            text.pop();
            // Some producers name every hyphen a soft one.
            if self.words.contains(&joined(text, next, "-")) {
                text.push('-');
            }
        } else if text.ends_with('/') && continues {
            // «п/» + «п»: nothing stood there but the end of the line.
        } else if text.ends_with(['-', '\u{2010}']) && ends_in_letter_and_hyphen(text) {
            // «Заречно-» + «Полянский» is a double name: its hyphen stays.
            let is_name = next.starts_with(char::is_uppercase);
            if continues && !self.keeps(text, next) {
                text.pop();
            } else if !continues && !is_name {
                text.push(' ');
            }
        } else if !text.is_empty() && !next.is_empty() {
            text.push(' ');
        }
        text.push_str(next);
    }

    fn keeps(&self, text: &str, next: &str) -> bool {
        if self.words.contains(&joined(text, next, "")) {
            return false;
        }
        if self.words.contains(&joined(text, next, "-")) || !self.words_are_broken {
            return true;
        }
        let head = bare(text.rsplit(char::is_whitespace).next().unwrap_or_default());
        // «нормативно-правовой»: the link of a compound is a long word that ends in «о».
        head.ends_with('о') && head.chars().count() >= 5
    }
}

/// The last word of a text and the first of the next, with something between them.
fn joined(text: &str, next: &str, link: &str) -> String {
    let head = bare(text.rsplit(char::is_whitespace).next().unwrap_or_default());
    let tail = bare(next.split(char::is_whitespace).next().unwrap_or_default());
    format!("{head}{link}{tail}")
}

fn ends_in_letter_and_hyphen(text: &str) -> bool {
    text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
}

/// The word in lower case without the marks around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
