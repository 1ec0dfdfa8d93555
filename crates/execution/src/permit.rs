//! What may be recorded in which phase, and by whom?

use crate::fact::{DeedKind, Party};

/// Where an occurrence stands by its facts alone, without the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Nothing decided yet.
    #[default]
    Open,
    /// Open, and another last day is asked for.
    OpenAsked,
    /// Carried out, waits for confirmation.
    Done,
    /// Confirmed.
    Confirmed,
    /// Returned for rework.
    Returned,
    /// Returned, and another last day is asked for.
    ReturnedAsked,
    /// Cancelled.
    Cancelled,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::OpenAsked,
        Self::Done,
        Self::Confirmed,
        Self::Returned,
        Self::ReturnedAsked,
        Self::Cancelled,
    ];

    /// As it is said of an occurrence.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Open => "не выполнено",
            Self::OpenAsked => "не выполнено, попросили перенести срок",
            Self::Done => "выполнено, ждёт подтверждения",
            Self::Confirmed => "подтверждено",
            Self::Returned => "возвращено на доработку",
            Self::ReturnedAsked => "возвращено на доработку, попросили перенести срок",
            Self::Cancelled => "отменено",
        }
    }

    /// Another last day is asked for.
    #[must_use]
    pub fn is_asked(self) -> bool {
        matches!(self, Self::OpenAsked | Self::ReturnedAsked)
    }

    /// The performer has still to carry it out.
    #[must_use]
    pub fn is_to_do(self) -> bool {
        matches!(self, Self::Open | Self::OpenAsked | Self::Returned | Self::ReturnedAsked)
    }
}

/// Why the table refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// It is so already; nothing is lost.
    Already,
    /// Somebody else may do it here: who.
    Others(&'static str),
    /// Nobody may do it in this phase: what to do instead.
    NotNow(&'static str),
}

/// The phase after a deed of a party, or why it is refused. The one table of this life cycle: who reads the facts of
/// an occurrence goes through it, too.
pub fn step(phase: Phase, deed: DeedKind, party: Party) -> Result<Phase, Denial> {
    use DeedKind as D;
    use Party::{Coordinator, Curator, Performer};
    use Phase::{Cancelled, Confirmed, Done, Open, OpenAsked, Returned, ReturnedAsked};
    const PERFORMER: Denial = Denial::Others("исполнитель");
    const REVIEWER: Denial = Denial::Others("куратор или координатор");
    const COORDINATOR: Denial = Denial::Others("координатор");
    const HOLDER: Denial = Denial::Others("исполнитель или координатор");
    const FINISHED: Denial = Denial::NotNow(
        "Выполнение уже подтверждено. Если это ошибка, координатор может вернуть его на доработку.",
    );
    const GONE: Denial =
        Denial::NotNow("Это отменено. Если отмена ошибочна, координатор может вернуть его в работу.");
    const WAITS: Denial = Denial::NotNow(
        "Выполнение ждёт подтверждения. Дождитесь решения куратора или попросите его вернуть на доработку.",
    );
    const NOT_DONE: Denial = Denial::NotNow("Выполнение ещё не отмечено. Сначала его отмечает исполнитель.");
    const NOT_ASKED: Denial =
        Denial::NotNow("О переносе срока никто не просит. Сначала его просит исполнитель.");
    match (phase, deed, party) {
        (phase, D::Comment, _) => Ok(phase),

        (Done, D::Done, _) | (Confirmed, D::Confirm, _) | (Cancelled, D::Cancel, _) => Err(Denial::Already),
        (Returned | ReturnedAsked, D::Return, _) => Err(Denial::Already),
        (OpenAsked | ReturnedAsked, D::AskPostponement, _) => Err(Denial::Already),

        // To take back what was settled by mistake is for the coordinator alone.
        (Confirmed | Cancelled, D::Return, Coordinator) => Ok(Returned),
        (Confirmed | Cancelled, D::Return, _) => Err(COORDINATOR),
        (Confirmed, _, _) => Err(FINISHED),
        (Cancelled, _, _) => Err(GONE),

        (Done, D::AddEvidence, Performer) => Ok(Done),
        (Done, D::AddEvidence, _) => Err(PERFORMER),
        (Done, D::Confirm, Curator | Coordinator) => Ok(Confirmed),
        (Done, D::Return, Curator | Coordinator) => Ok(Returned),
        (Done, D::Confirm | D::Return, Performer) => Err(REVIEWER),
        (Done, _, _) => Err(WAITS),

        (_, D::Confirm | D::Return, _) => Err(NOT_DONE),
        (_, D::Done, Performer) => Ok(Done),
        (phase, D::AddEvidence | D::WithdrawEvidence, Performer) => Ok(phase),
        (_, D::Done | D::AddEvidence | D::WithdrawEvidence, _) => Err(PERFORMER),
        (_, D::Cancel, Coordinator) => Ok(Cancelled),
        (_, D::Cancel, _) => Err(COORDINATOR),
        (phase, D::Delegate, Performer | Coordinator) => Ok(phase),
        (_, D::Delegate, Curator) => Err(HOLDER),

        (Open, D::AskPostponement, Performer) => Ok(OpenAsked),
        (Returned, D::AskPostponement, Performer) => Ok(ReturnedAsked),
        (_, D::AskPostponement, _) => Err(PERFORMER),
        (OpenAsked, D::GrantPostponement | D::RefusePostponement, Curator | Coordinator) => Ok(Open),
        (ReturnedAsked, D::GrantPostponement | D::RefusePostponement, Curator | Coordinator) => Ok(Returned),
        (OpenAsked | ReturnedAsked, D::GrantPostponement | D::RefusePostponement, Performer) => Err(REVIEWER),
        (_, D::GrantPostponement | D::RefusePostponement, _) => Err(NOT_ASKED),
    }
}

impl Denial {
    /// What is refused, why, and what to do next.
    #[must_use]
    pub fn russian(self, phase: Phase, deed: DeedKind, party: Party) -> String {
        match self {
            Self::Already => {
                format!("Это уже записано: {}. Второй раз ничего делать не нужно.", phase.russian())
            }
            Self::Others(who) => format!(
                "Нельзя {}: это делает {who}, а вы здесь {}. Напишите об этом в комментарии.",
                deed.russian(),
                party.russian()
            ),
            Self::NotNow(why) => format!("Сейчас нельзя {}. {why}", deed.russian()),
        }
    }
}

/// Everything a party may do in a phase, for the buttons of a page.
#[must_use]
pub fn permitted(phase: Phase, party: Party) -> Vec<DeedKind> {
    DeedKind::ALL.into_iter().filter(|deed| step(phase, *deed, party).is_ok()).collect()
}
