//! What is different between two runs, and why?

use opora_cells::OrganisationId;

use crate::{Atom, CriterionIndex, Run, Standing, Truth, Verdict};

/// A criterion that answers otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Name of the criterion in its pack.
    pub criterion: String,
    /// Its name in words.
    pub name: String,
    /// Answer in the first run; nothing when the first pack has no such criterion.
    pub before: Option<Truth>,
    /// Answer in the second run; nothing when the second pack has no such criterion.
    pub after: Option<Truth>,
}

/// A school that got another category or tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which school.
    pub organisation: OrganisationId,
    /// Category in the first run, as shown; nothing when the school is not in it.
    pub before: Option<String>,
    /// Category in the second run.
    pub after: Option<String>,
    /// Criteria that answer otherwise.
    pub reasons: Vec<Reason>,
}

/// What is different between two runs. Each list stands by organisation number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Came onto the list.
    pub entered: Vec<Changed>,
    /// Left the list.
    pub left: Vec<Changed>,
    /// Got another category or tier otherwise.
    pub changed: Vec<Changed>,
    /// How many are the same.
    pub same: usize,
}

/// Compares runs of two years, two packs, or a pack and its [`what_if`](crate::what_if). Criteria are matched by name.
pub fn compare(before: &Run, after: &Run) -> Comparison {
    let mut comparison = Comparison::default();
    let mut organisations: Vec<OrganisationId> =
        before.verdicts.iter().chain(&after.verdicts).map(Verdict::organisation).collect();
    organisations.sort_unstable();
    organisations.dedup();
    for organisation in organisations {
        let (first, second) = (before.of(organisation), after.of(organisation));
        let was_in = first.is_some_and(|verdict| verdict.standing() == Standing::In);
        let is_in = second.is_some_and(|verdict| verdict.standing() == Standing::In);
        let shown = |run: &Run, verdict: Option<&Verdict>| Some(shown(run, verdict?));
        let (from, to) = (shown(before, first), shown(after, second));
        if from == to {
            comparison.same += 1;
            continue;
        }
        let reasons = reasons(before, first, after, second);
        let changed = Changed { organisation, before: from, after: to, reasons };
        match (was_in, is_in) {
            (false, true) => comparison.entered.push(changed),
            (true, false) => comparison.left.push(changed),
            _ => comparison.changed.push(changed),
        }
    }
    comparison
}

fn shown(run: &Run, verdict: &Verdict) -> String {
    let category = &run.pack[verdict.category()].name;
    match verdict.tier().and_then(|tier| run.pack.tiers().get(tier)) {
        Some(tier) => format!("{category}, {}", tier.name),
        None => category.clone(),
    }
}

fn reasons(before: &Run, first: Option<&Verdict>, after: &Run, second: Option<&Verdict>) -> Vec<Reason> {
    let answer = |run: &Run, verdict: Option<&Verdict>, id: &str| {
        let at = run.pack.criteria.iter().position(|criterion| criterion.id == id)?;
        if run.pack.criteria.get(at)?.question.is_portrait() {
            return None;
        }
        Some(verdict?.answer(Atom::Criterion(CriterionIndex(u8::try_from(at).ok()?))))
    };
    let old = &before.pack.criteria;
    let new = after.pack.criteria.iter().filter(|criterion| old.iter().all(|other| other.id != criterion.id));
    let each = old.iter().chain(new).map(|criterion| Reason {
        criterion: criterion.id.clone(),
        name: criterion.name.clone(),
        before: answer(before, first, &criterion.id),
        after: answer(after, second, &criterion.id),
    });
    each.filter(|reason| reason.before != reason.after).collect()
}
