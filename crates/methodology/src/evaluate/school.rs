//! What does one school get?

use opora_cells::{Cell, OrganisationId, Procedure};
use opora_registry::{EventKind, NodeId, Organisation};

use super::context::Context;
use crate::verdict::{decide, standing};
use crate::{
    Answer, Atom, CellSeen, CriterionIndex, Evidence, Fact, Found, Measure, Note, Pack, Question, SetIndex,
    Standing, Trace, Truth, Verdict,
};

/// What is laid out for one school after the other, so that nothing is allocated anew.
#[derive(Default)]
pub(super) struct Desk {
    chunks: Vec<Chunk>,
    evidence: Vec<Evidence>,
    base: Vec<Truth>,
    /// Sets that contain a procedure, by its packed number, as far as procedures were met.
    sets: Vec<(u32, u64)>,
}

/// Cells of one procedure and the sets that contain it, a bit each.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    start: usize,
    end: usize,
    sets: u64,
}

impl Desk {
    fn lay(&mut self, pack: &Pack, cells: &[Cell]) {
        self.chunks.clear();
        self.evidence.clear();
        self.base.clear();
        let mut start = 0;
        for chunk in cells.chunk_by(|a, b| a.procedure == b.procedure) {
            let end = start + chunk.len();
            if let Some(sets) =
                chunk.first().map(|cell| self.sets_of(pack, cell.procedure)).filter(|sets| *sets > 0)
            {
                self.chunks.push(Chunk { start, end, sets });
            }
            start = end;
        }
    }

    fn sets_of(&mut self, pack: &Pack, procedure: Procedure) -> u64 {
        let packed = procedure.packed();
        match self.sets.binary_search_by_key(&packed, |(known, _)| *known) {
            Ok(at) => self.sets.get(at).map_or(0, |(_, sets)| *sets),
            Err(at) => {
                let bits = pack.sets.iter().zip(0..).filter(|(set, _)| set.contains(procedure));
                let sets = bits.fold(0, |sets, (_, bit)| sets | 1_u64 << bit);
                self.sets.insert(at, (packed, sets));
                sets
            }
        }
    }
}

/// The verdict of a school; nothing for one that did not exist in that year and has no results.
pub(super) fn verdict(
    context: &Context<'_>,
    desk: &mut Desk,
    id: OrganisationId,
    organisation: Option<&Organisation>,
    cells: &[Cell],
) -> Option<Verdict> {
    desk.lay(context.pack, cells);
    let municipality = organisation.map(|organisation| organisation.municipality);
    let region = municipality.and_then(|id| context.facts.registry.node(id)?.parent);
    let chunks = &desk.chunks;
    let school = School { context, id, organisation, municipality, region, cells, chunks };
    if !school.exists() {
        return None;
    }
    Some(school.verdict(&mut desk.evidence, &mut desk.base))
}

/// A school with everything that is asked of it.
pub(super) struct School<'c> {
    pub context: &'c Context<'c>,
    pub id: OrganisationId,
    pub organisation: Option<&'c Organisation>,
    pub municipality: Option<NodeId>,
    pub region: Option<NodeId>,
    pub cells: &'c [Cell],
    chunks: &'c [Chunk],
}

/// Where evidence goes: into a trace, or nowhere for the years before.
pub(super) struct Sink<'s> {
    pub evidence: Option<&'s mut Vec<Evidence>>,
    pub criterion: CriterionIndex,
}

impl Sink<'_> {
    pub fn add(&mut self, year: u16, fact: Fact) {
        if let Some(evidence) = &mut self.evidence {
            evidence.push(Evidence { criterion: self.criterion, year, fact });
        }
    }

    /// A cell with what was measured of it.
    pub fn cell(&mut self, cell: &Cell, measured: Option<(u64, u64)>, found: Found) {
        if self.evidence.is_some() {
            let (part, whole) = measured.unwrap_or_default();
            let seen = CellSeen {
                procedure: cell.procedure,
                part: u32::try_from(part).unwrap_or(u32::MAX),
                whole: u32::try_from(whole).unwrap_or(u32::MAX),
                unmarked: cell.unmarked,
                source: cell.source,
                rows: cell.rows,
                autumn: cell.autumn,
                found,
            };
            self.add(cell.year, Fact::Cell(seen));
        }
    }
}

impl<'c> School<'c> {
    fn verdict(&self, evidence: &mut Vec<Evidence>, base: &mut Vec<Truth>) -> Verdict {
        let (context, year) = (self.context, self.context.year);
        let pack = context.pack;
        let mut asked = Vec::with_capacity(pack.criteria.len());
        for back in 0..context.reach.answers {
            let Some(of_year) = year.checked_sub(back) else { break };
            for (criterion, at) in pack.criteria.iter().zip(0..) {
                let mut sink =
                    Sink { evidence: (back == 0).then_some(&mut *evidence), criterion: CriterionIndex(at) };
                let answer = self.ask(CriterionIndex(at), &criterion.question, of_year, &mut sink);
                base.push(answer.truth.unwrap_or(Truth::Unknown));
                if back == 0 {
                    asked.push(answer);
                }
            }
        }
        let previous = self.previous(base);
        let (truths, conditions) = self.complete(base, 0, Some(evidence));
        for (answer, truth) in asked.iter_mut().zip(&truths) {
            answer.truth = answer.truth.map(|_| *truth);
        }
        // History is answered last but stands where the pack has it.
        if !evidence.is_sorted_by_key(|evidence| evidence.criterion) {
            evidence.sort_by_key(|evidence| evidence.criterion);
        }
        let trace = Trace {
            answers: asked.into_boxed_slice(),
            conditions: conditions.into_boxed_slice(),
            evidence: evidence.as_slice().into(),
            notes: self.notes(),
        };
        Verdict::new(pack, self.id, year, previous, trace)
    }

    /// The base answers of the year that is `back` years before: those of criteria that ask for no history.
    fn base_of<'b>(&self, base: &'b [Truth], back: usize) -> &'b [Truth] {
        base.chunks(self.context.pack.criteria.len().max(1)).nth(back).unwrap_or_default()
    }

    fn ask(&self, at: CriterionIndex, question: &Question, year: u16, sink: &mut Sink<'_>) -> Answer {
        match question {
            Question::Procedures { .. } => self.procedures(question, year, sink),
            Question::SameProcedure { .. } => self.same_procedure(question, year, sink),
            Question::BelowReference { .. } => self.below_reference(question, year, sink),
            Question::Indicator { .. } => self.indicator(question, year, sink),
            Question::Index { index, compare, threshold } => {
                self.index(*index, *compare, *threshold, year, sink)
            }
            Question::LowestOfPool { .. } => self.lowest_of_pool(at, question, year, sink),
            Question::Markers { at_least, of, span } => self.marker_count(*at_least, *of, *span, year, sink),
            Question::History { .. } => single(Truth::Unknown),
            Question::Portrait { .. } => {
                // A portrait of an earlier year is shown nowhere.
                if sink.evidence.is_some() {
                    self.portrait(question, year, sink);
                }
                Answer { truth: None, yes: 0, no: 0, unknown: 0 }
            }
        }
    }

    /// Answers of criteria, history included, and of conditions for the year that is `back` years before.
    fn complete(
        &self,
        base: &[Truth],
        back: usize,
        mut evidence: Option<&mut Vec<Evidence>>,
    ) -> (Vec<Truth>, Vec<Truth>) {
        let mut truths = self.base_of(base, back).to_vec();
        for (criterion, at) in self.context.pack.criteria.iter().zip(0..) {
            if let Question::History { of, years, at_least } = criterion.question {
                let mut sink = Sink { evidence: evidence.as_deref_mut(), criterion: CriterionIndex(at) };
                let looked = usize::from(super::context::years(self.context.pack, years));
                let needed = self.context.pack[at_least].count();
                let truth = self.in_years(base, of, back..back + looked, needed, &mut sink);
                if let Some(answer) = truths.get_mut(usize::from(at)) {
                    *answer = truth;
                }
            }
        }
        let conditions = self.conditions(&truths);
        (truths, conditions)
    }

    fn in_years(
        &self,
        base: &[Truth],
        of: Atom,
        backs: std::ops::Range<usize>,
        needed: u64,
        sink: &mut Sink<'_>,
    ) -> Truth {
        let newest = backs.start;
        let truths = backs.filter_map(|back| {
            let year = self.context.year.checked_sub(u16::try_from(back).ok()?)?;
            let listed = if back == newest { None } else { self.context.listed(self.id, year) };
            let truth = match (listed, of) {
                (Some(listed), _) => Truth::of(listed),
                (None, Atom::Criterion(index)) => {
                    self.base_of(base, back).get(usize::from(index.0)).copied().unwrap_or(Truth::Unknown)
                }
                (None, Atom::Condition(index)) => {
                    self.conditions(self.base_of(base, back)).get(index).copied().unwrap_or(Truth::Unknown)
                }
            };
            sink.add(year, Fact::Year { truth, listed: listed.is_some() });
            Some(truth)
        });
        Truth::at_least_of(needed, truths.collect::<Vec<_>>())
    }

    fn conditions(&self, truths: &[Truth]) -> Vec<Truth> {
        let pack = self.context.pack;
        let mut conditions: Vec<Truth> = Vec::with_capacity(pack.conditions.len());
        for condition in &pack.conditions {
            let truth = condition.rule.truth(pack, &|atom| atom_of(truths, &conditions, atom));
            conditions.push(truth);
        }
        conditions
    }

    /// Whether it was on the list the year before: as the list says, else as it would be computed.
    fn previous(&self, base: &[Truth]) -> Standing {
        let (context, mut previous) = (self.context, Standing::Out);
        for back in (1..=context.reach.standings).rev() {
            let Some(year) = context.year.checked_sub(back) else { continue };
            previous = match context.listed(self.id, year) {
                Some(true) => Standing::In,
                Some(false) => Standing::Out,
                None => {
                    let (truths, conditions) = self.complete(base, usize::from(back), None);
                    let atoms = |atom| atom_of(&truths, &conditions, atom);
                    standing(context.pack, decide(context.pack, previous, &atoms).0)
                }
            };
        }
        previous
    }

    /// It exists in the year, or has results of it.
    fn exists(&self) -> bool {
        let year = i32::from(self.context.year);
        let events = self.context.facts.registry.events_of(self.id);
        let gone = events.iter().any(|event| match event.kind {
            EventKind::Opened => i32::from(event.date.year()) > year,
            EventKind::Closed | EventKind::MergedInto(_) => i32::from(event.date.year()) < year,
            EventKind::Renamed { .. } => false,
        });
        !gone || self.cells.iter().any(|cell| cell.year == self.context.year)
    }

    fn notes(&self) -> Vec<Note> {
        let (registry, year) = (self.context.facts.registry, i32::from(self.context.year));
        let first = year - i32::from(self.context.reach.results) + 1;
        let within = |date: jiff::civil::Date| i32::from(date.year()) >= first;
        let mut notes = Vec::new();
        if self.organisation.is_none() {
            notes.push(Note::NotInRegistry);
        }
        for event in registry.events_of(self.id) {
            match event.kind {
                EventKind::Opened if within(event.date) => notes.push(Note::Opened(event.date)),
                EventKind::Closed => notes.push(Note::Closed(event.date)),
                EventKind::MergedInto(into) => notes.push(Note::MergedInto(event.date, into)),
                EventKind::Opened | EventKind::Renamed { .. } => {}
            }
        }
        let absorbed = self.context.absorbed(self.id).filter(|(date, _)| within(*date));
        notes.extend(absorbed.map(|(date, from)| Note::Absorbed(date, from)));
        notes
    }

    /// Its cells of a set of procedures, procedure by procedure.
    pub fn chunks(&self, set: SetIndex) -> impl Iterator<Item = &'c [Cell]> {
        let (cells, bit) = (self.cells, 1_u64 << set.0);
        let chunks = self.chunks.iter().filter(move |chunk| chunk.sets & bit != 0);
        chunks.map(move |chunk| cells.get(chunk.start..chunk.end).unwrap_or_default())
    }

    /// Why nothing can be measured of a cell.
    pub fn unmeasured(&self, cell: &Cell, measure: Measure) -> Found {
        let by_marks = measure != Measure::MeanScore;
        let unknown = self.context.facts.scales.of(cell.procedure, cell.year).is_none();
        if by_marks && unknown { Found::NoScale } else { Found::NoOutcome }
    }
}

/// An answer that counts no procedures.
pub(super) fn single(truth: Truth) -> Answer {
    Answer { truth: Some(truth), yes: 0, no: 0, unknown: 0 }
}

fn atom_of(truths: &[Truth], conditions: &[Truth], atom: Atom) -> Truth {
    let found = match atom {
        Atom::Criterion(index) => truths.get(usize::from(index.0)),
        Atom::Condition(index) => conditions.get(index),
    };
    found.copied().unwrap_or(Truth::Unknown)
}
