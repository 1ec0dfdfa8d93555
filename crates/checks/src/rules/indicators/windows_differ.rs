//! Do the texts of one document look back over different numbers of years?

use std::collections::BTreeMap;

use opora_cycle::text;
use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{count, quote};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "I102",
    name: "windows-differ",
    title: "В одном документе разное число лет",
    level: Level::Note,
    family: Family::Indicators,
    manual: include_str!("windows_differ.md"),
    silences: &[],
    run: Run::Order(find),
};

/// How far from a number of years the word stands that makes it a window: «за последние три года», «три года подряд».
const NEAR: usize = 3;

fn find(view: &View<'_>) -> Vec<Draft> {
    let order = view.order;
    let criteria = order.criteria.iter().enumerate().flat_map(|(index, criterion)| {
        let subject = move |item| Subject::Criterion(index, item);
        criterion.indicators.iter().enumerate().map(move |(item, indicator)| (subject(item), indicator))
    });
    let indicators = order.indicators.iter().enumerate().flat_map(|(index, group)| {
        let subject = move |item| Subject::Indicator(index, item);
        group.indicators.iter().enumerate().map(move |(item, indicator)| (subject(item), indicator))
    });
    let programme = order.programme.iter().flat_map(|programme| {
        let items = programme.goals.iter().chain(&programme.tasks).chain(&programme.expected_results);
        items.map(|item| (Subject::Programme, item))
    });
    let items =
        criteria.chain(indicators).chain(programme).map(|(subject, item)| (subject, item.text.as_str()));
    // In running text only a sentence about indicators says how far the document looks back.
    let texts = order.unplaced.iter().enumerate().flat_map(|(index, text)| {
        text.text
            .split_inclusive(". ")
            .filter(|sentence| is_about_indicators(sentence))
            .map(move |sentence| (Subject::Text(index), sentence))
    });
    let mut windows: BTreeMap<usize, Vec<(Subject, &str)>> = BTreeMap::new();
    for (subject, text) in items.chain(texts) {
        if let Some(years) = window(text) {
            windows.entry(years).or_default().push((subject, text));
        }
    }
    let Some((&usual, at_usual)) = windows.iter().rev().max_by_key(|(_, places)| places.len()) else {
        return Vec::new();
    };
    let usual_example = at_usual.first().map(|(_, text)| quote(text)).unwrap_or_default();
    let rare = windows.iter().filter(|(years, _)| **years != usual);
    rare.filter_map(|(years, places)| {
        let (subject, text) = places.first()?;
        let what = format!(
            "Здесь данные берутся за {}, а в других местах — за {}: {} и {usual_example}.",
            count(*years, "год", "года", "лет"),
            count(usual, "год", "года", "лет"),
            quote(text)
        );
        let why = "Одна и та же школа по одному правилу попадёт в список, а по другому — нет.";
        let mend = "Возьмите один срок наблюдения или объясните, почему он разный.";
        Some(Draft::new(*subject, what, why, mend))
    })
    .collect()
}

/// The sentence speaks of indicators or criteria.
fn is_about_indicators(sentence: &str) -> bool {
    let folded = text::fold(sentence);
    text::words(&folded)
        .any(|word| ["показател", "критери", "индикатор"].iter().any(|stem| word.starts_with(stem)))
}

/// How many years a text looks back.
fn window(raw: &str) -> Option<usize> {
    let folded = text::fold(raw);
    let all: Vec<&str> = text::words(&folded).collect();
    let lists = words();
    let numbers =
        [(2, &lists.two_years), (3, &lists.three_years), (4, &lists.four_years), (5, &lists.five_years)];
    all.iter().enumerate().find_map(|(index, word)| {
        let (years, _) = numbers.into_iter().find(|(_, forms)| forms.has(word))?;
        let after = all.get(index + 1..).unwrap_or_default();
        let has_unit = after.iter().take(NEAR).any(|word| lists.year_units.has(word));
        let before = all.get(index.saturating_sub(NEAR)..index).unwrap_or_default();
        let marked = before.iter().chain(after.iter().take(NEAR)).any(|word| is_mark(word));
        (has_unit && marked).then_some(years)
    })
}

/// «За» is a mark as a whole word only.
fn is_mark(word: &str) -> bool {
    let marks = &words().window_marks;
    marks.has(word) || (word.chars().count() > NEAR && marks.begins(word) && !word.starts_with("за"))
}
