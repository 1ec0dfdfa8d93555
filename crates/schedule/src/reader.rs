//! Which calendar phrase begins at this token?

use crate::model::MonthDay;
use crate::piece::{Grain, Piece, Years};
use crate::tokens::{Mark, Token};
use crate::words::Word;

/// Years the grammar takes a four-figure number for.
pub(crate) const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Tokens and the phrases that can begin at each. Every method looks a bounded number of tokens ahead.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
}

/// A phrase and the token behind it.
pub(crate) type Read<T> = Option<(T, usize)>;

/// A numeric or written date that no calendar has, or a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Piece(Piece),
    Impossible,
}

impl<'a> Reader<'a> {
    pub(crate) fn mark(&self, at: usize) -> Mark {
        self.tokens.get(at).map_or(Mark::End, |token| token.mark)
    }

    pub(crate) fn word(&self, at: usize) -> Option<Word> {
        match self.mark(at) {
            Mark::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn is(&self, at: usize, word: Word) -> bool {
        self.word(at) == Some(word)
    }

    pub(crate) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    /// The text of tokens `from..to`, verbatim.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        let start = self.tokens.get(from).map_or(self.text.len(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// A plain number.
    pub(crate) fn number(&self, at: usize) -> Option<u32> {
        match self.mark(at) {
            Mark::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    fn digits(&self, at: usize) -> u8 {
        match self.mark(at) {
            Mark::Number { digits, .. } => digits,
            _ => 0,
        }
    }

    /// A year number of four figures, or of two where `short` allows it.
    fn year_number(&self, at: usize, short: bool) -> Option<i16> {
        let value = self.number(at)?;
        let year = match self.digits(at) {
            4 if YEARS.contains(&value) => value,
            2 if short => 2000 + value,
            _ => return None,
        };
        i16::try_from(year).ok()
    }

    /// «года», «г.», «гг», and the full stop of the abbreviation; the token behind.
    pub(crate) fn year_word(&self, at: usize) -> Option<usize> {
        if !self.is(at, Word::Year) {
            return None;
        }
        let abbreviated = self.tokens.get(at).is_some_and(|token| token.end - token.start <= 4);
        let mut next = at + 1;
        if abbreviated && self.mark(next) == Mark::Dot {
            next += 1;
        }
        // «г.г.»
        if abbreviated && next == at + 2 && self.glued(next) && self.is(next, Word::Year) {
            next += 1 + usize::from(self.mark(next + 1) == Mark::Dot);
        }
        Some(next)
    }

    /// «учебного года», «уч. г.», «уч.года»; the token behind.
    pub(crate) fn school_year_word(&self, at: usize) -> Option<usize> {
        let mark = self.mark(at + 1);
        let next = match self.word(at)? {
            Word::School => at + 1 + usize::from(matches!(mark, Mark::Dot | Mark::Slash)),
            // «у.г.», «у/г»
            Word::SchoolShort if matches!(mark, Mark::Dot | Mark::Slash) => at + 2,
            _ => return None,
        };
        self.year_word(next)
    }

    /// A year after a month, quarter or half-year: «2021», «2021 г.», «21 г.», «2021-2022 учебного года», «2021–2022 гг.».
    pub(crate) fn year(&self, at: usize) -> Read<Years> {
        // «учебный год 2021/2022»
        if let Some(next) = self.school_year_word(at) {
            let ((first, _), behind) = self.year_pair(next).or_else(|| self.short_year_pair(next))?;
            return Some((Years::School(first), behind));
        }
        // «24/25 уч. год»
        if let Some(((first, _), next)) = self.short_year_pair(at) {
            return self.school_year_word(next).map(|behind| (Years::School(first), behind));
        }
        if let Some(((first, last), next)) = self.year_pair(at) {
            if let Some(behind) = self.school_year_word(next) {
                return (last == first + 1).then_some((Years::School(first), behind));
            }
            let slash = self.mark(at + 1) == Mark::Slash;
            if let Some(behind) = self.year_word(next) {
                return (last > first).then_some((Years::Span(first, last), behind));
            }
            if slash && last == first + 1 {
                return Some((Years::School(first), next));
            }
        }
        if let Some(year) = self.year_number(at, false) {
            let next = at + 1;
            // «2021 календарного года»
            if let Some(behind) = self.is(next, Word::Plain).then(|| self.year_word(next + 1)).flatten() {
                return Some((Years::One(year), behind));
            }
            return Some((Years::One(year), self.year_word(next).unwrap_or(next)));
        }
        let year = self.year_number(at, true)?;
        self.year_word(at + 1).map(|next| (Years::One(year), next))
    }

    /// «2021-2022», «2021/22».
    pub(crate) fn year_pair(&self, at: usize) -> Read<(i16, i16)> {
        let first = self.year_number(at, false)?;
        // «2021 г. – 2022 г.» is a range of years, read elsewhere.
        if !matches!(self.mark(at + 1), Mark::Dash | Mark::Slash) {
            return None;
        }
        let last = match self.digits(at + 2) {
            4 => self.year_number(at + 2, false)?,
            2 => first - first % 100 + i16::try_from(self.number(at + 2)?).ok()?,
            _ => return None,
        };
        Some(((first, last), at + 3))
    }

    /// «24/25», «24-25»: two years in a row, which only the words «учебный год» beside them make years.
    fn short_year_pair(&self, at: usize) -> Read<(i16, i16)> {
        let joined = matches!(self.mark(at + 1), Mark::Dash | Mark::Slash);
        let figures = self.digits(at) == 2 && self.digits(at + 2) == 2;
        if !joined || !figures {
            return None;
        }
        let (first, last) = (self.year_number(at, true)?, self.year_number(at + 2, true)?);
        (last == first + 1).then_some(((first, last), at + 3))
    }

    /// A month by name, over the full stop of its abbreviation and the word «месяц».
    pub(crate) fn month(&self, at: usize) -> Read<i8> {
        let (month, mut next) = match self.word(at)? {
            Word::Month(month) => (month, at + 1),
            Word::MonthShort(month) => (month, at + 1 + usize::from(self.mark(at + 1) == Mark::Dot)),
            _ => return None,
        };
        next += usize::from(self.is(next, Word::MonthUnit));
        Some((month, next))
    }

    /// A number from 1 on by figure, Roman figure or ordinal word.
    pub(crate) fn ordinal(&self, at: usize) -> Read<u16> {
        match self.mark(at) {
            Mark::Number { value, .. } => u16::try_from(value).ok().map(|value| (value, at + 1)),
            Mark::Roman(value) | Mark::Word(Word::Ordinal(value)) => Some((value, at + 1)),
            _ => None,
        }
    }

    /// A date in figures: «01.04.2021», «01.04.21», «01/04/2021», «2021-04-01».
    pub(crate) fn numeric_date(&self, at: usize) -> Read<Said> {
        let separator = self.mark(at + 1);
        if !matches!(separator, Mark::Dot | Mark::Slash | Mark::Dash | Mark::Comma)
            || self.mark(at + 3) != separator
        {
            return None;
        }
        // A figure that continues another is no date: «1.2.3.2021»; «03.04.2025/10.04.2025» are two dates.
        let preceded = at > 0
            && self.glued(at)
            && match self.mark(at - 1) {
                Mark::Dot | Mark::Number { .. } => true,
                Mark::Slash => separator != Mark::Dot || !self.date_before_slash(at - 1),
                _ => false,
            };
        let continued = self.glued(at + 5)
            && self.mark(at + 5) == separator
            && self.number(at + 6).is_some()
            && self.glued(at + 6);
        if preceded || continued {
            return None;
        }
        let (a, b, c) = (self.number(at)?, self.number(at + 2)?, self.number(at + 4)?);
        let figures = (self.digits(at), self.digits(at + 2), self.digits(at + 4));
        let tight = (at + 1..=at + 4).all(|place| self.glued(place));
        let (day, month, year) = match figures {
            // «01,04,2021» is a scan of full stops; «1, 4, 2021» a list.
            (2, 2, 4) if separator == Mark::Comma && tight && YEARS.contains(&c) => (a, b, c),
            _ if separator == Mark::Comma => return None,
            (1 | 2, 1 | 2, 4) if YEARS.contains(&c) && (tight || separator == Mark::Dot) => (a, b, c),
            (2, 2, 2) if tight && separator != Mark::Dash => (a, b, 2000 + c),
            (1, 2, 2) if tight && separator == Mark::Dot => (a, b, 2000 + c),
            (4, 2, 2) if tight && YEARS.contains(&a) => (c, b, a),
            _ => return None,
        };
        let next = self.year_word(at + 5).unwrap_or(at + 5);
        Some((said_day(day, month, Years::One(i16::try_from(year).ok()?)), next))
    }

    /// Does a date in figures end before this slash, be it without its year?
    fn date_before_slash(&self, slash: usize) -> bool {
        let number = slash.checked_sub(1).is_some_and(|at| self.number(at).is_some());
        number && slash.checked_sub(2).is_some_and(|at| self.mark(at) == Mark::Dot && self.glued(at))
    }

    /// «01.04» where its surroundings say that it is a day. The day has two figures unless `after_word`, a
    /// preposition, rules out that it is the number of a section.
    pub(crate) fn day_dot_month(&self, at: usize, after_word: bool) -> Read<Said> {
        let day_digits = self.digits(at);
        let continued = at > 0 && self.glued(at) && self.mark(at - 1) == Mark::Dot;
        let shape = (day_digits == 2 || (day_digits == 1 && after_word))
            && !continued
            && self.mark(at + 1) == Mark::Dot
            && self.digits(at + 2) == 2
            && self.glued(at + 1)
            && self.glued(at + 2);
        let longer = self.mark(at + 3) == Mark::Dot && self.glued(at + 4) && self.number(at + 4).is_some();
        if !shape || longer {
            return None;
        }
        let (day, month) = (i8::try_from(self.number(at)?).ok()?, i8::try_from(self.number(at + 2)?).ok()?);
        // «15.03. – 20.03.2021», «с 15.03. по 20.03.2021», «до 01.06. ежегодно»
        let joined = matches!(
            self.mark(at + 4),
            Mark::Dash | Mark::Comma | Mark::Word(Word::Along | Word::Until | Word::Yearly)
        );
        let next = at + 3 + usize::from(self.mark(at + 3) == Mark::Dot && joined);
        if let Some(piece) = Piece::day(month, day, Years::Unsaid) {
            return Some((Said::Piece(piece), next));
        }
        // «до 31.09» means a day that September lacks; «до 45.12» may mean anything.
        let lacks = after_word && (1..=12).contains(&month) && (1..=31).contains(&day);
        lacks.then_some((Said::Impossible, next))
    }

    /// A day number, also in quotation marks: «29», «29-го», «« 29 »».
    pub(crate) fn day_number(&self, at: usize) -> Read<u32> {
        let quoted = usize::from(self.mark(at) == Mark::Quote);
        let Mark::Number { value, digits: 1..=2, .. } = self.mark(at + quoted) else { return None };
        let next = at + quoted + 1;
        let closed = usize::from(quoted == 1 && self.mark(next) == Mark::Quote);
        let next = next + closed;
        // «15 (пятнадцатого) октября»
        let next = self.spelled_day(next, value).unwrap_or(next);
        (quoted == closed).then_some((value, next))
    }

    /// The token behind «(пятнадцатого)», «(двадцать пятого)», where it says the number before it.
    fn spelled_day(&self, at: usize, value: u32) -> Option<usize> {
        let tens = match self.word(at + 1)? {
            Word::Cardinal(tens @ (20 | 30)) => tens,
            _ => 0,
        };
        let unit = at + 1 + usize::from(tens > 0);
        let Word::Ordinal(number) = self.word(unit)? else { return None };
        let same = u32::from(tens + number) == value;
        (same && self.mark(at) == Mark::Open && self.mark(unit + 1) == Mark::Close).then_some(unit + 2)
    }

    /// «1 апреля» with its year where it follows.
    pub(crate) fn written_day(&self, at: usize) -> Read<Said> {
        let (day, next) = self.day_number(at)?;
        let next = next + usize::from(self.is(next, Word::DayNumber));
        let (month, next) = self.month(next)?;
        let (years, next) = self.year_or_none(next);
        Some((said_day(day, u32::try_from(month).ok()?, years), next))
    }

    /// The year at `at`, or none and `at`.
    pub(crate) fn year_or_none(&self, at: usize) -> (Years, usize) {
        // «до 1 декабря 2024-2026» needs no word «годы»; «май 2024-2025» may name a school year.
        if let Some(((first, last), next)) = self.year_pair(at)
            && last > first + 1
            && self.mark(at + 1) == Mark::Dash
            && self.digits(at + 2) == 4
            && self.word(next).is_none_or(|word| !matches!(word, Word::Year | Word::School))
        {
            return (Years::Span(first, last), next);
        }
        self.year(at).unwrap_or((Years::Unsaid, at))
    }

    /// A piece of the calendar with its year where it follows; no bare day number, no bare year number.
    pub(crate) fn piece(&self, at: usize) -> Read<Said> {
        if let Some(read) = self.numeric_date(at).or_else(|| self.written_day(at)) {
            return Some(read);
        }
        if let Some(read) = self.numeric_month(at) {
            return Some(read);
        }
        let (piece, next) = self
            .month_piece(at)
            .or_else(|| self.part_of_month(at))
            .or_else(|| self.week_of_month(at))
            .or_else(|| self.part_of_year(at))
            .or_else(|| self.season(at))
            .or_else(|| self.whole_year(at))?;
        Some((Said::Piece(piece), next))
    }

    /// «09», «IX»: a month as «09.2024» and «IX.2024» have it.
    pub(crate) fn month_figure(&self, at: usize) -> Option<u32> {
        match self.mark(at) {
            Mark::Number { value, digits: 2, ordinal: false } => Some(value),
            Mark::Roman(value) => Some(u32::from(value)),
            _ => None,
        }
    }

    /// «09.2024», «09/2024», «IX.2024»: a month in figures, two of them, or Roman, glued to its year.
    pub(crate) fn numeric_month(&self, at: usize) -> Read<Said> {
        // «15-12.2024» is no month with a figure beside it.
        let joined = at >= 2 && self.glued(at) && self.mark(at - 1) == Mark::Dash && self.glued(at - 1);
        let tail = joined && matches!(self.digits(at - 2), 1 | 2);
        self.month_and_year(at).filter(|_| !tail)
    }

    /// As [`Self::numeric_month`], whatever stands before it.
    pub(crate) fn month_and_year(&self, at: usize) -> Read<Said> {
        let (month, year) = (self.month_figure(at)?, self.number(at + 2)?);
        let shape = self.digits(at + 2) == 4 && matches!(self.mark(at + 1), Mark::Dot | Mark::Slash);
        let tight = self.glued(at + 1) && self.glued(at + 2);
        let tail = at > 0 && self.glued(at) && matches!(self.mark(at - 1), Mark::Dot | Mark::Slash);
        if !shape || !tight || tail || !YEARS.contains(&year) {
            return None;
        }
        let next = self.year_word(at + 3).unwrap_or(at + 3);
        let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month));
        let Some(month) = month else { return Some((Said::Impossible, next)) };
        let years = Years::One(i16::try_from(year).ok()?);
        Some((Said::Piece(Piece::month(month).with_years(years)), next))
    }

    fn month_piece(&self, at: usize) -> Read<Piece> {
        let (month, next) = self.month(at)?;
        // «октябрь.2023», «октябрь-2023»: a stop or dash glued to both is only a separator.
        let glued_stop = (self.mark(next) == Mark::Dot
            || (self.mark(next) == Mark::Dash && self.mark(next + 2) != Mark::Dash))
            && self.glued(next)
            && self.glued(next + 1)
            && self.digits(next + 1) == 4;
        let (years, next) = self.year_or_none(next + usize::from(glued_stop));
        Some((Piece::month(month).with_years(years), next))
    }

    /// «1 декада марта», «первая половина мая», «начало мая», «конец мая 2021», «до конца 2021 года».
    pub(crate) fn part_of_month(&self, at: usize) -> Read<Piece> {
        let (days, next) = self.days_of_part(at)?;
        if let Some((month, next)) = self.month(next) {
            let (years, next) = self.year_or_none(next);
            let piece = Piece::part_of_month(month, days.0, days.1).with_years(years);
            // Decades and halves have their days; a beginning, a middle and an end only have usual ones.
            let assumed = matches!(self.word(at), Some(Word::Beginning | Word::Middle | Word::Ending));
            return Some((Piece { assumed, ..piece }, next));
        }
        None
    }

    fn days_of_part(&self, at: usize) -> Read<(i8, i8)> {
        let days = match self.word(at) {
            Some(Word::Beginning) => Some((1, 10)),
            Some(Word::Middle) => Some((11, 20)),
            Some(Word::Ending) => Some((21, 31)),
            _ => None,
        };
        if let Some(days) = days {
            return Some((days, at + 1));
        }
        let (number, next) = match self.word(at) {
            Some(Word::Last) => (u16::MAX, at + 1),
            _ => self.ordinal(at)?,
        };
        let days = match (self.word(next)?, number) {
            (Word::TenDays, 1) => (1, 10),
            (Word::TenDays, 2) => (11, 20),
            (Word::TenDays, 3 | u16::MAX) => (21, 31),
            (Word::Half, 1) => (1, 15),
            (Word::Half, 2) => (16, 31),
            _ => return None,
        };
        Some((days, next + 1))
    }

    /// «1-я неделя сентября»: days 1–7, 8–14, 15–21, 22–28; the last one is the last seven days.
    pub(crate) fn week_of_month(&self, at: usize) -> Read<Piece> {
        let (number, next) = match self.word(at) {
            Some(Word::Last) => (5, at + 1),
            _ => self.ordinal(at)?,
        };
        if !self.is(next, Word::Week) || !(1..=5).contains(&number) {
            return None;
        }
        let (month, next) = self.month(next + 1)?;
        let (years, next) = self.year_or_none(next);
        let end = crate::piece::longest(month);
        let (first, last) = match i8::try_from(number) {
            Ok(week @ 1..=4) => (week * 7 - 6, week * 7),
            // February of an unknown year has 28 days for this purpose.
            _ if month == 2 => (22, 29),
            _ => (end - 6, end),
        };
        let piece = Piece::part_of_month(month, first, last).with_years(years);
        Some((Piece { assumed: true, ..piece }, next))
    }

    /// «I квартал 2021», «первое полугодие 2022», «1 полугодие 2021-2022 учебного года».
    fn part_of_year(&self, at: usize) -> Read<Piece> {
        let (number, next) = self.ordinal(at)?;
        let (is_quarter, next) = self.part_of_year_word(next)?;
        // «2-е полугодие учебного года»
        if let (None, Some(behind)) = (self.year(next), self.school_year_word(next)) {
            let number =
                u8::try_from(number).ok().filter(|number| !is_quarter && (1..=2).contains(number))?;
            return Some((Piece::school_half(number), behind));
        }
        let (years, next) = self.year_of_part(next, is_quarter);
        Some((part_of_year(number, is_quarter, years)?, next))
    }

    /// The year of a quarter or half-year: «1 полугодие 2024-2025» needs no words, a half of two years is one of a
    /// school year.
    pub(crate) fn year_of_part(&self, at: usize, is_quarter: bool) -> (Years, usize) {
        let said = self.year_or_none(at);
        match self.year_pair(at) {
            Some(((first, last), next))
                if !is_quarter && last == first + 1 && self.digits(at + 2) == 4 && said.1 <= next =>
            {
                (Years::School(first), next)
            }
            _ => said,
        }
    }

    /// «квартал», «кв.», «полугодие»: is it a quarter, and the token behind.
    pub(crate) fn part_of_year_word(&self, at: usize) -> Read<bool> {
        match self.word(at)? {
            Word::Quarter => {
                let short = self.tokens.get(at).is_some_and(|token| token.end - token.start <= 4);
                Some((true, at + 1 + usize::from(short && self.mark(at + 1) == Mark::Dot)))
            }
            Word::HalfYear => {
                // «полуг.», «пол.»
                let short = self.tokens.get(at).is_some_and(|token| token.end - token.start <= 10);
                Some((false, at + 1 + usize::from(short && self.mark(at + 1) == Mark::Dot)))
            }
            // «п/г»
            Word::HalfShort if self.mark(at + 1) == Mark::Slash => Some((false, self.year_word(at + 2)?)),
            _ => None,
        }
    }

    fn season(&self, at: usize) -> Read<Piece> {
        let Some(Word::Season(number)) = self.word(at) else { return None };
        let (years, next) = match self.year_pair(at + 1) {
            // «зима 2021–2022»: one winter over New Year, as in a school year.
            Some(((first, last), next)) if number == 4 && last == first + 1 => {
                (Years::School(first), self.year_word(next).unwrap_or(next))
            }
            _ => self.year_or_none(at + 1),
        };
        let piece = Piece::season(number).with_years(years);
        // «зима 2021» may begin or end in that year.
        let ambiguous = piece.wraps() && matches!(years, Years::One(_));
        (!ambiguous).then_some((piece, next))
    }

    /// «2021 год», «2021-2022 учебный год», «2021/2022», «учебный год 2021/2022»; the word «год» must stand there.
    pub(crate) fn whole_year(&self, at: usize) -> Read<Piece> {
        let (years, next) = self.year(at)?;
        let said = match years {
            Years::One(_) => next > at + 1,
            Years::School(_) => true,
            Years::Unsaid | Years::Span(..) => false,
        };
        said.then(|| (Piece::year(years), next))
    }
}

/// A quarter 1–4 or a half-year 1–2.
pub(crate) fn part_of_year(number: u16, is_quarter: bool, years: Years) -> Option<Piece> {
    match (is_quarter, number) {
        // A school year has no quarters of the calendar.
        (true, 1..=4) if !matches!(years, Years::School(_)) => {
            i8::try_from(number).ok().map(|number| Piece::quarter(number, years))
        }
        (false, 1 | 2) => u8::try_from(number).ok().map(|number| Piece::half_year(number, years)),
        _ => None,
    }
}

/// A day with a year must exist in it.
pub(crate) fn said_day(day: u32, month: u32, years: Years) -> Said {
    let (Ok(day), Ok(month)) = (i8::try_from(day), i8::try_from(month)) else { return Said::Impossible };
    let Some(piece) = Piece::day(month, day, years) else { return Said::Impossible };
    let exists = piece
        .years_of_ends()
        .is_none_or(|(year, _)| crate::piece::date(year, MonthDay { month, day }, false).is_some());
    if exists { Said::Piece(piece) } else { Said::Impossible }
}

impl Piece {
    /// Is it a day?
    pub(crate) fn is_day(&self) -> bool {
        self.grain == Grain::Day
    }
}
