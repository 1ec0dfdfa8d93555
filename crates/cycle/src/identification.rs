//! What happens to a list of schools between the calculation and the decision?
//!
//! A calculation gives a preliminary list. A school replies, with a document when it has one; somebody decides with a
//! reason whether it stays; then the list becomes final. An appeal opens the question of one school again, before or
//! after that. Where a school stands follows from the recorded steps and is stored nowhere.

/// Where a listed school stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Named by the calculation, nothing was said yet.
    #[default]
    Preliminary,
    /// The school has replied and waits for a decision.
    Replied,
    /// It was decided that the school stays in the list.
    Confirmed,
    /// It was decided that the school leaves the list.
    Excluded,
    /// The decision is disputed and waits for another one.
    Appealed,
}

/// What can be done about a listed school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The school replies.
    Reply,
    /// Decided: it stays.
    Confirm,
    /// Decided: it leaves.
    Exclude,
    /// The decision is disputed.
    Appeal,
}

/// All steps with their stable words.
pub const STEPS: [(Step, &str); 4] = [
    (Step::Reply, "reply"),
    (Step::Confirm, "confirm"),
    (Step::Exclude, "exclude"),
    (Step::Appeal, "appeal"),
];

/// The stable word under which it is recorded that a list became final.
pub const FINALISED: &str = "finalise";

impl Step {
    /// The stable word a step is recorded under.
    pub fn word(self) -> &'static str {
        STEPS.iter().find(|(step, _)| *step == self).map_or("", |(_, word)| word)
    }

    /// The step of a stable word.
    pub fn of_word(word: &str) -> Option<Self> {
        STEPS.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }
}

impl Standing {
    /// Where a school stands after a step, or nothing when the step can't be taken from here. The one table of this
    /// life cycle.
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Preliminary | Self::Replied, Step::Reply) => Some(Self::Replied),
            (Self::Preliminary | Self::Replied | Self::Appealed, Step::Confirm) => Some(Self::Confirmed),
            (Self::Preliminary | Self::Replied | Self::Appealed, Step::Exclude) => Some(Self::Excluded),
            (Self::Confirmed | Self::Excluded, Step::Appeal) => Some(Self::Appealed),
            _ => None,
        }
    }

    /// Where a school stands after all its steps. A step that could not be taken is passed over: the store refuses
    /// to record one.
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        steps.into_iter().fold(Self::default(), |standing, step| standing.after(step).unwrap_or(standing))
    }

    /// The school waits for a decision.
    pub fn waits(self) -> bool {
        matches!(self, Self::Replied | Self::Appealed)
    }

    /// The school is in the list when it becomes final: silence is consent.
    pub fn is_listed(self) -> bool {
        self != Self::Excluded
    }
}

/// A list can become final when no school waits for a decision.
pub fn can_be_final(standings: impl IntoIterator<Item = Standing>) -> bool {
    !standings.into_iter().any(Standing::waits)
}

#[cfg(test)]
mod tests {
    use super::{STEPS, Standing, Step, can_be_final};

    /// Where the steps lead, one letter each: r reply, c confirm, x exclude, a appeal; nothing when one is refused.
    #[track_caller]
    fn check(letters: &str, expected: Option<Standing>) {
        let step = |letter| match letter {
            'r' => Step::Reply,
            'c' => Step::Confirm,
            'x' => Step::Exclude,
            _ => Step::Appeal,
        };
        let reached = letters.chars().try_fold(Standing::default(), |standing, l| standing.after(step(l)));
        assert_eq!(reached, expected, "{letters}");
    }

    #[test]
    fn a_school_replies_and_somebody_decides() {
        check("", Some(Standing::Preliminary));
        check("r", Some(Standing::Replied));
        check("rr", Some(Standing::Replied));
        check("rx", Some(Standing::Excluded));
        check("c", Some(Standing::Confirmed));
        check("cax", Some(Standing::Excluded));
        check("cac", Some(Standing::Confirmed));
    }

    #[test]
    fn everything_else_is_refused() {
        for letters in ["a", "ra", "cc", "cx", "cr", "xr", "xc", "caa", "car"] {
            check(letters, None);
        }
    }

    #[test]
    fn a_list_waits_for_its_last_decision() {
        assert!(can_be_final([Standing::Preliminary, Standing::Confirmed, Standing::Excluded]));
        assert!(!can_be_final([Standing::Confirmed, Standing::Appealed]));
        assert!(!can_be_final([Standing::Replied]));
    }

    #[test]
    fn every_step_has_a_word_of_its_own() {
        for (step, word) in STEPS {
            assert_eq!((step.word(), Step::of_word(word)), (word, Some(step)));
        }
    }
}
