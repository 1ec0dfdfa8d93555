//! From files of results to verdicts: what the command line and the web share.

pub mod alphabet;
pub mod catalog;
pub mod certainty;
pub mod dataset;
pub mod frozen;
pub mod identify;
pub mod insight;
pub mod intake;
pub mod list;
pub mod registry;
pub mod tables;
