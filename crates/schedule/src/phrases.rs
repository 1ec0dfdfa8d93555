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
        self.hours_of_day(at, out)
            .or_else(|| self.until(at, out))
            .or_else(|| self.since(at, out))
            .or_else(|| self.plain(at, out))
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
        let prefix = self.until_prefix(at)?;
        let inside = self.clock_time(prefix).unwrap_or(prefix);
        if let Some(next) = self.day_list(inside, Mode::Until, at, out) {
            return Some(next);
        }
        let before = matches!(self.word(prefix - 1), Some(Word::Until | Word::Towards));
        let (said, next) = self.end_point(inside, before)?;
        // «до 18.00 10.09.2024» keeps its hour as what limits it.
        let stop = usize::from(inside > prefix && self.mark(inside - 1) == Mark::Dot);
        let scope = (inside > prefix).then_some((prefix, inside - stop));
        // «по 2021 год» alone says no deadline, and «по I полугодию» is no date.
        if self.is(prefix - 1, Word::Along) && !matches!(said, Said::Piece(piece) if piece.is_day()) {
            return None;
        }
        let inclusive = self.is(next, Word::Inclusive);
        let next = next + usize::from(inclusive);
        out.push(match said {
            // «к лету», «до 2025/2026 учебного года»: to read up to their end would be a year off.
            Said::Piece(piece) if before && !inclusive && self.is_vague(inside, piece) => {
                Draft::new(Form::Condition, at, next)
            }
            Said::Piece(piece) if inclusive => {
                Draft { scope, ..Draft::dates(Mode::Until, Piece { assumed: false, ..piece }, at, next) }
            }
            Said::Piece(piece) => Draft { scope, ..Draft::dates(Mode::Until, piece, at, next) },
            Said::Impossible => Draft::new(Form::Impossible, at, next),
        });
        Some(next)
    }

    /// Does «до» before it most likely mean its beginning, long before its end?
    fn is_vague(&self, at: usize, piece: Piece) -> bool {
        let season = matches!(self.word(at), Some(Word::Season(_)));
        season || (piece.grain == Grain::SchoolYear && !self.is(at, Word::Ending))
    }

    /// What «до» and «по» can be followed by: a piece, «01.04», «конца 2021 года», «конца учебного года».
    /// `before` tells «до мая», which is read up to the end of May and may mean its beginning, from «по май».
    fn end_point(&self, at: usize, before: bool) -> Read<Said> {
        if let Some(read) = self.edge_of_month(at) {
            return Some(read);
        }
        if let Some((said, next)) = self.piece(at) {
            let Said::Piece(piece) = said else { return Some((said, next)) };
            let assumed = match self.word(at) {
                Some(Word::Ending) => false,
                _ => piece.assumed || (before && !piece.is_day()),
            };
            return Some((Said::Piece(Piece { assumed, ..piece }), next));
        }
        if let Some(read) = self.day_dot_month(at, true) {
            return Some(read);
        }
        if !self.is(at, Word::Ending) {
            return None;
        }
        if let Some((Said::Piece(piece), next)) = self.piece(at + 1).filter(|(said, _)| !is_day(*said)) {
            return Some((Said::Piece(Piece { first: piece.last, ..piece }), next));
        }
        if let Some(next) = self.school_year_word(at + 1 + usize::from(self.is(at + 1, Word::Plain))) {
            let last = Piece::day(SCHOOL_LAST.month, SCHOOL_LAST.day, Years::Unsaid)?;
            return Some((Said::Piece(Piece { assumed: true, ..last }), next));
        }
        let next = self.year_word(at + 1 + usize::from(self.is(at + 1, Word::Plain)))?;
        Some((Said::Piece(Piece::day(12, 31, Years::Unsaid)?), next))
    }

    /// «начала октября» is its first day and «середины октября» its 15th, for what is due by then.
    fn edge_of_month(&self, at: usize) -> Read<Said> {
        let day = match self.word(at)? {
            Word::Beginning => 1,
            Word::Middle => 15,
            _ => return None,
        };
        let (Said::Piece(month), next) = self.piece(at + 1)? else { return None };
        let piece =
            Piece::day(month.first.month, day, month.years).filter(|_| month.grain == Grain::Month)?;
        Some((Said::Piece(Piece { assumed: true, ..piece }), next))
    }

    /// «с 1 по 15 сентября», «с сентября по май», «с 01.09.2021», «в период с …», «от 10.09 до 20.09»,
    /// «не ранее 1 октября», which has no last day and is a condition.
    fn since(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let inside = match (self.word(at), self.word(at + 1)) {
            (Some(Word::In | Word::On), Some(Word::Period | Word::Limit)) => at + 2,
            _ => at,
        };
        let (first, begins) = self.since_prefix(inside)?;
        if let Some(draft) = self.shared_month_range(first, at).or_else(|| self.years_from_to(first, at)) {
            out.push(draft);
            return Some(draft.tokens.1);
        }
        let (start, next) = self.piece(first).or_else(|| self.day_dot_month(first, true))?;
        let till = self.till(next);
        if begins == Begins::Of && till.is_none() {
            return None;
        }
        let (form, next) = match (start, till) {
            (Said::Piece(start), Some((Said::Piece(end), next))) => {
                (Form::Dates { mode: Mode::Range, start, end }, next)
            }
            (_, Some((_, next))) => (Form::Impossible, next),
            (Said::Piece(_), None) if begins == Begins::NotBefore => (Form::Condition, next),
            (Said::Piece(start), None) => (Form::Dates { mode: Mode::Since, start, end: start }, next),
            (Said::Impossible, None) => (Form::Impossible, next),
        };
        let next = next + usize::from(self.is(next, Word::Inclusive));
        out.push(Draft::new(form, at, next));
        Some(next)
    }

    /// The token behind «с», «от», «не ранее», «позднее».
    fn since_prefix(&self, at: usize) -> Option<(usize, Begins)> {
        match (self.word(at)?, self.word(at + 1)) {
            (Word::From, _) => Some((at + 1, Begins::From)),
            // «о» and «об» begin no days.
            (Word::Of, _)
                if self.slice(at, at + 1).chars().nth(1).is_some_and(|c| matches!(c, 'т' | 'Т')) =>
            {
                Some((at + 1, Begins::Of))
            }
            (Word::Not, Some(Word::Earlier)) => {
                let comma = at + 2 + usize::from(self.mark(at + 2) == Mark::Comma);
                Some((if self.is(comma, Word::Joint) { comma + 1 } else { at + 2 }, Begins::NotBefore))
            }
            (Word::Earlier | Word::Later, _) => Some((at + 1, Begins::NotBefore)),
            _ => None,
        }
    }

    /// The end behind the first day of «с …»: «по 15 мая», «, до 15 мая», «и не позднее 15 мая».
    fn till(&self, at: usize) -> Read<Said> {
        let joint =
            at + usize::from(matches!(self.mark(at), Mark::Comma | Mark::Dash | Mark::Word(Word::And)));
        if self.is(joint, Word::Not) && self.is(joint + 1, Word::Later) {
            return self.end_point(self.until_prefix(joint)?, false);
        }
        let comma = at + usize::from(self.mark(at) == Mark::Comma);
        match self.mark(comma) {
            Mark::Word(word) if is_upto(word) => self.end_point(comma + 1, word == Word::Until),
            Mark::Dash if comma == at => self.end_point(at + 1, false),
            _ => None,
        }
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
        let end = Piece { assumed: self.is(first + 1, Word::Until), ..end };
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
            .or_else(|| self.dash_month_range(inside, at, out))
            .or_else(|| self.part_list(inside, at, out))
            .or_else(|| self.year_list(inside, at, out))
            .or_else(|| self.piece_or_range(inside, at, out))
            .or_else(|| self.lone_number(inside, at, out))
    }

    /// «15–20.03.2021».
    fn dash_day_range(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let (_, next) = self.day_number(inside)?;
        // «31.04-15.05.2025»: the figure is the month of another day.
        if inside > 0 && self.glued(inside) && self.mark(inside - 1) == Mark::Dot {
            return None;
        }
        let dash = self.mark(next) == Mark::Dash && self.numeric_date(next + 1).is_some();
        let draft = dash.then(|| self.shared_month_range(inside, at)).flatten()?;
        out.push(Draft { plain: true, ..draft });
        Some(draft.tokens.1)
    }

    /// «09-12.2024», «IX–XII.2024»: the first month has no year of its own.
    fn dash_month_range(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let month = i8::try_from(self.month_figure(inside)?).ok().filter(|month| (1..=12).contains(month))?;
        if self.mark(inside + 1) != Mark::Dash {
            return None;
        }
        let (Said::Piece(end), next) = self.month_and_year(inside + 2)? else { return None };
        let form = Form::Dates { mode: Mode::Range, start: Piece::month(month), end };
        out.push(Draft { plain: true, ..Draft::new(form, at, next) });
        Some(next)
    }

    fn piece_or_range(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        if let Some(next) = self.parts_of_month(inside, at, out) {
            return Some(next);
        }
        // «1.09-1.10»: a dash between two such figures says that they are days.
        let short = self.day_dot_month(inside, false).or_else(|| self.short_range_start(inside));
        let (start, next) = self.piece(inside).or(short)?;
        if let Some((end, behind)) = self.range_end(next, start) {
            let form = match (start, end) {
                (Said::Piece(start), Said::Piece(end)) => Form::Dates { mode: Mode::Range, start, end },
                _ => Form::Impossible,
            };
            out.push(Draft { plain: true, ..Draft::new(form, at, behind) });
            return Some(behind);
        }
        // A bare «01.04» needs a neighbour that says it is a day: «03.04/10.04.2025».
        let pair = self.mark(next) == Mark::Slash
            && (self.numeric_date(next + 1).is_some() || self.day_dot_month(next + 1, false).is_some());
        // «до 10.05, 10.10 ежегодно», but not «п. 10.10 ежегодно»
        let yearly = self.is(next, Word::Yearly)
            && self.alone_before(inside)
            && inside.checked_sub(1).is_none_or(|before| self.mark(before) != Mark::Dot);
        if short.is_some() && self.piece(inside).is_none() && !pair && !yearly && !self.alone(inside, next) {
            return None;
        }
        out.push(match start {
            Said::Piece(piece) => Draft { plain: true, ..Draft::dates(Mode::At, piece, at, next) },
            Said::Impossible => Draft::new(Form::Impossible, at, next),
        });
        Some(next)
    }

    /// «1.09» in «1.09-1.10», «31.04» in «31.04-15.05.2025».
    fn short_range_start(&self, at: usize) -> Read<Said> {
        let begins = at.checked_sub(1).is_none_or(|before| {
            matches!(self.mark(before), Mark::Comma | Mark::Semicolon | Mark::Open | Mark::Colon)
        });
        let (said, next) = self.day_dot_month(at, true).filter(|_| begins)?;
        let day = self.mark(next) == Mark::Dash
            && (self.numeric_date(next + 1).is_some() || self.day_dot_month(next + 1, true).is_some());
        day.then_some((said, next))
    }

    /// «– май 2022» behind the first piece of a range.
    fn range_end(&self, at: usize, start: Said) -> Read<Said> {
        if self.mark(at) != Mark::Dash {
            return None;
        }
        let begins = at + 1 + usize::from(self.is(at + 1, Word::Along));
        let (end, next) = self.piece(begins).or_else(|| self.day_dot_month(begins, is_day(start)))?;
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
            let named = next + usize::from(self.is(next, Word::DayNumber));
            if self.month(named).is_some() {
                break named;
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
        // «I и II квартал учебного года»: a school year has no such quarters.
        let bare_school = self.school_year_word(next).filter(|_| self.year(next).is_none());
        if bare_school.is_some() && is_quarter {
            return None;
        }
        let (years, next) =
            bare_school.map_or_else(|| self.year_of_part(next, is_quarter), |behind| (Years::Unsaid, behind));
        let part = |number: u16| match u8::try_from(number) {
            Ok(half @ 1..=2) if bare_school.is_some() => Some(Piece::school_half(half)),
            _ => part_of_year(number, is_quarter, years),
        };
        let numbers = numbers.get(..count).filter(|numbers| numbers.len() > 1)?;
        let before = out.len();
        let mut index = 0;
        while let Some(&(number, gap, cursor)) = numbers.get(index) {
            let from = if index == 0 { at } else { cursor };
            let partner = numbers.get(index + 1).filter(|(_, gap, _)| *gap == Gap::Nothing);
            let start = part(number);
            let end = partner.map_or(start, |(number, ..)| part(*number));
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
        // «IX.2024» and «15.2024» are no years.
        let tail =
            inside > 0 && self.glued(inside) && matches!(self.mark(inside - 1), Mark::Dot | Mark::Slash);
        if tail {
            return None;
        }
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
        self.alone_before(from) && (is_border(self.mark(to)) || self.is(to, Word::And))
    }

    /// Does a separator or the beginning of the text stand before this token?
    fn alone_before(&self, from: usize) -> bool {
        from.checked_sub(1).is_none_or(|at| is_border(self.mark(at)) || self.is(at, Word::And))
    }
}

/// How a phrase that has a first day begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    /// «с»: goes on from that day.
    From,
    /// «от»: needs an end.
    Of,
    /// «не ранее», «позднее»: without an end it is no span of days.
    NotBefore,
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
