//! What does a deadline text say?

use crate::draft::{Draft, Form, Gap, Mode};
use crate::model::{Context, Inferred, Kind, Part, Schedule};
use crate::reader::Reader;
use crate::spans::Head;
use crate::tokens::{Mark, Token, is_dash, tokens};
use crate::words::Word;
use crate::{gather, resolve};

/// Tokens of a text that are looked at; what stands behind them is one unrecognised part.
const TOKENS: usize = 4096;

/// Parts a schedule has at most, but for those of a phrase of several days; the text behind them is one or two
/// more, unrecognised.
pub const PARTS: usize = 64;

/// Reads a deadline text, in linear time. Never fails: what is not understood stays [`Kind::Unrecognised`],
/// verbatim, and no date is made up.
///
/// A missing year is supplied by `context` as [`Context`] says, and marked as inferred. «до X» includes X itself,
/// be it a day, a month or a year, as official Russian has it: «до 2024 года» ends on 31 December 2024.
#[must_use]
pub fn parse(text: &str, context: &Context) -> Schedule {
    let found = tokens(text, TOKENS);
    let reader = Reader { text, tokens: &found };
    let (mut drafts, absent) = Clauses::new(reader).read();
    gather::gather(&reader, &mut drafts, context);
    let mut parts = resolve::parts(&reader, &drafts, context);
    if let Some(rest) = unread(text, &found) {
        parts.push(part(Kind::Unrecognised(rest)));
    }
    if parts.is_empty() {
        parts.push(part(if absent || says_nothing(text) {
            Kind::Missing
        } else {
            Kind::Unrecognised(text.trim().to_owned())
        }));
    }
    Schedule { text: text.to_owned(), parts }
}

/// Does the text name a day that no calendar has: «31.09.2024», «30 февраля»? Such a text is
/// [`Kind::Unrecognised`]; this tells a reader why.
#[must_use]
pub fn names_impossible_date(text: &str) -> bool {
    let found = tokens(text, TOKENS);
    let reader = Reader { text, tokens: &found };
    let (mut drafts, _) = Clauses::new(reader).read();
    gather::gather(&reader, &mut drafts, &Context::default());
    drafts.iter().any(|draft| draft.form == Form::Impossible || resolve::is_impossible(draft))
}

fn part(kind: Kind) -> Part {
    Part { kind, scope: None, inferred: Inferred::default() }
}

/// Text behind the tokens that were read.
fn unread(text: &str, found: &[Token]) -> Option<String> {
    let end = found.last().filter(|_| found.len() >= TOKENS)?.end;
    let rest = text.get(end..)?.trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// Only dashes, dots and spaces, or a word that says that there is none.
fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace() || is_dash(c) || matches!(c, '.' | '…' | '_' | '*' | '\u{ad}' | '\u{feff}')
    })
}

/// How far a text looks like a deadline, from 0 to 1: the share of its characters that name days, recurrences, spans
/// and times after an event; other plans and conditions count half, because prose has them too.
///
/// 0 for a text that says nothing. A column of deadlines has a mean above 0.6 among its cells that say something,
/// a column of activities below 0.2.
#[must_use]
pub fn looks_like_deadline(text: &str) -> f32 {
    let found = tokens(text, TOKENS);
    let reader = Reader { text, tokens: &found };
    let (drafts, _) = Clauses::new(reader).read();
    let mut share = 0.0;
    let mut all = 0.0;
    for draft in drafts {
        let length = reader.slice(draft.tokens.0, draft.tokens.1).chars().count() as f32;
        all += length;
        share += length
            * match draft.form {
                Form::Words | Form::Impossible => 0.0,
                Form::Condition | Form::External { .. } => 0.5,
                _ => 1.0,
            };
    }
    if all > 0.0 { share / all } else { 0.0 }
}

/// The clauses of a text, token by token.
struct Clauses<'a> {
    reader: Reader<'a>,
    drafts: Vec<Draft>,
    /// Where words that are not understood begin.
    words: Option<usize>,
    gap: Gap,
    quoted: bool,
    /// The text says that there is no deadline.
    absent: bool,
}

impl<'a> Clauses<'a> {
    fn new(reader: Reader<'a>) -> Self {
        Self {
            reader,
            drafts: Vec::with_capacity(4),
            words: None,
            gap: Gap::Nothing,
            quoted: false,
            absent: false,
        }
    }

    fn read(mut self) -> (Vec<Draft>, bool) {
        let mut at = 0;
        while self.reader.mark(at) != Mark::End {
            at = self.step(at);
        }
        self.close_words(at);
        (self.drafts, self.absent)
    }

    fn step(&mut self, at: usize) -> usize {
        if let Some(gap) = self.separator(at) {
            self.close_words(at);
            self.gap = self.gap.max(gap);
            self.quoted = false;
            return at + 1;
        }
        if let Some(next) = self.absence(at) {
            self.absent = true;
            return next;
        }
        if !self.quoted && self.blocked(at) {
            let mut scratch = Vec::new();
            return item(&self.reader, at, &mut scratch).unwrap_or(at + 1);
        }
        if !self.quoted {
            let before = self.drafts.len();
            if let Some(next) = item(&self.reader, at, &mut self.drafts) {
                self.settle(before, at);
                return next.max(at + 1);
            }
            if let Some(head) = self.head(at) {
                return self.capture(at, &head);
            }
        }
        if self.words.is_none() && self.is_noise(at) {
            return at + 1;
        }
        if self.reader.mark(at) == Mark::Quote {
            self.quoted = !self.quoted;
        }
        self.words.get_or_insert(at);
        at + 1
    }

    /// «нет», «не указан», «срок не установлен» alone in its clause says nothing.
    fn absence(&self, at: usize) -> Option<usize> {
        let next = match (self.reader.word(at)?, self.reader.word(at + 1)) {
            (Word::None, _) => at + 1,
            (Word::Not, Some(Word::Stated)) => at + 2,
            _ => return None,
        };
        let from = at - usize::from(at > 0 && self.reader.is(at - 1, Word::Limit));
        (self.words.is_none() && self.reader.alone(from, next)).then_some(next)
    }

    /// What parts two clauses, where this token does.
    fn separator(&self, at: usize) -> Option<Gap> {
        match self.reader.mark(at) {
            Mark::Comma => Some(Gap::Comma),
            Mark::Semicolon => Some(Gap::Semicolon),
            Mark::Open => Some(Gap::Open),
            Mark::Close => Some(Gap::Close),
            Mark::Dot if self.ends_sentence(at) => Some(Gap::Stop),
            Mark::Word(Word::And) if self.joins(at) => Some(Gap::And),
            _ => None,
        }
    }

    /// A full stop that is not inside a number, an abbreviation of one letter or a name.
    fn ends_sentence(&self, at: usize) -> bool {
        if self.reader.glued(at + 1) && self.reader.mark(at + 1) != Mark::End && self.words.is_some() {
            return false;
        }
        let short = self.words.is_some() && ends_initial(&self.reader, at);
        !short || self.reader.mark(at + 1) == Mark::End
    }

    /// «и» parts clauses unless it stands among words that are not understood and more of them follow.
    fn joins(&self, at: usize) -> bool {
        self.words.is_none() || (!self.quoted && begins(&self.reader, at + 1))
    }

    /// Nothing begins at and behind «за», «от», «№» within words: «отчёт за сентябрь», «приказ от 29.03.2021».
    fn blocked(&self, at: usize) -> bool {
        let object = at > 0 && takes_object(&self.reader, at - 1);
        self.words.is_some() && (object || takes_object(&self.reader, at))
    }

    /// The head of a phrase of words. Inside other words only those that can't continue them.
    fn head(&self, at: usize) -> Option<Head> {
        if self.words.is_none() {
            return head(&self.reader, at);
        }
        strong_head(&self.reader, at)
    }

    /// Takes the words of a phrase up to the end of its clause or to a phrase that stands for itself.
    fn capture(&mut self, at: usize, head: &Head) -> usize {
        self.close_words(at);
        let to = clause_end(&self.reader, head.next);
        let form = match head.form {
            Form::Relative { event: (first, _), .. } if first >= to => Form::Condition,
            Form::Relative { event: (first, _), duration } => Form::Relative { event: (first, to), duration },
            form => form,
        };
        self.drafts.push(Draft { gap: self.gap, ..Draft::new(form, at, to) });
        self.gap = Gap::Nothing;
        to.max(at + 1)
    }

    /// Puts the words before the drafts just read in front of them and gives each its gap.
    fn settle(&mut self, before: usize, at: usize) {
        if let Some(words) = self.words.take() {
            let draft = Draft { gap: self.gap, ..Draft::new(Form::Words, words, at) };
            self.drafts.insert(before, draft);
        } else if let Some(first) = self.drafts.get_mut(before) {
            first.gap = self.gap;
        }
        self.gap = Gap::Nothing;
        self.quoted = false;
    }

    fn close_words(&mut self, at: usize) {
        if let Some(words) = self.words.take() {
            self.drafts.push(Draft { gap: self.gap, ..Draft::new(Form::Words, words, at) });
            self.gap = Gap::Nothing;
        }
    }

    /// Says nothing by itself: «срок:», «но», «включительно», a dash or colon between clauses.
    fn is_noise(&self, at: usize) -> bool {
        match self.reader.mark(at) {
            Mark::Dash | Mark::Colon | Mark::Slash | Mark::Dot => true,
            // «1) до 1 мая; 2) до 1 июня»; a quotation mark before a phrase that stands for itself
            Mark::Number { digits: 1 | 2, .. } => {
                self.reader.mark(at + 1) == Mark::Close && begins(&self.reader, at + 2)
            }
            Mark::Quote => begins(&self.reader, at + 1),
            Mark::Word(Word::Joint | Word::Inclusive | Word::And) => true,
            Mark::Word(Word::Limit) => self.alone_limit(at),
            Mark::Word(Word::Carrying) => at > 0 && self.reader.is(at - 1, Word::Limit),
            _ => false,
        }
    }

    /// «Срок: …», «Сроки исполнения – …», «срок до …».
    fn alone_limit(&self, at: usize) -> bool {
        let next = at + 1 + usize::from(self.reader.is(at + 1, Word::Carrying));
        matches!(self.reader.mark(next), Mark::Colon | Mark::Dash | Mark::End | Mark::Word(Word::Not))
            || begins(&self.reader, next)
    }
}

/// Reads a phrase that stands for itself.
fn item(reader: &Reader<'_>, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
    // Words that begin nothing are most of a hostile text: they are turned away at once.
    if matches!(
        reader.mark(at),
        Mark::Word(Word::Unknown | Word::And | Word::Joint | Word::Plan)
            | Mark::Other
            | Mark::Dash
            | Mark::Colon
    ) {
        return None;
    }
    if let Some(draft) = reader.recurrence(at) {
        out.push(draft);
        return Some(draft.tokens.1);
    }
    if reader.relative(at).is_some_and(|head| !matches!(head.form, Form::Condition)) {
        return None;
    }
    reader.span(at, out).or_else(|| reader.dates(at, out))
}

fn begins(reader: &Reader<'_>, at: usize) -> bool {
    let mut scratch = Vec::new();
    item(reader, at, &mut scratch).is_some() || strong_head(reader, at).is_some()
}

/// Does this token take what follows as its object: «за», «от», «№»?
fn takes_object(reader: &Reader<'_>, at: usize) -> bool {
    match reader.mark(at) {
        Mark::Word(Word::For | Word::Of) => true,
        Mark::Other => reader.slice(at, at + 1) == "№",
        _ => false,
    }
}

fn head(reader: &Reader<'_>, at: usize) -> Option<Head> {
    reader.relative(at).or_else(|| reader.external(at)).or_else(|| reader.condition(at))
}

/// A head that can't continue other words: «согласно …», «в соответствии с …», «по плану …», «по мере …».
fn strong_head(reader: &Reader<'_>, at: usize) -> Option<Head> {
    let external = reader.external(at).filter(|_| !reader.is(at, Word::Plan) && !reader.is(at, Word::Road));
    let measure = reader.is(at, Word::Along) && reader.is(at + 1, Word::Measure);
    external.or_else(|| measure.then(|| reader.condition(at)).flatten())
}

/// Where the words of a phrase end: at a separator, at a phrase that stands for itself, at another head.
fn clause_end(reader: &Reader<'_>, from: usize) -> usize {
    let mut at = behind_named_days(reader, from).unwrap_or(from);
    let mut quoted = false;
    loop {
        match reader.mark(at) {
            Mark::End => return at,
            // «согласно срокам, установленным приказом»
            Mark::Comma if at > 0 && reader.is(at - 1, Word::Limit) && reader.is(at + 1, Word::Unknown) => {}
            Mark::Comma | Mark::Semicolon | Mark::Open | Mark::Close if !quoted => return at,
            Mark::Dot if !quoted && sentence_ends(reader, at) => return at,
            Mark::Quote => quoted = !quoted,
            Mark::Word(Word::And) if !quoted && at > from && stands_for_itself(reader, at + 1) => return at,
            _ if !quoted && at > from && !takes_date(reader, at - 1) && stands_for_itself(reader, at) => {
                return at;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Days that a head takes as its own words: «по итогам I полугодия», «за 10 дней до 1 сентября».
fn behind_named_days(reader: &Reader<'_>, from: usize) -> Option<usize> {
    let mut scratch = Vec::new();
    let next = item(reader, from, &mut scratch)?;
    let own = scratch.iter().all(|draft| draft.plain && matches!(draft.form, Form::Dates { .. }));
    (own && !matches!(reader.word(from), Some(Word::In | Word::On))).then_some(next)
}

fn sentence_ends(reader: &Reader<'_>, at: usize) -> bool {
    if reader.mark(at + 1) == Mark::End {
        return true;
    }
    !reader.glued(at + 1) && !ends_initial(reader, at)
}

/// Is the full stop that of an initial or an abbreviation of one letter: «А.», «п.»?
fn ends_initial(reader: &Reader<'_>, at: usize) -> bool {
    let letter = at.checked_sub(1).and_then(|before| reader.word(before)).is_some();
    letter && reader.glued(at) && reader.slice(at - 1, at).chars().nth(1).is_none()
}

/// Does the word before make a date its object: «на 2021 год», «от 1 марта», «в мае»?
fn takes_date(reader: &Reader<'_>, at: usize) -> bool {
    matches!(
        reader.word(at),
        Some(
            Word::On
                | Word::For
                | Word::Of
                | Word::In
                | Word::Towards
                | Word::From
                | Word::After
                | Word::Until
        )
    ) || takes_object(reader, at)
}

/// A phrase of its own inside the words of another: all but a year and what is its object.
fn stands_for_itself(reader: &Reader<'_>, at: usize) -> bool {
    let mut scratch = Vec::new();
    if strong_head(reader, at).is_some() {
        return true;
    }
    if reader.is(at, Word::On) || item(reader, at, &mut scratch).is_none() {
        return false;
    }
    !scratch.iter().all(|draft| match draft.form {
        Form::Dates { mode: Mode::At | Mode::Range, start, .. } => {
            draft.plain && matches!(start.grain, crate::piece::Grain::Year | crate::piece::Grain::SchoolYear)
        }
        Form::Ongoing(span) => span == crate::model::Span::SchoolYear && reader.is(at, Word::School),
        Form::Impossible | Form::DayOfMonth => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words outside the vocabulary carry meaning the grammar does not know: each stands in some part, but for the
    /// ends that plan names change.
    fn check_no_word_vanishes(text: &str) {
        let schedule = parse(text, &Context::default());
        let said = format!("{:?}", schedule.parts).to_lowercase().replace('ё', "е");
        for token in tokens(text, TOKENS) {
            let word = text[token.start..token.end].to_lowercase().replace('ё', "е");
            let stem: String = word.chars().take(4).collect();
            let unknown = token.mark == Mark::Word(Word::Unknown) && word.chars().count() >= 4;
            assert!(!unknown || said.contains(&stem), "«{word}» of «{text}» vanished: {said}");
        }
    }

    #[test]
    fn no_word_vanishes() {
        let cases: Vec<&str> = include_str!("../tests/phrases.txt")
            .lines()
            .filter(|line| !line.starts_with("# ") && !line.contains(['{', '<']))
            .filter_map(|line| line.split_once(" => ").map(|(text, _)| text))
            .filter(|text| text.chars().any(char::is_alphanumeric))
            .collect();
        for (index, first) in cases.iter().enumerate() {
            check_no_word_vanishes(first);
            let second = cases[(index * 7 + 3) % cases.len()];
            for joint in [" ", ", ", "; ", " (", " и ", ". "] {
                check_no_word_vanishes(&format!("{first}{joint}{second}"));
            }
        }
    }
}
