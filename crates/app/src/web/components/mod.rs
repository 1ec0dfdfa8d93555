//! Which pieces do pages share?

pub mod badge;
pub mod charts;
pub mod chips;
pub mod deed;
pub mod empty;
pub mod field;
pub mod finding;
pub mod layout;
pub mod pager;
pub mod plan_head;
pub mod segments;
