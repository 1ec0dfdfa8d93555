//! What is wrong with the deadlines?

pub(super) mod before_act;
pub(super) mod conflicting_frequencies;
pub(super) mod contradictory_deadlines;
pub(super) mod day_off;
pub(super) mod deadline_without_year;
pub(super) mod missing_deadline;
pub(super) mod outside_plan_period;
pub(super) mod outside_section_year;
pub(super) mod plan_year_mismatch;
pub(super) mod reversed_interval;
pub(super) mod review_before_work;
pub(super) mod stale_year;
pub(super) mod unrecognised_deadline;
pub(super) mod unverifiable_deadline;
