//! Which short words do dense views need beyond those every page uses?

use jiff::civil::Weekday;

const MONTHS_SHORT: [&str; 12] =
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];

/// Month in three letters: «апр».
pub fn month_short(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS_SHORT.get(index)).copied().unwrap_or("")
}

/// Day of the week: «понедельник».
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "понедельник",
        Weekday::Tuesday => "вторник",
        Weekday::Wednesday => "среда",
        Weekday::Thursday => "четверг",
        Weekday::Friday => "пятница",
        Weekday::Saturday => "суббота",
        Weekday::Sunday => "воскресенье",
    }
}

/// The text cut to a number of letters at the end of a word, with «…» where something was left out.
pub fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(letters).collect();
    let whole = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(head, _)| head);
    format!("{}…", whole.trim_end_matches([',', ';', ':', '-', '–', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_at_a_word() {
        fn check(text: &str, expected: &str) {
            assert_eq!(shortened(text, 18), expected);
        }
        check("Разработка плана, согласование", "Разработка плана…");
        check("Коротко", "Коротко");
        check("Оченьдлинноесловобезпробелов", "Оченьдлинноесловоб…");
    }

    #[test]
    fn months_and_days_have_names() {
        assert_eq!(
            (month_short(1), month_short(12), month_short(13), month_short(0)),
            ("янв", "дек", "", "")
        );
        assert_eq!(weekday(Weekday::Sunday), "воскресенье");
    }
}
