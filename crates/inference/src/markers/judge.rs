//! By how much does a school stand out, in each respect and in all?

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::{OrganisationId, Procedure};

use super::effects::Effects;
use super::four::Four;
use super::select::{Look, Looks, Schools};
use super::{Assessment, Evidence, Facts, Marker, MarkerPack, Strength, Untested};
use super::{combine, copied, journal, participation, peaks, tasks};
use crate::robust::Spread;

/// Strengths beyond this say nothing more.
const STRENGTH_MAX: f64 = 30.0;

/// Looks at every school of the region that has results in the year, by organisation.
pub fn assess(pack: &MarkerPack, facts: &Facts<'_>) -> Vec<Assessment> {
    let schools = Schools::of(facts);
    let effects = Effects::of(facts, &schools);
    let (peaks, tails) = peaks::looks(pack, facts, &schools);
    let looks = [
        effects.disagreement(pack, facts.year),
        tasks::looks(pack, facts, &schools),
        peaks,
        journal::looks(pack, facts, &schools),
        effects.jump(pack, facts.year),
        copied::looks(pack, facts, &schools),
        participation::looks(pack, facts, &schools),
        tails,
    ];
    let four = Four::of(pack, &effects, facts.year);
    let mut judged: Vec<Judged> =
        Marker::ALL.into_iter().zip(looks).map(|(marker, looks)| Judged::of(pack, marker, looks)).collect();
    let of_year = facts.cells.all().iter().filter(|cell| {
        cell.year == facts.year && pack.looks_at(cell.procedure) && schools.contains(cell.organisation)
    });
    let organisations: BTreeSet<OrganisationId> = of_year.map(|cell| cell.organisation).collect();
    let mut assessments = Vec::with_capacity(organisations.len());
    for organisation in organisations {
        let mut evidence = Vec::new();
        let mut strengths = Marker::ALL.map(|marker| Strength { marker, value: Err(Untested::NoData) });
        for (strength, judged) in strengths.iter_mut().zip(&mut judged) {
            strength.value = judged.strength(organisation);
            evidence.extend(judged.evidence.remove(&organisation).unwrap_or_default());
        }
        let probability = combine::probability(pack, &strengths);
        assessments.push(Assessment {
            organisation,
            year: facts.year,
            four: four.get(pack, organisation),
            strengths,
            evidence,
            probability,
            word: pack.word(probability).to_owned(),
        });
    }
    assessments
}

/// One marker over all schools.
struct Judged {
    evidence: BTreeMap<OrganisationId, Vec<Evidence>>,
    strengths: BTreeMap<OrganisationId, f64>,
    untested: BTreeMap<OrganisationId, Untested>,
}

impl Judged {
    fn of(pack: &MarkerPack, marker: Marker, looks: Looks) -> Self {
        let limits = pack.limits(marker);
        let mut pupils: BTreeMap<OrganisationId, u32> = BTreeMap::new();
        for look in &looks.looks {
            let sum = pupils.entry(look.organisation).or_default();
            *sum = sum.saturating_add(look.pupils);
        }
        let mut evidence: BTreeMap<OrganisationId, Vec<Evidence>> = BTreeMap::new();
        for (look, strength) in standardise(pack, looks.looks) {
            evidence.entry(look.organisation).or_default().push(Evidence {
                marker,
                procedure: look.procedure,
                class: look.class,
                pupils: look.pupils,
                strength,
                raised: strength >= limits.raised_from && look.pupils >= limits.pupils_min,
                picture: look.picture,
            });
        }
        for of_school in evidence.values_mut() {
            of_school.sort_by_key(|look| (look.procedure, look.class));
        }
        // The mean of a school's looks varies by chance and by what schools differ by in all their papers.
        let means: BTreeMap<OrganisationId, (f64, f64)> = evidence
            .iter()
            .filter(|(id, _)| pupils.get(id).is_some_and(|pupils| *pupils >= limits.pupils_min))
            .map(|(organisation, looks)| {
                let count = looks.len() as f64;
                (*organisation, (looks.iter().map(|look| look.strength).sum::<f64>() / count, 1.0 / count))
            })
            .collect();
        let values: Vec<(f64, f64)> = means.values().copied().collect();
        let spread = Spread::of(&values).filter(|_| values.len() >= pack.schools_min as usize);
        let strengths = spread.map_or_else(BTreeMap::new, |spread| {
            let standard = |(value, error): (f64, f64)| spread.standard(value, error);
            means.iter().map(|(id, mean)| (*id, standard(*mean).clamp(-STRENGTH_MAX, STRENGTH_MAX))).collect()
        });
        let mut untested = looks.untested;
        for (organisation, pupils) in pupils.into_iter().filter(|(id, _)| !strengths.contains_key(id)) {
            let needed = limits.pupils_min;
            let few = Untested::FewPupils { pupils, needed };
            untested.insert(organisation, if pupils < needed { few } else { Untested::FewSchools });
        }
        Self { evidence, strengths, untested }
    }

    fn strength(&self, organisation: OrganisationId) -> Result<f64, Untested> {
        let untested = || self.untested.get(&organisation).copied().unwrap_or(Untested::NoData);
        self.strengths.get(&organisation).copied().ok_or_else(untested)
    }
}

/// Sets looks against the other schools in the same procedure. Procedures of too few schools are left out.
pub(crate) fn standardise(pack: &MarkerPack, looks: Vec<Look>) -> Vec<(Look, f64)> {
    let mut by_procedure: BTreeMap<Procedure, Vec<Look>> = BTreeMap::new();
    for look in looks.into_iter().filter(|look| look.value.is_finite() && look.error.is_finite()) {
        by_procedure.entry(look.procedure).or_default().push(look);
    }
    let mut standardised = Vec::new();
    for looks in by_procedure.into_values() {
        let schools: BTreeSet<OrganisationId> = looks.iter().map(|look| look.organisation).collect();
        let values: Vec<(f64, f64)> = looks.iter().map(|look| (look.value, look.error)).collect();
        let Some(spread) = Spread::of(&values).filter(|_| schools.len() >= pack.schools_min as usize) else {
            continue;
        };
        standardised.extend(looks.into_iter().map(|look| {
            let strength = spread.standard(look.value, look.error).clamp(-STRENGTH_MAX, STRENGTH_MAX);
            (look, strength)
        }));
    }
    standardised
}
