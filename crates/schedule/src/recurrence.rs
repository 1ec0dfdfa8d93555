//! How often, in the words of the text?

use crate::draft::{Draft, Form, Mode};
use crate::model::{Every, Span, Times, Unit};
use crate::piece::{Grain, Piece};
use crate::reader::{Read, Reader, Said};
use crate::tokens::Mark;
use crate::words::Word;

/// A unit of the language: a number of units of the model.
fn unit(word: Word) -> Option<Every> {
    let (count, unit) = match word {
        Word::Day => (1, Unit::Day),
        Word::Week => (1, Unit::Week),
        Word::TenDays => (10, Unit::Day),
        Word::MonthUnit => (1, Unit::Month),
        // A quarter of a school year has no length of its own; it counts as a quarter.
        Word::Quarter | Word::Term => (3, Unit::Month),
        Word::HalfYear => (6, Unit::Month),
        Word::Year => (1, Unit::Year),
        _ => return None,
    };
    Some(Every { count, unit })
}

fn adverb(word: Word) -> Option<Every> {
    let (count, unit) = match word {
        Word::Daily => (1, Unit::Day),
        Word::Weekly => (1, Unit::Week),
        Word::Monthly => (1, Unit::Month),
        Word::Quarterly => (3, Unit::Month),
        Word::EveryTenDays => (10, Unit::Day),
        Word::Yearly => (1, Unit::Year),
        _ => return None,
    };
    Some(Every { count, unit })
}

/// The length of a period that has days of its own; a day and a part of a month have none.
fn length_of(grain: Grain) -> Option<Every> {
    let (count, unit) = match grain {
        Grain::Month => (1, Unit::Month),
        Grain::Quarter => (3, Unit::Month),
        Grain::HalfYear(_) => (6, Unit::Month),
        Grain::Year => (1, Unit::Year),
        Grain::SchoolYear => (1, Unit::SchoolYear),
        Grain::Day | Grain::PartOfMonth => return None,
    };
    Some(Every { count, unit })
}

fn again(every: Every, times: Option<Times>) -> Form {
    Form::Again { every, every_max: None, times, within: None }
}

const WEEKLY: Every = Every { count: 1, unit: Unit::Week };
const YEARLY: Every = Every { count: 1, unit: Unit::Year };
const MONTHLY: Every = Every { count: 1, unit: Unit::Month };

impl Reader<'_> {
    /// A recurrence, or what limits one.
    pub(crate) fn recurrence(&self, at: usize) -> Option<Draft> {
        if let Some(every) = self.word(at).and_then(adverb) {
            return Some(Draft::new(again(every, None), at, at + 1));
        }
        self.each(at)
            .or_else(|| self.frequency(at))
            .or_else(|| self.weekdays(at))
            .or_else(|| self.day_of_month(at))
    }

    /// A count by figure or word; none counts as one.
    fn count(&self, at: usize) -> Read<u16> {
        match self.mark(at) {
            Mark::Number { value, digits: 1..=3, .. } => {
                u16::try_from(value).ok().map(|value| (value, at + 1))
            }
            Mark::Word(Word::Cardinal(value) | Word::Ordinal(value)) => Some((value, at + 1)),
            _ => None,
        }
    }

    /// «месяц», «две недели», «3-4 недели», «учебный год»: a length and the upper end of its range.
    fn length(&self, at: usize) -> Read<(Every, Option<Every>)> {
        let (least, next) = self.count(at).unwrap_or((1, at));
        let (most, next) = match self.mark(next) {
            Mark::Dash if next > at => {
                let (most, behind) = self.count(next + 1)?;
                (Some(most), behind)
            }
            _ => (None, next),
        };
        let (one, next) = self.unit(next)?;
        let scale =
            |n: u16| Some(Every { count: one.count.checked_mul(n)?, unit: one.unit }).filter(|e| e.count > 0);
        let every = scale(least)?;
        let every_max = match most {
            Some(most) if most > least => Some(scale(most)?),
            Some(_) => return None,
            None => None,
        };
        Some(((every, every_max), next))
    }

    /// A unit, over the full stop of its abbreviation.
    pub(crate) fn unit(&self, at: usize) -> Read<Every> {
        if let Some(next) = self.school_year_word(at) {
            return Some((Every { count: 1, unit: Unit::SchoolYear }, next));
        }
        if self.is(at, Word::Working) && self.is(at + 1, Word::Day) {
            return Some((Every { count: 1, unit: Unit::WorkingDay }, at + 2));
        }
        let plain = at + usize::from(self.is(at, Word::Plain));
        if let Some(next) = self.year_word(plain) {
            return Some((Every { count: 1, unit: Unit::Year }, next));
        }
        let every = unit(self.word(plain)?)?;
        // «мес.», «нед.», «кв.», «дн.»
        let short = self.tokens.get(plain).is_some_and(|token| token.end - token.start <= 6)
            && !self.slice(plain, plain + 1).ends_with(['я', 'и', 'е', 'ь', 'Я', 'И', 'Е', 'Ь']);
        let stop = short && self.mark(plain + 1) == Mark::Dot && self.glued(plain + 1);
        Some((every, plain + 1 + usize::from(stop && self.mark(plain + 2) != Mark::End)))
    }

    /// «каждый месяц», «каждые две недели», «каждую вторую пятницу», «последняя пятница каждого месяца».
    fn each(&self, at: usize) -> Option<Draft> {
        if let Some(to) = self.nth_weekday(at) {
            let mut draft = Draft::new(again(MONTHLY, None), at, to);
            draft.scope = Some((at, to));
            return Some(draft);
        }
        if !self.is(at, Word::Each) {
            return None;
        }
        // «каждый август» is «ежегодно, август».
        if matches!(self.word(at + 1), Some(Word::Month(_) | Word::Season(_))) {
            return Some(Draft::new(again(YEARLY, None), at, at + 1));
        }
        if let Some(Word::Weekday(_)) = self.word(at + 1) {
            return Some(Draft::new(Form::Weekdays, at, self.weekday_list(at + 1)));
        }
        if let (Some((2, _)), Some(Word::Weekday(_))) = (self.ordinal(at + 1), self.word(at + 2)) {
            let mut draft = Draft::new(again(Every { count: 2, unit: Unit::Week }, None), at, at + 3);
            draft.scope = Some((at, at + 3));
            return Some(draft);
        }
        // «каждое 25 число месяца»
        if let Some(day) = self.day_numbers(at + 1).filter(|day| self.is(day + 1, Word::DayNumber)) {
            let to = day + 2 + usize::from(self.is(day + 2, Word::MonthUnit));
            return Some(Draft {
                scope: Some((at + 1, day + 2)),
                ..Draft::new(again(MONTHLY, None), at, to)
            });
        }
        let ((every, every_max), next) = self.length(at + 1)?;
        Some(Draft::new(Form::Again { every, every_max, times: None, within: None }, at, next))
    }

    /// «каждая первая среда месяца», «последняя пятница каждого месяца»; without «месяца» only the first, third,
    /// fourth and last, because «каждую вторую пятницу» means every other Friday.
    fn nth_weekday(&self, at: usize) -> Option<usize> {
        let each = self.is(at, Word::Each);
        let ordinal = at + usize::from(each);
        let number = match self.mark(ordinal) {
            Mark::Word(Word::Last) => 5,
            Mark::Word(Word::Ordinal(number)) => number,
            Mark::Number { value, ordinal: true, .. } => u16::try_from(value).ok()?,
            _ => return None,
        };
        if !matches!(self.word(ordinal + 1), Some(Word::Weekday(_))) {
            return None;
        }
        let month = ordinal + 2 + usize::from(self.is(ordinal + 2, Word::Each));
        if self.is(month, Word::MonthUnit) {
            return Some(month + 1);
        }
        (each && number != 2).then_some(ordinal + 2)
    }

    /// «не реже 1 раза в 3-4 недели», «дважды в год», «1-2 раза в месяц», «2 раза ежемесячно», «до 3 раз в год».
    fn frequency(&self, at: usize) -> Option<Draft> {
        let (bound, next) = self.bound(at);
        let next = next + usize::from(self.is(next, Word::Along));
        let (least, most, next) = self.times(next)?;
        let times = Times {
            min: (bound != Bound::AtMost).then_some(least),
            max: (bound != Bound::AtLeast).then_some(most),
        };
        if let Some(every) = self.word(next).and_then(adverb) {
            return Some(Draft::new(again(every, Some(times)), at, next + 1));
        }
        let inside = match self.mark(next) {
            Mark::Word(Word::In | Word::For | Word::On) | Mark::Slash => next + 1,
            _ => return None,
        };
        // «в течение полугодия», «в течение всего года»
        let course = inside + usize::from(self.is(inside, Word::Course));
        let inside = course + usize::from(self.is(course, Word::Each));
        let inside = inside + usize::from(course == inside && self.is(inside, Word::Whole));
        if let Some((piece, behind)) = self.whole_piece(inside) {
            let every = length_of(piece.grain)?;
            let form =
                Form::Again { every, every_max: None, times: Some(times), within: Some((piece, piece)) };
            return Some(Draft::new(form, at, behind));
        }
        // «три раза за период реализации»: the project has no length that the text says.
        if let Some((Span::Project, behind)) = self.named_span(inside) {
            let scope = Some((at, next));
            return Some(Draft { scope, ..Draft::new(Form::Ongoing(Span::Project), at, behind) });
        }
        let ((every, every_max), next) = self.length(inside)?;
        Some(Draft::new(Form::Again { every, every_max, times: Some(times), within: None }, at, next))
    }

    /// «2024 года», «2024-2025 учебном году», «I квартале 2024», «марте»: how often in it was said.
    fn whole_piece(&self, at: usize) -> Read<Piece> {
        // «1 раз в 10 лет», «1 раз в 2 квартала» are lengths.
        let count = matches!(self.mark(at), Mark::Number { digits: 1..=2, ordinal: false, .. });
        if count && self.mark(at + 1) != Mark::Slash {
            return None;
        }
        match self.piece(at)? {
            (Said::Piece(piece), next) => Some((piece, next)),
            (Said::Impossible, _) => None,
        }
    }

    fn bound(&self, at: usize) -> (Bound, usize) {
        let (bound, next) = match (self.word(at), self.word(at + 1)) {
            (Some(Word::Not), Some(Word::Less)) => (Bound::AtLeast, at + 2),
            (Some(Word::Not), Some(Word::More)) => (Bound::AtMost, at + 2),
            (Some(Word::Minimum), _) => (Bound::AtLeast, at + 1),
            (Some(Word::Maximum | Word::Until), _) => (Bound::AtMost, at + 1),
            // «несколько раз» is more than once.
            (Some(Word::Several), _) => (Bound::AtLeast, at),
            _ => return (Bound::Exactly, at),
        };
        let comma = next + usize::from(self.mark(next) == Mark::Comma);
        (bound, if self.is(comma, Word::Joint) { comma + 1 } else { next })
    }

    /// «1 раз», «двух раз», «1-2 раза», «раз», «дважды»: least, most, the token behind.
    fn times(&self, at: usize) -> Option<(u16, u16, usize)> {
        match self.word(at) {
            Some(Word::TimesOver(n)) => return Some((n, n, at + 1)),
            Some(Word::Several) if self.is(at + 1, Word::Times) => return Some((2, 2, at + 2)),
            _ => {}
        }
        // «от 1 до 3 раз»
        let from = usize::from(self.is(at, Word::Of));
        let (least, next) = self.count(at + from).unwrap_or((1, at));
        let (most, next) = match self.mark(next) {
            Mark::Dash if next > at => self.count(next + 1)?,
            Mark::Word(Word::Until) if from == 1 && next > at => self.count(next + 1)?,
            _ => (least, next),
        };
        let stop = usize::from(self.mark(next + 1) == Mark::Dot && self.glued(next + 1));
        let fits = self.is(next, Word::Times) && (1..=most).contains(&least);
        fits.then_some((least, most, next + 1 + stop))
    }

    /// «по средам», «по вторникам и четвергам».
    fn weekdays(&self, at: usize) -> Option<Draft> {
        let begins = self.is(at, Word::Along) && matches!(self.word(at + 1), Some(Word::Weekday(_)));
        begins.then(|| Draft::new(Form::Weekdays, at, self.weekday_list(at + 1)))
    }

    /// The token behind «вторник[, среду] и четверг»; at most a week of them.
    fn weekday_list(&self, at: usize) -> usize {
        let mut next = at + 1;
        for _ in 0..7 {
            let joined = matches!(self.mark(next), Mark::Comma | Mark::Word(Word::And));
            if !joined || !matches!(self.word(next + 1), Some(Word::Weekday(_))) {
                break;
            }
            next += 2;
        }
        next
    }

    /// «до 25 числа», «не позднее 25 числа каждого месяца», «25 числа ежемесячно».
    fn day_of_month(&self, at: usize) -> Option<Draft> {
        let number = match (self.word(at), self.word(at + 1)) {
            (Some(Word::Until | Word::Towards), _) => at + 1,
            (Some(Word::Not), Some(Word::Later)) => at + 2,
            // «с 10 по 20 число»
            (Some(Word::From), _) if matches!(self.word(at + 2), Some(Word::Along | Word::Until)) => {
                self.day_numbers(at + 1)?;
                at + 3
            }
            _ => at,
        };
        let number = self.day_numbers(number)?;
        let ordinal = matches!(self.mark(number), Mark::Number { ordinal: true, .. });
        let mut limit = number + 1;
        if self.is(limit, Word::DayNumber) {
            limit += 1;
        } else if !ordinal || !self.is(limit, Word::Each) {
            return None;
        }
        // «до 15 числа октября» is a day.
        if self.month(limit).is_some() {
            return None;
        }
        if self.is(limit, Word::Each) {
            let (every, next) = self.unit(limit + 1)?;
            let mut draft = Draft::new(again(every, None), at, next);
            draft.scope = Some((at, limit));
            return Some(draft);
        }
        if self.is(limit, Word::MonthUnit) {
            limit = self.following_month(limit + 1);
        }
        Some(Draft::new(Form::DayOfMonth, at, limit))
    }

    /// The last of «25», «20-25», «5 и 20», «5, 15 и 25».
    fn day_numbers(&self, at: usize) -> Option<usize> {
        let is_day = |at| self.number(at).is_some_and(|day| (1..=31).contains(&day));
        let mut last = is_day(at).then_some(at)?;
        for _ in 0..4 {
            let joined = matches!(self.mark(last + 1), Mark::Dash | Mark::Comma | Mark::Word(Word::And));
            if !joined || !is_day(last + 2) {
                break;
            }
            last += 2;
        }
        Some(last)
    }

    /// «до 25 числа», «20-25 числа» as days of some month: the mode, the first day and the last.
    pub(crate) fn days_of_limit(&self, tokens: (usize, usize)) -> Option<(Mode, u32, u32)> {
        let (number, mode) = match (self.word(tokens.0), self.word(tokens.0 + 1)) {
            (Some(Word::Until | Word::Towards), _) => (tokens.0 + 1, Mode::Until),
            (Some(Word::Not), Some(Word::Later)) => (tokens.0 + 2, Mode::Until),
            (Some(Word::From), _) => (tokens.0 + 1, Mode::At),
            _ => (tokens.0, Mode::At),
        };
        let first = self.number(number)?;
        let (last, next) = match self.mark(number + 1) {
            Mark::Dash | Mark::Word(Word::Along | Word::Until) => (self.number(number + 2)?, number + 3),
            _ => (first, number + 1),
        };
        let mode = if mode == Mode::At && last != first { Mode::Range } else { mode };
        (self.is(next, Word::DayNumber) && next + 1 == tokens.1).then_some((mode, first, last))
    }

    /// The token behind «, следующего за отчётным» in «до 10 числа месяца, следующего за отчётным».
    fn following_month(&self, at: usize) -> usize {
        let begins = at + usize::from(self.mark(at) == Mark::Comma);
        if !self.is(begins, Word::Unknown) {
            return at;
        }
        let words = (begins..begins + 6).take_while(|at| self.word(*at).is_some()).count();
        begins + words
    }
}

/// What «не реже» and «не более» do to a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Exactly,
    AtLeast,
    AtMost,
}

/// «до 1 числа месяца» that limits nothing is monthly.
pub(crate) fn monthly() -> Form {
    again(MONTHLY, None)
}

/// A recurrence of weekdays that stands alone is weekly.
pub(crate) fn weekly() -> Form {
    again(WEEKLY, None)
}
