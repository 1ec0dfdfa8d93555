//! Do too many pupils of a class have the same score?

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::{OrganisationId, Procedure};

use super::histogram::{self, Counts, Reference};
use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};

type Class = (OrganisationId, u8);

/// Looks at classes, or at a whole parallel that is no larger than a class where classes are not known. The value is
/// the share of pairs of pupils with equal scores, less the share expected of the region's distribution moved to the
/// mean of the class: it grows with a low spread and with one score that many have.
pub(crate) fn looks(pack: &MarkerPack, facts: &Facts<'_>, schools: &Schools) -> Looks {
    let pupils_min = pack.look_pupils_min;
    let mut found = Looks::default();
    for (procedure, classes) in classes(pack, facts, schools) {
        let Some(reference) = Reference::of(classes.values()) else { continue };
        for ((organisation, class), counts) in &classes {
            let pupils = histogram::pupils(counts);
            if pupils < pupils_min {
                found.skip(*organisation, Untested::FewPupils { pupils, needed: pupils_min });
                continue;
            }
            if *class == 0 && pupils > pack.class_max {
                found.skip(*organisation, Untested::NoData);
                continue;
            }
            let expected = reference.moved_to(counts);
            let power = |power: i32| -> f64 { expected.iter().map(|share| share.powi(power)).sum() };
            let whole = f64::from(pupils);
            let pairs = whole * (whole - 1.0);
            let same: f64 = counts.iter().map(|count| f64::from(*count)).map(|n| n * (n - 1.0)).sum();
            let usual = power(2);
            let chance = usual * (1.0 - usual) + 2.0 * (whole - 2.0) * (power(3) - usual * usual).max(0.0);
            // Above all at the ceiling of a paper equal scores are nothing special: there the chance is wide anyway.
            let error = 2.0 / pairs * chance;
            let most = counts.iter().zip(0_u16..).max_by_key(|(count, score)| (**count, *score));
            found.looks.push(Look {
                organisation: *organisation,
                procedure,
                class: *class,
                pupils,
                value: same / pairs - usual,
                error,
                picture: Picture::Histogram {
                    bars: histogram::bars(counts, &expected),
                    bounds: most.map(|(_, score)| score).into_iter().collect(),
                    observed: same / 2.0,
                    expected: pairs * usual / 2.0,
                },
            });
        }
    }
    found
}

/// Scores by class; a school of which no classes are known in a procedure is one class with the number 0.
fn classes(
    pack: &MarkerPack,
    facts: &Facts<'_>,
    schools: &Schools,
) -> BTreeMap<Procedure, BTreeMap<Class, Counts>> {
    let mut classes: BTreeMap<Procedure, BTreeMap<Class, Counts>> = BTreeMap::new();
    let mut known: BTreeSet<(Procedure, OrganisationId)> = BTreeSet::new();
    for count in facts.classes {
        let asked = count.year == facts.year && count.class > 0 && pack.looks_at(count.procedure);
        if asked && schools.contains(count.organisation) {
            let of_procedure = classes.entry(count.procedure).or_default();
            let counts = of_procedure.entry((count.organisation, count.class)).or_default();
            histogram::add(counts, count.score, count.pupils);
            known.insert((count.procedure, count.organisation));
        }
    }
    for (procedure, histograms) in histogram::of_year(facts, schools, |p| pack.looks_at(p)) {
        for (organisation, counts) in histograms {
            if !known.contains(&(procedure, organisation)) {
                classes.entry(procedure).or_default().insert((organisation, 0), counts);
            }
        }
    }
    classes
}
