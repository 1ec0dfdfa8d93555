//! What is known to be true, because it was planted?

use opora_cells::{OrganisationId, Procedure};

/// How results were made to look better. Names only a method: nobody's intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum InflationKind {
    /// Scores just under the bound of a mark are pushed over it.
    #[default]
    RaisedMarks,
    /// Most of a class hands in the same sheet.
    CopiedClass,
    /// Hard tasks are solved better than easy ones.
    TeacherHelp,
    /// Weak pupils do not take part.
    RemovedWeak,
}

impl InflationKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::RaisedMarks, Self::CopiedClass, Self::TeacherHelp, Self::RemovedWeak];

    /// Name in `truth.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RaisedMarks => "raised_marks",
            Self::CopiedClass => "copied_class",
            Self::TeacherHelp => "teacher_help",
            Self::RemovedWeak => "removed_weak",
        }
    }
}

/// Planted inflation of a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inflation {
    /// How.
    pub kind: InflationKind,
    /// First and last calendar year.
    pub years: (u16, u16),
}

/// What is true of a school.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SchoolTruth {
    /// Whose truth.
    pub organisation: OrganisationId,
    /// Mean ability of its pupils in the first year, in standard units of pupils, before anything was planted.
    pub ability: f32,
    /// Social index of its families, standard units, higher is better.
    pub social: f32,
    /// First and last year of planted low results.
    pub low_years: Option<(u16, u16)>,
    /// The year planted low results end in and good ones begin.
    pub improved_from: Option<u16>,
    /// Planted inflation.
    pub inflation: Option<Inflation>,
}

/// What is true of one procedure of a school in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellTruth {
    /// Whose truth.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// Probability that a pupil of this school fails, if nobody interferes: for a paper everybody writes, over all
    /// pupils such a school could have; for a chosen paper and in grade 11, over the pupils who chose it.
    pub failing: f32,
    /// Pupils who should have taken part.
    pub enrolled: u32,
    /// Pupils who did.
    pub participants: u32,
    /// Results were made to look better in this way.
    pub inflation: Option<InflationKind>,
}

/// What is true of a region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// School by school, in order.
    pub schools: Vec<SchoolTruth>,
    /// School by school, procedure by procedure; empty without details.
    pub cells: Vec<CellTruth>,
}
