//! How does a region, a municipality, a school stand? Numbers over plans, and the rows behind each number.
//!
//! Everything is counted from what [`super::standings`] keeps in memory, so nothing is read here. A number of a board
//! and the rows behind it are counted by the same words ([`Which`]). Nothing is ranked: places stand by the alphabet.

mod decisions;
mod duties;
mod rows;
mod sum;
mod tables;
mod trend;
mod week;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use opora_access::Place;
use opora_registry::Registry;

pub use decisions::{Decision, Waited, decisions};
pub use duties::{DutyRow, DutySum, DutyWhich, VisitRow, VisitSum, VisitWhich, duty_rows, visit_rows};
pub use rows::{Found, Month, RowsAsked, Which, found};
pub use sum::{RiskRow, RiskSum, Sum, Waiting, risks};
pub use tables::{
    all_decisions, all_risks, board_table, decision_table, duty_table, risk_table, row_table, visit_table,
};
pub use trend::{MonthSum, school_year, trend};
pub use week::{Week, WeekPart, monday};

use super::diagnosis::{HighRisk, Shelved};
use super::results::alphabet;
use super::standings::PlanStanding;
use super::support::Supported;

/// What a board is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A place with everything in it.
    One(Place),
    /// The places that are a person's own, none inside another: the schools of a curator. Sorted.
    Own(Vec<Place>),
}

impl Scope {
    /// Whether a place belongs to it.
    pub fn holds(&self, place: Place, registry: &Registry) -> bool {
        self.way(place, registry).is_some()
    }

    /// The row of the board that a place inside it counts in; none for the own things of the scope itself.
    pub fn part(&self, place: Place, registry: &Registry) -> Option<Place> {
        self.way(place, registry)?
    }

    /// How a place lies in it: nothing where it does not, else the part that it lies in.
    fn way(&self, place: Place, registry: &Registry) -> Option<Option<Place>> {
        let mut below = None;
        let mut here = place;
        // A tree of a greater depth is none of ours, a circle must not hang.
        for _ in 0..4 {
            match self {
                Self::One(own) if here == *own => return Some(below),
                Self::Own(places) if places.binary_search(&here).is_ok() => return Some(Some(here)),
                _ => {}
            }
            below = Some(here);
            here = here.around(registry)?;
        }
        None
    }
}

/// A place that plans belong to, or a school of the programme without any.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The place.
    pub place: Place,
    /// Its plans, the closed ones included, those in the archive left out.
    pub plans: Vec<Arc<PlanStanding>>,
    /// Its self-diagnosis of the year, where the reader may see it.
    pub diagnosis: Option<Arc<Shelved>>,
    /// The year of that diagnosis.
    pub year: i16,
    /// The risks of high significance that its approved diagnosis found. Nothing where there is none.
    pub high: Option<Arc<[HighRisk]>>,
    /// The reader may see its risks.
    pub shows_risks: bool,
    /// Its visits and windows of obligations, where it is looked after and the reader may see it.
    pub support: Option<Arc<Supported>>,
}

impl Leaf {
    /// A place without anything yet.
    pub fn new(place: Place, year: i16) -> Self {
        Self {
            place,
            plans: Vec::new(),
            diagnosis: None,
            year,
            high: None,
            shows_risks: false,
            support: None,
        }
    }

    /// Its plans that are being carried out: of what is closed nobody is to do anything.
    pub fn going_on(&self) -> impl Iterator<Item = &Arc<PlanStanding>> {
        self.plans.iter().filter(|plan| !plan.is_closed())
    }
}

/// A row of a board.
#[derive(Clone, Debug)]
pub struct Part {
    /// The place.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub sum: Sum,
}

/// The numbers of a scope.
#[derive(Clone, Debug)]
pub struct Board {
    /// What belongs to the scope itself and to none of its parts: the plans of the office of a municipality.
    pub own: Sum,
    /// Its parts by the alphabet.
    pub parts: Vec<Part>,
    /// All of it.
    pub total: Sum,
}

/// Name of a place as a board shows it.
pub fn place_name(place: Place, registry: &Registry) -> String {
    match place {
        Place::Installation => "Общие планы".to_owned(),
        Place::Node(node) => {
            registry.node(node).map_or_else(|| format!("Территория {}", node.0), |node| node.name.clone())
        }
        Place::School(school) => {
            let known = registry.get(school);
            known.map_or_else(|| format!("Школа с номером {}", school.0), |school| school.name.clone())
        }
    }
}

/// Counts a board. `leaves` are those inside the scope.
pub fn board(scope: &Scope, leaves: &[Leaf], registry: &Registry, today: Date) -> Board {
    let mut own = Sum::default();
    let mut parts: BTreeMap<Place, Sum> = BTreeMap::new();
    for leaf in leaves {
        let sum = Sum::of(leaf, today);
        match scope.part(leaf.place, registry) {
            Some(part) => parts.entry(part).or_default().join(&sum),
            None => own.join(&sum),
        }
    }
    let mut total = own.clone();
    for sum in parts.values() {
        total.join(sum);
    }
    let named = |(place, sum)| Part { place, name: place_name(place, registry), sum };
    let mut parts: Vec<Part> = parts.into_iter().map(named).collect();
    parts.sort_by_cached_key(|part| (alphabet::key(&part.name), part.place));
    Board { own, parts, total }
}

/// Puts leaves in the order in which their rows are listed: regions, municipalities and schools by the alphabet, what
/// belongs to a territory itself before its parts.
pub fn by_alphabet(leaves: &mut [Leaf], registry: &Registry) {
    let mut keys: BTreeMap<Place, String> = BTreeMap::new();
    leaves.sort_by_cached_key(|leaf| {
        let mut way = Vec::new();
        let mut here = Some(leaf.place);
        while let Some(place) = here.filter(|_| way.len() < 4) {
            let key = keys.entry(place).or_insert_with(|| match place {
                Place::Installation => String::new(),
                _ => alphabet::key(&place_name(place, registry)),
            });
            way.push((key.clone(), place));
            here = place.around(registry);
        }
        way.reverse();
        way
    });
}
