//! Do fewer pupils take part than in other papers of the same pupils?

use std::collections::BTreeMap;

use opora_cells::{Cell, OrganisationId, Procedure};

use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};

/// Looks at papers everybody writes. Compared with the one of most participants among: the same grade and year, the
/// grade below a year before, the grade above a year later. Growing and shrinking towns are told by the region's
/// spread only.
pub(crate) fn looks(pack: &MarkerPack, facts: &Facts<'_>, schools: &Schools) -> Looks {
    let pupils_min = pack.look_pupils_min;
    let years = facts.year.saturating_sub(1)..=facts.year.saturating_add(1);
    let mut by_school: BTreeMap<OrganisationId, Vec<Cell>> = BTreeMap::new();
    for cell in facts.cells.all() {
        let asked = pack.looks_at(cell.procedure) && pack.subjects.contains(&cell.procedure.subject);
        if asked && years.contains(&cell.year) && !cell.autumn && schools.contains(cell.organisation) {
            by_school.entry(cell.organisation).or_default().push(cell);
        }
    }
    let mut found = Looks::default();
    for (organisation, cells) in by_school {
        for cell in cells.iter().filter(|cell| cell.year == facts.year) {
            let most = cells
                .iter()
                .filter(|other| same_pupils(cell, other))
                .max_by_key(|other| (other.participants, std::cmp::Reverse((other.year, other.procedure))));
            let Some(most) = most else {
                found.skip(organisation, Untested::NoData);
                continue;
            };
            if most.participants < pupils_min {
                let why = Untested::FewPupils { pupils: most.participants, needed: pupils_min };
                found.skip(organisation, why);
                continue;
            }
            let whole = f64::from(most.participants);
            // Two papers of one class: about one pupil of ten is away from each.
            let error = 2.0 * 0.1 * 0.9 / whole;
            found.looks.push(Look {
                organisation,
                procedure: cell.procedure,
                class: 0,
                pupils: most.participants,
                value: 1.0 - f64::from(cell.participants) / whole,
                error,
                picture: Picture::Participation {
                    participants: cell.participants,
                    most: most.participants,
                    with: (most.procedure, most.year),
                },
            });
        }
    }
    found
}

fn same_pupils(cell: &Cell, other: &Cell) -> bool {
    let (own, its): (Procedure, Procedure) = (cell.procedure, other.procedure);
    let began = |procedure: Procedure, year: u16| i32::from(year) - i32::from(procedure.grade);
    (own, cell.year) != (its, other.year) && began(own, cell.year) == began(its, other.year)
}
