//! Which section of one version is which of another, and which activity is which?

use std::collections::{BTreeSet, HashMap};

use opora_cycle::vocabulary::{Activity, ActivityKey, Plan, Section};

/// An activity of a version: its key, and which of those with this key, as a damaged plan may have several.
pub(crate) type Id = (ActivityKey, usize);

/// An activity with its section.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub id: Id,
    /// Index of the section.
    pub section: usize,
    pub activity: &'a Activity,
}

/// All activities of a plan in order.
pub(crate) fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let mut seen: HashMap<ActivityKey, usize> = HashMap::new();
    let mut rows = Vec::new();
    for (section, of) in plan.sections.iter().enumerate() {
        for activity in &of.activities {
            let nth = seen.entry(activity.key).or_default();
            rows.push(Row { id: (activity.key, *nth), section, activity });
            *nth += 1;
        }
    }
    rows
}

/// Where each section of an older version went in a newer one. Sections have no keys: one is known by its texts, else
/// by its title, else by the activities it shares; what is left over on both sides in equal number was renamed.
pub(crate) fn matched(old: &Plan, new: &Plan) -> Vec<Option<usize>> {
    let mut pairs = Pairs { went: vec![None; old.sections.len()], free: (0..new.sections.len()).collect() };
    let texts =
        |section: &Section| (section.number.clone().unwrap_or_default(), section.title.clone(), section.year);
    pairs.by(&old.sections, &new.sections, |section| Some(texts(section)));
    let title = |section: &Section| Some(section.title.clone()).filter(|title| !title.is_empty());
    pairs.by(&old.sections, &new.sections, title);
    pairs.by_activities(old, new);
    pairs.left_over();
    pairs.went
}

struct Pairs {
    went: Vec<Option<usize>>,
    free: BTreeSet<usize>,
}

impl Pairs {
    /// Pairs sections of the same key; among several the one at the same place comes first.
    fn by<K: Eq + std::hash::Hash>(
        &mut self,
        old: &[Section],
        new: &[Section],
        key: impl Fn(&Section) -> Option<K>,
    ) {
        let mut of_key: HashMap<K, BTreeSet<usize>> = HashMap::new();
        for at in &self.free {
            if let Some(key) = new.get(*at).and_then(&key) {
                of_key.entry(key).or_default().insert(*at);
            }
        }
        let mut take = |index: usize, section: &Section, only_here: bool, pairs: &mut Self| {
            let Some(places) = key(section).and_then(|key| of_key.get_mut(&key)) else { return };
            let at = if only_here { places.get(&index).copied() } else { places.first().copied() };
            if let Some(at) = at {
                places.remove(&at);
                pairs.pair(index, at);
            }
        };
        for only_here in [true, false] {
            for (index, section) in old.iter().enumerate() {
                if self.went.get(index).is_some_and(Option::is_none) {
                    take(index, section, only_here, self);
                }
            }
        }
    }

    fn by_activities(&mut self, old: &Plan, new: &Plan) {
        let now: HashMap<Id, usize> = rows(new).into_iter().map(|row| (row.id, row.section)).collect();
        let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
        for row in rows(old) {
            if let Some(section) = now.get(&row.id) {
                *shared.entry((row.section, *section)).or_default() += 1;
            }
        }
        let mut shared: Vec<((usize, usize), usize)> = shared.into_iter().collect();
        shared.sort_by_key(|(pair, count)| (usize::MAX - count, *pair));
        for ((from, to), _) in shared {
            if self.went.get(from).is_some_and(Option::is_none) && self.free.contains(&to) {
                self.pair(from, to);
            }
        }
    }

    fn left_over(&mut self) {
        let lost: Vec<usize> =
            self.went.iter().enumerate().filter(|(_, went)| went.is_none()).map(|(index, _)| index).collect();
        if lost.len() == self.free.len() {
            for (from, to) in lost.into_iter().zip(self.free.clone()) {
                self.pair(from, to);
            }
        }
    }

    fn pair(&mut self, from: usize, to: usize) {
        self.free.remove(&to);
        if let Some(went) = self.went.get_mut(from) {
            *went = Some(to);
        }
    }
}

/// Which items of a row of different numbers have to be moved so that the rest stands in rising order: as few as
/// possible. `true` for each that is moved.
pub(crate) fn moved(numbers: &[usize]) -> Vec<bool> {
    // `tails[k]` is the index of the smallest end of a rising row of k + 1 numbers.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    let value = |index: usize| numbers.get(index).copied().unwrap_or_default();
    for (index, number) in numbers.iter().enumerate() {
        let at = tails.partition_point(|tail| value(*tail) < *number);
        before.push(at.checked_sub(1).and_then(|at| tails.get(at).copied()));
        match tails.get_mut(at) {
            Some(tail) => *tail = index,
            None => tails.push(index),
        }
    }
    let mut moved = vec![true; numbers.len()];
    let mut next = tails.last().copied();
    while let Some(index) = next {
        if let Some(moved) = moved.get_mut(index) {
            *moved = false;
        }
        next = before.get(index).copied().flatten();
    }
    moved
}
