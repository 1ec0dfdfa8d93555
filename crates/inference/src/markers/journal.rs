//! Do marks lie above the journal more than in the region?

use std::collections::BTreeMap;

use opora_cells::{Cell, Procedure};

use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};

/// Looks for marks above the journal: the share above less the share below. Teachers who mark severely and those who
/// mark kindly differ, which the spread of the region tells.
pub(crate) fn looks(pack: &MarkerPack, facts: &Facts<'_>, schools: &Schools) -> Looks {
    let pupils_min = pack.look_pupils_min;
    let cells: Vec<Cell> = facts
        .cells
        .all()
        .iter()
        .filter(|cell| cell.year == facts.year && !cell.autumn && pack.looks_at(cell.procedure))
        .filter(|cell| schools.contains(cell.organisation))
        .collect();
    let mut region: BTreeMap<Procedure, [u64; 3]> = BTreeMap::new();
    for cell in &cells {
        let sums = region.entry(cell.procedure).or_default();
        for (sum, count) in sums.iter_mut().zip(cell.against_journal) {
            *sum += u64::from(count);
        }
    }
    let mut found = Looks::default();
    for cell in cells {
        let [below, equal, above] = cell.against_journal.map(f64::from);
        let pupils = cell.against_journal.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
        if pupils == 0 {
            found.skip(cell.organisation, Untested::NoData);
            continue;
        }
        if pupils < pupils_min {
            found.skip(cell.organisation, Untested::FewPupils { pupils, needed: pupils_min });
            continue;
        }
        let sums = region.get(&cell.procedure).copied().unwrap_or_default();
        let whole = sums.iter().sum::<u64>().max(1) as f64;
        let value = (above - below) / (below + equal + above);
        // The variance is that of the region: a school where all agree has no variance of its own.
        let [less, _, more] = sums.map(|count| count as f64 / whole);
        let error = (less + more - (more - less).powi(2)).max(0.0) / f64::from(pupils);
        found.looks.push(Look {
            organisation: cell.organisation,
            procedure: cell.procedure,
            class: 0,
            pupils,
            value,
            error,
            picture: Picture::Journal {
                observed: cell.against_journal,
                region: sums.map(|count| count as f64 / whole),
            },
        });
    }
    found
}
