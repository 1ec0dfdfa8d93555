//! Which spans, conditions, other plans and events does the text name instead of days?

use crate::draft::{Draft, Form, Mode};
use crate::model::{Every, Span, Unit};
use crate::piece::Years;
use crate::reader::{Read, Reader};
use crate::tokens::Mark;
use crate::words::Word;

/// How a phrase of words begins, and the token behind its head.
pub(crate) struct Head {
    pub form: Form,
    pub next: usize,
}

impl Head {
    fn new(form: Form, next: usize) -> Self {
        Self { form, next }
    }
}

impl Reader<'_> {
    /// «в течение года», «постоянно», «в ходе реализации проекта», «в течение 2021 года».
    pub(crate) fn span(&self, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        if let Some((span, next)) = self.fixed_span(at) {
            out.push(Draft::new(Form::Ongoing(span), at, next));
            return Some(next);
        }
        if let Some(next) = self.once(at) {
            out.push(Draft::new(Form::Condition, at, next));
            return Some(next);
        }
        let inside = self.course(at)?;
        let inside = inside + usize::from(self.is(inside, Word::Whole));
        let Some((span, next)) = self.named_span(inside) else {
            return self.course_of_days(inside, at, out);
        };
        out.push(Draft::new(Form::Ongoing(span), at, next));
        Some(next)
    }

    /// «разово», «однократно», «1 раз» with nothing that says in which time.
    fn once(&self, at: usize) -> Option<usize> {
        let next = match (self.mark(at), self.word(at + 1)) {
            (Mark::Word(Word::Once | Word::TimesOver(1)), _) => return Some(at + 1),
            (Mark::Word(Word::Cardinal(1)) | Mark::Number { value: 1, .. }, Some(Word::Times)) => at + 2,
            _ => return None,
        };
        (at == 0 && self.alone(at, next)).then_some(next)
    }

    /// The token behind «в течение», «на протяжении», «в ходе», «в период», «на весь период».
    fn course(&self, at: usize) -> Option<usize> {
        let bare = usize::from(matches!(self.word(at), Some(Word::In | Word::On | Word::For)));
        match self.word(at + bare)? {
            Word::Course => Some(at + bare + 1 + usize::from(self.mark(at + bare + 1) == Mark::Dot)),
            Word::Whole if bare == 1 || self.named_span(at + 1).is_some() => Some(at + bare + 1),
            Word::Progress | Word::Frame if bare == 1 && self.carried(at + 2).is_some() => Some(at + 2),
            Word::Period if self.carried(at + bare + 1).is_some() => Some(at + bare + 1),
            Word::Period if bare == 1 && self.piece(at + 2).is_some() => Some(at + 2),
            _ => None,
        }
    }

    /// «реализации проекта», «действия программы», «реализации»; the token behind.
    fn carried(&self, at: usize) -> Option<usize> {
        if self.is(at, Word::Project) {
            return Some(at + 1);
        }
        if !self.is(at, Word::Carrying) {
            return None;
        }
        Some(match (self.word(at + 1), self.word(at + 2)) {
            (Some(Word::Road), Some(Word::Map)) => at + 3,
            (Some(Word::Project | Word::Plan), _) => at + 2,
            _ => at + 1,
        })
    }

    /// «года», «учебного года», «всего периода», «срока реализации программы».
    pub(crate) fn named_span(&self, at: usize) -> Read<Span> {
        if let Some(next) = self.carried(at) {
            return Some((Span::Project, next));
        }
        if matches!(self.word(at), Some(Word::Period | Word::Limit)) {
            let plain = self.word(at + 1).is_none_or(|word| word != Word::Unknown);
            let whole = at > 0 && self.is(at - 1, Word::Whole);
            return match self.carried(at + 1) {
                Some(next) => Some((Span::Project, next)),
                None if whole || plain => Some((Span::Project, at + 1)),
                None => None,
            };
        }
        if self.piece(at).is_some() {
            return None;
        }
        if let Some(next) = self.school_year_word(at) {
            return Some((Span::SchoolYear, next));
        }
        let year = at + usize::from(self.is(at, Word::Plain));
        self.year_word(year).map(|next| (Span::Year, next))
    }

    /// «в течение 2021 года», «в течение сентября – октября», «в период 2021–2022 гг.».
    fn course_of_days(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let before = out.len();
        let next = self.plain_days(inside, out)?;
        for draft in out.get_mut(before..).unwrap_or_default() {
            draft.plain = false;
        }
        if let Some(first) = out.get_mut(before) {
            first.tokens.0 = at;
        }
        Some(next)
    }

    fn fixed_span(&self, at: usize) -> Read<Span> {
        let bare = usize::from(self.is(at, Word::On));
        match self.word(at + bare)? {
            Word::Always if bare == 0 || self.is(at + 2, Word::Basis) => {
                Some((Span::Permanent, at + bare + 1 + usize::from(self.is(at + bare + 1, Word::Basis))))
            }
            Word::AllYear => Some((Span::Year, at + 1)),
            Word::School if bare == 0 && self.piece(at).is_none() => {
                self.school_year_word(at).map(|next| (Span::SchoolYear, next))
            }
            _ => None,
        }
    }

    /// «в течение 10 рабочих дней после», «через месяц после», «в 3-дневный срок со дня», «не позднее 5 дней с момента».
    /// Without an event it is a condition: nothing says what it is counted from.
    pub(crate) fn relative(&self, at: usize) -> Option<Head> {
        let (duration, next) = self.span_length(at)?;
        let event = match (self.word(next), self.word(next + 1)) {
            (Some(Word::After), _) => next + 1,
            (Some(Word::From), Some(Word::Day | Word::Moment)) => next + 2,
            _ => return Some(Head::new(Form::Condition, next)),
        };
        let Some(duration) = duration else { return Some(Head::new(Form::Condition, event)) };
        Some(Head::new(Form::Relative { event: (event, event), duration }, event))
    }

    /// «в течение 10 рабочих дней»: the length, or none where it is a range.
    fn span_length(&self, at: usize) -> Read<Option<Every>> {
        let inside = match (self.word(at)?, self.word(at + 1)) {
            (Word::In, Some(Word::Course)) | (Word::Not, Some(Word::Later)) => {
                let joint = at + 2 + usize::from(self.is(at + 2, Word::Joint));
                joint + usize::from(self.is(joint, Word::Through))
            }
            (Word::Through, _) => at + 1,
            (Word::In, _) => return self.adjective_length(at + 1),
            _ => return None,
        };
        let (least, next) = self.length_count(inside);
        let (exact, next) = match self.mark(next) {
            Mark::Dash if next > inside => (false, self.length_count(next + 1).1),
            _ => (true, next),
        };
        let (length, next) = self.days_or_more(least, next)?;
        Some((exact.then_some(length), next))
    }

    /// «10», «10 (десяти)», «двух»; nothing is one.
    fn length_count(&self, at: usize) -> (u16, usize) {
        let (count, next) = match self.mark(at) {
            Mark::Number { value, digits: 1..=3, .. } => (u16::try_from(value).unwrap_or(u16::MAX), at + 1),
            Mark::Word(Word::Cardinal(value)) => (value, at + 1),
            _ => return (1, at),
        };
        let explained = self.mark(next) == Mark::Open && self.mark(next + 2) == Mark::Close;
        (count, if explained { next + 3 } else { next })
    }

    fn days_or_more(&self, count: u16, at: usize) -> Read<Every> {
        if count == 0 {
            return None;
        }
        if self.is(at, Word::Working) && self.is(at + 1, Word::Day) {
            return Some((Every { count, unit: Unit::WorkingDay }, at + 2));
        }
        let (one, next) = self.unit(at)?;
        let counted = one.unit != Unit::Year || next > at;
        let count = counted.then(|| one.count.checked_mul(count)).flatten()?;
        Some((Every { count, unit: one.unit }, next))
    }

    /// «3-дневный срок», «недельный срок», «10-дневный срок».
    fn adjective_length(&self, at: usize) -> Read<Option<Every>> {
        let (count, word) = match (self.mark(at), self.mark(at + 1)) {
            (Mark::Number { value, digits: 1..=3, .. }, Mark::Dash) => (u16::try_from(value).ok()?, at + 2),
            (Mark::Word(Word::Cardinal(value)), _) => (value, at + 1),
            _ => (1, at),
        };
        let (factor, unit) = match self.word(word)? {
            Word::DayAdjective(factor) => (factor, Unit::Day),
            Word::WeekAdjective(factor) => (factor, Unit::Week),
            Word::MonthAdjective(factor) => (factor, Unit::Month),
            _ => return None,
        };
        let limit = word + 1;
        let count = factor.checked_mul(count).filter(|count| *count > 0)?;
        self.is(limit, Word::Limit).then_some((Some(Every { count, unit }), limit + 1))
    }

    /// Another plan: «согласно графику», «в соответствии с планом–графиком», «по отдельному плану», «план работы».
    pub(crate) fn external(&self, at: usize) -> Option<Head> {
        let name = match (self.word(at)?, self.word(at + 1), self.word(at + 2)) {
            (Word::According, ..) if self.mark(at + 1) == Mark::Colon => {
                return Some(Head::new(Form::External { name: at + 2 }, at + 2));
            }
            (Word::According, ..) => at + 1,
            (Word::In, Some(Word::Accordance), Some(Word::From)) => at + 3,
            (Word::Along, ..) => at + 1,
            (Word::Plan, ..) => at,
            (Word::Road, Some(Word::Map), _) => at,
            _ => return None,
        };
        let plan = self.plan_noun(name)?;
        Some(Head::new(Form::External { name }, plan + 1))
    }

    /// The head noun within the first words of a plan's name: «федеральному плану».
    fn plan_noun(&self, name: usize) -> Option<usize> {
        for at in name..name + 4 {
            match self.mark(at) {
                Mark::Word(Word::Plan | Word::Act) => return Some(at),
                // «по целевой программе», but not «по окончании проекта»
                Mark::Word(Word::Project) => return (name..at).all(|at| self.is_adjective(at)).then_some(at),
                Mark::Word(Word::Map) if at > name && self.is(at - 1, Word::Road) => return Some(at),
                Mark::Word(Word::Unknown | Word::HolidaysOf | Word::Road | Word::School | Word::Plain) => {}
                Mark::Dash | Mark::Quote if at > name => {}
                _ => return None,
            }
        }
        None
    }

    /// Has the word the ending of an adjective in the dative or instrumental case?
    fn is_adjective(&self, at: usize) -> bool {
        const ENDINGS: [&str; 8] = ["ому", "ему", "ой", "ей", "ым", "им", "ыми", "ими"];
        !matches!(self.word(at), Some(Word::Unknown))
            || ENDINGS.iter().any(|ending| self.slice(at, at + 1).ends_with(ending))
    }

    /// A condition that begins a clause, by its first words.
    pub(crate) fn condition(&self, at: usize) -> Option<Head> {
        if let Some(next) = self.holidays(at) {
            return Some(Head::new(Form::Condition, next));
        }
        let next = match (self.word(at), self.word(at + 1)) {
            (Some(Word::Along), Some(Word::From | Word::Along)) => return None,
            (Some(Word::Along), Some(_)) => at + 2,
            (Some(Word::When | Word::After), _) => at + 1,
            (Some(Word::According), _) => at + 1,
            (Some(Word::In), Some(Word::CaseOf | Word::Course | Word::Progress | Word::Accordance)) => at + 2,
            // «в сроки, установленные приказом»
            (Some(Word::In | Word::On), Some(Word::Limit)) => {
                at + 2 + usize::from(self.mark(at + 2) == Mark::Comma)
            }
            (Some(Word::In | Word::On), Some(Word::Period)) | (Some(Word::In), Some(Word::Day)) => at + 2,
            // «в установленные сроки»
            (Some(Word::In), Some(Word::Unknown)) if self.is(at + 2, Word::Limit) => at + 3,
            (Some(Word::In | Word::From | Word::On), Some(Word::Beginning | Word::Middle | Word::Ending)) => {
                at + 2
            }
            (Some(Word::Beginning | Word::Middle | Word::Ending), _) => at + 1,
            (Some(Word::From), Some(Word::Moment | Word::Day)) => at + 2,
            (Some(Word::Until | Word::Towards), Some(_)) => at + 2,
            // «не позднее, чем за 3 дня до …»
            (Some(Word::Not), Some(Word::Later | Word::Earlier)) => {
                let comma = at + 2 + usize::from(self.mark(at + 2) == Mark::Comma);
                if self.is(comma, Word::Joint) { comma + 1 } else { at + 2 }
            }
            (Some(Word::For), _) => self.before_event(at)?,
            (Some(Word::AtOnce), _) => at + 1,
            _ => self.school_quarter(at).or_else(|| self.school_time(at))?,
        };
        Some(Head::new(Form::Condition, next))
    }

    /// «за 2 недели до», «за день до».
    fn before_event(&self, at: usize) -> Option<usize> {
        let (count, next) = self.length_count(at + 1);
        let (_, next) = self.days_or_more(count, next)?;
        self.is(next, Word::Until).then_some(next + 1)
    }

    /// «третий квартал 2021-2022 учебного года» has no days of its own.
    fn school_quarter(&self, at: usize) -> Option<usize> {
        let bare = usize::from(matches!(self.word(at), Some(Word::In | Word::On)));
        let next = self.ordinal_list(at + bare)?;
        let (quarter, next) = self.part_of_year_word(next)?;
        if let Some(behind) = self.school_year_word(next).filter(|_| quarter && self.year(next).is_none()) {
            return Some(behind);
        }
        let (years, next) = self.year(next)?;
        (quarter && matches!(years, Years::School(_))).then_some(next)
    }

    /// «на каникулах», «осенние каникулы», «1 четверть», «в конце четверти», «в III четверти».
    fn school_time(&self, at: usize) -> Option<usize> {
        let bare = usize::from(matches!(self.word(at), Some(Word::In | Word::On | Word::For)));
        if let Some(next) = self.term_list(at + bare) {
            return Some(next);
        }
        for inside in at + bare..at + bare + 3 {
            match self.mark(inside) {
                Mark::Word(Word::Holidays | Word::Term) => return Some(inside + 1),
                Mark::Word(
                    Word::Unknown
                    | Word::HolidaysOf
                    | Word::Ordinal(_)
                    | Word::Ending
                    | Word::Beginning
                    | Word::Last,
                )
                | Mark::Number { digits: 1, .. }
                | Mark::Roman(_) => {}
                _ => return None,
            }
        }
        None
    }

    /// «I, II и III четверть», «1-4 четверть».
    fn term_list(&self, at: usize) -> Option<usize> {
        let next = self.ordinal_list(at)?;
        self.is(next, Word::Term).then_some(next + 1)
    }

    /// The token behind «I», «I, II и III», «1-4».
    fn ordinal_list(&self, at: usize) -> Option<usize> {
        let (_, mut next) = self.ordinal(at)?;
        for _ in 0..4 {
            if !matches!(self.mark(next), Mark::Comma | Mark::Dash | Mark::Word(Word::And)) {
                break;
            }
            next = self.ordinal(next + 1)?.1;
        }
        Some(next)
    }

    /// «осенних, зимних и весенних каникул», also after «на», «в период», «во время»: the days differ by region.
    fn holidays(&self, at: usize) -> Option<usize> {
        let bare = usize::from(matches!(self.word(at), Some(Word::In | Word::On | Word::For)));
        let period = matches!(
            self.word(at + bare),
            Some(Word::Period | Word::CaseOf | Word::Course | Word::Day | Word::Whole)
        );
        let first = at + bare + usize::from(bare == 1 && period);
        if !self.is(first, Word::HolidaysOf) {
            return None;
        }
        for inside in first + 1..first + 10 {
            match self.mark(inside) {
                // «в весенний период»: its days are not said either.
                Mark::Word(Word::Holidays | Word::Period | Word::CaseOf) => return Some(inside + 1),
                Mark::Word(Word::HolidaysOf | Word::And) | Mark::Comma => {}
                _ => return None,
            }
        }
        None
    }

    /// A phrase of days that is no deadline and has a last day.
    fn plain_days(&self, inside: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let before = out.len();
        let next = self.dates(inside, out)?;
        let at_days = out.get(before..).is_some_and(|drafts| {
            drafts.iter().all(|draft| {
                matches!(draft.form, Form::Dates { mode: Mode::At | Mode::Range, .. } | Form::Impossible)
            })
        });
        if !at_days {
            out.truncate(before);
            return None;
        }
        Some(next)
    }
}
