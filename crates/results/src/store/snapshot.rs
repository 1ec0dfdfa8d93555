//! Which cells did all files together have, the last time somebody asked?
//!
//! Reading millions of cells from hundreds of files and sorting them takes a quarter of a second; reading them once
//! more as they were kept takes a fraction of that. A snapshot says which keys it was made of. What was added since is
//! read beside it, what was taken out is left out of it: a snapshot never decides what counts. One that is damaged, of
//! another version or of too little use is not there; nothing is lost with it.
//!
//! ```text
//! OPORAC01 · sources, cells, whole cells: u32 each · sources: index, number of cells: u32, key: 32 bytes
//! · CRC-32 of each part · CRC-32 of the head · parts: words of cells · whole cells, 21 numbers each
//! ```

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use opora_cells::{Cell, CellList, SourceIndex, Words};

use super::key::Key;
use super::records::Record;

const MAGIC: &[u8; 8] = b"OPORAC01";

/// Cells of one part, which one thread reads at a time.
const PART_CELLS: usize = 1 << 15;
const CELL_BYTES: usize = size_of::<Words>();
const WHOLE_NUMBERS: usize = 21;
const SOURCE_BYTES: usize = 40;
const SOURCES_MAX: usize = 1 << 24;

/// A file with the cells of some keys.
pub(super) struct Snapshot {
    path: PathBuf,
    sources: Vec<Source>,
    cells: usize,
    whole: usize,
    checks: Vec<u32>,
    /// Where the cells begin.
    start: u64,
}

/// A key of a snapshot, the index its cells have there, and their number.
struct Source {
    index: u32,
    cells: u32,
    key: Key,
}

impl Snapshot {
    /// The snapshot of a folder, if there is one that can be read.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let path = path(folder);
        let mut file = File::open(&path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut head = [0; 20];
        file.read_exact(&mut head).ok()?;
        let (magic, numbers) = head.split_first_chunk::<8>()?;
        let [sources, cells, whole] = words::<3>(numbers)?.map(|number| number as usize);
        // What a head promises has to be in the file: nothing is asked of memory for a lie.
        let parts = cells.div_ceil(PART_CELLS) + 1;
        let rest = sources.checked_mul(SOURCE_BYTES)?.checked_add(parts * 4 + 4)?;
        let start = head.len() as u64 + rest as u64;
        let body = cells as u64 * CELL_BYTES as u64 + whole as u64 * WHOLE_NUMBERS as u64 * 4;
        if magic != MAGIC || length != start + body {
            return None;
        }
        let mut described = vec![0; rest];
        file.read_exact(&mut described).ok()?;
        let (described, check) = described.split_last_chunk::<4>()?;
        let mut hash = crc32fast::Hasher::new();
        hash.update(&head);
        hash.update(described);
        if hash.finalize() != u32::from_le_bytes(*check) {
            return None;
        }
        let (keys, checks) = described.split_at_checked(sources * SOURCE_BYTES)?;
        let source = |bytes: &[u8; SOURCE_BYTES]| {
            let (numbers, key) = bytes.split_first_chunk::<8>()?;
            let [index, cells] = words::<2>(numbers)?;
            Some(Source { index, cells, key: Key::new(key.try_into().ok()?) })
        };
        let sources = keys.as_chunks().0.iter().map(source).collect::<Option<_>>()?;
        let checks = checks.as_chunks::<4>().0.iter().map(|check| u32::from_le_bytes(*check)).collect();
        Some(Self { path, sources, cells, whole, checks, start })
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.cells
    }

    /// The sources that are not in the snapshot, or nothing when it is of no use for these sources: more than half of
    /// it is something else.
    pub(super) fn missing(&self, sources: &[(SourceIndex, Key)]) -> Option<Vec<(SourceIndex, Key)>> {
        let kept: BTreeMap<Key, u32> = self.sources.iter().map(|source| (source.key, source.cells)).collect();
        let missing: Vec<_> = sources.iter().filter(|(_, key)| !kept.contains_key(key)).copied().collect();
        let shared: u64 =
            sources.iter().filter_map(|(_, key)| kept.get(key)).map(|cells| u64::from(*cells)).sum();
        (shared * 2 >= self.cells as u64).then_some(missing)
    }

    /// The cells of these sources that are in the snapshot; nothing when the file is damaged.
    pub(super) fn cells(&self, sources: &[(SourceIndex, Key)], threads: usize) -> Option<CellList> {
        let now: BTreeMap<Key, SourceIndex> = sources.iter().map(|(index, key)| (*key, *index)).collect();
        let most = self.sources.iter().map(|source| source.index as usize + 1).max().unwrap_or_default();
        // An index counts files: one beyond all of them is no index of ours.
        let mut changed = vec![None; Some(most).filter(|most| *most <= SOURCES_MAX)?];
        for source in &self.sources {
            if let Some(place) = changed.get_mut(source.index as usize) {
                *place = now.get(&source.key).copied();
            }
        }
        let mut list = CellList::of_parts(self.words(threads)?, self.whole_cells()?)?;
        if self.sources.iter().any(|source| now.get(&source.key) != Some(&SourceIndex(source.index))) {
            list.change_sources(&changed);
        }
        Some(list)
    }

    fn words(&self, threads: usize) -> Option<Vec<Words>> {
        let mut all: Vec<Words> = vec![[0; 8]; self.cells];
        let parts = Mutex::new(all.chunks_mut(PART_CELLS).zip(&self.checks).enumerate());
        let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
        let read = || {
            let mut file = File::open(&self.path).ok()?;
            let mut bytes = Vec::new();
            while let Some((number, (part, check))) = next() {
                bytes.resize(part.len() * CELL_BYTES, 0);
                let place = self.start + (number * PART_CELLS * CELL_BYTES) as u64;
                file.seek(SeekFrom::Start(place)).ok()?;
                file.read_exact(&mut bytes).ok()?;
                if crc32fast::hash(&bytes) != *check {
                    return None;
                }
                for (cell, bytes) in part.iter_mut().zip(bytes.as_chunks::<CELL_BYTES>().0) {
                    for (word, bytes) in cell.iter_mut().zip(bytes.as_chunks::<4>().0) {
                        *word = u32::from_le_bytes(*bytes);
                    }
                }
            }
            Some(())
        };
        let done: Vec<Option<()>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(read)).collect();
            threads.into_iter().map(|thread| thread.join().ok().flatten()).collect()
        });
        done.iter().all(Option::is_some).then_some(all)
    }

    fn whole_cells(&self) -> Option<Vec<Cell>> {
        let mut file = File::open(&self.path).ok()?;
        file.seek(SeekFrom::Start(self.start + (self.cells * CELL_BYTES) as u64)).ok()?;
        let mut bytes = vec![0; self.whole * WHOLE_NUMBERS * 4];
        file.read_exact(&mut bytes).ok()?;
        if Some(&crc32fast::hash(&bytes)) != self.checks.last() {
            return None;
        }
        let cell = |bytes: &[u8; WHOLE_NUMBERS * 4]| {
            let [source, numbers @ ..] = words::<WHOLE_NUMBERS>(bytes)?;
            Cell::of(numbers, SourceIndex(source))
        };
        bytes.as_chunks().0.iter().map(cell).collect()
    }
}

/// Keeps the cells of some sources, in the place of what was kept before. It is all there or not at all.
pub(super) fn keep(folder: &Path, sources: &[(SourceIndex, Key)], list: &CellList) -> std::io::Result<()> {
    let (cells, whole) = list.parts();
    let mut counts: BTreeMap<SourceIndex, u32> = BTreeMap::new();
    list.iter().for_each(|cell| *counts.entry(cell.source).or_default() += 1);
    let whole: Vec<u8> = whole
        .iter()
        .flat_map(|cell| {
            let numbers = <Cell as Record<20>>::NUMBERS.map(|number| number(cell).cast_unsigned());
            std::iter::once(cell.source.0).chain(numbers)
        })
        .flat_map(u32::to_le_bytes)
        .collect();
    let bytes =
        |part: &[Words]| part.as_flattened().iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let number = |length: usize| u32::try_from(length).map_err(std::io::Error::other);
    let mut head = MAGIC.to_vec();
    for length in [sources.len(), cells.len(), whole.len() / (WHOLE_NUMBERS * 4)] {
        head.extend(number(length)?.to_le_bytes());
    }
    for (index, key) in sources {
        head.extend(index.0.to_le_bytes());
        head.extend(counts.get(index).copied().unwrap_or_default().to_le_bytes());
        head.extend(key.bytes());
    }
    for part in cells.chunks(PART_CELLS) {
        head.extend(crc32fast::hash(&bytes(part)).to_le_bytes());
    }
    head.extend(crc32fast::hash(&whole).to_le_bytes());
    let check = crc32fast::hash(&head);
    let path = path(folder);
    let place = path.parent().unwrap_or(folder);
    fs::create_dir_all(place)?;
    // Another process may be at the same thing: each writes a file of its own, the last one to finish stays.
    let draft = place.join(format!("cells-{}", std::process::id()));
    let write = || {
        let mut file = BufWriter::new(File::create(&draft)?);
        file.write_all(&head)?;
        file.write_all(&check.to_le_bytes())?;
        cells.chunks(PART_CELLS).try_for_each(|part| file.write_all(&bytes(part)))?;
        file.write_all(&whole)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        fs::rename(&draft, &path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&draft);
    })
}

fn path(folder: &Path) -> PathBuf {
    folder.join("snapshots").join("cells")
}

fn words<const N: usize>(bytes: &[u8]) -> Option<[u32; N]> {
    let (numbers, _) = bytes.as_chunks::<4>();
    let numbers: &[[u8; 4]; N] = numbers.try_into().ok()?;
    Some(numbers.map(u32::from_le_bytes))
}
