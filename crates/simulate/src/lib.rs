//! What would a country look like whose truth is known?
//!
//! Regions, municipalities and schools with invented names; pupils whose ability depends on the family, the school, the
//! class and the year; papers of ВПР, ОГЭ and ЕГЭ with tasks, scales and marks; social passports; schools that are
//! renamed, merged and closed; files that are missing; schools planted to be low, to improve, or to look better than
//! they are. Everything follows from a seed: the same options give the same bytes, whatever the number of threads.
//! Nobody and nothing in it exists.

mod chance;
mod cohort;
mod context;
mod country;
mod model;
mod names;
mod options;
mod output;
mod paper;
mod papers;
mod places;
mod planting;
mod region;
mod school;
mod sitting;
mod truth;

pub use country::{Country, country};
pub use options::{Layout, Options, Preset};
pub use output::{Progress, Summary, write};
pub use region::Region;
pub use truth::{CellTruth, Inflation, InflationKind, SchoolTruth, Truth};
