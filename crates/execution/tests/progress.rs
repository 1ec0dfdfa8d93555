//! How far is a plan, and where does it lead?

mod common;

use common::{FRAME, day, facts, plan};
use opora_execution::{
    Account, Baseline, Fact, Ledger, Outline, Part, Progress, StateKind, by_section, occurrences,
};
use proptest::prelude::*;

/// Progress on a day of a plan whose activity `n` has the n-th deadline and script.
fn progress(activities: &[(&str, &[&str])], today: &str) -> Progress {
    let schedules: Vec<&str> = activities.iter().map(|(schedule, _)| *schedule).collect();
    let occurrences = occurrences(&plan(&schedules), &FRAME);
    let scripted: Vec<Fact> = activities
        .iter()
        .zip(&occurrences)
        .flat_map(|((_, script), occurrence)| facts(occurrence.key, script))
        .collect();
    let ledger = Ledger::of(&occurrences, &scripted, &[]);
    by_section(1, ledger.accounts(), |_| 1, day(today)).remove(0)
}

#[track_caller]
fn check(activities: &[(&str, &[&str])], today: &str, confirmed: (u64, u64), forecast: &str) {
    let progress = progress(activities, today);
    assert_eq!(progress.confirmed(), Part { part: confirmed.0, whole: confirmed.1 });
    assert_eq!(progress.forecast(), forecast);
}

const SETTLED: &[&str] = &["2026-03-11 performer done", "2026-03-12 curator confirm"];

#[test]
fn a_plan_without_dates_has_no_forecast() {
    check(
        &[("по мере необходимости", &[])],
        "2026-06-01",
        (0, 0),
        "Прогноза нет: нет ни одного мероприятия со сроком.",
    );
}

#[test]
fn what_is_confirmed_counts_and_what_is_cancelled_does_not() {
    check(
        &[
            ("до 10 марта", SETTLED),
            ("до 20 марта", &["2026-03-01 coordinator cancel"]),
            ("до 30 мая", &[]),
            ("", &[]),
        ],
        "2026-03-15",
        (1, 2),
        "Выполненное в среднем опаздывает на 1 день. Если так пойдёт и дальше, план закончится 31 мая 2026 вместо 30 мая 2026.",
    );
}

#[test]
fn the_forecast_says_what_it_is_made_of() {
    check(
        &[("до 30 мая", &[])],
        "2026-03-15",
        (0, 1),
        "Пока ничего не просрочено. Последний срок – 30 мая 2026.",
    );
    check(
        &[("до 10 марта", &[]), ("до 30 мая", &[])],
        "2026-03-15",
        (0, 2),
        "Просрочено: 1. Выполненных ещё нет, поэтому сказать, когда план закончится, нельзя. Последний срок – 30 мая 2026.",
    );
    check(
        &[("до 20 марта", SETTLED), ("до 30 мая", &[])],
        "2026-06-15",
        (1, 2),
        "Просрочено: 1, выполнено: 1. Сказать, когда план закончится, пока нельзя. Последний срок – 30 мая 2026.",
    );
    check(
        &[("до 20 марта", SETTLED), ("до 21 марта", SETTLED), ("до 30 марта", &[]), ("до 30 мая", &[])],
        "2026-04-15",
        (2, 4),
        "Выполненное в среднем не опаздывает. Если так пойдёт и дальше, план закончится к 30 мая 2026. Просрочено: 1.",
    );
    check(&[("до 20 марта", SETTLED)], "2026-06-15", (1, 1), "Всё выполнено и подтверждено.");
    check(
        &[("до 20 марта", &SETTLED[..1])],
        "2026-06-15",
        (0, 1),
        "Всё выполнено, 1 мероприятие ждёт подтверждения.",
    );
}

#[test]
fn the_baseline_keeps_the_first_day() {
    let occurrence = common::due_on("2026-05-30");
    let check = |script: &[&str], today: &str, expected: Option<i32>| {
        let facts = facts(occurrence.key, script);
        let baseline = Baseline::of(&occurrence, &Account::of(&facts));
        assert_eq!(baseline.planned, Some(day("2026-05-30")));
        assert_eq!(baseline.slip_days(day(today)), expected, "{script:?}");
    };
    check(&[], "2026-05-30", None);
    check(&[], "2026-06-02", Some(3));
    check(&["2026-05-27 performer done"], "2026-09-01", Some(-3));
    // A granted postponement moves the last day, not the baseline.
    let granted =
        ["2026-05-01 performer ask 2026-06-30", "2026-05-02 curator grant", "2026-06-29 performer done"];
    check(&granted, "2026-09-01", Some(30));
    check(&["2026-05-27 performer done", "2026-05-28 curator return"], "2026-06-01", Some(2));
}

#[test]
fn weights_make_exact_shares() {
    let occurrences = occurrences(&plan(&["до 10 марта", "до 30 мая"]), &FRAME);
    let scripted = facts(occurrences[0].key, SETTLED);
    let ledger = Ledger::of(&occurrences, &scripted, &[]);
    let heavy = by_section(
        1,
        ledger.accounts(),
        |occurrence| if occurrence.key.activity.0 == 1 { 2 } else { 1 },
        day("2026-04-01"),
    );
    assert_eq!(heavy[0].confirmed(), Part { part: 2, whole: 3 });
    assert_eq!(heavy[0].on_time(), Part { part: 2, whole: 2 });
}

proptest! {
    #[test]
    fn the_whole_is_the_sum_of_its_sections(cut in 0..=6_usize, done in prop::collection::vec(any::<bool>(), 6), today in 0..400_i64) {
        let schedules = ["до 10 марта", "до 1 июня", "ежемесячно", "", "до 1 ноября", "март"];
        let activities: Vec<(&str, &[&str])> =
            schedules.iter().zip(&done).map(|(text, done)| (*text, if *done { SETTLED } else { &[][..] })).collect();
        let occurrences = occurrences(&plan(&schedules), &FRAME);
        let scripted: Vec<Fact> = activities
            .iter()
            .zip(1..)
            .filter_map(|((_, script), number)| {
                occurrences.iter().find(|o| o.key.activity.0 == number).map(|o| facts(o.key, script))
            })
            .flatten()
            .collect();
        let today = day("2026-01-01").checked_add(jiff::Span::new().days(today)).expect("a day");
        let all: Vec<_> = Ledger::of(&occurrences, &scripted, &[]).accounts().map(|(o, a)| (o.clone(), a.phase, a)).map(|(o, _, a)| (o, a)).collect();
        let mut parts = [Progress::default(), Progress::default(), Progress::default()];
        for (occurrence, account) in &all {
            let half = usize::from(occurrence.key.activity.0 as usize > cut);
            parts[half].add(&Outline::of(occurrence, account), 3, today);
            parts[2].add(&Outline::of(occurrence, account), 3, today);
        }
        let [first, second, whole] = parts;
        prop_assert_eq!(&first.join(&second), &whole);
        prop_assert_eq!(whole.total(), occurrences.len());
        for part in [whole.confirmed(), whole.carried_out(), whole.on_time()] {
            prop_assert!(part.part <= part.whole);
        }
        let counted: usize = StateKind::ALL.into_iter().map(|kind| whole.count(kind)).sum();
        prop_assert_eq!(counted, whole.total());
    }
}
