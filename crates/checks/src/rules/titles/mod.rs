//! What is wrong with the titles of activities?

pub(super) mod duplicate_activity;
pub(super) mod empty_title;
