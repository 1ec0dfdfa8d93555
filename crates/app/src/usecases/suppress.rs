//! How does a recorded decision to leave a finding reach the checker?

use opora_checks::{Finding, Report, Subject, check};
use opora_cycle::vocabulary::{Column, Order};
use opora_store::Suppression;

/// What the checker says about an order, the recorded decisions considered.
pub fn report(order: &Order, recorded: &[Suppression]) -> Report {
    check(order, &to_checks(order, recorded))
}

/// The recorded decisions as the checker takes them.
pub fn to_checks(order: &Order, recorded: &[Suppression]) -> Vec<opora_checks::Suppression> {
    if recorded.is_empty() {
        return Vec::new();
    }
    let plain = check(order, &[]);
    recorded.iter().flat_map(|decision| as_checked(order, decision, &plain.findings)).collect()
}

/// Most characters of a place's name.
const PLACE_CHARS: usize = 200;

/// The name under which a decision about this subject is recorded, where it is about no activity. It is made of words
/// of the document rather than of indexes, which change with every edit: renamed, a section is another place.
pub fn place(order: &Order, subject: Subject) -> Option<String> {
    let named = |kind: &str, text: Option<&str>| Some(format!("{kind}:{}", text.unwrap_or_default().trim()));
    let place = match subject {
        Subject::Activity(..) | Subject::Suppression(_) => None,
        Subject::Order => Some("order".to_owned()),
        Subject::Act => Some("act".to_owned()),
        Subject::Programme => Some("programme".to_owned()),
        Subject::Plan(_) => Some("plan".to_owned()),
        Subject::Component(component) => Some(format!("component:{}", component.number())),
        Subject::CitedAct(index) => {
            named("cited", order.act.cited.get(index).map(|cited| cited.text.as_str()))
        }
        Subject::Text(index) => named("text", order.unplaced.get(index).map(|item| item.text.as_str())),
        Subject::Mention(index) => {
            named("mention", order.participants.mentions.get(index).map(|mention| mention.text.as_str()))
        }
        Subject::Criterion(index, item) => {
            let items = order.criteria.get(index).map(|criterion| &criterion.indicators);
            named("criterion", items.and_then(|items| items.get(item)).map(|item| item.text.as_str()))
        }
        Subject::Indicator(index, item) => {
            let items = order.indicators.get(index).map(|group| &group.indicators);
            named("indicator", items.and_then(|items| items.get(item)).map(|item| item.text.as_str()))
        }
        Subject::Section(plan, index) => {
            let section = order.plans.get(plan).and_then(|plan| plan.sections.get(index));
            let number = section.and_then(|section| section.number.as_deref()).unwrap_or_default();
            let title = section.map(|section| section.title.as_str()).unwrap_or_default();
            named("section", Some(&format!("{number} {title}")))
        }
    };
    place.map(|place| place.chars().take(PLACE_CHARS).collect())
}

/// A decision is about an activity, whatever the field, about another place, or about the whole plan; the checker wants
/// the subject.
fn as_checked(order: &Order, decision: &Suppression, findings: &[Finding]) -> Vec<opora_checks::Suppression> {
    let to = |subject: Option<Subject>| opora_checks::Suppression {
        code: decision.code.clone(),
        subject,
        reason: decision.reason.clone(),
    };
    let is_meant = |subject: Subject| match (decision.activity, &decision.place) {
        (Some(key), _) => matches!(subject, Subject::Activity(own, _) if own == key),
        (None, Some(wanted)) => place(order, subject).as_ref() == Some(wanted),
        (None, None) => false,
    };
    if decision.activity.is_none() && decision.place.is_none() {
        return vec![to(None)];
    }
    let mut subjects: Vec<Subject> = findings
        .iter()
        .filter(|finding| finding.code.eq_ignore_ascii_case(&decision.code))
        .map(|finding| finding.subject)
        .filter(|subject| is_meant(*subject))
        .collect();
    subjects.dedup();
    if subjects.is_empty() {
        // The finding is gone: the checker says that the decision is no longer needed.
        let gone =
            decision.activity.map_or(Subject::Text(usize::MAX), |key| Subject::Activity(key, Column::Title));
        subjects.push(gone);
    }
    subjects.into_iter().map(|subject| to(Some(subject))).collect()
}
