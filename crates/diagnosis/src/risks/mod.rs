//! Which risk factors does a school have, how significant is each, and why?

mod assess;
mod decisions;
mod history;
mod reading;
mod reasons;
mod references;

use jiff::civil::Date;
use opora_fields::Status;
use rust_decimal::Decimal;

use crate::{Aggregate, Answers, Audience, Questionnaire};

pub use assess::assess;
pub use decisions::{Decision, decide};
pub use history::{Bar, Change, chart, compare_profiles};
pub use reading::read_factors;

/// How much a factor matters for a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Significance {
    /// Too little is known.
    Unknown,
    /// Looked at and not found.
    None,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High: measures are needed.
    High,
}

impl Significance {
    /// All with their words in data files and in storage.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("high", Self::High),
        ("medium", Self::Medium),
        ("low", Self::Low),
        ("none", Self::None),
        ("unknown", Self::Unknown),
    ];

    /// The word of data files: `high`.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }

    /// The level a word stands for.
    pub fn read(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, level)| level)
    }

    /// Russian name: «высокая».
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "высокая",
            Self::Medium => "средняя",
            Self::Low => "низкая",
            Self::None => "не выявлен",
            Self::Unknown => "нет данных",
        }
    }
}

/// Risk factors as data.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorDictionary {
    /// Name of the dictionary.
    pub id: String,
    /// Counts from one.
    pub version: u32,
    /// Title that people read.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// How far it can be trusted.
    pub status: Status,
    /// A factor that is neither high nor medium counts as looked at when no fewer of its rules, in per cent, have data.
    pub known_percent_min: u32,
    /// What data from outside the questionnaires may be given.
    pub evidence: Vec<EvidenceKind>,
    /// The factors in the order they are shown in.
    pub factors: Vec<Factor>,
}

/// A kind of data from outside the questionnaires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceKind {
    /// Name for the program: `staff_vacancies`.
    pub id: String,
    /// What it is, in words: «доля незакрытых ставок».
    pub name: String,
    /// A part of a whole; otherwise a number.
    pub share: bool,
}

/// A risk factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Name for the program: `staff_shortage`.
    pub id: String,
    /// Name that people read.
    pub name: String,
    /// Name for a picture, two or three words.
    pub short: String,
    /// What it means.
    pub about: String,
    /// Where it comes from.
    pub source: String,
    /// How far it can be trusted.
    pub status: Status,
    /// How many rules must say «high» for the factor to be high; fewer make it medium.
    pub high_needs: u32,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// How a value becomes a significance.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique in the factor.
    pub id: String,
    /// What is measured, in words: «Доля незакрытых ставок».
    pub name: String,
    /// A question of the head's questionnaire, or `question/row` of a table; of a survey where one is named.
    pub question: Option<String>,
    /// The audience of an anonymous survey; the value is the share of those who chose one of the options.
    pub survey: Option<(Audience, Vec<String>)>,
    /// A kind of outside data; it goes before the answer of the head.
    pub evidence: Option<String>,
    /// What value is how significant.
    pub limit: Limit,
    /// Where in an act the limit stands.
    pub clause: String,
    /// How far the limit can be trusted.
    pub status: Status,
}

/// What value is how significant.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// By the option that was chosen; `yes` and `no` for yes and no.
    Options(Vec<(String, Significance)>),
    /// By a number or a share.
    Thresholds {
        /// Which side is worse.
        worse: WorseWhen,
        /// Thresholds from high to low, each reached when the value is equal to it or worse.
        steps: Vec<(Significance, Threshold)>,
    },
}

/// Which values are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorseWhen {
    /// Greater ones.
    More,
    /// Smaller ones.
    Less,
}

/// A threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The number; a share is in per cent.
    pub value: Decimal,
    /// The threshold of a share.
    pub percent: bool,
}

/// Data from outside the questionnaires, given by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A kind of the dictionary.
    pub kind: String,
    /// What exactly, in words: «ОГЭ по математике, 2026 год».
    pub label: String,
    /// The value.
    pub value: EvidenceValue,
    /// Where it comes from: a file, a report, a form.
    pub source: String,
}

/// A value of outside data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceValue {
    /// A part of a whole.
    Share {
        /// The part, not more than the whole.
        part: u64,
        /// The whole, not zero.
        whole: u64,
    },
    /// A number.
    Number(Decimal),
}

/// Everything a profile is made of.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The head's questionnaire with the answers.
    pub head: Option<(&'a Questionnaire, &'a Answers)>,
    /// What may be told of anonymous surveys.
    pub surveys: &'a [Aggregate],
    /// Outside data; of one kind there may be several, and the worst counts.
    pub evidence: &'a [Evidence],
}

/// The risk profile of a school on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The dictionary it was made by.
    pub dictionary: String,
    /// The version of the dictionary.
    pub version: u32,
    /// The day.
    pub on: Date,
    /// Factors in the order of the dictionary.
    pub factors: Vec<FactorState>,
}

/// One factor of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorState {
    /// The factor.
    pub factor: String,
    /// Name that people read.
    pub name: String,
    /// Name for a picture.
    pub short: String,
    /// What follows from the data.
    pub computed: Significance,
    /// What a person decided, beside what was computed.
    pub decided: Option<Decision>,
    /// Why, from the most significant.
    pub reasons: Vec<Reason>,
    /// What it rests on.
    pub evidence: Vec<EvidenceLine>,
    /// What is not known.
    pub missing: Vec<Missing>,
}

/// What one rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// What it says.
    pub significance: Significance,
    /// In Russian, with the value, the threshold and the clause.
    pub text: String,
}

/// A value a factor rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceLine {
    /// What it is.
    pub label: String,
    /// The value in words: «12 из 32 (37,5 %)».
    pub value: String,
    /// Where it comes from.
    pub source: String,
}

/// What a factor lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The rule.
    pub rule: String,
    /// In Russian: what is not known and where it could come from.
    pub text: String,
    /// The question to answer, where there is one.
    pub question: Option<String>,
}

impl FactorState {
    /// What counts: the decision of a person, or else what was computed.
    pub fn significance(&self) -> Significance {
        self.decided.as_ref().and_then(|decision| decision.significance).unwrap_or(self.computed)
    }
}

impl Profile {
    /// A factor by its name for the program.
    pub fn factor(&self, id: &str) -> Option<&FactorState> {
        self.factors.iter().find(|state| state.factor == id)
    }

    /// Factors that need measures.
    pub fn high(&self) -> impl Iterator<Item = &FactorState> {
        self.factors.iter().filter(|state| state.significance() == Significance::High)
    }
}
