//! Where in a text do the numbers and the names of schools stand?
//!
//! Written as a walk over the words, since every cell of every order is asked: patterns with word boundaries would
//! be tried at each letter.

use std::ops::Range;

use crate::letters::{in_word_at, in_word_before, is_letter, is_letter_or_digit};

/// «№№ 2, 7 и 14»: the sign with the list behind it, and the list alone.
pub(super) struct NumberList {
    pub whole: Range<usize>,
    pub list: Range<usize>,
}

/// «лицей 7»: a school with a number without its sign.
pub(super) struct BareNumber {
    /// From the abbreviation of the institution, where there is one, to the number.
    pub school: Range<usize>,
    pub noun: Range<usize>,
    pub number: Range<usize>,
}

/// «МБОУ «Лицей «Росток»»», «СОШ с. Речное».
pub(super) struct Named {
    /// From the first noun or abbreviation before the name to the end of the name.
    pub whole: Range<usize>,
    /// Nouns and abbreviations stand before the quotation marks.
    pub has_prefix: bool,
    /// The name within the quotation marks, or the settlement.
    pub name: Range<usize>,
    /// The name is that of a settlement.
    pub is_settlement: bool,
}

/// The lists of numbers behind «№», «№№», «N», in order.
pub(super) fn number_lists(text: &str) -> Vec<NumberList> {
    let mut lists = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(['№', 'N'])) {
        let start = from + found;
        let sign = Cursor { text, at: start }.number_sign();
        let Some(mut cursor) = sign else {
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        cursor.spaces();
        let list = cursor.at;
        if cursor.digits(4).is_some() {
            while cursor.next_of_list() {}
            lists.push(NumberList { whole: start..cursor.at, list: list..cursor.at });
        }
        from = cursor.at;
    }
    lists
}

/// Numbers without a sign behind a school in the singular and before the end of a phrase, in order.
pub(super) fn bare_numbers(text: &str) -> Vec<BareNumber> {
    let mut found = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for word in words(text) {
        let noun = word.clone();
        let institution = before.take().filter(|before| blank(text, before.end..word.start));
        let said = text.get(word.clone()).unwrap_or_default();
        if is_institution(said) {
            before = Some(word);
            continue;
        }
        if !is_noun(said, Noun::BeforeNumber) {
            continue;
        }
        let mut cursor = Cursor { text, at: noun.end };
        if !cursor.spaces() {
            continue;
        }
        let number = cursor.at;
        if cursor.digits(3).is_some() && ends_phrase(&text[cursor.at..]) {
            let start = institution.map_or(noun.start, |institution| institution.start);
            found.push(BareNumber { school: start..cursor.at, noun, number: number..cursor.at });
        }
    }
    found
}

/// Names of schools in quotation marks, or by their settlement, in order and apart from each other.
pub(super) fn named(text: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let quotes = text.match_indices(QUOTES).map(|(at, _)| (at, None));
    let nouns = words(text)
        .filter(|word| is_noun(&text[word.clone()], Noun::BeforeSettlement))
        .map(|word| (word.start, Some(word)));
    let mut starts: Vec<(usize, Option<Range<usize>>)> = quotes.chain(nouns).collect();
    starts.sort_by_key(|(at, _)| *at);
    let mut end = 0;
    for (at, noun) in starts {
        if at < end {
            continue;
        }
        let name = match &noun {
            None => quoted(text, at),
            Some(noun) => settlement(text, noun.end).map(|name| (name.clone(), name.end)),
        };
        let Some((name, name_end)) = name else { continue };
        let prefix = prefix_before(text, at, end);
        let (has_prefix, is_settlement) = (prefix < at, noun.is_some());
        found.push(Named { whole: prefix..name_end, has_prefix, name, is_settlement });
        end = name_end;
    }
    found
}

const QUOTES: [char; 4] = ['«', '"', '“', '„'];

/// Which forms of the nouns of schools count.
#[derive(Clone, Copy, PartialEq)]
enum Noun {
    /// «в школах», «лицеи» too.
    InPrefix,
    BeforeNumber,
    BeforeSettlement,
}

fn is_noun(word: &str, forms: Noun) -> bool {
    if !word.starts_with(['ш', 'Ш', 'л', 'Л', 'г', 'Г', 'С', 'О', 'Н']) {
        return false;
    }
    // Only the first letter may be a capital: «ШКОЛА» heads a page.
    let ends = |capital: char, stem: &str, endings: &str| {
        let small = word.starts_with(stem).then(|| &word[stem.len()..]);
        let tail = stem.trim_start_matches(|c| capital.to_lowercase().eq([c]));
        let large = || word.strip_prefix(capital)?.strip_prefix(tail);
        let mut ending = small.or_else(large).unwrap_or_default().chars();
        ending.next().is_some_and(|c| endings.contains(c)) && ending.next().is_none()
    };
    let (school, lyceum, gymnasium) = match forms {
        Noun::InPrefix => ("аыеу", "йяюе", "яиюей"),
        Noun::BeforeNumber => ("аеу", "йяюе", "яию"),
        Noun::BeforeSettlement => ("аыеу", "йяю", "яию"),
    };
    matches!(word, "СОШ" | "ООШ" | "НОШ")
        || ends('Ш', "школ", school)
        || ends('Л', "лице", lyceum)
        || ends('Г', "гимнази", gymnasium)
}

/// «МБОУ», «ГБОУ», «МОУ»: up to three capitals before the abbreviation of an institution.
fn is_institution(word: &str) -> bool {
    let Some(front) = ["БОУ", "АОУ", "КОУ", "МОУ", "ОБУ"].iter().find_map(|end| word.strip_suffix(end))
    else {
        return false;
    };
    front.chars().count() <= 3 && front.chars().all(|c| matches!(c, 'А'..='Я'))
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find(|c| is_letter_or_digit(c) || c == '_')?;
        let tail = &text[start..];
        let end = start + tail.find(|c| !is_letter_or_digit(c) && c != '_').unwrap_or(tail.len());
        from = end;
        Some(start..end)
    })
}

fn blank(text: &str, between: Range<usize>) -> bool {
    text.get(between).is_some_and(|gap| !gap.is_empty() && gap.chars().all(char::is_whitespace))
}

/// Where the nouns and abbreviations right before a name begin; the name itself where there are none.
fn prefix_before(text: &str, mut at: usize, from: usize) -> usize {
    loop {
        let before = &text[from..at];
        let trimmed = before.trim_end();
        let start = trimmed
            .rfind(|c| !is_letter_or_digit(c) && c != '_')
            .map_or(0, |last| last + trimmed[last..].chars().next().map_or(1, char::len_utf8));
        let word = &trimmed[start..];
        if trimmed.len() == before.len() || !(is_institution(word) || is_noun(word, Noun::InPrefix)) {
            return at;
        }
        at = from + start;
    }
}

/// The longest part of a name between quotation marks, in characters.
const NAME_PART: usize = 100;

/// What stands within the quotation marks that open at a byte, and the end behind them. The inner quotation marks of
/// «Лицей «Росток»» are often closed once only.
fn quoted(text: &str, open: usize) -> Option<(Range<usize>, usize)> {
    let mut cursor = Cursor { text, at: open };
    cursor.step()?;
    let start = cursor.at;
    let outer = |c: char| !matches!(c, '«' | '»' | '"' | '“' | '”' | '„' | '\n');
    cursor.run(NAME_PART, outer);
    let closes = |cursor: &Cursor| cursor.peek().filter(|c| matches!(c, '»' | '"' | '”')).map(char::len_utf8);
    if cursor.peek() == Some('«') {
        cursor.step()?;
        if cursor.run(80, |c| !matches!(c, '«' | '»' | '\n')) < 2 {
            return None;
        }
        let inner = cursor.at;
        if cursor.peek() == Some('»') {
            cursor.step()?;
        }
        cursor.run(NAME_PART, outer);
        if closes(&cursor).is_none() {
            cursor.at = inner;
        }
    }
    let length = closes(&cursor)?;
    Some((start..cursor.at, cursor.at + length))
}

/// «с. Речное», «р.п. Малый Бор» behind a noun.
fn settlement(text: &str, from: usize) -> Option<Range<usize>> {
    const KINDS: [&str; 9] = ["пос", "дер", "аул", "ст", "с", "п", "д", "х", "а"];
    let mut cursor = Cursor { text, at: from };
    if !cursor.spaces() {
        return None;
    }
    let start = cursor.at;
    let rest = &text[start..];
    if let Some(kind) =
        KINDS.iter().find(|kind| rest.starts_with(*kind) && rest[kind.len()..].starts_with('.'))
    {
        cursor.at += kind.len() + 1;
    } else {
        cursor.at += rest.strip_prefix("р.").map(|_| "р.".len())?;
        cursor.spaces();
        cursor.at += text[cursor.at..].strip_prefix("п.").map(|_| "п.".len())?;
    }
    cursor.one_space();
    cursor.capitalised()?;
    let whole = cursor.at;
    if cursor.peek().is_some_and(|c| c == '-' || c.is_whitespace()) {
        cursor.step()?;
        if cursor.capitalised().is_none() {
            cursor.at = whole;
        }
    }
    Some(start..cursor.at)
}

/// A number ends the phrase: nothing, a closing sign, or a comma or full stop with a word behind.
fn ends_phrase(rest: &str) -> bool {
    let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    if trimmed.trim_start().is_empty() || trimmed.trim_start().starts_with([';', ')', '»', '"']) {
        return true;
    }
    if trimmed.starts_with('\n') {
        return true;
    }
    rest.strip_prefix([',', '.']).is_some_and(|rest| {
        let word = rest.trim_start();
        word.is_empty() || (word.len() < rest.len() && word.starts_with(is_letter))
    })
}

/// A place in a text that moves on.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Passes as many characters as hold, at most a number of them; tells how many.
    fn run(&mut self, most: usize, holds: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        let passed = rest.chars().take(most).take_while(|c| holds(*c));
        let (count, bytes) = passed.fold((0, 0), |(count, bytes), c| (count + 1, bytes + c.len_utf8()));
        self.at += bytes;
        count
    }

    /// Passes white space; `false` where there is none.
    fn spaces(&mut self) -> bool {
        self.run(usize::MAX, char::is_whitespace) > 0
    }

    fn one_space(&mut self) {
        self.run(1, char::is_whitespace);
    }

    fn digits(&mut self, most: usize) -> Option<()> {
        (self.run(most, |c| c.is_ascii_digit()) > 0).then_some(())
    }

    /// A capital and small letters.
    fn capitalised(&mut self) -> Option<()> {
        let capital = self.run(1, |c| matches!(c, 'А'..='Я' | 'Ё'));
        let small = self.run(usize::MAX, |c| matches!(c, 'а'..='я' | 'ё'));
        (capital == 1 && small > 0).then_some(())
    }

    /// «№», «№ №», «N», «NN»: the place behind the sign.
    fn number_sign(mut self) -> Option<Self> {
        let start = self.at;
        if self.step()? == '№' {
            let mut second = self;
            second.spaces();
            if second.peek() == Some('№') {
                second.step()?;
                return Some(second);
            }
            return Some(self);
        }
        self.run(1, |c| c == 'N');
        let whole = !in_word_before(self.text, start) && !in_word_at(self.text, self.at);
        whole.then_some(self)
    }

    /// Passes a separator and the next number of a list; stays where it is where there is none.
    fn next_of_list(&mut self) -> bool {
        let mut ahead = *self;
        ahead.spaces();
        let conjunction = |cursor: &mut Self| {
            let rest = cursor.rest();
            let stands = rest.starts_with('и') && !in_word_at(cursor.text, cursor.at + 'и'.len_utf8());
            if stands {
                cursor.at += 'и'.len_utf8();
            }
            stands
        };
        match ahead.peek() {
            Some(',') => {
                ahead.at += 1;
                let mut further = ahead;
                further.spaces();
                if conjunction(&mut further) {
                    ahead = further;
                }
            }
            Some(';' | '-' | '–' | '—') => {
                ahead.step();
            }
            _ if !in_word_before(ahead.text, ahead.at) && conjunction(&mut ahead) => {}
            _ => return false,
        }
        ahead.spaces();
        if ahead.peek() == Some('№') {
            ahead.step();
            ahead.spaces();
        }
        if ahead.digits(4).is_none() || in_word_at(ahead.text, ahead.at) {
            return false;
        }
        *self = ahead;
        true
    }
}
