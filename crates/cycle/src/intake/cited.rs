//! Which other acts does the text refer to?

use std::sync::LazyLock;

use opora_neutral::Place;
use regex::Regex;

use super::act::{NUMBER_PATTERN, date_in, number_as_written};
use crate::letters::{is_letter, is_letter_or_digit};
use crate::text::{fold, one_line};
use crate::vocabulary::{Act, ActKind, CitedAct};

/// A noun of an act, and everything up to its number: the authority and the date in either order.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x)
        \b(?P<noun>(?i:приказ|постановлени|распоряжени|решени|указ|закон|письм|протокол)[а-яё]{{0,4}})\b
        (?P<before>[^;]{{0,260}}?)
        (?:№|\bN\b)\s?(?P<number>{NUMBER_PATTERN})
        (?P<after>\s*,?\s*от\s+[0-9«][^,;«»№]{{4,30}}?(?:г\.|года|г\b|\d{{4}}))?
        "
    ))
    .ok()
});
/// A further act of the same kind: «, от 05.03.2024 № 77-а», «и от 1 июня 2024 г. № 80».
static FURTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^\s*(?:г\.|года)?\s*(?:,|;|\bи\b|,\s*и\b)\s*от\s+(?P<date>[^,;№N]{{6,40}}?)\s*(?:№|\bN\b)\s?(?P<number>{NUMBER_PATTERN})"
    ))
    .ok()
});
static NOUN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?i:приказ|постановлени|распоряжени|решени|указ|закон|письм|протокол)[а-яё]{0,4}\b").ok()
});

/// Adds the acts that a text cites; the act itself and acts already known are not added again.
pub(super) fn collect(text: &str, place: &Place, act: &mut Act) {
    let Some(pattern) = REFERENCE.as_ref().filter(|_| text.contains(['№', 'N'])) else { return };
    let mut from = 0;
    while let Some(captures) = pattern.captures_at(text, from) {
        let (Some(whole), Some(before)) = (captures.get(0), captures.name("before")) else { break };
        // Another noun of an act in between is nearer to the number: begin again from it.
        let nearer = NOUN.as_ref().and_then(|noun| noun.find_iter(before.as_str()).last());
        if let Some(nearer) = nearer {
            from = before.start() + nearer.start();
            continue;
        }
        let before_date = date_in(before.as_str());
        // «от 01.02.2024 № 45, от 05.03.2024 № 77»: the date behind the number is that of the next act.
        let number_end = captures.name("number").map_or(whole.end(), |number| number.end());
        let end = if before_date.is_some() { number_end } else { whole.end() };
        from = end;
        let noun = captures.name("noun").map_or("", |noun| noun.as_str());
        let Some(kind) = kind(noun) else { continue };
        let after = captures.name("after").map_or("", |after| after.as_str());
        let number = captures.name("number").map(|number| number_as_written(number.as_str()));
        let date = before_date.or_else(|| date_in(after));
        let title_end = title_end(text, end);
        let cited = CitedAct {
            kind,
            authority: authority(before.as_str()),
            date,
            number,
            title: title_end.and_then(|title_end| title(&text[end..title_end])),
            text: one_line(&text[whole.start()..title_end.unwrap_or(end)]),
            place: place.clone(),
        };
        let list = further(text, title_end.unwrap_or(end), &cited);
        for (cited, ends) in std::iter::once((cited, end)).chain(list) {
            from = from.max(ends);
            if !is_known(&cited, act) {
                act.cited.push(cited);
            }
        }
    }
}

/// The acts that follow one of the same kind with a date and a number only, each with the end of its text.
fn further(text: &str, mut from: usize, first: &CitedAct) -> Vec<(CitedAct, usize)> {
    let mut list = Vec::new();
    while let Some(found) = FURTHER.as_ref().and_then(|pattern| pattern.captures(text.get(from..)?)) {
        let (Some(whole), Some(date), Some(number)) =
            (found.get(0), found.name("date"), found.name("number"))
        else {
            break;
        };
        let Some(date) = date_in(date.as_str()) else { break };
        let end = from + whole.end();
        let title_end = title_end(text, end);
        let cited = CitedAct {
            date: Some(date),
            number: Some(number_as_written(number.as_str())),
            title: title_end.and_then(|title_end| title(&text[end..title_end])),
            text: one_line(text[from..title_end.unwrap_or(end)].trim_start_matches([',', ';', ' '])),
            ..first.clone()
        };
        from = title_end.unwrap_or(end);
        list.push((cited, from));
    }
    list
}

/// The kind of the first act that a text names.
pub(super) fn kind_named(text: &str) -> Option<ActKind> {
    kind(NOUN.as_ref()?.find(text)?.as_str())
}

/// The authority between the noun of an act and its date or number.
pub(super) fn authority_named(text: &str) -> Option<String> {
    let noun = NOUN.as_ref()?.find(text)?;
    let rest = &text[noun.end()..];
    authority(rest.split(['№']).next().unwrap_or(rest))
}

fn kind(noun: &str) -> Option<ActKind> {
    let folded = fold(noun);
    ActKind::ALL.into_iter().find(|kind| {
        let stem: String = kind.russian().chars().take(kind.russian().chars().count().min(5)).collect();
        folded.starts_with(stem.trim_end_matches('о'))
    })
}

fn is_known(cited: &CitedAct, act: &Act) -> bool {
    let itself = cited.number.is_some() && cited.number == act.number && cited.date == act.date;
    itself
        || act
            .cited
            .iter()
            .any(|known| known.kind == cited.kind && known.number == cited.number && known.date == cited.date)
}

/// What stands between the noun and the date or number: «Министерства образования Лесного края».
fn authority(before: &str) -> Option<String> {
    let end = opora_schedule::dates_in(before).next().map_or(before.len(), |(range, _)| range.start);
    let text = one_line(&before[..end]);
    let text = text.trim_end_matches(|c: char| !is_letter_or_digit(c) && c != '»' && c != ')');
    let text = text.strip_suffix(" от").or_else(|| text.strip_suffix("от")).unwrap_or(text);
    // A title in quotation marks between authority and number is not part of the authority.
    let text = text.split(['«', '"']).next().unwrap_or(text).trim().trim_matches([',', ' ']);
    (text.chars().any(is_letter)).then(|| text.to_owned())
}

/// End of the title in quotation marks that follows a number, quotation marks within it balanced.
fn title_end(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let open = rest.char_indices().take(12).find(|(_, c)| *c == '«')?.0;
    if rest[..open].chars().any(|c| is_letter_or_digit(c) && c != 'г') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, c) in rest[open..].char_indices().take(600) {
        match c {
            '«' => depth += 1,
            '»' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(from + open + at + c.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

fn title(quoted: &str) -> Option<String> {
    let open = quoted.find('«')?;
    let inner = quoted[open..].trim_start_matches('«');
    let inner = inner.strip_suffix('»').unwrap_or(inner);
    Some(one_line(inner))
}
