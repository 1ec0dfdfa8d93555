//! How do findings look to systems of code review? SARIF 2.1.0.

use opora_checks::{Finding, Subject, rules};
use opora_cycle::vocabulary::{ActivityKey, Column};
use opora_neutral::Level;
use serde_json::{Value, json};

use super::check::Checked;

/// The log of one run of the checker over all targets.
pub(super) fn log(checked: &[Checked]) -> Value {
    let descriptors: Vec<Value> = rules()
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "shortDescription": { "text": rule.title },
                "help": { "text": rule.manual, "markdown": rule.manual },
                "defaultConfiguration": { "level": level(rule.level) },
            })
        })
        .collect();
    let results: Vec<Value> = checked
        .iter()
        .flat_map(|checked| {
            let open = checked.report.findings.iter().map(|finding| result(finding, &checked.name, None));
            let left = checked.report.suppressed.iter();
            open.chain(left.map(|(finding, reason)| result(finding, &checked.name, Some(reason))))
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "opora",
                "version": env!("CARGO_PKG_VERSION"),
                "language": "ru",
                "rules": descriptors,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding, name: &str, suppressed: Option<&String>) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": name } });
    if let Some(line) = finding.place.line {
        location["region"] = json!({ "startLine": line });
    }
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.level),
        "message": { "text": finding.message() },
        "locations": [{
            "physicalLocation": location,
            "logicalLocations": [{ "fullyQualifiedName": finding.place.to_string() }],
        }],
    });
    if let Some(reason) = suppressed {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

/// The word of SARIF, and of our JSON, for a level.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The activity and the field a finding is about.
pub(super) fn activity_and_field(subject: Subject) -> (Option<ActivityKey>, Option<&'static str>) {
    let Subject::Activity(key, column) = subject else { return (None, None) };
    let field = match column {
        Column::Number => "number",
        Column::Title => "title",
        Column::Responsible => "responsible",
        Column::Schedule => "schedule",
        Column::Outcome => "outcome",
        Column::TargetGroup => "target_group",
        Column::Other => "other",
    };
    (Some(key), Some(field))
}
