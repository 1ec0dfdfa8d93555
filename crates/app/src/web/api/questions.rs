//! What may the answer to a question be: which kind, which options, within which limits?

use opora_diagnosis::{Choice, Kind, Question};
use serde::Serialize;
use utoipa::ToSchema;

/// What an answer may be.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerForm {
    /// `single`, `multiple`, `scale`, `number`, `share`, `text`, `date`, `yes_no`, `matrix`, `note`.
    kind: &'static str,
    /// How to answer, where to look.
    help: Option<String>,
    /// Options of `single` and `multiple`, columns of `matrix`: the answer names their `id`.
    choices: Vec<ChoiceShown>,
    /// Rows of `matrix`: the answer says `row=column` for each, apart by spaces.
    rows: Vec<ChoiceShown>,
    /// Least number, step or day; fewest options or characters.
    min: Option<String>,
    /// Greatest number, step or day; most options or characters.
    max: Option<String>,
    /// Unit of a number, in words.
    unit: Option<String>,
    /// What the part of a `share` is and of what: its answer is `12/40`, or `12` where `whole_from` names a question.
    share: Option<ShareWords>,
}

/// An option, or a row of a table.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceShown {
    id: String,
    text: String,
}

/// What a share is of what.
#[derive(Serialize, ToSchema)]
pub(super) struct ShareWords {
    part: String,
    whole: String,
    /// The question whose answer, or whose part where it is a share, is the whole; nothing where the share asks for both
    /// numbers itself.
    whole_from: Option<String>,
}

fn choices(own: &[Choice]) -> Vec<ChoiceShown> {
    own.iter().map(|choice| ChoiceShown { id: choice.id.clone(), text: choice.text.clone() }).collect()
}

fn words<T: ToString>(least: Option<T>, most: Option<T>) -> (Option<String>, Option<String>) {
    (least.map(|own| own.to_string()), most.map(|own| own.to_string()))
}

impl AnswerForm {
    pub(super) fn of(question: &Question) -> Self {
        let kind = &question.kind;
        let (min, max) = match kind {
            Kind::Multiple { at_least, at_most, .. } => words(Some(*at_least), *at_most),
            Kind::Scale { from, to, .. } => words(Some(*from), Some(*to)),
            Kind::Number { min, max, .. } => words(*min, *max),
            Kind::Text { min_length, max_length } => words(Some(*min_length), Some(*max_length)),
            Kind::Date { from, to, .. } => words(*from, *to),
            _ => (None, None),
        };
        Self {
            kind: kind.word(),
            help: question.help.clone(),
            choices: match kind {
                Kind::Single(own)
                | Kind::Multiple { choices: own, .. }
                | Kind::Matrix { columns: own, .. } => choices(own),
                _ => Vec::new(),
            },
            rows: match kind {
                Kind::Matrix { rows, .. } => choices(rows),
                _ => Vec::new(),
            },
            min,
            max,
            unit: match kind {
                Kind::Number { unit, .. } => unit.clone(),
                _ => None,
            },
            share: match kind {
                Kind::Share { part, whole, whole_from } => Some(ShareWords {
                    part: part.clone(),
                    whole: whole.clone(),
                    whole_from: whole_from.clone(),
                }),
                _ => None,
            },
        }
    }
}
