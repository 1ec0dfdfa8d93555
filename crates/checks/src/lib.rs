//! What is wrong with a plan, where, and what can be done about it?
//!
//! A linter in the spirit of ruff: stable codes, one rule a file, its manual page beside it, and the examples of
//! the page are the test of the rule. Pure: an order in, a report out; no I/O, no clock.
//!
//! ```text
//! check(&order, &suppressions) -> Report { findings, suppressed, coverage }
//! ```

mod coverage;
mod finding;
mod frequency;
mod lexicon;
mod report;
mod rule;
mod rules;
mod similar;
mod span;
mod view;
mod wording;
mod words;

pub use coverage::{Component, ComponentCoverage, CoveringActivity, CoveringText};
pub use finding::{Finding, Subject};
pub use report::{Report, Suppression, check};
pub use rule::{Family, Rule};
pub use rules::{rule, rules};
