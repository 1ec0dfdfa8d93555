//! Why should a person look at a field? Recognition, understanding, findings.

use opora_checks::Subject;
use opora_cycle::vocabulary::{Activity, Column};
use opora_neutral::Level;
use opora_schedule::Kind;

use super::structure::column_name;
use crate::web::state::LoadedPlan;

/// Below this confidence, in per cent, recognised text has to be compared with the source.
pub const CONFIDENT: u8 = 80;

/// Why a field is doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The field.
    pub column: Column,
    /// How much it matters.
    pub level: Level,
    /// One or two sentences.
    pub text: String,
    /// The rule that says so, if it is a finding of the checker.
    pub code: Option<&'static str>,
}

/// The doubts about an activity, by field.
pub fn doubts(plan: &LoadedPlan, activity: &Activity) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = plan
        .findings_of(activity.key)
        .filter_map(|finding| match finding.subject {
            Subject::Activity(_, column) => Some(Doubt {
                column,
                level: finding.level,
                text: finding.what.clone(),
                code: Some(finding.code),
            }),
            _ => None,
        })
        .collect();
    doubts.extend(recognition(activity));
    doubts.extend(understanding(activity, &doubts));
    doubts.sort_by_key(|doubt| (doubt.column, std::cmp::Reverse(doubt.level)));
    doubts
}

/// Something a person should look at, notes apart.
pub fn is_doubtful(doubts: &[Doubt]) -> bool {
    doubts.iter().any(|doubt| doubt.level > Level::Note)
}

fn recognition(activity: &Activity) -> impl Iterator<Item = Doubt> {
    activity.source.iter().filter_map(|cell| {
        let confidence = cell.confidence.filter(|confidence| *confidence < CONFIDENT)?;
        Some(Doubt {
            column: cell.column,
            level: Level::Warning,
            text: format!(
                "Поле «{}» распознано неуверенно ({confidence} %). Сверьте его с источником.",
                column_name(cell.column).to_lowercase()
            ),
            code: None,
        })
    })
}

fn understanding(activity: &Activity, known: &[Doubt]) -> Vec<Doubt> {
    let doubt =
        |level, text: &str| Doubt { column: Column::Schedule, level, text: text.to_owned(), code: None };
    let mut doubts = Vec::new();
    let parts = &activity.schedule.parts;
    let said = known.iter().any(|doubt| doubt.column == Column::Schedule && doubt.code.is_some());
    if !said && parts.iter().any(|part| matches!(part.kind, Kind::Unrecognised(_))) {
        doubts.push(doubt(Level::Warning, "Срок понят не весь. Исправьте его или оставьте как написано."));
    }
    if parts.iter().any(|part| part.inferred.year) {
        doubts
            .push(doubt(Level::Note, "Года в тексте нет: он взят из раздела, периода плана или даты акта."));
    }
    if parts.iter().any(|part| part.inferred.month) {
        doubts.push(doubt(Level::Note, "Месяца в тексте нет: он взят из раздела или периода плана."));
    }
    if parts.iter().any(|part| part.inferred.day) {
        let text = "День назван неточно: он понят так, как показано. Если имелось в виду иное, впишите дату.";
        doubts.push(doubt(Level::Note, text));
    }
    doubts
}
