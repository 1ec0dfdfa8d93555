//! How often, in the words of the text?

use crate::draft::{Draft, Form};
use crate::model::{Every, Times, Unit};
use crate::reader::{Read, Reader};
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
        Word::Yearly => (1, Unit::Year),
        _ => return None,
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
        let inside = inside + usize::from(self.is(inside, Word::Each));
        let ((every, every_max), next) = self.length(inside)?;
        Some(Draft::new(Form::Again { every, every_max, times: Some(times), within: None }, at, next))
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
        let (least, next) = self.count(at).unwrap_or((1, at));
        let (most, next) = match self.mark(next) {
            Mark::Dash if next > at => self.count(next + 1)?,
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
            _ => at,
        };
        self.number(number).filter(|day| (1..=31).contains(day))?;
        // «20-25 числа»
        let range = self.mark(number + 1) == Mark::Dash && self.number(number + 2).is_some();
        let number = if range { number + 2 } else { number };
        let ordinal = matches!(self.mark(number), Mark::Number { ordinal: true, .. });
        let mut limit = number + 1;
        if self.is(limit, Word::DayNumber) {
            limit += 1;
        } else if !ordinal || !self.is(limit, Word::Each) {
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
