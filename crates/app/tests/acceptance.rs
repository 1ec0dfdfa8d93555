//! Does the main job run on real orders? Needs `OPORA_ORDERS`, the folder with them; `scripts/test.sh` sets it.
//!
//! Only counts and comparisons between formats stand here: the orders name real people.

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::path::PathBuf;
use std::sync::LazyLock;

use opora::usecases::import::read_order;
use opora_cycle::vocabulary::{Activity, Order};
use opora_neutral::Level;
use opora_schedule::{Kind, When};

fn read(name: &str) -> Order {
    let folder = std::env::var_os("OPORA_ORDERS")
        .map(PathBuf::from)
        .expect("OPORA_ORDERS names the folder of real orders; run scripts/test.sh");
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    read_order(name, &bytes)
}

static KIZEL: LazyLock<Order> = LazyLock::new(|| read("kizel-2021-89.txt"));
static KAMENSK: LazyLock<Order> = LazyLock::new(|| read("kamensk-uralsky-2021-104.txt"));
static NEFTEKUMSK: LazyLock<Order> = LazyLock::new(|| read("neftekumsk-2020-212-1.txt"));

fn activities(order: &Order) -> Vec<&Activity> {
    order.plans.iter().flat_map(|plan| plan.activities()).collect()
}

fn letters(text: &str) -> String {
    opora_cycle::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The same activities with the same deadlines, parties and results, whatever the format.
#[track_caller]
fn same(text: &Order, other: &Order) {
    let (expected, found) = (activities(text), activities(other));
    assert_eq!(found.len(), expected.len(), "activities in {}", other.source.name);
    for (expected, found) in expected.iter().zip(found) {
        let place = format!("{} at {}", expected.number.as_deref().unwrap_or("-"), found.place());
        assert_eq!(found.number, expected.number, "{place}");
        assert_eq!(letters(&found.title), letters(&expected.title), "title of {place}");
        assert_eq!(found.schedule.parts, expected.schedule.parts, "deadline of {place}");
        assert_eq!(
            letters(&found.responsible_text()),
            letters(&expected.responsible_text()),
            "parties of {place}"
        );
        let result = |activity: &Activity| activity.outcome.as_deref().map(letters);
        assert_eq!(result(found), result(expected), "result of {place}");
    }
    assert_eq!(other.act.number, text.act.number);
    assert_eq!(other.act.date, text.act.date);
    assert_eq!(other.act.kind, text.act.kind);
    assert_eq!(sections(other), sections(text));
}

fn sections(order: &Order) -> Vec<(usize, Option<i16>)> {
    let sections = order.plans.iter().flat_map(|plan| &plan.sections);
    sections.map(|section| (section.activities.len(), section.year)).filter(|(count, _)| *count > 0).collect()
}

/// Every year of a deadline stands in its text, or is said to be inferred.
#[track_caller]
fn no_date_is_invented(order: &Order) {
    for activity in activities(order) {
        let text = &activity.schedule.text;
        for part in &activity.schedule.parts {
            let whens: Vec<When> = match &part.kind {
                Kind::Day(day) => vec![*day],
                Kind::Deadline { end, .. } => vec![*end],
                Kind::Interval { start, end, .. } => vec![*start, *end],
                _ => Vec::new(),
            };
            for when in whens {
                let When::Date(date) = when else { continue };
                let (long, short) = (date.year().to_string(), format!("{:02}", date.year() % 100));
                assert!(
                    text.contains(&long) || text.contains(&short) || part.inferred.year,
                    "{date} in «{text}»"
                );
            }
        }
    }
}

#[track_caller]
fn nothing_failed(order: &Order) {
    let errors: Vec<String> =
        order.findings.iter().filter(|f| f.level == Level::Error).map(|f| f.message()).collect();
    assert!(errors.is_empty(), "{}: {errors:?}", order.source.name);
}

#[test]
fn the_texts_are_read_whole() {
    for (order, expected, by_section) in [
        (&*KIZEL, 15, vec![5, 6, 4]),
        (&*KAMENSK, 74, vec![23, 14, 3, 8, 7, 8, 11]),
        (&*NEFTEKUMSK, 79, vec![13, 15, 18, 15, 18]),
    ] {
        nothing_failed(order);
        no_date_is_invented(order);
        assert_eq!(order.plans.len(), 1);
        assert_eq!(activities(order).len(), expected, "{}", order.source.name);
        assert_eq!(sections(order).iter().map(|(count, _)| *count).collect::<Vec<_>>(), by_section);
        assert!(order.act.authority.is_some() && order.act.title.is_some() && order.act.signatory.is_some());
        assert!(order.act.control.is_some() && !order.act.cited.is_empty());
        let unrecognised = activities(order)
            .into_iter()
            .filter(|activity| {
                activity.schedule.parts.iter().any(|part| matches!(part.kind, Kind::Unrecognised(_)))
            })
            .count();
        assert_eq!(unrecognised, 0, "deadlines that were not understood in {}", order.source.name);
    }
}

#[test]
fn what_stands_around_the_plans_is_read() {
    let programme = NEFTEKUMSK.programme.as_ref().expect("a passport");
    assert!(programme.period.is_some() && programme.goals.len() == 2);
    assert_eq!(NEFTEKUMSK.criteria.iter().map(|c| c.indicators.len()).collect::<Vec<_>>(), [1, 1, 2, 8]);
    assert_eq!(
        sections(&NEFTEKUMSK).iter().filter_map(|(_, year)| *year).collect::<Vec<_>>(),
        [2020, 2021, 2022, 2023, 2024]
    );
    assert_eq!(KAMENSK.indicators.len(), 4, "four groups of indicators");
    assert_eq!(KAMENSK.participants.schools.len(), 7);
    assert_eq!(KAMENSK.participants.curator_schools.len(), 6);
    assert_eq!(KAMENSK.programme.as_ref().map(|programme| programme.expected_results.len()), Some(9));
    assert_eq!(KIZEL.programme.as_ref().map(|programme| programme.goals.len()), Some(4));
}

#[test]
fn docx_says_the_same_as_text() {
    same(&KIZEL, &read("kizel-2021-89.docx"));
    same(&KAMENSK, &read("kamensk-uralsky-2021-104.docx"));
    same(&NEFTEKUMSK, &read("neftekumsk-2020-212-1.docx"));
}

#[test]
fn pdf_says_the_same_as_text() {
    same(&KAMENSK, &read("kamensk-uralsky-2021-104.pdf"));
    same(&NEFTEKUMSK, &read("neftekumsk-2020-212-1.pdf"));
}

#[test]
fn the_scan_gives_at_least_fourteen_of_fifteen() {
    let scan = read("kizel-2021-89-scan.pdf");
    nothing_failed(&scan);
    let expected = activities(&KIZEL);
    let found = activities(&scan);
    let right = expected
        .iter()
        .filter(|expected| {
            found.iter().any(|found| {
                found.number == expected.number && found.schedule.parts == expected.schedule.parts
            })
        })
        .count();
    assert!(right >= 14, "{right} of {} activities with their deadlines", expected.len());
    assert_eq!(found.len(), expected.len());
}

#[test]
fn the_known_defects_are_found() {
    let codes = |order: &Order| {
        let mut codes: Vec<&str> = opora_checks::check(order, &[]).findings.iter().map(|f| f.code).collect();
        codes.dedup();
        codes
    };
    let neftekumsk = codes(&NEFTEKUMSK);
    for code in ["D101", "D104", "D105", "I101", "I102"] {
        assert!(neftekumsk.contains(&code), "{code} in {neftekumsk:?}");
    }
    let kamensk = codes(&KAMENSK);
    for code in ["D105", "P101", "P102", "D108", "D113", "D114"] {
        assert!(kamensk.contains(&code), "{code} in {kamensk:?}");
    }
}

/// A plan written to a file and read again is the same plan.
#[test]
fn written_plans_read_back() {
    for order in [&*KIZEL, &*KAMENSK, &*NEFTEKUMSK] {
        let document = opora_exchange::plan_document(order, 0);
        let files = [
            ("план.docx", opora_documents::writers::docx(&document).expect("a docx")),
            ("план.xlsx", opora_documents::writers::xlsx(&document).expect("an xlsx")),
        ];
        for (name, bytes) in files {
            let back = read_order(name, &bytes);
            assert_eq!(activities(&back).len(), activities(order).len(), "{name} of {}", order.source.name);
            for (expected, found) in activities(order).iter().zip(activities(&back)) {
                assert_eq!(found.number, expected.number);
                assert_eq!(letters(&found.title), letters(&expected.title));
                assert_eq!(found.schedule.parts, expected.schedule.parts);
                assert_eq!(letters(&found.responsible_text()), letters(&expected.responsible_text()));
            }
        }
    }
}
