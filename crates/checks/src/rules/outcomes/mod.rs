//! What is wrong with the expected results?

pub(super) mod copied_outcome;
pub(super) mod missing_outcome;
pub(super) mod unverifiable_outcome;
