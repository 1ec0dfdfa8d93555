//! Has somebody compared a number with its source?

/// How far a number or a rule was compared with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Read in the source itself.
    Verified,
    /// Read in somebody's account of the source.
    SecondHand,
    /// Not compared: common in the field, our own choice, or our reading of an unclear clause.
    Unverified,
}

impl Status {
    /// The words of a data file.
    pub const WORDS: [(&'static str, Self); 3] =
        [("verified", Self::Verified), ("second-hand", Self::SecondHand), ("unverified", Self::Unverified)];

    /// As shown.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Verified => "сверено с источником",
            Self::SecondHand => "известно по пересказу источника",
            Self::Unverified => "не сверено с источником",
        }
    }
}
