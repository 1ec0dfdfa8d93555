//! Is the committed JSON Schema the one of this code, and does everything written fit it?
//!
//! After a change of the wire form: `OPORA_UPDATE_SCHEMA=1 cargo test -p opora-exchange --test schema`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

mod generate;

use std::path::PathBuf;

use opora_exchange::{order_schema, schedule_schema, schedule_to_json, to_json};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

fn committed(name: &str) -> PathBuf {
    PathBuf::from("../../docs/schema").join(name)
}

fn check(name: &str, generated: &Value) {
    let text = format!("{}\n", serde_json::to_string_pretty(generated).unwrap());
    let path = committed(name);
    if std::env::var_os("OPORA_UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/schema/{name} is not the schema of this code. If the change is meant, run:\n    \
         OPORA_UPDATE_SCHEMA=1 cargo test -p opora-exchange --test schema"
    );
}

#[test]
fn the_order_schema_is_committed() {
    check("order.schema.json", &order_schema());
}

#[test]
fn the_schedule_schema_is_committed() {
    check("schedule.schema.json", &schedule_schema());
}

/// Draws examples, the same ones each time.
fn draw<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn every_order_written_fits_the_schema() {
    let validator = jsonschema::validator_for(&order_schema()).unwrap();
    for order in draw(generate::order(), 60) {
        let json = serde_json::to_value(to_json(&order)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{json:#}");
    }
}

#[test]
fn every_schedule_written_fits_the_schema() {
    let validator = jsonschema::validator_for(&schedule_schema()).unwrap();
    for schedule in draw(generate::schedule(), 300) {
        let json = serde_json::to_value(schedule_to_json(&schedule)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{json:#}");
    }
}

#[test]
fn what_is_no_schedule_does_not_fit() {
    let validator = jsonschema::validator_for(&schedule_schema()).unwrap();
    let part = |part: Value| json!({"text": "", "parts": [part]});
    let fits = |value: &Value| validator.is_valid(value);
    assert!(fits(&part(json!({"kind": "day", "date": "2021-04-01"}))));
    assert!(!fits(&part(json!({"kind": "day"}))), "the date is required");
    assert!(!fits(&part(json!({"kind": "day", "date": "01.04.2021"}))));
    assert!(!fits(&part(json!({"kind": "recurrence", "every": "monthly"}))));
    assert!(!fits(&part(json!({"kind": "sometime"}))));
    assert!(!fits(&json!({"text": "", "parts": []})), "there is always a part");
}
