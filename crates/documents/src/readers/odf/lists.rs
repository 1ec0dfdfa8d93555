//! Which number or bullet stands before an item of a list in an OpenDocument text?

use super::styles::{ListLevel, Styles};
use crate::readers::docx::written;
use crate::xml::Element;
use std::collections::HashMap;

const LEVELS: usize = 10;

/// A list in which a paragraph stands.
#[derive(Clone, Debug)]
pub(super) struct Position {
    style: String,
    /// Counted from one.
    level: usize,
}

/// How far each list style has been counted.
#[derive(Default)]
pub(super) struct Lists {
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    /// An item has begun and its first paragraph has not come yet; a start value of the item.
    fresh: Option<Option<u32>>,
}

impl Lists {
    /// Enters a list; one that does not say it goes on begins anew.
    pub(super) fn enter(&mut self, list: &Element, outer: Option<&Position>) -> Position {
        let own = list.attribute("style-name").map(str::to_owned);
        let style = own.or_else(|| outer.map(|outer| outer.style.clone())).unwrap_or_default();
        let level = outer.map_or(1, |outer| outer.level + 1).min(LEVELS);
        let goes_on =
            list.attribute("continue-numbering") == Some("true") || list.attribute("continue-list").is_some();
        if outer.is_none() && !goes_on {
            self.counters.remove(&style);
        }
        Position { style, level }
    }

    pub(super) fn begin_item(&mut self, start: Option<u32>) {
        self.fresh = Some(start);
    }

    /// The marker of the paragraph that comes now; only the first of an item has one.
    pub(super) fn marker(&mut self, position: &Position, styles: &Styles) -> Option<String> {
        let start = self.fresh.take()?;
        let level = |level: usize| styles.list_level(&position.style, level);
        let counters = self.counters.entry(position.style.clone()).or_default();
        let first = level(position.level).map_or(1, |level| level.start);
        let at = position.level - 1;
        let last = counters.get(at).copied().flatten();
        let value = start.unwrap_or_else(|| last.map_or(first, |last| last.saturating_add(1)));
        for (index, counter) in counters.iter_mut().enumerate().skip(at) {
            *counter = (index == at).then_some(value);
        }
        let here = level(position.level)?;
        if let Some(bullet) = &here.bullet {
            return Some(known_bullet(bullet).to_owned());
        }
        if here.format.is_empty() {
            return None;
        }
        let from = position.level.saturating_sub(here.shown.max(1)) + 1;
        let numbers: Vec<String> = (from..=position.level)
            .map(|index| {
                let level = level(index);
                let value = counters.get(index - 1).copied().flatten();
                number(value.unwrap_or_else(|| level.map_or(1, |level| level.start)), level)
            })
            .collect();
        Some(format!("{}{}{}", here.prefix, numbers.join("."), here.suffix).trim().to_owned())
    }
}

fn number(value: u32, level: Option<&ListLevel>) -> String {
    match level.map_or("1", |level| level.format.as_str()) {
        "I" => written(value, "upperRoman"),
        "i" => written(value, "lowerRoman"),
        "A" => written(value, "upperLetter"),
        "a" => written(value, "lowerLetter"),
        format if format.starts_with('а') => written(value, "russianLower"),
        format if format.starts_with('А') => written(value, "russianUpper"),
        _ => value.to_string(),
    }
}

fn known_bullet(bullet: &str) -> &str {
    match bullet {
        known @ ("–" | "—" | "•" | "✓" | "▪") => known,
        _ => "-",
    }
}
