//! Do scores pile up at the lowest score of a mark, and are low scores missing?

use opora_cells::{Judgement, OrganisationId, Procedure};

use super::histogram::{self, Reference};
use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};

/// Peaks and low tails: both need the distribution of scores.
pub(crate) fn looks(pack: &MarkerPack, facts: &Facts<'_>, schools: &Schools) -> (Looks, Looks) {
    let (mut peaks, mut tails) = (Looks::default(), Looks::default());
    for (procedure, histograms) in histogram::of_year(facts, schools, |p| pack.looks_at(p)) {
        let Some(reference) = Reference::of(histograms.values()) else { continue };
        let bounds = facts.scales.of(procedure, facts.year).and_then(|scale| match scale.judgement {
            Judgement::Marks(lowest) => Some(lowest),
            Judgement::Minimum(_) => None,
        });
        let tail = reference.tail(pack.tail_share);
        for (organisation, counts) in &histograms {
            let pupils = histogram::pupils(counts);
            let expected = reference.moved_to(counts);
            let sheet = Sheet { organisation: *organisation, procedure, pupils, counts, expected: &expected };
            match &bounds {
                Some(bounds) => sheet.peak(pack, bounds, &mut peaks),
                None => peaks.skip(*organisation, Untested::NoScale),
            }
            match tail {
                Some(tail) => sheet.tail(pack, tail, &mut tails),
                None => tails.skip(*organisation, Untested::NoData),
            }
        }
    }
    (peaks, tails)
}

/// The scores of a school in a procedure.
struct Sheet<'a> {
    organisation: OrganisationId,
    procedure: Procedure,
    pupils: u32,
    counts: &'a [u32],
    expected: &'a [f64],
}

impl Sheet<'_> {
    /// Of the pupils on both sides of the bounds, more are above than expected. The hole below a bound counts as much
    /// as the peak at it.
    fn peak(&self, pack: &MarkerPack, bounds: &[u16; 3], found: &mut Looks) {
        let needed = pack.look_pupils_min;
        if self.pupils < needed {
            return found.skip(self.organisation, Untested::FewPupils { pupils: self.pupils, needed });
        }
        let width = pack.peak_width.max(1) as usize;
        let (mut observed, mut expected, mut near, mut variance) = (0.0, 0.0, 0.0, 0.0);
        for bound in bounds.iter().map(|bound| usize::from(*bound)) {
            let (above, below) = (bound..bound + width, bound.saturating_sub(width)..bound);
            let seen = |range: &std::ops::Range<usize>| -> f64 {
                range.clone().filter_map(|at| self.counts.get(at)).map(|count| f64::from(*count)).sum()
            };
            let usual = |range: &std::ops::Range<usize>| -> f64 {
                range.clone().filter_map(|at| self.expected.get(at)).sum()
            };
            let (pile, hole) = (seen(&above), seen(&below));
            let (usual_pile, usual_hole) = (usual(&above), usual(&below));
            if usual_pile + usual_hole <= 0.0 {
                continue;
            }
            let share = usual_pile / (usual_pile + usual_hole);
            observed += pile;
            expected += (pile + hole) * share;
            near += pile + hole;
            variance += (pile + hole) * share * (1.0 - share);
        }
        if near < 1.0 || variance <= 0.0 {
            return found.skip(self.organisation, Untested::NoData);
        }
        let (value, error) = ((observed - expected) / near, variance / (near * near));
        self.put(value, error, (observed, expected), bounds.to_vec(), found);
    }

    /// Fewer low scores than a region's distribution moved to the school's mean would have.
    fn tail(&self, pack: &MarkerPack, tail: usize, found: &mut Looks) {
        let needed = pack.look_pupils_min;
        if self.pupils < needed {
            return found.skip(self.organisation, Untested::FewPupils { pupils: self.pupils, needed });
        }
        let observed: f64 = self.counts.iter().take(tail + 1).map(|count| f64::from(*count)).sum();
        let share: f64 = self.expected.iter().take(tail + 1).sum();
        let whole = f64::from(self.pupils);
        // In units of the chance of the expected count: a strong school has hardly a tail to lose.
        let variance = (share * (1.0 - share) / whole).max(0.25 / (whole * whole));
        let value = (share - observed / whole) / variance.sqrt();
        let bound = u16::try_from(tail).unwrap_or(u16::MAX);
        self.put(value, 1.0, (observed, share * whole), vec![bound], found);
    }

    fn put(&self, value: f64, error: f64, seen: (f64, f64), bounds: Vec<u16>, found: &mut Looks) {
        let bars = histogram::bars(self.counts, self.expected);
        found.looks.push(Look {
            organisation: self.organisation,
            procedure: self.procedure,
            class: 0,
            pupils: self.pupils,
            value,
            error,
            picture: Picture::Histogram { bars, bounds, observed: seen.0, expected: seen.1 },
        });
    }
}
