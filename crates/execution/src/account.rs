//! What do the facts of one occurrence say together?

use jiff::civil::{Date, DateTime};

use crate::fact::{Deed, Evidence, EvidenceKind, Fact};
use crate::permit::{Phase, step};

/// The facts of one occurrence read in their order. Borrowed from them; nothing here is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account<'a> {
    /// Where it stands without the calendar.
    pub phase: Phase,
    /// How many facts there are, comments and passed-over ones included.
    pub facts: usize,
    /// How many of them are comments.
    pub comments: usize,
    /// When its phase last changed.
    pub since: Option<DateTime>,
    /// The last time it was said to be carried out, and by whom; gone when it is returned.
    pub done: Option<(DateTime, i64)>,
    /// When that was confirmed.
    pub confirmed: Option<DateTime>,
    /// Why it was returned, cancelled or not postponed: the last reason given to the performer.
    pub reason: Option<&'a str>,
    /// Proofs in the order of adding, withdrawn ones included.
    pub evidence: Vec<Proof<'a>>,
    /// Another last day that is asked for, and why.
    pub asked: Option<(Date, &'a str)>,
    /// The last day granted instead of that of the schedule.
    pub postponed: Option<Date>,
    /// Account number of whom it was delegated to.
    pub performer: Option<i64>,
}

/// A proof as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof<'a> {
    /// Number from one in the order of adding.
    pub number: u32,
    /// What.
    pub evidence: &'a Evidence,
    /// Account number of whoever added it.
    pub by: i64,
    /// When.
    pub at: DateTime,
    /// Why it does not count any more.
    pub withdrawn: Option<&'a str>,
}

impl<'a> Account<'a> {
    /// Reads facts. One that was not permitted when it came is passed over: [`crate::record`] refuses to record one.
    pub fn of(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut account = Self::default();
        for fact in facts {
            account.add(fact);
        }
        account
    }

    fn add(&mut self, fact: &'a Fact) {
        self.facts += 1;
        let Ok(phase) = step(self.phase, fact.deed.kind(), fact.party) else { return };
        match &fact.deed {
            Deed::Done { .. } => {
                self.done = Some((fact.at, fact.by));
                self.asked = None;
            }
            Deed::EvidenceAdded(evidence) => {
                let number = u32::try_from(self.evidence.len() + 1).unwrap_or(u32::MAX);
                let proof = Proof { number, evidence, by: fact.by, at: fact.at, withdrawn: None };
                self.evidence.push(proof);
            }
            Deed::EvidenceWithdrawn { number, reason } => {
                if let Some(proof) = self.evidence.iter_mut().find(|proof| proof.number == *number) {
                    proof.withdrawn.get_or_insert(reason);
                }
            }
            Deed::Confirmed => self.confirmed = Some(fact.at),
            Deed::ReturnedForRework { reason } => {
                (self.done, self.confirmed) = (None, None);
                self.reason = Some(reason);
            }
            Deed::Cancelled { reason } => {
                self.asked = None;
                self.reason = Some(reason);
            }
            Deed::PostponementAsked { to, reason } => self.asked = Some((*to, reason)),
            Deed::PostponementGranted => {
                self.postponed = self.asked.take().map(|(to, _)| to).or(self.postponed);
            }
            Deed::PostponementRefused { reason } => {
                self.asked = None;
                self.reason = Some(reason);
            }
            Deed::Delegated { to } => self.performer = Some(*to),
            Deed::Comment { .. } => self.comments += 1,
        }
        if phase != self.phase {
            self.since = Some(fact.at);
        }
        self.phase = phase;
    }

    /// Proofs that count.
    pub fn valid_evidence(&self) -> impl Iterator<Item = &Proof<'a>> {
        self.evidence.iter().filter(|proof| proof.withdrawn.is_none())
    }

    /// Kinds of proof that are asked for and not there.
    #[must_use]
    pub fn missing_evidence(&self, required: &[EvidenceKind]) -> Vec<EvidenceKind> {
        let has = |kind| self.valid_evidence().any(|proof| proof.evidence.kind() == kind);
        let mut missing: Vec<EvidenceKind> = required.iter().copied().filter(|kind| !has(*kind)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
