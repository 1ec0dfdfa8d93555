//! What are the answers worth?

use rust_decimal::Decimal;

use crate::{Answer, Answers, Choice, Kind, Question, Questionnaire, visible};

/// What the answers of a section are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionScore {
    /// The section.
    pub section: String,
    /// Sum of the scores of what was answered.
    pub score: Decimal,
    /// The most that could be had for the same questions.
    pub most: Decimal,
    /// Questions with a score that were answered.
    pub answered: usize,
    /// Questions with a score that are asked.
    pub asked: usize,
}

/// What an answer is worth; nothing when the question has no scores.
pub fn score(question: &Question, answer: &Answer) -> Option<Decimal> {
    let of = |choices: &[Choice], id: &str| choices.iter().find(|choice| choice.id == id)?.score;
    match (&question.kind, answer) {
        (Kind::Single(choices), Answer::Choice(id)) => of(choices, id),
        (Kind::Multiple { choices, .. }, Answer::Choices(ids)) => {
            sum(ids.iter().filter_map(|id| of(choices, id)))
        }
        (Kind::Scale { .. }, Answer::Scale(step)) => Some(Decimal::from(*step)),
        (Kind::YesNo { yes, no }, Answer::YesNo(given)) => {
            if *given {
                *yes
            } else {
                *no
            }
        }
        (Kind::Matrix { columns, .. }, Answer::Matrix(given)) => {
            sum(given.values().filter_map(|id| of(columns, id)))
        }
        _ => None,
    }
}

/// The most that a question can be worth; nothing when it has no scores.
pub fn score_most(question: &Question) -> Option<Decimal> {
    let best = |choices: &[Choice]| choices.iter().filter_map(|choice| choice.score).max();
    match &question.kind {
        Kind::Single(choices) => best(choices),
        Kind::Multiple { choices, at_most, .. } => {
            let mut gains: Vec<Decimal> = choices.iter().filter_map(|choice| choice.score).collect();
            gains.sort_by(|a, b| b.cmp(a));
            gains.truncate(at_most.map_or(usize::MAX, |most| most as usize));
            sum(gains.into_iter().filter(|gain| *gain > Decimal::ZERO))
        }
        Kind::Scale { to, .. } => Some(Decimal::from(*to)),
        Kind::YesNo { yes, no } => (*yes).max(*no),
        Kind::Matrix { rows, columns } => best(columns)?.checked_mul(Decimal::from(rows.len())),
        _ => None,
    }
}

/// Nothing of nothing; numbers of a questionnaire are small, so the sum always fits.
fn sum(scores: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    scores.fold(None, |sum: Option<Decimal>, score| sum.unwrap_or_default().checked_add(score))
}

/// Scores by section, of questions that are asked; sections without scores are left out.
pub fn section_scores(questionnaire: &Questionnaire, answers: &Answers) -> Vec<SectionScore> {
    let seen = visible(questionnaire, answers);
    let of_section = |section: &crate::Section| {
        let mut found = SectionScore {
            section: section.id.clone(),
            score: Decimal::ZERO,
            most: Decimal::ZERO,
            answered: 0,
            asked: 0,
        };
        for question in section.questions.iter().filter(|question| seen.contains(question.id.as_str())) {
            let Some(most) = score_most(question) else { continue };
            found.asked += 1;
            let Some(score) = answers.get(&question.id).and_then(|answer| score(question, answer)) else {
                continue;
            };
            found.answered += 1;
            found.score = found.score.saturating_add(score);
            found.most = found.most.saturating_add(most);
        }
        (found.asked > 0).then_some(found)
    };
    questionnaire.sections.iter().filter_map(of_section).collect()
}
