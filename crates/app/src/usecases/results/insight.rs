//! What do context and possible markers say beside the rule: for the schools of a region in a year?
//!
//! Everything here compares a school with the schools of its region, so it is computed for one region and one year at a
//! time, when somebody asks. Nothing is sorted by results.

pub mod context;
pub mod markers;
pub mod spread;

use opora_cells::{Cell, Cells, OrganisationId};
use opora_registry::NodeId;

use super::dataset::Dataset;

/// The schools of a region.
pub(super) fn schools_of(dataset: &Dataset, region: NodeId) -> Vec<OrganisationId> {
    let registry = &dataset.registry.registry;
    let schools = registry.organisations().iter().map(|school| school.id);
    schools.filter(|id| registry.region_of(*id) == Some(region)).collect()
}

/// The cells of some schools in some years: a small part of those of a country.
pub(super) fn cells_of(
    dataset: &Dataset,
    schools: &[OrganisationId],
    wanted: impl Fn(&Cell) -> bool,
) -> Cells {
    let cells = schools.iter().flat_map(|id| dataset.cells.of(*id)).filter(|cell| wanted(cell));
    Cells::new(cells.collect::<Vec<_>>()).0
}
