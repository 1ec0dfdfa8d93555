//! Do facts stay with their occurrence when the schedule is edited?

mod common;

use std::collections::BTreeSet;

use common::{FRAME, fact, key, of, plan};
use opora_execution::{Fact, Ledger, Reattached, occurrences};
use proptest::prelude::*;

/// Facts under `keys` and where they stand once the schedule of activity 1 reads so: `key → key`, `key → orphan`.
#[track_caller]
fn check(schedule: &str, keys: &[&str], expected: &[&str]) {
    let occurrences = of(schedule);
    let facts: Vec<Fact> = keys.iter().map(|text| fact(key(text), "2026-05-01 performer done")).collect();
    let ledger = Ledger::of(&occurrences, &facts, &[]);
    let mut found: Vec<String> =
        ledger.moved.iter().map(|moved| format!("{} → {}", moved.from, moved.to)).collect();
    found.extend(ledger.orphans.iter().map(|orphan| format!("{} → orphan", orphan.key)));
    assert_eq!(found, expected, "{schedule}");
}

#[test]
fn an_unchanged_schedule_moves_nothing() {
    check("до 30 мая, до 15 декабря", &["1/2026-05-30", "1/2026-12-15"], &[]);
    check("по мере необходимости", &["1/undated"], &[]);
}

#[test]
fn the_only_deadline_takes_its_facts_along() {
    check("до 15 октября", &["1/2026-05-30"], &["1/2026-05-30 → 1/2026-10-15"]);
    check("по плану института", &["1/2026-05-30"], &["1/2026-05-30 → 1/undated"]);
    check("до 30 мая", &["1/undated"], &["1/undated → 1/2026-05-30"]);
}

#[test]
fn each_of_several_deadlines_goes_to_the_nearest() {
    check(
        "до 15 мая, до 1 декабря",
        &["1/2026-05-30", "1/2026-12-15"],
        &["1/2026-05-30 → 1/2026-05-15", "1/2026-12-15 → 1/2026-12-01"],
    );
}

#[test]
fn days_that_are_shared_decide_before_nearness() {
    // A week at the beginning of a month ends nearer to the end of the month before.
    check(
        "ежемесячно",
        &["1/2026-03-02..2026-03-08"],
        &["1/2026-03-02..2026-03-08 → 1/2026-03-01..2026-03-31"],
    );
    check(
        "до 25 числа ежемесячно",
        &["1/2026-03-01..2026-03-31"],
        &["1/2026-03-01..2026-03-31 → 1/2026-03-25"],
    );
}

#[test]
fn the_most_shared_days_count_even_where_another_end_is_nearer() {
    check(
        "ежемесячно",
        &["1/2026-03-28..2026-04-14"],
        &["1/2026-03-28..2026-04-14 → 1/2026-04-01..2026-04-30"],
    );
}

#[test]
fn what_is_taken_by_shared_days_is_not_taken_again_by_nearness() {
    check(
        "до 15 июня, до 15 декабря",
        &["1/2026-05-30", "1/2026-06-10..2026-06-20"],
        &["1/2026-06-10..2026-06-20 → 1/2026-06-15", "1/2026-05-30 → orphan"],
    );
}

#[test]
fn two_times_never_become_one_by_guessing() {
    // 30 May was struck out; 15 June has facts of its own.
    check("до 15 июня, до 15 декабря", &["1/2026-05-30", "1/2026-06-15"], &["1/2026-05-30 → orphan"]);
    // Both are near to 15 June: the nearer takes it.
    check(
        "до 15 июня, до 15 декабря",
        &["1/2026-05-30", "1/2026-06-10"],
        &["1/2026-06-10 → 1/2026-06-15", "1/2026-05-30 → orphan"],
    );
    check("до 1 марта, до 1 декабря", &["1/2026-07-15"], &["1/2026-07-15 → orphan"]);
}

#[test]
fn orphans_say_why_and_a_person_settles_them() {
    let occurrences = of("до 1 марта, до 1 декабря");
    let facts = [
        fact(key("1/2026-07-15"), "2026-05-01 performer done"),
        fact(key("8/undated"), "2026-05-01 performer done"),
    ];
    let ledger = Ledger::of(&occurrences, &facts, &[]);
    let said: Vec<String> = ledger.orphans.iter().map(|orphan| orphan.russian()).collect();
    assert_eq!(
        said,
        [
            "1 запись о выполнении со сроком 15 июля 2026 не к чему отнести: сроки мероприятия изменились, и такого среди них больше нет. Записи сохранены, укажите, к какому сроку их отнести.",
            "1 запись о выполнении без срока не к чему отнести: мероприятия больше нет в плане. Записи сохранены, укажите, к какому сроку их отнести.",
        ]
    );
    let decided = Reattached { from: key("1/2026-07-15"), to: key("1/2026-12-01") };
    let ledger = Ledger::of(&occurrences, &facts, &[decided]);
    assert_eq!(ledger.orphans.len(), 1);
    assert_eq!(ledger.facts(1).len(), 1);
}

proptest! {
    #[test]
    fn no_fact_is_lost_or_doubled(
        before in prop::sample::select(SCHEDULES),
        after in prop::sample::select(SCHEDULES),
        picks in prop::collection::vec(0..40_usize, 0..30),
    ) {
        let old = occurrences(&plan(&[before, "ежемесячно"]), &FRAME);
        let new = occurrences(&plan(&[after]), &FRAME);
        let facts: Vec<Fact> = picks
            .iter()
            .zip(0..)
            .map(|(pick, number)| Fact {
                by: number,
                ..fact(old[pick % old.len()].key, "2026-05-01 performer comment да")
            })
            .collect();
        let ledger = Ledger::of(&new, &facts, &[]);
        let mut seen: Vec<i64> = (0..new.len()).flat_map(|at| ledger.facts(at)).map(|fact| fact.by).collect();
        seen.extend(ledger.orphans.iter().flat_map(|orphan| &orphan.facts).map(|fact| fact.by));
        let distinct: BTreeSet<i64> = seen.iter().copied().collect();
        prop_assert_eq!(seen.len(), facts.len());
        prop_assert_eq!(distinct.len(), facts.len());
        for at in 0..new.len() {
            prop_assert!(ledger.facts(at).is_sorted_by_key(|fact| fact.by));
        }
        // Facts written under the names they were given stay where they are.
        let renamed: Vec<Fact> = facts
            .iter()
            .map(|fact| {
                let to = ledger.moved.iter().find(|moved| moved.from == fact.occurrence).map(|moved| moved.to);
                Fact { occurrence: to.unwrap_or(fact.occurrence), ..fact.clone() }
            })
            .collect();
        let again = Ledger::of(&new, &renamed, &[]);
        prop_assert!(again.moved.is_empty());
        for at in 0..new.len() {
            prop_assert_eq!(again.facts(at).len(), ledger.facts(at).len());
        }
        if before == after {
            prop_assert!(ledger.moved.is_empty());
            prop_assert!(ledger.orphans.iter().all(|orphan| orphan.key.activity.0 == 2));
        }
    }
}

const SCHEDULES: &[&str] = &[
    "до 30 мая, до 15 декабря",
    "до 15 июня",
    "ежемесячно",
    "еженедельно",
    "1 раз в квартал",
    "не менее 2 раз в год",
    "в течение года",
    "по мере необходимости",
    "март, октябрь",
    "",
];
