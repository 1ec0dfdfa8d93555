//! Which words, numbers and marks stand in the text?

use crate::words::{Word, word};

/// A word, number or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Behind the last token.
    End,
    /// Digits; `digits` counts them, `ordinal` is set by an ending: «1-й», «25-го».
    Number { value: u32, digits: u8, ordinal: bool },
    /// A word.
    Word(Word),
    /// A Roman numeral, 1–12.
    Roman(u16),
    /// Any dash.
    Dash,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `:`
    Colon,
    /// `/`
    Slash,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// Any quotation mark.
    Quote,
    /// Anything else.
    Other,
}

/// A token with its place in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// What it is.
    pub mark: Mark,
    /// No space stands before it.
    pub glued: bool,
}

/// The tokens of `text`, at most `limit` of them.
pub(crate) fn tokens(text: &str, limit: usize) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0 };
    let mut out = Vec::with_capacity((text.len() / 6 + 4).min(limit));
    let mut glued = false;
    while out.len() < limit {
        let Some(c) = scanner.peek() else { break };
        if is_space(c) {
            scanner.at += c.len_utf8();
            glued = is_invisible(c) && glued;
            continue;
        }
        let start = scanner.at;
        let mark = scanner.mark(c);
        out.push(Token { start, end: scanner.at, mark, glued });
        glued = true;
    }
    out
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || c.is_control()
}

/// Marks that stand inside words and mean nothing: soft hyphen, zero-width space and joiners, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Is it a dash of any kind?
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// A letter as a lower-case Cyrillic one. Latin letters that look Cyrillic count as such; «ё» is «е».
fn fold(c: char) -> Option<char> {
    let folded = match c {
        'а'..='я' => c,
        'А'..='Я' => char::from_u32(c as u32 + 32)?,
        'ё' | 'Ё' | 'e' | 'E' => 'е',
        'a' | 'A' => 'а',
        'b' | 'B' => 'в',
        'c' | 'C' => 'с',
        'o' | 'O' => 'о',
        'p' | 'P' => 'р',
        'x' | 'X' => 'х',
        'y' | 'Y' => 'у',
        'k' | 'K' => 'к',
        'm' | 'M' => 'м',
        't' | 'T' => 'т',
        'h' | 'H' => 'н',
        'i' | 'I' | 'і' | 'І' => 'и',
        _ => return None,
    };
    Some(folded)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic()
}

/// A digit, or a letter that scans read in its place.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        'О' | 'о' | 'O' | 'o' => Some(0),
        'l' | 'I' | '|' => Some(1),
        _ => None,
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.char_at(self.at)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    /// Reads one token that begins with `c` and moves behind it.
    fn mark(&mut self, c: char) -> Mark {
        // «1V квартал» is a scan of «IV».
        if c == '1'
            && self.char_at(self.at + 1) == Some('V')
            && let Some(roman) = self.roman()
        {
            return roman;
        }
        if c.is_ascii_digit() || (digit(c).is_some() && self.number_follows(c)) {
            return self.number();
        }
        if is_letter(c) {
            return self.word();
        }
        self.at += c.len_utf8();
        match c {
            ',' => Mark::Comma,
            ';' => Mark::Semicolon,
            '.' => Mark::Dot,
            ':' => Mark::Colon,
            '/' | '\\' => Mark::Slash,
            '(' | '[' | '{' => Mark::Open,
            ')' | ']' | '}' => Mark::Close,
            '«' | '»' | '"' | '“' | '”' | '„' | '‟' | '\'' | '’' | '‘' => Mark::Quote,
            _ if is_dash(c) => Mark::Dash,
            _ => Mark::Other,
        }
    }

    /// Is a letter that looks like a digit followed by one, as in «О1.04.2021»?
    fn number_follows(&self, c: char) -> bool {
        self.char_at(self.at + c.len_utf8()).is_some_and(|next| next.is_ascii_digit())
    }

    fn number(&mut self) -> Mark {
        let end = self.number_end();
        let (mut value, mut digits) = (0_u32, 0_u8);
        while self.at < end
            && let Some(c) = self.peek()
        {
            value = value.saturating_mul(10).saturating_add(digit(c).unwrap_or_default());
            digits = digits.saturating_add(1);
            self.at += c.len_utf8();
        }
        let ordinal = self.ordinal_ending();
        Mark::Number { value, digits, ordinal }
    }

    /// The byte behind a number. A letter counts as a digit before a digit or where no letter follows the number:
    /// «2О21», «202О г.», but not «202IIквартал».
    fn number_end(&self) -> usize {
        let (mut end, mut behind_digit) = (self.at, self.at);
        for c in self.text.get(self.at..).unwrap_or_default().chars() {
            if digit(c).is_none() {
                return if is_letter(c) { behind_digit } else { end };
            }
            end += c.len_utf8();
            if c.is_ascii_digit() {
                behind_digit = end;
            }
        }
        end
    }

    /// Reads over the ending of an ordinal number: «-й», «го», «-ое».
    fn ordinal_ending(&mut self) -> bool {
        const ENDINGS: [&str; 19] = [
            "ого", "его", "ому", "ему", "го", "му", "ый", "ий", "ой", "ая", "ое", "ую", "ые", "ых", "й", "я",
            "е", "м", "х",
        ];
        let Some(rest) = self.text.get(self.at..) else { return false };
        let (dash, letters) = match rest.chars().next() {
            Some(c) if is_dash(c) => (c.len_utf8(), rest.get(c.len_utf8()..).unwrap_or_default()),
            _ => (0, rest),
        };
        for ending in ENDINGS {
            let Some(behind) = letters.strip_prefix(ending) else { continue };
            if !behind.chars().next().is_some_and(|c| is_letter(c) || c.is_ascii_digit()) {
                self.at += dash + ending.len();
                return true;
            }
        }
        false
    }

    fn word(&mut self) -> Mark {
        if let Some(roman) = self.roman() {
            return roman;
        }
        let mut folded = Folded::default();
        let end = self.letters(self.at, &mut folded);
        let known = word(folded.as_str());
        // «сен-⏎тябрь»: joined when only the whole is a word.
        if let Some((joined, known_joined)) = self.broken_word(end, &folded, known) {
            self.at = joined;
            return Mark::Word(known_joined);
        }
        self.at = end;
        Mark::Word(known)
    }

    /// Folds the letters from `at` on; returns the byte behind them.
    fn letters(&self, at: usize, folded: &mut Folded) -> usize {
        let mut end = at;
        for c in self.text.get(at..).unwrap_or_default().chars() {
            if is_letter(c) {
                folded.push(fold(c));
            } else if !is_invisible(c) {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    fn broken_word(&self, end: usize, left: &Folded, left_word: Word) -> Option<(usize, Word)> {
        let mut chars = self.text.get(end..)?.char_indices().peekable();
        let before = self.text.get(..end)?.chars().next_back()?;
        if !is_invisible(before) {
            chars.next_if(|(_, c)| is_dash(*c))?;
        }
        let mut broken = false;
        while let Some((_, c)) = chars.next_if(|(_, c)| c.is_whitespace()) {
            broken |= c == '\n' || c == '\r';
        }
        let (offset, c) = chars.next()?;
        if !broken || !is_letter(c) {
            return None;
        }
        let mut right = Folded::default();
        let behind = self.letters(end + offset, &mut right);
        if left_word != Word::Unknown && word(right.as_str()) != Word::Unknown {
            return None;
        }
        let mut whole = *left;
        whole.append(&right);
        let known = word(whole.as_str());
        (known != Word::Unknown).then_some((behind, known))
    }

    /// A Roman numeral up to XII in capitals, also where a word is glued behind it: «IIквартал».
    fn roman(&mut self) -> Option<Mark> {
        let rest = self.text.get(self.at..)?;
        let (mut total, mut last, mut length) = (0_u16, 0_u16, 0_usize);
        for c in rest.chars() {
            let value = match c {
                'I' | 'l' | 'І' | 'Ӏ' | 'ӏ' | '|' => 1,
                '1' if length == 0 => 1,
                // «IУ»: typists without Latin letters take «У» for five.
                'У' if last == 1 => 5,
                'V' => 5,
                'X' | 'Х' => 10,
                'Ⅰ'..='Ⅻ' if length == 0 => u16::try_from(u32::from(c) - u32::from('Ⅰ') + 1).ok()?,
                _ => break,
            };
            total += value;
            if last != 0 && value > last {
                total = total.checked_sub(2 * last)?;
            }
            last = value;
            length += c.len_utf8();
            if total > 39 {
                return None;
            }
        }
        let behind = rest.get(length..)?.chars().next();
        let glued_word = behind.is_some_and(|c| matches!(c, 'к' | 'п' | 'ч' | 'т' | 'д' | 'н'))
            && rest.starts_with(['I', 'V', 'X', 'І', 'Ӏ', 'ӏ', 'l', '1']);
        if length == 0 || !(1..=12).contains(&total) || (behind.is_some_and(is_letter) && !glued_word) {
            return None;
        }
        self.at += length;
        self.ordinal_ending();
        Some(Mark::Roman(total))
    }
}

/// Letters longer than this are no word of the vocabulary.
const LONGEST: usize = 24;

/// A short folded word without a heap.
#[derive(Clone, Copy)]
struct Folded {
    bytes: [u8; LONGEST * 2],
    length: usize,
    foreign: bool,
}

impl Default for Folded {
    fn default() -> Self {
        Self { bytes: [0; LONGEST * 2], length: 0, foreign: false }
    }
}

impl Folded {
    fn push(&mut self, letter: Option<char>) {
        let Some(letter) = letter else {
            self.foreign = true;
            return;
        };
        // Every folded letter takes two bytes.
        match self.bytes.get_mut(self.length..self.length + 2) {
            Some(place) if !self.foreign => {
                letter.encode_utf8(place);
                self.length += 2;
            }
            _ => self.foreign = true,
        }
    }

    fn append(&mut self, other: &Self) {
        self.foreign |= other.foreign;
        for c in other.as_str().chars() {
            self.push(Some(c));
        }
    }

    /// The folded letters, empty where one has no Cyrillic twin or there are too many.
    fn as_str(&self) -> &str {
        if self.foreign {
            return "";
        }
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
