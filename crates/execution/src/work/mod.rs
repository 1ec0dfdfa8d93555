//! What waits for me, what is soon due, and what do I wait for?

mod sources;

use std::collections::HashSet;

use jiff::civil::{Date, DateTime};

pub use sources::{
    Sides, calls, mention_work, obligation_work, occurrence_work, plan_work, task_work, visit_work,
};

use crate::fact::Party;
use crate::words;

/// What kind of work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkKind {
    /// An occurrence to carry out.
    Activity,
    /// An occurrence that was returned.
    Rework,
    /// An occurrence to confirm or return.
    Confirmation,
    /// Another last day to grant or refuse.
    Postponement,
    /// A document (self-diagnosis, roadmap) to approve or return.
    Approval,
    /// A document that came back with remarks.
    DocumentReturned,
    /// A roadmap that is being written or corrected: to finish and to submit.
    Draft,
    /// An approved roadmap to put in force.
    Enforcement,
    /// A roadmap to write: the self-diagnosis is approved, and no roadmap answers it.
    Roadmap,
    /// A roadmap whose period is over: to close.
    Closing,
    /// A visit to hold or its protocol to close.
    Visit,
    /// A window of an obligation to keep.
    Obligation,
    /// A task from a visit or a meeting.
    Task,
    /// A comment that calls on a person.
    Mention,
    /// Changes of the plan above to adopt or to decline.
    Upstream,
    /// A self-diagnosis to fill in and to submit.
    Diagnosis,
    /// A survey that too few have answered.
    Survey,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Activity,
        Self::Rework,
        Self::Confirmation,
        Self::Postponement,
        Self::Approval,
        Self::DocumentReturned,
        Self::Draft,
        Self::Enforcement,
        Self::Roadmap,
        Self::Closing,
        Self::Visit,
        Self::Obligation,
        Self::Task,
        Self::Mention,
        Self::Upstream,
        Self::Diagnosis,
        Self::Survey,
    ];

    /// What is to be done, as in «нужно …».
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Activity => "выполнить мероприятие",
            Self::Rework => "доработать мероприятие",
            Self::Confirmation => "проверить выполнение",
            Self::Postponement => "решить о переносе срока",
            Self::Approval => "проверить и согласовать",
            Self::DocumentReturned => "исправить по замечаниям",
            Self::Draft => "закончить и отправить на проверку",
            Self::Enforcement => "ввести в действие",
            Self::Roadmap => "составить дорожную карту",
            Self::Closing => "завершить карту, срок которой прошёл",
            Self::Visit => "посетить школу или закрыть протокол",
            Self::Obligation => "выполнить в окно",
            Self::Task => "выполнить поручение",
            Self::Mention => "ответить на комментарий",
            Self::Upstream => "решить об изменениях муниципального плана",
            Self::Diagnosis => "заполнить и отправить на проверку",
            Self::Survey => "напомнить об опросе",
        }
    }

    /// Stable word for settings and addresses.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Rework => "rework",
            Self::Confirmation => "confirmation",
            Self::Postponement => "postponement",
            Self::Approval => "approval",
            Self::DocumentReturned => "document-returned",
            Self::Draft => "document-draft",
            Self::Enforcement => "put-in-force",
            Self::Roadmap => "roadmap",
            Self::Closing => "close",
            Self::Visit => "visit",
            Self::Obligation => "obligation",
            Self::Task => "task",
            Self::Mention => "mention",
            Self::Upstream => "upstream",
            Self::Diagnosis => "diagnosis",
            Self::Survey => "survey",
        }
    }

    /// The kind of a stable word.
    #[must_use]
    pub fn of_slug(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == word)
    }

    /// Somebody else can't go on before it is decided.
    #[must_use]
    pub fn is_decision(self) -> bool {
        matches!(self, Self::Confirmation | Self::Postponement | Self::Approval)
    }

    /// It is about the words of a document, which only those write who may: to carry a plan out is not enough.
    #[must_use]
    pub fn is_of_writers(self) -> bool {
        matches!(
            self,
            Self::DocumentReturned | Self::Draft | Self::Enforcement | Self::Roadmap | Self::Diagnosis
        )
    }

    /// It waits for the person whatever its last day.
    fn is_at_once(self) -> bool {
        let alone =
            matches!(self, Self::Mention | Self::Survey | Self::Upstream | Self::Rework | Self::Closing);
        alone || self.is_decision() || self.is_of_writers()
    }
}

/// Whose move it is: one person's, or that of whoever has a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mover {
    /// Account number.
    Account(i64),
    /// Everybody who is this party for a school, or for the municipality where there is none.
    Role(Party, Option<i64>),
}

/// One thing that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// Where it is, unique: `plan/5/occurrence/12/2026-05-30`.
    pub path: String,
    /// What it is about, in the words of the plan.
    pub what: String,
    /// What is to be done.
    pub kind: WorkKind,
    /// The school.
    pub school: Option<i64>,
    /// By when, where there is a day.
    pub due: Option<Date>,
    /// Whose move it is.
    pub mover: Mover,
    /// Who waits for that.
    pub waiting: Option<Mover>,
    /// Since when it is their move.
    pub since: DateTime,
}

/// A person as this room knows one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Account number.
    pub account: i64,
    /// The roles that hold today, with the school; none for the municipality.
    pub roles: Vec<(Party, Option<i64>)>,
    /// Schools without a curator whose decisions come to the person meanwhile.
    pub stands_in: Vec<i64>,
    /// The schools whose documents the person writes; none for the municipality.
    pub writes: Vec<Option<i64>>,
}

/// Days ahead at which work counts as waiting now.
pub const NOW_DAYS: i32 = 7;
/// Days ahead at which work is shown as due soon.
pub const SOON_DAYS: i32 = 30;

/// The work of a person on a day, each list by time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyWork<'a> {
    /// Waits for the person: late, due within [`NOW_DAYS`], or somebody can't go on.
    pub now: Vec<&'a WorkItem>,
    /// Due within [`SOON_DAYS`].
    pub soon: Vec<&'a WorkItem>,
    /// Waits for others; the person waits for it.
    pub others: Vec<&'a WorkItem>,
    /// How many things of the person are due later or without a day.
    pub later: usize,
    /// How many of `now` are late.
    pub late: usize,
}

/// What waits for a person: one pass over the items and a sort of those that concern the person.
#[must_use]
pub fn my_work<'a>(
    person: &Person,
    items: impl IntoIterator<Item = &'a WorkItem>,
    today: Date,
) -> MyWork<'a> {
    let roles: HashSet<(Party, Option<i64>)> = person.roles.iter().copied().collect();
    let is_me = |mover: Mover| match mover {
        Mover::Account(account) => account == person.account,
        Mover::Role(party, school) => roles.contains(&(party, school)),
    };
    let stands_in: HashSet<i64> = person.stands_in.iter().copied().collect();
    let in_place_of = |item: &WorkItem| match item.mover {
        Mover::Role(Party::Curator, Some(school)) => item.kind.is_decision() && stands_in.contains(&school),
        _ => false,
    };
    let is_mine = |item: &WorkItem| match item.mover {
        Mover::Role(Party::Performer, school) if item.kind.is_of_writers() => person.writes.contains(&school),
        mover => is_me(mover),
    };
    let mut work = MyWork::default();
    for item in items {
        if is_mine(item) || in_place_of(item) {
            let left = item.due.map(|due| words::days_between(today, due));
            match left {
                _ if item.kind.is_at_once() => work.now.push(item),
                Some(left) if left <= NOW_DAYS => work.now.push(item),
                Some(left) if left <= SOON_DAYS => work.soon.push(item),
                _ => work.later += 1,
            }
        } else if item.waiting.is_some_and(is_me) {
            work.others.push(item);
        }
    }
    let is_late = |item: &&&WorkItem| item.due.is_some_and(|due| due < today);
    work.late = work.now.iter().filter(is_late).count();
    for list in [&mut work.now, &mut work.soon, &mut work.others] {
        list.sort_by(|a, b| time(a).cmp(&time(b)).then_with(|| a.path.cmp(&b.path)));
    }
    work
}

/// What a list of work is sorted by: its last day, or else since when it waits.
fn time(item: &WorkItem) -> Date {
    item.due.unwrap_or(item.since.date())
}

/// What there is to tell about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum News {
    /// Came back: with remarks or for rework.
    Returned,
    /// Its last day is over.
    Late,
    /// Somebody waits for a decision longer than is kind.
    WaitsLong,
    /// Its last day is near.
    Soon,
    /// It is new.
    New,
    /// It happened and waits for nobody.
    Happened,
}

impl News {
    /// Stable word for records and class names.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Late => "late",
            Self::WaitsLong => "waits",
            Self::Soon => "soon",
            Self::New => "new",
            Self::Happened => "happened",
        }
    }
}

/// Days after which a decision that is waited for becomes urgent.
pub const DECISION_DAYS: i32 = 5;

/// Days before the end of a short window of an obligation at which it is told.
const WINDOW_DAYS_MIN: i32 = 2;

/// How many days ahead the last day of an item is near. A window of a week is always within a week: of that its last
/// third is told.
fn near_days(item: &WorkItem) -> i32 {
    match (item.kind, item.due) {
        (WorkKind::Obligation, Some(due)) => {
            (words::days_between(item.since.date(), due) / 3).clamp(WINDOW_DAYS_MIN, NOW_DAYS)
        }
        _ => NOW_DAYS,
    }
}

/// What there is to tell about an item on a day; nothing while its day is far.
#[must_use]
pub fn news(item: &WorkItem, today: Date) -> Option<News> {
    let left = item.due.map(|due| words::days_between(today, due));
    match item.kind {
        WorkKind::Rework | WorkKind::DocumentReturned => Some(News::Returned),
        kind if kind.is_decision() => {
            let waits = words::days_between(item.since.date(), today);
            Some(if waits > DECISION_DAYS { News::WaitsLong } else { News::New })
        }
        WorkKind::Mention | WorkKind::Upstream | WorkKind::Closing => Some(News::New),
        // Who writes knows of it; that it was approved is told as what happened.
        WorkKind::Draft | WorkKind::Enforcement | WorkKind::Roadmap => None,
        _ => match left {
            Some(left) if left < 0 => Some(News::Late),
            Some(left) if left <= near_days(item) => Some(News::Soon),
            _ if matches!(item.kind, WorkKind::Task | WorkKind::Diagnosis | WorkKind::Survey) => {
                Some(News::New)
            }
            _ => None,
        },
    }
}
