//! What do declared numbers and markers say?

use num_rational::Ratio;

use super::context::{span, years};
use super::procedures::window;
use super::school::{School, Sink, single};
use crate::number::{against, large_against};
use crate::{Answer, Compare, Exact, Fact, NumberIndex, Question, Span, Truth};

impl School<'_> {
    /// A declared share or value against a threshold; several years are added up, and none of them may be missing.
    pub fn indicator(&self, question: &Question, year: u16, sink: &mut Sink<'_>) -> Answer {
        let Question::Indicator { indicator, compare, threshold, years: looked, share } = question else {
            return single(Truth::Unknown);
        };
        let pack = self.context.pack;
        let looked = looked.map_or(1, |number| years(pack, number));
        let (mut part, mut whole, mut complete) = (0_u64, 0_u64, true);
        for of_year in window(year, looked) {
            let declared = self.context.aggregate(self.id, *indicator, of_year);
            let usable = declared.filter(|declared| !*share || declared.share().is_some());
            let Some(declared) = usable else {
                sink.add(of_year, Fact::NoIndicator(*indicator));
                complete = false;
                continue;
            };
            part += u64::from(declared.part);
            whole += if *share { u64::from(declared.whole.unwrap_or_default()) } else { 1 };
            let (indicator, source, row) = (*indicator, declared.source, declared.row);
            let whole = declared.whole.filter(|_| *share);
            sink.add(of_year, Fact::Indicator { indicator, part: declared.part, whole, source, row });
        }
        if !complete || whole == 0 {
            return single(Truth::Unknown);
        }
        if looked > 1 {
            sink.add(year, Fact::Together { part, whole });
        }
        single(Truth::of(compare.holds(against(part, whole, pack[*threshold].value))))
    }

    /// A weighted mean of shares against a threshold; without one of the shares there is no index.
    pub fn index(
        &self,
        index: usize,
        compare: Compare,
        threshold: NumberIndex,
        year: u16,
        sink: &mut Sink<'_>,
    ) -> Answer {
        let pack = self.context.pack;
        let Some(index) = pack.indices.get(index) else { return single(Truth::Unknown) };
        let mut sum = Some(Ratio::from_integer(0_i128));
        let (mut weights, mut complete) = (Ratio::from_integer(0_i128), true);
        for weighted in &index.shares {
            let indicator = weighted.indicator;
            let declared = self.context.aggregate(self.id, indicator, year);
            let Some((declared, share)) = declared.and_then(|declared| Some((declared, declared.share()?)))
            else {
                sink.add(year, Fact::NoIndicator(indicator));
                complete = false;
                continue;
            };
            let (part, whole, source, row) = (declared.part, declared.whole, declared.source, declared.row);
            sink.add(year, Fact::Indicator { indicator, part, whole, source, row });
            let counted = if weighted.raises { share.part() } else { share.whole() - share.part() };
            let weight = wide(pack[weighted.weight].value);
            weights += weight;
            sum = sum.and_then(|sum| {
                let share = Ratio::new(i128::from(counted), i128::from(share.whole()));
                let numerator = share.numer().checked_mul(*weight.numer())?;
                let term = Ratio::new(numerator, share.denom().checked_mul(*weight.denom())?);
                let left = sum.numer().checked_mul(*term.denom())?;
                let right = term.numer().checked_mul(*sum.denom())?;
                Some(Ratio::new(left.checked_add(right)?, sum.denom().checked_mul(*term.denom())?))
            });
        }
        if !complete || *weights.numer() == 0 {
            return single(Truth::Unknown);
        }
        let value = sum.and_then(|sum| {
            let numerator = sum.numer().checked_mul(*weights.denom())?;
            Some(Ratio::new(numerator, sum.denom().checked_mul(*weights.numer())?))
        });
        let narrow = value.and_then(|value| {
            Some(Exact::new(i64::try_from(*value.numer()).ok()?, i64::try_from(*value.denom()).ok()?))
        });
        let ordering = value.and_then(|value| large_against(value, pack[threshold].value));
        match (narrow, ordering) {
            (Some(shown), Some(ordering)) => {
                sink.add(year, Fact::IndexValue(shown));
                single(Truth::of(compare.holds(ordering)))
            }
            _ => {
                sink.add(year, Fact::TooLarge);
                single(Truth::Unknown)
            }
        }
    }

    /// Enough possible markers, in enough years. What was not looked for could have been found.
    pub fn marker_count(
        &self,
        at_least: NumberIndex,
        of: NumberIndex,
        looked: Span,
        year: u16,
        sink: &mut Sink<'_>,
    ) -> Answer {
        let pack = self.context.pack;
        let (looked, in_years) = span(pack, looked);
        let (needed, of) = (pack[at_least].count(), pack[of].count());
        let truths: Vec<Truth> = window(year, looked)
            .rev()
            .map(|of_year| match self.context.markers(self.id, of_year) {
                Some(markers) => {
                    let (found, looked_for) = (markers.found, markers.looked_for);
                    sink.add(of_year, Fact::Markers { found, looked_for });
                    let unknown = of.saturating_sub(u64::from(looked_for));
                    Truth::at_least(needed, u64::from(found), unknown)
                }
                None => {
                    sink.add(of_year, Fact::NoMarkers);
                    Truth::Unknown
                }
            })
            .collect();
        single(self.over_years(truths.into_iter(), looked, in_years, year, sink))
    }
}

fn wide(number: Exact) -> Ratio<i128> {
    Ratio::new(i128::from(*number.numer()), i128::from(*number.denom()))
}
