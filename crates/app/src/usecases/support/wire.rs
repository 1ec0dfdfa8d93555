//! How are visits, minutes and windows written down?

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use opora_execution::Assignee;
use opora_execution::meetings::{Decision, MinuteItem};
use opora_execution::visits::{Answer, FollowUp, VisitFinding};
use opora_store::Fact;
use serde_json::{Value, json};

/// A text field; empty where there is none.
pub fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A day.
pub fn day(value: &Value, name: &str) -> Option<Date> {
    value.get(name)?.as_str()?.parse().ok()
}

/// A whole number.
pub fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name)?.as_i64()
}

/// The parts of a list.
pub fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// When a fact was recorded, by the clock of the installation.
pub fn recorded_at(fact: &Fact) -> DateTime {
    fact.at.to_zoned(TimeZone::system()).datetime()
}

/// Who is asked.
pub fn write_assignee(who: &Assignee) -> Value {
    match who {
        Assignee::Account(account) => json!({ "account": account }),
        Assignee::Named(name) => json!({ "name": name }),
    }
}

/// Who is asked, as written.
pub fn read_assignee(value: &Value) -> Assignee {
    number(value, "account").map_or_else(|| Assignee::Named(text(value, "name")), Assignee::Account)
}

/// An answer of a protocol.
pub fn write_answer(answer: &Answer) -> Value {
    match answer {
        Answer::YesNo(yes) => json!(yes),
        Answer::Text(text) => json!(text),
    }
}

/// An answer as written.
pub fn read_answer(value: &Value) -> Option<Answer> {
    match value {
        Value::Bool(yes) => Some(Answer::YesNo(*yes)),
        Value::String(text) => Some(Answer::Text(text.clone())),
        _ => None,
    }
}

/// A finding.
pub fn write_finding(finding: &VisitFinding) -> Value {
    json!({ "text": finding.text, "question": finding.question })
}

/// A finding as written.
pub fn read_finding(value: &Value) -> VisitFinding {
    let question = value.get("question").and_then(Value::as_str).map(str::to_owned);
    VisitFinding { text: text(value, "text"), question }
}

/// A follow-up.
pub fn write_follow_up(follow_up: &FollowUp) -> Value {
    json!({ "text": follow_up.text, "due": follow_up.due.to_string(), "who": write_assignee(&follow_up.who) })
}

/// A follow-up as written.
pub fn read_follow_up(value: &Value) -> Option<FollowUp> {
    let who = read_assignee(value.get("who")?);
    Some(FollowUp { text: text(value, "text"), due: day(value, "due")?, who })
}

/// An item of minutes.
pub fn write_item(item: &MinuteItem) -> Value {
    let decided: Vec<Value> = item.decided.iter().map(write_decision).collect();
    json!({ "title": item.title, "school": item.school, "heard": item.heard, "decided": decided })
}

/// An item of minutes as written.
pub fn read_item(value: &Value) -> MinuteItem {
    MinuteItem {
        title: text(value, "title"),
        school: number(value, "school"),
        heard: text(value, "heard"),
        decided: list(value, "decided").map(read_decision).collect(),
    }
}

fn write_decision(decision: &Decision) -> Value {
    let task = decision.task.as_ref();
    json!({
        "text": decision.text,
        "who": task.map(|(who, _)| write_assignee(who)),
        "due": task.map(|(_, due)| due.to_string()),
    })
}

fn read_decision(value: &Value) -> Decision {
    let who = value.get("who").filter(|who| !who.is_null()).map(read_assignee);
    Decision { text: text(value, "text"), task: who.zip(day(value, "due")) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for who in [Assignee::Account(7), Assignee::Named("Завуч".to_owned())] {
            assert_eq!(read_assignee(&write_assignee(&who)), who);
            let follow_up =
                FollowUp {
                    text: "Провести педсовет".to_owned(), due: date(2026, 12, 1), who: who.clone()
                };
            assert_eq!(read_follow_up(&write_follow_up(&follow_up)), Some(follow_up));
            let item = MinuteItem {
                title: "О сроках".to_owned(),
                school: Some(5),
                heard: "Лапин".to_owned(),
                decided: vec![
                    Decision { text: "Принять к сведению".to_owned(), task: None },
                    Decision { text: "Сдать".to_owned(), task: Some((who, date(2026, 12, 1))) },
                ],
            };
            assert_eq!(read_item(&write_item(&item)), item);
        }
        for answer in [Answer::YesNo(true), Answer::Text("12,5".to_owned())] {
            assert_eq!(read_answer(&write_answer(&answer)), Some(answer));
        }
        let finding = VisitFinding { text: "Отстают".to_owned(), question: Some("team".to_owned()) };
        assert_eq!(read_finding(&write_finding(&finding)), finding);
    }
}
