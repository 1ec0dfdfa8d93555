//! How are days, numbers and lists said in the Russian sentences of this room?

use jiff::civil::Date;
use opora_schedule::month_of;

/// «30 мая 2026».
pub(crate) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), month_of(date.month()), date.year())
}

/// Days from the first to the second, negative where the second is earlier.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// The number with its noun: «5 дней».
pub(crate) fn count(number: usize, forms: [&str; 3]) -> String {
    let [one, few, many] = forms;
    let form = match (number % 10, number % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    };
    format!("{number} {form}")
}

/// A number of days without its sign: «1 день».
pub(crate) fn days(number: i32) -> String {
    count(usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX), ["день", "дня", "дней"])
}

/// Words of a list: «файл, ссылка и число».
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} и {last}", most.join(", ")),
    }
}

/// The text with its first letter in upper case.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The beginning of a long text for one line of a list.
pub(crate) fn short(text: &str, chars_max: usize) -> String {
    let mut letters = text.char_indices();
    match letters.nth(chars_max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, days, list, sentence, short};

    #[test]
    fn nouns_agree_with_their_number() {
        let said: Vec<String> = [1, 2, 5, 11, 21, 112].into_iter().map(days).collect();
        assert_eq!(said, ["1 день", "2 дня", "5 дней", "11 дней", "21 день", "112 дней"]);
        assert_eq!(count(0, ["план", "плана", "планов"]), "0 планов");
    }

    #[test]
    fn lists_and_sentences_read_as_russian() {
        assert_eq!(list(&["файл", "ссылка", "число"]), "файл, ссылка и число");
        assert_eq!(sentence("отчёт"), "Отчёт");
        assert_eq!(short("Посещение школы", 9), "Посещение…");
        assert_eq!(short("Отчёт", 9), "Отчёт");
    }
}
