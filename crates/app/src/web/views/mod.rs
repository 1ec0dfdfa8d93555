//! What do people want to see of a plan, before any page is drawn? Pure values: no store, no clock, no markup.

pub mod address;
pub mod agenda;
pub mod facets;
pub mod filter;
pub mod found;
pub mod gantt;
pub mod month;
pub mod plan;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
pub mod words;
