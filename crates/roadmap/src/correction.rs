//! What does a corrected version change, and for which reasons?

use opora_cycle::vocabulary::Plan;

use crate::{Change, Path, compare};

/// Why something was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeReason {
    /// What: a text, or a whole activity or section with all its texts.
    pub path: Path,
    /// The reason, in the words of who changed it.
    pub text: String,
}

/// A change with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedChange {
    /// The change.
    pub change: Change,
    /// Why; none where nobody said it.
    pub reason: Option<String>,
}

/// The changes of a corrected version with their reasons. A reason of the text itself comes before one of the whole
/// activity or section, a later one before an earlier one; blank ones don't count.
pub fn explained(in_force: &Plan, corrected: &Plan, reasons: &[ChangeReason]) -> Vec<ExplainedChange> {
    let given = |path: &Path| {
        let said = |reason: &&ChangeReason| reason.path == *path && !reason.text.trim().is_empty();
        reasons.iter().rev().find(said).map(|reason| reason.text.trim().to_owned())
    };
    let explain = |change: Change| {
        let reason = given(&change.path).or_else(|| whole(&change.path).and_then(|path| given(&path)));
        ExplainedChange { change, reason }
    };
    compare(in_force, corrected).into_iter().map(explain).collect()
}

/// The whole that a text belongs to.
fn whole(path: &Path) -> Option<Path> {
    match path {
        Path::ActivityField(key, _) => Some(Path::Activity(*key)),
        Path::SectionField(number, _) => Some(Path::Section(*number)),
        Path::PlanTitle | Path::PlanPeriod | Path::Section(_) | Path::Activity(_) => None,
    }
}

impl ExplainedChange {
    /// The change and its reason in one or two Russian sentences.
    pub fn sentence(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{} Причина: {}.", self.change.sentence, reason.trim_end_matches('.')),
            None => format!("{} Причина не названа.", self.change.sentence),
        }
    }
}
