//! What does the checker say about an order as a whole?

use std::collections::HashSet;

use opora_cycle::vocabulary::Order;

use crate::coverage::ComponentCoverage;
use crate::finding::{Finding, Subject};
use crate::rule::Run;
use crate::rules::{rule, rules};
use crate::view::View;

/// A finding that a person has looked at and decided to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Code of the rule, in any case.
    pub code: String,
    /// Only about this thing and its parts; everywhere where `None`.
    pub subject: Option<Subject>,
    /// Why. A suppression without a reason does not work and is itself reported.
    pub reason: String,
}

/// What the checker says about an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Findings in the order of the document, then by code.
    pub findings: Vec<Finding>,
    /// Findings a person has left, each with the reason given.
    pub suppressed: Vec<(Finding, String)>,
    /// Which activities cover each component of the management cycle; all nine, in order.
    pub coverage: Vec<ComponentCoverage>,
}

/// The suppressions with what they did.
pub(crate) struct Judged<'a> {
    /// As given.
    pub suppressions: &'a [Suppression],
    /// Whether each suppressed anything.
    pub used: Vec<bool>,
}

/// Checks an order by all the rules.
pub fn check(order: &Order, suppressions: &[Suppression]) -> Report {
    let view = View::new(order);
    let mut found: Vec<Finding> = Vec::new();
    for rule in rules() {
        if let Run::Order(run) = rule.run {
            found.extend(run(&view).into_iter().map(|draft| rule.sign(draft, &view)));
        }
    }
    drop_silenced(&mut found, &view);

    let mut judged = Judged { suppressions, used: vec![false; suppressions.len()] };
    let (mut findings, mut suppressed) = (Vec::new(), Vec::new());
    for finding in found {
        match judged.reason_for(&finding, &view) {
            Some(reason) => suppressed.push((finding, reason)),
            None => findings.push(finding),
        }
    }
    for rule in rules() {
        if let Run::Suppressions(run) = rule.run {
            findings.extend(run(&judged).into_iter().map(|draft| rule.sign(draft, &view)));
        }
    }
    findings.sort_by_cached_key(|finding| (view.position(finding.subject), finding.code));
    suppressed.sort_by_cached_key(|(finding, _)| (view.position(finding.subject), finding.code));
    Report { findings, suppressed, coverage: view.coverage().to_vec() }
}

impl Judged<'_> {
    /// The reason of the first working suppression that covers the finding; every one that covers it counts as used.
    fn reason_for(&mut self, finding: &Finding, view: &View<'_>) -> Option<String> {
        let mut reason = None;
        for (suppression, used) in self.suppressions.iter().zip(&mut self.used) {
            let covers = suppression.code.trim().eq_ignore_ascii_case(finding.code)
                && suppression.subject.is_none_or(|subject| view.contains(subject, finding.subject));
            if covers && !suppression.reason.trim().is_empty() {
                *used = true;
                reason.get_or_insert_with(|| suppression.reason.trim().to_owned());
            }
        }
        reason
    }
}

/// Drops findings that a more precise rule has made needless.
fn drop_silenced(found: &mut Vec<Finding>, view: &View<'_>) {
    let silenced: HashSet<(&'static str, Subject)> = found
        .iter()
        .filter_map(|finding| rule(finding.code).map(|rule| (rule, finding.subject)))
        .flat_map(|(rule, subject)| rule.silences.iter().map(move |code| (*code, subject)))
        .collect();
    if silenced.is_empty() {
        return;
    }
    found.retain(|finding| {
        view.around(finding.subject).all(|subject| !silenced.contains(&(finding.code, subject)))
    });
}
