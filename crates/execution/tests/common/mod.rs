//! What do the cases of this room have in common?

#![allow(dead_code, reason = "every test file uses some of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use jiff::civil::{Date, DateTime, date};
use opora_cycle::vocabulary::{Activity, ActivityKey, Plan, Section};
use opora_execution::{Deed, Evidence, Fact, Frame, Occurrence, OccurrenceKey, Party, occurrences};
use opora_schedule::{Context, Period, parse};

/// The plan's year.
pub const YEAR: Period = Period { start: date(2026, 1, 1), end: date(2026, 12, 31) };

pub const FRAME: Frame = Frame { period: YEAR, act_date: None };

pub const HEAD: i64 = 1;
pub const CURATOR: i64 = 2;
pub const COORDINATOR: i64 = 3;

pub fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn at(text: &str) -> DateTime {
    if text.len() == 10 { day(text).at(10, 0, 0, 0) } else { text.parse().expect("a moment") }
}

pub fn key(text: &str) -> OccurrenceKey {
    OccurrenceKey::parse(text).unwrap_or_else(|| panic!("{text} is no key"))
}

pub fn activity(number: u32, schedule: &str) -> Activity {
    let context = Context { period: Some(YEAR), ..Context::default() };
    Activity {
        key: ActivityKey(number),
        number: Some(number.to_string()),
        title: format!("Мероприятие {number}"),
        responsible: Vec::new(),
        schedule: parse(schedule, &context),
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}

/// A plan of one section with activities numbered from one.
pub fn plan(schedules: &[&str]) -> Plan {
    let activities = schedules.iter().zip(1..).map(|(text, number)| activity(number, text)).collect();
    Plan {
        title: "Дорожная карта".to_owned(),
        period: Some(YEAR),
        sections: vec![Section { activities, ..Section::default() }],
        ..Plan::default()
    }
}

/// The occurrences of one activity with this deadline, number 1.
pub fn of(schedule: &str) -> Vec<Occurrence> {
    occurrences(&plan(&[schedule]), &FRAME)
}

/// The only occurrence of an activity due on a day.
pub fn due_on(text: &str) -> Occurrence {
    of(&format!("до {}", day(text).strftime("%d.%m.%Y"))).remove(0)
}

pub fn file() -> Evidence {
    Evidence::File { sha256: "a".repeat(64), name: "отчёт.pdf".to_owned(), bytes: 1_024 }
}

pub fn person(party: Party) -> i64 {
    match party {
        Party::Performer => HEAD,
        Party::Curator => CURATOR,
        Party::Coordinator => COORDINATOR,
    }
}

/// A fact of a short script: `2026-03-01 performer done`, `… curator return плохо`, `… performer ask 2026-04-01`.
pub fn fact(occurrence: OccurrenceKey, line: &str) -> Fact {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (moment, party, deed, rest) = (next(), next(), next(), next().to_owned());
    let party = Party::ALL.into_iter().find(|p| p.slug() == party).unwrap_or_else(|| panic!("{line}"));
    let reason = if rest.is_empty() { "причина".to_owned() } else { rest.clone() };
    let deed = match deed {
        "done" => Deed::Done { text: rest },
        "file" => Deed::EvidenceAdded(file()),
        "link" => Deed::EvidenceAdded(Evidence::Link("https://school.example/otchet".to_owned())),
        "withdraw" => Deed::EvidenceWithdrawn {
            number: rest.parse().expect("a number"),
            reason: "старый".to_owned(),
        },
        "confirm" => Deed::Confirmed,
        "return" => Deed::ReturnedForRework { reason },
        "cancel" => Deed::Cancelled { reason },
        "ask" => Deed::PostponementAsked { to: day(&rest), reason: "болезнь".to_owned() },
        "grant" => Deed::PostponementGranted,
        "refuse" => Deed::PostponementRefused { reason },
        "delegate" => Deed::Delegated { to: rest.parse().expect("an account") },
        "comment" => Deed::Comment { text: reason, mentions: Vec::new() },
        other => panic!("{other} is no deed"),
    };
    Fact { occurrence, by: person(party), party, at: at(moment), deed }
}

pub fn facts(occurrence: OccurrenceKey, script: &[&str]) -> Vec<Fact> {
    script.iter().map(|line| fact(occurrence, line)).collect()
}
