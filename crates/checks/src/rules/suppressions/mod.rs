//! What is wrong with the suppressions?

pub(super) mod suppression_without_reason;
pub(super) mod unused_suppression;
