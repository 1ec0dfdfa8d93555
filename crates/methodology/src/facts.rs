//! What is known about the schools that are judged?

use opora_cells::{Aggregate, Cells, OrganisationId, Procedure, Scales, SourceIndex};
use opora_registry::{NodeId, Registry};

use crate::Measure;

/// Everything a methodology may look at. Only cells and the registry must be there.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Counts by school, procedure and year.
    pub cells: &'a Cells,
    /// Schools, municipalities, regions and what became of them.
    pub registry: &'a Registry,
    /// Scales of marks: to tell a missing scale from missing marks.
    pub scales: &'a Scales,
    /// Declared numbers; of several for one school, year and indicator the one of the latest source counts.
    pub aggregates: &'a [Aggregate],
    /// Possible markers of non-objective results, as counted elsewhere.
    pub markers: &'a [MarkerCount],
    /// Final lists of past years; they go before what would be computed for those years.
    pub past: &'a [PastDecision],
    /// Published results of regions and municipalities; they go before what the loaded cells add up to.
    pub references: &'a [DeclaredReference],
}

impl<'a> Facts<'a> {
    /// Cells and schools, nothing else known.
    pub fn new(cells: &'a Cells, registry: &'a Registry, scales: &'a Scales) -> Self {
        Self { cells, registry, scales, aggregates: &[], markers: &[], past: &[], references: &[] }
    }
}

/// How many possible markers of non-objective results a school has in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerCount {
    /// Whose.
    pub organisation: OrganisationId,
    /// Calendar year.
    pub year: u16,
    /// How many were found.
    pub found: u32,
    /// How many could be looked for: the others lack data.
    pub looked_for: u32,
}

/// What a final list of a past year says of a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastDecision {
    /// Of whom.
    pub organisation: OrganisationId,
    /// Calendar year of the list.
    pub year: u16,
    /// The school was on it.
    pub identified: bool,
}

/// A published result of a region or municipality: a municipality alone does not have the results of its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredReference {
    /// Of which region or municipality.
    pub node: NodeId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// What was measured.
    pub measure: Measure,
    /// Part of a share, sum of a mean.
    pub part: u64,
    /// Whole of a share, number of pupils of a mean; a reference with zero is no reference.
    pub whole: u64,
    /// The file it comes from.
    pub source: SourceIndex,
}

/// Who gets a verdict. Others still count where schools are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everyone, schools that are missing in the registry included.
    All,
    /// Schools of a region or municipality.
    Node(NodeId),
    /// One school.
    Organisation(OrganisationId),
}
