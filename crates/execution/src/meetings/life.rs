//! How does a meeting go from its call to its published minutes?

use jiff::civil::{Date, DateTime};

use crate::record::{Refusal, RefusalKind};

/// One dated record about a meeting, appended and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingFact {
    /// Account number.
    pub by: i64,
    /// When, by the clock of the installation.
    pub at: DateTime,
    /// What.
    pub deed: MeetingDeed,
}

/// What is recorded about a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingDeed {
    /// It is to take place on a day.
    Called(Date),
    /// Its minutes were written down once more; the last ones count.
    Noted,
    /// Its minutes are published: from now on they stay as they are, and their decisions are tasks.
    Published,
    /// It did not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

/// How a meeting stands. Computed, never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MeetingState {
    /// Nothing is recorded.
    #[default]
    New,
    /// It has a day and an agenda.
    Called(Date),
    /// Its minutes are being written.
    Noted(Date),
    /// Its minutes are published.
    Published(Date),
    /// It did not take place.
    Cancelled,
}

impl MeetingState {
    /// In Russian.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::New => "не назначено",
            Self::Called(_) => "назначено",
            Self::Noted(_) => "протокол пишется",
            Self::Published(_) => "протокол опубликован",
            Self::Cancelled => "не состоялось",
        }
    }
}

/// Where a meeting stands after a record, or why it is refused. The one table of its life.
fn step(state: MeetingState, deed: &MeetingDeed) -> Result<MeetingState, Refusal> {
    use MeetingDeed as D;
    use MeetingState as S;
    let refuse = |kind, message: &str| Err(Refusal { kind, message: message.to_owned() });
    match (state, deed) {
        (S::New, D::Called(on)) => Ok(S::Called(*on)),
        (S::Called(on) | S::Noted(on), D::Noted) => Ok(S::Noted(on)),
        (S::Noted(on), D::Published) => Ok(S::Published(on)),
        (S::Called(_) | S::Noted(_), D::Cancelled { reason }) if reason.trim().is_empty() => {
            refuse(RefusalKind::Incomplete, "Напишите, почему заседание не состоялось.")
        }
        (S::Called(_) | S::Noted(_), D::Cancelled { .. }) => Ok(S::Cancelled),
        (S::Published(_), D::Published) | (S::Cancelled, D::Cancelled { .. }) => {
            refuse(RefusalKind::Already, "Это уже записано. Второй раз ничего делать не нужно.")
        }
        (S::Called(_), D::Published) => {
            refuse(RefusalKind::NotNow, "Протокол ещё не написан. Запишите, что слушали и что решили.")
        }
        (S::Published(_), _) => refuse(
            RefusalKind::NotNow,
            "Протокол опубликован и больше не меняется. Поправку внесите решением следующего заседания.",
        ),
        (S::Cancelled, _) => refuse(RefusalKind::NotNow, "Заседание не состоялось. Назначьте новое."),
        (S::Called(_) | S::Noted(_), D::Called(_)) => {
            refuse(RefusalKind::Already, "Заседание уже назначено. Второй раз ничего делать не нужно.")
        }
        (S::New, _) => refuse(RefusalKind::NotNow, "Заседание ещё не назначено. Назовите день."),
    }
}

/// How a meeting stands by its facts in the order of recording.
#[must_use]
pub fn meeting_state(facts: &[MeetingFact]) -> MeetingState {
    facts.iter().fold(MeetingState::New, |state, fact| step(state, &fact.deed).unwrap_or(state))
}

/// Whether a record may be appended to `facts`, of which the person saw `known`.
pub fn record_meeting(
    facts: &[MeetingFact],
    known: usize,
    new: &MeetingFact,
) -> Result<MeetingState, Refusal> {
    let next = step(meeting_state(facts), &new.deed)?;
    if known != facts.len() {
        let message = "Пока страница была открыта, о заседании появилась новая запись. Откройте страницу в новой вкладке, посмотрите её и перенесите свой текст.";
        return Err(Refusal { kind: RefusalKind::Stale, message: message.to_owned() });
    }
    Ok(next)
}
