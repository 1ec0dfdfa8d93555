//! Who supports which school: curators and mentor schools, with what is known of them?
//!
//! Everything is facts. That a curator has a school is a dated grant of the role (`opora_store`); here is what a
//! proposal needs beside it. Subjects: `curators` (where each works, in what strong, how many schools),
//! `mentor-schools` (the same of schools), `distances`, and `mentorings` (which school helps which, under which
//! contract). A subject is small: a line an edit.

mod mentoring;
mod offers;
mod ways;
mod wire;

pub use mentoring::{
    Contract, ContractFile, Mentoring, NotMentored, Wanted, add_contract, assign_mentor, end_mentor,
};
pub use offers::{
    Needs, curator_offers, load, mentor_offers, own_school, propose_for, propose_mentors_for,
    refuse_own_school,
};
pub use ways::Ways;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use opora_access::{GrantRefused, Place, Role};
use opora_cells::OrganisationId;
use opora_store::{AccountId, Authorship, FactId, HeldGrant, NewFact, Store, StoreError};

/// In what somebody is strong or weak: a subject or a risk factor, as a stable word: `subject/math`, `risk/low_motivation`.
pub type Field = String;

/// What is known of somebody who may be a curator, or of a school that may be a mentor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Where the curator works; of a school, the school itself.
    pub works_at: Option<OrganisationId>,
    /// In what strong.
    pub strengths: BTreeSet<Field>,
    /// How many schools at most.
    pub capacity: u32,
}

/// All that was noted about support.
#[derive(Clone, Debug, Default)]
pub struct Support {
    /// Those who may be curators.
    pub curators: BTreeMap<AccountId, Profile>,
    /// Schools that may be mentors.
    pub mentor_schools: BTreeMap<OrganisationId, Profile>,
    /// Which school helps which, in the order in which it was agreed, ended ones included.
    pub mentorings: Vec<Mentoring>,
    distances: BTreeMap<(u32, u32), u32>,
    last_mentoring: Option<FactId>,
}

/// Most schools one curator or mentor can be said to take.
pub const CAPACITY_MAX: u32 = 50;
/// Longest distance that is taken for one, kilometres.
pub const KILOMETRES_MAX: u32 = 5_000;

impl Support {
    /// Reads all of it.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut support = Self::default();
        for fact in store.facts(wire::CURATORS).await? {
            if let Some(noted) = wire::read::<wire::CuratorNoted>(&fact) {
                support.curators.insert(AccountId(noted.account), noted.profile.into());
            }
        }
        for fact in store.facts(wire::MENTOR_SCHOOLS).await? {
            if let Some(noted) = wire::read::<wire::SchoolNoted>(&fact) {
                let school = OrganisationId(noted.school);
                let profile = Profile { works_at: Some(school), ..noted.profile.into() };
                support.mentor_schools.insert(school, profile);
            }
        }
        for fact in store.facts(wire::DISTANCES).await? {
            let Some(noted) = wire::read::<wire::Distance>(&fact) else { continue };
            match noted.kilometres {
                Some(way) => support.distances.insert(pair(noted.from, noted.to), way),
                None => support.distances.remove(&pair(noted.from, noted.to)),
            };
        }
        support.read_mentorings(&store.facts(wire::MENTORINGS).await?);
        Ok(support)
    }

    /// How many ways are noted.
    pub fn ways(&self) -> usize {
        self.distances.len()
    }

    /// All ways that are noted: the school of the lower number, the other one, kilometres.
    pub fn all_ways(&self) -> impl Iterator<Item = (OrganisationId, OrganisationId, u32)> {
        self.distances.iter().map(|((one, other), way)| (OrganisationId(*one), OrganisationId(*other), *way))
    }

    /// The way between two schools, where it was noted.
    pub fn kilometres(&self, one: OrganisationId, other: OrganisationId) -> Option<u32> {
        self.distances.get(&pair(one.0, other.0)).copied()
    }
}

/// A way is as long there as back.
fn pair(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

/// A distance to be noted; none takes it back.
pub type Way = (OrganisationId, OrganisationId, Option<u32>);

/// Notes what is known of a curator, with distances from where she works. That can be no school she looks after.
pub async fn note_curator(
    store: &Store,
    curator: AccountId,
    profile: &Profile,
    ways: &[Way],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let home = profile.works_at.map(Place::School);
    let today = by.at.to_zoned(TimeZone::system()).date();
    let is_own = |held: &HeldGrant| {
        let lasts = held.grant.until.is_none_or(|last| last >= today);
        held.grant.role == Role::Curator && Some(held.grant.place) == home && lasts
    };
    if home.is_some() && store.grants(Some(curator)).await?.iter().any(is_own) {
        return Err(StoreError::GrantRefused(GrantRefused::OwnSchool));
    }
    let noted = wire::written(&wire::CuratorNoted { account: curator.0, profile: profile.into() });
    note(store, NewFact { subject: wire::CURATORS, kind: wire::CURATOR, content: &noted }, ways, account, by)
        .await
}

/// Notes what is known of a school that may be a mentor, with distances from it.
pub async fn note_mentor_school(
    store: &Store,
    school: OrganisationId,
    profile: &Profile,
    ways: &[Way],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let noted = wire::written(&wire::SchoolNoted { school: school.0, profile: profile.into() });
    let fact = NewFact { subject: wire::MENTOR_SCHOOLS, kind: wire::MENTOR_SCHOOL, content: &noted };
    note(store, fact, ways, account, by).await
}

/// Notes ways between schools.
pub async fn note_ways(
    store: &Store,
    ways: &[Way],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    write(store, Vec::new(), ways, account, by).await
}

async fn note(
    store: &Store,
    fact: NewFact<'_>,
    ways: &[Way],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    write(store, vec![fact], ways, account, by).await
}

async fn write(
    store: &Store,
    mut facts: Vec<NewFact<'_>>,
    ways: &[Way],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let ways: Vec<serde_json::Value> = ways
        .iter()
        .map(|(from, to, kilometres)| {
            wire::written(&wire::Distance { from: from.0, to: to.0, kilometres: *kilometres })
        })
        .collect();
    facts.extend(ways.iter().map(|content| NewFact {
        subject: wire::DISTANCES,
        kind: wire::DISTANCE,
        content,
    }));
    // The newest note counts, whoever wrote it.
    store.append_facts(&[], &facts, account, by).await.map(|_| ())
}
