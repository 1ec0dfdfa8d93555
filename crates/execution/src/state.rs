//! How does an occurrence stand on a day?

use jiff::civil::Date;

use crate::account::Account;
use crate::fact::{Fact, Party};
use crate::occurrence::Occurrence;
use crate::permit::Phase;
use crate::progress::Baseline;
use crate::words;

/// Days before its last day, that day included, at which an occurrence counts as due.
pub const DUE_DAYS: i32 = 14;

/// How an occurrence stands on a day. Computed, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its last day is more than [`DUE_DAYS`] away.
    Ahead,
    /// Its last day is near.
    Due {
        /// Days left, zero on the last day.
        days_left: i32,
    },
    /// Its last day is over and nobody said it was done.
    Late {
        /// Days since its last day, at least one.
        days: i32,
    },
    /// Carried out, waits for confirmation.
    Done,
    /// Carried out and confirmed.
    Confirmed,
    /// Returned for rework.
    Returned,
    /// Cancelled with a reason.
    Cancelled,
    /// There is no day to measure it by.
    Undated,
}

/// A state without its number of days, to count and filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateKind {
    /// [`State::Late`]
    Late,
    /// [`State::Returned`]
    Returned,
    /// [`State::Due`]
    Due,
    /// [`State::Done`]
    Done,
    /// [`State::Ahead`]
    Ahead,
    /// [`State::Undated`]
    Undated,
    /// [`State::Confirmed`]
    Confirmed,
    /// [`State::Cancelled`]
    Cancelled,
}

impl StateKind {
    /// Every kind in the order of attention.
    pub const ALL: [Self; 8] = [
        Self::Late,
        Self::Returned,
        Self::Due,
        Self::Done,
        Self::Ahead,
        Self::Undated,
        Self::Confirmed,
        Self::Cancelled,
    ];

    /// In Russian.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Late => "просрочено",
            Self::Returned => "возвращено на доработку",
            Self::Due => "скоро срок",
            Self::Done => "ждёт подтверждения",
            Self::Ahead => "впереди",
            Self::Undated => "без срока",
            Self::Confirmed => "подтверждено",
            Self::Cancelled => "отменено",
        }
    }

    /// Stable word for addresses and class names.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Returned => "returned",
            Self::Due => "due",
            Self::Done => "done",
            Self::Ahead => "ahead",
            Self::Undated => "undated",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl State {
    /// The state without its days.
    #[must_use]
    pub fn kind(self) -> StateKind {
        match self {
            Self::Ahead => StateKind::Ahead,
            Self::Due { .. } => StateKind::Due,
            Self::Late { .. } => StateKind::Late,
            Self::Done => StateKind::Done,
            Self::Confirmed => StateKind::Confirmed,
            Self::Returned => StateKind::Returned,
            Self::Cancelled => StateKind::Cancelled,
            Self::Undated => StateKind::Undated,
        }
    }

    /// In Russian with the days: «просрочено на 3 дня».
    #[must_use]
    pub fn russian(self) -> String {
        match self {
            Self::Due { days_left: 0 } => "срок сегодня".to_owned(),
            Self::Due { days_left } => format!("до срока {}", words::days(days_left)),
            Self::Late { days } => format!("просрочено на {}", words::days(days)),
            other => other.kind().russian().to_owned(),
        }
    }

    /// Whose move it is; nobody's where nothing is left to do.
    #[must_use]
    pub fn whose_move(self) -> Option<Party> {
        match self {
            Self::Done => Some(Party::Curator),
            Self::Confirmed | Self::Cancelled => None,
            Self::Ahead | Self::Due { .. } | Self::Late { .. } | Self::Returned | Self::Undated => {
                Some(Party::Performer)
            }
        }
    }
}

/// The state of an occurrence on a day by its facts in the order of recording.
pub fn state<'a>(occurrence: &Occurrence, facts: impl IntoIterator<Item = &'a Fact>, today: Date) -> State {
    state_of(occurrence, &Account::of(facts), today)
}

/// The state of an occurrence whose facts were read already.
#[must_use]
pub fn state_of(occurrence: &Occurrence, account: &Account<'_>, today: Date) -> State {
    Outline::of(occurrence, account).state(today)
}

/// The last day that counts, see [`Baseline::due`].
#[must_use]
pub fn due(occurrence: &Occurrence, account: &Account<'_>) -> Option<Date> {
    Baseline::of(occurrence, account).due()
}

/// All that is needed of an occurrence and its facts to tell how it stands on any day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Where it stands without the calendar.
    pub phase: Phase,
    /// What was planned and what came of it.
    pub baseline: Baseline,
}

impl Outline {
    /// Of an occurrence.
    #[must_use]
    pub fn of(occurrence: &Occurrence, account: &Account<'_>) -> Self {
        Self { phase: account.phase, baseline: Baseline::of(occurrence, account) }
    }

    /// How it stands on a day.
    #[must_use]
    pub fn state(&self, today: Date) -> State {
        match self.phase {
            Phase::Done => State::Done,
            Phase::Confirmed => State::Confirmed,
            Phase::Cancelled => State::Cancelled,
            Phase::Returned | Phase::ReturnedAsked => State::Returned,
            Phase::Open | Phase::OpenAsked => match self.baseline.due() {
                None => State::Undated,
                Some(due) => match words::days_between(today, due) {
                    left if left < 0 => State::Late { days: -left },
                    left if left <= DUE_DAYS => State::Due { days_left: left },
                    _ => State::Ahead,
                },
            },
        }
    }
}
