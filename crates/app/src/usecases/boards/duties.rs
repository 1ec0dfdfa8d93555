//! Which windows of obligations were kept, which visits took place, and which rows stand behind these numbers?

use jiff::civil::Date;
use opora_access::Place;
use opora_execution::obligations::{Keeping, Kept};
use opora_execution::visits::VisitState;
use opora_schedule::Period;

use super::Leaf;
use super::trend::school_year;
use crate::usecases::support::{Rulebook, Visit, Window};

/// How the windows stand that have begun this school year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutySum {
    /// Done as often as asked.
    pub kept: usize,
    /// Over and not done as often as asked.
    pub missed: usize,
    /// They need not be kept.
    pub excused: usize,
    /// They go on.
    pub open: usize,
}

impl DutySum {
    /// Every window that has begun.
    pub fn all(&self) -> usize {
        self.kept + self.missed + self.excused + self.open
    }

    /// Those that are over and had to be kept.
    pub fn owed(&self) -> usize {
        self.kept + self.missed
    }

    fn add(&mut self, which: DutyWhich) {
        match which {
            DutyWhich::Kept => self.kept += 1,
            DutyWhich::Missed => self.missed += 1,
            DutyWhich::Excused => self.excused += 1,
            DutyWhich::Open => self.open += 1,
            DutyWhich::All | DutyWhich::Owed => {}
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.kept += other.kept;
        self.missed += other.missed;
        self.excused += other.excused;
        self.open += other.open;
    }
}

/// The visits of this school year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VisitSum {
    /// They took place.
    pub held: usize,
    /// They are to take place.
    pub planned: usize,
    /// Their day is over and nobody said that they took place.
    pub unmarked: usize,
}

impl VisitSum {
    /// Every visit.
    pub fn all(&self) -> usize {
        self.held + self.planned + self.unmarked
    }

    pub(super) fn join(&mut self, other: Self) {
        self.held += other.held;
        self.planned += other.planned;
        self.unmarked += other.unmarked;
    }
}

/// Which windows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyWhich {
    /// Every one that has begun.
    All,
    /// Those that are over and had to be kept.
    Owed,
    /// Done as often as asked.
    Kept,
    /// Over and not done as often as asked.
    Missed,
    /// They need not be kept.
    Excused,
    /// They go on.
    Open,
}

impl DutyWhich {
    /// Every choice in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::All, Self::Kept, Self::Missed, Self::Excused, Self::Open, Self::Owed];

    /// The choice of a stable word; an empty one is every window.
    pub fn of_slug(word: &str) -> Option<Self> {
        let word = if word.is_empty() { "all" } else { word };
        Self::ALL.into_iter().find(|which| which.slug() == word)
    }

    /// Stable word for addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Owed => "owed",
            Self::Kept => "kept",
            Self::Missed => "missed",
            Self::Excused => "excused",
            Self::Open => "open",
        }
    }

    /// In Russian, of windows.
    pub fn russian(self) -> &'static str {
        match self {
            Self::All => "все начавшиеся",
            Self::Owed => "соблюдены или пропущены",
            Self::Kept => "соблюдены",
            Self::Missed => "пропущены",
            Self::Excused => "не требуются",
            Self::Open => "идут сейчас",
        }
    }

    fn holds(self, own: Self) -> bool {
        match self {
            Self::All => true,
            Self::Owed => matches!(own, Self::Kept | Self::Missed),
            _ => self == own,
        }
    }

    /// How a window stands; none while it is ahead.
    fn of(window: &Window) -> Option<Self> {
        match &window.keeping {
            Keeping::Kept(_) => Some(Self::Kept),
            Keeping::Missed { .. } => Some(Self::Missed),
            Keeping::Excused(_) => Some(Self::Excused),
            Keeping::Open { .. } => Some(Self::Open),
            Keeping::Ahead => None,
        }
    }
}

/// Which visits are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitWhich {
    /// Every visit of this school year that was not cancelled.
    All,
    /// They took place.
    Held,
    /// They are to take place.
    Planned,
    /// Their day is over and nobody said that they took place.
    Unmarked,
}

impl VisitWhich {
    /// Every choice in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::All, Self::Held, Self::Planned, Self::Unmarked];

    /// The choice of a stable word; an empty one is every visit.
    pub fn of_slug(word: &str) -> Option<Self> {
        let word = if word.is_empty() { "all" } else { word };
        Self::ALL.into_iter().find(|which| which.slug() == word)
    }

    /// Stable word for addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Held => "held",
            Self::Planned => "planned",
            Self::Unmarked => "unmarked",
        }
    }

    /// In Russian, of visits.
    pub fn russian(self) -> &'static str {
        match self {
            Self::All => "все",
            Self::Held => "состоялись",
            Self::Planned => "запланированы",
            Self::Unmarked => "день прошёл, отметки нет",
        }
    }

    /// How a visit stands on a day, and the day it is about; none for one that was cancelled or is of another school year.
    fn of(visit: &Visit, today: Date) -> Option<(Self, Date)> {
        let (which, on) = match visit.state(today) {
            VisitState::Held(on) | VisitState::Closed(on) => (Self::Held, on),
            VisitState::Planned(on) => (Self::Planned, on),
            VisitState::Overdue { on, .. } => (Self::Unmarked, on),
            VisitState::New | VisitState::Cancelled => return None,
        };
        let is_of_year = which != Self::Held || school_year(on) == school_year(today);
        is_of_year.then_some((which, on))
    }
}

/// A window with what it belongs to.
#[derive(Clone, Debug)]
pub struct DutyRow<'a> {
    /// Whose.
    pub leaf: &'a Leaf,
    /// The window with its rule and how it stands.
    pub kept: Kept<'a>,
    /// The same in a word.
    pub which: DutyWhich,
}

impl DutyRow<'_> {
    /// How it stands, in a word.
    pub fn short(&self) -> &'static str {
        match self.which {
            DutyWhich::Kept => "соблюдено",
            DutyWhich::Missed => "пропущено",
            DutyWhich::Excused => "не требуется",
            DutyWhich::Open | DutyWhich::Owed | DutyWhich::All => "идёт",
        }
    }

    /// What is to be done and by which clause.
    pub fn title(&self) -> String {
        format!("{} ({})", self.kept.rule.what, self.kept.rule.clause)
    }

    /// First and last day.
    pub fn days(&self) -> Period {
        Period { start: self.kept.duty.window.from, end: self.kept.duty.window.due }
    }

    /// Its place on the page of obligations.
    pub fn address(&self) -> String {
        let of = match self.leaf.place {
            Place::School(school) => format!("school={}", school.0),
            Place::Node(node) => format!("node={}", node.0),
            Place::Installation => String::new(),
        };
        format!("/obligations?{of}#w-{}-{}", self.kept.rule.id, self.days().end)
    }
}

/// A visit with the school it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct VisitRow<'a> {
    /// The school.
    pub leaf: &'a Leaf,
    /// The visit.
    pub visit: &'a Visit,
    /// The day it is about.
    pub on: Date,
    /// How it stands on a day.
    pub state: VisitState,
    /// The same in a word.
    pub which: VisitWhich,
}

impl VisitRow<'_> {
    /// How it stands, in a word; the day stands beside it.
    pub fn short(&self) -> &'static str {
        match self.which {
            VisitWhich::Held => "состоялось",
            VisitWhich::Planned => "запланировано",
            VisitWhich::Unmarked | VisitWhich::All => "отметки нет",
        }
    }

    /// It took place, and its protocol is not closed.
    pub fn is_open(&self) -> bool {
        matches!(self.state, VisitState::Held(_))
    }

    /// Its page.
    pub fn address(&self) -> String {
        format!("/schools/{}/visits/{}", self.visit.school.0, self.visit.number)
    }
}

/// The sums of a leaf.
pub(super) fn sums(leaf: &Leaf, today: Date) -> (DutySum, VisitSum) {
    let (mut duties, mut visits) = (DutySum::default(), VisitSum::default());
    let Some(support) = &leaf.support else { return (duties, visits) };
    support.windows.iter().filter_map(DutyWhich::of).for_each(|which| duties.add(which));
    for (which, _) in support.visits.iter().filter_map(|visit| VisitWhich::of(visit, today)) {
        match which {
            VisitWhich::Held => visits.held += 1,
            VisitWhich::Planned => visits.planned += 1,
            VisitWhich::Unmarked => visits.unmarked += 1,
            VisitWhich::All => {}
        }
    }
    (duties, visits)
}

/// The windows asked for, place by place in the order of `leaves`, at each by their last day.
pub fn duty_rows<'a>(leaves: &'a [Leaf], rules: &'a Rulebook, asked: DutyWhich) -> Vec<DutyRow<'a>> {
    let mut rows = Vec::new();
    for leaf in leaves {
        let Some(support) = &leaf.support else { continue };
        let first = rows.len();
        for window in support.windows.iter() {
            let own = DutyWhich::of(window).filter(|own| asked.holds(*own));
            if let Some((which, kept)) = own.zip(window.kept(rules)) {
                rows.push(DutyRow { leaf, kept, which });
            }
        }
        if let Some(own) = rows.get_mut(first..) {
            own.sort_by(|a, b| (a.days().end, &a.kept.rule.id).cmp(&(b.days().end, &b.kept.rule.id)));
        }
    }
    rows
}

/// The visits asked for, school by school in the order of `leaves`, at each by their day.
pub fn visit_rows<'a>(leaves: &'a [Leaf], asked: VisitWhich, today: Date) -> Vec<VisitRow<'a>> {
    let mut rows = Vec::new();
    for leaf in leaves {
        let Some(support) = &leaf.support else { continue };
        let first = rows.len();
        for visit in support.visits.iter() {
            if let Some((which, on)) = VisitWhich::of(visit, today)
                && (asked == VisitWhich::All || asked == which)
            {
                rows.push(VisitRow { leaf, visit, on, state: visit.state(today), which });
            }
        }
        if let Some(own) = rows.get_mut(first..) {
            own.sort_by_key(|row| (row.on, row.visit.number));
        }
    }
    rows
}
