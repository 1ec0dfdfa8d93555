//! Which facts belong to which occurrence after the schedule was edited?

use std::collections::{BTreeMap, BTreeSet};

use opora_cycle::vocabulary::ActivityKey;

use crate::account::Account;
use crate::fact::Fact;
use crate::occurrence::{Occurrence, OccurrenceKey};
use crate::words;

/// A person's decision that facts under one key belong to another occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reattached {
    /// The key the facts carry.
    pub from: OccurrenceKey,
    /// The key of an occurrence of today.
    pub to: OccurrenceKey,
}

/// Facts under a key that names no occurrence any more, and the occurrence they belong to by their days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The key the facts carry.
    pub from: OccurrenceKey,
    /// Where they are counted now.
    pub to: OccurrenceKey,
    /// How many.
    pub facts: usize,
}

/// Facts that belong to no occurrence of today. They are shown and never lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan<'a> {
    /// The key the facts carry.
    pub key: OccurrenceKey,
    /// The facts in order.
    pub facts: Vec<&'a Fact>,
    /// The activity is still in the plan.
    pub has_activity: bool,
}

impl Orphan<'_> {
    /// What happened and what to do, in Russian.
    #[must_use]
    pub fn russian(&self) -> String {
        let when = self
            .key
            .window
            .map_or("без срока".to_owned(), |window| format!("со сроком {}", words::day(window.due)));
        let records = words::count(self.facts.len(), ["запись", "записи", "записей"]);
        let why = if self.has_activity {
            "сроки мероприятия изменились, и такого среди них больше нет"
        } else {
            "мероприятия больше нет в плане"
        };
        format!(
            "{records} о выполнении {when} не к чему отнести: {why}. Записи сохранены, укажите, к какому сроку их отнести."
        )
    }
}

/// The occurrences of a plan with their facts.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    occurrences: &'a [Occurrence],
    /// Facts sorted by occurrence, in order within one.
    facts: Vec<&'a Fact>,
    /// Where the facts of each occurrence begin; one more than there are occurrences.
    starts: Vec<usize>,
    /// Facts counted under another key than they carry.
    pub moved: Vec<Moved>,
    /// Facts without an occurrence.
    pub orphans: Vec<Orphan<'a>>,
}

impl<'a> Ledger<'a> {
    /// Lays facts, in the order of recording, to the occurrences of today.
    ///
    /// A key that names an occurrence names it. Otherwise, in this order: a person's decision; the occurrence of the
    /// activity that shares the most days with the key; the only occurrence of the activity; the nearest by its last
    /// day within [`NEAR_DAYS`], where nothing else lies there. What is left is an orphan.
    #[must_use]
    pub fn of(occurrences: &'a [Occurrence], facts: &'a [Fact], decisions: &[Reattached]) -> Self {
        let mut index: Vec<(OccurrenceKey, usize)> =
            occurrences.iter().enumerate().map(|(at, occurrence)| (occurrence.key, at)).collect();
        index.sort_unstable();
        let exact = |key: &OccurrenceKey| {
            let found = index.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
            index.get(found).map(|(_, at)| *at)
        };
        let mut place: Vec<Option<usize>> = facts.iter().map(|fact| exact(&fact.occurrence)).collect();
        let mut strays: BTreeMap<OccurrenceKey, Vec<usize>> = BTreeMap::new();
        for (at, fact) in facts.iter().enumerate() {
            if place.get(at).is_some_and(Option::is_none) {
                strays.entry(fact.occurrence).or_default().push(at);
            }
        }
        let mut moved = Vec::new();
        let mut orphans = Vec::new();
        if !strays.is_empty() {
            let taken: BTreeSet<usize> = place.iter().copied().flatten().collect();
            let found = settle(&index, occurrences, &strays, taken, &|key| {
                decisions.iter().rev().find(|decision| decision.from == *key).and_then(|d| exact(&d.to))
            });
            for (key, numbers) in strays {
                let to = found.get(&key).copied();
                match to.and_then(|at| occurrences.get(at)) {
                    Some(target) => moved.push(Moved { from: key, to: target.key, facts: numbers.len() }),
                    None => orphans.push(Orphan {
                        key,
                        has_activity: !keys_of(&index, key.activity).is_empty(),
                        facts: numbers.iter().filter_map(|at| facts.get(*at)).collect(),
                    }),
                }
                for at in numbers {
                    if let Some(slot) = place.get_mut(at) {
                        *slot = to;
                    }
                }
            }
        }
        let (facts, starts) = grouped(occurrences.len(), facts, &place);
        Self { occurrences, facts, starts, moved, orphans }
    }

    /// The facts of the occurrence with this index, in order.
    #[must_use]
    pub fn facts(&self, occurrence: usize) -> &[&'a Fact] {
        let bounds = self.starts.get(occurrence).zip(self.starts.get(occurrence + 1));
        bounds.and_then(|(from, to)| self.facts.get(*from..*to)).unwrap_or_default()
    }

    /// Every occurrence with what its facts say, in order.
    pub fn accounts(&self) -> impl Iterator<Item = (&'a Occurrence, Account<'a>)> {
        self.occurrences
            .iter()
            .enumerate()
            .map(|(at, occurrence)| (occurrence, Account::of(self.facts(at).iter().copied())))
    }
}

/// Days between two last days at which one may have become the other.
pub const NEAR_DAYS: i32 = 31;

/// Sorts facts by their place, keeping their order; those without one are left out.
fn grouped<'a>(places: usize, facts: &'a [Fact], place: &[Option<usize>]) -> (Vec<&'a Fact>, Vec<usize>) {
    let mut order: Vec<(usize, &Fact)> =
        place.iter().zip(facts).filter_map(|(at, fact)| at.map(|at| (at, fact))).collect();
    // The sort is stable and facts mostly come in order of their plan.
    order.sort_by_key(|(at, _)| *at);
    let mut starts = Vec::with_capacity(places + 1);
    let mut seen = 0;
    for at in 0..=places {
        while order.get(seen).is_some_and(|(place, _)| *place < at) {
            seen += 1;
        }
        starts.push(seen);
    }
    (order.into_iter().map(|(_, fact)| fact).collect(), starts)
}

/// The keys of an activity with the indexes of their occurrences, in a sorted index.
fn keys_of(index: &[(OccurrenceKey, usize)], activity: ActivityKey) -> &[(OccurrenceKey, usize)] {
    let from = index.partition_point(|(key, _)| key.activity < activity);
    let to = index.partition_point(|(key, _)| key.activity <= activity);
    index.get(from..to).unwrap_or_default()
}

/// Where strays go.
fn settle(
    index: &[(OccurrenceKey, usize)],
    occurrences: &[Occurrence],
    strays: &BTreeMap<OccurrenceKey, Vec<usize>>,
    mut taken: BTreeSet<usize>,
    decided: &dyn Fn(&OccurrenceKey) -> Option<usize>,
) -> BTreeMap<OccurrenceKey, usize> {
    let mut found = BTreeMap::new();
    let mut by_nearness: Vec<(i32, OccurrenceKey, usize)> = Vec::new();
    for key in strays.keys() {
        let own: Vec<(usize, &Occurrence)> = keys_of(index, key.activity)
            .iter()
            .filter_map(|(_, at)| occurrences.get(*at).map(|occurrence| (*at, occurrence)))
            .collect();
        if let Some(at) = decided(key).or_else(|| by_days(key, &own)).or_else(|| only(&own)) {
            found.insert(*key, at);
            continue;
        }
        let Some(window) = key.window else { continue };
        for (at, occurrence) in own {
            let far = occurrence.window.map(|other| words::days_between(window.due, other.due).abs());
            by_nearness.extend(far.filter(|far| *far <= NEAR_DAYS).map(|far| (far, *key, at)));
        }
    }
    // The nearest pair first, and each occurrence once: two times must not become one by guessing.
    by_nearness.sort_unstable();
    taken.extend(found.values());
    for (_, key, at) in by_nearness {
        if !found.contains_key(&key) && taken.insert(at) {
            found.insert(key, at);
        }
    }
    found
}

/// The occurrence that shares the most days; among equals the nearest by its last day, then the same number.
fn by_days(key: &OccurrenceKey, own: &[(usize, &Occurrence)]) -> Option<usize> {
    let Some(window) = key.window else {
        let mut undated = own.iter().filter(|(_, occurrence)| occurrence.key.window.is_none());
        let first = undated.next();
        return undated.next().is_none().then_some(first)?.map(|(at, _)| *at);
    };
    let rank = |(at, occurrence): &(usize, &Occurrence)| {
        let other = occurrence.key.window?;
        let shared = window.shared_days(&other);
        let far = words::days_between(window.due, other.due).abs();
        (shared > 0).then_some((-shared, far, occurrence.key.nth != key.nth, occurrence.key.nth, *at))
    };
    own.iter().filter_map(rank).min().map(|(.., at)| at)
}

fn only(own: &[(usize, &Occurrence)]) -> Option<usize> {
    match own {
        [(at, _)] => Some(*at),
        _ => None,
    }
}
