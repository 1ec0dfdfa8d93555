//! Where does a text name a person?

use std::ops::Range;

use crate::letters::{in_word_at, in_word_before};

/// Endings of a patronymic.
const PATRONYMIC: [&str; 9] = ["вич", "вна", "чна", "вича", "вичу", "вну", "вны", "вне", "ичу"];

/// The first name at or behind a byte of the text: a surname with initials on either side, or a full name with a
/// patronymic.
pub(super) fn find(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    while let Some(found) = text.get(at..)?.find(is_capital) {
        let start = at + found;
        if !in_word_before(text, start)
            && let Some(end) = name_at(&text[start..])
        {
            return Some(start..start + end);
        }
        at = start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// The length of the name that a text begins with.
fn name_at(text: &str) -> Option<usize> {
    surname_first(text).or_else(|| initials_first(text)).or_else(|| full(text))
}

/// «Лесная И.И.», «Лесная И. И», «ЛеснаяИ.И.».
fn surname_first(text: &str) -> Option<usize> {
    let rest = spaces(surname(text)?);
    let rest = one_space(initial(rest)?);
    let rest = capital(rest)?;
    let end = text.len() - rest.len();
    if in_word_at(text, end) {
        return None;
    }
    let spaced = one_space(rest);
    Some(text.len() - spaced.strip_prefix('.').unwrap_or(spaced).len())
}

/// «И.И. Лесная», «И. Лесная-Речная».
fn initials_first(text: &str) -> Option<usize> {
    let rest = one_space(initial(text)?);
    let surname_at = |rest| {
        let rest = surname(rest)?;
        let end = text.len() - rest.len();
        (!in_word_at(text, end)).then_some(end)
    };
    initial(rest).and_then(|rest| surname_at(one_space(rest))).or_else(|| surname_at(rest))
}

/// «Лесная Ирина Игоревна».
fn full(text: &str) -> Option<usize> {
    let rest = some_spaces(surname(text)?)?;
    let rest = some_spaces(capitalised(rest)?)?;
    let after = capitalised(rest)?;
    let end = text.len() - after.len();
    let patronymic = &rest[..rest.len() - after.len()];
    let told = PATRONYMIC
        .iter()
        .any(|ending| patronymic.strip_suffix(ending).is_some_and(|front| front.chars().nth(1).is_some()));
    (told && !in_word_at(text, end)).then_some(end)
}

fn is_capital(c: char) -> bool {
    matches!(c, 'А'..='Я' | 'Ё')
}

/// What follows a word of a capital and small letters, or two such with a hyphen.
fn surname(text: &str) -> Option<&str> {
    let rest = capitalised(text)?;
    Some(rest.strip_prefix('-').and_then(capitalised).unwrap_or(rest))
}

fn capitalised(text: &str) -> Option<&str> {
    let rest = capital(text)?;
    let after = rest.trim_start_matches(|c| matches!(c, 'а'..='я' | 'ё'));
    (after.len() < rest.len()).then_some(after)
}

fn capital(text: &str) -> Option<&str> {
    text.strip_prefix(is_capital)
}

/// What follows a capital with its full stop.
fn initial(text: &str) -> Option<&str> {
    one_space(capital(text)?).strip_prefix('.')
}

fn one_space(text: &str) -> &str {
    text.strip_prefix(char::is_whitespace).unwrap_or(text)
}

fn spaces(text: &str) -> &str {
    text.trim_start()
}

fn some_spaces(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(find(text, 0).map(|range| &text[range]), expected, "in «{text}»");
    }

    #[test]
    fn names_stand_with_initials_or_with_a_patronymic() {
        check("методист Лесная И.И., куратор", Some("Лесная И.И."));
        check("Лесная И. И", Some("Лесная И. И"));
        check("начальник И.И. Лесная-Речная", Some("И.И. Лесная-Речная"));
        check("директор И. Лесная", Some("И. Лесная"));
        check("возложить на Лесную Ирину Игоревну", Some("Лесную Ирину Игоревну"));
        check("Заместитель Лесной Иван Игоревич", Some("Лесной Иван Игоревич"));
        check("Лесная И.И.", Some("Лесная И.И."));
        check("ЛеснаяИ.И.", Some("ЛеснаяИ.И."));
    }

    #[test]
    fn words_with_capitals_are_no_names() {
        check("Управление образования г. Заречного", None);
        check("МБОУ СОШ № 5 п. Лесной", None);
        check("Ирина Игоревна", None);
        check("Лесной Городской Округ", None);
        check("Центр О.ТСТАЛЫХ", None);
    }

    #[test]
    fn the_search_goes_on_from_any_place() {
        let text = "Ким В.Г., Орлова А.Б.";
        let first = find(text, 0).map_or(0, |range| range.end);
        assert_eq!(find(text, first).map(|range| &text[range]), Some("Орлова А.Б."));
    }
}
