//! Where do the results of a file lie, and how are those of many files read together?
//!
//! Objects in a folder or in an S3-compatible store, named by what they were read from:
//!
//! ```text
//! rows/<key>.parquet         individual results
//! cells/<key>.parquet        counts by organisation, procedure and year
//! scores/<key>.parquet       how many got which score
//! tasks/<key>.parquet        sums of points by task
//! aggregates/<key>.parquet   declared numbers
//! ```
//!
//! In a folder there are segments of the cells of many files together, too, which only make reading them faster.
//!
//! An object never changes its meaning and nothing here says which objects count: the catalogue in the database does.
//! A file is put in whole or not at all, and what a crash leaves behind is seen by nobody until [`ResultStore::sweep`]
//! takes it away.

mod kept;
mod key;
mod load;
mod records;
mod segment;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use opora_cells::{Aggregate, Cell, CellList, OrganisationId, ScoreCount, SourceIndex, TaskSum};

pub use key::Key;

use crate::ResultsError;
use crate::numbers::RowsFile;
use kept::Plan;
use load::load;
use records::{Record, encode};

/// Kinds of objects, in the order they are written. Whoever finds cells finds the rows, too.
const KINDS: [Kind; 5] = [Kind::Rows, Kind::Scores, Kind::Tasks, Kind::Aggregates, Kind::Cells];

/// Bytes sent at a time.
const PART_BYTES: usize = 8 << 20;

/// Cells from which on a snapshot is worth its place on the disk.
const CELLS_MIN: usize = 1 << 17;

/// How often cells that are kept are tried to be read before all objects are read instead.
const ATTEMPTS: usize = 3;

/// Requests to a remote store at the same time.
const REQUESTS: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rows,
    Scores,
    Tasks,
    Aggregates,
    Cells,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Scores => "scores",
            Self::Tasks => "tasks",
            Self::Aggregates => "aggregates",
            Self::Cells => "cells",
        }
    }

    fn name(self, key: &Key) -> String {
        format!("{}/{key}.parquet", self.folder())
    }

    /// The key of the object of this name, if it is one of this kind.
    fn key(self, name: &Path) -> Option<Key> {
        name.as_ref().strip_prefix(self.folder())?.strip_prefix('/')?.strip_suffix(".parquet")?.parse().ok()
    }
}

/// What was read of one source.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Individual results, as [`crate::RowWriter`] wrote them.
    pub rows: Option<&'a RowsFile>,
    /// Counts.
    pub cells: &'a [Cell],
    /// Distribution of scores.
    pub scores: &'a [ScoreCount],
    /// Sums of tasks.
    pub tasks: &'a [TaskSum],
    /// Declared numbers.
    pub aggregates: &'a [Aggregate],
}

/// Which objects a key has, and how much is in them. The catalogue keeps it: only what is there is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Individual results are kept.
    pub rows: bool,
    /// Number of cells.
    pub cells: usize,
    /// Number of scores.
    pub scores: usize,
    /// Number of sums of tasks.
    pub tasks: usize,
    /// Number of declared numbers.
    pub aggregates: usize,
}

/// A folder or a remote store with the results of many files.
#[derive(Clone, Debug)]
pub struct ResultStore {
    objects: Arc<dyn ObjectStore>,
    /// Set where objects are files of this machine: they are read without a detour.
    folder: Option<PathBuf>,
    /// Cells from which on a snapshot is kept of them.
    snapshot_cells_min: usize,
}

impl ResultStore {
    /// A store in a folder, which is made where it is not there.
    pub fn folder(folder: &FilePath) -> Result<Self, ResultsError> {
        let failed = |error: &dyn std::fmt::Display| ResultsError::file(folder.display(), &error.to_string());
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let folder = folder.canonicalize().map_err(|error| failed(&error))?;
        let objects = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(&error))?;
        Ok(Self { objects: Arc::new(objects), folder: Some(folder), snapshot_cells_min: CELLS_MIN })
    }

    /// A store of another kind, such as an S3-compatible one.
    pub fn remote(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, folder: None, snapshot_cells_min: CELLS_MIN }
    }

    /// The same store, keeping a snapshot of so many cells or more: for tests and for measuring.
    pub fn with_snapshot_from(self, cells: usize) -> Self {
        Self { snapshot_cells_min: cells, ..self }
    }

    /// An S3-compatible store: `s3://bucket/prefix`. Keys, region and endpoint are taken from the usual variables
    /// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`).
    #[cfg(feature = "s3")]
    pub fn s3(address: &str) -> Result<Self, ResultsError> {
        let failed = |error: object_store::Error| ResultsError::file(address, &error);
        // A server that does not answer is told of within a minute: somebody waits in front of a page.
        let retry = object_store::RetryConfig {
            max_retries: 4,
            retry_timeout: std::time::Duration::from_secs(60),
            ..object_store::RetryConfig::default()
        };
        let builder = object_store::aws::AmazonS3Builder::from_env().with_url(address).with_retry(retry);
        let bucket = builder.build().map_err(failed)?;
        let prefix =
            address.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or("", |(_, rest)| rest);
        Ok(Self::remote(Arc::new(object_store::prefix::PrefixStore::new(bucket, prefix))))
    }

    /// Puts in what was read of a source. A put that fails or is cut short leaves objects that nobody sees: the caller
    /// writes the key into the catalogue after all of it is stored. Putting the same again changes nothing.
    pub async fn put(&self, key: &Key, facts: &Facts<'_>) -> Result<Inventory, ResultsError> {
        let inventory = Inventory {
            rows: facts.rows.is_some(),
            cells: facts.cells.len(),
            scores: facts.scores.len(),
            tasks: facts.tasks.len(),
            aggregates: facts.aggregates.len(),
        };
        for kind in KINDS {
            match kind {
                Kind::Rows => {
                    if let Some(rows) = facts.rows {
                        self.put_rows(&kind.name(key), rows).await?;
                    }
                }
                Kind::Scores => self.put_records(&kind.name(key), facts.scores).await?,
                Kind::Tasks => self.put_records(&kind.name(key), facts.tasks).await?,
                Kind::Aggregates => self.put_records(&kind.name(key), facts.aggregates).await?,
                Kind::Cells => self.put_records(&kind.name(key), facts.cells).await?,
            }
        }
        if let Some(folder) = self.folder.as_ref().filter(|_| facts.cells.len() >= self.snapshot_cells_min) {
            // Whoever loads a country waits for minutes: the next one shall not wait for its cells.
            let _ = segment::keep_one(folder, *key, facts.cells);
        }
        Ok(inventory)
    }

    async fn put_records<const N: usize, T: Record<N>>(
        &self,
        name: &str,
        records: &[T],
    ) -> Result<(), ResultsError> {
        if records.is_empty() {
            return Ok(());
        }
        let bytes = encode(records).map_err(|error| ResultsError::file(name, &error))?;
        self.put_bytes(name, bytes.into()).await
    }

    async fn put_bytes(&self, name: &str, bytes: Bytes) -> Result<(), ResultsError> {
        let put = self.objects.put(&Path::from(name), PutPayload::from(bytes)).await;
        put.map_err(|error| ResultsError::file(name, &error))?;
        self.settle(name)
    }

    /// Waits until a file of this machine is on the disk: the catalogue must not name what a power cut can take.
    fn settle(&self, name: &str) -> Result<(), ResultsError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(name);
        let sync = |path: &FilePath| File::open(path).and_then(|file| file.sync_all());
        let settled = sync(&path).and_then(|()| path.parent().map_or(Ok(()), sync));
        settled.map_err(|error| ResultsError::file(name, &error))
    }

    /// Sends a file part by part: it may be longer than memory.
    async fn put_rows(&self, name: &str, rows: &RowsFile) -> Result<(), ResultsError> {
        let failed = |error: object_store::Error| ResultsError::file(name, &error);
        let path = match rows {
            RowsFile::Bytes(bytes) => return self.put_bytes(name, bytes.clone()).await,
            RowsFile::Path(path) => path.clone(),
        };
        let mut upload = self.objects.put_multipart(&Path::from(name)).await.map_err(failed)?;
        let mut start = 0;
        loop {
            let from = path.clone();
            let read = tokio::task::spawn_blocking(move || part(&from, start)).await;
            let bytes = match read.map_err(|error| ResultsError::file(path.display(), &error)) {
                Ok(Ok(bytes)) if bytes.is_empty() => break,
                Ok(Ok(bytes)) => bytes,
                Ok(Err(error)) | Err(error) => {
                    let _ = upload.abort().await;
                    return Err(error);
                }
            };
            start += bytes.len() as u64;
            if let Err(error) = upload.put_part(PutPayload::from(bytes)).await {
                let _ = upload.abort().await;
                return Err(failed(error));
            }
        }
        upload.complete().await.map_err(failed)?;
        self.settle(name)
    }

    /// Removes what is stored of a source. What is not there is no error.
    pub async fn remove(&self, key: &Key) -> Result<(), ResultsError> {
        for kind in KINDS {
            let name = kind.name(key);
            match self.objects.delete(&Path::from(name.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(ResultsError::file(name, &error)),
            }
        }
        Ok(())
    }

    /// Keys of which at least one object is there, in order.
    pub async fn list(&self) -> Result<Vec<Key>, ResultsError> {
        let objects = self.objects().await?;
        let keys: BTreeSet<Key> = objects.into_iter().map(|(key, ..)| key).collect();
        Ok(keys.into_iter().collect())
    }

    /// Removes objects of keys that are not active and were written before a moment; returns how many. The moment keeps
    /// what is being put in right now and is not yet in the catalogue.
    pub async fn sweep(&self, active: &BTreeSet<Key>, before: SystemTime) -> Result<usize, ResultsError> {
        let mut removed = 0;
        for (key, name, written) in self.objects().await? {
            if active.contains(&key) || written >= before {
                continue;
            }
            match self.objects.delete(&name).await {
                Ok(()) => removed += 1,
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(ResultsError::file(name, &error)),
            }
        }
        if let Some(folder) = self.folder.clone().filter(|_| removed > 0) {
            let active = active.clone();
            blocking(move || kept::forget(&folder, |key| active.contains(key))).await?;
        }
        Ok(removed)
    }

    async fn objects(&self) -> Result<Vec<(Key, Path, SystemTime)>, ResultsError> {
        let mut found = Vec::new();
        for kind in KINDS {
            let mut objects = self.objects.list(Some(&Path::from(kind.folder())));
            while let Some(object) = objects.next().await {
                let object = object.map_err(|error| ResultsError::file(kind.folder(), &error))?;
                if let Some(key) = kind.key(&object.location) {
                    found.push((key, object.location, object.last_modified.into()));
                }
            }
        }
        Ok(found)
    }

    /// The individual results of a source.
    pub async fn rows(&self, key: &Key) -> Result<RowsFile, ResultsError> {
        self.file(Kind::Rows, key).await
    }

    /// The cells of many sources in the order of [`opora_cells::Cells::new`], which has nothing to sort any more.
    pub async fn cells(
        &self,
        sources: &[(SourceIndex, Key)],
        threads: usize,
    ) -> Result<CellList, ResultsError> {
        if self.folder.is_some() {
            // What counts has to be there, whatever was kept of it.
            for (_, key) in sources {
                self.file(Kind::Cells, key).await?;
            }
        }
        self.gathered(sources, None, threads).await
    }

    /// The cells of some organisations in the same order; little more than these is read where cells are kept.
    pub async fn cells_of(
        &self,
        sources: &[(SourceIndex, Key)],
        organisations: &BTreeSet<OrganisationId>,
        threads: usize,
    ) -> Result<CellList, ResultsError> {
        self.gathered(sources, Some(organisations.iter().copied().collect()), threads).await
    }

    async fn gathered(
        &self,
        sources: &[(SourceIndex, Key)],
        organisations: Option<Vec<OrganisationId>>,
        threads: usize,
    ) -> Result<CellList, ResultsError> {
        let organisations = Arc::new(organisations);
        let cells_min = self.snapshot_cells_min;
        // A segment can be damaged, or another process has just put a larger one in its place.
        for _ in 0..ATTEMPTS {
            let Some(folder) = self.folder.clone() else { break };
            let asked = sources.to_vec();
            let plan = blocking(move || Plan::new(&folder, &asked)).await?;
            let beside = self.parts(&plan.missing, threads).await?;
            let wanted = Arc::clone(&organisations);
            let read = move || match wanted.as_deref() {
                Some(wanted) => plan.some(&beside, wanted, threads, cells_min),
                None => plan.all(beside, threads, cells_min),
            };
            if let Some(list) = blocking(read).await? {
                return Ok(list);
            }
        }
        let all = self.parts(sources, threads).await?;
        Ok(organisations.as_deref().map(|wanted| segment::only(&all, wanted)).unwrap_or(all))
    }

    /// The cells of sources, read from their own objects.
    async fn parts(&self, sources: &[(SourceIndex, Key)], threads: usize) -> Result<CellList, ResultsError> {
        let precise_first = |cell: &Cell| (std::cmp::Reverse(cell.precision), std::cmp::Reverse(cell.source));
        let cells = self
            .load(
                Kind::Cells,
                sources,
                threads,
                |cell: &Cell| cell.organisation.0,
                move |cell| (cell.organisation, cell.procedure, cell.year, cell.autumn, precise_first(cell)),
            )
            .await?;
        Ok(cells.into())
    }

    /// The distributions of scores of many sources, by organisation, procedure, year, score, source.
    pub async fn scores(
        &self,
        sources: &[(SourceIndex, Key)],
        threads: usize,
    ) -> Result<Vec<ScoreCount>, ResultsError> {
        self.load(
            Kind::Scores,
            sources,
            threads,
            |count: &ScoreCount| count.organisation.0,
            |count| (count.organisation, count.procedure, count.year, count.score, count.source),
        )
        .await
    }

    /// The sums of tasks of many sources, by organisation, procedure, year, task, source.
    pub async fn tasks(
        &self,
        sources: &[(SourceIndex, Key)],
        threads: usize,
    ) -> Result<Vec<TaskSum>, ResultsError> {
        self.load(
            Kind::Tasks,
            sources,
            threads,
            |task: &TaskSum| task.organisation.0,
            |task| (task.organisation, task.procedure, task.year, task.task, task.source),
        )
        .await
    }

    /// The declared numbers of many sources, by organisation, year, indicator, source.
    pub async fn aggregates(
        &self,
        sources: &[(SourceIndex, Key)],
        threads: usize,
    ) -> Result<Vec<Aggregate>, ResultsError> {
        self.load(
            Kind::Aggregates,
            sources,
            threads,
            |declared: &Aggregate| declared.organisation.0,
            |declared| (declared.organisation, declared.year, declared.indicator, declared.source),
        )
        .await
    }

    async fn load<const N: usize, T: Record<N> + Sync + 'static, K: Ord>(
        &self,
        kind: Kind,
        sources: &[(SourceIndex, Key)],
        threads: usize,
        organisation: impl Fn(&T) -> u32 + Send + Sync + 'static,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Result<Vec<T>, ResultsError> {
        let files = stream::iter(sources.iter().copied())
            .map(|(source, key)| async move { Ok((source, self.file(kind, &key).await?)) })
            .buffered(REQUESTS)
            .try_collect::<Vec<_>>()
            .await?;
        blocking(move || load(&files, threads, organisation, key)).await?
    }

    /// Where an object can be read: a file is read later, a remote object now.
    async fn file(&self, kind: Kind, key: &Key) -> Result<RowsFile, ResultsError> {
        let name = kind.name(key);
        if let Some(folder) = &self.folder {
            let path = folder.join(&name);
            return if path.is_file() {
                Ok(RowsFile::Path(path))
            } else {
                Err(ResultsError::ObjectMissing { name })
            };
        }
        let failed = |error| match error {
            object_store::Error::NotFound { .. } => ResultsError::ObjectMissing { name: name.clone() },
            error => ResultsError::file(&name, &error),
        };
        let object = self.objects.get(&Path::from(name.as_str())).await.map_err(failed)?;
        Ok(RowsFile::Bytes(object.bytes().await.map_err(failed)?))
    }
}

/// Works off the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ResultsError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ResultsError::damaged(None, &error))
}

fn part(path: &FilePath, start: u64) -> Result<Bytes, ResultsError> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(PART_BYTES as u64).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes.into())
    };
    read().map_err(|error| ResultsError::file(path.display(), &error))
}
