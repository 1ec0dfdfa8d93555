//! Which years do lists of them, «ежегодно», «начиная с 2022 года» and «следующего года» give to days?

use crate::draft::{Draft, Form, Gap, Mode, Tokens};
use crate::gather::{days, is_since, is_yearless, set_years};
use crate::model::{Every, Span, Times, Unit};
use crate::piece::{Grain, Piece, Years, crosses_new_year};
use crate::reader::{Reader, YEARS};
use crate::resolve::is_impossible;
use crate::tokens::Mark;
use crate::words::Word;

/// Most phrases of days that a list of years repeats, and most years it has.
const LIST: usize = 16;

/// A year of the calendar or of school.
pub(crate) fn is_long(grain: Grain) -> bool {
    matches!(grain, Grain::Year | Grain::SchoolYear)
}

/// Do the words say that this comes after what stands before: «…, далее ежеквартально»?
pub(crate) fn goes_on(reader: &Reader<'_>, draft: &Draft) -> bool {
    let Some(before) = draft.tokens.0.checked_sub(1) else { return false };
    let word = if reader.mark(before) == Mark::Dash { before.saturating_sub(1) } else { before };
    reader.is(word, Word::Joint) && reader.slice(word, word + 1).to_lowercase() == "далее"
}

/// «май 2022, 2023, 2024», «до 1 июня 2022 и 2023 года»: the same days of each of these years.
pub(crate) fn named_one_by_one(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    // What the years behind it repeat, in `out`.
    let mut group: Option<(usize, usize)> = None;
    let mut years = 0;
    for (index, draft) in drafts.iter().enumerate() {
        let further = further_year(reader, draft).filter(|_| {
            // «май 2022, 2023 год: март» begins with 2023 anew.
            let next = drafts.get(index + 1);
            !next.is_some_and(|next| next.gap == Gap::Nothing && is_yearless(next))
        });
        if let (Some(further), Some(group)) = (further, group.filter(|_| years < LIST)) {
            years += 1;
            repeat(&mut out, group, draft, further);
            continue;
        }
        out.push(*draft);
        years = 0;
        group = of_one_year(draft).then(|| (list_begins(&out), out.len()));
        if let (Some((from, to)), Some(Years::One(year))) = (group, days(draft).map(|(.., end)| end.years))
            && drafts.get(index + 1).is_some_and(|next| further_year(reader, next).is_some())
        {
            out.get_mut(from..to).unwrap_or_default().iter_mut().for_each(|draft| move_to(draft, year));
        }
    }
    *drafts = out;
}

/// Repeats the phrases at `group` for the years of `draft`. Where a year lacks such a day, as 2025 lacks the second of
/// «29 февраля 2024, 2025», the list as a whole is impossible.
fn repeat(out: &mut Vec<Draft>, (from, to): (usize, usize), draft: &Draft, (first, last): (i16, i16)) {
    let group: Vec<Draft> = out.get(from..to.min(out.len())).unwrap_or_default().to_vec();
    for year in first..=last {
        for phrase in &group {
            let mut copy = Draft { tokens: draft.tokens, scope: None, gap: draft.gap, ..*phrase };
            move_to(&mut copy, year);
            if is_impossible(&copy) || copy.form == Form::Impossible {
                let Some(list) = out.get_mut(from) else { return };
                list.form = Form::Impossible;
                list.tokens.1 = draft.tokens.1;
                out.truncate(from + 1);
                return;
            }
            out.push(copy);
        }
    }
}

/// A year behind a comma or «и» that has no preposition of its own.
fn further_year(reader: &Reader<'_>, draft: &Draft) -> Option<(i16, i16)> {
    let listed = matches!(draft.gap, Gap::Comma | Gap::And) && reader.number(draft.tokens.0).is_some();
    let (mode, start, end) = days(draft).filter(|_| listed && draft.plain)?;
    let bare =
        matches!(mode, Mode::At | Mode::Range) && start.grain == Grain::Year && end.grain == Grain::Year;
    match (start.years, end.years) {
        (Years::One(first), Years::One(last))
            if bare && usize::try_from(last - first).is_ok_and(|more| more < LIST) =>
        {
            Some((first, last))
        }
        _ => None,
    }
}

/// Days shorter than a year whose one year is said.
fn of_one_year(draft: &Draft) -> bool {
    days(draft).is_some_and(|(mode, start, end)| {
        mode != Mode::Since
            && !is_long(start.grain)
            && !is_long(end.grain)
            && matches!(end.years, Years::One(_))
            && (start.years == end.years || start.years == Years::Unsaid)
    })
}

/// Where the list begins that the last draft closes with its year: «май, октябрь 2022».
fn list_begins(drafts: &[Draft]) -> usize {
    let mut from = drafts.len().saturating_sub(1);
    while let (Some(first), Some(before)) =
        (drafts.get(from), from.checked_sub(1).and_then(|at| drafts.get(at)))
        && matches!(first.gap, Gap::Comma | Gap::And)
        && is_yearless(before)
        && !is_since(before)
        && drafts.len() - from < LIST
    {
        from -= 1;
    }
    from
}

fn move_to(draft: &mut Draft, year: i16) {
    set_years(draft, Years::One(year));
    if let Form::Dates { mode: Mode::Range, start, .. } = &mut draft.form
        && start.years != Years::Unsaid
    {
        *start = start.with_years(Years::One(year));
    }
}

/// «ежегодно» beside days makes them annual and is no part of its own. «Ежегодно до 1 сентября 2022» is annual from that year on;
/// where several years are said, they say all that «ежегодно» does.
pub(crate) fn every_year(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < drafts.len() {
        if !drafts.get(at).is_some_and(is_every_year) {
            at += 1;
            continue;
        }
        if !mark_yearless(drafts, at) && !mark_dated(reader, drafts, at) {
            at += 1;
            continue;
        }
        let gone = drafts.remove(at);
        if let Some(next) = drafts.get_mut(at) {
            next.gap = next.gap.max(gone.gap).min(if at == 0 { gone.gap } else { Gap::Stop });
        }
    }
    of_some_years(drafts);
}

/// Makes the days without a year around «ежегодно» annual; false where there are none.
fn mark_yearless(drafts: &mut [Draft], at: usize) -> bool {
    let mut marked = false;
    let mut gap = drafts.get(at).map_or(Gap::Stop, |draft| draft.gap);
    for before in drafts.get_mut(..at).unwrap_or_default().iter_mut().rev() {
        if gap > Gap::Open || !is_yearless(before) || is_since(before) || before.annual {
            break;
        }
        before.annual = true;
        marked = true;
        gap = before.gap;
    }
    for after in drafts.get_mut(at + 1..).unwrap_or_default() {
        if after.gap > Gap::Open || !is_yearless(after) || is_since(after) {
            break;
        }
        after.annual = true;
        marked = true;
    }
    marked
}

/// Lets «ежегодно» speak of the days with a year beside it; false where there are none.
fn mark_dated(reader: &Reader<'_>, drafts: &mut [Draft], at: usize) -> bool {
    let Some(&every) = drafts.get(at) else { return false };
    if goes_on(reader, &every) {
        return false;
    }
    let dated = |draft: &&Draft| {
        let spans = days(draft).is_some_and(|(mode, _, end)| {
            mode != Mode::Since && !is_long(end.grain) && matches!(end.years, Years::Span(..))
        });
        (of_one_year(draft) || spans) && !draft.annual
    };
    let after = drafts.get(at + 1..).unwrap_or_default();
    let after = after.iter().take_while(|draft| draft.gap <= Gap::Open).take_while(dated).count();
    let mut gap = every.gap;
    let before = drafts.get(..at).unwrap_or_default().iter().rev();
    let before = before
        .take_while(|draft| std::mem::replace(&mut gap, draft.gap) <= Gap::Open)
        .take_while(dated)
        .count();
    let tight = drafts.get(at + 1).is_some_and(|next| next.gap == Gap::Nothing);
    let place = if after > 0 && (tight || before == 0) { at + 1..at + 1 + after } else { at - before..at };
    let Some(spoken_of) = drafts.get_mut(place).filter(|drafts| !drafts.is_empty()) else { return false };
    let year = |draft: &Draft| days(draft).map(|(.., end)| end.years);
    let first = spoken_of.first().and_then(year);
    let one = matches!(first, Some(Years::One(_))) && spoken_of.iter().all(|draft| year(draft) == first);
    // The year is the first of those that «ежегодно» means: it limits the days.
    let said = spoken_of.iter().rev().find_map(|draft| year_tokens(reader, draft.tokens));
    for draft in spoken_of.iter_mut().filter(|_| one) {
        draft.scope = draft.scope.or(said);
        if let Form::Dates { start, end, .. } = &mut draft.form {
            (*start, *end) = (start.with_years(Years::Unsaid), end.with_years(Years::Unsaid));
        }
        draft.annual = true;
    }
    true
}

/// The year at the end of a phrase, with the word «года» behind it.
fn year_tokens(reader: &Reader<'_>, (from, to): Tokens) -> Option<Tokens> {
    (from..to)
        .rev()
        .find(|&token| reader.number(token).is_some_and(|year| YEARS.contains(&year)))
        .map(|at| (at, to))
}

fn is_every_year(draft: &Draft) -> bool {
    let once = Times { min: Some(1), max: Some(1) };
    match draft.form {
        Form::Again { every, every_max: None, times, within: None } => {
            every == Every { count: 1, unit: Unit::Year } && times.is_none_or(|times| times == once)
        }
        _ => false,
    }
}

/// «ежегодно до 1 сентября, начиная с 2022 года», «до 1 сентября ежегодно (2022–2024)»: the years limit the annual
/// days and are no part of their own.
fn of_some_years(drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < drafts.len() {
        let Some(years) = drafts.get(at).copied().filter(says_years_alone) else {
            at += 1;
            continue;
        };
        let mut taken = false;
        let mut gap = years.gap;
        for before in drafts.get_mut(..at).unwrap_or_default().iter_mut().rev() {
            if gap > Gap::Open || !before.annual || before.scope.is_some() {
                break;
            }
            before.scope = Some(years.tokens);
            taken = true;
            gap = before.gap;
        }
        if !taken
            && let Some(next) = drafts.get_mut(at + 1)
            && next.annual
            && next.gap <= Gap::Comma
            && next.scope.is_none()
        {
            next.scope = Some(years.tokens);
            next.gap = years.gap;
            taken = true;
        }
        if taken {
            drafts.remove(at);
        } else {
            at += 1;
        }
    }
}

/// «с 2022 года», «2022–2024 гг.», «до 2025 года»: years and nothing shorter.
fn says_years_alone(draft: &Draft) -> bool {
    let long = |start: Piece, end: Piece| is_long(end.grain) && is_long(start.grain);
    let said = |(_, start, end): (Mode, Piece, Piece)| {
        long(start, end) && end.years != Years::Unsaid && !draft.annual && draft.scope.is_none()
    };
    days(draft)
        .is_some_and(|found| (is_since(draft) && is_long(found.2.grain) && !draft.annual) || said(found))
}

/// «май 2024-2025», «01.09.2024/2025», «март 22»: which year is meant, or whether it is one, is not said.
pub(crate) fn left_over(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    for at in (1..drafts.len()).rev() {
        let (Some(&date), Some(&words)) = (drafts.get(at - 1), drafts.get(at)) else { continue };
        let alone = words.tokens.1 == words.tokens.0 + 1
            && words.form == Form::Words
            && words.gap == Gap::Nothing
            && days(&date).is_some();
        let year = reader.number(words.tokens.0).is_some_and(|year| YEARS.contains(&year));
        let joined = matches!(reader.mark(date.tokens.1), Mark::Dash | Mark::Slash)
            && date.tokens.1 + 1 == words.tokens.0;
        let short = is_yearless(&date)
            && date.tokens.1 == words.tokens.0
            && matches!(reader.mark(words.tokens.0), Mark::Number { digits: 2, ordinal: false, .. });
        if alone && ((year && joined) || short) {
            drafts.remove(at);
            if let Some(place) = drafts.get_mut(at - 1) {
                *place =
                    Draft { form: Form::Words, tokens: (date.tokens.0, words.tokens.1), scope: None, ..date };
            }
        }
    }
}

/// «до 1 декабря, до 1 февраля следующего года»: the year after the one said before, or after that of the context.
/// «Года, следующего за отчётным» is a condition: the year of the report is not said.
pub(crate) fn next_year(reader: &Reader<'_>, drafts: &mut Vec<Draft>) {
    let mut at = 1;
    while at < drafts.len() {
        let Some((to, plain)) = next_year_words(reader, drafts, at) else {
            at += 1;
            continue;
        };
        let before = at.checked_sub(2).and_then(|before| drafts.get(before)).copied();
        let Some(date) = drafts.get_mut(at - 1) else { return };
        let Some((mode, start, end)) = days(date) else { return };
        let range = mode == Mode::Range;
        let counted = is_yearless(date) || date.inferred;
        // «октябрь – февраль следующего года» goes over New Year as it stands.
        if date.annual || !counted || (plain && range && crosses_new_year(start.first, end.last)) {
            at += 1;
            continue;
        }
        let words = drafts.get(at).map_or((at, at), |words| words.tokens);
        let said = before.and_then(|before| days(&before)).map(|(.., end)| end.years);
        let Some(date) = drafts.get_mut(at - 1) else { return };
        let base = if date.inferred { Some(end.years) } else { said };
        match base {
            _ if !plain => date.form = Form::Condition,
            Some(Years::One(year)) if !range => {
                set_years(date, Years::One(year.saturating_add(1)));
                date.inferred = true;
            }
            _ => date.next_year = true,
        }
        let last = drafts.get(to - 1).map_or(words.1, |last| last.tokens.1);
        if let Some(date) = drafts.get_mut(at - 1) {
            date.tokens.1 = last;
            date.scope = date.scope.or(plain.then_some(words));
        }
        drafts.drain(at..to);
    }
}

/// Are the drafts from `at` on the words «следующего года» behind days? The draft behind them, and whether it is the
/// year of the calendar and nothing more.
fn next_year_words(reader: &Reader<'_>, drafts: &[Draft], at: usize) -> Option<(usize, bool)> {
    let words = drafts.get(at).filter(|draft| draft.form == Form::Words)?;
    let dated = at.checked_sub(1).and_then(|before| drafts.get(before)).and_then(days).is_some();
    if !dated || !matches!(words.gap, Gap::Nothing | Gap::Open) {
        return None;
    }
    let following = |token: usize| {
        let word = reader.slice(token, token + 1).to_lowercase();
        word.starts_with("следующ") || word.starts_with("будущ")
    };
    let (from, to) = words.tokens;
    let next = drafts.get(at + 1);
    if following(from) {
        let year = from + 1 + usize::from(reader.is(from + 1, Word::Plain));
        if reader.year_word(year).is_some_and(|behind| behind >= to) {
            return Some((at + 1, true));
        }
        let school = next.is_some_and(|next| {
            next.gap == Gap::Nothing && matches!(next.form, Form::Ongoing(Span::SchoolYear | Span::Year))
        });
        let names_year = (from..to.min(from + 8)).any(|token| reader.is(token, Word::Year));
        return (names_year || school).then_some((at + 1 + usize::from(!names_year), false));
    }
    // «года, следующего за отчётным»
    let after =
        next.filter(|next| next.form == Form::Words && next.gap == Gap::Comma && following(next.tokens.0));
    (reader.year_word(from) == Some(to) && after.is_some()).then_some((at + 2, false))
}
