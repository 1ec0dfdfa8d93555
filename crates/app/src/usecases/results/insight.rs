//! What do context and possible markers say beside the rule: for the schools of a region in a year?
//!
//! Everything here compares a school with the schools of its region, so it is computed for one region and one year at a
//! time, when somebody asks. Nothing is sorted by results.

pub mod context;
pub mod markers;
pub mod spread;

use opora_cells::{Cell, Cells};
use opora_registry::NodeId;

use super::dataset::Dataset;

/// The cells of a region in some years: a small part of those of a country.
fn region_cells(dataset: &Dataset, region: NodeId, wanted: impl Fn(&Cell) -> bool) -> Cells {
    let registry = &dataset.registry.registry;
    let schools = registry.organisations().iter().map(|school| school.id);
    let inside = schools.filter(|id| registry.region_of(*id) == Some(region));
    let cells = inside.flat_map(|id| dataset.cells.of(id)).filter(|cell| wanted(cell)).copied();
    Cells::new(cells.collect()).0
}
