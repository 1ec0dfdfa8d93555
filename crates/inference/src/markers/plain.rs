//! Which results lie above the 95 % interval of the region?

use std::collections::BTreeMap;

use opora_cells::OrganisationId;

use super::effects::Effects;
use super::select::Schools;
use super::{Facts, MarkerPack};

/// The plain rule the markers are measured against: for each school, how many of its papers have a mean mark above the
/// region's mean by more than 1.96 standard errors of a mean of so many pupils, and how many papers were looked at. It
/// takes every good school for a suspicious one.
pub fn above_interval(pack: &MarkerPack, facts: &Facts<'_>) -> BTreeMap<OrganisationId, (u32, u32)> {
    let schools = Schools::of(facts);
    let mut counts: BTreeMap<OrganisationId, (u32, u32)> = BTreeMap::new();
    for (organisation, procedure, effect) in Effects::of(facts, &schools).of_year(facts.year) {
        if pack.looks_at(procedure) && effect.pupils >= pack.four_pupils_min {
            let count = counts.entry(organisation).or_default();
            count.0 += u32::from(effect.value * f64::from(effect.pupils).sqrt() > 1.96);
            count.1 += 1;
        }
    }
    counts
}
