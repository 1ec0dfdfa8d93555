//! Which times of which plans stand behind a number?

use jiff::civil::Date;
use opora_execution::{State, StateKind};

use super::Leaf;
use crate::usecases::standings::{Line, Named, PlanStanding};

/// Which times are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Every one.
    #[default]
    All,
    /// Those that progress is measured by: not the cancelled, and those without a day only once they are carried out.
    Measured,
    /// Carried out, confirmed or not.
    CarriedOut,
    /// In one state.
    In(StateKind),
}

impl Which {
    /// The choice of a stable word; an empty one is every time.
    pub fn of_slug(word: &str) -> Option<Self> {
        match word {
            "" | "all" => Some(Self::All),
            "measured" => Some(Self::Measured),
            "carried-out" => Some(Self::CarriedOut),
            word => StateKind::ALL.into_iter().find(|kind| kind.slug() == word).map(Self::In),
        }
    }

    /// Stable word for addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Measured => "measured",
            Self::CarriedOut => "carried-out",
            Self::In(kind) => kind.slug(),
        }
    }

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::All => "все сроки",
            Self::Measured => "сроки, по которым считается выполнение",
            Self::CarriedOut => "выполнено",
            Self::In(kind) => kind.russian(),
        }
    }

    /// Whether a time is one of them.
    pub fn holds(self, line: &Line) -> bool {
        let is_carried_out = is_carried_out(line);
        match self {
            Self::All => true,
            Self::Measured => line.state != State::Cancelled && (line.due().is_some() || is_carried_out),
            Self::CarriedOut => is_carried_out,
            Self::In(kind) => line.state.kind() == kind,
        }
    }
}

/// Carried out, confirmed or not.
pub(super) fn is_carried_out(line: &Line) -> bool {
    matches!(line.state, State::Done | State::Confirmed)
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// The month, from one.
    pub month: i8,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month of a text such as `2026-10`.
    pub fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().map(Self::of)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What rows are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsAsked {
    /// In which state.
    pub which: Which,
    /// Planned for this month, the cancelled left out.
    pub planned: Option<Month>,
    /// Carried out in this month.
    pub done: Option<Month>,
    /// Of one plan.
    pub plan: Option<i64>,
    /// Of one section, counted from zero.
    pub section: Option<usize>,
}

impl RowsAsked {
    /// Months and named plans tell of closed plans, too: of what was. States tell of what is to be done.
    fn looks_back(&self) -> bool {
        self.planned.is_some() || self.done.is_some() || self.plan.is_some()
    }

    /// Whether a time of a plan is asked for.
    pub fn holds(&self, plan: &PlanStanding, line: &Line) -> bool {
        self.which.holds(line)
            && (self.looks_back() || !plan.is_closed())
            && self.plan.is_none_or(|id| plan.summary.id.0 == id)
            && self.section.is_none_or(|section| line.section == section)
            && self.planned.is_none_or(|month| planned_in(line) == Some(month))
            && self.done.is_none_or(|month| done_in(line) == Some(month))
    }
}

/// The month a time was planned for; none for what is cancelled or has no day.
pub(super) fn planned_in(line: &Line) -> Option<Month> {
    let day = line.outline.baseline.planned.or(line.outline.baseline.postponed);
    day.filter(|_| line.state != State::Cancelled).map(Month::of)
}

/// The month in which a time was carried out.
pub(super) fn done_in(line: &Line) -> Option<Month> {
    line.outline.baseline.actual.filter(|_| is_carried_out(line)).map(Month::of)
}

/// A time with what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Whose.
    pub leaf: &'a Leaf,
    /// The plan.
    pub plan: &'a PlanStanding,
    /// The time.
    pub line: &'a Line,
}

impl<'a> Found<'a> {
    /// The activity by its name.
    pub fn named(&self) -> Option<&'a Named> {
        self.plan.activities.iter().find(|named| named.key == self.line.key.activity)
    }

    /// Number and title of the activity.
    pub fn title(&self) -> String {
        self.named().map_or_else(String::new, |named| match &named.number {
            Some(number) => format!("{number}. {}", named.title),
            None => named.title.clone(),
        })
    }

    /// Its place on the page of the work of the plan, on which lines stand by day, `page` lines on each.
    pub fn address(&self, page: usize) -> String {
        let kind = self.line.state.kind();
        let day = |line: &Line| (line.due().is_none(), line.due(), line.key);
        let own = day(self.line);
        let before =
            self.plan.lines.iter().filter(|line| line.state.kind() == kind && day(line) < own).count();
        let anchor = self.line.key.to_string().replace(['/', '.'], "-");
        let number = before / page.max(1) + 1;
        let later = if number > 1 { format!("&page={number}") } else { String::new() };
        format!("/plans/{}/work?state={}{later}#o-{anchor}", self.plan.summary.id.0, kind.slug())
    }
}

/// The times asked for, place by place in the order of `leaves`, in each plan by the day they are due. They are never
/// sorted by a number of a school.
pub fn found<'a>(leaves: &'a [Leaf], asked: &RowsAsked) -> Vec<Found<'a>> {
    let [all] = found_in(leaves, |plan, line| [asked.holds(plan, line)]);
    all
}

/// Several lists in one walk, each in the same order: those times of which the part of the answer at its place holds.
pub(super) fn found_in<const LISTS: usize>(
    leaves: &[Leaf],
    holds: impl Fn(&PlanStanding, &Line) -> [bool; LISTS],
) -> [Vec<Found<'_>>; LISTS] {
    let mut lists = [const { Vec::new() }; LISTS];
    for leaf in leaves {
        for plan in &leaf.plans {
            let before = lists.each_ref().map(Vec::len);
            for line in &plan.lines {
                for (list, _) in lists.iter_mut().zip(holds(plan, line)).filter(|(_, holds)| *holds) {
                    list.push(Found { leaf, plan, line });
                }
            }
            for (list, before) in lists.iter_mut().zip(before) {
                if let Some(own) = list.get_mut(before..) {
                    own.sort_by_key(|found| (found.line.due().is_none(), found.line.due(), found.line.key));
                }
            }
        }
    }
    lists
}
