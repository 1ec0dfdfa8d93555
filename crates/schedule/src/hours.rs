//! At which hours of its day?

use crate::draft::{Draft, Mode};
use crate::reader::{Reader, Said};
use crate::tokens::Mark;
use crate::words::Word;

impl Reader<'_> {
    /// The token behind the hour of «до 18.00 10.09.2024», «до 12 часов 15 сентября»: a day must follow.
    pub(crate) fn clock_time(&self, at: usize) -> Option<usize> {
        let Mark::Number { value: 0..=24, .. } = self.mark(at) else { return None };
        let minutes = matches!(self.mark(at + 1), Mark::Dot | Mark::Colon | Mark::Dash)
            && matches!(self.mark(at + 2), Mark::Number { value: 0..=59, digits: 2, .. })
            && self.glued(at + 1)
            && self.glued(at + 2);
        let worded = at + if minutes { 3 } else { 1 };
        let next = worded + usize::from(self.is(worded, Word::Hour));
        if next == at + 1 || self.glued(next) && self.mark(next) != Mark::Dot {
            return None;
        }
        let next = next + usize::from(next > worded && self.mark(next) == Mark::Dot);
        let day = self.numeric_date(next).or_else(|| self.written_day(next)).is_some();
        (day && !self.glued(next)).then_some(next)
    }

    /// «с 9.00 до 17.00 15.03.2023», «с 9 до 17 часов 15 марта»: the day, and the hours as what limits it.
    pub(crate) fn hours_of_day(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        if !self.is(at, Word::From) {
            return None;
        }
        let (first, next) = self.hour(at + 1)?;
        if !matches!(self.mark(next), Mark::Dash | Mark::Word(Word::Until | Word::Along)) {
            return None;
        }
        let (last, hours) = self.hour(next + 1)?;
        let day = hours + usize::from(self.mark(hours) == Mark::Comma);
        // «с 1 до 15 марта» names days: only minutes or the word «часов» make hours of figures.
        if !(first || last) || self.glued(day) {
            return None;
        }
        let (said, next) = self.numeric_date(day).or_else(|| self.written_day(day))?;
        let Said::Piece(piece) = said else { return None };
        let scope = Some((at, hours));
        out.push(Draft { scope, plain: true, ..Draft::dates(Mode::At, piece, at, next) });
        Some(next)
    }

    /// «9.00», «9 часов», «9»: do its own words say that it is an hour, and the token behind.
    fn hour(&self, at: usize) -> Option<(bool, usize)> {
        let Mark::Number { value: 0..=24, .. } = self.mark(at) else { return None };
        let minutes = matches!(self.mark(at + 1), Mark::Dot | Mark::Colon)
            && matches!(self.mark(at + 2), Mark::Number { value: 0..=59, digits: 2, .. })
            && self.glued(at + 1)
            && self.glued(at + 2);
        let next = at + if minutes { 3 } else { 1 };
        let worded = self.is(next, Word::Hour);
        Some((minutes || worded, next + usize::from(worded)))
    }
}
