//! How are saves, approvals, surveys and decisions written in a fact of the store?

use jiff::civil::Date;
use opora_approval::Fact as Approval;
use opora_diagnosis::{Decision, Significance};
use opora_store::Fact;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::usecases::agreement::{read_fact, write_fact};

/// The kind of a fact that holds a save.
pub const SAVE: &str = "diagnosis.save";
/// The kind of a fact that holds an act of approval.
pub const ACT: &str = "diagnosis.act";
/// The kind of a fact that holds a decision about a risk.
pub const DECISION: &str = "risks.decision";
/// The kind of a fact that keeps a questionnaire.
pub const QUESTIONNAIRE: &str = "questionnaire.keep";
/// The kind of a fact that names a survey of a school.
pub const SURVEY: &str = "survey.list";
/// The kind of a fact that opens a survey.
pub const SURVEY_OPEN: &str = "survey.open";
/// The kind of a fact that closes a survey.
pub const SURVEY_CLOSE: &str = "survey.close";
/// The kind of a fact that holds one anonymous form.
pub const SURVEY_ANSWER: &str = "survey.answer";
/// The kind of a fact that makes a form count once.
pub const SURVEY_FORM: &str = "survey.form";

/// Answers that were saved together; an answer in its storing form, empty when it was cleared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// Hash of the questionnaire.
    pub questionnaire: String,
    /// Question and answer.
    pub answers: Vec<(String, String)>,
}

/// A survey as it was opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Number of the school.
    pub school: u32,
    /// The year.
    pub year: i16,
    /// Hash of the questionnaire.
    pub questionnaire: String,
}

/// One anonymous form: nothing but the answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Given {
    /// Question and answer in its storing form.
    pub answers: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Decided {
    factor: String,
    significance: Option<String>,
    reason: String,
    on: String,
    computed: String,
}

/// A value of ours as JSON. These hold text and numbers only, which always can be written.
pub fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The content of a fact, where it is what its kind says.
pub fn read<'de, T: Deserialize<'de>>(fact: &'de Fact) -> Option<T> {
    T::deserialize(&fact.content).ok()
}

/// The account number of whoever recorded a fact; zero is the one who works alone.
pub fn account(fact: &Fact) -> i64 {
    fact.account.map_or(0, |account| account.0)
}

/// An act of approval as it is recorded.
pub fn act(fact: &Approval) -> Value {
    let mut content = write_fact(fact);
    if let Some(fields) = content.as_object_mut() {
        fields.insert("action".to_owned(), json!(fact.action.word()));
    }
    content
}

/// An act of approval as it was recorded.
pub fn read_act(fact: &Fact) -> Option<Approval> {
    read_fact(fact.content.get("action")?.as_str()?, &fact.content, fact.at)
}

/// The act of approval that a fact of a self-diagnosis holds; nothing for a save.
pub fn act_of(fact: &Fact) -> Option<Approval> {
    (fact.kind == ACT).then(|| read_act(fact)).flatten()
}

/// A decision about a risk as it is recorded.
pub fn decision(decision: &Decision) -> Value {
    written(&Decided {
        factor: decision.factor.clone(),
        significance: decision.significance.map(|level| level.word().to_owned()),
        reason: decision.reason.clone(),
        on: decision.on.to_string(),
        computed: decision.computed.word().to_owned(),
    })
}

/// A decision about a risk as it was recorded.
pub fn read_decision(fact: &Fact) -> Option<Decision> {
    let decided: Decided = read(fact)?;
    let significance = match decided.significance {
        Some(word) => Some(Significance::read(&word)?),
        None => None,
    };
    Some(Decision {
        factor: decided.factor,
        significance,
        reason: decided.reason,
        by: account(fact),
        on: decided.on.parse::<Date>().ok()?,
        computed: Significance::read(&decided.computed)?,
    })
}

/// A questionnaire as it is kept.
pub fn questionnaire(text: &str) -> Value {
    json!({ "text": text })
}

/// The text of a kept questionnaire.
pub fn read_questionnaire(fact: &Fact) -> Option<&str> {
    fact.content.get("text")?.as_str()
}
