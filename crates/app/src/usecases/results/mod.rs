//! From files of results to verdicts: what the command line and the web share.

pub mod alphabet;
pub mod catalog;
pub mod certainty;
mod coded;
pub mod dataset;
pub mod describe;
pub mod disclosure;
pub mod frozen;
pub mod identify;
pub mod insight;
pub mod intake;
pub mod list;
mod overlap;
pub mod progress;
pub mod registry;
pub mod sheets;
pub mod shown;
pub mod system;
pub mod tables;
