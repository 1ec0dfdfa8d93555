//! Which category does each school get?

mod around;
mod context;
mod declared;
mod pool;
mod procedures;
mod school;

use std::num::NonZeroUsize;
use std::sync::Arc;

use opora_cells::{Cell, CellView, OrganisationId};
use opora_registry::Organisation;

use crate::{Facts, Pack, Run, Scope, Verdict};
use context::Context;
use school::{Desk, verdict};

/// Judges every school of a scope by a pack, on as many threads as the machine offers. The result does not depend on
/// their number.
pub fn identify(pack: &Arc<Pack>, facts: &Facts<'_>, year: u16, scope: Scope) -> Run {
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    identify_on(threads, pack, facts, year, scope)
}

/// [`identify`] on a given number of threads.
pub fn identify_on(
    threads: NonZeroUsize,
    pack: &Arc<Pack>,
    facts: &Facts<'_>,
    year: u16,
    scope: Scope,
) -> Run {
    let context = Context::new(pack, facts, year, threads);
    let bounds = bounds(facts, threads);
    let parts: Vec<Vec<Verdict>> = on_threads(&bounds, |range| {
        let mut verdicts = Vec::new();
        let mut desk = Desk::default();
        let wanted = |id, organisation: Option<&Organisation>| within(facts, scope, id, organisation);
        each_school(facts, range, wanted, |id, organisation, cells| {
            verdicts.extend(verdict(&context, &mut desk, id, organisation, cells));
        });
        verdicts
    });
    Run { pack: Arc::clone(pack), year, verdicts: parts.into_iter().flatten().collect() }
}

/// The runs of several years, first to last.
pub fn history(pack: &Arc<Pack>, facts: &Facts<'_>, years: (u16, u16), scope: Scope) -> Vec<Run> {
    (years.0..=years.1).map(|year| identify(pack, facts, year, scope)).collect()
}

/// Organisation numbers from (inclusive) and to (exclusive, nothing for no end).
type Range = (OrganisationId, Option<OrganisationId>);

/// Splits the schools into parts of about the same number of cells.
fn bounds(facts: &Facts<'_>, threads: NonZeroUsize) -> Vec<Range> {
    let (starts, schools) = (facts.cells.starts(), facts.registry.organisations());
    let cells = facts.cells.all().len();
    let cut = |number: usize| {
        let at = starts.partition_point(|(_, start)| *start < cells / threads * number);
        let by_cells = starts.get(at).map(|(id, _)| *id);
        by_cells.or_else(|| schools.get(schools.len() / threads * number).map(|school| school.id))
    };
    let mut cuts = vec![OrganisationId(0)];
    cuts.extend((1..threads.get()).filter_map(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1).copied().map(Some).chain([None]);
    cuts.iter().copied().zip(ends).collect()
}

/// Runs a job for each part, one thread each, and returns the results in the order of the parts.
fn on_threads<T: Send>(bounds: &[Range], job: impl Fn(Range) -> T + Sync) -> Vec<T> {
    if let [only] = bounds {
        return vec![job(*only)];
    }
    std::thread::scope(|scope| {
        let handles: Vec<_> = bounds.iter().map(|range| scope.spawn(|| job(*range))).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, T>| match handle.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().map(join).collect()
    })
}

/// Walks the wanted schools of the registry and of the cells together, by number.
fn each_school<'a>(
    facts: &Facts<'a>,
    (from, to): Range,
    wanted: impl Fn(OrganisationId, Option<&'a Organisation>) -> bool,
    mut job: impl FnMut(OrganisationId, Option<&'a Organisation>, &[Cell]),
) {
    let before = |id: OrganisationId| to.is_none_or(|to| id < to);
    let (cells, mut starts) = (facts.cells.all(), facts.cells.starts());
    starts = starts.get(starts.partition_point(|(id, _)| *id < from)..).unwrap_or_default();
    let mut schools = facts.registry.organisations();
    schools = schools.get(schools.partition_point(|school| school.id < from)..).unwrap_or_default();
    // The cells of one school after the other, written out.
    let mut own = Vec::new();
    loop {
        let of_cells = starts.first().map(|(id, _)| *id);
        let of_schools = schools.first().map(|school| school.id);
        let Some(id) = of_cells.into_iter().chain(of_schools).min().filter(|id| before(*id)) else { return };
        let mut cells_of = CellView::default();
        if let Some(((_, start), rest)) = starts.split_first().filter(|((first, _), _)| *first == id) {
            let end = rest.first().map_or(cells.len(), |(_, next)| *next);
            cells_of = cells.slice(*start..end);
            starts = rest;
        }
        let mut organisation = None;
        if let Some((first, rest)) = schools.split_first().filter(|(first, _)| first.id == id) {
            (organisation, schools) = (Some(first), rest);
        }
        if wanted(id, organisation) {
            own.clear();
            own.extend(cells_of);
            job(id, organisation, &own);
        }
    }
}

fn within(facts: &Facts<'_>, scope: Scope, id: OrganisationId, organisation: Option<&Organisation>) -> bool {
    match scope {
        Scope::All => true,
        Scope::Organisation(wanted) => wanted == id,
        Scope::Node(node) => organisation.is_some_and(|organisation| {
            organisation.municipality == node
                || facts.registry.node(organisation.municipality).and_then(|up| up.parent) == Some(node)
        }),
    }
}
