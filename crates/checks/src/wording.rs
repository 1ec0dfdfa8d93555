//! How is a thing named in a message?

use jiff::civil::Date;
use opora_cycle::vocabulary::{Activity, Section};
use opora_schedule::{Period, month_of};

/// How much of a quoted text a message shows, letters.
const QUOTE_LENGTH: usize = 70;

/// A text in quotation marks on one line, cut at a word when long. Inner quotation marks become „ “.
pub(crate) fn quote(text: &str) -> String {
    format!("«{}»", cut(text).replace('«', "„").replace('»', "“"))
}

/// The end of a text in quotation marks, for titles: they name their years last.
pub(crate) fn quote_end(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((start, _)) = line.char_indices().rev().nth(QUOTE_LENGTH) else { return quote(&line) };
    let tail = line.get(start..).unwrap_or(&line);
    let tail = tail.split_once(' ').map_or(tail, |(_, words)| words);
    format!("«…{}»", tail.replace('«', "„").replace('»', "“"))
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', ';', ',']);
    let Some((end, _)) = line.char_indices().nth(QUOTE_LENGTH) else { return line.to_owned() };
    let head = line.get(..end).unwrap_or(line);
    let head = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    format!("{}…", head.trim_end_matches([',', '.', ';', ':', '–', '-', ' ']))
}

/// An activity by its number and title: «1.12 «Проверка дорожных карт»».
pub(crate) fn name(activity: &Activity) -> String {
    match activity.number.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => format!("{number} {}", quote(&activity.title)),
        None => quote(&activity.title),
    }
}

/// An activity as briefly as can be: its number, or else its title.
pub(crate) fn label(activity: &Activity) -> String {
    match activity.number.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => number.to_owned(),
        None => quote(&activity.title),
    }
}

/// A section: «раздел «2021 год»».
pub(crate) fn section_name(section: &Section) -> String {
    match (&section.number, section.title.trim()) {
        (Some(number), "") => format!("раздел {number}"),
        (_, "") => "раздел без названия".to_owned(),
        (_, title) => format!("раздел {}", quote(title)),
    }
}

/// A day: «1 апреля 2021 года».
pub(crate) fn day(date: Date) -> String {
    format!("{} {} {} года", date.day(), month_of(date.month()), date.year())
}

/// A period: «2021 год», «2020–2024 годы», «с 1 марта 2021 года по 31 мая 2021 года».
pub(crate) fn period(period: Period) -> String {
    let whole_years = (period.start.month(), period.start.day()) == (1, 1)
        && (period.end.month(), period.end.day()) == (12, 31);
    match (whole_years, period.start.year(), period.end.year()) {
        (true, first, last) if first == last => format!("{first} год"),
        (true, first, last) => format!("{first}–{last} годы"),
        (false, ..) => format!("с {} по {}", day(period.start), day(period.end)),
    }
}

/// A list joined by commas, of which at most `most` items are shown.
pub(crate) fn list(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} и ещё {more}"),
    }
}

/// The form of a noun after a number: «1 мероприятие», «2 мероприятия», «5 мероприятий».
pub(crate) fn count(number: usize, one: &str, few: &str, many: &str) -> String {
    let form = match (number % 10, number % 100) {
        (1, tail) if tail != 11 => one,
        (2..=4, tail) if !(12..=14).contains(&tail) => few,
        _ => many,
    };
    format!("{number} {form}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_govern_nouns() {
        let check = |number, expected: &str| {
            assert_eq!(count(number, "школа", "школы", "школ"), expected);
        };
        check(1, "1 школа");
        check(3, "3 школы");
        check(11, "11 школ");
        check(12, "12 школ");
        check(21, "21 школа");
        check(100, "100 школ");
    }

    #[test]
    fn long_and_quoted_texts_are_shown_briefly() {
        assert_eq!(quote("проект «500+»."), "«проект „500+“»");
        let long = "слово ".repeat(40);
        let shown = quote(&long);
        assert_eq!(quote_end("План на 2021 год"), "«План на 2021 год»");
        assert!(quote_end(&format!("{long} на 2021 год")).ends_with("слово на 2021 год»"));
        assert!(shown.ends_with("слово…»") && shown.chars().count() < QUOTE_LENGTH + 4, "{shown}");
    }
}
