//! What do the four yes-or-no markers of two grades and two subjects say, this year and before?

use std::collections::BTreeMap;

use opora_cells::{OrganisationId, Procedure};

use super::effects::Effects;
use super::judge::standardise;
use super::select::Schools;
use super::{Facts, MarkerPack};
use crate::robust::Spread;

/// Four markers of three years: for each paper, whether the result is well above the region and the school's other
/// results do not confirm it. Nothing where the paper was not held, is too small, or there are no other results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FourMarkers {
    /// Year by year, the year of the assessment first.
    pub years: Vec<YearMarkers>,
}

/// The four markers of one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearMarkers {
    /// Calendar year.
    pub year: u16,
    /// The papers and whether each is marked.
    pub papers: Vec<(Procedure, Option<bool>)>,
}

impl FourMarkers {
    /// How many are marked in a year, 0–4; nothing when none could be looked at.
    pub fn count(&self, year: u16) -> Option<usize> {
        let markers = self.years.iter().find(|markers| markers.year == year)?;
        let looked: Vec<bool> = markers.papers.iter().filter_map(|(_, marked)| *marked).collect();
        (!looked.is_empty()).then(|| looked.into_iter().filter(|marked| *marked).count())
    }
}

/// The four markers of one year alone, of every school that could be looked at, by organisation: what a rule that only
/// counts them needs of [`super::assess`].
pub fn four_markers(pack: &MarkerPack, facts: &Facts<'_>) -> BTreeMap<OrganisationId, YearMarkers> {
    let effects = Effects::of(facts, &Schools::of(facts));
    let mut schools: BTreeMap<OrganisationId, YearMarkers> = BTreeMap::new();
    for ((organisation, paper), found) in marked(pack, &effects, facts.year) {
        let markers = schools.entry(organisation).or_default();
        markers.year = facts.year;
        markers.papers.push((paper, Some(found)));
    }
    schools
}

type Marked = BTreeMap<(OrganisationId, Procedure), bool>;

/// The four markers of all schools.
pub(crate) struct Four(Vec<(u16, Marked)>);

impl Four {
    /// Of a year and the two before.
    pub(crate) fn of(pack: &MarkerPack, effects: &Effects, year: u16) -> Self {
        let years = (0..3).filter_map(|back| year.checked_sub(back));
        Self(years.map(|year| (year, marked(pack, effects, year))).collect())
    }

    /// The markers of one school.
    pub(crate) fn get(&self, pack: &MarkerPack, organisation: OrganisationId) -> FourMarkers {
        let papers = papers(pack);
        let of_year = |marked: &Marked| {
            papers.iter().map(|paper| (*paper, marked.get(&(organisation, *paper)).copied())).collect()
        };
        let years = self.0.iter().map(|(year, marked)| YearMarkers { year: *year, papers: of_year(marked) });
        FourMarkers { years: years.collect() }
    }
}

/// The papers by grade and subject.
fn papers(pack: &MarkerPack) -> Vec<Procedure> {
    let mut papers = Vec::new();
    for grade in pack.grades {
        for (kind, subject) in
            pack.kinds.iter().flat_map(|kind| pack.subjects.iter().map(move |s| (*kind, *s)))
        {
            papers.push(Procedure { kind, subject, grade, level: Default::default() });
        }
    }
    papers
}

fn marked(pack: &MarkerPack, effects: &Effects, year: u16) -> Marked {
    let (above_region, above_others) = pack.four_above;
    let papers = papers(pack);
    let looks = effects.disagreement_in(pack, year, |procedure| papers.contains(&procedure)).looks;
    let confirmed: BTreeMap<(OrganisationId, Procedure), f64> = standardise(pack, looks)
        .into_iter()
        .map(|(look, strength)| ((look.organisation, look.procedure), strength))
        .collect();
    let mut marked = Marked::new();
    for paper in papers {
        let looked: Vec<(OrganisationId, f64, f64)> = effects
            .of_year(year)
            .filter(|(_, procedure, effect)| *procedure == paper && effect.pupils >= pack.four_pupils_min)
            .map(|(organisation, _, effect)| (organisation, effect.value, 1.0 / f64::from(effect.pupils)))
            .collect();
        if looked.len() < pack.schools_min as usize {
            continue;
        }
        let values: Vec<(f64, f64)> = looked.iter().map(|(_, value, error)| (*value, *error)).collect();
        let Some(spread) = Spread::of(&values) else { continue };
        for (organisation, value, error) in looked {
            if spread.standard(value, error) < above_region {
                marked.insert((organisation, paper), false);
            } else if let Some(strength) = confirmed.get(&(organisation, paper)) {
                marked.insert((organisation, paper), *strength >= above_others);
            }
        }
    }
    marked
}
