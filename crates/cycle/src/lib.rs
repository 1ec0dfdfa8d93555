//! What does the management cycle of support consist of, and what follows from each step?
//!
//! Pure: values in, values out; no I/O, no clock. A stage uses `vocabulary` and earlier stages only.

pub mod identification;
pub mod intake;
pub mod letters;
pub mod text;
pub mod vocabulary;
