//! How much of a questionnaire is answered?

use crate::{Answer, Answers, Kind, Question, Questionnaire, joined, visible};

/// What is answered of what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// Required questions that are asked and answered.
    pub required_answered: usize,
    /// Required questions that are asked.
    pub required: usize,
    /// All questions that are asked and answered.
    pub answered: usize,
    /// All questions that are asked.
    pub asked: usize,
    /// The first required question without an answer.
    pub next: Option<String>,
    /// The same by section, for those that are asked.
    pub sections: Vec<SectionProgress>,
}

/// What is answered of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionProgress {
    /// The section.
    pub section: String,
    /// Required questions that are asked and answered.
    pub required_answered: usize,
    /// Required questions that are asked.
    pub required: usize,
}

impl Progress {
    /// Every required question that is asked has an answer.
    pub fn is_complete(&self) -> bool {
        self.required_answered == self.required
    }
}

/// How much is answered. A table counts as answered when each of its rows is, a part when its whole is known.
pub fn progress(questionnaire: &Questionnaire, answers: &Answers) -> Progress {
    let seen = visible(questionnaire, answers);
    let mut found = Progress::default();
    for section in &questionnaire.sections {
        let mut part = SectionProgress { section: section.id.clone(), required_answered: 0, required: 0 };
        let mut asked = 0;
        for question in section
            .questions
            .iter()
            .filter(|question| question.kind != Kind::Note && seen.contains(question.id.as_str()))
        {
            let answered = joined(question, answers).is_some_and(|answer| is_whole(question, &answer));
            asked += 1;
            found.answered += usize::from(answered);
            if question.required {
                part.required += 1;
                part.required_answered += usize::from(answered);
                if !answered && found.next.is_none() {
                    found.next = Some(question.id.clone());
                }
            }
        }
        found.asked += asked;
        found.required += part.required;
        found.required_answered += part.required_answered;
        if asked > 0 {
            found.sections.push(part);
        }
    }
    found
}

fn is_whole(question: &Question, answer: &Answer) -> bool {
    match (&question.kind, answer) {
        (Kind::Matrix { rows, .. }, Answer::Matrix(given)) => {
            rows.iter().all(|row| given.contains_key(&row.id))
        }
        (_, Answer::Part(_)) => false,
        _ => true,
    }
}
