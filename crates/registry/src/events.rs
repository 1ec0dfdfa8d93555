//! What became of a school, and when?

use jiff::civil::Date;
use opora_cells::OrganisationId;

/// A dated event of a school's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whose event.
    pub organisation: OrganisationId,
    /// The day it took effect.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
}

/// What can happen to a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It was opened.
    Opened,
    /// It got another name; the registry shows the newest one, the former name is kept here.
    Renamed {
        /// The name until that day.
        former: String,
    },
    /// It became part of another school. Its results are not added to the other's.
    MergedInto(OrganisationId),
    /// It was closed.
    Closed,
}
