//! Which other acts does the text refer to?

use std::sync::LazyLock;

use opora_neutral::Place;
use regex::Regex;

use super::act::{date_in, number_in};
use crate::text::{fold, one_line};
use crate::vocabulary::{Act, ActKind, CitedAct};

/// A noun of an act, and everything up to its number: the authority and the date in either order.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b(?P<noun>(?i:приказ|постановлени|распоряжени|решени|указ|закон|письм|протокол)[а-яё]{0,4})\b
        (?P<before>[^;]{0,260}?)
        (?:№|\bN\b)\s?(?P<number>(?:[А-ЯЁа-яё]{1,5}[-/–])?[0-9]{1,6}(?:\s?[-/–]\s?[0-9А-ЯЁа-яёA-Z]{1,6})*)
        (?P<after>\s*,?\s*от\s+[0-9«][^,;«»№]{4,30}?(?:г\.|года|г\b|\d{4}))?
        ",
    )
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
        from = whole.end();
        let noun = captures.name("noun").map_or("", |noun| noun.as_str());
        let Some(kind) = kind(noun) else { continue };
        let after = captures.name("after").map_or("", |after| after.as_str());
        let number = captures.name("number").and_then(|number| number_in(&format!("№ {}", number.as_str())));
        let date = date_in(before.as_str()).or_else(|| date_in(after));
        let title_end = title_end(text, whole.end());
        let cited = CitedAct {
            kind,
            authority: authority(before.as_str()),
            date,
            number,
            title: title_end.and_then(|end| title(&text[whole.end()..end])),
            text: one_line(&text[whole.start()..title_end.unwrap_or(whole.end())]),
            place: place.clone(),
        };
        if !is_known(&cited, act) {
            act.cited.push(cited);
        }
    }
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
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '»' && c != ')');
    let text = text.strip_suffix(" от").or_else(|| text.strip_suffix("от")).unwrap_or(text);
    // A title in quotation marks between authority and number is not part of the authority.
    let text = text.split(['«', '"']).next().unwrap_or(text).trim().trim_matches([',', ' ']);
    (text.chars().any(char::is_alphabetic)).then(|| text.to_owned())
}

/// End of the title in quotation marks that follows a number, quotation marks within it balanced.
fn title_end(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let open = rest.char_indices().take(12).find(|(_, c)| *c == '«')?.0;
    if rest[..open].chars().any(|c| c.is_alphanumeric() && c != 'г') {
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
