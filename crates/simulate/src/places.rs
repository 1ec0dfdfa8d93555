//! Which municipalities and schools does a region have, and what became of them?

use opora_cells::OrganisationId;

use crate::Options;
use crate::chance::{Chance, Purpose};
use crate::model;
use crate::names::Names;
use crate::planting;
use crate::school::{School, Site};

/// A region before anything is written in it.
pub(crate) struct Places {
    pub(crate) municipalities: Vec<Municipality>,
    pub(crate) schools: Vec<School>,
}

/// A municipality.
pub(crate) struct Municipality {
    pub(crate) name: String,
    pub(crate) code: String,
    town: String,
    urban: bool,
    ability: f32,
    not_native: f32,
}

/// How many municipalities a region of so many schools has.
pub(crate) fn municipalities(schools: u32, options: &Options) -> u32 {
    let each = options.schools_per_municipality.max(1);
    ((schools + each / 2) / each).clamp(1, schools.max(1))
}

/// The names of all regions: each is given once.
pub(crate) fn region_names(options: &Options) -> Vec<String> {
    let mut chance = Chance::of(options.seed, Purpose::Region, 0, 0);
    let mut names = Names::default();
    (0..options.regions).map(|_| names.region(&mut chance)).collect()
}

impl Places {
    /// The places of a region, counted from one, whose first school has the number `first`.
    pub(crate) fn new(region: u32, first: u32, schools: u32, options: &Options) -> Self {
        let mut chance = Chance::of(options.seed, Purpose::Region, region, 0);
        let of_region = chance.spread(model::REGION);
        // In a few regions many pupils speak another language at home.
        let language = if chance.happens(0.15) { 1.8 } else { 0.0 };
        let count = municipalities(schools, options);
        let mut names = Names::default();
        let municipalities: Vec<Municipality> = (0..count)
            .map(|number| {
                let mut municipality = Municipality::new(region, number, &mut names, &mut chance);
                municipality.ability += of_region;
                municipality.not_native += language;
                municipality
            })
            .collect();
        let mut places = Self { municipalities, schools: Vec::with_capacity(schools as usize) };
        let sizes = sizes(schools, count, &mut chance);
        let mut id = first;
        for (at, (municipality, size)) in places.municipalities.iter().zip(sizes).enumerate() {
            let mut villages = Names::default();
            let rural = if municipality.urban { model::RURAL_IN_TOWN } else { model::RURAL_IN_DISTRICT };
            for number in 1..=size {
                // The first schools of a district are those of its centre.
                let rural = number > 1 && chance.happens(rural);
                let place = if rural {
                    villages.village(&mut chance)
                } else {
                    format!("города {}", municipality.town)
                };
                places.schools.push(School::new(Site {
                    id: OrganisationId(id),
                    municipality: at,
                    number,
                    rural,
                    place,
                    ability: municipality.ability,
                    not_native: municipality.not_native,
                    options,
                }));
                id += 1;
            }
        }
        planting::plant(&mut places.schools, options, &mut chance);
        planting::let_time_pass(&mut places.schools, options, &mut chance);
        places
    }
}

impl Municipality {
    fn new(region: u32, number: u32, names: &mut Names, chance: &mut Chance) -> Self {
        let capital = number == 0;
        let urban = capital || chance.happens(model::TOWNS);
        let town = names.town(chance);
        let name = if urban {
            format!("городской округ {town}")
        } else {
            let ending =
                if chance.happens(0.6) { "район" } else { "муниципальный округ" };
            format!("{} {ending}", names.district(chance))
        };
        let series = if urban { 700 } else { 600 };
        Self {
            name,
            code: format!("{region:02}{:03}000", series + number),
            town,
            urban,
            ability: chance.spread(model::MUNICIPALITY),
            not_native: chance.spread(0.5),
        }
    }
}

/// Shares `schools` out to municipalities: the capital has the most.
fn sizes(schools: u32, municipalities: u32, chance: &mut Chance) -> Vec<u32> {
    let capital = model::CAPITAL_SHARE.max(1.2 / municipalities as f32).min(1.0);
    let others: Vec<f32> = (1..municipalities).map(|_| chance.spread(0.4).exp()).collect();
    let sum = others.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    let mut weights = vec![capital];
    weights.extend(others.iter().map(|weight| (1.0 - capital) * weight / sum));
    share_out(schools, &weights)
}

/// Whole numbers in proportion to weights that add up to `whole`; each at least one while there is enough.
pub(crate) fn share_out(whole: u32, weights: &[f32]) -> Vec<u32> {
    let count = u32::try_from(weights.len()).unwrap_or(u32::MAX).max(1);
    let each = u32::from(whole >= count);
    let rest = whole - each * count.min(whole);
    let sum = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    let mut left = rest;
    let mut shares: Vec<u32> = weights
        .iter()
        .map(|weight| {
            let share = ((weight / sum * rest as f32) as u32).min(left);
            left -= share;
            each + share
        })
        .collect();
    for at in (0..shares.len()).cycle().take(left as usize) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn nothing_is_lost_when_shared_out() {
        let check =
            |whole, weights: &[f32], expected: &[u32]| assert_eq!(share_out(whole, weights), expected);
        check(10, &[1.0, 1.0], &[5, 5]);
        check(10, &[3.0, 1.0], &[7, 3]);
        check(3, &[1.0, 0.0, 0.0], &[1, 1, 1]);
        check(1, &[1.0, 1.0], &[1, 0]);
        check(0, &[1.0], &[0]);
    }
}
