//! Which curator suits which school, and which mentor school? A proposal with its reasons, for a person to confirm.

use opora_cells::OrganisationId;
use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// A school that needs a curator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolNeed {
    /// The school.
    pub school: OrganisationId,
    /// Where it is weak: subjects or risk factors, in the words that [`CuratorOffer::strengths`] uses too.
    pub weak: Vec<String>,
}

/// A curator who may take schools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CuratorOffer {
    /// Account of the curator.
    pub account: i64,
    /// Where the curator works: never proposed for this school.
    pub works_at: Option<OrganisationId>,
    /// In what the curator or the curator's school is strong.
    pub strengths: Vec<String>,
    /// How many more schools the curator can take.
    pub capacity: usize,
}

/// A pair to confirm, or a school nobody is left for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The school.
    pub school: OrganisationId,
    /// Account of the curator; none when all who may are full.
    pub curator: Option<i64>,
    /// Weak places of the school in which the curator is strong.
    pub matched: Vec<String>,
    /// Distance, kilometres, where known.
    pub kilometres: Option<u32>,
}

/// A school that may be a mentor of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentorOffer {
    /// The school.
    pub school: OrganisationId,
    /// In what it is strong.
    pub strengths: Vec<String>,
    /// How many more schools it can take.
    pub capacity: usize,
    /// It is in the programme of support itself: never proposed.
    pub is_supported: bool,
}

/// A pair of schools to confirm, or a school no mentor is left for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentorProposal {
    /// The school that needs a mentor.
    pub school: OrganisationId,
    /// The mentor school; none when all that may are full.
    pub mentor: Option<OrganisationId>,
    /// Weak places of the school in which the mentor is strong.
    pub matched: Vec<String>,
    /// Distance, kilometres, where known.
    pub kilometres: Option<u32>,
}

/// A school with a curator beats any school without one; a matched strength beats ten kilometres.
const SERVED: i64 = 1_000_000;
const MATCHED: i64 = 1_000;
const KILOMETRE: i64 = 100;
/// Beyond this a kilometre more makes no difference, and one strength less does not buy it.
const FAR_KM: u32 = 500;
/// Where the distance is not known it counts as this far.
const UNKNOWN_KM: u32 = 50;

/// Proposes curators so that as many schools as possible have one, strengths meet weak places, and ways are short:
/// the best total over all pairs (the Hungarian method), O(n³) in schools and places of curators.
///
/// `kilometres(school, account)` gives a distance where it is known. The same input gives the same proposal.
pub fn propose(
    schools: &[SchoolNeed],
    curators: &[CuratorOffer],
    kilometres: impl Fn(OrganisationId, i64) -> Option<u32>,
) -> Vec<Proposal> {
    if schools.is_empty() {
        return Vec::new();
    }
    // A curator stands once for each school she can take; no more are needed than there are schools.
    let places =
        curators.iter().flat_map(|offer| std::iter::repeat_n(offer, offer.capacity.min(schools.len())));
    let seats: Vec<Option<&CuratorOffer>> =
        places.map(Some).chain(std::iter::repeat_n(None, schools.len())).collect();
    let weight = |(row, column): (usize, usize)| {
        let (Some(school), Some(Some(offer))) = (schools.get(row), seats.get(column)) else { return 0 };
        if offer.works_at == Some(school.school) {
            // Worse than nobody at all.
            return -SERVED;
        }
        let matched = i64::try_from(matches(school, offer).len()).unwrap_or(i64::MAX / MATCHED);
        let way = kilometres(school.school, offer.account).unwrap_or(UNKNOWN_KM).min(FAR_KM);
        SERVED + matched.min(100) * MATCHED - i64::from(way) * KILOMETRE
    };
    let weights = Matrix::from_fn(schools.len(), seats.len(), weight);
    let (_, chosen) = kuhn_munkres(&weights);
    let proposal = |(school, column): (&SchoolNeed, usize)| {
        let offer = seats.get(column).copied().flatten();
        Proposal {
            school: school.school,
            curator: offer.map(|offer| offer.account),
            matched: offer.map(|offer| matches(school, offer)).unwrap_or_default(),
            kilometres: offer.and_then(|offer| kilometres(school.school, offer.account)),
        }
    };
    schools.iter().zip(chosen).map(proposal).collect()
}

/// Proposes mentor schools by the same rule as [`propose`] does curators. A school is no mentor of itself, and one that
/// needs support itself is no mentor at all.
pub fn propose_mentors(
    schools: &[SchoolNeed],
    mentors: &[MentorOffer],
    kilometres: impl Fn(OrganisationId, OrganisationId) -> Option<u32>,
) -> Vec<MentorProposal> {
    let id = |account: i64| u32::try_from(account).ok().map(OrganisationId);
    let offers: Vec<CuratorOffer> = mentors
        .iter()
        .filter(|mentor| !mentor.is_supported)
        .map(|mentor| CuratorOffer {
            account: i64::from(mentor.school.0),
            works_at: Some(mentor.school),
            strengths: mentor.strengths.clone(),
            capacity: mentor.capacity,
        })
        .collect();
    let way = |school, account| kilometres(school, id(account)?);
    let pair = |found: Proposal| MentorProposal {
        school: found.school,
        mentor: found.curator.and_then(id),
        matched: found.matched,
        kilometres: found.kilometres,
    };
    propose(schools, &offers, way).into_iter().map(pair).collect()
}

fn matches(school: &SchoolNeed, offer: &CuratorOffer) -> Vec<String> {
    school.weak.iter().filter(|weak| offer.strengths.contains(weak)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use opora_cells::OrganisationId;
    use proptest::prelude::*;

    use super::{CuratorOffer, MentorOffer, SchoolNeed, propose, propose_mentors};

    fn need(school: u32, weak: &[&str]) -> SchoolNeed {
        SchoolNeed {
            school: OrganisationId(school),
            weak: weak.iter().map(|&weak| weak.to_owned()).collect(),
        }
    }

    fn offer(account: i64, works_at: u32, strengths: &[&str], capacity: usize) -> CuratorOffer {
        let strengths = strengths.iter().map(|&strength| strength.to_owned()).collect();
        CuratorOffer { account, works_at: Some(OrganisationId(works_at)), strengths, capacity }
    }

    fn check(schools: &[SchoolNeed], curators: &[CuratorOffer], expected: &[Option<i64>]) {
        let found: Vec<_> =
            propose(schools, curators, |_, _| None).iter().map(|found| found.curator).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn strengths_meet_weak_places() {
        let schools = [need(1, &["математика"]), need(2, &["русский язык"])];
        let curators = [offer(10, 8, &["русский язык"], 1), offer(11, 9, &["математика"], 1)];
        check(&schools, &curators, &[Some(11), Some(10)]);
    }

    #[test]
    fn nobody_checks_her_own_school() {
        check(&[need(1, &["математика"])], &[offer(10, 1, &["математика"], 3)], &[None]);
        let curators = [offer(10, 1, &[], 1), offer(11, 2, &[], 1)];
        check(&[need(1, &[]), need(2, &[])], &curators, &[Some(11), Some(10)]);
    }

    #[test]
    fn a_near_curator_is_proposed() {
        let curators = [offer(10, 8, &[], 1), offer(11, 9, &[], 1)];
        let near =
            |school: OrganisationId, account| Some(if (school.0 == 1) == (account == 11) { 3 } else { 90 });
        let found = propose(&[need(1, &[]), need(2, &[])], &curators, near);
        assert_eq!(
            found.iter().map(|found| (found.curator, found.kilometres)).collect::<Vec<_>>(),
            [(Some(11), Some(3)), (Some(10), Some(3))]
        );
    }

    #[test]
    fn a_school_in_need_is_no_mentor() {
        let mentor = |school, is_supported| MentorOffer {
            school: OrganisationId(school),
            strengths: vec!["математика".to_owned()],
            capacity: 2,
            is_supported,
        };
        let schools = [need(1, &["математика"]), need(2, &[])];
        let check = |mentors: &[MentorOffer], expected: [Option<u32>; 2]| {
            let found = propose_mentors(&schools, mentors, |_, _| None);
            let mentors: Vec<_> = found.iter().map(|pair| pair.mentor.map(|mentor| mentor.0)).collect();
            assert_eq!(mentors, expected);
        };
        check(&[mentor(8, true)], [None, None]);
        check(&[mentor(8, true), mentor(9, false)], [Some(9), Some(9)]);
        check(&[mentor(1, false)], [None, Some(1)]);
    }

    #[test]
    fn nothing_to_do_is_done() {
        check(&[], &[offer(10, 8, &[], 1)], &[]);
        check(&[need(1, &[])], &[], &[None]);
        check(&[need(1, &[])], &[offer(10, 8, &[], 0)], &[None]);
    }

    proptest! {
        /// Capacities hold, nobody gets her own school, and nobody stays free while a school she may take has none.
        #[test]
        fn a_proposal_keeps_the_rules(
            weak in prop::collection::vec(prop::collection::vec(0_u8..4, 0..3), 0..9),
            offers in prop::collection::vec((0_u32..9, prop::collection::vec(0_u8..4, 0..3), 0_usize..4), 0..6),
        ) {
            let words = |numbers: &[u8]| numbers.iter().map(|number| number.to_string()).collect::<Vec<_>>();
            let schools: Vec<_> = (0..).zip(&weak).map(|(id, weak)| SchoolNeed { school: OrganisationId(id), weak: words(weak) }).collect();
            let curators: Vec<_> = (0..).zip(&offers).map(|(account, (works_at, strengths, capacity))| CuratorOffer {
                account, works_at: Some(OrganisationId(*works_at)), strengths: words(strengths), capacity: *capacity,
            }).collect();
            let found = propose(&schools, &curators, |_, _| None);
            prop_assert_eq!(found.len(), schools.len());
            for curator in &curators {
                let taken = found.iter().filter(|pair| pair.curator == Some(curator.account)).count();
                prop_assert!(taken <= curator.capacity);
                prop_assert!(!found.iter().any(|pair| pair.curator == Some(curator.account) && Some(pair.school) == curator.works_at));
                let left = found.iter().any(|pair| pair.curator.is_none() && Some(pair.school) != curator.works_at);
                prop_assert!(taken == curator.capacity || !left);
            }
        }
    }
}
