//! Which possible markers of non-objective results do the schools of a region have?
//!
//! For the rule of a methodology the four yes-or-no markers are counted, from cells alone and for those years only that
//! a methodology may ask of. For the page of a school everything is looked at that there is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use opora_cells::{Cells, OrganisationId};
use opora_inference::markers::{Assessment, Evidence, Facts, Marker, YearMarkers, assess, four_markers};
use opora_methodology::{MarkerCount, Pack, Question, Scope};
use opora_registry::{NodeId, NodeLevel};

use super::spread::Spread;
use super::{cells_of, schools_of};
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::{Dataset, threads};

/// Counts of the four markers that were made already. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct CountedMarkers(Arc<Counted>);

type ByRegion = BTreeMap<(NodeId, u16), Arc<[MarkerCount]>>;

type Counts = Arc<[MarkerCount]>;

#[derive(Debug, Default)]
struct Counted {
    /// The schools of each region.
    schools: OnceLock<BTreeMap<NodeId, Vec<OrganisationId>>>,
    /// By region and year.
    counts: Mutex<ByRegion>,
}

/// What was found about a school.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// The assessment; of its evidence only what is raised is kept, as the rest is large and not shown.
    pub assessment: Assessment,
    /// How many looks there were, by marker in the order of [`Marker::ALL`].
    pub looks: [usize; 8],
}

/// The schools of a region in a year.
#[derive(Clone, Debug, Default)]
pub struct RegionMarkers {
    schools: BTreeMap<OrganisationId, Looked>,
    /// Scores and tasks were not looked at: the files hold too much for one look.
    pub too_much: bool,
}

impl RegionMarkers {
    /// One school; nothing where it has no results of the year that markers are looked for in.
    pub fn of(&self, organisation: OrganisationId) -> Option<&Looked> {
        self.schools.get(&organisation)
    }
}

/// Looks at all schools of a region.
pub fn look(
    catalog: &Catalog,
    dataset: &Dataset,
    spread: &Spread,
    region: NodeId,
    year: u16,
) -> RegionMarkers {
    let years = year.saturating_sub(2)..=year.saturating_add(1);
    let cells = cells_of(dataset, &schools_of(dataset, region), |cell| years.contains(&cell.year));
    let facts = Facts {
        scores: &spread.scores,
        tasks: &spread.tasks,
        classes: &spread.classes,
        ..of_cells(catalog, dataset, &cells, year)
    };
    let looked = assess(&catalog.markers, &facts).into_iter().map(|mut assessment| {
        let of = |marker| assessment.evidence.iter().filter(|look| look.marker == marker).count();
        let looks = Marker::ALL.map(of);
        assessment.evidence.retain(|look: &Evidence| look.raised);
        (assessment.organisation, Looked { assessment, looks })
    });
    RegionMarkers { schools: looked.collect(), too_much: spread.too_much }
}

/// A methodology asks of markers.
pub fn asked(pack: &Pack) -> bool {
    pack.criteria().iter().any(|criterion| matches!(criterion.question, Question::Markers { .. }))
}

/// The four markers of every year up to a year, of the regions that the scope touches; nothing for a methodology that
/// does not ask. A pack may look back over several years, by windows, by history and by what changed since the year
/// before, so that all years are counted: each region and year once for a dataset.
pub fn counts(
    catalog: &Catalog,
    dataset: &Dataset,
    pack: &Pack,
    year: u16,
    scope: Scope,
) -> Vec<MarkerCount> {
    if !asked(pack) {
        return Vec::new();
    }
    let years: Vec<u16> = dataset.years().iter().copied().filter(|of_year| *of_year <= year).collect();
    let wanted: Vec<(NodeId, u16)> = regions(dataset, scope)
        .into_iter()
        .flat_map(|region| years.iter().map(move |of_year| (region, *of_year)))
        .collect();
    let count = |(region, of_year): &(NodeId, u16)| dataset.markers.of(catalog, dataset, *region, *of_year);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 1..threads().min(wanted.len()) {
            scope.spawn(|| {
                while let Some(one) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    count(one);
                }
            });
        }
        while let Some(one) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
            count(one);
        }
    });
    // In the order of regions and years, whoever has counted them.
    wanted.iter().flat_map(|one| count(one).to_vec()).collect()
}

fn regions(dataset: &Dataset, scope: Scope) -> Vec<NodeId> {
    let registry = &dataset.registry.registry;
    match scope {
        Scope::All => {
            registry.nodes().filter(|node| node.level == NodeLevel::Region).map(|node| node.id).collect()
        }
        Scope::Node(id) => {
            let region = registry.node(id).map(|node| node.parent.unwrap_or(node.id));
            region.into_iter().collect()
        }
        Scope::Organisation(id) => registry.region_of(id).into_iter().collect(),
    }
}

impl CountedMarkers {
    fn of(&self, catalog: &Catalog, dataset: &Dataset, region: NodeId, year: u16) -> Counts {
        let known = || self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = known().get(&(region, year)) {
            return Arc::clone(counts);
        }
        let schools = self.0.schools.get_or_init(|| by_region(dataset));
        let schools = schools.get(&region).map(Vec::as_slice).unwrap_or_default();
        let counts: Counts = four(catalog, dataset, schools, year).into();
        known().insert((region, year), Arc::clone(&counts));
        counts
    }
}

fn by_region(dataset: &Dataset) -> BTreeMap<NodeId, Vec<OrganisationId>> {
    let registry = &dataset.registry.registry;
    let mut schools: BTreeMap<NodeId, Vec<OrganisationId>> = BTreeMap::new();
    for school in registry.organisations() {
        if let Some(region) = registry.region_of(school.id) {
            schools.entry(region).or_default().push(school.id);
        }
    }
    schools
}

fn four(catalog: &Catalog, dataset: &Dataset, schools: &[OrganisationId], year: u16) -> Vec<MarkerCount> {
    let cells = cells_of(dataset, schools, |cell| cell.year == year);
    let found = four_markers(&catalog.markers, &of_cells(catalog, dataset, &cells, year));
    let count = |(organisation, of_year): (OrganisationId, YearMarkers)| {
        let number = |marked: &dyn Fn(bool) -> bool| {
            let papers = of_year.papers.iter().filter(|(_, found)| found.is_some_and(marked)).count();
            u32::try_from(papers).unwrap_or(u32::MAX)
        };
        let (found, looked_for) = (number(&|found| found), number(&|_| true));
        MarkerCount { organisation, year, found, looked_for }
    };
    found.into_iter().map(count).collect()
}

/// The cells are those of the region already: nobody else has to be passed over.
fn of_cells<'a>(catalog: &'a Catalog, dataset: &'a Dataset, cells: &'a Cells, year: u16) -> Facts<'a> {
    Facts {
        cells,
        registry: &dataset.registry.registry,
        scores: &[],
        tasks: &[],
        classes: &[],
        scales: &catalog.scales,
        region: None,
        year,
    }
}
