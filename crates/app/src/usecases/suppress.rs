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
    recorded.iter().flat_map(|decision| as_checked(decision, &plain.findings)).collect()
}

/// A decision is about an activity, whatever the field, or about the whole plan; the checker wants the field too.
fn as_checked(decision: &Suppression, findings: &[Finding]) -> Vec<opora_checks::Suppression> {
    let to = |subject: Option<Subject>| opora_checks::Suppression {
        code: decision.code.clone(),
        subject,
        reason: decision.reason.clone(),
    };
    let Some(key) = decision.activity else { return vec![to(None)] };
    let mut subjects: Vec<Subject> = findings
        .iter()
        .filter(|finding| finding.code.eq_ignore_ascii_case(&decision.code))
        .map(|finding| finding.subject)
        .filter(|subject| matches!(subject, Subject::Activity(own, _) if *own == key))
        .collect();
    subjects.dedup();
    if subjects.is_empty() {
        // The finding is gone: the checker says that the decision is no longer needed.
        subjects.push(Subject::Activity(key, Column::Title));
    }
    subjects.into_iter().map(|subject| to(Some(subject))).collect()
}
