//! Which facts belong to the region and the years around?

use std::collections::BTreeSet;

use opora_cells::OrganisationId;

use super::Facts;

/// The schools of the region.
pub(crate) struct Schools(Option<BTreeSet<OrganisationId>>);

impl Schools {
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let region = facts.region;
        Self(region.map(|_| {
            let schools = facts.registry.organisations().iter();
            schools.map(|s| s.id).filter(|id| facts.registry.region_of(*id) == region).collect()
        }))
    }

    pub(crate) fn contains(&self, organisation: OrganisationId) -> bool {
        self.0.as_ref().is_none_or(|schools| schools.contains(&organisation))
    }
}

/// A value of a school in one respect, before it is compared with others.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) organisation: OrganisationId,
    pub(crate) procedure: opora_cells::Procedure,
    pub(crate) class: u8,
    pub(crate) pupils: u32,
    /// The value; higher is more suspicious.
    pub(crate) value: f64,
    /// Variance of its chance.
    pub(crate) error: f64,
    pub(crate) picture: super::Picture,
}

/// Looks of one marker, and why schools were not looked at.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    pub(crate) looks: Vec<Look>,
    pub(crate) untested: std::collections::BTreeMap<OrganisationId, super::Untested>,
}

impl Looks {
    /// Notes why a school could not be looked at; of several reasons the last in their order stays.
    pub(crate) fn skip(&mut self, organisation: OrganisationId, why: super::Untested) {
        let entry = self.untested.entry(organisation).or_insert(why);
        *entry = why.max(*entry);
    }
}
