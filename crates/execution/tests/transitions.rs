//! What may be recorded in which phase, and by whom? The whole table, as it is printed in the manual.

mod common;

use std::fmt::Write;

use common::{at, fact, key, person};
use opora_execution::{Account, Deed, DeedKind, Denial, Evidence, Fact, Party, Phase, permitted, step};
use proptest::prelude::*;

#[test]
fn the_table_of_transitions() {
    let mut table = String::from(
        "| состояние | действие | исполнитель | куратор | координатор |\n|---|---|---|---|---|\n",
    );
    for phase in Phase::ALL {
        for deed in DeedKind::ALL {
            let _ = write!(table, "| {} | {} |", phase.russian(), deed.russian());
            for party in Party::ALL {
                let cell = match step(phase, deed, party) {
                    Ok(after) if after == phase => "можно".to_owned(),
                    Ok(after) => format!("→ {}", after.russian()),
                    Err(Denial::Already) => "уже так".to_owned(),
                    Err(Denial::Others(who)) => format!("нет: {who}"),
                    Err(Denial::NotNow(_)) => "сейчас нельзя".to_owned(),
                };
                let _ = write!(table, " {cell} |");
            }
            table.push('\n');
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_refusal_says_what_and_why_in_russian() {
    let mut said = Vec::new();
    for phase in Phase::ALL {
        for deed in DeedKind::ALL {
            for party in Party::ALL {
                if let Err(denial) = step(phase, deed, party) {
                    said.push(denial.russian(phase, deed, party));
                }
            }
        }
    }
    for message in &said {
        assert!(message.ends_with('.') && message.contains(". "), "{message}");
        assert!(!message.contains(|c: char| c.is_ascii_alphabetic()), "{message}");
    }
    said.sort();
    said.dedup();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn buttons_follow_the_table() {
    assert_eq!(
        permitted(Phase::Done, Party::Curator),
        [DeedKind::Confirm, DeedKind::Return, DeedKind::Comment]
    );
    assert_eq!(permitted(Phase::Confirmed, Party::Performer), [DeedKind::Comment]);
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Done { text: String::new() }),
        Just(Deed::EvidenceAdded(Evidence::Minutes("протокол".to_owned()))),
        (1..4_u32).prop_map(|number| Deed::EvidenceWithdrawn { number, reason: "нет".to_owned() }),
        Just(Deed::Confirmed),
        Just(Deed::ReturnedForRework { reason: "нет".to_owned() }),
        Just(Deed::Cancelled { reason: "нет".to_owned() }),
        Just(Deed::PostponementAsked { to: common::day("2026-09-01"), reason: "нет".to_owned() }),
        Just(Deed::PostponementGranted),
        Just(Deed::PostponementRefused { reason: "нет".to_owned() }),
        (5..8_i64).prop_map(|to| Deed::Delegated { to }),
        Just(Deed::Comment { text: "да".to_owned(), mentions: vec![] }),
    ]
}

proptest! {
    #[test]
    fn nothing_is_confirmed_that_was_not_done_and_seen_by_another_party(
        deeds in prop::collection::vec((any_deed(), 0..3_usize), 0..40)
    ) {
        let facts: Vec<Fact> = deeds
            .into_iter()
            .map(|(deed, party)| {
                let party = Party::ALL[party];
                Fact { occurrence: key("1/2026-05-30"), by: person(party), party, at: at("2026-05-01"), deed }
            })
            .collect();
        for end in 0..=facts.len() {
            let account = Account::of(&facts[..end]);
            prop_assert_eq!(account.phase == Phase::Confirmed, account.confirmed.is_some());
            if account.phase == Phase::Confirmed {
                prop_assert!(account.done.is_some_and(|(_, by)| by == common::HEAD));
            }
            prop_assert_eq!(account.phase.is_asked(), account.asked.is_some());
            prop_assert_eq!(account.facts, end);
        }
    }
}

#[test]
fn what_was_not_permitted_is_passed_over() {
    let occurrence = key("1/2026-05-30");
    let facts =
        [fact(occurrence, "2026-05-01 curator confirm"), fact(occurrence, "2026-05-02 performer done")];
    assert_eq!(Account::of(&facts).phase, Phase::Done);
}
