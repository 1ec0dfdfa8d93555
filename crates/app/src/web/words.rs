//! How are dates, numbers and periods written in Russian on a page?

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_schedule::Period;

pub use opora_schedule::{month_name as month, month_of};

/// «21 июля 2021».
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month_of(date.month()), date.year())
}

/// «21.07.2021».
pub fn date_short(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// «21 июля», and the year only where it is not this year.
pub fn date_near(day: Date, today: Date) -> String {
    if day.year() == today.year() { format!("{} {}", day.day(), month_of(day.month())) } else { date(day) }
}

/// «21 июля 2021, 14:05» by the clock of the machine.
pub fn moment(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::system());
    format!("{}, {:02}:{:02}", date(at.date()), at.hour(), at.minute())
}

/// A period by the coarsest words that say it exactly: «2020–2024 годы», «март – май 2021», «1–15 сентября 2021».
pub fn period(period: &Period) -> String {
    let Period { start, end } = *period;
    if end < start {
        return format!("{} – {}", date(start), date(end));
    }
    let months = start.day() == 1 && end == end.last_of_month();
    let same_year = start.year() == end.year();
    if months && start.month() == 1 && end.month() == 12 {
        return if same_year {
            format!("{} год", end.year())
        } else {
            format!("{}–{} годы", start.year(), end.year())
        };
    }
    if months && start.month() == 9 && end.month() == 8 && end.year() == start.year() + 1 {
        return format!("{}/{} учебный год", start.year(), end.year());
    }
    if months && same_year {
        return if start.month() == end.month() {
            format!("{} {}", month(start.month()), end.year())
        } else {
            format!("{} – {} {}", month(start.month()), month(end.month()), end.year())
        };
    }
    if months {
        return format!("{} {} – {} {}", month(start.month()), start.year(), month(end.month()), end.year());
    }
    if start == end {
        return date(start);
    }
    match (same_year, start.month() == end.month()) {
        (true, true) => format!("{}–{}", start.day(), date(end)),
        (true, false) => format!("{} {} – {}", start.day(), month_of(start.month()), date(end)),
        (false, _) => format!("{} – {}", date(start), date(end)),
    }
}

/// The text with «№» kept on one line with its number.
pub fn kept_together(text: &str) -> String {
    text.replace("№ ", "№\u{a0}")
}

/// The form of a noun that goes with a number: `plural(2, ["план", "плана", "планов"])` is «плана».
pub fn plural(count: usize, forms: [&'static str; 3]) -> &'static str {
    let [one, few, many] = forms;
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// The number with its noun: «5 планов». The space does not break.
pub fn count(count: usize, forms: [&'static str; 3]) -> String {
    format!("{count}\u{a0}{}", plural(count, forms))
}

/// Forms of «мероприятие».
pub const ACTIVITIES: [&str; 3] = ["мероприятие", "мероприятия", "мероприятий"];
/// Forms of «замечание».
pub const FINDINGS: [&str; 3] = ["замечание", "замечания", "замечаний"];
/// Forms of «план».
pub const PLANS: [&str; 3] = ["план", "плана", "планов"];
/// Forms of «день».
pub const DAYS: [&str; 3] = ["день", "дня", "дней"];

/// A size: «12 КБ», «3,4 МБ».
pub fn size(bytes: usize) -> String {
    const KILO: usize = 1024;
    match bytes {
        0..KILO => format!("{bytes} Б"),
        KILO..1_048_576 => format!("{} КБ", bytes.div_ceil(KILO)),
        _ => {
            let tenths = bytes * 10 / 1_048_576;
            format!("{},{} МБ", tenths / 10, tenths % 10)
        }
    }
}

/// «через 3 дня», «сегодня», «вчера», «5 дней назад».
pub fn from_today(day: Date, today: Date) -> String {
    let days = i64::from(today.until(day).map_or(0, |span| span.get_days()));
    let distance = |days: i64| count(usize::try_from(days.abs()).unwrap_or(0), DAYS);
    match days {
        0 => "сегодня".to_owned(),
        1 => "завтра".to_owned(),
        -1 => "вчера".to_owned(),
        2.. => format!("через {}", distance(days)),
        _ => format!("{} назад", distance(days)),
    }
}

/// A text that begins with a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn periods_read_by_the_coarsest_words() {
        fn check(start: Date, end: Date, expected: &str) {
            assert_eq!(period(&Period { start, end }), expected);
        }
        check(day(2021, 1, 1), day(2021, 12, 31), "2021 год");
        check(day(2020, 1, 1), day(2024, 12, 31), "2020–2024 годы");
        check(day(2021, 9, 1), day(2022, 8, 31), "2021/2022 учебный год");
        check(day(2021, 3, 1), day(2021, 3, 31), "март 2021");
        check(day(2021, 3, 1), day(2021, 5, 31), "март – май 2021");
        check(day(2020, 9, 1), day(2021, 5, 31), "сентябрь 2020 – май 2021");
        check(day(2021, 9, 1), day(2021, 9, 15), "1–15 сентября 2021");
        check(day(2021, 9, 10), day(2021, 10, 15), "10 сентября – 15 октября 2021");
        check(day(2023, 1, 1), day(2021, 12, 31), "1 января 2023 – 31 декабря 2021");
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        fn check(number: usize, expected: &str) {
            assert_eq!(plural(number, PLANS), expected, "{number}");
        }
        check(0, "планов");
        check(1, "план");
        check(3, "плана");
        check(11, "планов");
        check(21, "план");
        check(112, "планов");
    }

    #[test]
    fn days_are_told_from_today() {
        fn check(target: Date, expected: &str) {
            assert_eq!(from_today(target, day(2021, 4, 1)), expected);
        }
        check(day(2021, 4, 1), "сегодня");
        check(day(2021, 4, 3), "через 2\u{a0}дня");
        check(day(2021, 3, 27), "5\u{a0}дней назад");
        check(day(2022, 4, 1), "через 365\u{a0}дней");
    }

    #[test]
    fn sizes_are_rounded() {
        fn check(bytes: usize, expected: &str) {
            assert_eq!(size(bytes), expected);
        }
        check(12, "12 Б");
        check(2_000, "2 КБ");
        check(3_600_000, "3,4 МБ");
    }
}
