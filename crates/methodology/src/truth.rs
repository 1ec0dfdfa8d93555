//! Is it so, is it not so, or is it not known?

/// A truth of three values (Kleene): what is not known never turns into a yes or a no by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// There is not enough data to tell.
    Unknown,
}

impl Truth {
    /// A yes or a no.
    pub fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// At least `needed` of some things are so, when so many are, are not and are not known.
    pub fn at_least(needed: u64, yes: u64, unknown: u64) -> Self {
        if yes >= needed {
            Self::Yes
        } else if yes.saturating_add(unknown) >= needed {
            Self::Unknown
        } else {
            Self::No
        }
    }

    /// At least `needed` of these.
    pub fn at_least_of(needed: u64, truths: impl IntoIterator<Item = Self>) -> Self {
        let (mut yes, mut unknown) = (0, 0);
        for truth in truths {
            yes += u64::from(truth == Self::Yes);
            unknown += u64::from(truth == Self::Unknown);
        }
        Self::at_least(needed, yes, unknown)
    }

    /// The opposite; what is not known stays so.
    pub fn opposite(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Stable word for files: `yes`, `no`, `unknown`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// The truth of a stable word.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Yes, Self::No, Self::Unknown].into_iter().find(|truth| truth.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{No, Unknown, Yes};
    use super::{Truth, Truth as T};

    #[track_caller]
    fn check(needed: u64, truths: &[Truth], expected: Truth) {
        assert_eq!(T::at_least_of(needed, truths.iter().copied()), expected, "{needed} of {truths:?}");
    }

    #[test]
    fn what_is_not_known_decides_nothing_by_itself() {
        check(2, &[Yes, Yes, Unknown], Yes);
        check(2, &[Yes, No, Unknown], Unknown);
        check(2, &[No, No, Unknown], No);
        check(0, &[], Yes);
        check(1, &[], No);
        assert_eq!(Unknown.opposite(), Unknown);
    }
}
