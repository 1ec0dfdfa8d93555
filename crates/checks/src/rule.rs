//! What is a rule?

use opora_neutral::Level;

use crate::finding::{Finding, Subject};
use crate::report::Judged;
use crate::view::View;

/// A rule of the checker.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable code, a letter of the family and a number: `D101`. Never reused for another meaning.
    pub code: &'static str,
    /// Name in kebab case, English: `reversed-interval`.
    pub name: &'static str,
    /// Short title, Russian: «Срок заканчивается раньше начала».
    pub title: &'static str,
    /// Level of its findings; a milder case of the same thing may be lower.
    pub level: Level,
    /// What it is about.
    pub family: Family,
    /// Manual page, Russian Markdown.
    pub manual: &'static str,
    /// Codes that say less about the same thing: their findings about the same subject, or about a part of it,
    /// are dropped where this rule has spoken.
    pub silences: &'static [&'static str],
    /// How it is run.
    pub(crate) run: Run,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// At the order.
    Order(fn(&View<'_>) -> Vec<Draft>),
    /// At the suppressions, after all the rules about the order have spoken.
    Suppressions(fn(&Judged<'_>) -> Vec<Draft>),
}

/// What a rule writes; the code is added by the engine, so that a rule can't sign with another's name.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// What it is about.
    pub subject: Subject,
    /// A level below that of the rule, for a milder case.
    pub level: Option<Level>,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do next.
    pub mend: String,
}

impl Draft {
    /// A draft at the level of its rule.
    pub fn new(
        subject: Subject,
        what: impl Into<String>,
        why: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { subject, level: None, what: what.into(), why: why.into(), mend: mend.into() }
    }

    /// The same as a note.
    pub fn into_note(self) -> Self {
        Self { level: Some(Level::Note), ..self }
    }
}

impl Rule {
    /// Signs a draft.
    pub(crate) fn sign(&self, draft: Draft, view: &View<'_>) -> Finding {
        Finding {
            code: self.code,
            level: draft.level.unwrap_or(self.level),
            place: view.place_of(draft.subject),
            subject: draft.subject,
            what: draft.what,
            why: draft.why,
            mend: draft.mend,
        }
    }
}

/// Family of rules; the letter begins the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `A`: the act.
    Act,
    /// `D`: deadlines.
    Deadlines,
    /// `R`: responsible.
    Responsible,
    /// `N`: numbering.
    Numbering,
    /// `T`: titles of activities.
    Titles,
    /// `O`: expected results (outcomes).
    Outcomes,
    /// `P`: participants.
    Participants,
    /// `I`: indicators and criteria.
    Indicators,
    /// `C`: the management cycle.
    Cycle,
    /// `S`: suppressions.
    Suppressions,
}

impl Family {
    /// Letter the codes of the family begin with.
    pub fn letter(self) -> char {
        match self {
            Self::Act => 'A',
            Self::Deadlines => 'D',
            Self::Responsible => 'R',
            Self::Numbering => 'N',
            Self::Titles => 'T',
            Self::Outcomes => 'O',
            Self::Participants => 'P',
            Self::Indicators => 'I',
            Self::Cycle => 'C',
            Self::Suppressions => 'S',
        }
    }

    /// Russian name.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Act => "Приказ",
            Self::Deadlines => "Сроки",
            Self::Responsible => "Ответственные",
            Self::Numbering => "Нумерация",
            Self::Titles => "Мероприятия",
            Self::Outcomes => "Результаты",
            Self::Participants => "Участники",
            Self::Indicators => "Показатели и критерии",
            Self::Cycle => "Управленческий цикл",
            Self::Suppressions => "Отключения",
        }
    }
}
