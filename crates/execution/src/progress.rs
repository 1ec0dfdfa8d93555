//! How far is it, compared with what was planned?

use jiff::ToSpan;
use jiff::civil::Date;

use crate::account::Account;
use crate::occurrence::Occurrence;
use crate::permit::Phase;
use crate::state::{Outline, State, StateKind};
use crate::words;

/// What was planned of one occurrence and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The last day by the schedule.
    pub planned: Option<Date>,
    /// The last day granted later.
    pub postponed: Option<Date>,
    /// The day it was said to be carried out, where that still holds.
    pub actual: Option<Date>,
}

impl Baseline {
    /// Of an occurrence.
    #[must_use]
    pub fn of(occurrence: &Occurrence, account: &Account<'_>) -> Self {
        Self {
            planned: occurrence.window.map(|window| window.due),
            postponed: account.postponed,
            actual: account.done.filter(|_| account.phase != Phase::Cancelled).map(|(at, _)| at.date()),
        }
    }

    /// The last day that counts: the one granted, or else that of the schedule. A day can be granted to an occurrence
    /// without one, too.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        self.postponed.or(self.planned)
    }

    /// Days by which it slipped against the schedule, negative when it came early: of what is carried out exactly, of
    /// what is late up to today. `None` where there is no day to compare with or it is not yet time.
    #[must_use]
    pub fn slip_days(&self, today: Date) -> Option<i32> {
        let planned = self.planned.or(self.postponed)?;
        match self.actual {
            Some(actual) => Some(words::days_between(planned, actual)),
            None => Some(words::days_between(planned, today)).filter(|days| *days > 0),
        }
    }
}

/// A part of a whole in whole numbers; never a per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The part.
    pub part: u64,
    /// The whole; zero where there is nothing to measure.
    pub whole: u64,
}

/// Progress of a plan, a section, a school or any other set of occurrences. Sums add up: see [`Progress::join`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    counts: [usize; 8],
    /// Weight of what is confirmed.
    confirmed: u64,
    /// Weight of what is carried out, confirmed or not.
    carried_out: u64,
    /// Weight of what is measured: everything but the cancelled, and the undated only once they are carried out.
    measured: u64,
    /// Weight of what was due before today.
    past: u64,
    /// Weight of what was due before today and is carried out.
    past_carried_out: u64,
    /// Sum of slips and number of occurrences carried out that have one.
    slips: (i64, i64),
    /// The latest last day of what is to be done.
    last_due: Option<Date>,
}

impl Progress {
    /// Counts one occurrence with its weight (one where the plan gives none).
    pub fn add(&mut self, outline: &Outline, weight: u32, today: Date) {
        let state = outline.state(today);
        if let Some(count) = self.counts.get_mut(position(state.kind())) {
            *count += 1;
        }
        let weight = u64::from(weight);
        let is_carried_out = matches!(state, State::Done | State::Confirmed);
        let due = outline.baseline.due();
        if state == State::Cancelled || (due.is_none() && !is_carried_out) {
            return;
        }
        self.measured += weight;
        self.confirmed += if state == State::Confirmed { weight } else { 0 };
        self.carried_out += if is_carried_out { weight } else { 0 };
        if due.is_some_and(|due| due < today) {
            self.past += weight;
            self.past_carried_out += if is_carried_out { weight } else { 0 };
        }
        if is_carried_out {
            if let Some(slip) = outline.baseline.slip_days(today) {
                self.slips = (self.slips.0 + i64::from(slip), self.slips.1 + 1);
            }
        } else {
            self.last_due = self.last_due.max(due);
        }
    }

    /// The progress of two sets together.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += theirs;
        }
        self.confirmed += other.confirmed;
        self.carried_out += other.carried_out;
        self.measured += other.measured;
        self.past += other.past;
        self.past_carried_out += other.past_carried_out;
        self.slips = (self.slips.0 + other.slips.0, self.slips.1 + other.slips.1);
        self.last_due = self.last_due.max(other.last_due);
        self
    }

    /// How many occurrences are in a state.
    #[must_use]
    pub fn count(&self, kind: StateKind) -> usize {
        self.counts.get(position(kind)).copied().unwrap_or_default()
    }

    /// How many occurrences there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Confirmed by weight. Cancelled occurrences do not count, undated ones only once they are carried out.
    #[must_use]
    pub fn confirmed(&self) -> Part {
        Part { part: self.confirmed, whole: self.measured }
    }

    /// Carried out by weight, confirmed or not, of all that is measured.
    #[must_use]
    pub fn carried_out(&self) -> Part {
        Part { part: self.carried_out, whole: self.measured }
    }

    /// Carried out by weight of what was due before today.
    #[must_use]
    pub fn on_time(&self) -> Part {
        Part { part: self.past_carried_out, whole: self.past }
    }

    /// Mean slip of what is carried out, in days, rounded up; `None` before anything is.
    #[must_use]
    pub fn mean_slip_days(&self) -> Option<i64> {
        let (sum, number) = self.slips;
        (number > 0).then(|| sum.div_euclid(number) + i64::from(sum.rem_euclid(number) > 0))
    }

    /// Where this leads if nothing changes, in Russian. A forecast is arithmetic, not a verdict, and says what it is
    /// made of.
    #[must_use]
    pub fn forecast(&self) -> String {
        let Some(last) = self.last_due else {
            let waiting = self.count(StateKind::Done);
            return match (self.measured, waiting) {
                (0, _) => "Прогноза нет: нет ни одного мероприятия со сроком.".to_owned(),
                (_, 0) => "Всё выполнено и подтверждено.".to_owned(),
                (_, n) => format!(
                    "Всё выполнено, {} подтверждения.",
                    words::count(n, ["мероприятие ждёт", "мероприятия ждут", "мероприятий ждут"])
                ),
            };
        };
        let late = self.count(StateKind::Late);
        let Some(mean) = self.mean_slip_days() else {
            return if late == 0 {
                format!("Пока ничего не просрочено. Последний срок – {}.", words::day(last))
            } else {
                format!(
                    "Просрочено: {late}. Выполненных ещё нет, поэтому сказать, когда план закончится, нельзя. Последний срок – {}.",
                    words::day(last)
                )
            };
        };
        // What was carried out in time tells little where as much was not carried out at all.
        let carried_out = self.count(StateKind::Done) + self.count(StateKind::Confirmed);
        if late > 0 && late >= carried_out {
            return format!(
                "Просрочено: {late}, выполнено: {carried_out}. Сказать, когда план закончится, пока нельзя. Последний срок – {}.",
                words::day(last)
            );
        }
        let lateness = if late == 0 { String::new() } else { format!(" Просрочено: {late}.") };
        if mean <= 0 {
            return format!(
                "Выполненное в среднем не опаздывает. Если так пойдёт и дальше, план закончится к {}.{lateness}",
                words::day(last)
            );
        }
        let end =
            i32::try_from(mean).ok().and_then(|days| last.checked_add(days.days()).ok()).unwrap_or(last);
        format!(
            "Выполненное в среднем опаздывает на {}. Если так пойдёт и дальше, план закончится {} вместо {}.{lateness}",
            words::days(i32::try_from(mean).unwrap_or(i32::MAX)),
            words::day(end),
            words::day(last)
        )
    }
}

fn position(kind: StateKind) -> usize {
    StateKind::ALL.iter().position(|known| *known == kind).unwrap_or_default()
}

/// Progress of every section of a plan, in its order; their join is that of the plan.
#[must_use]
pub fn by_section<'a>(
    sections: usize,
    accounts: impl IntoIterator<Item = (&'a Occurrence, Account<'a>)>,
    weight: impl Fn(&Occurrence) -> u32,
    today: Date,
) -> Vec<Progress> {
    let mut all = vec![Progress::default(); sections];
    for (occurrence, account) in accounts {
        if let Some(progress) = all.get_mut(occurrence.section) {
            progress.add(&Outline::of(occurrence, &account), weight(occurrence), today);
        }
    }
    all
}
