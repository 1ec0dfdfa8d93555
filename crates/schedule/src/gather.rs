//! What do neighbouring parts say about each other: a shared year, «ежегодно», limits, scopes?

use jiff::ToSpan;
use jiff::civil::Date;

use crate::draft::{Draft, Form, Gap, Mode, Tokens};
use crate::model::{Context, Every, Period, Unit};
use crate::piece::{Grain, Piece, Years};
use crate::reader::{Reader, Said, said_day};
use crate::recurrence::{monthly, weekly};
use crate::tokens::Mark;
use crate::words::Word;
use crate::years;

/// Lets neighbours speak, in an order in which no pass undoes another.
pub(crate) fn gather(reader: &Reader<'_>, drafts: &mut Vec<Draft>, context: &Context) {
    if drafts.len() > 1 {
        days_of_their_month(reader, drafts);
        years::named_one_by_one(reader, drafts);
        year_governs_neighbours(drafts);
        year_governs_before(drafts);
        years::every_year(reader, drafts);
        limit_recurrences(reader, drafts);
        deadlines_share_their_preposition(drafts);
        year_carries_on(drafts);
    }
    limits_alone(reader, drafts, context.period);
    trim_words(reader, drafts);
    years::left_over(reader, drafts);
    years::next_year(reader, drafts);
    scopes(drafts);
}

pub(crate) fn days(draft: &Draft) -> Option<(Mode, Piece, Piece)> {
    match draft.form {
        Form::Dates { mode, start, end } => Some((mode, start, end)),
        _ => None,
    }
}

pub(crate) fn is_yearless(draft: &Draft) -> bool {
    days(draft).is_some_and(|(_, start, end)| start.years == Years::Unsaid && end.years == Years::Unsaid)
}

fn is_year(draft: &Draft) -> Option<Years> {
    let (mode, _, piece) = days(draft)?;
    let year = matches!(piece.grain, Grain::Year | Grain::SchoolYear);
    (draft.plain && mode == Mode::At && year).then_some(piece.years)
}

pub(crate) fn set_years(draft: &mut Draft, years: Years) {
    if let Form::Dates { mode, start, end } = &mut draft.form {
        *end = end.with_years(years);
        if *mode != Mode::Range {
            *start = *end;
        } else if matches!(years, Years::School(_)) {
            *start = start.with_years(years);
        }
    }
}

/// «июль-август, 2021 г.», «2021 год: март, октябрь»: the year is no part of its own.
fn year_governs_neighbours(drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while let Some(years) = drafts.get(at).map(is_year) {
        let Some(years) = years else {
            years_govern_bracket(drafts, at);
            at += 1;
            continue;
        };
        let gap = drafts.get(at).map_or(Gap::Stop, |draft| draft.gap);
        let before = at.checked_sub(1).and_then(|before| drafts.get_mut(before));
        if let Some(before) = before.filter(|before| is_yearless(before) && !before.annual)
            && matches!(gap, Gap::Comma | Gap::Open | Gap::Close | Gap::Nothing)
        {
            set_years(before, years);
            drafts.remove(at);
            continue;
        }
        // «2021, 1 квартал»: a year that opens its sentence governs over a comma too.
        let reach = if at == 0 || gap >= Gap::Semicolon { Gap::Comma } else { Gap::Nothing };
        let governed = drafts.get(at + 1).is_some_and(|next| {
            let bracket = next.gap == Gap::Open;
            let near = matches!(next.gap, Gap::Nothing | Gap::Comma) && next.gap <= reach;
            // «2024 г. (сентябрь)»
            (near || bracket) && is_yearless(next)
        });
        if !governed {
            at += 1;
            continue;
        }
        drafts.remove(at);
        let mut first = true;
        while let Some(next) = drafts.get_mut(at)
            && is_yearless(next)
            && (first || next.gap <= Gap::Comma)
        {
            set_years(next, years);
            if first {
                next.gap = gap;
            }
            first = false;
            at += 1;
        }
    }
}

/// «2024–2025 гг. (сентябрь, май)»: these months of each of the years, which are no part of their own.
fn years_govern_bracket(drafts: &mut Vec<Draft>, at: usize) {
    let years = match drafts.get(at).filter(|draft| draft.plain).and_then(days) {
        Some((Mode::Range, Piece { years: Years::One(first), grain: Grain::Year, .. }, end)) => {
            match end.years {
                Years::One(last) if end.grain == Grain::Year && first < last => Years::Span(first, last),
                _ => return,
            }
        }
        _ => return,
    };
    let single = |draft: &Draft| is_yearless(draft) && days(draft).is_some_and(|(mode, ..)| mode == Mode::At);
    let mut first = true;
    for index in at + 1..drafts.len() {
        let inside = |draft: &Draft| if first { draft.gap == Gap::Open } else { draft.gap <= Gap::Comma };
        match drafts.get_mut(index) {
            Some(draft) if single(draft) && inside(draft) => set_years(draft, years),
            _ => break,
        }
        first = false;
    }
    if !first {
        let gone = drafts.remove(at);
        if let Some(next) = drafts.get_mut(at) {
            next.gap = gone.gap;
        }
    }
}

/// «октябрь (не позднее 15 числа)», «октябрь, 20-25 числа»: the days are those of the month before them. Of several
/// months nothing says which one is meant, and what recurs takes the day for itself.
fn days_of_their_month(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let recurs = |draft: &Draft| match draft.form {
        Form::Again { every, .. } => every.unit != Unit::Year,
        _ => false,
    };
    if drafts.iter().any(recurs) {
        return;
    }
    let mut at = 1;
    while at < drafts.len() {
        let listed = at >= 2 && right_of_list_member(drafts, at - 1);
        let joined = match (drafts.get(at - 1), drafts.get(at)) {
            (Some(month), Some(limit)) if limit.form == Form::DayOfMonth && !listed => {
                days_in_month(reader, month, limit)
            }
            // «до 15 числа (октябрь)»
            (Some(limit), Some(month)) if month.gap == Gap::Open && !right_of_list_member(drafts, at + 1) => {
                days_in_month(reader, month, limit)
            }
            _ => None,
        };
        match joined {
            Some(draft) => {
                drafts.remove(at);
                if let Some(place) = drafts.get_mut(at - 1) {
                    *place = draft;
                }
            }
            None => at += 1,
        }
    }
}

/// Is the draft a further month of a list?
fn right_of_list_member(drafts: &[Draft], at: usize) -> bool {
    let gap = drafts.get(at).map_or(Gap::Stop, |draft| draft.gap);
    let before = at.checked_sub(1).and_then(|before| drafts.get(before));
    gap <= Gap::Semicolon && before.and_then(days).is_some_and(|(.., end)| end.grain == Grain::Month)
}

fn days_in_month(reader: &Reader<'_>, month: &Draft, limit: &Draft) -> Option<Draft> {
    let (Mode::At, _, piece) = days(month)? else { return None };
    let second = if limit.tokens.0 > month.tokens.0 { limit } else { month };
    if limit.form != Form::DayOfMonth || second.gap > Gap::Open || piece.grain != Grain::Month {
        return None;
    }
    let (mode, first, last) = reader.days_of_limit(limit.tokens)?;
    let number = u32::try_from(piece.first.month).ok()?;
    let bracket = reader.mark(second.tokens.1) == Mark::Close && second.gap == Gap::Open;
    let first_token = month.tokens.0.min(limit.tokens.0);
    let tokens = (first_token, second.tokens.1 + usize::from(bracket));
    let gap = if second.tokens == limit.tokens { month.gap } else { limit.gap };
    let form = match (said_day(first, number, piece.years), said_day(last, number, piece.years)) {
        (Said::Piece(start), Said::Piece(end)) => Form::Dates { mode, start, end },
        _ => Form::Impossible,
    };
    Some(Draft { form, tokens, gap, ..*month })
}

/// A year at the end of a list governs the members before it that have none: «август-сентябрь, декабрь 2021».
fn year_governs_before(drafts: &mut [Draft]) {
    let mut carried = Years::Unsaid;
    for draft in drafts.iter_mut().rev() {
        if matches!(draft.form, Form::Again { .. } | Form::Ongoing(_)) {
            carried = Years::Unsaid;
        }
        if is_yearless(draft) && carried != Years::Unsaid && !is_since(draft) {
            set_years(draft, carried);
        }
        // «до 1 сентября, начиная с 2022 года»: from that year on, not in it.
        if let Some((_, start, end)) =
            days(draft).filter(|(mode, .., end)| *mode != Mode::Since || !years::is_long(end.grain))
        {
            let said = if start.years == Years::Unsaid { end.years } else { start.years };
            if matches!(said, Years::One(_) | Years::School(_)) {
                carried = said;
            }
        }
        if draft.gap == Gap::Stop {
            carried = Years::Unsaid;
        }
    }
}

pub(crate) fn is_since(draft: &Draft) -> bool {
    matches!(draft.form, Form::Dates { mode: Mode::Since, .. })
}

/// Joins what limits a recurrence to it: days within, weekdays, a day of the month, a span.
fn limit_recurrences(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let mut at = 1;
    while at < drafts.len() {
        let (Some(&left), Some(&right)) = (drafts.get(at - 1), drafts.get(at)) else { return };
        let opens = at < 2 || right_of_list(drafts.get(at - 2), &left);
        let joined = if right.gap > Gap::Open || years::goes_on(reader, &right) {
            None
        } else if matches!(left.form, Form::Again { .. }) {
            limited(left, &right, right.gap)
        } else if opens {
            limited(right, &left, right.gap)
        } else {
            None
        };
        match joined {
            Some(mut joined) => {
                joined.tokens = (left.tokens.0, right.tokens.1);
                joined.gap = left.gap;
                drafts.remove(at);
                if let Some(place) = drafts.get_mut(at - 1) {
                    *place = joined;
                }
            }
            None => at += 1,
        }
    }
}

/// A phrase of days that ends a list of such phrases does not limit the recurrence behind it.
fn right_of_list(before: Option<&Draft>, draft: &Draft) -> bool {
    before.is_none_or(|before| days(before).is_none() || draft.gap > Gap::Open)
}

/// The recurrence with its limit, where `limit` is one.
fn limited(recurrence: Draft, limit: &Draft, gap: Gap) -> Option<Draft> {
    let Form::Again { every, every_max, times, within } = recurrence.form else { return None };
    let scoped =
        |tokens: Tokens| recurrence.scope.is_none().then_some(Draft { scope: Some(tokens), ..recurrence });
    match limit.form {
        Form::DayOfMonth => scoped(limit.tokens),
        Form::Weekdays if every == (Every { count: 1, unit: Unit::Week }) => scoped(limit.tokens),
        Form::Ongoing(_) if gap == Gap::Nothing => scoped(limit.tokens),
        // «ежегодно, начиная с 2022 года»
        Form::Dates { mode: Mode::Since, end, .. }
            if gap == Gap::Nothing || (gap == Gap::Comma && years::is_long(end.grain)) =>
        {
            scoped(limit.tokens)
        }
        Form::Dates { mode: mode @ (Mode::At | Mode::Range), start, end }
            if within.is_none() && !limit.annual =>
        {
            let yearly = matches!(every.unit, Unit::Year | Unit::SchoolYear);
            let fits = match mode {
                Mode::Range if yearly && gap != Gap::Nothing => {
                    years::is_long(start.grain) && years::is_long(end.grain)
                }
                Mode::Range => true,
                _ if yearly => false,
                // «ежеквартально (март)» names a month, «еженедельно в марте» a limit.
                _ if gap == Gap::Nothing => months(end.grain) > months_of(every),
                _ => months(end.grain) > months_of(every).max(3),
            };
            let form = Form::Again { every, every_max, times, within: Some((start, end)) };
            fits.then_some(Draft { form, ..recurrence })
        }
        _ => None,
    }
}

/// Months that a piece takes.
fn months(grain: Grain) -> u16 {
    match grain {
        Grain::Day | Grain::PartOfMonth => 0,
        Grain::Month => 1,
        Grain::Quarter => 3,
        Grain::HalfYear(_) => 6,
        Grain::Year | Grain::SchoolYear => 12,
    }
}

fn months_of(every: Every) -> u16 {
    if every.unit == Unit::Month { every.count } else { 0 }
}

/// «до 30 мая, 15 декабря 2021»: the second is a deadline too.
fn deadlines_share_their_preposition(drafts: &mut [Draft]) {
    let mut until = false;
    for draft in drafts {
        let shared = until && matches!(draft.gap, Gap::Comma | Gap::And) && draft.plain;
        match &mut draft.form {
            Form::Dates { mode: mode @ Mode::At, end, .. } if shared && end.grain == Grain::Day => {
                *mode = Mode::Until;
            }
            Form::Dates { mode, end, .. } => until = *mode == Mode::Until && end.grain == Grain::Day,
            _ => until = false,
        }
    }
}

/// A year said before carries on to later days of the same list, as an inference: «март 2021, октябрь».
fn year_carries_on(drafts: &mut [Draft]) {
    let mut said: Option<(Years, Piece)> = None;
    for draft in drafts {
        if draft.gap > Gap::Comma {
            said = None;
        }
        let Some((mode, start, end)) = days(draft) else {
            said = None;
            continue;
        };
        let years = if end.years == Years::Unsaid { start.years } else { end.years };
        if years != Years::Unsaid {
            said = Some((years, end));
            continue;
        }
        let Some((years, before)) = said else { continue };
        let later = match years {
            Years::One(_) => {
                start.first > before.last && !start.wraps() && !end.wraps() && start.first <= end.last
            }
            Years::School(_) => true,
            Years::Unsaid | Years::Span(..) => false,
        };
        if later && !draft.annual && mode != Mode::Since {
            set_years(draft, years);
            draft.inferred = true;
            said = Some((years, end));
        }
    }
}

/// Weekdays that limit nothing recur weekly, a day «of the month» monthly; a day of no said month is only words.
fn limits_alone(reader: &Reader<'_>, drafts: &mut [Draft], period: Option<Period>) {
    for draft in drafts {
        match draft.form {
            Form::Weekdays => {
                draft.form = weekly();
                draft.scope = Some(draft.tokens);
            }
            Form::DayOfMonth if reader.is(draft.tokens.1.saturating_sub(1), Word::MonthUnit) => {
                draft.form = monthly();
                draft.scope = Some(draft.tokens);
            }
            Form::DayOfMonth => *draft = of_narrow_period(reader, draft, period),
            _ => {}
        }
    }
}

/// «до 20 числа» in a plan of at most a month is a day of it: month and year are inferred. Otherwise it is only
/// words, because no month is said.
fn of_narrow_period(reader: &Reader<'_>, draft: &Draft, period: Option<Period>) -> Draft {
    let words = Draft { form: Form::Words, ..*draft };
    let narrow =
        period.filter(|period| period.start.checked_add(1.month()).is_ok_and(|next| period.end < next));
    let (Some(period), Some((mode, first, last))) = (narrow, reader.days_of_limit(draft.tokens)) else {
        return words;
    };
    // A month that reaches over its end has each day once.
    let named = |number: u32| {
        let number = i8::try_from(number).ok()?;
        let day = |date: Date| Date::new(date.year(), date.month(), number).ok();
        [day(period.start), day(period.end)]
            .into_iter()
            .flatten()
            .find(|day| (period.start..=period.end).contains(day))
    };
    let piece = |date: Date| Piece::day(date.month(), date.day(), Years::One(date.year()));
    let days = (named(first).and_then(piece), named(last).and_then(piece));
    let (Some(start), Some(end)) = days else { return words };
    let form = Form::Dates { mode, start, end };
    Draft { form, inferred: true, month_inferred: true, ..*draft }
}

/// Takes dashes and colons off the ends of words; words that are only marks say nothing.
fn trim_words(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let silent = |at| matches!(reader.mark(at), Mark::Dash | Mark::Colon | Mark::Slash | Mark::Dot);
    for draft in drafts.iter_mut().filter(|draft| draft.form == Form::Words) {
        while draft.tokens.1 > draft.tokens.0 && silent(draft.tokens.1 - 1) {
            draft.tokens.1 -= 1;
        }
    }
    drafts.retain(|draft| {
        draft.form != Form::Words
            || reader.slice(draft.tokens.0, draft.tokens.1).chars().any(char::is_alphanumeric)
    });
}

/// Words beside a part that is understood are its scope.
fn scopes(drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < drafts.len() {
        let Some(words) = drafts.get(at).filter(|draft| draft.form == Form::Words).copied() else {
            at += 1;
            continue;
        };
        let tight = matches!(words.gap, Gap::Nothing | Gap::Open);
        let after = drafts.get(at + 1).filter(|next| next.gap == Gap::Nothing && takes_scope(next)).is_some();
        let before =
            at.checked_sub(1).and_then(|before| drafts.get(before)).filter(|before| takes_scope(before));
        let recurs = before.is_some_and(|before| matches!(before.form, Form::Again { .. }));
        let place = match before {
            Some(_) if tight || (recurs && words.gap == Gap::Comma && !after) => at - 1,
            _ if after => at + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        if let Some(target) = drafts.get_mut(place) {
            target.scope = Some(words.tokens);
            if place > at {
                target.gap = words.gap;
            }
        }
        drafts.remove(at);
    }
}

fn takes_scope(draft: &Draft) -> bool {
    draft.scope.is_none() && !matches!(draft.form, Form::Words | Form::Impossible)
}
