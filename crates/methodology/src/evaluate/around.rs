//! What did the schools around get, and how far below them is a school?

use std::collections::{BTreeMap, HashMap};

use num_rational::Ratio;
use opora_cells::{Cell, Procedure};
use opora_registry::{NodeId, Organisation, Registry};

use super::context::{span, years};
use super::procedures::{Tally, spring_too, window};
use super::school::{School, Sink, single};
use super::{Range, each_school, on_threads};
use crate::number::large_against;
use crate::{
    Against, Answer, AtLeast, Exact, Fact, Facts, Found, Measure, Pack, ProcedureSet, Question, Selector,
    SetIndex, Truth,
};

/// Results of municipalities, regions and everyone, for the measures a pack compares.
#[derive(Default)]
pub(super) struct References {
    sums: HashMap<Key, Sum>,
    declared: BTreeMap<(u32, Procedure, u16, u8), Sum>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    measure: u8,
    /// Nothing for everyone.
    node: Option<NodeId>,
    procedure: u32,
    year: u16,
    autumn: bool,
}

/// Part and whole of some schools together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub part: u64,
    pub whole: u64,
    /// How many schools; zero for a published number.
    pub schools: u32,
}

/// A set of procedures that is measured against schools around.
struct Need<'a> {
    set: &'a ProcedureSet,
    measure: Measure,
    against: Against,
}

impl References {
    pub fn new(pack: &Pack, facts: &Facts<'_>, years: (u16, u16), bounds: &[Range]) -> Self {
        let needs = needs(pack);
        if needs.is_empty() {
            return Self::default();
        }
        let parts = on_threads(bounds, |range| {
            let mut sums = HashMap::new();
            each_school(
                facts,
                range,
                |_, _| true,
                |_, organisation, cells| {
                    add_school(&mut sums, &needs, facts.registry, organisation, cells, years);
                },
            );
            sums
        });
        let mut sums: HashMap<Key, Sum> = HashMap::new();
        for (key, sum) in parts.into_iter().flatten() {
            let whole = sums.entry(key).or_default();
            whole.part += sum.part;
            whole.whole += sum.whole;
            whole.schools += sum.schools;
        }
        let declared = facts.references.iter().filter(|declared| declared.whole > 0).map(|declared| {
            let key = (declared.node.0, declared.procedure, declared.year, declared.measure as u8);
            (key, Sum { part: declared.part, whole: declared.whole, schools: 0 })
        });
        Self { sums, declared: declared.collect() }
    }

    /// What the schools around got; nothing when there is no other school and no published number.
    fn of(&self, node: Option<NodeId>, measure: Measure, cell: &Cell) -> Option<Sum> {
        let published =
            node.and_then(|node| self.declared.get(&(node.0, cell.procedure, cell.year, measure as u8)));
        let key = Key {
            measure: measure as u8,
            node,
            procedure: cell.procedure.packed(),
            year: cell.year,
            autumn: cell.autumn,
        };
        let sum = published.or_else(|| self.sums.get(&key).filter(|sum| sum.schools > 1))?;
        Some(*sum)
    }
}

fn needs(pack: &Pack) -> Vec<Need<'_>> {
    let mut needs: Vec<Need<'_>> = Vec::new();
    for criterion in &pack.criteria {
        let (set, measure, against) = match criterion.question {
            Question::BelowReference { set, measure, against, .. } => (set, measure, against),
            Question::Portrait { set, measure, against: Some(against), .. } => (set, measure, against),
            _ => continue,
        };
        needs.push(Need { set: &pack[set], measure, against });
    }
    needs
}

fn add_school(
    sums: &mut HashMap<Key, Sum>,
    needs: &[Need<'_>],
    registry: &Registry,
    organisation: Option<&Organisation>,
    cells: &[Cell],
    years: (u16, u16),
) {
    let municipality = organisation.map(|organisation| organisation.municipality);
    let region = municipality.and_then(|id| registry.node(id)?.parent);
    for chunk in cells.chunk_by(|a, b| a.procedure == b.procedure) {
        let Some(procedure) = chunk.first().map(|cell| cell.procedure) else { continue };
        let mut added: Vec<(Measure, Against)> = Vec::new();
        for need in needs.iter().filter(|need| need.set.contains(procedure)) {
            let node = match need.against {
                Against::Municipality => municipality,
                Against::Region => region,
                Against::Everyone => None,
            };
            let nowhere = node.is_none() && need.against != Against::Everyone;
            if nowhere || added.contains(&(need.measure, need.against)) {
                continue;
            }
            added.push((need.measure, need.against));
            for cell in chunk.iter().filter(|cell| (years.0..=years.1).contains(&cell.year)) {
                let Some((part, whole)) = need.measure.of(cell) else { continue };
                let (measure, procedure) = (need.measure as u8, procedure.packed());
                let key = Key { measure, node, procedure, year: cell.year, autumn: cell.autumn };
                let sum = sums.entry(key).or_default();
                sum.part += part;
                sum.whole += whole;
                sum.schools += 1;
            }
        }
    }
}

/// A fraction of whole numbers, added exactly; nothing when it grows too large.
fn add(a: Ratio<i128>, b: Ratio<i128>) -> Option<Ratio<i128>> {
    let left = a.numer().checked_mul(*b.denom())?;
    let right = b.numer().checked_mul(*a.denom())?;
    Some(Ratio::new(left.checked_add(right)?, a.denom().checked_mul(*b.denom())?))
}

fn fraction(part: u64, whole: u64) -> Ratio<i128> {
    Ratio::new(i128::from(part), i128::from(whole))
}

/// By how much the own result is worse than the one around; negative when it is better.
fn worse_by(measure: Measure, own: Ratio<i128>, around: Ratio<i128>) -> Option<Ratio<i128>> {
    if measure.high_is_bad() { add(own, -around) } else { add(around, -own) }
}

fn beyond(worse: Ratio<i128>, by: Exact, strictly: bool) -> Option<bool> {
    let ordering = large_against(worse, by)?;
    Some(if strictly { ordering.is_gt() } else { ordering.is_ge() })
}

/// How a school is compared with those around.
#[derive(Clone, Copy)]
struct Comparing {
    set: SetIndex,
    measure: Measure,
    node: Option<NodeId>,
    nowhere: bool,
    by: Exact,
    strictly: bool,
    participants_min: u64,
}

impl School<'_> {
    fn node(&self, against: Against) -> (Option<NodeId>, bool) {
        let node = match against {
            Against::Municipality => self.municipality,
            Against::Region => self.region,
            Against::Everyone => None,
        };
        (node, node.is_none() && against != Against::Everyone)
    }

    /// Worse than the schools around, in enough procedures or in their sum, in enough years.
    pub fn below_reference(&self, question: &Question, year: u16, sink: &mut Sink<'_>) -> Answer {
        let Question::BelowReference {
            set,
            measure,
            against,
            by,
            strictly,
            sum,
            at_least,
            participants_min,
            span: looked,
        } = question
        else {
            return single(Truth::Unknown);
        };
        let pack = self.context.pack;
        let (looked, in_years) = span(pack, *looked);
        let (node, nowhere) = self.node(*against);
        let comparing = Comparing {
            set: *set,
            measure: *measure,
            node,
            nowhere,
            by: pack[*by].value,
            strictly: *strictly,
            participants_min: participants_min.map_or(0, |number| pack[number].count()),
        };
        let mut newest = Tally::default();
        let truths: Vec<Truth> = window(year, looked)
            .rev()
            .map(|of_year| {
                let (truth, tally) = if *sum {
                    self.sum_below(comparing, of_year, looked > 1, sink)
                } else {
                    self.each_below(comparing, *at_least, of_year, looked > 1, sink)
                };
                if of_year == year {
                    newest = tally;
                }
                truth
            })
            .collect();
        newest.answer(self.over_years(truths.into_iter(), looked, in_years, year, sink))
    }

    /// The result of a procedure in a year and what is around it, both with their evidence.
    fn beside(
        &self,
        comparing: Comparing,
        chunk: &[Cell],
        cell: &Cell,
        joined: bool,
    ) -> (Option<(u64, u64)>, Option<Sum>, Found) {
        let measured = comparing.measure.of(cell);
        let around = if comparing.nowhere {
            None
        } else {
            self.context.references.of(comparing.node, comparing.measure, cell)
        };
        let found = match measured {
            _ if cell.autumn && (joined || spring_too(chunk, cell)) => Found::Autumn,
            None => self.unmeasured(cell, comparing.measure),
            Some((_, whole)) if whole < comparing.participants_min => Found::Few,
            Some(_) => Found::Shown,
        };
        (measured, around, found)
    }

    fn each_below(
        &self,
        comparing: Comparing,
        at_least: Option<crate::NumberIndex>,
        year: u16,
        joined: bool,
        sink: &mut Sink<'_>,
    ) -> (Truth, Tally) {
        let pack = self.context.pack;
        let mut tally = Tally::default();
        for chunk in self.chunks(comparing.set) {
            for cell in chunk.iter().filter(|cell| cell.year == year) {
                let (measured, around, mut found) = self.beside(comparing, chunk, cell, joined);
                if let (Found::Shown, Some((part, whole))) = (found, measured) {
                    found = match around.map(|sum| {
                        worse_by(comparing.measure, fraction(part, whole), fraction(sum.part, sum.whole))
                            .and_then(|worse| beyond(worse, comparing.by, comparing.strictly))
                    }) {
                        Some(Some(true)) => Found::Yes,
                        Some(Some(false)) => Found::No,
                        Some(None) | None => {
                            tally.unknown += 1;
                            Found::Shown
                        }
                    };
                }
                tally.add(found);
                sink.cell(cell, measured, found);
                show_around(sink, cell, around);
            }
        }
        let truth = match at_least {
            Some(number) => tally.truth(pack, AtLeast::Number(number), None),
            None => {
                let truth = Truth::at_least(1, u64::from(tally.yes), u64::from(tally.unknown));
                if tally.yes + tally.no == 0 { Truth::Unknown } else { truth }
            }
        };
        (truth, tally)
    }

    fn sum_below(
        &self,
        comparing: Comparing,
        year: u16,
        joined: bool,
        sink: &mut Sink<'_>,
    ) -> (Truth, Tally) {
        // A set that is added up names its procedures; that was checked when the pack was read.
        let exact = self.context.pack[comparing.set].any_of.iter().filter_map(|selector| match selector {
            Selector::Exact(procedure) => Some(*procedure),
            Selector::Codes { .. } => None,
        });
        let mut total = Some(Ratio::from_integer(0));
        let mut complete = true;
        for procedure in exact {
            let of_procedure =
                |chunk: &&[Cell]| chunk.first().is_some_and(|cell| cell.procedure == procedure);
            let chunk = self.chunks(comparing.set).find(of_procedure).unwrap_or_default();
            let of_year = || chunk.iter().filter(|cell| cell.year == year);
            let Some(cell) = of_year().find(|cell| !cell.autumn).or_else(|| of_year().next()) else {
                complete = false;
                sink.add(year, Fact::Absent(procedure));
                continue;
            };
            let (measured, around, found) = self.beside(comparing, chunk, cell, joined);
            sink.cell(cell, measured, found);
            show_around(sink, cell, around);
            let (Found::Shown, Some((part, whole)), Some(sum)) = (found, measured, around) else {
                complete = false;
                continue;
            };
            let worse = worse_by(comparing.measure, fraction(part, whole), fraction(sum.part, sum.whole));
            total = total.and_then(|total| add(total, worse?));
        }
        if !complete {
            return (Truth::Unknown, Tally::default());
        }
        let beyond = total.and_then(|total| beyond(total, comparing.by, comparing.strictly));
        let shown = total.and_then(|total| {
            Some((i64::try_from(*total.numer()).ok()?, i64::try_from(*total.denom()).ok()?))
        });
        match (beyond, shown) {
            (Some(_), Some((numerator, denominator))) => {
                sink.add(year, Fact::Difference { numerator, denominator });
            }
            _ => sink.add(year, Fact::TooLarge),
        }
        (beyond.map_or(Truth::Unknown, Truth::of), Tally::default())
    }

    /// Shows a measure and what is around it; raises nothing.
    pub fn portrait(&self, question: &Question, year: u16, sink: &mut Sink<'_>) {
        let Question::Portrait { set, measure, against, years: looked } = question else { return };
        let pack = self.context.pack;
        let shown = window(year, years(pack, *looked));
        for chunk in self.chunks(*set) {
            for cell in chunk.iter().filter(|cell| shown.contains(&cell.year)) {
                let measured = measure.of(cell);
                let found = if measured.is_some() { Found::Shown } else { self.unmeasured(cell, *measure) };
                sink.cell(cell, measured, found);
                if let Some(against) = against {
                    let (node, nowhere) = self.node(*against);
                    let around =
                        if nowhere { None } else { self.context.references.of(node, *measure, cell) };
                    show_around(sink, cell, around);
                }
            }
        }
    }
}

fn show_around(sink: &mut Sink<'_>, cell: &Cell, around: Option<Sum>) {
    let procedure = cell.procedure;
    sink.add(
        cell.year,
        match around {
            Some(Sum { part, whole, schools }) => Fact::Reference { procedure, part, whole, schools },
            None => Fact::NoReference(procedure),
        },
    );
}
