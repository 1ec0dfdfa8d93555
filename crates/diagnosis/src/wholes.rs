//! Of what is a part, when another question asks for the whole already?
//!
//! A share that names such a question is kept as its part alone ([`Answer::Part`]); the whole is joined whenever
//! answers are read, from the same answers. So one number stands in one place: a change of it reaches every share at
//! once, and no share can contradict it. What was approved stays what it was: kept, hashed and agreed on are all
//! answers together, the whole beside its parts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::{Answer, Answers, Condition, Kind, Question, Questionnaire, Section};

/// The whole that another question tells for a share: a number, or the part of another share («из них»). Nothing while
/// that one has no answer that can be a whole, and nothing for a question that asks for its whole itself.
pub fn whole_of(question: &Question, answers: &Answers) -> Option<u64> {
    match answers.get(question.kind.whole_from()?)? {
        Answer::Number(number) if number.fract() == Decimal::ZERO => number.to_u64(),
        Answer::Part(part) | Answer::Share { part, .. } => Some(*part),
        _ => None,
    }
}

/// The answer to a question as it counts: a part with its whole, where that is known. Nothing where there is no answer.
pub fn joined<'a>(question: &Question, answers: &'a Answers) -> Option<Cow<'a, Answer>> {
    Some(answers.get(&question.id)?.of(whole_of(question, answers)))
}

impl Answer {
    /// A part as a share of this whole. Without a whole, and for all other answers, the answer itself.
    pub fn of(&self, whole: Option<u64>) -> Cow<'_, Self> {
        match (self, whole) {
            (Self::Part(part), Some(whole)) => Cow::Owned(Self::Share { part: *part, whole }),
            _ => Cow::Borrowed(self),
        }
    }
}

impl Kind {
    /// The question that tells the whole of a share, where the share does not ask for it itself.
    pub fn whole_from(&self) -> Option<&str> {
        match self {
            Self::Share { whole_from, .. } => whole_from.as_deref(),
            _ => None,
        }
    }
}

/// Why a question can't tell the whole of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is no such question.
    Unknown,
    /// It stands after the share, or is the share.
    Later,
    /// It asks neither for a whole number from zero on nor for a share.
    NotCounting,
    /// The share may be asked when it is not.
    Hidden,
}

impl Unfit {
    /// What is wrong and how to mend it, in Russian.
    pub(crate) fn words(self, from: &str) -> (String, &'static str) {
        match self {
            Self::Unknown => (
                format!("Целое берётся из вопроса «{from}», которого нет (whole_from)."),
                "Проверьте имя вопроса или уберите whole_from: тогда вопрос сам спросит, сколько всего.",
            ),
            Self::Later => (
                format!("Целое берётся из вопроса «{from}», который стоит не раньше (whole_from)."),
                "Поставьте тот вопрос выше: сначала спрашивают, сколько всего.",
            ),
            Self::NotCounting => (
                format!(
                    "Вопрос «{from}» не может быть целым (whole_from): он не спрашивает целое число от нуля."
                ),
                "Нужен вопрос с type = \"number\", whole = true и min = 0 или больше, или с type = \"share\".",
            ),
            Self::Hidden => (
                format!(
                    "Целое берётся из вопроса «{from}», который задают не всем, кому задан этот (whole_from)."
                ),
                "Уберите условие у того вопроса или поставьте такое же этому.",
            ),
        }
    }
}

/// Whether a share may take its whole from a question.
pub(crate) struct Wholes<'q> {
    at: BTreeMap<&'q str, (usize, &'q Section, &'q Question)>,
}

impl<'q> Wholes<'q> {
    pub(crate) fn of(questionnaire: &'q Questionnaire) -> Self {
        let mut at = BTreeMap::new();
        for (position, (section, question)) in questionnaire.questions().enumerate() {
            // Of two questions of one name, which is an error of its own, the first is meant.
            at.entry(question.id.as_str()).or_insert((position, section, question));
        }
        Self { at }
    }

    /// Nothing when the question suits.
    pub(crate) fn unfit(&self, share: &Question, from: &str) -> Option<Unfit> {
        let (Some((own, section, _)), Some((earlier, its_section, whole))) =
            (self.at.get(share.id.as_str()), self.at.get(from))
        else {
            return Some(Unfit::Unknown);
        };
        if earlier >= own {
            return Some(Unfit::Later);
        }
        let counts = match &whole.kind {
            Kind::Number { min: Some(min), whole: true, .. } => *min >= Decimal::ZERO,
            Kind::Share { .. } => true,
            _ => false,
        };
        if !counts {
            return Some(Unfit::NotCounting);
        }
        let asked_when = needs(section, share);
        let hidden = needs(its_section, whole).iter().any(|needed| !asked_when.contains(needed));
        hidden.then_some(Unfit::Hidden)
    }
}

/// What must hold for a question to be asked, as a flat list.
fn needs<'q>(section: &'q Section, question: &'q Question) -> Vec<&'q Condition> {
    let mut found = Vec::new();
    let mut open: Vec<&Condition> = section.when.iter().chain(&question.when).collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::All(parts) => open.extend(parts),
            one => found.push(one),
        }
    }
    found
}
