//! Which results of these data may be shown, school by school and as sums over territories?
//!
//! Made once for the data: pages ask, and neither add up cells nor decide anything themselves.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use opora_cells::{Cell, KindCode, OrganisationId, Procedure, Share, SubjectCode};
use opora_registry::NodeId;

use super::dataset::{Dataset, threads};
use super::disclosure::{Counts, Place, settle};

/// The words that stand for a number that is not shown.
pub const WITHHELD: &str = "скрыто";

/// Node that stands for the country.
const COUNTRY: u32 = u32::MAX;

/// What may be said of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// There are no results.
    Nothing,
    /// There are some, and they would tell of too few pupils.
    Withheld,
    /// The sum.
    Known(Counts),
}

impl Sum {
    /// The share of those who did not pass.
    pub fn failed_share(self) -> Option<Share> {
        match self {
            Self::Known(counts) => Share::new(counts.failed, counts.judged),
            Self::Nothing | Self::Withheld => None,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Withheld, _) | (_, Self::Withheld) => Self::Withheld,
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Known(a), Self::Known(b)) => Self::Known(a.and(b)),
        }
    }
}

/// Sums by year.
pub type Years = BTreeMap<u16, Sum>;

/// What of the data may be shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The fewest pupils a result is shown of.
    pub pupils_min: u32,
    /// School, procedure and year of groups that are not shown, in order.
    withheld: Vec<(u32, u32, u16)>,
    /// By node, procedure and year.
    sums: BTreeMap<(u32, u32, u16), Sum>,
    /// Kinds and years that were held in autumn, by node.
    autumn: Vec<(KindCode, u16)>,
}

/// A group on its way into the sums.
struct Entry {
    region: u32,
    municipality: u32,
    organisation: u32,
    counts: Counts,
}

type Groups = BTreeMap<(u32, u16), Vec<Entry>>;

type Decided = (Vec<(u32, u32, u16)>, Vec<((u32, u32, u16), Sum)>);

impl Shown {
    /// Adds everything up and decides.
    pub fn of(dataset: &Dataset, pupils_min: u32) -> Self {
        let groups: Vec<((u32, u16), Vec<Entry>)> = groups(dataset).into_iter().collect();
        let waiting: Vec<Mutex<Option<_>>> =
            groups.into_iter().map(|group| Mutex::new(Some(group))).collect();
        let (next, decided) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            while let Some(group) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                let taken = group.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some((key, entries)) = taken {
                    let one = decide(key, entries, pupils_min);
                    decided.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads() {
                scope.spawn(work);
            }
            work();
        });
        let mut shown = Self { pupils_min, ..Self::default() };
        for (withheld, sums) in decided.into_inner().unwrap_or_else(PoisonError::into_inner) {
            shown.withheld.extend(withheld);
            shown.sums.extend(sums);
        }
        shown.withheld.sort_unstable();
        let autumn = dataset.cells.all().iter().filter(|cell| cell.autumn);
        shown.autumn = autumn.map(|cell| (cell.procedure.kind, cell.year)).collect();
        shown.autumn.sort_unstable();
        shown.autumn.dedup();
        shown
    }

    /// The results of a school in a procedure of a year may be shown.
    pub fn is_shown(&self, school: OrganisationId, procedure: Procedure, year: u16) -> bool {
        self.withheld.binary_search(&(school.0, procedure.packed(), year)).is_err()
    }

    /// The same of a cell.
    pub fn shows(&self, cell: &Cell) -> bool {
        self.is_shown(cell.organisation, cell.procedure, cell.year)
    }

    /// The sum over a municipality, a region or the country.
    pub fn sum(&self, node: Option<NodeId>, procedure: Procedure, year: u16) -> Sum {
        let key = (node.map_or(COUNTRY, |node| node.0), procedure.packed(), year);
        self.sums.get(&key).copied().unwrap_or(Sum::Nothing)
    }

    /// Sums by kind and subject, all grades and levels together. One grade that is not shown hides them all: the others
    /// are known, and the difference would tell it.
    pub fn by_subject(&self, node: Option<NodeId>) -> BTreeMap<(KindCode, SubjectCode), Years> {
        let node = node.map_or(COUNTRY, |node| node.0);
        let mut subjects: BTreeMap<(KindCode, SubjectCode), Years> = BTreeMap::new();
        for ((_, packed, year), sum) in self.sums.range((node, 0, 0)..=(node, u32::MAX, u16::MAX)) {
            let procedure = Procedure::from_packed(*packed);
            let years = subjects.entry((procedure.kind, procedure.subject)).or_default();
            let known = years.entry(*year).or_insert(Sum::Nothing);
            *known = known.and(*sum);
        }
        subjects
    }

    /// Years in which a kind was held in autumn.
    pub fn autumn_years(&self, kind: KindCode) -> Vec<u16> {
        self.autumn.iter().filter(|(known, _)| *known == kind).map(|(_, year)| *year).collect()
    }
}

fn groups(dataset: &Dataset) -> Groups {
    let registry = &dataset.registry.registry;
    let mut groups: Groups = BTreeMap::new();
    for cells in dataset.cells.by_organisation() {
        let Some(school) = cells.first().map(|cell| cell.organisation) else { continue };
        let municipality = registry.get(school).map_or(COUNTRY, |known| known.municipality.0);
        let region = registry.region_of(school).map_or(COUNTRY, |region| region.0);
        for cell in cells {
            let counts = Counts {
                participants: u64::from(cell.participants),
                judged: u64::from(cell.judged()),
                failed: u64::from(cell.failed()),
            };
            let of_procedure = groups.entry((cell.procedure.packed(), cell.year)).or_default();
            // Held in spring and in autumn of the same year: one group.
            match of_procedure.last_mut().filter(|last| last.organisation == school.0) {
                Some(last) => last.counts = last.counts.and(counts),
                None => of_procedure.push(Entry { region, municipality, organisation: school.0, counts }),
            }
        }
    }
    groups
}

fn decide((procedure, year): (u32, u16), mut entries: Vec<Entry>, pupils_min: u32) -> Decided {
    entries.sort_by_key(|entry| (entry.region, entry.municipality, entry.organisation));
    let municipality =
        |entries: &[Entry]| Place::sum(entries.iter().map(|entry| Place::group(entry.counts)).collect());
    let region = |entries: &[Entry]| {
        Place::sum(entries.chunk_by(|a, b| a.municipality == b.municipality).map(municipality).collect())
    };
    let mut country = Place::sum(entries.chunk_by(|a, b| a.region == b.region).map(region).collect());
    settle(&mut country, pupils_min);
    let sum = |place: &Place| if place.shown { Sum::Known(place.counts) } else { Sum::Withheld };
    let mut sums = vec![((COUNTRY, procedure, year), sum(&country))];
    let mut withheld = Vec::new();
    // The places stand in the order of the entries they were made of.
    let mut at = entries.iter();
    for region in &country.parts {
        for (number, municipality) in region.parts.iter().enumerate() {
            for (school, group) in municipality.parts.iter().enumerate() {
                let Some(entry) = at.next() else { continue };
                if number == 0 && school == 0 {
                    sums.push(((entry.region, procedure, year), sum(region)));
                }
                if school == 0 {
                    sums.push(((entry.municipality, procedure, year), sum(municipality)));
                }
                if !group.shown {
                    withheld.push((entry.organisation, procedure, year));
                }
            }
        }
    }
    (withheld, sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(region: u32, municipality: u32, organisation: u32, pupils: u64) -> Entry {
        let counts = Counts { participants: pupils, judged: pupils, failed: 1 };
        Entry { region, municipality, organisation, counts }
    }

    #[test]
    fn sums_and_withheld_groups_find_their_way_back() {
        let entries = vec![
            entry(1, 11, 7, 3),
            entry(2, 21, 5, 40),
            entry(1, 11, 3, 9),
            entry(1, 12, 4, 30),
            entry(1, 11, 9, 25),
        ];
        let (withheld, sums) = decide((1, 2026), entries, 5);
        assert_eq!(withheld, [(3, 1, 2026), (7, 1, 2026)], "the small one and its smallest neighbour");
        let known: BTreeMap<u32, Sum> = sums.into_iter().map(|((node, ..), sum)| (node, sum)).collect();
        let pupils = |node: u32| match known[&node] {
            Sum::Known(counts) => counts.participants,
            Sum::Nothing | Sum::Withheld => 0,
        };
        assert_eq!([1, 11, 12, 2, 21, COUNTRY].map(pupils), [67, 37, 30, 40, 40, 107]);
    }

    #[test]
    fn one_hidden_grade_hides_the_subject() {
        let counts = Counts { participants: 10, judged: 10, failed: 1 };
        let key = |grade: u32| (COUNTRY, (1 << 24) | (1 << 16) | (grade << 8), 2026);
        let sums = BTreeMap::from([(key(5), Sum::Known(counts)), (key(6), Sum::Withheld)]);
        let shown = Shown { sums, ..Shown::default() };
        let years: Vec<Years> = shown.by_subject(None).into_values().collect();
        assert_eq!(years, [Years::from([(2026, Sum::Withheld)])]);
    }
}
