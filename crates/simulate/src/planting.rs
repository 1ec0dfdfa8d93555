//! Which schools are planted to be found, and what becomes of schools?
//!
//! Each region has its share of everything, and at least one school of each, so that small countries show it too.

use jiff::Span;
use opora_cells::OrganisationId;

use crate::Options;
use crate::chance::Chance;
use crate::model;
use crate::school::{School, day};
use crate::truth::{Inflation, InflationKind};

/// Plants low results that last, improvement and inflation.
pub(crate) fn plant(schools: &mut [School], options: &Options, chance: &mut Chance) {
    let (first, last) = (options.first_year, options.last_year);
    let years = last.saturating_sub(first) + 1;
    if years < 2 {
        return;
    }
    let plain = |school: &School| matches!(school.kind, "СОШ" | "ООШ") && school.grade_size >= 3.0;
    for at in some(schools, model::LOW_ALWAYS, 1, chance, plain) {
        low(schools.get_mut(at), (first, last), None);
    }
    let free = |school: &School| plain(school) && school.truth.low_years.is_none();
    if years >= 3 {
        for at in some(schools, model::LOW_LATER, 1, chance, free) {
            low(schools.get_mut(at), (first + 1, last), None);
        }
        // An improvement is to be seen for a year or two.
        let from = last - (years - 2) / 2;
        for at in some(schools, model::LOW_THEN_BETTER, 1, chance, free) {
            low(schools.get_mut(at), (first, from - 1), Some(from));
        }
    }
    let full = |school: &School| free(school) && school.grade_size >= 6.0;
    let kinds = InflationKind::ALL.iter().cycle();
    for (at, kind) in some(schools, model::INFLATING, 4, chance, full).into_iter().zip(kinds) {
        let from = first + chance.below(u32::from(years.div_ceil(2))) as u16;
        let to = (from + 1 + chance.below(u32::from(years)) as u16).min(last);
        if let Some(school) = schools.get_mut(at) {
            school.truth.inflation = Some(Inflation { kind: *kind, years: (from, to) });
        }
    }
}

fn low(school: Option<&mut School>, years: (u16, u16), improved_from: Option<u16>) {
    let Some(school) = school else { return };
    school.truth.low_years = Some(years);
    school.truth.improved_from = improved_from;
    school.truth.social -= 0.7;
}

/// Openings, new names, closures and mergers within the years of results.
pub(crate) fn let_time_pass(schools: &mut [School], options: &Options, chance: &mut Chance) {
    let years = u32::from(options.last_year.saturating_sub(options.first_year)) + 1;
    let september = |chance: &mut Chance| day(u32::from(options.first_year) + chance.below(years), 9, 1);
    // What was planted stays to be found.
    let plain = |school: &School| school.truth.low_years.is_none() && school.truth.inflation.is_none();
    for at in some(schools, model::CLOSED, 1, chance, plain) {
        if let Some(school) = schools.get_mut(at) {
            school.closed = september(chance);
        }
    }
    let works = |school: &School| plain(school) && school.closed.is_none();
    for at in some(schools, model::MERGED, 1, chance, works) {
        let (host, date) = (host(schools, at), september(chance));
        if let Some(school) = schools.get_mut(at).filter(|_| host.is_some()) {
            school.closed = date;
            school.merged_into = host;
        }
    }
    let hosts: Vec<OrganisationId> = schools.iter().filter_map(|school| school.merged_into).collect();
    let quiet = |school: &School| works(school) && !hosts.contains(&school.id);
    for at in some(schools, model::OPENED, 1, chance, quiet) {
        if let Some(school) = schools.get_mut(at) {
            school.opened = september(chance);
        }
    }
    for at in some(schools, model::RENAMED, 1, chance, works) {
        if let Some(school) = schools.get_mut(at) {
            school.renamed = september(chance).and_then(|day| day.checked_sub(Span::new().days(17)).ok());
        }
    }
}

/// A neighbour that can take a school in: it stays itself.
fn host(schools: &[School], at: usize) -> Option<OrganisationId> {
    let school = schools.get(at)?;
    let near = |other: &&School| {
        other.municipality == school.municipality
            && other.id != school.id
            && other.closed.is_none()
            && other.kind != "вечерняя школа"
    };
    let before = schools.iter().take(at).rev().find(near);
    before.or_else(|| schools.iter().skip(at).find(near)).map(|host| host.id)
}

/// Places of a share of the schools, `at_least` so many, of those that are eligible; in random order.
fn some(
    schools: &[School],
    share: f32,
    at_least: usize,
    chance: &mut Chance,
    eligible: impl Fn(&School) -> bool,
) -> Vec<usize> {
    let count = ((schools.len() as f32 * share).round() as usize).max(at_least);
    let mut places: Vec<usize> =
        schools.iter().zip(0..).filter(|(school, _)| eligible(school)).map(|(_, at)| at).collect();
    let mut chosen = Vec::with_capacity(count);
    while chosen.len() < count && !places.is_empty() {
        chosen.push(places.swap_remove(chance.below(places.len() as u32) as usize));
    }
    chosen
}
