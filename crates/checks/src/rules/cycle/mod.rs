//! What does the plan lack of the management cycle?

pub(super) mod component_missing;
