//! In which order do names of schools stand? By the alphabet, and in no other order: schools are never ranked.

use std::collections::BTreeMap;
use std::ops::Range;

use opora_cells::OrganisationId;
use opora_registry::{NodeId, Registry};

/// The key names are sorted by: case and «ё» make no difference, and «№ 2» stands before «№ 10».
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 8);
    let mut digits = String::new();
    let flush = |digits: &mut String, key: &mut String| {
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>9}"));
            digits.clear();
        }
    };
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        flush(&mut digits, &mut key);
        match letter {
            'ё' => key.push('е'),
            '«' | '»' | '"' => {}
            other => key.push(other),
        }
    }
    flush(&mut digits, &mut key);
    key
}

/// All schools by region, municipality and name, so that nobody has to sort a country for a page.
#[derive(Clone, Debug, Default)]
pub struct Order {
    schools: Vec<OrganisationId>,
    places: BTreeMap<NodeId, Range<usize>>,
}

impl Order {
    /// The order of a registry.
    pub fn of(registry: &Registry) -> Self {
        let named = |id: Option<NodeId>| {
            let node = id.and_then(|id| registry.node(id));
            (node.map(|node| key(&node.name)).unwrap_or_default(), id)
        };
        let nodes: BTreeMap<NodeId, _> =
            registry.nodes().map(|node| (node.id, named(Some(node.id)))).collect();
        let place = |id: Option<NodeId>| id.and_then(|id| nodes.get(&id));
        let mut schools: Vec<_> = registry
            .organisations()
            .iter()
            .map(|school| (registry.region_of(school.id), school.municipality, key(&school.name), school.id))
            .collect();
        schools.sort_by(|a, b| {
            place(a.0)
                .cmp(&place(b.0))
                .then_with(|| place(Some(a.1)).cmp(&place(Some(b.1))))
                .then_with(|| a.2.cmp(&b.2))
                .then_with(|| a.3.cmp(&b.3))
        });
        let mut places: BTreeMap<NodeId, Range<usize>> = BTreeMap::new();
        for (at, (region, municipality, ..)) in schools.iter().enumerate() {
            for node in region.iter().chain([municipality]) {
                places.entry(*node).or_insert(at..at).end = at + 1;
            }
        }
        Self { schools: schools.into_iter().map(|(.., id)| id).collect(), places }
    }

    /// The schools of a region or municipality, or all of them.
    pub fn within(&self, node: Option<NodeId>) -> &[OrganisationId] {
        let range = match node {
            None => 0..self.schools.len(),
            Some(node) => self.places.get(&node).cloned().unwrap_or_default(),
        };
        self.schools.get(range).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use opora_registry::{Node, NodeLevel, Organisation};

    use super::*;

    #[track_caller]
    fn check(mut names: Vec<&str>, expected: &[&str]) {
        names.sort_by_key(|name| key(name));
        assert_eq!(names, expected);
    }

    #[test]
    fn names_stand_as_in_a_telephone_book() {
        check(
            vec!["Школа № 10", "школа № 2", "Ёлкинская школа"],
            &["Ёлкинская школа", "школа № 2", "Школа № 10"],
        );
        check(vec!["Лицей «Юг»", "Лицей «Альфа»"], &["Лицей «Альфа»", "Лицей «Юг»"]);
    }
    #[test]
    fn schools_stand_by_their_place_and_name_whatever_their_number() {
        let node = |id, parent: Option<u32>, name: &str| Node {
            id: NodeId(id),
            level: if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region },
            parent: parent.map(NodeId),
            name: name.to_owned(),
            code: None,
        };
        let nodes = vec![
            node(1, None, "Ясная область"),
            node(2, None, "Заречная область"),
            node(11, Some(1), "Бор"),
            node(21, Some(2), "Ёлкино"),
            node(22, Some(2), "Аист"),
        ];
        let school = |id, municipality, name: &str| Organisation {
            id: OrganisationId(id),
            name: name.to_owned(),
            kind: "СОШ".to_owned(),
            municipality: NodeId(municipality),
            rural: None,
            identifiers: Vec::new(),
        };
        let schools = vec![
            school(1, 11, "Школа № 1"),
            school(2, 21, "Школа № 10"),
            school(3, 21, "Школа № 2"),
            school(4, 22, "Школа № 7"),
        ];
        let (registry, errors) = Registry::new(nodes, schools, Vec::new());
        assert_eq!(errors, []);
        let order = Order::of(&registry);
        let numbers = |node: Option<u32>| -> Vec<u32> {
            order.within(node.map(NodeId)).iter().map(|id| id.0).collect()
        };
        assert_eq!(numbers(None), [4, 3, 2, 1]);
        assert_eq!(numbers(Some(2)), [4, 3, 2]);
        assert_eq!(numbers(Some(21)), [3, 2]);
        assert_eq!(numbers(Some(99)), [] as [u32; 0]);
    }
}
