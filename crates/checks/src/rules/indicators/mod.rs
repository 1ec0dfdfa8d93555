//! What is wrong with the criteria and indicators?

pub(super) mod observed_as_threshold;
pub(super) mod windows_differ;
