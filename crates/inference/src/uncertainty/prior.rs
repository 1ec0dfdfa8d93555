//! What is known of a school's share before looking at the school?

use std::borrow::Borrow;
use std::collections::BTreeMap;

use opora_cells::{Cell, Procedure};
use opora_registry::{NodeId, Registry};

use super::Bounds;

/// Where a prior comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// The schools of a municipality.
    Municipality {
        /// How many schools with results.
        schools: u32,
    },
    /// The schools of the region: the municipality has too few.
    Region {
        /// How many schools with results.
        schools: u32,
    },
    /// Nobody to compare with: the weak prior of the pack.
    Weak,
}

/// A beta law of shares, in pseudo-counts of pupils.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Pseudo-count of those who failed; above zero.
    pub failed: f64,
    /// Pseudo-count of those who passed; above zero.
    pub passed: f64,
    /// Where it comes from.
    pub basis: Basis,
}

impl Prior {
    /// The weak prior of the pack.
    pub fn weak(bounds: &Bounds) -> Self {
        Self { failed: bounds.weak.0, passed: bounds.weak.1, basis: Basis::Weak }
    }

    /// The expected share.
    pub fn mean(&self) -> f64 {
        self.failed / (self.failed + self.passed)
    }

    /// How many pupils it is worth.
    pub fn weight(&self) -> f64 {
        self.failed + self.passed
    }
}

/// Sums over the schools of a group that a prior is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Schools with results.
    pub schools: u32,
    /// Pupils who failed.
    pub failed: u64,
    /// Pupils with an outcome.
    pub judged: u64,
    judged_squares: f64,
    failed_squares_by_judged: f64,
}

impl Moments {
    /// Adds a school; nothing for counts that can't be.
    pub fn add(&mut self, failed: u32, judged: u32) {
        if judged == 0 || failed > judged {
            return;
        }
        let (part, whole) = (f64::from(failed), f64::from(judged));
        self.schools = self.schools.saturating_add(1);
        self.failed += u64::from(failed);
        self.judged += u64::from(judged);
        self.judged_squares += whole * whole;
        self.failed_squares_by_judged += part * part / whole;
    }

    /// Share and weight of the beta law whose moments these are. The weight is inside the bounds of the pack; nothing
    /// when the schools are too few, or so small that their spread says nothing.
    ///
    /// With n pupils of a school and N of all, Σ n(p−p̄)² has the expectation p̄q̄ Σ (1−n/N)(1+ρ(n−1)), solved for ρ;
    /// the weight is 1/ρ − 1. The ρ of the weak prior is mixed in with the pupils the pack gives it.
    pub fn prior(&self, bounds: &Bounds) -> Option<(f64, f64)> {
        if self.schools < bounds.schools_min.max(2) || self.judged < u64::from(bounds.judged_min) {
            return None;
        }
        let (failed, judged, schools) = (self.failed as f64, self.judged as f64, f64::from(self.schools));
        let room = judged - schools - self.judged_squares / judged + 1.0;
        if room <= 0.0 {
            return None;
        }
        // The weak prior keeps a share of exactly nothing or all away.
        let share = (failed + bounds.weak.0) / (judged + bounds.weak.0 + bounds.weak.1);
        let plain = failed / judged;
        let spread = self.failed_squares_by_judged - plain * failed;
        // The weak prior counts like so many pupils: a few schools that are alike by chance prove little.
        let (weak, counts) = (1.0 / (bounds.weak.0 + bounds.weak.1 + 1.0), bounds.weak_pupils);
        let excess = spread / (share * (1.0 - share)) - (schools - 1.0);
        let likeness = (excess.max(0.0) + weak * counts) / (room + counts);
        let weight = if likeness > 0.0 { 1.0 / likeness - 1.0 } else { f64::INFINITY };
        Some((share, weight.clamp(bounds.weight.0, bounds.weight.1)))
    }
}

/// The priors of all groups: municipality or region, procedure, year, autumn or spring.
#[derive(Clone, Debug, Default)]
pub struct Priors {
    groups: BTreeMap<Group, Moments>,
}

type Group = (NodeId, Procedure, u16, bool);

impl Priors {
    /// Counts the groups of all cells in one pass. Cells of organisations that the registry does not know are left out.
    pub fn of(cells: impl IntoIterator<Item = impl Borrow<Cell>>, registry: &Registry) -> Self {
        let mut groups: BTreeMap<Group, Moments> = BTreeMap::new();
        for cell in cells {
            let cell = cell.borrow();
            let Some(school) = registry.get(cell.organisation) else { continue };
            for node in [Some(school.municipality), registry.region_of(school.id)].into_iter().flatten() {
                let group = (node, cell.procedure, cell.year, cell.autumn);
                groups.entry(group).or_default().add(cell.failed(), cell.judged());
            }
        }
        Self { groups }
    }

    /// The prior for a cell: the share of its municipality, else of its region, with the weight of the region; else
    /// the weak prior. A municipality has too few schools to tell how alike schools are, the region has enough.
    pub fn prior(&self, bounds: &Bounds, cell: &Cell, registry: &Registry) -> Prior {
        let municipality = registry.get(cell.organisation).map(|school| school.municipality);
        let region = registry.region_of(cell.organisation);
        let of = |node: Option<NodeId>| {
            let moments = self.groups.get(&(node?, cell.procedure, cell.year, cell.autumn))?;
            let (share, weight) = moments.prior(bounds)?;
            Some((share, weight, moments.schools))
        };
        let prior = |share: f64, weight: f64, basis: Basis| Prior {
            failed: share * weight,
            passed: (1.0 - share) * weight,
            basis,
        };
        match (of(municipality), of(region)) {
            (Some((share, own, schools)), far) => {
                let weight = far.map_or(own, |(_, weight, _)| weight);
                prior(share, weight, Basis::Municipality { schools })
            }
            (None, Some((share, weight, schools))) => prior(share, weight, Basis::Region { schools }),
            (None, None) => Prior::weak(bounds),
        }
    }
}
