//! What does one order document hold as a whole?

use opora_neutral::{Finding, Place, Source};

use super::{Act, Criterion, IndicatorGroup, Plan, Programme, SchoolRef};

/// An order document read into its parts. What is saved for a plan is an order with exactly that plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The file.
    pub source: Source,
    /// The act.
    pub act: Act,
    /// The programme, where the document has one.
    pub programme: Option<Programme>,
    /// The plans; a document may hold several.
    pub plans: Vec<Plan>,
    /// Indicators of effectiveness by group.
    pub indicators: Vec<IndicatorGroup>,
    /// Criteria of identification.
    pub criteria: Vec<Criterion>,
    /// Schools that take part.
    pub participants: Participants,
    /// Text that found no place in this structure. Nothing is lost silently.
    pub unplaced: Vec<Unplaced>,
    /// What could not be read or had to be guessed.
    pub findings: Vec<Finding>,
}

/// Schools of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Participants {
    /// Schools that receive support.
    pub schools: Vec<SchoolRef>,
    /// Schools whose employees are curators or mentors.
    pub curator_schools: Vec<SchoolRef>,
    /// Every place of the document that lists two schools or more, in order.
    pub mentions: Vec<Mention>,
}

/// A place of the document that lists schools.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// In which role they are listed.
    pub role: MentionRole,
    /// The schools listed.
    pub schools: Vec<SchoolRef>,
    /// Verbatim text of the list with the words before it.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// In which role schools are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MentionRole {
    /// They receive support.
    Supported,
    /// They send curators or mentors.
    Curator,
    /// Neither is said.
    Unclear,
}

/// Text that found no place in the structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Unplaced {
    /// Verbatim text; the cells of a table row are separated by ` | `.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}
