//! How far from its region is a result, and do the other results of the school say the same?

use std::collections::BTreeMap;

use opora_cells::{OrganisationId, Procedure};

use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};
use crate::context::mark_moments;
use crate::robust::median;

/// The median of a normal sample varies so many times more than its mean.
const MEDIAN_LOSS: f64 = std::f64::consts::FRAC_PI_2;

/// Mean mark against the region's, in standard deviations of pupils.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effect {
    pub(crate) value: f64,
    pub(crate) pupils: u32,
}

/// The effects of a region, sorted by year, school and procedure; autumn is left out: it breaks the row of years.
pub(crate) struct Effects(Vec<(Key, Effect)>);

type Key = (u16, OrganisationId, Procedure);

impl Effects {
    /// Of the years from two before the year to one after it.
    pub(crate) fn of(facts: &Facts<'_>, schools: &Schools) -> Self {
        let years = facts.year.saturating_sub(2)..=facts.year.saturating_add(1);
        let marked = || {
            let cells = facts.cells.all().iter();
            cells
                .filter(|cell| {
                    years.contains(&cell.year) && !cell.autumn && schools.contains(cell.organisation)
                })
                .map(|cell| (cell, cell.marks.map(u64::from)))
                .filter(|(_, marks)| marks.iter().sum::<u64>() > 0)
        };
        let mut region: BTreeMap<(u16, Procedure), [u64; 4]> = BTreeMap::new();
        for (cell, marks) in marked() {
            let sums = region.entry((cell.year, cell.procedure)).or_default();
            for (sum, count) in sums.iter_mut().zip(marks) {
                *sum += count;
            }
        }
        let mut effects = Vec::new();
        for (cell, marks) in marked() {
            let reference = region.get(&(cell.year, cell.procedure)).and_then(|sums| mark_moments(*sums));
            let (Some((mean, variance)), Some((own, _))) = (reference, mark_moments(marks)) else { continue };
            if variance > 0.0 {
                let pupils = marks.iter().sum::<u64>().try_into().unwrap_or(u32::MAX);
                let effect = Effect { value: (own - mean) / variance.sqrt(), pupils };
                effects.push(((cell.year, cell.organisation, cell.procedure), effect));
            }
        }
        effects.sort_unstable_by_key(|(key, _)| *key);
        Self(effects)
    }

    pub(crate) fn get(
        &self,
        organisation: OrganisationId,
        procedure: Procedure,
        year: u16,
    ) -> Option<Effect> {
        let key = (year, organisation, procedure);
        let at = self.0.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.0.get(at).map(|(_, effect)| *effect)
    }

    /// All effects of a year.
    pub(crate) fn of_year(&self, year: u16) -> impl Iterator<Item = (OrganisationId, Procedure, Effect)> {
        let effects = self.in_year(year).iter();
        effects.map(|((_, organisation, procedure), effect)| (*organisation, *procedure, *effect))
    }

    fn in_year(&self, year: u16) -> &[(Key, Effect)] {
        let from = self.0.partition_point(|((of, ..), _)| *of < year);
        let rest = self.0.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|((of, ..), _)| *of == year)).unwrap_or_default()
    }

    /// Looks for results above the school's other results of the year: those of trusted kinds, or, where there are too
    /// few, all of other grades. Their median, so that a few inflated ones do not hide another.
    pub(crate) fn disagreement(&self, pack: &MarkerPack, year: u16) -> Looks {
        self.disagreement_in(pack, year, |_| true)
    }

    /// The same for some of the procedures that are looked at.
    pub(crate) fn disagreement_in(
        &self,
        pack: &MarkerPack,
        year: u16,
        wanted: impl Fn(Procedure) -> bool,
    ) -> Looks {
        let pupils_min = pack.look_pupils_min;
        let mut found = Looks::default();
        for of_school in self.in_year(year).chunk_by(|((_, one, _), _), ((_, other, _), _)| one == other) {
            let Some(((_, organisation, _), _)) = of_school.first().copied() else { continue };
            let effects: Vec<(Procedure, Effect)> =
                of_school.iter().map(|((.., procedure), effect)| (*procedure, *effect)).collect();
            let looked_at =
                |(procedure, _): &&(Procedure, Effect)| pack.looks_at(*procedure) && wanted(*procedure);
            for (procedure, own) in effects.iter().filter(looked_at) {
                if own.pupils < pupils_min {
                    found.skip(organisation, Untested::FewPupils { pupils: own.pupils, needed: pupils_min });
                    continue;
                }
                let trusted = |(other, _): &&(Procedure, Effect)| pack.trusted.contains(&other.kind);
                let elsewhere = |(other, _): &&(Procedure, Effect)| {
                    pack.looks_at(*other) && other.grade != procedure.grade
                };
                let enough = |others: &Vec<_>| others.len() >= pack.others_min as usize;
                let others: Option<Vec<&(Procedure, Effect)>> =
                    [effects.iter().filter(trusted).collect(), effects.iter().filter(elsewhere).collect()]
                        .into_iter()
                        .find(enough);
                let Some(others) = others else {
                    found.skip(organisation, Untested::NoData);
                    continue;
                };
                let values: Vec<f64> = others.iter().map(|(_, effect)| effect.value).collect();
                let chance: f64 = others.iter().map(|(_, effect)| 1.0 / f64::from(effect.pupils)).sum();
                let count = others.len() as f64;
                let Some(other) = median(&values) else { continue };
                let with = others.iter().map(|(procedure, _)| (*procedure, year)).collect();
                found.looks.push(Look {
                    organisation,
                    procedure: *procedure,
                    class: 0,
                    pupils: own.pupils,
                    value: own.value - other,
                    error: 1.0 / f64::from(own.pupils) + MEDIAN_LOSS * chance / (count * count),
                    picture: Picture::Compared { own: own.value, other, with },
                });
            }
        }
        found
    }

    /// Looks for results above those of the same pupils a year before or later: the first grade of the pack against
    /// the second of the next year, the second against the first of the year before.
    pub(crate) fn jump(&self, pack: &MarkerPack, year: u16) -> Looks {
        let pupils_min = pack.look_pupils_min;
        let [first, second] = pack.grades;
        let mut found = Looks::default();
        for (organisation, procedure, own) in self.of_year(year) {
            let other = match procedure.grade {
                grade if grade == first => (second, year.checked_add(1)),
                grade if grade == second => (first, year.checked_sub(1)),
                _ => continue,
            };
            let (grade, Some(other_year)) = other else { continue };
            if !pack.looks_at(procedure) {
                continue;
            }
            let with = Procedure { grade, ..procedure };
            let Some(other) = self.get(organisation, with, other_year) else {
                found.skip(organisation, Untested::NoData);
                continue;
            };
            let pupils = own.pupils.min(other.pupils);
            if pupils < pupils_min {
                found.skip(organisation, Untested::FewPupils { pupils, needed: pupils_min });
                continue;
            }
            found.looks.push(Look {
                organisation,
                procedure,
                class: 0,
                pupils,
                value: own.value - other.value,
                error: 1.0 / f64::from(own.pupils) + 1.0 / f64::from(other.pupils),
                picture: Picture::Compared {
                    own: own.value,
                    other: other.value,
                    with: vec![(with, other_year)],
                },
            });
        }
        found
    }
}
