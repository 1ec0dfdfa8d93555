//! What is wrong with the lists of schools?

pub(super) mod curators_differ;
pub(super) mod outside_participants;
pub(super) mod participants_differ;

use std::collections::{BTreeMap, BTreeSet};

use opora_cycle::text;
use opora_cycle::vocabulary::{MentionRole, SchoolRef};

use crate::view::View;
use crate::wording::list;

/// A school as it is compared: by number, or else by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum School {
    /// «№ 14».
    Number(u32),
    /// Folded name.
    Name(String),
}

type Schools = BTreeSet<School>;

/// From which share of common schools on two lists are meant to be the same one. Two of seven schools are a choice,
/// six of seven are a slip.
const SAME_LIST: f64 = 0.6;

/// A list that differs from the usual one of its role.
struct Differing {
    /// Index of the mention.
    mention: usize,
    /// Schools of this mention.
    here: Schools,
    /// The usual list.
    usual: Schools,
    /// In how many places the usual list stands.
    places: usize,
}

impl Differing {
    /// Adds to a message which schools are named here only, and which are missing here.
    fn tell_schools(&self, what: &mut String) {
        let extra = written(self.here.difference(&self.usual));
        let absent = written(self.usual.difference(&self.here));
        if !extra.is_empty() {
            what.push_str(&format!(" Только здесь: {extra}."));
        }
        if !absent.is_empty() {
            what.push_str(&format!(" Здесь нет: {absent}."));
        }
    }
}

fn school(school: &SchoolRef) -> Option<School> {
    let named = || school.name.as_deref().map(text::fold).filter(|name| !name.is_empty()).map(School::Name);
    school.number.map(School::Number).or_else(named)
}

fn written<'s>(schools: impl Iterator<Item = &'s School>) -> String {
    let names: Vec<String> = schools
        .map(|school| match school {
            School::Number(number) => format!("№ {number}"),
            School::Name(name) => format!("«{name}»"),
        })
        .collect();
    list(&names, 8)
}

/// Lists of a role that differ from the most frequent one and yet are clearly meant to be it; each distinct once.
fn differing(view: &View<'_>, role: MentionRole) -> Vec<Differing> {
    let mentions =
        view.order.participants.mentions.iter().enumerate().filter(|(_, mention)| mention.role == role);
    let sets: Vec<(usize, Schools)> = mentions
        .map(|(index, mention)| (index, mention.schools.iter().filter_map(school).collect()))
        .collect();
    let mut places: BTreeMap<&Schools, usize> = BTreeMap::new();
    for (_, schools) in &sets {
        *places.entry(schools).or_default() += 1;
    }
    // Of lists equally frequent the first of the document counts as the usual one.
    let usual = sets.iter().rev().max_by_key(|(_, schools)| places.get(schools).copied().unwrap_or(0));
    let Some((_, usual)) = usual else { return Vec::new() };
    let mut seen: BTreeSet<&Schools> = BTreeSet::from([usual]);
    let mut differing: Vec<&(usize, Schools)> = Vec::new();
    for mention in &sets {
        if seen.insert(&mention.1) && same_list(&mention.1, usual) {
            differing.push(mention);
        }
    }
    let describe = |(mention, here): &(usize, Schools)| Differing {
        mention: *mention,
        here: here.clone(),
        usual: usual.clone(),
        places: places.get(usual).copied().unwrap_or(0),
    };
    differing.into_iter().map(describe).collect()
}

fn same_list(a: &Schools, b: &Schools) -> bool {
    let (common, all) = (a.intersection(b).count(), a.union(b).count());
    all > 0 && common as f64 / all as f64 >= SAME_LIST
}
