//! What can be recorded about an occurrence?

use jiff::civil::{Date, DateTime};

use crate::occurrence::OccurrenceKey;

/// One dated record about an occurrence. Facts are appended and never changed; their order is the order of recording,
/// so a clock that was set back changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// About which occurrence, by the name it had when the fact was recorded.
    pub occurrence: OccurrenceKey,
    /// Account number of the person.
    pub by: i64,
    /// As whom the person acted.
    pub party: Party,
    /// When, by the clock of the installation.
    pub at: DateTime,
    /// What.
    pub deed: Deed,
}

/// As whom a person acts about an occurrence. The caller knows from roles and assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The school or whoever else carries the activity out.
    Performer,
    /// The curator of the school.
    Curator,
    /// The municipal coordinator.
    Coordinator,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 3] = [Self::Performer, Self::Curator, Self::Coordinator];

    /// Russian noun in the nominative.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Performer => "исполнитель",
            Self::Curator => "куратор",
            Self::Coordinator => "координатор",
        }
    }

    /// Stable word for addresses and records.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Performer => "performer",
            Self::Curator => "curator",
            Self::Coordinator => "coordinator",
        }
    }
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Carried out, says the performer; waits for confirmation.
    Done {
        /// What was done; may be empty.
        text: String,
    },
    /// A proof was added.
    EvidenceAdded(Evidence),
    /// A proof does not count any more; it stays in the records.
    EvidenceWithdrawn {
        /// Number of the proof, from one, in the order of adding.
        number: u32,
        /// Why.
        reason: String,
    },
    /// Somebody else agrees that it was carried out.
    Confirmed,
    /// It is to be done again or better.
    ReturnedForRework {
        /// What is missing.
        reason: String,
    },
    /// It will not be carried out.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// The performer asks for another last day.
    PostponementAsked {
        /// The new last day.
        to: Date,
        /// Why.
        reason: String,
    },
    /// The day asked for is the last day now.
    PostponementGranted,
    /// The last day stays.
    PostponementRefused {
        /// Why.
        reason: String,
    },
    /// Somebody else carries it out from now on.
    Delegated {
        /// Account number.
        to: i64,
    },
    /// A remark that changes nothing.
    Comment {
        /// The remark.
        text: String,
        /// Account numbers of the people it calls on.
        mentions: Vec<i64>,
    },
}

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A file kept by its content.
    File {
        /// SHA-256 of the content, 64 lower-case hexadecimal digits.
        sha256: String,
        /// Its name, without a path.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// An address that begins with `http://` or `https://`.
    Link(String),
    /// A reached value.
    Number {
        /// Decimal number as typed: «12,5».
        value: String,
        /// Its unit: «%», «чел.».
        unit: String,
    },
    /// The text of minutes.
    Minutes(String),
}

/// Kind of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// A file.
    File,
    /// A link.
    Link,
    /// A number with its unit.
    Number,
    /// Minutes.
    Minutes,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::File, Self::Link, Self::Number, Self::Minutes];

    /// Russian noun in the accusative, as in «приложите файл».
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::File => "файл",
            Self::Link => "ссылку",
            Self::Number => "число",
            Self::Minutes => "протокол",
        }
    }

    /// Stable word for records and files: `file`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Link => "link",
            Self::Number => "number",
            Self::Minutes => "minutes",
        }
    }

    /// The kind of a stable word.
    #[must_use]
    pub fn of_slug(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == word)
    }
}

impl Evidence {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EvidenceKind {
        match self {
            Self::File { .. } => EvidenceKind::File,
            Self::Link(_) => EvidenceKind::Link,
            Self::Number { .. } => EvidenceKind::Number,
            Self::Minutes(_) => EvidenceKind::Minutes,
        }
    }
}

/// Kind of a deed, for the table of what is permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeedKind {
    /// [`Deed::Done`]
    Done,
    /// [`Deed::EvidenceAdded`]
    AddEvidence,
    /// [`Deed::EvidenceWithdrawn`]
    WithdrawEvidence,
    /// [`Deed::Confirmed`]
    Confirm,
    /// [`Deed::ReturnedForRework`]
    Return,
    /// [`Deed::Cancelled`]
    Cancel,
    /// [`Deed::PostponementAsked`]
    AskPostponement,
    /// [`Deed::PostponementGranted`]
    GrantPostponement,
    /// [`Deed::PostponementRefused`]
    RefusePostponement,
    /// [`Deed::Delegated`]
    Delegate,
    /// [`Deed::Comment`]
    Comment,
}

impl DeedKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::AddEvidence,
        Self::WithdrawEvidence,
        Self::Confirm,
        Self::Return,
        Self::Cancel,
        Self::AskPostponement,
        Self::GrantPostponement,
        Self::RefusePostponement,
        Self::Delegate,
        Self::Comment,
    ];

    /// What a person does, as on a button.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Done => "отметить выполнение",
            Self::AddEvidence => "приложить подтверждение",
            Self::WithdrawEvidence => "отозвать подтверждение",
            Self::Confirm => "подтвердить выполнение",
            Self::Return => "вернуть на доработку",
            Self::Cancel => "отменить",
            Self::AskPostponement => "попросить перенести срок",
            Self::GrantPostponement => "согласиться на перенос срока",
            Self::RefusePostponement => "отказать в переносе срока",
            Self::Delegate => "передать другому исполнителю",
            Self::Comment => "оставить комментарий",
        }
    }
}

impl Deed {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> DeedKind {
        match self {
            Self::Done { .. } => DeedKind::Done,
            Self::EvidenceAdded(_) => DeedKind::AddEvidence,
            Self::EvidenceWithdrawn { .. } => DeedKind::WithdrawEvidence,
            Self::Confirmed => DeedKind::Confirm,
            Self::ReturnedForRework { .. } => DeedKind::Return,
            Self::Cancelled { .. } => DeedKind::Cancel,
            Self::PostponementAsked { .. } => DeedKind::AskPostponement,
            Self::PostponementGranted => DeedKind::GrantPostponement,
            Self::PostponementRefused { .. } => DeedKind::RefusePostponement,
            Self::Delegated { .. } => DeedKind::Delegate,
            Self::Comment { .. } => DeedKind::Comment,
        }
    }
}
