//! How significant is each factor, by the rules of the dictionary?

use std::cmp::Ordering;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::reasons::{missing, reason};
use super::{
    Decision, EvidenceLine, EvidenceValue, Factor, FactorDictionary, FactorState, Inputs, Limit, Missing,
    Profile, Reason, Rule, Significance, Threshold, WorseWhen,
};
use crate::answers::share_against;
use crate::{Answer, Audience, Kind, answer_words, joined, visible, words};

/// The profile on a day. Decisions stand in the order they were taken; those of later days don't count.
pub fn assess(
    dictionary: &FactorDictionary,
    inputs: &Inputs<'_>,
    decisions: &[Decision],
    on: Date,
) -> Profile {
    let state = |factor: &Factor| state(dictionary, factor, inputs, decisions, on);
    Profile {
        dictionary: dictionary.id.clone(),
        version: dictionary.version,
        on,
        factors: dictionary.factors.iter().map(state).collect(),
    }
}

fn state(
    dictionary: &FactorDictionary,
    factor: &Factor,
    inputs: &Inputs<'_>,
    decisions: &[Decision],
    on: Date,
) -> FactorState {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut evidence = Vec::new();
    let mut lacks: Vec<Missing> = Vec::new();
    for rule in &factor.rules {
        let seen = look(rule, inputs);
        let worst = seen.iter().max_by_key(|seen| (seen.found.significance, seen.at_evidence_order()));
        match worst {
            Some(worst) => reasons.push(reason(rule, worst)),
            None => lacks.push(missing(dictionary, rule, inputs)),
        }
        evidence.extend(seen.into_iter().map(|seen| seen.line));
    }
    let computed = combine(dictionary, factor, &reasons);
    // The sort is stable: among equals the order of the dictionary stays.
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.significance));
    let decided = decisions.iter().rfind(|decision| decision.factor == factor.id && decision.on <= on);
    FactorState {
        factor: factor.id.clone(),
        name: factor.name.clone(),
        short: factor.short.clone(),
        computed,
        decided: decided.filter(|decision| decision.significance.is_some()).cloned(),
        reasons,
        evidence,
        missing: lacks,
    }
}

/// High when enough rules say so; otherwise the worst that is said; unknown when too few rules have data.
fn combine(dictionary: &FactorDictionary, factor: &Factor, reasons: &[Reason]) -> Significance {
    let count = |level| reasons.iter().filter(|reason| reason.significance == level).count();
    let high = count(Significance::High);
    if high > 0 && high >= factor.high_needs as usize {
        return Significance::High;
    }
    if high > 0 || count(Significance::Medium) > 0 {
        return Significance::Medium;
    }
    let enough =
        reasons.len() as u64 * 100 >= factor.rules.len() as u64 * u64::from(dictionary.known_percent_min);
    if reasons.is_empty() || !enough {
        return Significance::Unknown;
    }
    if count(Significance::Low) > 0 { Significance::Low } else { Significance::None }
}

/// A value as a rule saw it.
pub(super) struct Seen {
    pub(super) found: Found,
    pub(super) line: EvidenceLine,
    /// What the value is of, when the rule itself does not say.
    pub(super) about: Option<String>,
}

/// What a limit says of a value.
pub(super) struct Found {
    pub(super) significance: Significance,
    /// The threshold that decided, and how the value stands to it.
    pub(super) against: Option<(Threshold, Ordering)>,
}

impl Seen {
    /// Of equally significant values the one with the first label in the alphabet is told: the same every time.
    fn at_evidence_order(&self) -> std::cmp::Reverse<&str> {
        std::cmp::Reverse(self.line.label.as_str())
    }
}

/// A value that can be measured by a limit.
enum Value<'v> {
    Share(u64, u64),
    Number(Decimal),
    Option(&'v str),
}

fn look(rule: &Rule, inputs: &Inputs<'_>) -> Vec<Seen> {
    if let Some((audience, options)) = &rule.survey {
        return survey(rule, *audience, options, inputs).into_iter().collect();
    }
    let outside = outside(rule, inputs);
    if outside.is_empty() { head(rule, inputs).into_iter().collect() } else { outside }
}

fn outside(rule: &Rule, inputs: &Inputs<'_>) -> Vec<Seen> {
    let Some(kind) = &rule.evidence else { return Vec::new() };
    let of_kind = inputs.evidence.iter().filter(|evidence| evidence.kind == *kind);
    of_kind
        .filter_map(|evidence| {
            let (value, shown) = match evidence.value {
                EvidenceValue::Share { part, whole } => (Value::Share(part, whole), share_words(part, whole)),
                EvidenceValue::Number(number) => (Value::Number(number), words::number(number)),
            };
            let line =
                EvidenceLine { label: evidence.label.clone(), value: shown, source: evidence.source.clone() };
            Some(Seen { found: measure(&rule.limit, &value)?, line, about: Some(evidence.label.clone()) })
        })
        .collect()
}

fn head(rule: &Rule, inputs: &Inputs<'_>) -> Option<Seen> {
    let (questionnaire, answers) = inputs.head?;
    let (id, row) = split(rule.question.as_deref()?);
    let question = questionnaire.question(id)?;
    if !visible(questionnaire, answers).contains(id) {
        return None;
    }
    let answer = &*joined(question, answers)?;
    let value = match answer {
        Answer::Share { part, whole } => Value::Share(*part, *whole),
        Answer::Number(number) => Value::Number(*number),
        Answer::Scale(step) => Value::Number(Decimal::from(*step)),
        Answer::Choices(chosen) => Value::Number(Decimal::from(chosen.len())),
        Answer::Choice(option) => Value::Option(option),
        Answer::YesNo(given) => Value::Option(if *given { "yes" } else { "no" }),
        Answer::Matrix(rows) => Value::Option(rows.get(row?)?),
        Answer::Part(_) | Answer::Text(_) | Answer::Date(_) => return None,
    };
    let shown = match (&value, &question.kind) {
        (Value::Option(option), Kind::Matrix { columns, .. }) => columns
            .iter()
            .find(|column| column.id == *option)
            .map_or_else(|| (*option).to_owned(), |column| column.text.clone()),
        _ => answer_words(question, answer),
    };
    let number = questionnaire.number(id).unwrap_or_default();
    let line = EvidenceLine {
        label: rule.name.clone(),
        value: shown,
        source: format!("Самодиагностика, вопрос {number} «{}»", question.text),
    };
    Some(Seen { found: measure(&rule.limit, &value)?, line, about: None })
}

fn survey(rule: &Rule, audience: Audience, options: &[String], inputs: &Inputs<'_>) -> Option<Seen> {
    let survey = inputs.surveys.iter().find(|survey| survey.audience == audience)?;
    let (part, whole) = survey.share_of(rule.question.as_deref()?, options)?;
    let line = EvidenceLine {
        label: rule.name.clone(),
        value: share_words(part, whole),
        source: format!("Опрос {}", audience.name()),
    };
    Some(Seen { found: measure(&rule.limit, &Value::Share(part, whole))?, line, about: None })
}

fn share_words(part: u64, whole: u64) -> String {
    format!("{} ({part} из {whole})", words::percent(part, whole))
}

/// `question/row` of a table.
pub(super) fn split(question: &str) -> (&str, Option<&str>) {
    question.split_once('/').map_or((question, None), |(question, row)| (question, Some(row)))
}

/// What a limit says of a value; nothing when they don't fit one another.
fn measure(limit: &Limit, value: &Value<'_>) -> Option<Found> {
    let (worse, steps) = match (limit, value) {
        (Limit::Options(levels), Value::Option(option)) => {
            let (_, level) = levels.iter().find(|(known, _)| known == option)?;
            let known = *level != Significance::Unknown;
            return known.then_some(Found { significance: *level, against: None });
        }
        (Limit::Thresholds { worse, steps }, Value::Share(..) | Value::Number(_)) => (*worse, steps),
        _ => return None,
    };
    let stands = |threshold: &Threshold| match (value, threshold.percent) {
        (Value::Share(part, whole), true) if part <= whole => share_against(*part, *whole, threshold.value),
        (Value::Number(number), false) => Some(number.cmp(&threshold.value)),
        _ => None,
    };
    let bad = match worse {
        WorseWhen::More => Ordering::Greater,
        WorseWhen::Less => Ordering::Less,
    };
    let mut last = None;
    for (level, threshold) in steps {
        let found = stands(threshold)?;
        if found == bad || found == Ordering::Equal {
            return Some(Found { significance: *level, against: Some((*threshold, found)) });
        }
        last = Some((*threshold, found));
    }
    Some(Found { significance: Significance::None, against: last })
}
