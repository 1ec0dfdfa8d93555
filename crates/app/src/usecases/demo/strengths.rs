//! In what are the invented curators and their schools strong, and how far is it from them to the others?

use jiff::Timestamp;
use opora_access::Place;
use opora_cells::OrganisationId;
use opora_registry::Registry;
use opora_store::{Authorship, StoreError};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::WHO;
use super::cast::Cast;
use crate::usecases::assignments::{Profile, Way, note_curator, note_mentor_school};
use crate::usecases::results::dataset::Workbench;

/// Schools that a curator can take beside those she has.
const ROOM: usize = 2;
/// Risk factors somebody is strong in.
const FACTORS: usize = 4;
/// Ways between schools of one municipality, kilometres.
const NEAR: std::ops::RangeInclusive<u32> = 2..=38;

/// Notes where each curator works, in what strong, how many schools she can take and how far they are. Her school may help
/// another one, too.
pub(super) async fn note(
    bench: &Workbench,
    registry: &Registry,
    cast: &Cast,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut chance = ChaCha8Rng::seed_from_u64(2);
    let by = Authorship { who: WHO, reason: "придуманный пример", at };
    let supported: Vec<OrganisationId> = cast.schools.iter().map(|school| school.id).collect();
    let town = |id: OrganisationId| registry.get(id).map(|school| school.municipality);
    // In a whole region every school is supported: somebody works at one that is not her own then.
    let everywhere = matches!(cast.place, Place::Installation);
    let homes = registry
        .organisations()
        .iter()
        .filter(|school| everywhere || school.municipality == cast.town && !supported.contains(&school.id));
    let homes: Vec<OrganisationId> = homes.map(|school| school.id).collect();
    for (index, curator) in cast.curators.iter().enumerate() {
        let own: Vec<OrganisationId> = cast
            .schools
            .iter()
            .filter(|school| school.curator.account == curator.account)
            .map(|school| school.id)
            .collect();
        let turned = homes.iter().cycle().skip(index).take(homes.len());
        let Some(home) = turned.copied().find(|home| !own.contains(home)) else { continue };
        let near = if everywhere { own.clone() } else { neighbours(registry, town(home), home) };
        let ways: Vec<Way> =
            near.iter().map(|school| (home, *school, Some(chance.random_range(NEAR)))).collect();
        let strengths = strengths(bench, index).collect();
        let capacity = u32::try_from(own.len() + ROOM).unwrap_or(1);
        let profile = Profile { works_at: Some(home), strengths, capacity };
        note_curator(&bench.store, curator.account, &profile, &ways, None, &by).await?;
        if !everywhere {
            let school = Profile { capacity: 1, ..profile };
            note_mentor_school(&bench.store, home, &school, &[], None, &by).await?;
        }
    }
    Ok(())
}

/// The other schools of a municipality.
fn neighbours(
    registry: &Registry,
    town: Option<opora_registry::NodeId>,
    home: OrganisationId,
) -> Vec<OrganisationId> {
    let own = registry.organisations().iter().filter(|school| Some(school.municipality) == town);
    own.map(|school| school.id).filter(|school| *school != home).collect()
}

/// A subject and some risk factors; together the curators know all of them.
fn strengths(bench: &Workbench, index: usize) -> impl Iterator<Item = String> {
    let subjects: Vec<&str> = bench.catalog.dictionary.subjects.values().map(|own| own.id.as_str()).collect();
    let known = ["ru", "math"].into_iter().filter(|id| subjects.contains(id));
    let known: Vec<&str> = known.collect();
    let subject = known.get(index % known.len().max(1)).map(|id| format!("subject/{id}"));
    let factors = &bench.catalog.papers.dictionary.factors;
    let turned = factors.iter().cycle().skip(index * FACTORS).take(FACTORS.min(factors.len()));
    let factors: Vec<String> = turned.map(|factor| format!("risk/{}", factor.id)).collect();
    subject.into_iter().chain(factors)
}
