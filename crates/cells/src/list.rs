//! How do the cells of a country fit into little memory?
//!
//! A cell written out takes 76 bytes, and a country has millions of them. Nearly all are of one school with small
//! numbers: they are kept in eight words of 32 bits. A cell with a number that has no room there is kept whole beside.
//!
//! | word | holds |
//! |---|---|
//! | 0 | organisation |
//! | 1 | procedure, packed |
//! | 2 | year since 1900 (8 bits), autumn (1), precision (2), "kept whole" (1), four bits of zero, source (16) |
//! | 3 | participants, «2», «3», «4», eight bits each |
//! | 4 | «5», below and at the minimum, unmarked |
//! | 5 | scored; below, as, above the journal |
//! | 6 | sum of scores, number of rows from the first to the last less one, 16 bits each |
//! | 7 | first row; for a cell that is kept whole its place among those |

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::{Cell, OrganisationId, Precision, Procedure, SourceIndex};

/// A cell in eight words, as the table above says.
pub type Words = [u32; 8];

const YEAR_FROM: u16 = 1900;
const AUTUMN: u32 = 1 << 8;
const PRECISION: u32 = 9;
const WHOLE: u32 = 1 << 11;
const ZERO: u32 = 0xf << 12;
/// What of word 2 belongs to the key: year and autumn.
const KEY: u32 = 0x1ff;

/// Cells in little memory, in any order. They come out as they were put in.
#[derive(Clone, Debug, Default)]
pub struct CellList {
    words: Vec<Words>,
    whole: Vec<Cell>,
}

impl CellList {
    /// Puts a cell behind the others.
    #[inline]
    pub fn push(&mut self, cell: &Cell) {
        let words = pack(cell).unwrap_or_else(|| {
            self.whole.push(*cell);
            whole(cell, self.whole.len() - 1)
        });
        self.words.push(words);
    }

    /// Takes the last cell away.
    pub fn pop(&mut self) -> Option<Cell> {
        let words = self.words.pop()?;
        let cell = unpack(&words, &self.whole);
        if words[2] & WHOLE != 0 && words[7] as usize + 1 == self.whole.len() {
            self.whole.pop();
        }
        Some(cell)
    }

    /// Puts cells behind the others.
    pub fn append(&mut self, more: CellView<'_>) {
        let before = self.words.len();
        self.words.extend_from_slice(more.words);
        if more.whole.is_empty() {
            return;
        }
        for words in self.words.iter_mut().skip(before).filter(|words| words[2] & WHOLE != 0) {
            self.whole.push(unpack(words, more.whole));
            words[7] = (self.whole.len() - 1) as u32;
        }
    }

    /// Room for so many more cells.
    pub fn reserve(&mut self, more: usize) {
        self.words.reserve(more);
    }

    /// Takes all cells away and keeps the room.
    pub fn clear(&mut self) {
        self.words.clear();
        self.whole.clear();
    }

    /// All cells.
    #[inline]
    pub fn view(&self) -> CellView<'_> {
        CellView { words: &self.words, whole: &self.whole }
    }

    /// All cells one after the other.
    #[inline]
    pub fn iter(&self) -> CellIter<'_> {
        self.view().iter()
    }

    /// Number of cells.
    #[inline]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// There is no cell.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Puts the cells in the order of [`crate::Cells`]; equal ones keep their order.
    pub fn sort(&mut self) {
        let Self { words, whole } = self;
        let order = |a: &Words, b: &Words| order(a, b, whole);
        if !words.is_sorted_by(|a, b| order(a, b).is_le()) {
            words.sort_by(order);
        }
    }

    /// The cells stand in the order of [`crate::Cells`], but for those of the same organisation, procedure and year, which
    /// stand together in any order.
    pub(crate) fn is_grouped(&self) -> bool {
        self.words.is_sorted_by(|a, b| key_order(a, b, &self.whole).is_le())
    }

    /// Keeps one of the cells that stand together and are of the same thing: `choose` is given them in their order.
    /// With nothing to choose from it chooses nothing.
    pub(crate) fn one_of_each(&mut self, mut choose: impl FnMut(Vec<Cell>) -> Option<Cell>) {
        let (mut kept, mut read) = (0, 0);
        while read < self.words.len() {
            let rest = self.words.get(read..).unwrap_or_default();
            let same = |[a, b]: &[Words; 2]| key_order(a, b, &self.whole).is_eq();
            // So many cells are of things nobody else tells of; they move together.
            let alone = rest.array_windows().position(same).unwrap_or(rest.len());
            let group = rest.get(alone..).unwrap_or_default();
            let together = group.array_windows().take_while(|pair| same(pair)).count() + 1;
            let told: Vec<Cell> =
                group.iter().take(together).map(|words| unpack(words, &self.whole)).collect();
            self.words.copy_within(read..read + alone, kept);
            (kept, read) = (kept + alone, read + alone);
            read += together;
            let Some(chosen) = choose(told) else { continue };
            let words = pack(&chosen).unwrap_or_else(|| {
                self.whole.push(chosen);
                whole(&chosen, self.whole.len() - 1)
            });
            if let Some(place) = self.words.get_mut(kept) {
                *place = words;
                kept += 1;
            }
        }
        self.words.truncate(kept);
    }

    /// Puts sorted cells into this sorted list, behind those of it that are equal.
    pub fn merge(&mut self, more: CellView<'_>) {
        let mut left = self.words.len();
        self.append(more);
        let new = self.words.split_off(left);
        self.words.extend_from_slice(&new);
        // From behind: what stands after a new cell moves to its last place at once.
        for (before, cell) in new.iter().enumerate().rev() {
            let Self { words, whole } = self;
            let old = words.get(..left).unwrap_or_default();
            let place = old.partition_point(|known| order(known, cell, whole).is_le());
            words.copy_within(place..left, place + before + 1);
            if let Some(free) = words.get_mut(place + before) {
                *free = *cell;
            }
            left = place;
        }
    }

    /// Gives each cell the source that stands in the place of its own; cells for which there is none are taken away.
    pub fn change_sources(&mut self, sources: &[Option<SourceIndex>]) {
        let source = |then: u32| sources.get(then as usize).copied().flatten();
        if self.whole.is_empty() && sources.iter().flatten().all(|source| source.0 < 1 << 16) {
            self.words.retain_mut(|words| {
                let now = source(words[2] >> 16);
                words[2] = words[2] & 0xffff | now.unwrap_or_default().0 << 16;
                now.is_some()
            });
        } else {
            let changed = |cell: Cell| Some(Cell { source: source(cell.source.0)?, ..cell });
            *self = self.iter().filter_map(changed).collect();
        }
    }

    /// The cells as they are kept: words, and cells that are kept whole in the order of their numbers.
    pub fn parts(&self) -> (&[Words], &[Cell]) {
        (&self.words, &self.whole)
    }

    /// The list of such parts, or nothing when they do not fit together.
    pub fn of_parts(mut words: Vec<Words>, whole: Vec<Cell>) -> Option<Self> {
        Self::adopt(&mut words, 0..whole.len(), None).then_some(Self { words, whole })
    }

    /// The list of parts every piece of which was adopted.
    pub fn of_adopted(words: Vec<Words>, whole: Vec<Cell>) -> Self {
        Self { words, whole }
    }

    /// Makes a piece of another list one of this: its cells that are kept whole are numbered from zero and will stand at
    /// `whole`, and its sources are changed to those in their place. False when the piece can't be one.
    pub fn adopt(words: &mut [Words], whole: Range<usize>, sources: Option<&[u16]>) -> bool {
        let mut plain = 0;
        // No branch a cell: all but damaged lists fit, and nearly no cell is kept whole.
        for words in &*words {
            plain |= words[2] & (ZERO | WHOLE) | (words[2] >> PRECISION & 3 == 3) as u32;
        }
        if plain != 0 {
            for words in words.iter_mut() {
                if words[2] & ZERO != 0 || words[2] >> PRECISION & 3 == 3 {
                    return false;
                }
                if words[2] & WHOLE != 0 {
                    if words[7] as usize >= whole.len() {
                        return false;
                    }
                    words[7] += whole.start as u32;
                }
            }
        }
        let Some(sources) = sources else { return true };
        words.iter_mut().filter(|words| words[2] & WHOLE == 0).all(|words| {
            let source = sources.get((words[2] >> 16) as usize);
            words[2] = words[2] & 0xffff | u32::from(source.copied().unwrap_or_default()) << 16;
            source.is_some()
        })
    }
}

impl PartialEq for CellList {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl From<Vec<Cell>> for CellList {
    fn from(cells: Vec<Cell>) -> Self {
        cells.into_iter().collect()
    }
}

impl FromIterator<Cell> for CellList {
    fn from_iter<I: IntoIterator<Item = Cell>>(cells: I) -> Self {
        let mut list = Self::default();
        list.extend(cells);
        list
    }
}

impl Extend<Cell> for CellList {
    fn extend<I: IntoIterator<Item = Cell>>(&mut self, cells: I) {
        cells.into_iter().for_each(|cell| self.push(&cell));
    }
}

impl<'a> IntoIterator for &'a CellList {
    type Item = Cell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

/// Some neighbouring cells of a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellView<'a> {
    words: &'a [Words],
    whole: &'a [Cell],
}

impl<'a> CellView<'a> {
    /// The cells one after the other.
    #[inline]
    pub fn iter(self) -> CellIter<'a> {
        CellIter { words: self.words.iter(), whole: self.whole }
    }

    /// Number of cells.
    #[inline]
    pub fn len(self) -> usize {
        self.words.len()
    }

    /// There is no cell.
    pub fn is_empty(self) -> bool {
        self.words.is_empty()
    }

    /// The first cell.
    pub fn first(self) -> Option<Cell> {
        self.iter().next()
    }

    /// The last cell.
    pub fn last(self) -> Option<Cell> {
        self.iter().next_back()
    }

    /// The cells of these places; none where there are not so many.
    #[inline]
    pub fn slice(self, places: Range<usize>) -> Self {
        Self { words: self.words.get(places).unwrap_or_default(), whole: self.whole }
    }

    /// The cells written out.
    pub fn to_vec(self) -> Vec<Cell> {
        self.iter().collect()
    }

    /// The organisation of each cell.
    #[inline]
    pub fn organisations(self) -> impl Iterator<Item = OrganisationId> {
        self.words.iter().map(|words| OrganisationId(words[0]))
    }

    /// Calendar years of the cells.
    pub fn years(self) -> BTreeSet<u16> {
        let mut known = [false; 256];
        for words in self.words.iter().filter(|words| words[2] & WHOLE == 0) {
            known[(words[2] & 0xff) as usize] = true;
        }
        let packed = (YEAR_FROM..).zip(known).filter_map(|(year, known)| known.then_some(year));
        let whole = self.words.iter().filter(|words| words[2] & WHOLE != 0);
        packed.chain(whole.map(|words| unpack(words, self.whole).year)).collect()
    }

    /// Number of cells before the first of this organisation or of a later one, in a sorted view.
    pub fn place_of(self, organisation: OrganisationId) -> usize {
        self.words.partition_point(|words| words[0] < organisation.0)
    }

    /// Each organisation with the place of its first cell, when the cells stand in the order of [`crate::Cells`] and no
    /// two are of the same organisation, procedure and year.
    pub(crate) fn starts(self) -> Option<Vec<(OrganisationId, usize)>> {
        let mut starts: Vec<_> = self.first().map(|cell| (cell.organisation, 0)).into_iter().collect();
        for ([a, b], place) in self.words.array_windows::<2>().zip(1..) {
            if a[0] != b[0] {
                starts.push((OrganisationId(b[0]), place));
            }
            if key_order(a, b, self.whole).is_ge() {
                return None;
            }
        }
        Some(starts)
    }
}

impl PartialEq for CellView<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<const N: usize> PartialEq<[Cell; N]> for CellView<'_> {
    fn eq(&self, other: &[Cell; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

impl<'a> IntoIterator for CellView<'a> {
    type Item = Cell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

/// Cells of a list, written out one after the other.
#[derive(Clone, Debug)]
pub struct CellIter<'a> {
    words: std::slice::Iter<'a, Words>,
    whole: &'a [Cell],
}

impl Iterator for CellIter<'_> {
    type Item = Cell;

    #[inline]
    fn next(&mut self) -> Option<Cell> {
        self.words.next().map(|words| unpack(words, self.whole))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.words.size_hint()
    }
}

impl DoubleEndedIterator for CellIter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Cell> {
        self.words.next_back().map(|words| unpack(words, self.whole))
    }
}

impl ExactSizeIterator for CellIter<'_> {}

fn key_order(a: &Words, b: &Words, whole: &[Cell]) -> Ordering {
    let key = |words: &Words| u64::from(words[0]) << 32 | u64::from(words[1]);
    key(a).cmp(&key(b)).then_with(|| {
        if (a[2] | b[2]) & WHOLE != 0 {
            return unpack(a, whole).key().cmp(&unpack(b, whole).key());
        }
        let year = |words: &Words| (words[2] & 0xff, words[2] & KEY);
        year(a).cmp(&year(b))
    })
}

/// The order of [`crate::Cells::new`].
fn order(a: &Words, b: &Words, whole: &[Cell]) -> Ordering {
    key_order(a, b, whole).then_with(|| unpack(b, whole).weight().cmp(&unpack(a, whole).weight()))
}

/// The words of a cell, or nothing when one of its numbers has no room.
#[inline]
fn pack(cell: &Cell) -> Option<Words> {
    let [two, three, four, five] = cell.marks;
    let [below, same, above] = cell.against_journal;
    let small = cell.participants
        | (two | three | four | five)
        | (cell.below_minimum | cell.at_minimum | cell.unmarked | cell.scored)
        | (below | same | above);
    let (first, last) = cell.rows;
    let (year, span) = (cell.year.wrapping_sub(YEAR_FROM), last.wrapping_sub(first));
    let fits =
        small < 1 << 8 && (cell.score_sum | cell.source.0 | span) < 1 << 16 && year < 1 << 8 && first <= last;
    let eight = |a: u32, b: u32, c: u32, d: u32| a | b << 8 | c << 16 | d << 24;
    let precision = cell.precision as u32;
    let about = u32::from(year) | u32::from(cell.autumn) << 8 | precision << PRECISION | cell.source.0 << 16;
    fits.then_some([
        cell.organisation.0,
        cell.procedure.packed(),
        about,
        eight(cell.participants, two, three, four),
        eight(five, cell.below_minimum, cell.at_minimum, cell.unmarked),
        eight(cell.scored, below, same, above),
        cell.score_sum | span << 16,
        first,
    ])
}

/// The words of a cell that is kept whole.
fn whole(cell: &Cell, place: usize) -> Words {
    [cell.organisation.0, cell.procedure.packed(), WHOLE, 0, 0, 0, 0, place as u32]
}

#[inline]
fn unpack(words: &Words, whole: &[Cell]) -> Cell {
    let [organisation, procedure, about, a, b, c, sums, first] = *words;
    let (organisation, procedure) = (OrganisationId(organisation), Procedure::from_packed(procedure));
    if about & WHOLE != 0 {
        let empty = || Cell::empty(organisation, procedure, 0);
        return whole.get(first as usize).copied().unwrap_or_else(empty);
    }
    let [participants, two, three, four] = a.to_le_bytes().map(u32::from);
    let [five, below_minimum, at_minimum, unmarked] = b.to_le_bytes().map(u32::from);
    let [scored, below, same, above] = c.to_le_bytes().map(u32::from);
    Cell {
        organisation,
        procedure,
        year: YEAR_FROM + (about & 0xff) as u16,
        autumn: about & AUTUMN != 0,
        precision: match about >> PRECISION & 3 {
            0 => Precision::FromPercents,
            1 => Precision::FromCounts,
            _ => Precision::FromRows,
        },
        participants,
        marks: [two, three, four, five],
        below_minimum,
        at_minimum,
        unmarked,
        scored,
        score_sum: sums & 0xffff,
        against_journal: [below, same, above],
        source: SourceIndex(about >> 16),
        rows: (first, first + (sums >> 16)),
    }
}

#[cfg(test)]
mod tests;
