//! What did a rule find, and in which thing?

use opora_cycle::vocabulary::{ActivityKey, Column};
use opora_neutral::{Level, Place};

use crate::coverage::Component;

/// One finding of a rule: a stable code, the thing it is about, and three short Russian sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Code of the rule: `D101`.
    pub code: &'static str,
    /// How much it matters; that of the rule, or lower where the case is milder.
    pub level: Level,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands in the source.
    pub place: Place,
    /// What is wrong, with the values as written.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do next.
    pub mend: String,
}

impl Finding {
    /// The three sentences in one line.
    pub fn message(&self) -> String {
        format!("{} {} {}", self.what, self.why, self.mend)
    }
}

/// What a finding is about. All indexes count from zero and point into the order that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The document as a whole.
    Order,
    /// The act.
    Act,
    /// An act referred to: index into `act.cited`.
    CitedAct(usize),
    /// The programme.
    Programme,
    /// A list of schools: index into `participants.mentions`.
    Mention(usize),
    /// An indicator of a criterion: index into `criteria`, index into its `indicators`.
    Criterion(usize, usize),
    /// An indicator of effectiveness: index into `indicators`, index into those of the group.
    Indicator(usize, usize),
    /// Running text outside the structure: index into `unplaced`.
    Text(usize),
    /// A plan: index into `plans`.
    Plan(usize),
    /// A section: index of the plan, index into its `sections`.
    Section(usize, usize),
    /// A field of an activity.
    Activity(ActivityKey, Column),
    /// A component of the management cycle.
    Component(Component),
    /// A suppression: index into those given.
    Suppression(usize),
}
