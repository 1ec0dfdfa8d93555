//! What could be expected of a school in its circumstances, and is it more or less?
//!
//! Schools with many families in difficulty have lower results on average; the line through all schools says by how
//! much. What a school has above or below the line is its residual. It is shrunk towards nothing by how few pupils it
//! rests on, and it falls into one of four classes. It is an invitation to look closer: it is no rating of schools,
//! and nothing here is sorted by it.

mod index;
mod observe;
mod regression;
mod settings;

pub use index::{IndexMissing, IndexWeight, social_index};
pub(crate) use observe::mark_moments;
pub use observe::{Measure, Predictor, Region, observe, predictor_name};
pub use regression::{Class, Coefficient, Expectation, Model, Observation, Refusal, expect};
pub use settings::Settings;
