//! What is wrong with the responsible?

pub(super) mod missing_responsible;
pub(super) mod nobody_by_name;
