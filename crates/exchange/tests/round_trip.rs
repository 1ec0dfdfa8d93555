//! Is an order the same after it has travelled?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

mod generate;

use opora_exchange::{
    ExchangeError, ORDER_SCHEMA, OrderJson, ScheduleJson, content_hash, from_json, read_order,
    schedule_from_json, schedule_to_json, to_json, write_order,
};
use opora_schedule::{Kind, Schedule};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_order_survives_the_round_trip(order in generate::order()) {
        let text = write_order(&order).unwrap();
        let back = read_order(&text).unwrap();
        prop_assert_eq!(&back, &order);
        prop_assert_eq!(content_hash(&back), content_hash(&order));
    }

    #[test]
    fn a_schedule_survives_the_round_trip(schedule in generate::schedule()) {
        let text = serde_json::to_string(&schedule_to_json(&schedule)).unwrap();
        let json: ScheduleJson = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(schedule_from_json(json).unwrap(), schedule);
    }

    #[test]
    fn foreign_text_is_refused_and_never_breaks_the_reader(text in ".{0,80}") {
        prop_assert!(read_order(&text).is_err());
    }
}

/// A small order in its wire form, with everything that is optional left out.
fn small() -> Value {
    json!({
        "schema": ORDER_SCHEMA,
        "source": {"name": "plan.txt", "sha256": "00", "format": "text"},
        "act": {},
        "plans": [{"title": "План", "sections": [{"title": "", "activities": [
            {"key": 1, "title": "Совещание", "schedule": {"text": "", "parts": [{"kind": "missing"}]}}
        ]}]}]
    })
}

fn read(value: &Value) -> Result<opora_cycle::vocabulary::Order, ExchangeError> {
    read_order(&value.to_string())
}

#[test]
fn optional_fields_may_be_absent() {
    let order = read(&small()).unwrap();
    assert_eq!(order.plans[0].sections[0].activities[0].title, "Совещание");
    assert!(order.programme.is_none());
}

#[test]
fn indicators_without_groups_are_grouped_by_neighbours() {
    let mut value = small();
    let indicator = |group: &str, title: &str| json!({"group": group, "title": title});
    value["indicators"] = json!([indicator("Кадры", "а"), indicator("Кадры", "б"), indicator("Услуги", "в")]);
    let groups = read(&value).unwrap().indicators;
    let sizes: Vec<_> = groups.iter().map(|g| (g.group.as_str(), g.indicators.len())).collect();
    assert_eq!(sizes, [("Кадры", 2), ("Услуги", 1)]);
}

/// The value at a JSON pointer is replaced, and the refusal must name the field and the value.
fn refused(pointer: &str, replacement: Value, expected: &[&str]) {
    let mut value = small();
    *value.pointer_mut(pointer).unwrap() = replacement;
    let message = read(&value).unwrap_err().to_string();
    for piece in expected {
        assert!(message.contains(piece), "{message} lacks {piece}");
    }
}

#[test]
fn what_has_no_meaning_is_refused_in_russian() {
    let activity = "/plans/0/sections/0/activities/0";
    let parts = format!("{activity}/schedule/parts");
    let field = "plans[0].sections[0].activities[0].schedule.parts[0]";
    refused("/schema", json!("opora.order/2"), &["opora.order/2", "неизвестна", "Обновите программу"]);
    refused("/schema", json!(null), &["нет поля «schema»"]);
    refused("/act", json!({"kind": "ордер"}), &["act.kind", "ордер", "приказ"]);
    refused("/act", json!({"date": "01.04.2021"}), &["act.date", "01.04.2021", "2021-04-01"]);
    refused("/source/format", json!("exe"), &["source.format", "exe"]);
    refused(&parts, json!([]), &["schedule.parts", "missing"]);
    refused(&parts, json!([{"kind": "day", "date": "2021-02-30"}]), &[field, "2021-02-30"]);
    refused(&parts, json!([{"kind": "day", "date": "20210401"}]), &["20210401"]);
    refused(&parts, json!([{"kind": "deadline", "end": "--02-30"}]), &["--02-30"]);
    for every in ["P0M", "P", "PW", "P-1M", "P+1M", "1M", "P1H", "P99999D", "P1М"] {
        refused(&parts, json!([{"kind": "recurrence", "every": every}]), &["длительность", every]);
    }
    refused(&parts, json!([{"kind": "sometime"}]), &["не читается"]);
    refused(&format!("{activity}/key"), json!(-1), &["не читается"]);
}

#[test]
fn a_finding_with_a_strange_code_is_refused() {
    let mut value = small();
    let finding = |code: &str| json!([{"code": code, "level": "note", "what": "", "why": "", "mend": ""}]);
    value["findings"] = finding("FILE_EMPTY");
    assert_eq!(read(&value).unwrap().findings[0].code, "FILE_EMPTY");
    value["findings"] = finding("file empty");
    assert!(read(&value).unwrap_err().to_string().contains("findings[0].code"));
}

/// The wire form that the issue asks for, word by word.
fn check(kind: Kind, expected: Value) {
    let part = opora_schedule::Part { kind, scope: None, inferred: opora_schedule::Inferred::default() };
    let schedule = Schedule { text: "…".into(), parts: vec![part] };
    let json = serde_json::to_value(schedule_to_json(&schedule)).unwrap();
    assert_eq!(json, json!({"text": "…", "parts": [expected]}));
}

#[test]
fn kinds_are_written_as_agreed() {
    use jiff::civil::date;
    use opora_schedule::{Every, MonthDay, Span, Times, Unit, When, Within};
    let day = |y, m, d| When::Date(date(y, m, d));
    let month_day = |month, day| When::MonthDay(MonthDay { month, day });
    let every = |count, unit| Every { count, unit };
    check(Kind::Day(day(2021, 4, 1)), json!({"kind": "day", "date": "2021-04-01"}));
    check(
        Kind::Deadline { end: month_day(9, 1), annual: true },
        json!({"kind": "deadline", "end": "--09-01", "annual": true}),
    );
    check(
        Kind::Interval { start: day(2021, 3, 1), end: day(2021, 3, 31), annual: false },
        json!({"kind": "interval", "start": "2021-03-01", "end": "2021-03-31"}),
    );
    check(
        Kind::Recurrence {
            every: every(3, Unit::Week),
            every_max: Some(every(4, Unit::Week)),
            times: Some(Times { min: Some(1), max: None }),
            within: Some(Within { start: month_day(9, 1), end: month_day(5, 31) }),
        },
        json!({"kind": "recurrence", "every": "P3W", "every_max": "P4W", "times": {"min": 1},
               "within": {"start": "--09-01", "end": "--05-31"}}),
    );
    check(Kind::Ongoing(Span::SchoolYear), json!({"kind": "ongoing", "span": "school_year"}));
    check(Kind::Condition("по мере".into()), json!({"kind": "condition", "text": "по мере"}));
    check(Kind::ExternalPlan("план".into()), json!({"kind": "external_plan", "name": "план"}));
    check(
        Kind::Relative { after: "утверждения".into(), duration: every(10, Unit::WorkingDay) },
        json!({"kind": "relative", "after": "утверждения", "duration": "P10D", "working_days": true}),
    );
    check(
        Kind::Relative { after: "начала".into(), duration: every(1, Unit::SchoolYear) },
        json!({"kind": "relative", "after": "начала", "duration": "P1Y", "school_year": true}),
    );
    check(Kind::Missing, json!({"kind": "missing"}));
    check(Kind::Unrecognised("ээ".into()), json!({"kind": "unrecognised", "text": "ээ"}));
}

#[test]
fn the_hash_is_of_the_content_alone() {
    let order = read(&small()).unwrap();
    let mut other = order.clone();
    assert_eq!(content_hash(&order), content_hash(&other));
    other.plans[0].sections[0].activities[0].title.push('!');
    assert_ne!(content_hash(&order), content_hash(&other));
    let json: OrderJson = to_json(&order);
    assert_eq!(from_json(json).unwrap(), order);
}
