//! By what can the activities of a plan be narrowed, and how many would remain?

use std::collections::{BTreeMap, HashMap};

use opora_cycle::vocabulary::{Activity, SchoolKind, SchoolRef};

use super::agenda::{Agenda, State};
use super::filter::{
    ALL_SCHOOLS, DeadlineKind, FacetName, Filter, Month, Needle, Traits, party_key, school_key,
};
use super::words::shortened;

/// Values shown of one facet, the chosen ones aside; the rest is reached by the words of the filter.
const VALUES_MAX: usize = 60;

/// A facet with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Which.
    pub name: FacetName,
    /// Values in the order to show; those that would leave nothing are absent unless chosen.
    pub values: Vec<FacetValue>,
}

impl Facet {
    /// How many of its values are chosen.
    pub fn chosen(&self) -> usize {
        self.values.iter().filter(|value| value.chosen).count()
    }
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// As in an address.
    pub value: String,
    /// For people.
    pub label: String,
    /// How many activities the list would hold with this value alone in its facet.
    pub count: usize,
    /// It is chosen now.
    pub chosen: bool,
}

/// The activities that a filter leaves, and the facets to narrow them by.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// Indexes into the agenda's items, in order.
    pub kept: Vec<usize>,
    /// The facets in the order of the page.
    pub facets: Vec<Facet>,
}

/// Applies a filter to an agenda. A facet's counts heed the words and the other facets, not the facet itself.
pub fn narrow(agenda: &Agenda<'_>, filter: &Filter) -> Narrowed {
    let needle = Needle::new(&filter.text);
    let mut kept = Vec::new();
    let mut counts: HashMap<FacetName, HashMap<String, usize>> = HashMap::new();
    // What goes on for years has a day in every month: months become words when all are counted.
    let mut months: HashMap<Month, usize> = HashMap::new();
    for (index, item) in agenda.items.iter().enumerate() {
        if !needle.is_in(item.activity) {
            continue;
        }
        let traits = Traits::of(item);
        let failed: Vec<FacetName> =
            FacetName::ALL.into_iter().filter(|&name| !traits.passes(filter, name)).collect();
        let counted: &[FacetName] = match failed.as_slice() {
            [] => &FacetName::ALL,
            [_] => &failed,
            _ => &[],
        };
        for &name in counted {
            if name == FacetName::Month {
                for month in traits.months() {
                    *months.entry(*month).or_default() += 1;
                }
                continue;
            }
            let counts = counts.entry(name).or_default();
            for value in traits.values(name) {
                *counts.entry(value).or_default() += 1;
            }
        }
        if failed.is_empty() {
            kept.push(index);
        }
    }
    counts.insert(
        FacetName::Month,
        months.into_iter().map(|(month, count)| (month.to_string(), count)).collect(),
    );
    let labels = Labels::of(agenda);
    let facets = FacetName::ALL
        .into_iter()
        .map(|name| facet(name, counts.remove(&name).unwrap_or_default(), filter, &labels))
        .collect();
    Narrowed { kept, facets }
}

fn facet(name: FacetName, mut counts: HashMap<String, usize>, filter: &Filter, labels: &Labels) -> Facet {
    let chosen = filter.chosen(name);
    for value in &chosen {
        counts.entry(value.clone()).or_insert(0);
    }
    let mut values: Vec<FacetValue> = counts
        .into_iter()
        .map(|(value, count)| FacetValue {
            label: labels.of_value(name, &value),
            chosen: chosen.contains(&value),
            value,
            count,
        })
        .collect();
    values.sort_by(|a, b| {
        let place = |v: &FacetValue| order(name, &v.value);
        match name {
            FacetName::Party => b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)),
            _ => place(a).cmp(&place(b)).then_with(|| a.label.cmp(&b.label)),
        }
    });
    let mut room = VALUES_MAX;
    values.retain(|value| {
        let fits = value.chosen || room > 0;
        room -= usize::from(fits && !value.chosen);
        fits
    });
    Facet { name, values }
}

/// Place of a value among those of its facet.
fn order(name: FacetName, value: &str) -> (usize, i64) {
    match name {
        FacetName::State => (State::ALL.iter().position(|s| s.slug() == value).unwrap_or(usize::MAX), 0),
        FacetName::Kind => {
            (DeadlineKind::ALL.iter().position(|k| k.slug() == value).unwrap_or(usize::MAX), 0)
        }
        FacetName::Month => {
            let month = Month::parse(value).map(|m| i64::from(m.year) * 12 + i64::from(m.month));
            (0, month.unwrap_or(i64::MAX))
        }
        FacetName::School if value == ALL_SCHOOLS => (0, 0),
        FacetName::School => value.parse().map_or((2, 0), |number| (1, number)),
        FacetName::Party => (0, 0),
    }
}

/// How the values of a plan's facets read.
pub(crate) struct Labels {
    parties: HashMap<String, String>,
    schools: BTreeMap<String, String>,
}

impl Labels {
    /// The label of a value is its first writing in the plan.
    pub(crate) fn of(agenda: &Agenda<'_>) -> Self {
        let mut labels = Self { parties: HashMap::new(), schools: BTreeMap::new() };
        for item in &agenda.items {
            labels.learn(item.activity);
        }
        labels
    }

    fn learn(&mut self, activity: &Activity) {
        for party in &activity.responsible {
            let label = party.person.as_ref().map_or(&party.text, |person| &person.name);
            self.parties.entry(party_key(party)).or_insert_with(|| shortened(label.trim(), 60));
            for school in &party.schools {
                if let Some(key) = school_key(school) {
                    self.schools.entry(key).or_insert_with(|| school_label(school));
                }
            }
        }
    }

    /// The value for people; as written in the address where the plan has no such value.
    pub(crate) fn of_value(&self, name: FacetName, value: &str) -> String {
        let known = match name {
            FacetName::State => {
                State::ALL.into_iter().find(|s| s.slug() == value).map(|s| s.russian().into())
            }
            FacetName::Kind => {
                DeadlineKind::ALL.into_iter().find(|k| k.slug() == value).map(|k| k.russian().into())
            }
            FacetName::Month => Month::parse(value).map(Month::russian),
            FacetName::Party => self.parties.get(value).cloned(),
            FacetName::School if value == ALL_SCHOOLS => Some("школы без номеров".into()),
            FacetName::School => self.schools.get(value).cloned(),
        };
        known.unwrap_or_else(|| value.to_owned())
    }
}

/// A school as briefly as it can be said: «№ 14», «гимназия № 3», «Лесная школа».
pub fn school_label(school: &SchoolRef) -> String {
    let kind = match school.kind {
        SchoolKind::Gymnasium => "гимназия ",
        SchoolKind::Lyceum => "лицей ",
        SchoolKind::Primary | SchoolKind::Basic | SchoolKind::Secondary | SchoolKind::Unspecified => "",
    };
    match (school.number, &school.name) {
        (Some(number), _) => format!("{kind}№ {number}"),
        (None, Some(name)) => name.clone(),
        (None, None) => "школа".into(),
    }
}
