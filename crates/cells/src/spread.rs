//! How are scores and points of tasks spread?

use crate::{OrganisationId, Procedure, SourceIndex};

/// How many pupils of an organisation got one score in one procedure of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreCount {
    /// Whose result.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// The score, primary points.
    pub score: u16,
    /// How many got it.
    pub pupils: u32,
    /// The file it comes from.
    pub source: SourceIndex,
}

/// Points of an organisation in one task of one procedure of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskSum {
    /// Whose result.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// Place of the task in the form, counted from zero.
    pub task: u8,
    /// How many pupils have points or a zero in the task.
    pub pupils: u32,
    /// Sum of their points.
    pub points: u32,
    /// Most points a pupil can get.
    pub points_max: u8,
    /// The file it comes from.
    pub source: SourceIndex,
}
