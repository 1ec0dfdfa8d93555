//! Which place lies in which?

use opora_cells::OrganisationId;
use opora_registry::{NodeId, Registry};

/// A place in the tree of organisations: where a grant holds, and whose a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The whole installation.
    Installation,
    /// A region or a municipality.
    Node(NodeId),
    /// A school.
    School(OrganisationId),
}

impl Place {
    /// Stable text for records: `all`, `node/3`, `school/12`.
    pub fn code(self) -> String {
        match self {
            Self::Installation => "all".to_owned(),
            Self::Node(node) => format!("node/{}", node.0),
            Self::School(school) => format!("school/{}", school.0),
        }
    }

    /// The place of a stable text.
    pub fn of_code(code: &str) -> Option<Self> {
        match code.split_once('/') {
            None if code == "all" => Some(Self::Installation),
            Some(("node", number)) => number.parse().ok().map(|number| Self::Node(NodeId(number))),
            Some(("school", number)) => {
                number.parse().ok().map(|number| Self::School(OrganisationId(number)))
            }
            _ => None,
        }
    }

    /// The place around this one. A school or node that the registry does not know has none but the installation.
    pub fn around(self, registry: &Registry) -> Option<Self> {
        match self {
            Self::Installation => None,
            Self::Node(node) => {
                Some(registry.node(node).and_then(|node| node.parent).map_or(Self::Installation, Self::Node))
            }
            Self::School(school) => {
                let school = registry.get(school);
                Some(school.map_or(Self::Installation, |school| Self::Node(school.municipality)))
            }
        }
    }
}

/// Whether `inner` is `outer` or lies in it.
pub fn contains(outer: Place, inner: Place, registry: &Registry) -> bool {
    let mut place = Some(inner);
    // Region, municipality, school: a tree of a greater depth is none of ours, a circle must not hang.
    for _ in 0..4 {
        match place {
            Some(found) if found == outer => return true,
            Some(found) => place = found.around(registry),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Place, contains};
    use crate::grants::tests::{NEIGHBOUR, OTHER_SCHOOL, REGION, SCHOOL, TOWN, registry};

    #[test]
    fn a_place_lies_in_those_around_it() {
        let registry = registry();
        let check = |outer, inner, expected| {
            assert_eq!(contains(outer, inner, &registry), expected, "{inner:?} in {outer:?}");
        };
        check(Place::Installation, SCHOOL, true);
        check(REGION, SCHOOL, true);
        check(TOWN, SCHOOL, true);
        check(SCHOOL, SCHOOL, true);
        check(SCHOOL, TOWN, false);
        check(NEIGHBOUR, SCHOOL, false);
        check(SCHOOL, OTHER_SCHOOL, false);
        check(TOWN, Place::Installation, false);
        check(TOWN, Place::School(opora_cells::OrganisationId(999)), false);
        check(Place::Installation, Place::School(opora_cells::OrganisationId(999)), true);
    }

    #[test]
    fn codes_are_read_back() {
        for place in [Place::Installation, TOWN, SCHOOL] {
            assert_eq!(Place::of_code(&place.code()), Some(place));
        }
        for wrong in ["", "node", "node/", "node/x", "school/-1", "all/1", "town/3"] {
            assert_eq!(Place::of_code(wrong), None, "{wrong}");
        }
    }
}
