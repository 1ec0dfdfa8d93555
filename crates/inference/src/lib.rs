//! How sure can one be of a result, given chance, context and honesty?
//!
//! Three questions stand beside the rule of a methodology, never instead of it:
//!
//! - [`uncertainty`]: three pupils of ten flip a verdict. How likely is the true share above the line?
//! - [`context`]: what could be expected of a school that works with such families, and is it more or less?
//! - [`markers`]: does anything suggest that the results are not objective? A possible marker, never a violation.
//!
//! Values in, values out: no I/O, no time, no randomness; lists are in the order of organisations, never of results.
//! Bounds, words and weights are data (`packs/markers/*.toml`), each with its source and whether it was verified.

pub mod context;
pub mod markers;
mod robust;
mod table;
pub mod uncertainty;

pub use opora_fields::FileError;
pub use table::{Provenance, Status};
