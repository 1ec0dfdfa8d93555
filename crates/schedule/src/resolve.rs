//! Which days are meant, once the text and its context have spoken?

use jiff::civil::Date;

use crate::draft::{Draft, Form, Mode};
use crate::model::{Context, Inferred, Kind, MonthDay, Part, Period, When, Within};
use crate::names::nominative;
use crate::parse::PARTS;
use crate::piece::{Grain, Piece, SCHOOL_LAST, Years, crosses_new_year, date};
use crate::reader::Reader;

/// The parts of the drafts, at most [`PARTS`] and one more for the rest of the text.
pub(crate) fn parts(reader: &Reader<'_>, drafts: &[Draft], context: &Context) -> Vec<Part> {
    let mut out = Parts { reader, context, parts: Vec::with_capacity(drafts.len()), words: None };
    for draft in drafts {
        if out.parts.len() >= PARTS {
            let end = reader.tokens.len();
            out.words.get_or_insert((draft.tokens.0, end)).1 = end;
            break;
        }
        out.push(draft);
    }
    out.close_words();
    out.parts
}

struct Parts<'a> {
    reader: &'a Reader<'a>,
    context: &'a Context,
    parts: Vec<Part>,
    /// Words that are not understood so far; neighbours join into one part.
    words: Option<(usize, usize)>,
}

/// What a phrase of days comes to.
struct Days {
    start: When,
    end: When,
    inferred: bool,
    /// A day is a rule of reading.
    assumed: bool,
}

impl Parts<'_> {
    fn push(&mut self, draft: &Draft) {
        if matches!(draft.form, Form::Words | Form::Impossible) {
            self.words.get_or_insert(draft.tokens).1 = draft.tokens.1;
            return;
        }
        if let Form::Dates { mode, start, end } = draft.form {
            self.push_dates(draft, mode, start, end);
            return;
        }
        let slice = |(from, to)| self.reader.slice(from, to).to_owned();
        let mut inferred =
            Inferred { year: draft.inferred, month: draft.month_inferred, ..Inferred::default() };
        let kind = match draft.form {
            Form::Again { every, every_max, times, within } => {
                let days = within.and_then(|(start, end)| self.days(draft, start, end, true));
                if within.is_some() && days.is_none() {
                    self.words.get_or_insert(draft.tokens).1 = draft.tokens.1;
                    return;
                }
                let within = days.map(|days| {
                    inferred.year |= days.inferred;
                    inferred.day |= days.assumed;
                    Within { start: days.start, end: days.end }
                });
                Kind::Recurrence { every, every_max, times, within }
            }
            Form::Ongoing(span) => Kind::Ongoing(span),
            Form::External { name } => {
                Kind::ExternalPlan(nominative(self.reader.slice(name, draft.tokens.1)))
            }
            Form::Relative { event, duration } => Kind::Relative { after: slice(event), duration },
            _ => Kind::Condition(slice(draft.tokens)),
        };
        self.push_kind(kind, draft, inferred);
    }

    fn push_kind(&mut self, kind: Kind, draft: &Draft, inferred: Inferred) {
        self.close_words();
        let scope = draft.scope.map(|(from, to)| self.reader.slice(from, to).to_owned());
        self.parts.push(Part { kind, scope, inferred });
    }

    fn close_words(&mut self) {
        if let Some((from, to)) = self.words.take() {
            let kind = Kind::Unrecognised(self.reader.slice(from, to).to_owned());
            self.parts.push(Part { kind, scope: None, inferred: Inferred::default() });
        }
    }

    fn push_dates(&mut self, draft: &Draft, mode: Mode, start: Piece, end: Piece) {
        // «сентябрь 2021–2023 гг.» is September of each of these years.
        if let (Mode::At | Mode::Until, Years::Span(first, last)) = (mode, end.years) {
            // More years than a plan has are left as words rather than cut.
            if usize::try_from(last - first).is_ok_and(|more| more >= PARTS / 4) {
                self.words.get_or_insert(draft.tokens).1 = draft.tokens.1;
                return;
            }
            for year in first..=last {
                let piece = end.with_years(Years::One(year));
                self.push_dates(draft, mode, piece, piece);
            }
            return;
        }
        let (start, end) = match (draft.next_year, self.context.year) {
            (false, _) => (start, end),
            (true, Some(year)) if mode != Mode::Range => {
                let years = Years::One(year.saturating_add(1));
                (start.with_years(years), end.with_years(years))
            }
            // The year that the next one follows is not said.
            (true, _) => {
                let kind = Kind::Condition(self.reader.slice(draft.tokens.0, draft.tokens.1).to_owned());
                self.push_kind(kind, &Draft { scope: None, ..*draft }, Inferred::default());
                return;
            }
        };
        let Some(days) = self.days(draft, start, end, mode == Mode::Range) else {
            self.words.get_or_insert(draft.tokens).1 = draft.tokens.1;
            return;
        };
        let single = mode == Mode::At && end.grain == Grain::Day;
        let kind = match mode {
            Mode::Until => Kind::Deadline { end: days.end, annual: draft.annual },
            Mode::Since => self.open_end(draft, days.start),
            _ if single && !draft.annual => Kind::Day(days.end),
            _ => Kind::Interval { start: days.start, end: days.end, annual: draft.annual },
        };
        // «с 1 сентября» up to the end of the plan: the text says nothing of the last day.
        let supplied = mode == Mode::Since && matches!(kind, Kind::Interval { .. });
        let kept = !matches!(kind, Kind::Condition(_));
        let inferred = Inferred {
            year: ((days.inferred || supplied) && kept) || draft.inferred,
            month: supplied || draft.month_inferred,
            day: (supplied || days.assumed) && kept,
        };
        self.push_kind(kind, draft, inferred);
    }

    /// «с 1 сентября 2021» ends with the plan's period; without one it is a condition, because no end is said.
    fn open_end(&self, draft: &Draft, start: When) -> Kind {
        match (start, self.context.period) {
            (When::Date(first), Some(period)) if first <= period.end => {
                Kind::Interval { start, end: When::Date(period.end), annual: false }
            }
            _ => Kind::Condition(self.reader.slice(draft.tokens.0, draft.tokens.1).to_owned()),
        }
    }

    /// In a plan for a school year «1 полугодие» is its first half: September to December.
    fn of_school_year(&self, piece: Piece) -> Piece {
        let school_year = self.context.period.filter(|period| {
            period.start.month() >= 8
                && period.end.month() <= 8
                && period.end.year() == period.start.year() + 1
        });
        match (piece.grain, piece.years, school_year, self.context.year) {
            (Grain::HalfYear(_), Years::Unsaid, Some(period), None) => {
                piece.with_years(Years::School(period.start.year()))
            }
            _ => piece,
        }
    }

    /// First and last day; `None` where a year makes one of them impossible.
    fn days(&self, draft: &Draft, start: Piece, end: Piece, range: bool) -> Option<Days> {
        let (start, end) = if range { share_years(start, end) } else { (start, end) };
        let (said_start, said_end) = (start, end);
        let (start, end) = (self.of_school_year(start), self.of_school_year(end));
        let clamp = |piece: Piece| piece.grain != Grain::Day;
        let only_last = matches!(draft.form, Form::Dates { mode: Mode::Until, .. });
        let assumed = end.assumed
            || (!only_last && start.assumed)
            || (only_last
                && matches!(end.years, Years::School(_))
                && !end.is_day()
                && end.last == SCHOOL_LAST);
        if let (Some((first, _)), Some((_, last))) = (start.years_of_ends(), end.years_of_ends()) {
            return Some(Days {
                assumed,
                start: When::Date(date(first, start.first, clamp(start))?),
                end: When::Date(date(last, end.last, clamp(end))?),
                inferred: draft.inferred || draft.next_year || (start, end) != (said_start, said_end),
            });
        }
        let (first, last) = (start.first, end.last);
        let from = if only_last { last } else { first };
        if !draft.annual
            && let Some(year) = infer(from, last, clamp(start), self.context)
        {
            let wrap = i16::from(crosses_new_year(from, last));
            let dates = (date(year, from, clamp(start)), date(year.saturating_add(wrap), last, clamp(end)));
            if let (Some(start), Some(end)) = dates {
                return Some(Days {
                    start: When::Date(start),
                    end: When::Date(end),
                    inferred: true,
                    assumed,
                });
            }
        }
        // Without a year nothing tells a reversed stretch from one that takes almost a year.
        if from > last && !crosses_new_year(from, last) {
            return None;
        }
        Some(Days { start: When::MonthDay(first), end: When::MonthDay(last), inferred: false, assumed })
    }
}

/// Does a phrase of days name one that its year has not: «29 февраля, 1 марта 2021»?
pub(crate) fn is_impossible(draft: &Draft) -> bool {
    let Form::Dates { start, end, .. } = draft.form else { return false };
    let lacks = |piece: Piece| {
        let years = piece.years_of_ends().filter(|_| piece.is_day());
        years.is_some_and(|(year, _)| date(year, piece.first, false).is_none())
    };
    lacks(start) || lacks(end)
}

/// First and last day of two pieces whose years the text says.
pub(crate) fn dated(start: Piece, end: Piece) -> Option<(Date, Date)> {
    let (start, end) = share_years(start, end);
    let ((first, _), (_, last)) = (start.years_of_ends()?, end.years_of_ends()?);
    let clamp = |piece: Piece| piece.grain != Grain::Day;
    Some((date(first, start.first, clamp(start))?, date(last, end.last, clamp(end))?))
}

/// Gives the end of a range that has no year that of the other, crossing New Year where the months say so.
fn share_years(start: Piece, end: Piece) -> (Piece, Piece) {
    let crosses = i16::from(crosses_new_year(start.first, end.last));
    match (start.years, end.years) {
        (Years::Unsaid, Years::One(year)) => {
            (start.with_years(Years::One(year.saturating_sub(crosses))), end)
        }
        (Years::One(year), Years::Unsaid) => {
            (start, end.with_years(Years::One(year.saturating_add(crosses))))
        }
        (Years::Unsaid, Years::School(_)) => (start.with_years(end.years), end),
        (Years::School(_), Years::Unsaid) => (start, end.with_years(start.years)),
        (Years::Unsaid, Years::Span(first, last)) => {
            (start.with_years(Years::One(first)), end.with_years(Years::One(last)))
        }
        _ => (start, end),
    }
}

/// The year in which a yearless stretch begins, as [`Context`] orders it.
pub(crate) fn infer(first: MonthDay, last: MonthDay, clamp: bool, context: &Context) -> Option<i16> {
    if context.year.is_some() {
        return context.year;
    }
    let wrap = i16::from(crosses_new_year(first, last));
    let days = |year: i16| Some((date(year, first, clamp)?, date(year.checked_add(wrap)?, last, true)?));
    if let Some(Period { start, end }) = context.period {
        let mut inside = (start.year()..=end.year())
            .filter(|year| days(*year).is_some_and(|(first, last)| start <= first && last <= end));
        if let (Some(year), None) = (inside.next(), inside.next()) {
            return Some(year);
        }
    }
    let act = context.act_date?;
    let years = act.year().checked_sub(1)?..=act.year().checked_add(1)?;
    years.into_iter().find(|year| days(*year).is_some_and(|(_, last)| act <= last))
}
