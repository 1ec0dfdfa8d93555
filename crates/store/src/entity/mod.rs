//! Which tables are there, and which columns have they?
//!
//! Moments are text in UTC (see `time`), days are text `2021-04-01`, contents are text in the exchange form.

pub(crate) mod archival;
pub(crate) mod audit_event;
pub(crate) mod plan;
pub(crate) mod plan_version;
pub(crate) mod registry_version;
pub(crate) mod result_file;
pub(crate) mod result_removal;
pub(crate) mod run;
pub(crate) mod run_step;
pub(crate) mod search_entry;
pub(crate) mod source_file;
pub(crate) mod suppression;
