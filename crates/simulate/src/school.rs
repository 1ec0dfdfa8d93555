//! What is true of a school?

use jiff::civil::Date;
use opora_cells::OrganisationId;

use crate::chance::{Chance, Purpose, logistic};
use crate::model;
use crate::truth::SchoolTruth;
use crate::{Options, names};

/// A school with everything that decides its results.
#[derive(Clone, Debug)]
pub(crate) struct School {
    pub(crate) id: OrganisationId,
    /// Place in the list of municipalities of the region.
    pub(crate) municipality: usize,
    pub(crate) number: u32,
    pub(crate) kind: &'static str,
    pub(crate) place: String,
    pub(crate) rural: bool,
    /// Pupils of a grade on average.
    pub(crate) grade_size: f32,
    pub(crate) logins: Vec<String>,
    pub(crate) code: String,
    pub(crate) opened: Option<Date>,
    pub(crate) closed: Option<Date>,
    /// The school it became part of, on the day it was closed.
    pub(crate) merged_into: Option<OrganisationId>,
    pub(crate) renamed: Option<Date>,
    /// Marks of the journal are a little better than earned (positive) or worse.
    pub(crate) leniency: f32,
    pub(crate) journal: bool,
    /// Share of pupils whose native language is not Russian.
    pub(crate) not_native: f32,
    /// Kilometres to the centre of the municipality.
    pub(crate) distance: u32,
    /// Change of ability a year.
    pub(crate) slope: f32,
    /// Effect of each subject, by the code of the subject.
    pub(crate) subjects: [f32; SUBJECTS],
    pub(crate) truth: SchoolTruth,
}

/// Codes of subjects are below this number.
pub(crate) const SUBJECTS: usize = 32;

/// Where a school stands.
pub(crate) struct Site<'a> {
    pub(crate) id: OrganisationId,
    pub(crate) municipality: usize,
    pub(crate) number: u32,
    pub(crate) rural: bool,
    pub(crate) place: String,
    /// What the region and the municipality add to ability, and to the share of pupils with another native language.
    pub(crate) ability: f32,
    pub(crate) not_native: f32,
    pub(crate) options: &'a Options,
}

impl School {
    pub(crate) fn new(site: Site<'_>) -> Self {
        let options = site.options;
        let mut chance = Chance::of(options.seed, Purpose::School, site.id.0, 0);
        let kinds: [(&'static str, f32); 5] = if site.rural {
            [("СОШ", 0.62), ("ООШ", 0.375), ("лицей", 0.0), ("гимназия", 0.0), ("вечерняя школа", 0.005)]
        } else {
            [("СОШ", 0.80), ("ООШ", 0.03), ("лицей", 0.075), ("гимназия", 0.08), ("вечерняя школа", 0.015)]
        };
        let kind =
            kinds.get(chance.weighted(&kinds.map(|(_, weight)| weight))).map_or("СОШ", |(kind, _)| kind);
        let (median, deviation, low, high) = if site.rural { model::GRADE_RURAL } else { model::GRADE_TOWN };
        let smaller = if kind == "ООШ" && site.rural { 0.6 } else { 1.0 };
        let grade_size = ((median + chance.spread(deviation)).exp() * smaller).clamp(low, high);
        let selective = matches!(kind, "лицей" | "гимназия");
        let lifted = if selective {
            1.1
        } else if site.rural {
            -0.25
        } else {
            0.2
        };
        let social = 0.9 * chance.normal() + lifted;
        let own = chance.spread(model::OWN);
        let of_kind = match kind {
            "лицей" | "гимназия" => model::LYCEUM,
            "вечерняя школа" => model::EVENING,
            _ if site.rural => model::RURAL,
            _ => 0.0,
        };
        let not_native =
            logistic(-3.6 - 0.4 * social + chance.spread(0.9) + site.not_native).clamp(0.0, 0.95);
        let truth = SchoolTruth {
            organisation: site.id,
            ability: model::SOCIAL * social + own + of_kind + site.ability - 0.5 * (not_native - 0.05),
            social,
            low_years: None,
            improved_from: None,
            inflation: None,
        };
        let subjects = std::array::from_fn(|_| chance.spread(model::SUBJECT));
        let distance = if site.rural { (3.0 + 22.0 * chance.normal().abs()) as u32 } else { chance.below(4) };
        let mut logins = vec![format!("edu{}", 300_000 + site.id.0)];
        if chance.happens(model::SECOND_LOGIN) {
            logins.push(format!("edu{}", 700_000 + site.id.0));
        }
        let opened = chance.happens(0.3).then(|| day(1936 + chance.below(80), 9, 1)).flatten();
        Self {
            id: site.id,
            municipality: site.municipality,
            number: site.number,
            kind,
            place: site.place,
            rural: site.rural,
            grade_size,
            logins,
            code: format!("{:03}{:04}", site.municipality + 1, site.number),
            opened,
            closed: None,
            merged_into: None,
            renamed: None,
            leniency: chance.spread(0.3),
            journal: !chance.happens(model::WITHOUT_JOURNAL),
            not_native,
            distance,
            slope: chance.spread(model::SLOPE),
            subjects,
            truth,
        }
    }

    /// Mean ability of its pupils in a year, without subject and cohort.
    pub(crate) fn ability(&self, year: u16, first_year: u16) -> f32 {
        let truth = &self.truth;
        let within = |(from, to): (u16, u16)| (from..=to).contains(&year);
        // The own difference between low schools follows from the seed already: their ability is close to the mean.
        let own = truth.ability.clamp(-2.0, 2.0) * model::LOW_DEVIATION;
        if truth.low_years.is_some_and(within) {
            model::LOW_ABILITY + own
        } else if truth.improved_from.is_some_and(|from| year >= from) {
            model::IMPROVED_ABILITY + own
        } else {
            truth.ability + self.slope * f32::from(year.saturating_sub(first_year))
        }
    }

    /// Effect of a subject.
    pub(crate) fn subject(&self, code: u8) -> f32 {
        self.subjects.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// Teaches grades 10 and 11.
    pub(crate) fn has_seniors(&self) -> bool {
        self.kind != "ООШ"
    }

    /// Teaches a grade: an evening school has only the last ones.
    pub(crate) fn teaches(&self, grade: u8) -> bool {
        match self.kind {
            "вечерняя школа" => grade >= 9,
            "ООШ" => grade <= 9,
            _ => true,
        }
    }

    /// Works on a day.
    pub(crate) fn works_on(&self, day: Date) -> bool {
        self.opened.is_none_or(|opened| opened <= day) && self.closed.is_none_or(|closed| closed > day)
    }

    /// Its newest name.
    pub(crate) fn name(&self) -> String {
        names::school(self.kind, self.number, &self.place)
    }

    /// The name it had before it was renamed.
    pub(crate) fn former_name(&self) -> String {
        names::former_school(self.kind, self.number, &self.place)
    }
}

/// A day, or nothing when there is none.
pub(crate) fn day(year: u32, month: i8, day: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}
