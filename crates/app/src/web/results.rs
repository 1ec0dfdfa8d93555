//! What do pages about results share? The data that count now and the verdicts made of them lately.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use opora_methodology::{Comparison, Run, Scope, Standing, compare, what_if};
use opora_registry::{Node, NodeId, NodeLevel, Registry};
use quick_cache::sync::Cache;

use super::errors::WebError;
use super::loading::Loading;
use crate::clock;
use crate::usecases::results::alphabet::{self, Order};
use crate::usecases::results::catalog::{Catalog, KnownPack};
use crate::usecases::results::dataset::{DataError, Dataset, Workbench};
use crate::usecases::results::identify::{Identified, judge_by};
use crate::usecases::results::insight::context::{Expected, WhyNot, expected, index_of};
use crate::usecases::results::insight::markers::{RegionMarkers, look};
use crate::usecases::results::insight::spread::Spread;
use crate::usecases::results::shown::Shown;

/// States of the data whose sums are kept; those of a country take some ten megabytes.
const DATA_KEPT: usize = 2;
/// Runs kept in memory; that of a region takes some megabytes.
const RUNS_KEPT: usize = 24;
/// Regions and years whose comparison with expectations is kept: some hundred bytes a school.
const EXPECTED_KEPT: usize = 64;
/// Regions and years whose possible markers are kept; those of 500 schools take some megabytes.
const MARKERS_KEPT: usize = 12;

/// Methodology, year, moved number, data.
type RunKey = (String, u16, Option<(String, String)>, String);

/// Methodology whose index is used, region, year, data.
type ExpectedKey = (Option<String>, NodeId, u16, String);

/// Region, year, data.
type MarkersKey = (NodeId, u16, String);

/// Shared by all requests; a clone shares everything.
#[derive(Clone)]
pub struct Results {
    bench: Workbench,
    loaded: Arc<RwLock<Option<Arc<Dataset>>>>,
    loading: Loading,
    prepared: Arc<Cache<String, Arc<Prepared>>>,
    runs: Arc<Cache<RunKey, Arc<Judged>>>,
    expected: Arc<Cache<ExpectedKey, Arc<Result<Expected, WhyNot>>>>,
    markers: Arc<Cache<MarkersKey, Arc<RegionMarkers>>>,
}

/// What pages need of the data whatever the methodology.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Which results may be shown, and their sums.
    pub shown: Shown,
    /// The schools by the alphabet.
    pub order: Order,
    /// The municipalities by the alphabet; where there are several regions, with the name of theirs.
    pub municipalities: Vec<(NodeId, String)>,
}

fn municipalities(registry: &Registry) -> Vec<(NodeId, String)> {
    let regions = registry.nodes().filter(|node| node.level == NodeLevel::Region).count();
    let named = |node: &Node| {
        let region = node.parent.and_then(|id| registry.node(id)).filter(|_| regions > 1);
        let name =
            region.map_or_else(|| node.name.clone(), |region| format!("{}, {}", node.name, region.name));
        (node.id, name)
    };
    let nodes = registry.nodes().filter(|node| node.level == NodeLevel::Municipality);
    let mut named: Vec<_> = nodes.map(named).collect();
    named.sort_by_cached_key(|(id, name)| (alphabet::key(name), *id));
    named
}

/// Verdicts with their numbers by territory.
#[derive(Debug)]
pub struct Judged {
    /// The verdicts.
    pub identified: Identified,
    tallies: OnceLock<BTreeMap<Option<NodeId>, Tally>>,
    /// Of a what-if: what it moves.
    difference: OnceLock<Comparison>,
}

/// How many schools of a territory got which verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Schools judged.
    pub schools: usize,
    /// On the list.
    pub listed: usize,
    /// Without enough data.
    pub unknown: usize,
    /// By category, in the order of the pack.
    pub categories: Vec<usize>,
}

impl Judged {
    /// The verdicts.
    pub fn run(&self) -> &Run {
        &self.identified.run
    }

    /// What is different from the verdicts by the methodology as it is, on the same data: compared once.
    pub fn difference(&self, base: &Self) -> &Comparison {
        self.difference.get_or_init(|| compare(base.run(), self.run()))
    }

    /// The numbers of a territory, or of the whole country.
    pub fn tally(&self, dataset: &Dataset, node: Option<NodeId>) -> Tally {
        let tallies = self.tallies.get_or_init(|| tallies(&self.identified.run, dataset));
        tallies.get(&node).cloned().unwrap_or_default()
    }
}

fn tallies(run: &Run, dataset: &Dataset) -> BTreeMap<Option<NodeId>, Tally> {
    let registry = &dataset.registry.registry;
    let categories: BTreeMap<&str, usize> =
        run.pack().categories().iter().map(|category| category.id.as_str()).zip(0..).collect();
    let mut tallies: BTreeMap<Option<NodeId>, Tally> = BTreeMap::new();
    for verdict in run.verdicts() {
        let municipality = registry.get(verdict.organisation()).map(|school| school.municipality);
        let region = registry.region_of(verdict.organisation());
        let category = categories.get(run.pack()[verdict.category()].id.as_str()).copied();
        let places = [municipality, region].into_iter().flatten().map(Some);
        for node in places.chain([None]) {
            let tally = tallies.entry(node).or_default();
            tally.schools += 1;
            tally.listed += usize::from(verdict.standing() == Standing::In);
            tally.unknown += usize::from(verdict.standing() == Standing::Unknown);
            tally.categories.resize(categories.len(), 0);
            if let Some(count) = category.and_then(|at| tally.categories.get_mut(at)) {
                *count += 1;
            }
        }
    }
    tallies
}

/// A methodology and a year, as asked for or as they suggest themselves.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The methodology.
    pub pack: KnownPack,
    /// The year.
    pub year: u16,
}

impl Results {
    /// Over a workbench.
    pub fn new(bench: Workbench) -> Self {
        Self {
            bench,
            loaded: Arc::default(),
            loading: Loading::default(),
            prepared: Arc::new(Cache::new(DATA_KEPT)),
            runs: Arc::new(Cache::new(RUNS_KEPT)),
            expected: Arc::new(Cache::new(EXPECTED_KEPT)),
            markers: Arc::new(Cache::new(MARKERS_KEPT)),
        }
    }

    /// The database, the objects and the methodologies.
    pub fn bench(&self) -> &Workbench {
        &self.bench
    }

    /// The files that are being loaded.
    pub fn loading(&self) -> &Loading {
        &self.loading
    }

    /// Methodologies, scales and words.
    pub fn catalog(&self) -> &Catalog {
        &self.bench.catalog
    }

    /// The same, to be kept beyond the request.
    pub fn shared_catalog(&self) -> &Arc<Catalog> {
        &self.bench.catalog
    }

    /// What counts now; read again when a file or the registry has changed since.
    pub async fn dataset(&self) -> Result<Arc<Dataset>, WebError> {
        let known = self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(dataset) = known
            && dataset.is_newest(&self.bench.store).await?
        {
            return Ok(dataset);
        }
        let dataset = Arc::new(Dataset::load(&self.bench).await?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&dataset));
        Ok(dataset)
    }

    /// Sums and orders, made once for the same data.
    pub async fn prepared(&self, dataset: &Arc<Dataset>) -> Result<Arc<Prepared>, WebError> {
        if let Some(known) = self.prepared.get(&dataset.sha256) {
            return Ok(known);
        }
        let (of, pupils_min) = (Arc::clone(dataset), self.catalog().pupils_min);
        let prepare = move || Prepared {
            shown: Shown::of(&of, pupils_min),
            order: Order::of(&of.registry.registry),
            municipalities: municipalities(&of.registry.registry),
        };
        let prepared = Arc::new(computed(prepare).await?);
        self.prepared.insert(dataset.sha256.clone(), Arc::clone(&prepared));
        Ok(prepared)
    }

    /// The methodology and year that are asked for; the first one and the last year of results without, this year where
    /// there are none.
    pub fn choose(
        &self,
        dataset: &Dataset,
        pack: Option<&str>,
        year: Option<u16>,
    ) -> Result<Chosen, WebError> {
        let packs = &self.catalog().packs;
        let pack = match pack.filter(|id| !id.is_empty()) {
            Some(id) => packs.get(id),
            None => packs.values().max_by_key(|known| known.pack.force.from),
        };
        let pack = pack.ok_or_else(|| WebError::not_found("Такой методики нет"))?.clone();
        let last = dataset.years().last().copied();
        let this = || u16::try_from(clock::today().year()).unwrap_or_default();
        Ok(Chosen { pack, year: year.or(last).unwrap_or_else(this) })
    }

    /// The verdicts on all schools, made once for the same data.
    pub async fn run(
        &self,
        dataset: &Arc<Dataset>,
        chosen: &Chosen,
        change: Option<(String, String)>,
    ) -> Result<Arc<Judged>, WebError> {
        let pack = &chosen.pack.pack;
        let key = (pack.id.clone(), chosen.year, change.clone(), dataset.sha256.clone());
        if let Some(known) = self.runs.get(&key) {
            return Ok(known);
        }
        let pack = match change {
            Some((number, value)) => {
                let moved = what_if(pack, &number, &value);
                Arc::new(
                    moved.map_err(|what| WebError::bad_request(&what, "Исправьте значение и повторите."))?,
                )
            }
            None => Arc::clone(pack),
        };
        let (bench, dataset, sha256, year) =
            (self.bench.clone(), Arc::clone(dataset), chosen.pack.sha256.clone(), chosen.year);
        let judge = move || {
            let identified = judge_by(&bench.catalog, &dataset, &pack, &sha256, year, Scope::All);
            Judged { identified, tallies: OnceLock::new(), difference: OnceLock::new() }
        };
        let judged = Arc::new(computed(judge).await?);
        self.runs.insert(key, Arc::clone(&judged));
        Ok(judged)
    }

    /// The schools of a region against what could be expected of them, made once for the same data.
    pub async fn expected(
        &self,
        dataset: &Arc<Dataset>,
        chosen: &Chosen,
        region: NodeId,
    ) -> Result<Arc<Result<Expected, WhyNot>>, WebError> {
        let index = index_of(self.catalog(), &chosen.pack.pack);
        let pack = index.as_ref().map(|index| index.pack.clone());
        let key = (pack, region, chosen.year, dataset.sha256.clone());
        if let Some(known) = self.expected.get(&key) {
            return Ok(known);
        }
        let (bench, dataset, year) = (self.bench.clone(), Arc::clone(dataset), chosen.year);
        let compare = move || expected(&bench.catalog, &dataset, index, region, year);
        let compared = Arc::new(computed(compare).await?);
        self.expected.insert(key, Arc::clone(&compared));
        Ok(compared)
    }

    /// Possible markers of the schools of a region, made once for the same data.
    pub async fn markers(
        &self,
        dataset: &Arc<Dataset>,
        region: NodeId,
        year: u16,
    ) -> Result<Arc<RegionMarkers>, WebError> {
        let key = (region, year, dataset.sha256.clone());
        if let Some(known) = self.markers.get(&key) {
            return Ok(known);
        }
        let spread = Spread::of(&self.bench, dataset, region, year).await?;
        let (bench, dataset) = (self.bench.clone(), Arc::clone(dataset));
        let find = move || look(&bench.catalog, &dataset, &spread, region, year);
        let found = Arc::new(computed(find).await?);
        self.markers.insert(key, Arc::clone(&found));
        Ok(found)
    }
}

/// Works off the threads that answer requests.
async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WebError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| WebError::internal("Расчёт прервался."))
}

impl From<DataError> for WebError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Store(error) => error.into(),
            other => {
                tracing::error!(%other, "results failed");
                Self::internal(&other.to_string())
            }
        }
    }
}
