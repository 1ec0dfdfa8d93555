//! Which cells were kept beside the objects, and what has to be read from the objects themselves?
//!
//! Reading millions of cells from hundreds of files and sorting them takes half a second; reading them once more as
//! they were kept takes a fraction of that, and a part of them next to nothing. What is kept never decides what counts:
//! a segment says which keys it is of, what was added since is read beside it, what was taken out is left out of it.
//! A segment that is damaged or of another version is not there; nothing is lost with it.
//!
//! Files that were added since are gathered into a small segment when there are many of them, small segments into a
//! larger one: whoever adds a file pays for little more than that file.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use opora_cells::{CellList, OrganisationId, SourceIndex};

use super::key::Key;
use super::segment::{Segment, keep, only, segments};

/// So many files are read beside the segments; more are gathered.
const FILES_BESIDE: usize = 64;

/// Cells that somebody who adds a file writes at most for the sake of others.
const GATHERED_MAX: usize = 1 << 18;

/// A segment nobody needs stays so long: the file it is of may be on its way into the catalogue.
const IDLE: Duration = Duration::from_secs(3600);

/// Where the cells of some sources are.
pub(super) struct Plan {
    folder: PathBuf,
    sources: Vec<(SourceIndex, Key)>,
    /// Segments with what the index of each of their sources is now; the largest first.
    used: Vec<(Segment, Vec<Option<SourceIndex>>)>,
    /// Segments of no use for these sources.
    idle: Vec<PathBuf>,
    /// What is in none of the segments.
    pub(super) missing: Vec<(SourceIndex, Key)>,
}

impl Plan {
    /// Looks which segments there are.
    pub(super) fn new(folder: &Path, sources: &[(SourceIndex, Key)]) -> Self {
        let mut wanted: HashMap<Key, SourceIndex> =
            sources.iter().map(|(index, key)| (*key, *index)).collect();
        let (mut used, mut idle) = (Vec::new(), Vec::new());
        for segment in segments(folder) {
            let known = segment.sources.iter().filter(|source| wanted.contains_key(&source.key));
            let shared: u64 = known.map(|source| u64::from(source.cells)).sum();
            // One of which more than half is something else is not worth reading.
            if shared == 0 || shared * 2 < segment.cells as u64 {
                idle.push(segment.path);
                continue;
            }
            let now: Vec<_> = segment.sources.iter().map(|source| wanted.remove(&source.key)).collect();
            used.push((segment, now));
        }
        let missing = sources.iter().filter(|(_, key)| wanted.contains_key(key)).copied().collect();
        Self { folder: folder.to_owned(), sources: sources.to_vec(), used, idle, missing }
    }

    /// Cells in the segments.
    pub(super) fn len(&self) -> usize {
        self.used.iter().map(|(segment, _)| segment.cells).sum()
    }

    /// All cells, `beside` being those of the missing sources. Nothing when a segment is damaged: it is taken away, and
    /// a new plan does without it. From `cells_min` cells on they are kept for the next time.
    pub(super) fn all(&self, beside: CellList, threads: usize, cells_min: usize) -> Option<CellList> {
        let more = beside.len();
        let mut parts = Vec::new();
        for (segment, now) in &self.used {
            parts.push(self.read(segment, now, None, threads)?);
        }
        // The largest first: the others are put in between.
        let mut parts = parts.into_iter().chain([beside]);
        let mut list = parts.next().unwrap_or_default();
        parts.for_each(|part| list.merge(part.view()));
        if list.len() >= cells_min {
            self.gather(&list, more);
        }
        Some(list)
    }

    /// The cells of these organisations, given in order; `beside` being all cells of the missing sources.
    pub(super) fn some(
        &self,
        beside: &CellList,
        organisations: &[OrganisationId],
        threads: usize,
        cells_min: usize,
    ) -> Option<CellList> {
        let mut list = CellList::default();
        for (segment, now) in &self.used {
            list.merge(self.read(segment, now, Some(organisations), threads)?.view());
        }
        list.merge(only(beside, organisations).view());
        let many = self.missing.len() >= FILES_BESIDE && self.len() + beside.len() >= cells_min;
        if many {
            let small = self.small(beside.len(), GATHERED_MAX);
            let mut gathered = beside.clone();
            for (segment, now) in small {
                gathered.merge(self.read(segment, now, None, threads)?.view());
            }
            self.keep(small, &gathered);
        }
        Some(list)
    }

    fn read(
        &self,
        segment: &Segment,
        now: &[Option<SourceIndex>],
        organisations: Option<&[OrganisationId]>,
        threads: usize,
    ) -> Option<CellList> {
        let read = segment.read(now, organisations, threads);
        if read.is_none() {
            let _ = fs::remove_file(&segment.path);
        }
        read
    }

    /// Keeps what is worth it of all cells, of which so many were read from objects.
    fn gather(&self, list: &CellList, beside: usize) {
        let largest = self.used.first();
        let of_largest = largest.map_or(0, |(segment, now)| {
            let kept = segment.sources.iter().zip(now).filter(|(_, now)| now.is_some());
            kept.map(|(source, _)| source.cells as usize).sum()
        });
        let gone = largest.map_or(0, |(segment, _)| segment.cells.saturating_sub(of_largest));
        // A sixteenth is somewhere else or no longer there: one segment is read faster.
        if (list.len().saturating_sub(of_largest) + gone) * 16 >= list.len() {
            self.keep(&self.used, list);
        } else if self.missing.len() >= FILES_BESIDE {
            self.keep(self.small(beside, list.len()), list);
        }
    }

    /// The smallest segments that are not much larger than what is gathered together with them.
    fn small(&self, beside: usize, cells_max: usize) -> &[(Segment, Vec<Option<SourceIndex>>)] {
        let (mut gathered, mut from) = (beside, self.used.len());
        for (at, (segment, _)) in self.used.iter().enumerate().rev() {
            if segment.cells > gathered * 2 || gathered + segment.cells > cells_max {
                break;
            }
            (gathered, from) = (gathered + segment.cells, at);
        }
        self.used.get(from..).unwrap_or_default()
    }

    /// Writes a segment of the missing sources and of these segments, and takes these away. Without it the next one waits
    /// longer; a full disk is no reason not to answer.
    fn keep(&self, joined: &[(Segment, Vec<Option<SourceIndex>>)], cells: &CellList) {
        let mut sources = self.missing.clone();
        let now = joined.iter().flat_map(|(_, now)| now.iter().flatten());
        let now: std::collections::HashSet<SourceIndex> = now.copied().collect();
        sources.extend(self.sources.iter().filter(|(index, _)| now.contains(index)));
        let Ok(path) = keep(&self.folder, &sources, cells.view()) else { return };
        let old = joined.iter().map(|(segment, _)| &segment.path);
        for old in old.chain(self.idle.iter().filter(|idle| is_old(idle))).filter(|old| **old != path) {
            let _ = fs::remove_file(old);
        }
    }
}

fn is_old(path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|about| about.modified());
    written.is_ok_and(|written| written.elapsed().is_ok_and(|age| age > IDLE))
}

/// Takes away segments with cells of sources that are not active.
pub(super) fn forget(folder: &Path, active: impl Fn(&Key) -> bool) {
    for segment in segments(folder) {
        if segment.sources.iter().any(|source| !active(&source.key)) {
            let _ = fs::remove_file(&segment.path);
        }
    }
}
