//! What must be known before the first school is judged?

use std::num::NonZeroUsize;

use jiff::civil::Date;
use opora_cells::{Aggregate, IndicatorCode, OrganisationId};
use opora_registry::EventKind;

use super::around::References;
use super::pool::Pools;
use crate::{Facts, MarkerCount, NumberIndex, Pack, PastDecision, Question, Span};

/// Facts put in order, and what schools are compared with.
pub(super) struct Context<'a> {
    pub pack: &'a Pack,
    pub facts: Facts<'a>,
    pub year: u16,
    pub reach: Reach,
    pub references: References,
    pub pools: Pools,
    aggregates: Vec<&'a Aggregate>,
    markers: Vec<&'a MarkerCount>,
    past: Vec<&'a PastDecision>,
    absorbed: Vec<(OrganisationId, Date, OrganisationId)>,
}

/// How many years back is looked.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// Years whose standing is computed before the year itself.
    pub standings: u16,
    /// Years whose criteria are answered, the year itself included.
    pub answers: u16,
    /// Years whose results are looked at, the year itself included.
    pub results: u16,
}

impl<'a> Context<'a> {
    pub fn new(pack: &'a Pack, facts: &Facts<'a>, year: u16, threads: NonZeroUsize) -> Self {
        let reach = Reach::of(pack);
        let mut aggregates: Vec<_> = facts.aggregates.iter().collect();
        aggregates.sort_by_key(|fact| (fact.organisation, fact.indicator, fact.year, fact.source, fact.row));
        let mut markers: Vec<_> = facts.markers.iter().collect();
        markers.sort_by_key(|fact| (fact.organisation, fact.year));
        let mut past: Vec<_> = facts.past.iter().collect();
        past.sort_by_key(|fact| (fact.organisation, fact.year));
        let mut absorbed: Vec<_> = facts
            .registry
            .events()
            .iter()
            .filter_map(|event| match event.kind {
                EventKind::MergedInto(target) => Some((target, event.date, event.organisation)),
                _ => None,
            })
            .collect();
        absorbed.sort_unstable();
        let bounds = super::bounds(facts, threads);
        let references = References::new(pack, facts, (year.saturating_sub(reach.results), year), &bounds);
        let pools = Pools::new(pack, facts, year, reach, &bounds);
        Self { pack, facts: *facts, year, reach, references, pools, aggregates, markers, past, absorbed }
    }

    /// The declared number of a school in a year; the latest source counts.
    pub fn aggregate(
        &self,
        organisation: OrganisationId,
        indicator: IndicatorCode,
        year: u16,
    ) -> Option<&'a Aggregate> {
        let key = (organisation, indicator, year);
        let end =
            self.aggregates.partition_point(|fact| (fact.organisation, fact.indicator, fact.year) <= key);
        let last = *self.aggregates.get(end.checked_sub(1)?)?;
        ((last.organisation, last.indicator, last.year) == key).then_some(last)
    }

    /// The markers of a school in a year.
    pub fn markers(&self, organisation: OrganisationId, year: u16) -> Option<&'a MarkerCount> {
        let key = (organisation, year);
        let end = self.markers.partition_point(|fact| (fact.organisation, fact.year) <= key);
        let last = *self.markers.get(end.checked_sub(1)?)?;
        ((last.organisation, last.year) == key).then_some(last)
    }

    /// What the final list of a past year says of a school.
    pub fn listed(&self, organisation: OrganisationId, year: u16) -> Option<bool> {
        let key = (organisation, year);
        let end = self.past.partition_point(|fact| (fact.organisation, fact.year) <= key);
        let last = *self.past.get(end.checked_sub(1)?)?;
        ((last.organisation, last.year) == key).then_some(last.identified)
    }

    /// Schools that became part of this one, with the day.
    pub fn absorbed(&self, organisation: OrganisationId) -> impl Iterator<Item = (Date, OrganisationId)> {
        let start = self.absorbed.partition_point(|(target, ..)| *target < organisation);
        let rest = self.absorbed.get(start..).unwrap_or_default().iter();
        rest.take_while(move |(target, ..)| *target == organisation).map(|(_, date, from)| (*date, *from))
    }
}

impl Reach {
    fn of(pack: &Pack) -> Self {
        let years = |number: Option<NumberIndex>| number.map_or(1, |number| years(pack, number));
        let mut history = 1;
        let mut results = 1;
        for criterion in &pack.criteria {
            match criterion.question {
                Question::History { years: looked, .. } => history = history.max(years(Some(looked))),
                Question::Procedures { span, .. }
                | Question::BelowReference { span, .. }
                | Question::Markers { span, .. } => results = results.max(years(span.years)),
                Question::SameProcedure { years: looked, .. }
                | Question::LowestOfPool { years: looked, .. }
                | Question::Portrait { years: looked, .. } => results = results.max(years(Some(looked))),
                Question::Indicator { years: looked, .. } => results = results.max(years(looked)),
                Question::Index { .. } => {}
            }
        }
        let standings = pack.exit.as_ref().map_or(1, |exit| years(Some(exit.years)));
        let answers = standings + history;
        Self { standings, answers, results: answers + results - 1 }
    }
}

/// A number of years; checked to be 1 to 10 when the pack was read.
pub(super) fn years(pack: &Pack, number: NumberIndex) -> u16 {
    u16::try_from(pack[number].count()).unwrap_or(1).clamp(1, 10)
}

/// How many years a span looks at, and in how many of them it must be so.
pub(super) fn span(pack: &Pack, span: Span) -> (u16, u64) {
    let looked = span.years.map_or(1, |number| years(pack, number));
    (looked, span.in_years.map_or(u64::from(looked), |number| pack[number].count()))
}
