//! What is counted over the plans of a place, and how do sums add up?

use std::collections::BTreeMap;

use jiff::civil::Date;
use opora_access::Place;
use opora_approval::Party;
use opora_execution::{Progress, State};
use opora_roadmap::{Lack, Significance};

use super::Leaf;
use super::decisions::decisions;
use super::duties::{DutySum, VisitSum, sums};

/// How many things wait, and how long the one that waits longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: usize,
    /// Days of the longest.
    pub longest_days: i32,
}

impl Waiting {
    /// One more that waits for so many days.
    pub fn add(&mut self, days: i32) {
        self.join(Self { count: 1, longest_days: days });
    }

    fn join(&mut self, other: Self) {
        self.count += other.count;
        self.longest_days = self.longest_days.max(other.longest_days);
    }
}

/// Risks of high significance and those that measures answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RiskSum {
    /// Risks of high significance.
    pub high: usize,
    /// Of them, answered by a measure with a deadline, a person, an expected result and evidence.
    pub answered: usize,
}

/// The numbers of a place, or of many together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Plans that are being carried out: neither in the archive nor closed.
    pub plans: usize,
    /// Schools of the programme and schools with plans.
    pub schools: usize,
    /// Of them, schools without any plan of their own that is being carried out.
    pub without_plan: usize,
    /// How the times of all plans stand.
    pub progress: Progress,
    /// Carried out and not confirmed yet, since the day it was carried out.
    pub unconfirmed: Waiting,
    /// Decisions that wait for the school, the curator, the coordinator.
    pub decisions: [Waiting; 3],
    /// Coverage of risks.
    pub risks: RiskSum,
    /// Windows of obligations.
    pub duties: DutySum,
    /// Visits.
    pub visits: VisitSum,
}

/// Place of a party in [`Sum::decisions`].
pub(super) fn at(party: Party) -> usize {
    match party {
        Party::Author => 0,
        Party::Reviewer => 1,
        Party::Coordinator => 2,
    }
}

impl Sum {
    /// The numbers of one place.
    pub fn of(leaf: &Leaf, today: Date) -> Self {
        let is_school = matches!(leaf.place, Place::School(_));
        let mut sum = Self {
            plans: leaf.going_on().count(),
            schools: usize::from(is_school),
            without_plan: usize::from(is_school && leaf.going_on().next().is_none()),
            ..Self::default()
        };
        for plan in leaf.going_on() {
            sum.progress = sum.progress.join(&plan.progress);
            for line in plan.lines.iter().filter(|line| line.state == State::Done) {
                sum.unconfirmed.add(line.outline.baseline.actual.map_or(0, |day| days_between(day, today)));
            }
        }
        for decision in decisions(leaf, today) {
            if let Some(waiting) = sum.decisions.get_mut(at(decision.waits_for)) {
                waiting.add(decision.days);
            }
        }
        (sum.duties, sum.visits) = sums(leaf, today);
        let risks = risks(leaf);
        sum.risks =
            RiskSum { high: risks.len(), answered: risks.iter().filter(|risk| risk.is_answered()).count() };
        sum
    }

    /// Adds the numbers of another place.
    pub fn join(&mut self, other: &Self) {
        self.plans += other.plans;
        self.schools += other.schools;
        self.without_plan += other.without_plan;
        self.progress = std::mem::take(&mut self.progress).join(&other.progress);
        self.unconfirmed.join(other.unconfirmed);
        for (mine, theirs) in self.decisions.iter_mut().zip(other.decisions) {
            mine.join(theirs);
        }
        self.risks.high += other.risks.high;
        self.risks.answered += other.risks.answered;
        self.duties.join(other.duties);
        self.visits.join(other.visits);
    }

    /// There is something to tell of.
    pub fn is_anything(&self) -> bool {
        self.plans > 0 || self.duties.all() > 0 || self.visits.all() > 0
    }

    /// All decisions that wait, whoever for.
    pub fn all_decisions(&self) -> Waiting {
        self.decisions.iter().fold(Waiting::default(), |mut all, waiting| {
            all.join(*waiting);
            all
        })
    }
}

/// Days from one to another; none backwards: a clock that was set back gives zero.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days()).max(0)
}

/// A risk of high significance of a school, and what the plans say to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskRow {
    /// The school.
    pub place: Place,
    /// Name of the risk.
    pub name: String,
    /// The plan that answers it best.
    pub plan: Option<i64>,
    /// What that plan still lacks; nothing where no activity of any plan answers the risk.
    pub lacks: Option<Vec<Lack>>,
}

impl RiskRow {
    /// A measure answers it with all that is asked for.
    pub fn is_answered(&self) -> bool {
        self.lacks.as_ref().is_some_and(Vec::is_empty)
    }

    /// In words.
    pub fn russian(&self) -> String {
        let word = |lack: &Lack| match lack {
            Lack::Measure => "меры",
            Lack::Deadline => "срока",
            Lack::Person => "ответственного по имени",
            Lack::Indicator => "ожидаемого результата",
            Lack::Evidence => "подтверждения",
        };
        match &self.lacks {
            None => "меры нет".to_owned(),
            Some(lacks) if lacks.is_empty() => "мера есть".to_owned(),
            Some(lacks) => {
                format!("мера есть, не хватает: {}", lacks.iter().map(word).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The risks of high significance of a place: those of the approved diagnosis, and before there is one, those that the
/// roadmaps were drafted from.
pub fn risks(leaf: &Leaf) -> Vec<RiskRow> {
    if !leaf.shows_risks {
        return Vec::new();
    }
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    match &leaf.high {
        Some(high) => named.extend(high.iter().map(|risk| (risk.code.as_str(), risk.name.as_str()))),
        None => {
            let drafted = leaf.going_on().flat_map(|plan| &plan.answers.drafted);
            let high = drafted.filter(|risk| risk.significance == Significance::High);
            named.extend(high.map(|risk| (risk.code.as_str(), risk.name.as_str())));
        }
    }
    let row = |(code, name): (&str, &str)| {
        let said = leaf.going_on().filter_map(|plan| Some((plan, plan.answers.lacks.get(code)?)));
        let best = said.min_by_key(|(_, lacks)| lacks.len());
        RiskRow {
            place: leaf.place,
            name: name.to_owned(),
            plan: best.map(|(plan, _)| plan.summary.id.0),
            lacks: best.map(|(_, lacks)| lacks.clone()),
        }
    };
    let mut rows: Vec<RiskRow> = named.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}
