//! How do the cells of some files lie in one file, so that any part of them is read without the others?
//!
//! ```text
//! parts, one behind the other: words of cells, then cells that are kept whole, 21 numbers each
//! · sources by key: number of cells: u32, key: 32 bytes; cells tell their source by its place here
//! · parts: first organisation, cells, whole cells, CRC-32: u32 each
//! · sources, parts, CRC-32 of all since the parts: u32 each · OPORAC02
//! ```
//!
//! All numbers are little-endian. Cells stand in the order of [`opora_cells::Cells`], so that a part holds neighbouring
//! organisations. A segment never changes.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use opora_cells::{Cell, CellList, CellView, OrganisationId, SourceIndex, Words};

use super::key::Key;
use super::records::Record;

const MAGIC: &[u8; 8] = b"OPORAC02";
/// Cells of one part: little to read for the sake of one school, and it fits into the nearer caches.
const PART_CELLS: usize = 1 << 13;
const CELL_BYTES: usize = size_of::<Words>();
const WHOLE_NUMBERS: usize = 21;
const WHOLE_BYTES: usize = WHOLE_NUMBERS * 4;
const SOURCE_BYTES: usize = 36;
const PART_BYTES: usize = 16;
const END_BYTES: usize = 20;
const NAME: &str = "cells-";

/// A file with the cells of some sources.
pub(super) struct Segment {
    pub(super) path: PathBuf,
    /// In the order of their keys.
    pub(super) sources: Vec<Source>,
    parts: Vec<Part>,
    pub(super) cells: usize,
}

/// A source, and how many cells a segment has of it.
pub(super) struct Source {
    pub(super) key: Key,
    pub(super) cells: u32,
}

/// Neighbouring cells, which one thread reads at a time.
struct Part {
    first: u32,
    cells: usize,
    whole: usize,
    check: u32,
    /// Where it begins in the file.
    place: u64,
}

impl Part {
    fn bytes(&self) -> usize {
        self.cells * CELL_BYTES + self.whole * WHOLE_BYTES
    }
}

/// All segments of a folder that can be read, the largest first.
pub(super) fn segments(folder: &Path) -> Vec<Segment> {
    let entries = fs::read_dir(place(folder)).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(NAME));
    let mut found: Vec<Segment> = named.filter_map(|entry| Segment::open(entry.path())).collect();
    found.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.path.cmp(&b.path)));
    found
}

impl Segment {
    fn open(path: PathBuf) -> Option<Self> {
        let mut file = File::open(&path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut end = [0; END_BYTES];
        let described = length.checked_sub(END_BYTES as u64)?;
        file.seek(SeekFrom::Start(described)).ok()?;
        file.read_exact(&mut end).ok()?;
        let (numbers, magic) = end.split_last_chunk::<8>()?;
        let [sources, parts, check] = words::<3>(numbers)?;
        let (sources, parts) = (sources as usize, parts as usize);
        // What an end promises has to be in the file: nothing is asked of memory for a lie.
        let rest = sources.checked_mul(SOURCE_BYTES)?.checked_add(parts.checked_mul(PART_BYTES)?)?;
        let body = described.checked_sub(rest as u64)?;
        if magic != MAGIC {
            return None;
        }
        let mut described = vec![0; rest];
        file.seek(SeekFrom::Start(body)).ok()?;
        file.read_exact(&mut described).ok()?;
        if crc32fast::hash(&described) != check {
            return None;
        }
        let (keys, parts) = described.split_at_checked(sources * SOURCE_BYTES)?;
        let source = |bytes: &[u8; SOURCE_BYTES]| {
            let (cells, key) = bytes.split_first_chunk::<4>()?;
            Some(Source { cells: u32::from_le_bytes(*cells), key: Key::new(key.try_into().ok()?) })
        };
        let sources = keys.as_chunks().0.iter().map(source).collect::<Option<_>>()?;
        let mut end = 0;
        let part = |bytes: &[u8; PART_BYTES]| {
            let [first, cells, whole, check] = words::<4>(bytes)?;
            let part = Part { first, cells: cells as usize, whole: whole as usize, check, place: end };
            end += part.bytes() as u64;
            Some(part)
        };
        let parts: Vec<Part> = parts.as_chunks().0.iter().map(part).collect::<Option<_>>()?;
        let cells = parts.iter().map(|part| part.cells).sum();
        (end == body).then_some(Self { path, sources, parts, cells })
    }

    /// The cells of these organisations, given in order, or of all; the source of a cell is what stands in the place of
    /// its own. Cells of sources for which nothing stands there are left out. Nothing when the file is damaged or gone.
    pub(super) fn read(
        &self,
        sources: &[Option<SourceIndex>],
        organisations: Option<&[OrganisationId]>,
        threads: usize,
    ) -> Option<CellList> {
        // Nearly always each source has an index that fits: then each thread changes what it has just read.
        let short = |source: &Option<SourceIndex>| source.and_then(|source| u16::try_from(source.0).ok());
        let short: Option<Vec<u16>> = sources.iter().map(short).collect();
        let parts: Vec<&Part> = self.parts_of(organisations);
        let (cells, whole) = (total(&parts, |part| part.cells), total(&parts, |part| part.whole));
        let mut words: Vec<Words> = vec![[0; 8]; cells];
        let kept_whole = Mutex::new(vec![Vec::new(); parts.len()]);
        let waiting = Mutex::new(pieces(&mut words, &parts).enumerate());
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            let mut file = File::open(&self.path).ok()?;
            let mut bytes = Vec::new();
            while let Some((number, (part, piece, before))) = next() {
                let own = read_part(&mut file, part, piece, &mut bytes)?;
                if !CellList::adopt(piece, before..before + part.whole, short.as_deref()) {
                    return None;
                }
                if let Some(place) = kept_whole.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number)
                {
                    *place = own;
                }
            }
            Some(())
        };
        let threads = threads.clamp(1, parts.len().max(1));
        let done = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            others.into_iter().all(|thread| thread.join().ok().flatten().is_some()) && own.is_some()
        });
        let mut own: Vec<Cell> = Vec::with_capacity(whole);
        own.extend(kept_whole.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten());
        drop(waiting);
        if !done {
            return None;
        }
        let change = |cell: &mut Cell| match short.as_deref().map(|short| short.get(cell.source.0 as usize)) {
            Some(Some(source)) => cell.source = SourceIndex((*source).into()),
            Some(None) | None => {}
        };
        own.iter_mut().for_each(change);
        let mut list = CellList::of_adopted(words, own);
        if short.is_none() {
            list.change_sources(sources);
        }
        Some(match organisations {
            Some(wanted) => only(&list, wanted),
            None => list,
        })
    }

    /// The parts that may hold cells of these organisations.
    fn parts_of(&self, organisations: Option<&[OrganisationId]>) -> Vec<&Part> {
        let ends = self.parts.iter().skip(1).map(|part| part.first).chain([u32::MAX]);
        let holds = |first: u32, end: u32| {
            organisations.is_none_or(|wanted| {
                let from = wanted.partition_point(|organisation| organisation.0 < first);
                wanted.get(from).is_some_and(|organisation| organisation.0 <= end)
            })
        };
        self.parts
            .iter()
            .zip(ends)
            .filter(|(part, end)| holds(part.first, *end))
            .map(|(part, _)| part)
            .collect()
    }
}

/// The cells of these organisations, given in order.
pub(super) fn only(list: &CellList, organisations: &[OrganisationId]) -> CellList {
    let mut found = CellList::default();
    let view = list.view();
    for organisation in organisations {
        let end =
            organisation.0.checked_add(1).map_or(view.len(), |next| view.place_of(OrganisationId(next)));
        found.append(view.slice(view.place_of(*organisation)..end));
    }
    found
}

fn total(parts: &[&Part], number: impl Fn(&Part) -> usize) -> usize {
    parts.iter().map(|part| number(part)).sum()
}

/// Each part with its place among all words, and the number of whole cells before its own.
fn pieces<'a>(
    mut words: &'a mut [Words],
    parts: &'a [&'a Part],
) -> impl Iterator<Item = (&'a Part, &'a mut [Words], usize)> {
    let mut before = 0;
    parts.iter().map_while(move |part| {
        let (piece, rest) = std::mem::take(&mut words).split_at_mut_checked(part.cells)?;
        words = rest;
        before += part.whole;
        Some((*part, piece, before - part.whole))
    })
}

/// Reads the words of a part into their place and returns its whole cells.
fn read_part(file: &mut File, part: &Part, piece: &mut [Words], bytes: &mut Vec<u8>) -> Option<Vec<Cell>> {
    bytes.resize(part.bytes(), 0);
    file.seek(SeekFrom::Start(part.place)).ok()?;
    file.read_exact(bytes).ok()?;
    if crc32fast::hash(bytes) != part.check {
        return None;
    }
    let (packed, whole) = bytes.split_at_checked(part.cells * CELL_BYTES)?;
    for (cell, bytes) in piece.iter_mut().zip(packed.as_chunks::<CELL_BYTES>().0) {
        for (word, bytes) in cell.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
    }
    let cell = |bytes: &[u8; WHOLE_BYTES]| {
        let [source, numbers @ ..] = words::<WHOLE_NUMBERS>(bytes)?;
        Cell::of(numbers, SourceIndex(source))
    };
    whole.as_chunks().0.iter().map(cell).collect()
}

/// Keeps the cells of these sources; other cells are left out. Cells stand in order.
pub(super) fn keep(
    folder: &Path,
    sources: &[(SourceIndex, Key)],
    cells: CellView<'_>,
) -> std::io::Result<PathBuf> {
    let mut keys: Vec<Key> = sources.iter().map(|(_, key)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut places = vec![None; sources.iter().map(|(index, _)| index.0 as usize + 1).max().unwrap_or(0)];
    for (index, key) in sources {
        let place = keys.binary_search(key).unwrap_or_default();
        if let Some(own) = places.get_mut(index.0 as usize) {
            *own = Some(SourceIndex(u32::try_from(place).map_err(std::io::Error::other)?));
        }
    }
    let mut draft = Draft::new(folder, keys)?;
    let mut part = CellList::default();
    for start in (0..cells.len()).step_by(PART_CELLS) {
        let mut more = CellList::default();
        more.append(cells.slice(start..cells.len().min(start + PART_CELLS)));
        more.change_sources(&places);
        part.append(more.view());
        if part.len() >= PART_CELLS {
            draft.part(&part)?;
            part.clear();
        }
    }
    draft.part(&part)?;
    draft.finish()
}

/// Keeps the cells of one source, which nobody has packed yet.
pub(super) fn keep_one(folder: &Path, key: Key, cells: &[Cell]) -> std::io::Result<PathBuf> {
    let of_one = |cell: &Cell| Cell { source: SourceIndex(0), ..*cell };
    if !cells.is_sorted_by_key(|cell| (cell.organisation, cell.procedure, cell.year, cell.autumn)) {
        let mut list: CellList = cells.iter().map(of_one).collect();
        list.sort();
        return keep(folder, &[(SourceIndex(0), key)], list.view());
    }
    let mut draft = Draft::new(folder, vec![key])?;
    for part in cells.chunks(PART_CELLS) {
        draft.part(&part.iter().map(of_one).collect())?;
    }
    draft.finish()
}

/// A segment that is being written. It is all there or not at all.
struct Draft {
    folder: PathBuf,
    path: PathBuf,
    file: BufWriter<File>,
    keys: Vec<Key>,
    counts: Vec<u32>,
    parts: Vec<[u32; 4]>,
    done: bool,
}

impl Draft {
    fn new(folder: &Path, keys: Vec<Key>) -> std::io::Result<Self> {
        let folder = place(folder);
        fs::create_dir_all(&folder)?;
        // Others may be at the same thing, in this process and elsewhere: each writes a file of its own.
        let path = folder.join(format!("draft-{:016x}", RandomState::new().hash_one(std::process::id())));
        let file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        let counts = vec![0; keys.len()];
        Ok(Self { folder, path, file, keys, counts, parts: Vec::new(), done: false })
    }

    fn part(&mut self, part: &CellList) -> std::io::Result<()> {
        let Some(first) = part.view().first() else { return Ok(()) };
        let (packed, whole) = part.parts();
        let mut bytes: Vec<u8> = packed.as_flattened().iter().flat_map(|word| word.to_le_bytes()).collect();
        for cell in whole {
            let numbers = <Cell as Record<20>>::NUMBERS.map(|number| number(cell).cast_unsigned());
            let numbers = std::iter::once(cell.source.0).chain(numbers);
            bytes.extend(numbers.flat_map(u32::to_le_bytes));
        }
        for cell in part {
            if let Some(count) = self.counts.get_mut(cell.source.0 as usize) {
                *count += 1;
            }
        }
        let length = |length: usize| u32::try_from(length).map_err(std::io::Error::other);
        let check = crc32fast::hash(&bytes);
        self.parts.push([first.organisation.0, length(packed.len())?, length(whole.len())?, check]);
        self.file.write_all(&bytes)
    }

    fn finish(mut self) -> std::io::Result<PathBuf> {
        let mut described = Vec::new();
        for (key, cells) in self.keys.iter().zip(&self.counts) {
            described.extend(cells.to_le_bytes());
            described.extend(key.bytes());
        }
        described.extend(self.parts.iter().flatten().flat_map(|number| number.to_le_bytes()));
        let check = crc32fast::hash(&described);
        for length in [self.keys.len(), self.parts.len()] {
            described.extend(u32::try_from(length).map_err(std::io::Error::other)?.to_le_bytes());
        }
        described.extend(check.to_le_bytes());
        described.extend(MAGIC);
        self.file.write_all(&described)?;
        self.file.flush()?;
        // The same sources have the same cells, so the name is made of them.
        let name = self.keys.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, key| {
            key.bytes()
                .iter()
                .fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
        });
        let path = self.folder.join(format!("{NAME}{name:016x}"));
        fs::rename(&self.path, &path)?;
        self.done = true;
        Ok(path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn place(folder: &Path) -> PathBuf {
    folder.join("snapshots")
}

fn words<const N: usize>(bytes: &[u8]) -> Option<[u32; N]> {
    let (numbers, _) = bytes.as_chunks::<4>();
    let numbers: &[[u8; 4]; N] = numbers.try_into().ok()?;
    Some(numbers.map(u32::from_le_bytes))
}
