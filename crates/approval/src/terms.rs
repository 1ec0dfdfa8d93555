//! What is agreed, what can be done about it, by whom, and how is each called?

/// What is agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The self-diagnosis of a school: its approval ends the matter, nothing has to be put in force.
    Diagnosis,
    /// The roadmap of a school: approved first, put in force after that.
    Roadmap,
}

/// Where the content as it is now stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Being written, nobody was asked yet.
    Draft,
    /// Waits for a decision.
    Submitted,
    /// «ОДОБРЕНО»: exactly this content is agreed.
    Approved,
    /// Sent back with remarks.
    Returned,
    /// Exactly this content is in force.
    InForce,
    /// A newer version is being written while the agreed one stays in force.
    Correction,
    /// The work is over.
    Closed,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Ask for approval.
    Submit,
    /// Take the question back; in a correction, give the correction up.
    Withdraw,
    /// Agree to the content.
    Approve,
    /// Send back, with at least one remark.
    Return,
    /// Put what was approved in force.
    PutInForce,
    /// Begin a newer version, or name one more reason for it.
    BeginCorrection,
    /// Ask again after a return.
    Resubmit,
    /// End the work, with a reason.
    Close,
    /// Write a remark to a field.
    AddRemark,
    /// Answer a remark and hold it for settled.
    ResolveRemark,
    /// Hold a settled remark for open again.
    ReopenRemark,
}

/// On which side somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The school.
    Author,
    /// The curator.
    Reviewer,
    /// The municipal coordinator.
    Coordinator,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Diagnosis, Self::Roadmap];

    /// The stable word it is recorded under.
    pub fn word(self) -> &'static str {
        match self {
            Self::Diagnosis => "diagnosis",
            Self::Roadmap => "roadmap",
        }
    }

    /// The kind of a stable word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Russian noun in the nominative, capitalised.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Diagnosis => "Самодиагностика",
            Self::Roadmap => "Дорожная карта",
        }
    }
}

impl State {
    /// All states in the order of a usual life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::Returned,
        Self::Approved,
        Self::InForce,
        Self::Correction,
        Self::Closed,
    ];

    /// In Russian, as a badge shows it.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Draft => "Черновик",
            Self::Submitted => "На проверке",
            Self::Returned => "Возвращено",
            Self::Approved => "ОДОБРЕНО",
            Self::InForce => "Действует",
            Self::Correction => "Исправляется",
            Self::Closed => "Завершено",
        }
    }
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 11] = [
        Self::Submit,
        Self::Withdraw,
        Self::Approve,
        Self::Return,
        Self::PutInForce,
        Self::BeginCorrection,
        Self::Resubmit,
        Self::Close,
        Self::AddRemark,
        Self::ResolveRemark,
        Self::ReopenRemark,
    ];

    /// The stable word it is recorded under.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::PutInForce => "put-in-force",
            Self::BeginCorrection => "begin-correction",
            Self::Resubmit => "resubmit",
            Self::Close => "close",
            Self::AddRemark => "add-remark",
            Self::ResolveRemark => "resolve-remark",
            Self::ReopenRemark => "reopen-remark",
        }
    }

    /// The action of a stable word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Submit => "Отправить на проверку",
            Self::Withdraw => "Отозвать",
            Self::Approve => "Одобрить",
            Self::Return => "Вернуть с замечаниями",
            Self::PutInForce => "Ввести в действие",
            Self::BeginCorrection => "Начать исправление",
            Self::Resubmit => "Отправить повторно",
            Self::Close => "Завершить",
            Self::AddRemark => "Добавить замечание",
            Self::ResolveRemark => "Ответить на замечание",
            Self::ReopenRemark => "Открыть замечание снова",
        }
    }

    /// In Russian, as the button says it where content stands so.
    pub fn button(self, state: State) -> &'static str {
        match (self, state) {
            (Self::Withdraw, State::Submitted) => "Отозвать с проверки",
            (Self::Withdraw, State::Returned | State::Correction) => "Отказаться от исправления",
            _ => self.russian(),
        }
    }

    /// It says something of the content, so it must be about the content as it is now. Answers to remarks and the
    /// end of the work are not.
    pub fn speaks_of_content(self) -> bool {
        !matches!(self, Self::ResolveRemark | Self::ReopenRemark | Self::Close)
    }

    /// It is about a remark and moves nothing.
    pub fn is_about_a_remark(self) -> bool {
        matches!(self, Self::AddRemark | Self::ResolveRemark | Self::ReopenRemark)
    }
}

impl Party {
    /// All parties.
    pub const ALL: [Self; 3] = [Self::Author, Self::Reviewer, Self::Coordinator];

    /// The stable word it is recorded under.
    pub fn word(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Reviewer => "reviewer",
            Self::Coordinator => "coordinator",
        }
    }

    /// The party of a stable word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.word() == word)
    }

    /// Russian noun in the nominative.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Author => "школа",
            Self::Reviewer => "куратор",
            Self::Coordinator => "координатор",
        }
    }
}
