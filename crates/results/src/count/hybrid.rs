//! What do the dictionary indices of a Parquet page say?
//!
//! Indices stand in the hybrid of run lengths and packed bits of the format (parquet-format, Encodings.md, "RLE"). The
//! library unrolls runs into values; sorted columns are counted several times faster when a run stays one.

use std::fmt;

use bytes::Bytes;

/// Values unpacked at a time.
const SCRATCH: usize = 1024;

/// A number that repeats; `end` is the place after its last row in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) value: i32,
    pub(super) end: usize,
}

/// Puts a run behind others; an equal neighbour grows.
pub(super) fn push_run(runs: &mut Vec<Run>, value: i32, length: usize) {
    match runs.last_mut() {
        Some(last) if last.value == value => last.end += length,
        last => {
            let end = last.map_or(0, |last| last.end) + length;
            runs.push(Run { value, end });
        }
    }
}

/// Indices of one page, taken piece by piece.
pub(super) struct Hybrid {
    data: Bytes,
    at: usize,
    width: usize,
    segment: Segment,
}

enum Segment {
    /// One index, so many times.
    Same { index: u32, left: usize },
    /// Packed bits that start at a byte: how many values are done and how many there are.
    Packed { start: usize, done: usize, all: usize },
}

/// Why indices can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The page ends too early or has an impossible width.
    Cut,
    /// An index points past the dictionary.
    Index,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cut => "страница обрывается",
            Self::Index => "значения нет в словаре столбца",
        })
    }
}

impl Hybrid {
    /// Indices of a page: one byte of width, then the hybrid.
    pub(super) fn new(data: Bytes) -> Result<Self, Wrong> {
        let width = usize::from(*data.first().ok_or(Wrong::Cut)?);
        if width > 32 {
            return Err(Wrong::Cut);
        }
        Ok(Self { data, at: 1, width, segment: Segment::Same { index: 0, left: 0 } })
    }

    /// Appends the values of the next `rows` indices.
    pub(super) fn values(
        &mut self,
        mut rows: usize,
        dictionary: &[i32],
        out: &mut Vec<i32>,
    ) -> Result<(), Wrong> {
        let mut scratch = Scratch::new();
        while rows > 0 {
            match self.take(rows, &mut scratch)? {
                Taken::Same(index, length) => {
                    let value = *dictionary.get(index as usize).ok_or(Wrong::Index)?;
                    out.resize(out.len() + length, value);
                    rows -= length;
                }
                Taken::Bytes(indices) => {
                    rows -= indices.len();
                    look_up(indices, dictionary, out)?;
                }
                Taken::Wide(indices) => {
                    rows -= indices.len();
                    for index in indices {
                        out.push(*dictionary.get(*index as usize).ok_or(Wrong::Index)?);
                    }
                }
            }
        }
        Ok(())
    }

    /// Appends the next `rows` indices themselves, of a dictionary of `length` values, at most 256.
    pub(super) fn indices(&mut self, mut rows: usize, length: usize, out: &mut Vec<u8>) -> Result<(), Wrong> {
        let mut scratch = Scratch::new();
        let in_dictionary =
            |index: u32| if (index as usize) < length { Ok(index as u8) } else { Err(Wrong::Index) };
        while rows > 0 {
            match self.take(rows, &mut scratch)? {
                Taken::Same(index, length) => {
                    out.resize(out.len() + length, in_dictionary(index)?);
                    rows -= length;
                }
                Taken::Bytes(indices) => {
                    rows -= indices.len();
                    in_dictionary(indices.iter().fold(0, |highest, index| highest.max(*index)).into())?;
                    out.extend_from_slice(indices);
                }
                Taken::Wide(indices) => {
                    rows -= indices.len();
                    for index in indices {
                        out.push(in_dictionary(*index)?);
                    }
                }
            }
        }
        Ok(())
    }

    /// Appends the next `rows` indices as runs of values.
    pub(super) fn runs(
        &mut self,
        mut rows: usize,
        dictionary: &[i32],
        out: &mut Vec<Run>,
    ) -> Result<(), Wrong> {
        let mut scratch = Scratch::new();
        while rows > 0 {
            match self.take(rows, &mut scratch)? {
                Taken::Same(index, length) => {
                    push_run(out, *dictionary.get(index as usize).ok_or(Wrong::Index)?, length);
                    rows -= length;
                }
                Taken::Bytes(indices) => {
                    rows -= indices.len();
                    equal_runs(indices, usize::from, dictionary, out)?;
                }
                Taken::Wide(indices) => {
                    rows -= indices.len();
                    equal_runs(indices, |index| index as usize, dictionary, out)?;
                }
            }
        }
        Ok(())
    }

    /// The next indices, at most so many, never none.
    fn take<'s>(&mut self, rows: usize, scratch: &'s mut Scratch) -> Result<Taken<'s>, Wrong> {
        loop {
            match &mut self.segment {
                Segment::Same { left: 0, .. } => {}
                Segment::Same { index, left } => {
                    let length = rows.min(*left);
                    *left -= length;
                    return Ok(Taken::Same(*index, length));
                }
                Segment::Packed { done, all, .. } if done == all => {}
                Segment::Packed { start, done, all } => {
                    let length = rows.min(*all - *done).min(SCRATCH);
                    let (data, first) = (self.data.get(*start..).unwrap_or_default(), *done);
                    *done += length;
                    if self.width <= 8 {
                        let out = scratch.bytes.get_mut(..length).unwrap_or_default();
                        unpack_bytes(data, self.width, first, out);
                        return Ok(Taken::Bytes(out));
                    }
                    let out = scratch.wide.get_mut(..length).unwrap_or_default();
                    for (value, place) in out.iter_mut().zip(first..) {
                        *value = unpack_one(data, self.width, place);
                    }
                    return Ok(Taken::Wide(out));
                }
            }
            self.next_segment()?;
        }
    }

    fn next_segment(&mut self) -> Result<(), Wrong> {
        let header = self.header()?;
        let amount = usize::try_from(header >> 1).map_err(|_| Wrong::Cut)?;
        if header & 1 == 0 {
            let bytes = self.width.div_ceil(8);
            let stored = self.data.get(self.at..self.at + bytes).ok_or(Wrong::Cut)?;
            let index = stored.iter().rev().fold(0_u32, |index, byte| index << 8 | u32::from(*byte));
            self.at += bytes;
            self.segment = Segment::Same { index, left: amount };
        } else {
            // A writer may leave out the padding of the last segment.
            let bytes = amount.saturating_mul(self.width).min(self.data.len() - self.at);
            let there = (bytes * 8).checked_div(self.width).unwrap_or(usize::MAX);
            let all = amount.saturating_mul(8).min(there);
            self.segment = Segment::Packed { start: self.at, done: 0, all };
            self.at += bytes;
        }
        Ok(())
    }

    fn header(&mut self) -> Result<u64, Wrong> {
        let mut header = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = *self.data.get(self.at).ok_or(Wrong::Cut)?;
            self.at += 1;
            header |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(header);
            }
        }
        Err(Wrong::Cut)
    }
}

enum Taken<'s> {
    Same(u32, usize),
    Bytes(&'s [u8]),
    Wide(&'s [u32]),
}

/// Room for unpacked indices.
struct Scratch {
    bytes: [u8; SCRATCH],
    wide: [u32; SCRATCH],
}

impl Scratch {
    fn new() -> Self {
        Self { bytes: [0; SCRATCH], wide: [0; SCRATCH] }
    }
}

fn look_up(indices: &[u8], dictionary: &[i32], out: &mut Vec<i32>) -> Result<(), Wrong> {
    let highest = indices.iter().fold(0, |highest, index| highest.max(*index));
    if usize::from(highest) >= dictionary.len() {
        return Err(Wrong::Index);
    }
    // A table of all bytes is looked up without a branch.
    let mut table = [0; 256];
    for (to, from) in table.iter_mut().zip(dictionary) {
        *to = *from;
    }
    out.extend(indices.iter().map(|index| table[usize::from(*index)]));
    Ok(())
}

fn equal_runs<I: Copy + PartialEq>(
    indices: &[I],
    place: impl Fn(I) -> usize,
    dictionary: &[i32],
    out: &mut Vec<Run>,
) -> Result<(), Wrong> {
    for same in indices.chunk_by(|a, b| a == b) {
        let value = same.first().and_then(|index| dictionary.get(place(*index))).ok_or(Wrong::Index)?;
        push_run(out, *value, same.len());
    }
    Ok(())
}

/// Unpacks values of at most eight bits, from the value `first` on. What is not there is zero.
fn unpack_bytes(data: &[u8], width: usize, first: usize, out: &mut [u8]) {
    // To the next whole group of eight one by one, then by groups.
    let odd = (first.next_multiple_of(8) - first).min(out.len());
    let (single, groups) = out.split_at_mut(odd);
    for (value, place) in single.iter_mut().zip(first..) {
        *value = unpack_one(data, width, place) as u8;
    }
    let data = data.get(first.div_ceil(8) * width..).unwrap_or_default();
    match width {
        1 => unpack_groups::<1>(data, groups),
        2 => unpack_groups::<2>(data, groups),
        3 => unpack_groups::<3>(data, groups),
        4 => unpack_groups::<4>(data, groups),
        5 => unpack_groups::<5>(data, groups),
        6 => unpack_groups::<6>(data, groups),
        7 => unpack_groups::<7>(data, groups),
        8 => unpack_groups::<8>(data, groups),
        _ => groups.fill(0),
    }
}

fn unpack_groups<const WIDTH: usize>(data: &[u8], out: &mut [u8]) {
    let (packed, _) = data.as_chunks::<WIDTH>();
    let (groups, _) = out.as_chunks_mut::<8>();
    for (group, bytes) in groups.iter_mut().zip(packed) {
        let mut word = [0_u8; 8];
        for (to, from) in word.iter_mut().zip(bytes) {
            *to = *from;
        }
        *group = spread::<WIDTH>(u64::from_le_bytes(word)).to_le_bytes();
    }
    // What is left is less than a group, or a group whose padding the writer left out.
    let done = (out.len() / 8).min(data.len() / WIDTH) * 8;
    for (value, place) in out.get_mut(done..).unwrap_or_default().iter_mut().zip(done..) {
        *value = unpack_one(data, WIDTH, place) as u8;
    }
}

/// Spreads eight neighbouring values of `WIDTH` bits over the eight bytes of a word: first the halves, then the
/// quarters, then each.
fn spread<const WIDTH: usize>(word: u64) -> u64 {
    let four = (1_u64 << (4 * WIDTH)) - 1;
    let two = ((1_u64 << (2 * WIDTH)) - 1) * 0x0000_0001_0000_0001;
    let one = ((1_u64 << WIDTH) - 1) * 0x0001_0001_0001_0001;
    let word = word & four | (word >> (4 * WIDTH) & four) << 32;
    let word = word & two | (word >> (2 * WIDTH) & two) << 16;
    word & one | (word >> WIDTH & one) << 8
}

fn unpack_one(data: &[u8], width: usize, place: usize) -> u32 {
    let bit = place * width;
    let bytes = data.get(bit / 8..).unwrap_or_default();
    let bytes = bytes.get(..8).unwrap_or(bytes);
    let word = bytes.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    (word >> (bit % 8) & ((1 << width) - 1)) as u32
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::{Hybrid, Run, Wrong, push_run};

    /// Packs values the plain way: bit by bit.
    fn packed(values: &[u32], width: usize) -> Vec<u8> {
        let mut bytes = vec![0_u8; values.len().next_multiple_of(8) * width / 8];
        for (place, value) in values.iter().enumerate() {
            for bit in 0..width {
                let at = place * width + bit;
                bytes[at / 8] |= ((value >> bit & 1) as u8) << (at % 8);
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn indices_come_back_whatever_the_width_and_the_pieces(
            width in 1_usize..=20,
            seeds in prop::collection::vec((any::<u32>(), any::<bool>(), 1_usize..40), 1..12),
            step in 1_usize..70,
        ) {
            let mask = (1_u32 << width) - 1;
            let (mut page, mut expected) = (vec![width as u8], Vec::new());
            for (seed, same, length) in seeds {
                if same {
                    page.push((length << 1) as u8);
                    page.extend_from_slice(&(seed & mask).to_le_bytes()[..width.div_ceil(8)]);
                    expected.extend(std::iter::repeat_n(seed & mask, length));
                } else {
                    let length = length.next_multiple_of(8);
                    let values: Vec<u32> = (0..length as u32).map(|n| seed.rotate_left(n) & mask).collect();
                    page.push((((length / 8) << 1) | 1) as u8);
                    page.extend_from_slice(&packed(&values, width));
                    expected.extend(values);
                }
            }
            let dictionary: Vec<i32> = (0..1 << width).collect();
            let expected: Vec<i32> = expected.iter().map(|index| *index as i32).collect();
            let page = Bytes::from(page);
            let (mut values, mut hybrid) = (Vec::new(), Hybrid::new(page.clone()).expect("a page"));
            let (mut runs, mut again) = (Vec::new(), Hybrid::new(page.clone()).expect("a page"));
            let (mut indices, mut third) = (Vec::new(), Hybrid::new(page).expect("a page"));
            let mut done = 0;
            while done < expected.len() {
                let rows = step.min(expected.len() - done);
                if dictionary.len() <= 256 {
                    third.indices(rows, dictionary.len(), &mut indices).expect("indices");
                }
                hybrid.values(rows, &dictionary, &mut values).expect("values");
                again.runs(rows, &dictionary, &mut runs).expect("runs");
                done += rows;
            }
            prop_assert_eq!(&values, &expected);
            if dictionary.len() <= 256 {
                prop_assert_eq!(indices.iter().map(|index| i32::from(*index)).collect::<Vec<_>>(), values.clone());
            }
            let mut same: Vec<Run> = Vec::new();
            expected.iter().for_each(|value| push_run(&mut same, *value, 1));
            prop_assert_eq!(runs, same);
            prop_assert_eq!(hybrid.values(10_000, &dictionary, &mut values), Err(Wrong::Cut));
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..60), rows in 0_usize..5000) {
            if let Ok(mut hybrid) = Hybrid::new(bytes.clone().into()) {
                let _ = hybrid.values(rows, &[7, 8, 9], &mut Vec::new());
            }
            if let Ok(mut hybrid) = Hybrid::new(bytes.into()) {
                let _ = hybrid.runs(rows, &[7, 8, 9], &mut Vec::new());
            }
        }
    }

    #[test]
    fn an_index_past_the_dictionary_is_told() {
        let mut page = Hybrid::new(Bytes::from_static(&[2, 8 << 1, 3])).expect("a page");
        assert_eq!(page.values(8, &[1, 2, 3], &mut Vec::new()), Err(Wrong::Index));
        let mut page = Hybrid::new(Bytes::from_static(&[2, 3, 0b1110_0100, 0b1110_0100])).expect("a page");
        assert_eq!(page.values(8, &[1, 2, 3], &mut Vec::new()), Err(Wrong::Index));
    }
}
