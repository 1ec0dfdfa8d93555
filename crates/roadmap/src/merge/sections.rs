//! Which sections does the joined version have, and in which order?

use std::collections::{HashMap, HashSet, VecDeque};

use opora_cycle::vocabulary::Section;

use super::Sides;
use super::order::merged_order;
use crate::SectionField;
use crate::sections::matched;

/// A section of the joined version, by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// Was there before.
    Base(usize),
    /// I added it, or both did alike.
    Mine(usize),
    /// They added it.
    Theirs(usize),
}

/// Which section of each version is which of the joined one.
pub(super) struct Placed {
    mine: Vec<Place>,
    theirs: Vec<Place>,
    /// Index of each place in mine and in theirs.
    mine_at: HashMap<Place, usize>,
    theirs_at: HashMap<Place, usize>,
    base: usize,
}

impl Place {
    pub fn title(self, sides: &Sides<'_>) -> String {
        let (plan, at) = match self {
            Self::Base(at) => (sides.base, at),
            Self::Mine(at) => (sides.mine, at),
            Self::Theirs(at) => (sides.theirs, at),
        };
        plan.sections.get(at).map(|section| section.title.clone()).unwrap_or_default()
    }
}

impl Placed {
    pub fn of(sides: &Sides<'_>) -> Self {
        let came = |new| {
            let went = matched(sides.base, new).into_iter().enumerate();
            went.filter_map(|(from, to)| Some((to?, from))).collect::<HashMap<usize, usize>>()
        };
        let (from_mine, from_theirs) = (came(sides.mine), came(sides.theirs));
        let mine: Vec<Place> = (0..sides.mine.sections.len())
            .map(|at| from_mine.get(&at).map_or(Place::Mine(at), |from| Place::Base(*from)))
            .collect();
        let texts = |section: &Section| SectionField::ALL.map(|field| field.text(section));
        let mut added: HashMap<[String; 3], VecDeque<usize>> = HashMap::new();
        for (at, section) in sides.mine.sections.iter().enumerate() {
            if !from_mine.contains_key(&at) {
                added.entry(texts(section)).or_default().push_back(at);
            }
        }
        let theirs = sides.theirs.sections.iter().enumerate().map(|(at, section)| {
            let mut alike = || added.get_mut(&texts(section)).and_then(VecDeque::pop_front);
            match from_theirs.get(&at) {
                Some(from) => Place::Base(*from),
                None => alike().map_or(Place::Theirs(at), Place::Mine),
            }
        });
        let theirs: Vec<Place> = theirs.collect();
        let index = |places: &[Place]| places.iter().enumerate().map(|(at, place)| (*place, at)).collect();
        let (mine_at, theirs_at) = (index(&mine), index(&theirs));
        Self { mine, theirs, mine_at, theirs_at, base: sides.base.sections.len() }
    }

    pub fn base(&self, section: usize) -> Option<Place> {
        (section < self.base).then_some(Place::Base(section))
    }

    pub fn mine(&self, section: usize) -> Place {
        self.mine.get(section).copied().unwrap_or(Place::Mine(section))
    }

    pub fn theirs(&self, section: usize) -> Place {
        self.theirs.get(section).copied().unwrap_or(Place::Theirs(section))
    }

    /// The sections that stay, in order. One that somebody removed stays where the other edited its texts or an
    /// activity stands in it.
    pub fn order(&self, sides: &Sides<'_>, taken: &HashSet<Place>) -> Vec<Place> {
        let base: Vec<Place> = (0..self.base).map(Place::Base).collect();
        let stays = |place: &Place| {
            let (before, mine, theirs) = self.versions(*place, sides);
            let edited =
                |now: Option<&Section>| before.zip(now).is_none_or(|(before, now)| !same_texts(before, now));
            match (mine, theirs) {
                _ if taken.contains(place) || before.is_none() => true,
                (Some(_), Some(_)) => true,
                (Some(_), None) => edited(mine),
                (None, Some(_)) => edited(theirs),
                (None, None) => false,
            }
        };
        merged_order(&base, &self.mine, &self.theirs).into_iter().filter(stays).collect()
    }

    /// The section as each version has it.
    pub fn versions<'a>(
        &self,
        place: Place,
        sides: &Sides<'a>,
    ) -> (Option<&'a Section>, Option<&'a Section>, Option<&'a Section>) {
        let base = match place {
            Place::Base(at) => sides.base.sections.get(at),
            Place::Mine(_) | Place::Theirs(_) => None,
        };
        let mine = self.mine_at.get(&place).and_then(|at| sides.mine.sections.get(*at));
        let theirs = self.theirs_at.get(&place).and_then(|at| sides.theirs.sections.get(*at));
        (base, mine, theirs)
    }
}

/// Two sections are called the same.
pub(super) fn same_texts(a: &Section, b: &Section) -> bool {
    SectionField::ALL.iter().all(|field| field.text(a) == field.text(b))
}
