//! What was declared about an organisation as a number of a whole, such as a social passport?

use crate::{OrganisationId, Share, SourceIndex};

/// Code of a declared indicator; its meaning stands in the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndicatorCode(pub u16);

/// A declared number of an organisation in a year: «родители с высшим образованием: 40 из 210 семей».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Whose number.
    pub organisation: OrganisationId,
    /// Calendar year it was declared for.
    pub year: u16,
    /// What was declared.
    pub indicator: IndicatorCode,
    /// The number; for an indicator that is a share, its part.
    pub part: u32,
    /// The whole, for an indicator that is a share.
    pub whole: Option<u32>,
    /// The file it comes from.
    pub source: SourceIndex,
    /// Row in that file, counted from one.
    pub row: u32,
}

impl Aggregate {
    /// The share, where the indicator is one and its whole is not zero.
    pub fn share(&self) -> Option<Share> {
        Share::new(u64::from(self.part), u64::from(self.whole?))
    }
}
