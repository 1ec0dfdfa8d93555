//! What would the social passport of a school declare?

use std::collections::BTreeMap;

use opora_cells::{Aggregate, Dictionary, SourceIndex};

use crate::chance::{Chance, Purpose, logistic};
use crate::cohort::Cohort;
use crate::model;
use crate::school::{School, day};

/// The declared numbers of a school in a year, in the order of the dictionary; nothing when no passport was handed in.
pub(crate) fn passport(
    school: &School,
    cohorts: &BTreeMap<u16, Cohort>,
    year: u16,
    seed: u64,
    dictionary: &Dictionary,
) -> Vec<Aggregate> {
    let mut chance = Chance::of(seed, Purpose::Context, school.id.0, year);
    let works = day(u32::from(year), 3, 1).is_some_and(|day| school.works_on(day));
    if chance.happens(model::PASSPORT_MISSING) || !works {
        return Vec::new();
    }
    let declared = declared(school, cohorts, year, &mut chance);
    let mut aggregates = Vec::new();
    for (code, indicator) in &dictionary.indicators {
        let find = |id: &str| declared.iter().find(|(name, _)| *name == id).map(|(_, number)| *number);
        let Some(part) = find(&indicator.entry.id) else { continue };
        // Wholes are always there: without them nothing could be checked.
        let is_whole = WHOLES.contains(&indicator.entry.id.as_str());
        if chance.happens(model::NUMBER_MISSING) && !is_whole {
            continue;
        }
        aggregates.push(Aggregate {
            organisation: school.id,
            year,
            indicator: *code,
            part,
            whole: indicator.whole.as_deref().and_then(find),
            source: SourceIndex::default(),
            row: 0,
        });
    }
    aggregates
}

const WHOLES: [&str; 5] = ["pupils", "families", "teachers", "graduates_9", "respondents"];

fn declared(
    school: &School,
    cohorts: &BTreeMap<u16, Cohort>,
    year: u16,
    chance: &mut Chance,
) -> Vec<(&'static str, u32)> {
    let social = school.truth.social;
    let cohort = |grade: u16| year.checked_sub(grade).and_then(|began| cohorts.get(&began));
    let enrolled =
        |grade: u8| cohort(u16::from(grade)).map_or(0, |cohort| cohort.of_grade(grade).count() as u32);
    let middle: u32 = (4..=9).map(enrolled).sum();
    let seniors = if school.has_seniors() { 2 * enrolled(11) } else { 0 };
    let evening = !school.teaches(4);
    // Grades 1–3 are as large as the six that are known.
    let pupils = if evening { enrolled(9) + seniors } else { middle * 3 / 2 + seniors }.max(1);
    let families = (pupils * 4 / 5).max(1);
    let teachers = (pupils / if school.rural { 7 } else { 15 }).max(5);
    let graduates = enrolled(9);
    let stayed =
        cohort(9).map_or(0, |cohort| cohort.pupils.iter().filter(|pupil| pupil.stays).count() as u32);
    let respondents = chance.binomial(families, 0.55);
    let low = if school.truth.low_years.is_some() { 0.8 } else { 0.0 };
    let mut share = |whole: u32, level: f32| chance.binomial(whole, logistic(level));
    let mut numbers = vec![
        ("pupils", pupils),
        ("families", families),
        ("parents_higher_education", share(families, -0.95 + 0.75 * social)),
        ("incomplete_families", share(families, -1.05 - 0.35 * social)),
        ("on_registers", share(pupils, -4.0 - 0.6 * social + low / 2.0)),
        ("russian_not_native", share(pupils, (school.not_native / (1.0 - school.not_native)).ln())),
        ("disabilities", share(pupils, -2.9 - 0.2 * social)),
        ("low_income_families", share(families, -1.6 - 0.6 * social)),
        ("large_families", share(families, if school.rural { -1.3 } else { -1.9 })),
        ("teachers", teachers),
        ("teachers_top_category", share(teachers, 0.1 + 0.4 * social - low)),
        ("vacancies", share(teachers, -3.4 - 0.4 * social + low)),
        ("olympiad_participants", share(pupils, -5.2 + 0.8 * school.truth.ability.clamp(-2.0, 2.0))),
        ("graduates_9", graduates),
        ("satisfied", share(respondents, 1.1 + 0.2 * social - low / 2.0)),
        ("respondents", respondents),
        ("deviant_behaviour", share(pupils, -4.3 - 0.5 * social + low / 2.0)),
        ("low_motivation", share(pupils, -2.8 - 0.4 * social + low)),
        ("distance_km", school.distance),
    ];
    let computers = chance.poisson(pupils as f32 / 8.0 + 4.0);
    numbers.push(("computers", computers));
    if school.has_seniors() && graduates > 0 {
        numbers.push(("stayed_for_10", stayed));
    }
    numbers
}
