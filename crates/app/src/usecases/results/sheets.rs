//! On which sheet of its workbook does a fact stand?
//!
//! Recorded beside the file, as the stored facts have rows only. A thing that one sheet alone tells is recorded without
//! its schools: most workbooks have a sheet for a subject or a class.

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::OrganisationId;
use opora_forms::{SheetFacts, Told};
use opora_methodology::About;
use serde_json::{Value, json};

/// The sheets of a file as they are recorded: name and what it tells; `null` where it is the only one.
pub fn to_json(sheets: &[SheetFacts]) -> Value {
    if let [only] = sheets {
        return json!([[only.name, Value::Null]]);
    }
    let mut told_by: BTreeMap<(Told, u16), BTreeSet<usize>> = BTreeMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        for (_, told, year) in &sheet.facts {
            told_by.entry((*told, *year)).or_default().insert(at);
        }
    }
    let one = |sheet: &SheetFacts| {
        let mut schools: BTreeMap<(Told, u16), Vec<u32>> = BTreeMap::new();
        for (school, told, year) in &sheet.facts {
            schools.entry((*told, *year)).or_default().push(school.0);
        }
        let word = |((told, year), schools): (&(Told, u16), &Vec<u32>)| {
            let name = word(*told, *year);
            if told_by.get(&(*told, *year)).is_some_and(|sheets| sheets.len() == 1) {
                return name;
            }
            let schools: Vec<String> = schools.iter().map(u32::to_string).collect();
            format!("{name}@{}", schools.join("."))
        };
        json!([sheet.name, schools.iter().map(word).collect::<Vec<String>>()])
    };
    Value::Array(sheets.iter().map(one).collect())
}

fn word(told: Told, year: u16) -> String {
    match told {
        Told::Procedure(procedure) => format!("p{}:{year}", procedure.packed()),
        Told::Indicator(indicator) => format!("i{}:{year}", indicator.0),
    }
}

/// The sheet a fact of a school stands on, by what is recorded of its file; several, where the logins of the school have
/// a sheet each.
pub fn sheet_of(summary: &Value, school: OrganisationId, about: About, year: u16) -> Option<String> {
    let told = match about {
        About::Procedure(procedure) => Told::Procedure(procedure),
        About::Indicator(indicator) => Told::Indicator(indicator),
    };
    let wanted = word(told, year);
    let school = school.0.to_string();
    let tells = |text: &str| match text.split_once('@') {
        None => text == wanted,
        Some((name, schools)) => name == wanted && schools.split('.').any(|known| known == school),
    };
    let sheets = summary.get("sheets")?.as_array()?;
    let found = sheets.iter().filter(|sheet| match sheet.get(1) {
        Some(Value::Array(facts)) => facts.iter().filter_map(Value::as_str).any(tells),
        _ => true,
    });
    let names: Vec<&str> = found.filter_map(|sheet| sheet.get(0)?.as_str()).collect();
    if names.is_empty() { None } else { Some(names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use opora_cells::Procedure;

    use super::*;

    fn sheet(name: &str, facts: &[(u32, u32, u16)]) -> SheetFacts {
        let fact = |(school, procedure, year): &(u32, u32, u16)| {
            (OrganisationId(*school), Told::Procedure(Procedure::from_packed(*procedure)), *year)
        };
        SheetFacts { name: name.to_owned(), facts: facts.iter().map(fact).collect() }
    }

    #[track_caller]
    fn check(sheets: &[SheetFacts], school: u32, procedure: u32, expected: Option<&str>) {
        let summary = json!({ "sheets": to_json(sheets) });
        let about = About::Procedure(Procedure::from_packed(procedure));
        assert_eq!(sheet_of(&summary, OrganisationId(school), about, 2026).as_deref(), expected, "{summary}");
    }

    #[test]
    fn a_fact_is_found_on_its_sheet() {
        let by_subject = [sheet("5 РУ", &[(1, 10, 2026), (2, 10, 2026)]), sheet("5 МА", &[(1, 11, 2026)])];
        check(&by_subject, 2, 10, Some("5 РУ"));
        check(&by_subject, 1, 11, Some("5 МА"));
        check(&by_subject, 1, 12, None);
        let by_school =
            [sheet("Школа 1", &[(1, 10, 2026)]), sheet("Школа 2", &[(2, 10, 2026), (2, 11, 2026)])];
        check(&by_school, 1, 10, Some("Школа 1"));
        check(&by_school, 2, 10, Some("Школа 2"));
        check(&by_school, 3, 10, None);
        check(&[sheet("Лист1", &[(1, 10, 2026)])], 1, 10, Some("Лист1"));
        check(&[], 1, 10, None);
        let by_login = [sheet("корпус 1", &[(1, 10, 2026)]), sheet("корпус 2", &[(1, 10, 2026)])];
        check(&by_login, 1, 10, Some("корпус 1, корпус 2"));
    }

    #[test]
    fn what_one_sheet_tells_is_recorded_without_schools() {
        let sheets = [sheet("РУ", &[(1, 10, 2026), (2, 10, 2026)]), sheet("МА", &[(1, 11, 2026)])];
        assert_eq!(to_json(&sheets), json!([["РУ", ["p10:2026"]], ["МА", ["p11:2026"]]]));
    }
}
