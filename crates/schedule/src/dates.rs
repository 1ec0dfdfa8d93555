//! Which dates, years and periods stand in running text: in the head of an act, a title, a section row?

use std::ops::Range;

use jiff::civil::Date;

use crate::draft::{Form, Mode};
use crate::piece::{Grain, Piece, Years, date};
use crate::reader::{Reader, Said, YEARS};
use crate::resolve::dated;
use crate::tokens::{Mark, Token, tokens};
use crate::words::Word;

/// The period that a title names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TitlePeriod {
    /// First day; `None` where the title says only an end: «до 2024 года».
    pub start: Option<Date>,
    /// Last day; `None` where it says only a beginning: «с 2021 года».
    pub end: Option<Date>,
}

/// Full dates in running text, each with the bytes it takes, «г.» and quotation marks included.
///
/// All forms of an act's date: «17 сентября 2020 года», «17.09.2020г.», «« 29 » марта 2021 г.», «01.04.21».
/// A date without a year, or one that no calendar has, is passed over.
pub fn dates_in(text: &str) -> impl Iterator<Item = (Range<usize>, Date)> + '_ {
    Dates { text, tokens: tokens(text, usize::MAX), at: 0 }
}

/// The first full date in a text.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    dates_in(text).next().map(|(_, date)| date)
}

struct Dates<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl Iterator for Dates<'_> {
    type Item = (Range<usize>, Date);

    fn next(&mut self) -> Option<Self::Item> {
        let reader = Reader { text: self.text, tokens: &self.tokens };
        while self.at < self.tokens.len() {
            let from = self.at;
            let Some((said, next)) = reader.numeric_date(from).or_else(|| reader.written_day(from)) else {
                self.at += 1;
                continue;
            };
            self.at = next;
            // «п. 1.10.12» is no date: of a short year the day needs two figures.
            if next == from + 5
                && self.tokens.get(from)?.end - self.tokens.get(from)?.start == 1
                && is_short(&reader, from + 4)
            {
                continue;
            }
            let Said::Piece(Piece { first, years: Years::One(year), .. }) = said else { continue };
            let bytes = self.tokens.get(from)?.start..self.tokens.get(next.checked_sub(1)?)?.end;
            if let Some(date) = date(year, first, false) {
                return Some((bytes, date));
            }
        }
        None
    }
}

fn is_short(reader: &Reader<'_>, at: usize) -> bool {
    matches!(reader.mark(at), Mark::Number { digits: 2, .. })
}

/// The year of a section row: «2021 год», «2. Мероприятия 2021 года», «2021».
///
/// `None` where the text names no year, several, a span of years, a school year or a full date.
#[must_use]
pub fn year_of_section(text: &str) -> Option<i16> {
    let found = tokens(text, TITLE);
    let reader = Reader { text, tokens: &found };
    let mut year = None;
    let mut at = 0;
    while at < found.len() {
        if reader.numeric_date(at).or_else(|| reader.written_day(at)).is_some() {
            return None;
        }
        let Some((years, next)) = reader.year(at) else {
            at += 1;
            continue;
        };
        let Years::One(said) = years else { return None };
        let worded = next > at + 1 || at.checked_sub(1).is_some_and(|before| reader.month(before).is_some());
        let bounded = at.checked_sub(1).is_some_and(|before| {
            matches!(reader.word(before), Some(Word::Until | Word::From | Word::Along))
                || reader.mark(before) == Mark::Dash
        });
        let spans =
            matches!(reader.mark(next), Mark::Dash | Mark::Slash) && reader.number(next + 1).is_some();
        if bounded || spans || year.is_some_and(|year| year != said) {
            return None;
        }
        if worded || only_number(&reader, at) {
            year = Some(said);
        }
        at = next;
    }
    year
}

/// No word stands beside the number.
fn only_number(reader: &Reader<'_>, at: usize) -> bool {
    (0..reader.tokens.len()).all(|other| other == at || !matches!(reader.mark(other), Mark::Word(_)))
}

/// Tokens of a title that are looked at.
const TITLE: usize = 512;

/// The period in a title: «на 2020–2024 годы», «в 2021 году», «на 2021/2022 учебный год», «до 2024 года»,
/// «на период с 1 сентября 2021 г. по 31 мая 2022 г.».
///
/// Where several are named, a range counts most, then a school year, then an end alone, then a year. Dates of cited
/// acts («от 19 апреля 2021 г.») are no periods.
#[must_use]
pub fn period_in_title(text: &str) -> Option<TitlePeriod> {
    let found = tokens(text, TITLE);
    let reader = Reader { text, tokens: &found };
    let mut best: Option<(u8, TitlePeriod)> = None;
    let mut at = 0;
    let mut drafts = Vec::new();
    while at < found.len() {
        let cited = at.checked_sub(1).is_some_and(|before| reader.is(before, Word::Of));
        drafts.clear();
        let next = reader.dates(at, &mut drafts);
        let candidate = years_without_word(&reader, at).or_else(|| {
            let draft = drafts.first().filter(|_| drafts.len() == 1)?;
            Some((rank_and_period(draft.form)?, next?))
        });
        if let Some(((rank, period), behind)) = candidate.filter(|_| !cited) {
            if best.is_none_or(|(best, _)| rank < best) {
                best = Some((rank, period));
            }
            at = behind.max(at + 1);
        } else {
            at = next.unwrap_or(0).max(at + 1);
        }
    }
    best.map(|(_, period)| period)
}

/// «на 2020–2024» without the word «годы».
fn years_without_word(reader: &Reader<'_>, at: usize) -> Option<((u8, TitlePeriod), usize)> {
    let pair = reader.mark(at + 2) == Mark::Dash && matches!(reader.word(at), Some(Word::On | Word::In));
    let year =
        |at| reader.number(at).filter(|year| YEARS.contains(year)).and_then(|year| i16::try_from(year).ok());
    let (first, last) = (year(at + 1)?, year(at + 3)?);
    if !pair || last < first || reader.school_year_word(at + 4).is_some() {
        return None;
    }
    let period = TitlePeriod { start: Date::new(first, 1, 1).ok(), end: Date::new(last, 12, 31).ok() };
    Some(((0, period), at + 4))
}

fn rank_and_period(form: Form) -> Option<(u8, TitlePeriod)> {
    let Form::Dates { mode, start, end } = form else { return None };
    if mode != Mode::Range && end.grain == Grain::Day {
        return None;
    }
    let (first, last) = dated(start, end)?;
    let (start, end) = (Some(first), Some(last));
    Some(match (mode, end) {
        (Mode::Range, _) if first <= last => (0, TitlePeriod { start, end }),
        (Mode::At, _) => {
            let rank = match form {
                Form::Dates { end: Piece { grain: Grain::SchoolYear, .. }, .. } => 1,
                _ => 3,
            };
            (rank, TitlePeriod { start, end })
        }
        (Mode::Until, _) => (2, TitlePeriod { start: None, end }),
        (Mode::Since, _) => (4, TitlePeriod { start, end: None }),
        (Mode::Range, _) => return None,
    })
}
