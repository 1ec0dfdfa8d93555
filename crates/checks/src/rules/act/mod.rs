//! What is wrong with the act?

pub(super) mod cited_act_later;
pub(super) mod control_not_assigned;
pub(super) mod no_number_or_date;
pub(super) mod title_period_mismatch;
