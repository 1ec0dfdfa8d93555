//! Which decades, halves and weeks of a month does a list name?

use crate::draft::{Draft, Form, Gap, Mode};
use crate::piece::Piece;
use crate::reader::Reader;
use crate::tokens::Mark;
use crate::words::Word;

/// A month has at most five weeks.
const MEMBERS: usize = 5;

impl Reader<'_> {
    /// «1-2 неделя сентября», «1, 2 декада мая», «первая и вторая половина марта»: they share unit, month and year.
    pub(crate) fn parts_of_month(&self, inside: usize, at: usize, out: &mut Vec<Draft>) -> Option<usize> {
        let mut numbers = [(0_u16, Gap::Nothing, 0_usize); MEMBERS];
        let (mut count, mut cursor, mut gap) = (0, inside, Gap::Nothing);
        let (last, behind) = loop {
            let (number, next) = self.ordinal(cursor)?;
            *numbers.get_mut(count)? = (number, gap, cursor);
            count += 1;
            if let Some(read) = self.part_of_month(cursor).or_else(|| self.week_of_month(cursor)) {
                break read;
            }
            gap = match self.mark(next) {
                Mark::Comma => Gap::Comma,
                Mark::Word(Word::And) => Gap::And,
                // A range is kept as «no gap»: it joins its neighbours.
                Mark::Dash => Gap::Nothing,
                _ => return None,
            };
            cursor = next + 1;
        };
        let (_, unit) = self.ordinal(cursor)?;
        let numbers = numbers.get(..count).filter(|numbers| numbers.len() > 1)?;
        let before = out.len();
        let mut index = 0;
        while let Some(&(number, gap, cursor)) = numbers.get(index) {
            let partner = numbers.get(index + 1).filter(|(_, gap, _)| *gap == Gap::Nothing);
            let start = self.part_like(last, unit, number);
            let end = partner.map_or(start, |(number, ..)| self.part_like(last, unit, *number));
            let (Some(start), Some(end)) = (start, end) else {
                out.truncate(before);
                return None;
            };
            let from = if index == 0 { at } else { cursor };
            index += 1 + usize::from(partner.is_some());
            let to = numbers.get(index).map_or(behind, |(.., cursor)| cursor - 1);
            let mode = if partner.is_some() { Mode::Range } else { Mode::At };
            out.push(Draft { gap, plain: true, ..Draft::new(Form::Dates { mode, start, end }, from, to) });
        }
        Some(behind)
    }

    /// The part of that number of the same month, by the unit of the last: «2» in «2 и 3 декада мая».
    fn part_like(&self, last: Piece, unit: usize, number: u16) -> Option<Piece> {
        let month = last.first.month;
        let piece = match (self.word(unit)?, i8::try_from(number).ok()?) {
            (Word::Week, n @ 1..=4) => {
                Piece { assumed: true, ..Piece::part_of_month(month, n * 7 - 6, n * 7) }
            }
            (Word::TenDays, n @ 1..=2) => Piece::part_of_month(month, n * 10 - 9, n * 10),
            (Word::TenDays, 3) => Piece::part_of_month(month, 21, 31),
            (Word::Half, 1) => Piece::part_of_month(month, 1, 15),
            (Word::Half, 2) => Piece::part_of_month(month, 16, 31),
            (Word::Week, 5) => return Some(last),
            _ => return None,
        };
        Some(piece.with_years(last.years))
    }
}
