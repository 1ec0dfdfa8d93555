//! Does a text name a day that no calendar has?

use opora_schedule::names_impossible_date;

fn check(text: &str, expected: bool) {
    assert_eq!(names_impossible_date(text), expected, "«{text}»");
}

#[test]
fn a_day_that_its_month_lacks_is_impossible() {
    for text in [
        "31.09.2024",
        "30 февраля",
        "31 ноября 2024 г.",
        "29 февраля 2023 года",
        "29.02.2025",
        "до 31.09",
        "до 31 апреля 2025",
        "с 1 по 31 сентября",
        "31.04-15.05.2025",
        "29 февраля, 1 марта 2023",
        "15.13.2024",
        "13.2024",
        "февраль (до 30 числа)",
        "ежемесячно; отчёт до 31.11.2024",
    ] {
        check(text, true);
    }
}

#[test]
fn other_texts_are_not_impossible() {
    for text in [
        "",
        "29.02.2024",
        "29 февраля",
        "31.10.2024",
        "до 30.09",
        "своевременно",
        "не позднее 25 числа",
        "п. 2.13",
        "до 45.12",
        "2.1",
        "Январь 2023 – декабрь 2021",
    ] {
        check(text, false);
    }
}
