//! Do occurrences, rules, the calendar file and the production calendar agree with a calendar on the wall?

mod common;

use common::{context, period};
use icalendar::parser::{read_calendar, unfold};
use jiff::civil::{Date, date};
use opora_schedule::calendar::{
    add_working_days, is_working_day, last_working_day_on_or_before, working_days_between, year,
};
use opora_schedule::ics::{Component, Entry, calendar};
use opora_schedule::{OCCURRENCES, OccurrenceKind, parse};

/// Occurrences as `2021-03-01..2021-03-31`, a single day as itself.
fn days(text: &str, window: &str, known: &str) -> String {
    let known = context(known);
    let occurrences = parse(text, &known).occurrences(period(window), &known);
    let shown = occurrences.iter().map(|day| {
        if day.start == day.end { day.start.to_string() } else { format!("{}..{}", day.start, day.end) }
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn occurrences_lie_where_the_text_says() {
    let year = "2021-01-01/2021-12-31";
    for (text, window, known, expected) in [
        ("01.04.2021", year, "", "2021-04-01"),
        ("до 01.04.2021", year, "", "2021-04-01"),
        ("до 01.04.2022", year, "", ""),
        ("март – апрель 2021", year, "", "2021-03-01..2021-04-30"),
        ("декабрь 2020 – январь 2021", year, "", "2020-12-01..2021-01-31"),
        ("Январь 2023 – декабрь 2021", "2020-01-01/2025-12-31", "", ""),
        ("март", year, "", ""),
        ("март", year, "year=2021", "2021-03-01..2021-03-31"),
        (
            "ежегодно (август)",
            "2020-01-01/2022-12-31",
            "",
            "2020-08-01..2020-08-31 2021-08-01..2021-08-31 2022-08-01..2022-08-31",
        ),
        ("до 1 сентября ежегодно", "2020-09-02/2022-12-31", "", "2021-09-01 2022-09-01"),
        (
            "ежегодно, декабрь – февраль",
            "2021-01-15/2021-12-15",
            "",
            "2020-12-01..2021-02-28 2021-12-01..2022-02-28",
        ),
        (
            "ежемесячно",
            "2021-01-10/2021-03-05",
            "",
            "2021-01-10..2021-01-31 2021-02-01..2021-02-28 2021-03-01..2021-03-05",
        ),
        (
            "ежеквартально",
            year,
            "",
            "2021-01-01..2021-03-31 2021-04-01..2021-06-30 2021-07-01..2021-09-30 2021-10-01..2021-12-31",
        ),
        (
            "ежеквартально",
            year,
            "period=2021-05-01/2021-08-31",
            "2021-05-01..2021-06-30 2021-07-01..2021-08-31",
        ),
        ("ежемесячно до 25 числа", "2021-01-01/2021-02-28", "", "2021-01-25 2021-02-25"),
        ("ежемесячно до 31 числа", "2021-01-01/2021-02-28", "", "2021-01-31 2021-02-28"),
        ("по средам", "2021-03-01/2021-03-14", "", "2021-03-03 2021-03-10"),
        ("по вторникам и четвергам", "2021-03-01/2021-03-07", "", "2021-03-02 2021-03-04"),
        ("еженедельно", "2021-03-03/2021-03-14", "", "2021-03-03..2021-03-07 2021-03-08..2021-03-14"),
        (
            "ежемесячно с ноября по январь",
            "2021-01-01/2021-12-31",
            "",
            "2021-01-01..2021-01-31 2021-11-01..2021-11-30 2021-12-01..2021-12-31",
        ),
        ("1 раз в 3 месяца", "2021-01-01/2021-06-30", "", "2021-01-01..2021-03-31 2021-04-01..2021-06-30"),
        ("каждый рабочий день", "2021-02-19/2021-02-24", "", "2021-02-19 2021-02-20 2021-02-24"),
        ("в течение года", year, "year=2021", "2021-01-01..2021-12-31"),
        ("в течение года", year, "period=2021-03-01/2023-12-31", "2021-03-01..2021-12-31"),
        ("в течение года", year, "", ""),
        ("в течение учебного года", "2021-01-01/2022-12-31", "act=2021-10-01", "2021-09-01..2022-08-31"),
        ("в течение учебного года", "2020-01-01/2022-12-31", "act=2021-03-29", "2020-09-01..2021-08-31"),
        ("весь период", "2020-01-01/2030-12-31", "period=2021-03-01/2023-12-31", "2021-03-01..2023-12-31"),
        ("постоянно", year, "act=2021-03-29", "2021-03-29..2021-12-31"),
        ("по мере необходимости", year, "year=2021", ""),
        ("по плану", year, "year=2021", ""),
        ("в течение 10 дней после утверждения", year, "year=2021", ""),
        ("-", year, "year=2021", ""),
    ] {
        assert_eq!(days(text, window, known), expected, "{text} in {window} knowing {known}");
    }
}

#[test]
fn a_century_of_days_is_bounded() {
    let known = context("");
    let occurrences = parse("ежедневно", &known).occurrences(period("2000-01-01/2099-12-31"), &known);
    assert_eq!(occurrences.len(), OCCURRENCES);
    assert!(occurrences.iter().all(|day| day.kind == OccurrenceKind::Recurrence));
}

#[test]
fn rules_say_what_rfc_5545_can_say() {
    let window = period("2021-01-01/2023-12-31");
    for (text, expected) in [
        ("ежегодно (август)", "DTSTART;VALUE=DATE:20210801\r\nRRULE:FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=1"),
        ("до 1 сентября ежегодно", "DTSTART;VALUE=DATE:20210901\r\nRRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1"),
        ("ежемесячно", "DTSTART;VALUE=DATE:20210101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1"),
        ("ежемесячно до 25 числа", "DTSTART;VALUE=DATE:20210125\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=25"),
        ("1 раз в 3 месяца", "DTSTART;VALUE=DATE:20210101\r\nRRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1"),
        ("по средам", "DTSTART;VALUE=DATE:20210106\r\nRRULE:FREQ=WEEKLY;BYDAY=WE"),
        (
            "ежемесячно с сентября по май",
            "DTSTART;VALUE=DATE:20210101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=9,10,11,12,1,2,3,4,5",
        ),
        (
            "ежемесячно в 2022 году",
            "DTSTART;VALUE=DATE:20220101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20221231",
        ),
        ("каждый рабочий день", ""),
        ("1 раз в 3-4 недели", ""),
        ("март 2021", ""),
        ("постоянно", ""),
    ] {
        let known = context("");
        let rules = parse(text, &known).rrules(window, &known);
        let shown: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(shown.join(" | "), expected, "{text}");
    }
}

#[test]
fn the_calendar_file_reads_back() {
    let known = context("year=2021");
    let schedule = parse("до 30 мая, 15 декабря 2021 года; март", &known);
    let occurrences = schedule.occurrences(period("2021-01-01/2021-12-31"), &known);
    let summary = "Отчёт, «дорожная карта»; этап 1\nвторая строка \\ конец".repeat(3);
    let entry = Entry {
        uid: "plan-1.2",
        summary: &summary,
        description: "Ответственный: методист",
        url: Some("https://opora.example/activity/12"),
        occurrences: &occurrences,
    };
    let stamp = date(2021, 3, 29).at(10, 5, 0, 0);
    for (component, todos) in [(Component::Event, 0), (Component::TaskForDeadline, 2)] {
        let text = calendar("План школы", &[entry], component, stamp);
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        assert!(text.contains("DTSTAMP:20210329T100500Z\r\n"));
        assert_eq!(
            text,
            calendar("План школы", &[entry], component, stamp),
            "the same entries, the same bytes"
        );
        let unfolded = unfold(&text);
        let read = read_calendar(&unfolded).expect("a calendar");
        assert_eq!(read.components.len(), 3);
        assert_eq!(read.components.iter().filter(|part| part.name == "VTODO").count(), todos);
        let first = &read.components[0];
        let property = |name: &str| first.find_prop(name).map(|property| property.val.to_string());
        assert_eq!(property("DTSTART").as_deref(), Some("20210301"));
        assert_eq!(property("DTEND").as_deref(), Some("20210401"));
        assert_eq!(property("UID").as_deref(), Some("plan-1.2-2-20210301@opora"));
        let read_summary = property("SUMMARY").expect("a summary");
        let plain =
            read_summary.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
        assert_eq!(plain, summary);
        let calendar: icalendar::Calendar = unfolded.parse().expect("a calendar");
        assert_eq!(calendar.components.len(), 3);
    }
}

#[test]
fn working_days_follow_the_decrees() {
    for (day, expected, why) in [
        (date(2021, 2, 20), true, "Saturday whose day off went to 22 February"),
        (date(2021, 2, 22), false, "took it"),
        (date(2021, 2, 24), true, "Wednesday"),
        (date(2021, 12, 31), false, "decree"),
        (date(2020, 12, 31), true, "no decree"),
        (date(2020, 2, 24), false, "23 February was a Sunday"),
        (date(2020, 5, 11), false, "9 May was a Saturday"),
        (date(2022, 5, 2), false, "1 May was a Sunday"),
        (date(2022, 6, 13), false, "12 June was a Sunday"),
        (date(2024, 4, 27), true, "decree"),
        (date(2024, 11, 2), true, "decree"),
        (date(2025, 2, 24), true, "23 February was a Sunday, moved to May by decree"),
        (date(2025, 3, 10), true, "8 March was a Saturday, moved to June by decree"),
        (date(2025, 5, 8), false, "decree"),
        (date(2026, 1, 9), false, "decree"),
        (date(2026, 3, 9), false, "8 March is a Sunday"),
    ] {
        assert_eq!(is_working_day(day), expected, "{day}: {why}");
    }
    // Working days of the official calendars for a five-day week.
    for (of, days) in
        [(2020, 248), (2021, 247), (2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247)]
    {
        let eve = date(of - 1, 12, 31);
        assert_eq!(working_days_between(eve, date(of, 12, 31)), Some(days), "{of}");
        assert!(year(of).decree.is_some());
    }
    assert!(year(2019).decree.is_none(), "a year that was not checked says so");
}

#[test]
fn working_day_arithmetic() {
    let friday = date(2021, 3, 26);
    for (count, expected) in
        [(0, friday), (1, date(2021, 3, 29)), (10, date(2021, 4, 9)), (-5, date(2021, 3, 19))]
    {
        assert_eq!(add_working_days(friday, count), Some(expected), "{count} working days");
        assert_eq!(working_days_between(friday, expected), Some(count));
    }
    assert_eq!(last_working_day_on_or_before(date(2021, 1, 10)), Some(date(2020, 12, 31)));
    assert_eq!(last_working_day_on_or_before(friday), Some(friday));
    assert_eq!(add_working_days(friday, i32::MAX), None);
    assert_eq!(add_working_days(Date::MAX, 1), None);
}
