//! Which items does a list in running text hold?

use std::sync::LazyLock;

use regex::Regex;

use super::numbering::without_bullet;
use crate::letters::is_letter_or_digit;
use crate::text::one_line;

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s.;:])(\d{1,2})\s?[.)]\s*[А-ЯЁA-Z«а-яё]").ok());
static BULLET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[✓•▪●➢]|;\s*[-–—]\s|\n\s*[-–—]\s").ok());

/// Items of a text that may hold several: lines, bullets, or numbers that rise from one.
///
/// Numbers and bullets in front of the items are dropped, closing semicolons too.
pub(super) fn items(text: &str) -> Vec<String> {
    let numbered = rising_numbers(text);
    let mut cuts: Vec<usize> = if numbered.len() >= 2 {
        numbered
    } else {
        let bullets =
            BULLET.as_ref().map(|bullet| bullet.find_iter(text).map(|found| found.start()).collect());
        let mut cuts: Vec<usize> = bullets.unwrap_or_default();
        if cuts.is_empty() {
            cuts = text.match_indices('\n').map(|(at, _)| at).collect();
        }
        cuts
    };
    cuts.insert(0, 0);
    cuts.push(text.len());
    cuts.windows(2).filter_map(|cut| item(text.get(cut[0]..cut[1])?)).collect()
}

/// The items of a text that begins with «1.» and goes on with «2.»; `None` where it does not.
pub(super) fn numbered_items(text: &str) -> Option<Vec<String>> {
    let starts = rising_numbers(text);
    let listed = starts.len() >= 2 && text.get(..*starts.first()?)?.trim().is_empty();
    listed.then(|| items(text))
}

/// One item without its number or bullet and without its closing semicolon; `None` where nothing is left.
pub(super) fn item(text: &str) -> Option<String> {
    let line = one_line(text.trim_start_matches([';', ' ', '\n']));
    let mut bare = line.as_str();
    // «- 1) Сокращение …» has both a bullet and a number.
    while let Some(rest) = without_bullet(bare) {
        bare = rest;
    }
    let bare = bare.trim().trim_end_matches(';').trim_end();
    bare.chars().any(is_letter_or_digit).then(|| bare.to_owned())
}

/// Starts of the numbers 1, 2, 3 … in a text, as far as they rise by one.
fn rising_numbers(text: &str) -> Vec<usize> {
    let Some(pattern) = NUMBER.as_ref() else { return Vec::new() };
    let mut expected = 1;
    let mut starts = Vec::new();
    for captures in pattern.captures_iter(text) {
        let Some(number) = captures.get(1) else { continue };
        if number.as_str().parse() == Ok(expected) {
            starts.push(number.start());
            expected += 1;
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(items(text), expected);
    }

    #[test]
    fn items_are_told_by_numbers_bullets_or_lines() {
        check("1.Рост качества. 2.Доступность образования.", &["Рост качества.", "Доступность образования."]);
        check("✓ первое;✓ второе", &["первое", "второе"]);
        check("– доля педагогов; – доля учителей", &["доля педагогов", "доля учителей"]);
        check("первое;\nвторое.", &["первое", "второе."]);
        check("одна цель на 2021 год", &["одна цель на 2021 год"]);
        check("- 1) Сокращение доли", &["Сокращение доли"]);
    }
}
