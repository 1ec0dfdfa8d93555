//! What does a field path of a remark mean to a person?

use crate::{FactorDictionary, Questionnaire, words};

/// `question/<id>`.
pub fn question_path(id: &str) -> String {
    format!("question/{id}")
}

/// `section/<id>`.
pub fn section_path(id: &str) -> String {
    format!("section/{id}")
}

/// `factor/<id>`.
pub fn factor_path(id: &str) -> String {
    format!("factor/{id}")
}

/// The Russian name of what a path points at: «Вопрос 2.3 «Сколько учителей…»». Nothing when it points nowhere.
pub fn human_name(
    path: &str,
    questionnaire: &Questionnaire,
    dictionary: Option<&FactorDictionary>,
) -> Option<String> {
    if path == "questionnaire" {
        return Some("Анкета в целом".to_owned());
    }
    let (kind, id) = path.split_once('/')?;
    match kind {
        "question" => {
            let question = questionnaire.question(id)?;
            let text = words::short(&question.text);
            Some(match questionnaire.number(id) {
                Some(number) => format!("Вопрос {number} «{text}»"),
                None => format!("Пояснение «{text}»"),
            })
        }
        "section" => {
            let (section, number) =
                questionnaire.sections.iter().zip(1..).find(|(section, _)| section.id == id)?;
            Some(format!("Раздел {number} «{}»", words::short(&section.title)))
        }
        "factor" => {
            let factor = dictionary?.factors.iter().find(|factor| factor.id == id)?;
            Some(format!("Фактор риска «{}»", words::short(&factor.name)))
        }
        _ => None,
    }
}
