//! Who could support whom, by what is noted and what is held already?

use std::collections::BTreeMap;

use jiff::civil::Date;
use opora_access::{
    CuratorOffer, GrantRefused, MentorOffer, MentorProposal, Place, Proposal, Role, SchoolNeed, propose,
    propose_mentors,
};
use opora_cells::OrganisationId;
use opora_store::{Account, AccountId, HeldGrant, Store, StoreError};

use super::{Field, Support};

/// Schools with the fields they are weak in.
pub type Needs = BTreeMap<OrganisationId, Vec<Field>>;

fn needs(schools: &Needs) -> Vec<SchoolNeed> {
    schools.iter().map(|(school, weak)| SchoolNeed { school: *school, weak: weak.clone() }).collect()
}

/// Where somebody works: as noted, or else where she leads or is in the team.
pub fn own_school(
    support: &Support,
    account: AccountId,
    grants: &[HeldGrant],
    day: Date,
) -> Option<OrganisationId> {
    let noted = support.curators.get(&account).and_then(|profile| profile.works_at);
    noted.or_else(|| {
        let works = |role| matches!(role, Role::SchoolHead | Role::SchoolTeam | Role::Methodologist);
        let own = grants.iter().filter(|held| held.account == account && held.grant.holds(day));
        own.filter(|held| works(held.grant.role)).find_map(|held| match held.grant.place {
            Place::School(school) => Some(school),
            _ => None,
        })
    })
}

/// How many schools somebody is the curator of, today or later.
pub fn load(account: AccountId, grants: &[HeldGrant], day: Date) -> usize {
    let open = |held: &&HeldGrant| held.grant.until.is_none_or(|until| until >= day);
    let curates = |held: &&HeldGrant| held.account == account && held.grant.role == Role::Curator;
    grants.iter().filter(curates).filter(open).count()
}

/// Those who may take schools, with the room they have left.
pub fn curator_offers(
    support: &Support,
    people: &[Account],
    grants: &[HeldGrant],
    day: Date,
) -> Vec<CuratorOffer> {
    let offer = |account: &Account| {
        let profile = support.curators.get(&account.id)?;
        let left = (profile.capacity as usize).saturating_sub(load(account.id, grants, day));
        Some(CuratorOffer {
            account: account.id.0,
            works_at: own_school(support, account.id, grants, day),
            strengths: profile.strengths.iter().cloned().collect(),
            capacity: left,
        })
    };
    people.iter().filter(|account| account.open).filter_map(offer).collect()
}

/// Schools that may help others, with the room they have left; `supported` are in the programme themselves.
pub fn mentor_offers(
    support: &Support,
    supported: impl Fn(OrganisationId) -> bool,
    day: Date,
) -> Vec<MentorOffer> {
    let offer = |(school, profile): (&OrganisationId, &super::Profile)| MentorOffer {
        school: *school,
        strengths: profile.strengths.iter().cloned().collect(),
        capacity: (profile.capacity as usize).saturating_sub(support.load(*school, day)),
        is_supported: supported(*school),
    };
    support.mentor_schools.iter().map(offer).collect()
}

/// Proposes curators for schools.
pub fn propose_for(schools: &Needs, offers: &[CuratorOffer], support: &Support) -> Vec<Proposal> {
    let home: BTreeMap<i64, OrganisationId> =
        offers.iter().filter_map(|offer| Some((offer.account, offer.works_at?))).collect();
    propose(&needs(schools), offers, |school, account| support.kilometres(*home.get(&account)?, school))
}

/// Proposes mentor schools for schools.
pub fn propose_mentors_for(
    schools: &Needs,
    offers: &[MentorOffer],
    support: &Support,
) -> Vec<MentorProposal> {
    propose_mentors(&needs(schools), offers, |school, mentor| support.kilometres(mentor, school))
}

/// Refuses the role of a curator at the school where the person works, whatever roles she holds there.
pub async fn refuse_own_school(store: &Store, account: AccountId, place: Place) -> Result<(), StoreError> {
    let Place::School(school) = place else { return Ok(()) };
    let works_at = Support::read(store).await?.curators.get(&account).and_then(|profile| profile.works_at);
    if works_at == Some(school) {
        return Err(StoreError::GrantRefused(GrantRefused::OwnSchool));
    }
    Ok(())
}
