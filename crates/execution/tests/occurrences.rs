//! Which occurrences does an activity have?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use common::{FRAME, day, key, of, plan};
use opora_execution::{Nature, OccurrenceKey, Undated, Window, occurrences};
use proptest::prelude::*;

/// The kind, the key behind the activity and the first day, of every occurrence.
#[track_caller]
fn check(schedule: &str, expected: &[&str]) {
    let said: Vec<String> = of(schedule)
        .iter()
        .map(|occurrence| {
            let kind = match &occurrence.nature {
                Nature::Dated => "dated",
                Nature::Recurrent => "again",
                Nature::Ongoing => "whole",
                Nature::Undated(_) => "undated",
            };
            let key = occurrence.key.to_string();
            let from = occurrence.window.map(|window| format!(" from {}", window.from)).unwrap_or_default();
            format!("{kind} {}{from}", key.split_once('/').expect("a key").1)
        })
        .collect();
    assert_eq!(said, expected, "{schedule}");
}

#[test]
fn a_date_is_one_occurrence() {
    check("30.05.2026", &["dated 2026-05-30 from 2026-05-30"]);
    check("март", &["dated 2026-03-01..2026-03-31 from 2026-03-01"]);
    check("с 1 по 15 сентября", &["dated 2026-09-01..2026-09-15 from 2026-09-01"]);
}

#[test]
fn a_deadline_opens_after_the_one_before_it() {
    check("до 30 мая", &["dated 2026-05-30 from 2026-01-01"]);
    check(
        "до 30 мая, до 15 декабря",
        &["dated 2026-05-30 from 2026-01-01", "dated 2026-12-15 from 2026-05-31"],
    );
    check(
        "март, до 30 мая, до 15 декабря",
        &[
            "dated 2026-03-01..2026-03-31 from 2026-03-01",
            "dated 2026-05-30 from 2026-01-01",
            "dated 2026-12-15 from 2026-05-31",
        ],
    );
}

#[test]
fn a_date_outside_the_plan_is_kept() {
    check("до 01.03.2027", &["dated 2027-03-01 from 2026-01-01"]);
    check("15.11.2025", &["dated 2025-11-15 from 2025-11-15"]);
}

#[test]
fn a_date_outside_the_plan_does_not_stretch_what_comes_every_year() {
    check(
        "ежегодно до 1 сентября; 01.03.2028",
        &["dated 2026-09-01 from 2026-01-01", "dated 2028-03-01 from 2028-03-01"],
    );
}

#[test]
fn a_recurrence_has_a_window_a_period() {
    check(
        "1 раз в квартал",
        &[
            "again 2026-01-01..2026-03-31 from 2026-01-01",
            "again 2026-04-01..2026-06-30 from 2026-04-01",
            "again 2026-07-01..2026-09-30 from 2026-07-01",
            "again 2026-10-01..2026-12-31 from 2026-10-01",
        ],
    );
    assert_eq!(of("ежемесячно").len(), 12);
}

#[test]
fn a_week_without_a_working_day_asks_nothing() {
    let weeks = of("еженедельно");
    let first: Vec<String> = weeks.iter().take(2).map(|week| week.key.to_string()).collect();
    assert_eq!(first, ["1/2026-01-12..2026-01-18", "1/2026-01-19..2026-01-25"]);
    assert_eq!(weeks.len(), 51);
}

#[test]
fn a_required_number_of_times_is_as_many_occurrences() {
    check(
        "не менее 2 раз в год",
        &["again 2026-01-01..2026-12-31 from 2026-01-01", "again 2026-01-01..2026-12-31.2 from 2026-01-01"],
    );
    assert_eq!(of("не менее 500 раз в год").len(), 1, "more than anybody can report is one");
}

#[test]
fn nobody_reports_every_day() {
    check("ежедневно", &["whole 2026-01-01..2026-12-31 from 2026-01-01"]);
    check("3 раза в неделю", &["whole 2026-01-01..2026-12-31 from 2026-01-01"]);
    check("в течение года, по мере необходимости", &["whole 2026-01-01..2026-12-31 from 2026-01-01"]);
    check("в течение года", &["whole 2026-01-01..2026-12-31 from 2026-01-01"]);
}

#[test]
fn what_has_no_day_is_undated_and_says_why() {
    for (schedule, expected) in [
        ("по мере необходимости", "без срока: по условию «по мере необходимости»"),
        ("по плану работы института", "без срока: срок назовёт план работы института"),
        ("", "без срока: в плане он не указан"),
        ("35.13.2026", "без срока: запись «35.13.2026» не понята"),
        ("Январь 2027 – декабрь 2025", "без срока: запись не даёт ни одного дня, проверьте даты"),
    ] {
        let found = of(schedule);
        let [only] = found.as_slice() else { panic!("{schedule}: {found:?}") };
        assert_eq!(only.window, None);
        let Nature::Undated(why) = &only.nature else { panic!("{schedule}: {only:?}") };
        assert_eq!(why.russian(), expected);
        assert_eq!(only.key, key("1/undated"));
    }
}

#[test]
fn a_condition_beside_a_date_stays_beside_it() {
    let found = of("до 1 мая, далее по мере необходимости");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(matches!(found[1].nature, Nature::Undated(Undated::Condition(_))), "{found:?}");
}

#[test]
fn keys_say_what_they_mean_and_read_back() {
    for text in ["12/2026-05-30", "12/2026-05-01..2026-05-30", "12/undated", "1/undated.2", "12/2026-05-30.3"]
    {
        assert_eq!(key(text).to_string(), text);
    }
    for broken in [
        "",
        "12",
        "12/",
        "x/undated",
        "12/2026-05-30.1",
        "12/2026-02-30",
        "12/2026-05-30..2026-05-01",
        "12/2026-05-30..2026-05-30",
        "012/undated",
        "12/undated..2026-01-01",
    ] {
        assert_eq!(OccurrenceKey::parse(broken), None, "{broken}");
    }
}

proptest! {
    #[test]
    fn every_activity_has_an_occurrence_and_every_key_is_its_own(texts in prop::collection::vec(
        prop_oneof![
            Just("до 30 мая, до 15 декабря".to_owned()),
            Just("ежемесячно, до 1 мая".to_owned()),
            Just("март 2026, март 2026, до 31 марта".to_owned()),
            Just("не менее 3 раз в год".to_owned()),
            "[а-я0-9 .,–-]{0,40}",
        ],
        1..6,
    )) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = occurrences(&plan(&texts), &FRAME);
        for number in 1..=texts.len() {
            let own = found.iter().filter(|o| usize::try_from(o.key.activity.0) == Ok(number));
            prop_assert!(own.count() >= 1);
        }
        let mut keys: Vec<_> = found.iter().map(|o| o.key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), found.len());
        for occurrence in &found {
            prop_assert_eq!(OccurrenceKey::parse(&occurrence.key.to_string()), Some(occurrence.key));
            let is_forward = occurrence.window.is_none_or(|Window { from, due }| from <= due);
            prop_assert!(is_forward);
        }
    }

    #[test]
    fn reading_a_key_never_panics(text in "\\PC{0,40}") {
        let _ = OccurrenceKey::parse(&text);
    }
}

#[test]
fn a_window_holds_its_ends() {
    let window = Window { from: day("2026-05-01"), due: day("2026-05-30") };
    assert!(window.holds(day("2026-05-01")) && window.holds(day("2026-05-30")));
    assert!(!window.holds(day("2026-05-31")));
}
