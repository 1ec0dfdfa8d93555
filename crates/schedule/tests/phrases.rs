//! Does the parser read real deadline wordings as a reader of Russian orders would?
//!
//! The cases are in `phrases.txt`: a text, what is known around it in brackets, and a line for what is understood.

mod common;

use common::{context, shown};
use opora_schedule::parse;

#[test]
fn phrases_are_read_as_written_down() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("phrases.txt").lines() {
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        let (case, expected) = line.split_once(" => ").expect("a case has « => »");
        let (text, known) = match case.strip_suffix('}').and_then(|case| case.rsplit_once(" {")) {
            Some((text, known)) => (text, context(known)),
            None => (case, context("")),
        };
        let text = text.replace("<br>", "\n").replace("<nbsp>", "\u{a0}").replace("<shy>", "\u{ad}");
        let text = text.replace("<empty>", "");
        let schedule = parse(&text, &known);
        assert_eq!(schedule.text, text);
        count += 1;
        let read = shown(&schedule);
        if read != expected {
            wrong.push(format!("{case}\n  expected {expected}\n  read     {read}"));
        }
        // The canonical wording says the same.
        let said = schedule.to_string();
        let again = parse(&said, &context(""));
        let parts = |schedule: &opora_schedule::Schedule| {
            schedule.parts.iter().map(|part| (part.kind.clone(), part.scope.clone())).collect::<Vec<_>>()
        };
        if parts(&again) != parts(&schedule) {
            wrong.push(format!("{case}\n  said as  {said}\n  read     {}", shown(&again)));
        }
    }
    assert!(count >= 200, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
