//! Which regions are there, and how is one made without the others?

use opora_cells::{Dictionary, Procedure, Scale};
use opora_registry::NodeId;

use crate::Options;
use crate::chance::{Chance, Purpose};
use crate::papers::Papers;
use crate::places;
use crate::region::{Region, Seat};

/// A country whose regions can be made one by one, in any order.
pub struct Country {
    options: Options,
    papers: Papers,
    seats: Vec<Seat>,
}

impl Country {
    /// Lays the country out: how many schools each region has, and where its numbers begin.
    pub fn new(options: &Options) -> Self {
        let regions = options.regions.clamp(1, options.schools.max(1));
        let options = Options { regions, ..*options };
        let mut chance = Chance::of(options.seed, Purpose::Sizes, 0, 0);
        let weights: Vec<f32> = (0..regions).map(|_| chance.spread(0.55).exp()).collect();
        let sizes = places::share_out(options.schools, &weights);
        let (mut first_school, mut first_municipality) = (1, regions + 1);
        let seats = sizes.into_iter().zip(places::region_names(&options)).zip(0..);
        let seats = seats.map(|((schools, name), number)| {
            let node = NodeId(number + 1);
            let seat = Seat {
                number,
                name,
                schools,
                first_school,
                node,
                first_municipality: NodeId(first_municipality),
            };
            first_school += schools;
            first_municipality += places::municipalities(schools, &options);
            seat
        });
        Self { options, papers: Papers::built_in(), seats: seats.collect() }
    }

    /// How many regions there are.
    pub fn regions(&self) -> usize {
        self.seats.len()
    }

    /// How many schools there are.
    pub fn schools(&self) -> u32 {
        self.seats.iter().map(|seat| seat.schools).sum()
    }

    /// The region with a number, from zero.
    pub fn region(&self, number: usize) -> Option<Region> {
        self.seats.get(number).map(|seat| Region::new(seat, &self.options, &self.papers))
    }

    /// The invented scales of all papers, for all years of the country.
    pub fn scales(&self) -> Vec<Scale> {
        let years = (self.options.first_year, self.options.last_year);
        self.papers.papers.iter().map(|paper| paper.scale(years)).collect()
    }

    /// Most points of each task of a paper; empty for a procedure that nobody writes.
    pub fn points(&self, procedure: Procedure) -> &[u8] {
        let paper = self.papers.papers.iter().find(|paper| paper.wanted.procedure == procedure);
        paper.map_or(&[], |paper| &paper.wanted.points)
    }

    /// The dictionary the codes are from.
    pub fn dictionary(&self) -> &Dictionary {
        &self.papers.dictionary
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }
}

/// The regions of a country, one after the other.
pub fn country(options: &Options) -> impl Iterator<Item = Region> + use<> {
    let country = Country::new(options);
    (0..country.regions()).filter_map(move |number| country.region(number))
}
