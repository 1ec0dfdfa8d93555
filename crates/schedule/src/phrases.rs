//! Which days does a phrase name: on, until, from, between?

use crate::draft::{Draft, Form, Gap, Mode};
use crate::piece::{Grain, Piece, SCHOOL_LAST, Years};
use crate::reader::{Read, Reader, Said, YEARS, part_of_year, said_day};
use crate::tokens::Mark;
use crate::words::Word;

/// Most members of a list that shares a month, quarter or year word.
const LIST: usize = 16;

impl Reader<'_> {
    /// Reads a phrase of days into `out`; the token behind it.
    pub(crate) fn dates(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        self.until(at, out).or_else(|| self.since(at, out)).or_else(|| self.plain(at, out))
    }

    /// The token behind «до», «в срок до», «не позднее», «к», «по».
    fn until_prefix(&self, at: usize) -> Option<usize> {
        let inside = match (self.word(at), self.word(at + 1)) {
            (Some(Word::In), Some(Word::Limit)) => at + 2,
            (Some(Word::Limit), _) => at + 1,
            _ => at,
        };
        let inside =
            inside + usize::from(inside > at && matches!(self.mark(inside), Mark::Colon | Mark::Dash));
        match (self.word(inside)?, self.word(inside + 1)) {
            (Word::Until | Word::Towards | Word::Along, _) => Some(inside + 1),
            (Word::Not, Some(Word::Later)) => {
                // «не позднее, чем 1 июня»
                let comma = inside + 2 + usize::from(self.mark(inside + 2) == Mark::Comma);
                Some(if self.is(comma, Word::Joint) { comma + 1 } else { inside + 2 })
            }
            _ => None,
        }
    }

    fn until(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let inside = self.until_prefix(at)?;
        if let Some(next) = self.day_list(inside, Mode::Until, at, out) {
            return Some(next);
        }
        let (said, next) = self.end_point(inside)?;
        // «по 2021 год» alone says no deadline, and «по I полугодию» is no date.
        if self.is(inside - 1, Word::Along) && !matches!(said, Said::Piece(piece) if piece.is_day()) {
            return None;
        }
        let next = next + usize::from(self.is(next, Word::Inclusive));
        out.push(match said {
            Said::Piece(piece) => Draft::dates(Mode::Until, piece, at, next),
            Said::Impossible => Draft::new(Form::Impossible, at, next),
        });
        Some(next)
    }

    /// What «до» and «по» can be followed by: a piece, «01.04», «конца 2021 года», «конца учебного года».
    fn end_point(&self, at: usize) -> Read<Said> {
        if let Some(read) = self.piece(at) {
            return Some(read);
        }
        if let Some((piece, next)) = self.day_dot_month(at, true) {
            return Some((Said::Piece(piece), next));
        }
        if !self.is(at, Word::Ending) {
            return None;
        }
        if let Some((Said::Piece(piece), next)) = self.piece(at + 1).filter(|(said, _)| !is_day(*said)) {
            return Some((Said::Piece(Piece { first: piece.last, ..piece }), next));
        }
        if let Some(next) = self.school_year_word(at + 1) {
            let last = Piece::day(SCHOOL_LAST.month, SCHOOL_LAST.day, Years::Unsaid)?;
            return Some((Said::Piece(last), next));
        }
        let next = self.year_word(at + 1 + usize::from(self.is(at + 1, Word::Plain)))?;
        Some((Said::Piece(Piece::day(12, 31, Years::Unsaid)?), next))
    }

    /// «с 1 по 15 сентября», «с сентября по май», «с 01.09.2021», «в период с …».
    fn since(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let inside = match (self.word(at), self.word(at + 1)) {
            (Some(Word::In | Word::On), Some(Word::Period | Word::Limit)) => at + 2,
            _ => at,
        };
        if !self.is(inside, Word::From) {
            return None;
        }
        let first = inside + 1;
        if let Some(draft) = self.shared_month_range(first, at).or_else(|| self.years_from_to(first, at)) {
            out.push(draft);
            return Some(draft.tokens.1);
        }
        let (start, next) = self
            .piece(first)
            .or_else(|| self.day_dot_month(first, true).map(|(piece, next)| (Said::Piece(piece), next)))?;
        let comma = usize::from(self.mark(next) == Mark::Comma && self.word(next + 1).is_some_and(is_upto));
        let upto = next + comma;
        let till = match self.mark(upto) {
            Mark::Word(word) if is_upto(word) => self.end_point(upto + 1),
            Mark::Dash => self.end_point(upto + 1),
            _ => None,
        };
        let (form, next) = match (start, till) {
            (Said::Piece(start), Some((Said::Piece(end), next))) => {
                (Form::Dates { mode: Mode::Range, start, end }, next)
            }
            (_, Some((_, next))) => (Form::Impossible, next),
            (Said::Piece(start), None) => (Form::Dates { mode: Mode::Since, start, end: start }, next),
            (Said::Impossible, None) => (Form::Impossible, next),
        };
        let next = next + usize::from(self.is(next, Word::Inclusive));
        out.push(Draft::new(form, at, next));
        Some(next)
    }

    /// «1 по 15 сентября 2021», «1 до 15.09.2021»: the first day has no month of its own.
    fn shared_month_range(&self, first: usize, at: usize) -> Option<Draft> {
        let (day, next) = self.day_number(first)?;
        let dash = self.mark(next) == Mark::Dash;
        if !dash && !self.word(next).is_some_and(is_upto) {
            return None;
        }
        let (said, next) = self.numeric_date(next + 1).or_else(|| self.written_day(next + 1))?;
        let next = next + usize::from(self.is(next, Word::Inclusive));
        let form = match said {
            Said::Piece(end) => match said_day(day, u32::try_from(end.first.month).ok()?, end.years) {
                Said::Piece(start) => Form::Dates { mode: Mode::Range, start, end },
                Said::Impossible => Form::Impossible,
            },
            Said::Impossible => Form::Impossible,
        };
        Some(Draft::new(form, at, next))
    }

    /// «2021 по 2024 год»: the first year has no word of its own.
    fn years_from_to(&self, first: usize, at: usize) -> Option<Draft> {
        let start = Piece::year(Years::One(self.bare_year(first)?));
        let joined = self.mark(first + 1) == Mark::Dash || self.word(first + 1).is_some_and(is_upto);
        let (end, next) = self.whole_year(first + 2).filter(|(end, _)| joined && end.grain == Grain::Year)?;
        Some(Draft::new(Form::Dates { mode: Mode::Range, start, end }, at, next))
    }

    /// A phrase without «до» and «с»: a piece, a range by a dash, a list that shares its month, quarter or year.
    fn plain(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let limit = match (self.word(at), self.word(at + 1)) {
            (Some(Word::In), Some(Word::Limit)) => at + 2,
            _ => at,
        };
        let inside = limit + usize::from(matches!(self.word(limit), Some(Word::In | Word::On | Word::For)));
        // «весь 2021 год»
        let inside =
            inside + usize::from(self.is(inside, Word::Whole) && self.whole_year(inside + 1).is_some());
        self.day_list(inside, Mode::At, at, out)
            .or_else(|| self.dash_day_range(inside, at, out))
            .or_else(|| self.part_list(inside, at, out))
            .or_else(|| self.year_list(inside, at, out))
            .or_else(|| self.piece_or_range(inside, at, out))
            .or_else(|| self.lone_number(inside, at, out))
    }

    /// «15–20.03.2021».
    fn dash_day_range(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let (_, next) = self.day_number(inside)?;
        let dash = self.mark(next) == Mark::Dash && self.numeric_date(next + 1).is_some();
        let draft = dash.then(|| self.shared_month_range(inside, at)).flatten()?;
        out.push(Draft { plain: true, ..draft });
        Some(draft.tokens.1)
    }

    fn piece_or_range(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        if let Some(((start, end), next)) = self.parts_of_month(inside) {
            if self.is(inside + 1, Word::And) {
                out.push(Draft { plain: true, ..Draft::dates(Mode::At, start, at, inside + 1) });
                let second = Draft::dates(Mode::At, end, inside + 2, next);
                out.push(Draft { gap: Gap::And, plain: true, ..second });
                return Some(next);
            }
            let form = Form::Dates { mode: Mode::Range, start, end };
            out.push(Draft { plain: true, ..Draft::new(form, at, next) });
            return Some(next);
        }
        let short = self.day_dot_month(inside, false);
        let (start, next) =
            self.piece(inside).or_else(|| short.map(|(piece, next)| (Said::Piece(piece), next)))?;
        if let Some((end, behind)) = self.range_end(next, start) {
            let form = match (start, end) {
                (Said::Piece(start), Said::Piece(end)) => Form::Dates { mode: Mode::Range, start, end },
                _ => Form::Impossible,
            };
            out.push(Draft { plain: true, ..Draft::new(form, at, behind) });
            return Some(behind);
        }
        // A bare «01.04» needs a neighbour that says it is a day.
        if short.is_some() && self.piece(inside).is_none() && !self.alone(inside, next) {
            return None;
        }
        out.push(match start {
            Said::Piece(piece) => Draft { plain: true, ..Draft::dates(Mode::At, piece, at, next) },
            Said::Impossible => Draft::new(Form::Impossible, at, next),
        });
        Some(next)
    }

    /// «– май 2022» behind the first piece of a range.
    fn range_end(&self, at: usize, start: Said) -> Read<Said> {
        if self.mark(at) != Mark::Dash {
            return None;
        }
        let begins = at + 1 + usize::from(self.is(at + 1, Word::Along));
        let (end, next) = self
            .piece(begins)
            .or_else(|| self.day_dot_month(begins, false).map(|(piece, next)| (Said::Piece(piece), next)))?;
        // «март 2021 – 15 апреля» is fine; «2021 год – март» names a month of that year, not a range.
        let year_then_part = matches!((start, end), (Said::Piece(a), Said::Piece(b))
            if a.grain == Grain::Year && b.grain != Grain::Year && b.years == Years::Unsaid);
        (!year_then_part).then_some((end, next))
    }

    /// «15 и 20 марта 2021», «1-15 сентября», «5, 12 и 19 марта»: two or more day numbers and one month.
    fn day_list(&self, inside: usize, mode: Mode, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let mut days = [(0_u32, Gap::Nothing, 0_usize); LIST];
        let mut count = 0;
        let mut cursor = inside;
        let mut gap = Gap::Nothing;
        let month_at = loop {
            let (day, next) = self.day_number(cursor)?;
            *days.get_mut(count)? = (day, gap, cursor);
            count += 1;
            if self.month(next).is_some() {
                break next;
            }
            gap = match self.mark(next) {
                Mark::Comma => Gap::Comma,
                Mark::Word(Word::And) => Gap::And,
                // A range is kept as «no gap»: it joins its neighbours.
                Mark::Dash => Gap::Nothing,
                _ => return None,
            };
            cursor = next + 1;
        };
        if count < 2 {
            return None;
        }
        let (month, next) = self.month(month_at)?;
        let (years, next) = self.year_or_none(next);
        let next = next + usize::from(self.is(next, Word::Inclusive));
        let month = u32::try_from(month).ok()?;
        self.push_days(days.get(..count)?, month, years, mode, at, next, out);
        Some(next)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one phrase, all of them needed")]
    fn push_days(
        &self,
        days: &[(u32, Gap, usize)],
        month: u32,
        years: Years,
        mode: Mode,
        at: usize,
        next: usize,
        out: &mut Vec<Draft>,
    ) {
        let mut index = 0;
        while let Some(&(day, gap, cursor)) = days.get(index) {
            let from = if index == 0 { at } else { cursor };
            let start = said_day(day, month, years);
            let partner = days.get(index + 1).filter(|(_, gap, _)| *gap == Gap::Nothing);
            let form = match (start, partner.map(|(day, ..)| said_day(*day, month, years))) {
                (Said::Piece(start), Some(Said::Piece(end))) => match mode {
                    Mode::Until => Form::Dates { mode, start: end, end },
                    _ => Form::Dates { mode: Mode::Range, start, end },
                },
                (Said::Piece(start), None) => Form::Dates { mode, start, end: start },
                _ => Form::Impossible,
            };
            index += 1 + usize::from(partner.is_some());
            let to = days.get(index).map_or(next, |(.., cursor)| cursor - 1);
            let plain = mode == Mode::At;
            out.push(Draft { gap, plain, ..Draft::new(form, from, to) });
        }
    }

    /// «1-2 квартал», «I, III кварталы 2021», «1 и 2 полугодие».
    fn part_list(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let mut numbers = [(0_u16, Gap::Nothing, 0_usize); 4];
        let (mut count, mut cursor, mut gap) = (0, inside, Gap::Nothing);
        let (is_quarter, next) = loop {
            let (number, next) = self.ordinal(cursor)?;
            *numbers.get_mut(count)? = (number, gap, cursor);
            count += 1;
            if let Some(read) = self.part_of_year_word(next) {
                break read;
            }
            gap = match self.mark(next) {
                Mark::Comma => Gap::Comma,
                Mark::Word(Word::And) => Gap::And,
                Mark::Dash => Gap::Nothing,
                _ => return None,
            };
            cursor = next + 1;
        };
        let (years, next) = self.year_or_none(next);
        let numbers = numbers.get(..count).filter(|numbers| numbers.len() > 1)?;
        let before = out.len();
        let mut index = 0;
        while let Some(&(number, gap, cursor)) = numbers.get(index) {
            let from = if index == 0 { at } else { cursor };
            let partner = numbers.get(index + 1).filter(|(_, gap, _)| *gap == Gap::Nothing);
            let start = part_of_year(number, is_quarter, years);
            let end = partner.map_or(start, |(number, ..)| part_of_year(*number, is_quarter, years));
            let (Some(start), Some(end)) = (start, end) else {
                out.truncate(before);
                return None;
            };
            index += 1 + usize::from(partner.is_some());
            let to = numbers.get(index).map_or(next, |(.., cursor)| cursor - 1);
            let mode = if partner.is_some() { Mode::Range } else { Mode::At };
            out.push(Draft { gap, plain: true, ..Draft::new(Form::Dates { mode, start, end }, from, to) });
        }
        Some(next)
    }

    /// «2022–2024 гг.», «2022, 2023 и 2024 годы».
    fn year_list(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        if let Some((Years::Span(first, last), next)) = self.year(inside) {
            let (start, end) = (Piece::year(Years::One(first)), Piece::year(Years::One(last)));
            let form = Form::Dates { mode: Mode::Range, start, end };
            out.push(Draft { plain: true, ..Draft::new(form, at, next) });
            return Some(next);
        }
        if let Some(next) = self.school_year_list(inside, at, out) {
            return Some(next);
        }
        let before = out.len();
        let mut cursor = inside;
        let mut gap = Gap::Nothing;
        for _ in 0..LIST {
            let Some(year) = self.bare_year(cursor) else { break };
            let from = if out.len() == before { at } else { cursor };
            let piece = Piece::year(Years::One(year));
            let draft = Draft::dates(Mode::At, piece, from, cursor + 1);
            out.push(Draft { gap, plain: true, ..draft });
            if let Some(next) = self.year_word(cursor + 1) {
                if out.len() < before + 2 {
                    break;
                }
                if let Some(last) = out.last_mut() {
                    last.tokens.1 = next;
                }
                return Some(next);
            }
            gap = match self.mark(cursor + 1) {
                Mark::Comma => Gap::Comma,
                Mark::Word(Word::And) => Gap::And,
                _ => break,
            };
            cursor += 2;
        }
        out.truncate(before);
        None
    }

    /// «2020-2021, 2021-2022 учебные годы».
    fn school_year_list(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let before = out.len();
        let (mut cursor, mut gap) = (inside, Gap::Nothing);
        for _ in 0..LIST {
            let Some(((first, _), next)) = self.year_pair(cursor) else { break };
            let from = if out.len() == before { at } else { cursor };
            let piece = Piece::year(Years::School(first));
            out.push(Draft { gap, plain: true, ..Draft::dates(Mode::At, piece, from, next) });
            if let (Some(behind), true) = (self.school_year_word(next), out.len() > before + 1) {
                if let Some(last) = out.last_mut() {
                    last.tokens.1 = behind;
                }
                return Some(behind);
            }
            gap = match self.mark(next) {
                Mark::Comma => Gap::Comma,
                Mark::Word(Word::And) => Gap::And,
                _ => break,
            };
            cursor = next + 1;
        }
        out.truncate(before);
        None
    }

    fn bare_year(&self, at: usize) -> Option<i16> {
        match self.mark(at) {
            Mark::Number { value, digits: 4, ordinal: false } if YEARS.contains(&value) => {
                i16::try_from(value).ok()
            }
            _ => None,
        }
    }

    /// «2021» or «2021–2024» where nothing else stands between the marks around it.
    fn lone_number(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let start = self.bare_year(inside)?;
        let end = (self.mark(inside + 1) == Mark::Dash).then(|| self.bare_year(inside + 2)).flatten();
        let next = inside + if end.is_some() { 3 } else { 1 };
        if !self.alone(at, next) {
            return None;
        }
        let first = Piece::year(Years::One(start));
        let last = Piece::year(Years::One(end.unwrap_or(start)));
        let mode = if end.is_some() { Mode::Range } else { Mode::At };
        let form = Form::Dates { mode, start: first, end: last };
        out.push(Draft { plain: true, ..Draft::new(form, at, next) });
        Some(next)
    }

    /// Do separators or the ends of the text stand on both sides of tokens `from..to`?
    pub(crate) fn alone(&self, from: usize, to: usize) -> bool {
        let before = from.checked_sub(1).is_none_or(|at| is_border(self.mark(at)) || self.is(at, Word::And));
        before && (is_border(self.mark(to)) || self.is(to, Word::And))
    }
}

fn is_day(said: Said) -> bool {
    matches!(said, Said::Piece(piece) if piece.is_day()) || said == Said::Impossible
}

fn is_upto(word: Word) -> bool {
    matches!(word, Word::Along | Word::Until)
}

fn is_border(mark: Mark) -> bool {
    matches!(
        mark,
        Mark::End | Mark::Comma | Mark::Semicolon | Mark::Dot | Mark::Open | Mark::Close | Mark::Colon
    )
}
