//! Everything that is known of results now: the registry, the files that count, their cells.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::available_parallelism;
use std::time::SystemTime;

use opora_cells::{Aggregate, Cell, Cells, OrganisationId, SourceIndex};
use opora_exchange::sha256_hex;
use opora_methodology::{Origin, SourcePlace};
use opora_results::{Key, ResultStore, ResultsError};
use opora_store::{CatalogueVersion, RegistryRecord, ResultFile, Store, StoreError};
use serde_json::{Value, json};

use super::catalog::Catalog;
use super::insight::markers::CountedMarkers;
use super::sheets::sheet_of;

/// Why results could not be read or recorded. `Display` is Russian.
#[derive(Debug)]
pub enum DataError {
    /// The database refused.
    Store(StoreError),
    /// The store of results refused.
    Results(ResultsError),
    /// The system refused to read a file or to write a temporary one.
    File(String),
}

impl std::fmt::Display for DataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Results(error) => error.fmt(f),
            Self::File(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for DataError {}

impl From<StoreError> for DataError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ResultsError> for DataError {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
    }
}

/// Where results are kept: the database with the list of files, and the objects with what they say.
#[derive(Clone, Debug)]
pub struct Workbench {
    /// The database.
    pub store: Store,
    /// The objects.
    pub results: ResultStore,
    /// Methodologies, scales and words.
    pub catalog: Arc<Catalog>,
    /// The registry as it was read last; a clone of the workbench shares it.
    registry: Arc<RwLock<Option<Arc<RegistryRecord>>>>,
}

impl Workbench {
    /// A database, results and methodologies.
    pub fn new(store: Store, results: ResultStore, catalog: Arc<Catalog>) -> Self {
        Self { store, results, catalog, registry: Arc::default() }
    }

    /// A database with results in a folder and the methodologies that are built in.
    pub fn in_folder(store: Store, folder: &Path) -> Result<Self, DataError> {
        let catalog = Catalog::read(None).map_err(|error| DataError::File(error.0))?;
        Ok(Self::new(store, result_store(None, folder)?, Arc::new(catalog)))
    }

    /// The newest registry; read again only when another one was saved since, here or elsewhere.
    pub async fn registry(&self) -> Result<Arc<RegistryRecord>, DataError> {
        let newest = self.store.registry_version().await?;
        let known = self.registry.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.version == newest) {
            return Ok(known);
        }
        let read = Arc::new(self.store.registry().await?);
        *self.registry.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        Ok(read)
    }
}

/// The store of results of an address: a folder, or `s3://bucket/prefix`.
pub fn result_store(address: Option<&str>, data: &Path) -> Result<ResultStore, DataError> {
    match address {
        Some(address) if address.starts_with("s3://") => remote(address),
        Some(folder) => Ok(ResultStore::folder(Path::new(folder))?),
        None => Ok(ResultStore::folder(&data.join("results"))?),
    }
}

#[cfg(feature = "s3")]
fn remote(address: &str) -> Result<ResultStore, DataError> {
    Ok(ResultStore::s3(address)?)
}

#[cfg(not(feature = "s3"))]
fn remote(address: &str) -> Result<ResultStore, DataError> {
    Err(DataError::File(format!(
        "Хранилище {address}: эта сборка программы работает только с папками. Соберите её с хранилищем S3: \
         cargo build --release --features s3."
    )))
}

/// What counts now. Facts carry the index of their file in `files`.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// The organisations.
    pub registry: Arc<RegistryRecord>,
    /// What the catalogue of files was like before they were read.
    version: CatalogueVersion,
    /// The files that count, by what was read of them: the order they came in makes no difference to anything.
    pub files: Vec<ResultFile>,
    /// Counts by organisation, procedure and year.
    pub cells: Cells,
    years: Vec<u16>,
    /// Counts put aside because a more precise file tells the same thing.
    pub aside: Vec<Cell>,
    /// Declared numbers.
    pub aggregates: Vec<Aggregate>,
    /// Places of declared numbers by school.
    declared: Vec<(OrganisationId, usize)>,
    /// How many possible markers each school has, counted when a methodology asks.
    pub markers: CountedMarkers,
    /// SHA-256 over the registry and the files.
    pub sha256: String,
}

impl Dataset {
    /// Reads everything that counts now.
    pub async fn load(bench: &Workbench) -> Result<Self, DataError> {
        let registry = bench.registry().await?;
        let version = bench.store.catalogue_version().await?;
        let files = files(&bench.store).await?;
        let cells = bench.results.cells(&sources(&files, "cells", None), threads()).await?;
        let aggregates = bench.results.aggregates(&sources(&files, "aggregates", None), threads()).await?;
        let (cells, aside) = Cells::new(cells);
        let names: Vec<&str> = files.iter().map(key).collect();
        let sha256 = sha256_hex(format!("{}\n{}", registry.sha256, names.join("\n")).as_bytes());
        let years = cells.years();
        let mut declared: Vec<_> =
            aggregates.iter().map(|number| number.organisation).zip(0_usize..).collect();
        declared.sort_unstable();
        Ok(Self {
            registry,
            version,
            files,
            cells,
            years,
            aside,
            aggregates,
            declared,
            markers: CountedMarkers::default(),
            sha256,
        })
    }

    /// Calendar years with results, in order.
    pub fn years(&self) -> &[u16] {
        &self.years
    }

    /// The file, and the sheet of a workbook, that a fact of a school comes from.
    pub fn source(&self, school: OrganisationId, origin: Origin) -> Option<SourcePlace> {
        let file = usize::try_from(origin.source.0).ok().and_then(|at| self.files.get(at))?;
        let sheet = sheet_of(&file.summary, school, origin.about, origin.year);
        Some(SourcePlace { file: file.name.clone(), sheet })
    }

    /// Nothing was loaded, taken out or saved since these data were read, neither here nor by another program over the
    /// same database.
    pub async fn is_newest(&self, store: &Store) -> Result<bool, StoreError> {
        Ok(self.registry.version == store.registry_version().await?
            && self.version == store.catalogue_version().await?)
    }

    /// The declared numbers of one school.
    pub fn declared(&self, school: OrganisationId) -> impl Iterator<Item = &Aggregate> {
        let start = self.declared.partition_point(|(id, _)| *id < school);
        let own = self.declared.iter().skip(start).take_while(move |(id, _)| *id == school);
        own.filter_map(|(_, at)| self.aggregates.get(*at))
    }

    /// Name of a school, or its number.
    pub fn school_name(&self, id: OrganisationId) -> String {
        school_name(&self.registry, id)
    }

    /// Nothing was loaded yet.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.registry.registry.organisations().is_empty()
    }
}

/// Name of a school, or its number.
pub(super) fn school_name(registry: &RegistryRecord, id: OrganisationId) -> String {
    let school = registry.registry.get(id);
    school.map_or_else(|| format!("Школа с номером {}", id.0), |school| school.name.clone())
}

/// The files that count, by what was read of them.
pub(super) async fn files(store: &Store) -> Result<Vec<ResultFile>, DataError> {
    let mut files = store.result_files().await?;
    files.sort_by(|a, b| key(a).cmp(key(b)));
    Ok(files)
}

/// Removes from the store what no file that counts tells, if it was written before a moment; returns how many objects.
pub async fn sweep(bench: &Workbench, before: SystemTime) -> Result<usize, DataError> {
    let files = bench.store.result_files().await?;
    let active: BTreeSet<Key> = files.iter().filter_map(|file| key(file).parse().ok()).collect();
    Ok(bench.results.sweep(&active, before).await?)
}

/// Threads for reading and counting.
pub fn threads() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The files that have objects of a kind, with their places in the list; with a year only those that tell of it.
pub(super) fn sources(files: &[ResultFile], kind: &str, year: Option<u16>) -> Vec<(SourceIndex, Key)> {
    let has = |file: &ResultFile| {
        file.summary.get("inventory").and_then(|counts| counts.get(kind)).and_then(Value::as_u64)
    };
    let tells = |file: &ResultFile| {
        let years = file.summary.get("years").and_then(Value::as_array);
        year.zip(years).is_none_or(|(year, years)| years.iter().any(|known| *known == json!(year)))
    };
    (0..)
        .zip(files)
        .filter(|(_, file)| has(file).unwrap_or_default() > 0 && tells(file))
        .filter_map(|(index, file)| Some((SourceIndex(index), key(file).parse().ok()?)))
        .collect()
}

/// Name of the objects with what was read of a file.
fn key(file: &ResultFile) -> &str {
    file.summary.get("key").and_then(Value::as_str).unwrap_or(&file.sha256)
}
