//! In how many procedures is a school on the wrong side of a threshold?

use std::ops::RangeInclusive;

use opora_cells::Cell;

use super::context::{span, years};
use super::school::{School, Sink};
use crate::number::against;
use crate::{Answer, AtLeast, Compare, Exact, Fact, Found, Measure, Pack, Question, Truth};

/// The most years that are looked at together.
const YEARS_MAX: usize = 10;

/// How many procedures answer what.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub yes: u32,
    pub no: u32,
    pub unknown: u32,
}

impl Tally {
    pub fn add(&mut self, found: Found) {
        match found {
            Found::Yes => self.yes += 1,
            Found::No => self.no += 1,
            Found::NoOutcome | Found::NoScale => self.unknown += 1,
            Found::Few | Found::Autumn | Found::Shown => {}
        }
    }

    /// The answer when so many are needed. A no needs enough judged procedures: few of them prove nothing.
    pub fn truth(self, pack: &Pack, at_least: AtLeast, enough: Option<u64>) -> Truth {
        let judged = u64::from(self.yes) + u64::from(self.no);
        let (truth, enough) = match at_least {
            AtLeast::Number(number) => {
                let needed = pack[number].count();
                let truth = Truth::at_least(needed, u64::from(self.yes), u64::from(self.unknown));
                (truth, enough.unwrap_or(needed))
            }
            AtLeast::All => {
                let each = [(self.no, Truth::No), (self.unknown, Truth::Unknown)];
                let spoils = each.into_iter().find(|(count, _)| *count > 0);
                let truth = spoils.map_or(Truth::Yes, |(_, truth)| truth);
                let enough = enough.unwrap_or(1);
                if truth == Truth::Yes && judged < enough {
                    return Truth::Unknown;
                }
                (truth, enough)
            }
        };
        if truth == Truth::No && judged < enough { Truth::Unknown } else { truth }
    }

    pub fn answer(self, truth: Truth) -> Answer {
        Answer { truth: Some(truth), yes: self.yes, no: self.no, unknown: self.unknown }
    }
}

/// How one cell is judged.
#[derive(Clone, Copy)]
struct Judging {
    measure: Measure,
    compare: Compare,
    threshold: Exact,
    participants_min: u64,
}

impl Judging {
    fn found(self, school: &School<'_>, cell: &Cell) -> (Option<(u64, u64)>, Found) {
        let Some((part, whole)) = self.measure.of(cell) else {
            return (None, school.unmeasured(cell, self.measure));
        };
        let found = if whole < self.participants_min {
            Found::Few
        } else if self.compare.holds(against(part, whole, self.threshold)) {
            Found::Yes
        } else {
            Found::No
        };
        (Some((part, whole)), found)
    }
}

/// A spring result of the same procedure and year goes before the autumn one.
pub(super) fn spring_too(chunk: &[Cell], cell: &Cell) -> bool {
    cell.autumn && chunk.iter().any(|other| other.year == cell.year && !other.autumn)
}

/// The years looked at, first to last.
pub(super) fn window(year: u16, looked: u16) -> RangeInclusive<u16> {
    year.saturating_sub(looked.saturating_sub(1))..=year
}

impl School<'_> {
    /// Enough procedures of a year on the wrong side, in enough years.
    pub fn procedures(&self, question: &Question, year: u16, sink: &mut Sink<'_>) -> Answer {
        let Question::Procedures { set, at_least, enough, span: looked, .. } = question else {
            return super::school::single(Truth::Unknown);
        };
        let pack = self.context.pack;
        let judging = self.judging(question);
        let (looked, in_years) = span(pack, *looked);
        let mut tallies = [Tally::default(); YEARS_MAX];
        for chunk in self.chunks(*set) {
            for cell in chunk.iter().filter(|cell| window(year, looked).contains(&cell.year)) {
                // Autumn results of a year are never joined with others into a row of years.
                let passed_over = cell.autumn && (looked > 1 || spring_too(chunk, cell));
                let (measured, found) = judging.found(self, cell);
                let found = if passed_over { Found::Autumn } else { found };
                if let Some(tally) = tallies.get_mut(usize::from(year - cell.year)) {
                    tally.add(found);
                }
                sink.cell(cell, measured, found);
            }
        }
        let enough = enough.map(|number| pack[number].count());
        let truths =
            tallies.iter().take(usize::from(looked)).map(|tally| tally.truth(pack, *at_least, enough));
        let truth = self.over_years(truths, looked, in_years, year, sink);
        tallies.first().copied().unwrap_or_default().answer(truth)
    }

    /// Puts the answers of several years together, the newest first.
    pub fn over_years(
        &self,
        truths: impl Iterator<Item = Truth>,
        looked: u16,
        in_years: u64,
        year: u16,
        sink: &mut Sink<'_>,
    ) -> Truth {
        let truths: Vec<Truth> = truths.collect();
        if looked > 1 {
            for (truth, back) in truths.iter().zip(0..) {
                sink.add(year.saturating_sub(back), Fact::Year { truth: *truth, listed: false });
            }
        }
        Truth::at_least_of(in_years, truths)
    }

    fn judging(&self, question: &Question) -> Judging {
        let pack = self.context.pack;
        let (measure, compare, threshold, participants_min) = match question {
            Question::Procedures { measure, compare, threshold, participants_min, .. }
            | Question::SameProcedure { measure, compare, threshold, participants_min, .. } => {
                (*measure, *compare, pack[*threshold].value, participants_min)
            }
            // Other questions do not judge cells by a threshold; nothing is on the side they ask for.
            _ => (Measure::FailedShare, Compare::Less, Exact::from_integer(0), &None),
        };
        let participants_min = participants_min.map_or(0, |number| pack[number].count());
        Judging { measure, compare, threshold, participants_min }
    }

    /// The same procedure on the wrong side several years running.
    pub fn same_procedure(&self, question: &Question, year: u16, sink: &mut Sink<'_>) -> Answer {
        let Question::SameProcedure { set, years: running, at_least, enough, .. } = question else {
            return super::school::single(Truth::Unknown);
        };
        let pack = self.context.pack;
        let judging = self.judging(question);
        let running = window(year, years(pack, *running));
        let mut tally = Tally::default();
        for chunk in self.chunks(*set) {
            if chunk.iter().any(|cell| running.contains(&cell.year)) {
                self.row_of_years(chunk, judging, running.clone(), &mut tally, sink);
            }
        }
        let needed = at_least.map_or(1, |number| pack[number].count());
        let enough = enough.map_or(1, |number| pack[number].count());
        let truth = Truth::at_least(needed, u64::from(tally.yes), u64::from(tally.unknown));
        let decided = u64::from(tally.yes) + u64::from(tally.no);
        let too_few = truth == Truth::No && decided < enough;
        tally.answer(if too_few { Truth::Unknown } else { truth })
    }

    /// A no in any year decides, when the year of the verdict itself was judged: results of past years alone say
    /// nothing of it. A yes needs every year; a year without a result breaks the row.
    fn row_of_years(
        &self,
        chunk: &[Cell],
        judging: Judging,
        running: RangeInclusive<u16>,
        tally: &mut Tally,
        sink: &mut Sink<'_>,
    ) {
        let (mut yes, mut no, mut unknown, mut length) = (0, 0, 0, 0);
        let mut judged_now = false;
        for year in running {
            length += 1;
            // The last year of the row is that of the verdict.
            judged_now = false;
            let mut absent = true;
            for cell in chunk.iter().filter(|cell| cell.year == year) {
                let (measured, found) = judging.found(self, cell);
                let found = if cell.autumn { Found::Autumn } else { found };
                match found {
                    Found::Yes => yes += 1,
                    Found::No => no += 1,
                    Found::NoOutcome | Found::NoScale => unknown += 1,
                    Found::Few | Found::Autumn | Found::Shown => {}
                }
                judged_now |= matches!(found, Found::Yes | Found::No);
                absent = false;
                sink.cell(cell, measured, found);
            }
            if let Some(cell) = chunk.first().filter(|_| absent) {
                sink.add(year, Fact::Absent(cell.procedure));
            }
        }
        if no > 0 {
            tally.no += u32::from(judged_now);
        } else if yes == length {
            tally.yes += 1;
        } else if yes + unknown == length {
            tally.unknown += 1;
        }
    }
}
