//! Where does the weakest part of a pool of schools begin?

use std::cmp::Ordering;
use std::collections::BTreeMap;

use opora_cells::Cell;
use opora_registry::NodeId;

use super::context::{Reach, years};
use super::procedures::{spring_too, window};
use super::school::{School, Sink, single};
use super::{Range, each_school, on_threads};
use crate::{Against, Answer, CriterionIndex, Exact, Fact, Facts, Found, Measure, Pack, Question, Truth};

/// Borders of the weakest parts, by criterion, year and region or municipality (nothing for everyone).
#[derive(Default)]
pub(super) struct Pools(BTreeMap<(CriterionIndex, u16, Option<NodeId>), Border>);

/// The last school within the weakest part. Schools with the same result are within, too.
#[derive(Clone, Copy)]
struct Border {
    part: u64,
    whole: u64,
    schools: u32,
}

/// Part and whole of schools, by need and region or municipality.
type Members = BTreeMap<(usize, Option<NodeId>), Vec<(u64, u64)>>;

/// A pool that must be known before the first school is judged.
struct Need<'a> {
    criterion: CriterionIndex,
    question: &'a Question,
    year: u16,
}

impl Pools {
    pub fn new(pack: &Pack, facts: &Facts<'_>, year: u16, reach: Reach, bounds: &[Range]) -> Self {
        let asked = pack.criteria.iter().zip(0..);
        let needs: Vec<Need<'_>> = asked
            .filter(|(criterion, _)| matches!(criterion.question, Question::LowestOfPool { .. }))
            .flat_map(|(criterion, at)| {
                window(year, reach.answers).map(move |year| Need {
                    criterion: CriterionIndex(at),
                    question: &criterion.question,
                    year,
                })
            })
            .collect();
        if needs.is_empty() {
            return Self::default();
        }
        let members = on_threads(bounds, |range| members(pack, facts, &needs, range));
        let mut pools = Members::new();
        for (need, node, result) in members.into_iter().flatten() {
            pools.entry((need, node)).or_default().push(result);
        }
        let borders = pools.into_iter().filter_map(|((need, node), members)| {
            let need = needs.get(need)?;
            let Question::LowestOfPool { measure, share, .. } = need.question else { return None };
            Some(((need.criterion, need.year, node), border(members, *measure, pack[*share].value)?))
        });
        Self(borders.collect())
    }
}

fn members(
    pack: &Pack,
    facts: &Facts<'_>,
    needs: &[Need<'_>],
    range: Range,
) -> Vec<(usize, Option<NodeId>, (u64, u64))> {
    let mut found = Vec::new();
    each_school(
        facts,
        range,
        |_, _| true,
        |_, organisation, cells| {
            let municipality = organisation.map(|organisation| organisation.municipality);
            let region = municipality.and_then(|id| facts.registry.node(id)?.parent);
            for (need, at) in needs.iter().zip(0..) {
                let Question::LowestOfPool { pool, participants_min, .. } = need.question else { continue };
                let Some(node) = node_of(*pool, municipality, region) else { continue };
                let (part, whole) = together(pack, need.question, need.year, cells, |_, _, _| {});
                if whole > 0 && whole >= pack[*participants_min].count() {
                    found.push((at, node, (part, whole)));
                }
            }
        },
    );
    found
}

/// The node of a pool; nothing when the school belongs to none, an inner nothing for everyone.
fn node_of(pool: Against, municipality: Option<NodeId>, region: Option<NodeId>) -> Option<Option<NodeId>> {
    match pool {
        Against::Municipality => municipality.map(Some),
        Against::Region => region.map(Some),
        Against::Everyone => Some(None),
    }
}

/// Worse first.
fn worse(measure: Measure, a: (u64, u64), b: (u64, u64)) -> Ordering {
    let product = |x: u64, y: u64| u128::from(x) * u128::from(y);
    let ordering = product(a.0, b.1).cmp(&product(b.0, a.1));
    if measure.high_is_bad() { ordering.reverse() } else { ordering }
}

/// A school is within the weakest part when fewer than that part of the pool did strictly worse.
fn border(mut members: Vec<(u64, u64)>, measure: Measure, share: Exact) -> Option<Border> {
    let size = i128::try_from(members.len()).ok()?;
    let (numerator, denominator) = (i128::from(*share.numer()), i128::from(*share.denom()));
    let within = (size * numerator + denominator - 1) / denominator;
    let last = usize::try_from(within).ok()?.checked_sub(1)?;
    members.sort_unstable_by(|a, b| worse(measure, *a, *b));
    let (part, whole) = *members.get(last)?;
    Some(Border { part, whole, schools: u32::try_from(members.len()).unwrap_or(u32::MAX) })
}

/// Part and whole of several procedures and years taken together; autumn results stay out.
fn together<'c>(
    pack: &Pack,
    question: &Question,
    year: u16,
    cells: &'c [Cell],
    mut seen: impl FnMut(&'c Cell, Option<(u64, u64)>, bool),
) -> (u64, u64) {
    let Question::LowestOfPool { set, measure, years: looked, .. } = question else { return (0, 0) };
    let looked = years(pack, *looked);
    let taken = window(year, looked);
    let (mut part, mut whole) = (0, 0);
    for chunk in cells.chunk_by(|a, b| a.procedure == b.procedure) {
        if !chunk.first().is_some_and(|cell| pack[*set].contains(cell.procedure)) {
            continue;
        }
        for cell in chunk.iter().filter(|cell| taken.contains(&cell.year)) {
            let passed_over = cell.autumn && (looked > 1 || spring_too(chunk, cell));
            let measured = measure.of(cell);
            if let Some((own_part, own_whole)) = measured.filter(|_| !passed_over) {
                part += own_part;
                whole += own_whole;
            }
            seen(cell, measured, passed_over);
        }
    }
    (part, whole)
}

impl School<'_> {
    /// Within the weakest part of the pool.
    pub fn lowest_of_pool(
        &self,
        at: CriterionIndex,
        question: &Question,
        year: u16,
        sink: &mut Sink<'_>,
    ) -> Answer {
        let Question::LowestOfPool { measure, participants_min, pool, .. } = question else {
            return single(Truth::Unknown);
        };
        let pack = self.context.pack;
        let (part, whole) = together(pack, question, year, self.cells, |cell, measured, passed_over| {
            let found = match measured {
                _ if passed_over => Found::Autumn,
                Some(_) => Found::Shown,
                None => self.unmeasured(cell, *measure),
            };
            sink.cell(cell, measured, found);
        });
        if whole == 0 {
            return single(Truth::Unknown);
        }
        sink.add(year, Fact::Together { part, whole });
        let node = node_of(*pool, self.municipality, self.region);
        let border = node.and_then(|node| self.context.pools.0.get(&(at, year, node)));
        let Some(border) = border.filter(|_| whole >= pack[*participants_min].count()) else {
            return single(Truth::Unknown);
        };
        sink.add(year, Fact::Pool { part: border.part, whole: border.whole, schools: border.schools });
        single(Truth::of(worse(*measure, (part, whole), (border.part, border.whole)).is_le()))
    }
}
