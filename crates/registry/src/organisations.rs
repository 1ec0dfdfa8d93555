//! Which schools are there, and by which codes do files call them?

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use jiff::civil::Date;
use opora_cells::OrganisationId;

use crate::{Event, EventKind};

/// Number of a region or a municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Where a node stands in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeLevel {
    /// A subject of the federation.
    Region,
    /// A municipality of a region.
    Municipality,
}

/// A region or a municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its number.
    pub id: NodeId,
    /// Region or municipality.
    pub level: NodeLevel,
    /// The region of a municipality.
    pub parent: Option<NodeId>,
    /// Name as shown.
    pub name: String,
    /// Code: ОКТМО where known, otherwise the code the files use.
    pub code: Option<String>,
}

/// By what kind of code a file calls a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Login of the ВПР system, `edu` and digits, lower case. A school may have several.
    Login,
    /// Code of the organisation in a region's examination system; unique within the region only.
    RegionalCode,
    /// Taxpayer number (ИНН).
    TaxNumber,
}

/// A code of a school.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    /// What kind of code.
    pub scheme: Scheme,
    /// The code as text: leading zeros count.
    pub value: String,
}

/// A school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its number in this installation.
    pub id: OrganisationId,
    /// Newest name.
    pub name: String,
    /// What kind of organisation, as the registry file says: «СОШ», «гимназия», «вечерняя школа».
    pub kind: String,
    /// The municipality it belongs to.
    pub municipality: NodeId,
    /// In the country (true) or in a town (false), where known.
    pub rural: Option<bool>,
    /// Codes that files call it by.
    pub identifiers: Vec<Identifier>,
}

/// What contradicts itself in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryError {
    /// Two schools of one region claim the same code.
    SharedCode {
        /// The code.
        identifier: Identifier,
        /// Who claims it.
        organisations: [OrganisationId; 2],
    },
    /// Two schools have the same number.
    SharedNumber(OrganisationId),
    /// A school belongs to a municipality that is not there, or to a node that is no municipality.
    NoMunicipality(OrganisationId),
    /// A municipality belongs to no region that is there.
    NoRegion(NodeId),
    /// An event tells of a school that is not there.
    NoOrganisation(OrganisationId),
}

/// All nodes, schools and events, with the ways to find them.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    nodes: BTreeMap<NodeId, Node>,
    organisations: Vec<Organisation>,
    events: Vec<Event>,
    /// Made when somebody asks: most who look at a country never do.
    by_identifier: OnceLock<HashMap<Identifier, Vec<OrganisationId>>>,
}

impl Registry {
    /// Puts a registry together. Errors are told beside: of two schools with one code neither is found by it.
    pub fn new(
        nodes: Vec<Node>,
        organisations: Vec<Organisation>,
        events: Vec<Event>,
    ) -> (Self, Vec<RegistryError>) {
        let (registry, mut errors) = Self::gathered(nodes, organisations, events);
        errors.extend(registry.contradictions());
        (registry, errors)
    }

    /// Puts a registry together that was free of contradictions when it was kept: nobody looks for them again.
    pub fn known(nodes: Vec<Node>, organisations: Vec<Organisation>, events: Vec<Event>) -> Self {
        Self::gathered(nodes, organisations, events).0
    }

    fn gathered(
        nodes: Vec<Node>,
        mut organisations: Vec<Organisation>,
        mut events: Vec<Event>,
    ) -> (Self, Vec<RegistryError>) {
        organisations.sort_by_key(|organisation| organisation.id);
        events.sort_by_key(|event| (event.organisation, event.date));
        let mut errors = Vec::new();
        organisations.dedup_by(|later, kept| {
            let same = later.id == kept.id;
            if same {
                errors.push(RegistryError::SharedNumber(later.id));
            }
            same
        });
        let nodes = nodes.into_iter().map(|node| (node.id, node)).collect();
        let registry = Self { nodes, organisations, events, by_identifier: OnceLock::new() };
        (registry, errors)
    }

    fn by_identifier(&self) -> &HashMap<Identifier, Vec<OrganisationId>> {
        self.by_identifier.get_or_init(|| {
            let mut known: HashMap<Identifier, Vec<OrganisationId>> = HashMap::new();
            for organisation in &self.organisations {
                for identifier in &organisation.identifiers {
                    known.entry(identifier.clone()).or_default().push(organisation.id);
                }
            }
            known
        })
    }

    fn contradictions(&self) -> Vec<RegistryError> {
        let mut errors = Vec::new();
        for node in self.nodes.values().filter(|node| node.level == NodeLevel::Municipality) {
            let level = node.parent.and_then(|id| self.node(id)).map(|up| up.level);
            if level != Some(NodeLevel::Region) {
                errors.push(RegistryError::NoRegion(node.id));
            }
        }
        // Every region numbers its schools from one: who claims a code is asked within the region.
        let mut claims: HashMap<(&Identifier, Option<NodeId>), Vec<OrganisationId>> = HashMap::new();
        let claim = |organisation: &Organisation, identifier: &Identifier| {
            let regional = identifier.scheme == Scheme::RegionalCode;
            regional.then(|| self.node(organisation.municipality)?.parent).flatten()
        };
        for organisation in &self.organisations {
            for identifier in &organisation.identifiers {
                let key = (identifier, claim(organisation, identifier));
                claims.entry(key).or_default().push(organisation.id);
            }
        }
        for organisation in &self.organisations {
            let level = self.node(organisation.municipality).map(|node| node.level);
            if level != Some(NodeLevel::Municipality) {
                errors.push(RegistryError::NoMunicipality(organisation.id));
            }
            for identifier in &organisation.identifiers {
                let claimants = claims.get(&(identifier, claim(organisation, identifier)));
                let claimants = claimants.map(Vec::as_slice).unwrap_or_default();
                let rival = claimants.get(claimants.partition_point(|id| *id <= organisation.id));
                if let Some(rival) = rival {
                    let organisations = [organisation.id, *rival];
                    errors.push(RegistryError::SharedCode { identifier: identifier.clone(), organisations });
                }
            }
        }
        let unknown = self.events.iter().filter(|event| self.get(event.organisation).is_none());
        errors.extend(unknown.map(|event| RegistryError::NoOrganisation(event.organisation)));
        errors
    }

    /// All schools by number.
    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }

    /// Regions and municipalities by number.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// All events by school and date.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// A school by its number.
    pub fn get(&self, id: OrganisationId) -> Option<&Organisation> {
        // Schools are numbered from one, so nearly every one stands at its number.
        let expected = (id.0 as usize).checked_sub(1).and_then(|at| self.organisations.get(at));
        expected.filter(|organisation| organisation.id == id).or_else(|| {
            let at = self.organisations.binary_search_by_key(&id, |organisation| organisation.id).ok()?;
            self.organisations.get(at)
        })
    }

    /// A region or municipality by its number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// The region a school belongs to.
    pub fn region_of(&self, id: OrganisationId) -> Option<NodeId> {
        self.node(self.get(id)?.municipality)?.parent
    }

    /// The school a code means. A regional code needs the region when schools of several regions have it; a code that
    /// two schools claim finds nobody.
    pub fn find(&self, identifier: &Identifier, region: Option<NodeId>) -> Option<OrganisationId> {
        let mut found = self.by_identifier().get(identifier)?.iter().filter(|id| {
            let anywhere = region.is_none() || identifier.scheme != Scheme::RegionalCode;
            anywhere || self.region_of(**id) == region
        });
        match (found.next(), found.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        }
    }

    /// The events of a school by date.
    pub fn events_of(&self, id: OrganisationId) -> &[Event] {
        let start = self.events.partition_point(|event| event.organisation < id);
        let rest = self.events.get(start..).unwrap_or_default();
        let length = rest.partition_point(|event| event.organisation == id);
        rest.get(..length).unwrap_or_default()
    }

    /// A school works on a day: it was not closed or merged until then, and not opened after.
    pub fn works_on(&self, id: OrganisationId, day: Date) -> bool {
        self.get(id).is_some()
            && self.events_of(id).iter().all(|event| match event.kind {
                EventKind::Opened => event.date <= day,
                EventKind::Closed | EventKind::MergedInto(_) => event.date > day,
                EventKind::Renamed { .. } => true,
            })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use opora_cells::OrganisationId;

    use super::{Identifier, Node, NodeId, NodeLevel, Organisation, Registry, RegistryError, Scheme};
    use crate::{Event, EventKind};

    fn node(id: u32, parent: Option<u32>) -> Node {
        let level = if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region };
        Node { id: NodeId(id), level, parent: parent.map(NodeId), name: format!("узел {id}"), code: None }
    }

    fn code(scheme: Scheme, value: &str) -> Identifier {
        Identifier { scheme, value: value.to_owned() }
    }

    fn school(id: u32, municipality: u32, identifiers: Vec<Identifier>) -> Organisation {
        let (name, kind) = (format!("Школа № {id}"), "СОШ".to_owned());
        let (id, municipality) = (OrganisationId(id), NodeId(municipality));
        Organisation { id, name, kind, municipality, rural: None, identifiers }
    }

    #[test]
    fn a_regional_code_is_unique_within_its_region() {
        let one = || vec![code(Scheme::RegionalCode, "010305")];
        let nodes = vec![node(1, None), node(2, None), node(11, Some(1)), node(21, Some(2))];
        let (registry, errors) =
            Registry::new(nodes, vec![school(5, 11, one()), school(6, 21, one())], vec![]);
        assert_eq!(errors, []);
        assert_eq!(registry.find(&one()[0], Some(NodeId(2))), Some(OrganisationId(6)));
        assert_eq!(registry.find(&one()[0], None), None, "without the region it could be either");
    }

    #[test]
    fn two_schools_with_one_login_are_told() {
        let login = || vec![code(Scheme::Login, "edu000001")];
        let nodes = vec![node(1, None), node(11, Some(1))];
        let (registry, errors) =
            Registry::new(nodes, vec![school(5, 11, login()), school(6, 11, login())], vec![]);
        let organisations = [OrganisationId(5), OrganisationId(6)];
        assert_eq!(errors, [RegistryError::SharedCode { identifier: login().remove(0), organisations }]);
        assert_eq!(registry.find(&login()[0], None), None);
    }

    #[test]
    fn a_merged_school_works_until_the_day_of_the_merger() {
        let nodes = vec![node(1, None), node(11, Some(1))];
        let merger = Event {
            organisation: OrganisationId(5),
            date: date(2024, 9, 1),
            kind: EventKind::MergedInto(OrganisationId(6)),
        };
        let (registry, errors) =
            Registry::new(nodes, vec![school(5, 11, vec![]), school(6, 11, vec![])], vec![merger]);
        assert_eq!(errors, []);
        assert!(registry.works_on(OrganisationId(5), date(2024, 8, 31)));
        assert!(!registry.works_on(OrganisationId(5), date(2024, 9, 1)));
        assert!(!registry.works_on(OrganisationId(7), date(2024, 9, 1)), "nobody knows it");
    }

    #[test]
    fn what_belongs_nowhere_is_told() {
        let (_, errors) = Registry::new(vec![node(11, Some(1))], vec![school(5, 3, vec![])], vec![]);
        assert_eq!(
            errors,
            [RegistryError::NoRegion(NodeId(11)), RegistryError::NoMunicipality(OrganisationId(5))]
        );
    }
}
