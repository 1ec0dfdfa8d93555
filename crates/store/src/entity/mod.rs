//! Which tables are there, and which columns have they?
//!
//! Moments are text in UTC (see `time`), days are text `2021-04-01`, contents are text in the exchange form.

pub(crate) mod account;
pub(crate) mod account_link;
pub(crate) mod account_link_use;
pub(crate) mod account_state;
pub(crate) mod api_token;
pub(crate) mod api_token_end;
pub(crate) mod api_token_use;
pub(crate) mod archival;
pub(crate) mod audit_event;
pub(crate) mod code_use;
pub(crate) mod column_mapping;
pub(crate) mod credential;
pub(crate) mod credential_end;
pub(crate) mod fact;
pub(crate) mod letter;
pub(crate) mod login_failure;
pub(crate) mod notice;
pub(crate) mod notice_mark;
pub(crate) mod outside_attempt;
pub(crate) mod plan;
pub(crate) mod plan_owner;
pub(crate) mod plan_version;
pub(crate) mod registry_version;
pub(crate) mod result_file;
pub(crate) mod result_removal;
pub(crate) mod role_grant;
pub(crate) mod role_grant_end;
pub(crate) mod run;
pub(crate) mod run_step;
pub(crate) mod search_entry;
pub(crate) mod session;
pub(crate) mod source_file;
pub(crate) mod suppression;
