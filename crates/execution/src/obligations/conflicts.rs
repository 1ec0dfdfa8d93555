//! Which rules say different things about the same?

use opora_schedule::{Every, Kind, Times, Unit, When};

use super::Rule;
use super::windows::said;

/// Two rules about the same thing that do not say the same. Both keep their windows until a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict<'a> {
    /// The rule that comes first.
    pub first: &'a Rule,
    /// The other.
    pub second: &'a Rule,
    /// How they differ.
    pub nature: ConflictNature,
    /// What a person decided about them, the last decision.
    pub settled: Option<&'a Settlement>,
}

/// A person's decision which of two rules is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The rule that is followed.
    pub follow: String,
    /// The rule that is set aside.
    pub set_aside: String,
    /// Why: «решение координационной группы от 5 апреля».
    pub reason: String,
}

/// Why a rule is set aside, in Russian, where somebody decided so; its windows are shown with these words and are owed
/// by nobody. The last decision about two rules counts.
#[must_use]
pub fn set_aside(rule: &Rule, settlements: &[Settlement]) -> Option<String> {
    let last = settlements.iter().enumerate().rev().find(|(_, s)| s.set_aside == rule.id)?;
    let taken_back =
        settlements.iter().skip(last.0 + 1).any(|s| s.follow == rule.id && s.set_aside == last.1.follow);
    (!taken_back).then(|| format!("решили держаться правила «{}»: {}", last.1.follow, last.1.reason))
}

/// How two rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictNature {
    /// Whoever keeps one to the letter breaks the other.
    NeverBoth,
    /// Whoever keeps the first keeps the second, too.
    FirstIsStricter,
    /// Whoever keeps the second keeps the first, too.
    SecondIsStricter,
    /// They ask for different days.
    OtherDays,
}

impl Conflict<'_> {
    /// What they say, by which clauses, what it means and what to do, in Russian.
    #[must_use]
    pub fn russian(&self) -> String {
        if let Some(settled) = self.settled {
            let follow = if settled.follow == self.first.id { self.first } else { self.second };
            return format!(
                "Об одном и том же сказано по-разному ({} и {}). Решено держаться {}: {}.",
                self.first.clause,
                self.second.clause,
                follow.clause,
                settled.reason.trim_end_matches('.')
            );
        }
        let (first, second) = (self.first, self.second);
        let meaning = match self.nature {
            ConflictNature::NeverBoth => "Буквально выполнить оба нельзя.".to_owned(),
            ConflictNature::FirstIsStricter => {
                format!("Строже первое: кто выполняет {}, выполняет и {}.", first.clause, second.clause)
            }
            ConflictNature::SecondIsStricter => {
                format!("Строже второе: кто выполняет {}, выполняет и {}.", second.clause, first.clause)
            }
            ConflictNature::OtherDays => "Дни у них разные.".to_owned(),
        };
        format!(
            "Об одном и том же сказано по-разному. {}: {} ({}). {}: {} ({}). {meaning} Решите, чего держаться, и запишите решение; до тех пор показаны окна обоих.",
            first.what,
            said(first),
            first.clause,
            second.what,
            said(second),
            second.clause
        )
    }
}

/// Every pair of rules about the same thing, of the same party, that hold at the same time and say different things.
/// Rules may come from several files. Nothing is chosen.
#[must_use]
pub fn conflicts<'a>(rules: &[&'a Rule], settlements: &'a [Settlement]) -> Vec<Conflict<'a>> {
    let mut found = Vec::new();
    for (at, first) in rules.iter().enumerate() {
        for second in rules.iter().skip(at + 1) {
            let together = first.phase.is_none() || second.phase.is_none() || first.phase == second.phase;
            let same = first.subject == second.subject
                && first.party == second.party
                && first.for_each_school == second.for_each_school;
            if same
                && together
                && let Some(nature) = differ(first, second)
            {
                let about = |s: &&Settlement| {
                    (&s.follow, &s.set_aside) == (&first.id, &second.id)
                        || (&s.follow, &s.set_aside) == (&second.id, &first.id)
                };
                let settled = settlements.iter().rev().find(about);
                found.push(Conflict { first, second, nature, settled });
            }
        }
    }
    found
}

fn differ(first: &Rule, second: &Rule) -> Option<ConflictNature> {
    if let (Some(a), Some(b)) = (rate(first), rate(second)) {
        return compare(a, b);
    }
    let days = |rule: &Rule| {
        let mut days: Vec<(Option<When>, When)> =
            rule.when.parts.iter().filter_map(|p| day(&p.kind)).collect();
        days.sort_unstable();
        days
    };
    (rate(first).is_some() || rate(second).is_some() || days(first) != days(second))
        .then_some(ConflictNature::OtherDays)
}

fn day(kind: &Kind) -> Option<(Option<When>, When)> {
    match kind {
        Kind::Day(on) => Some((Some(*on), *on)),
        Kind::Deadline { end, .. } => Some((None, *end)),
        Kind::Interval { start, end, .. } => Some((Some(*start), *end)),
        _ => None,
    }
}

/// How often: at least so many times in so many days, and at most so many in so many.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rate {
    least: (u32, u32),
    most: Option<(u32, u32)>,
}

fn rate(rule: &Rule) -> Option<Rate> {
    let [part] = rule.when.parts.as_slice() else { return None };
    let Kind::Recurrence { every, every_max, times, .. } = &part.kind else { return None };
    let Times { min, max } = times.unwrap_or(Times { min: Some(1), max: Some(1) });
    let times = |number: u16| u32::from(number.max(1));
    Some(Rate {
        least: (times(min.unwrap_or(1)), hours(every_max.unwrap_or(*every))),
        most: max.map(|max| (times(max), hours(*every))),
    })
}

/// Hours, so that a month is a twelfth of a year without fractions of a day.
fn hours(every: Every) -> u32 {
    let unit = match every.unit {
        Unit::Day | Unit::WorkingDay => 24,
        Unit::Week => 7 * 24,
        Unit::Month => 730,
        Unit::Year | Unit::SchoolYear => 8_760,
    };
    unit * u32::from(every.count.max(1))
}

fn compare(a: Rate, b: Rate) -> Option<ConflictNature> {
    if a == b {
        return None;
    }
    let oftener =
        |x: (u32, u32), y: (u32, u32)| u64::from(x.0) * u64::from(y.1) > u64::from(y.0) * u64::from(x.1);
    let breaks = |x: Rate, y: Rate| y.most.is_some_and(|most| oftener(x.least, most));
    if breaks(a, b) || breaks(b, a) {
        return Some(ConflictNature::NeverBoth);
    }
    // Equal minimum: the one with an upper bound says more.
    let first = oftener(a.least, b.least) || (!oftener(b.least, a.least) && a.most.is_some());
    Some(if first { ConflictNature::FirstIsStricter } else { ConflictNature::SecondIsStricter })
}
