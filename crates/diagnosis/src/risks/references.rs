//! Do the rules of a dictionary look at questions that exist?

use super::assess::split;
use super::{FactorDictionary, Limit, Rule};
use crate::{Audience, Kind, Question, Questionnaire};

impl FactorDictionary {
    /// What rules look at and don't find in the questionnaires in use, in Russian with a mend, one line each. Of several
    /// questionnaires for one audience the first counts; rules of an audience without a questionnaire are passed over.
    pub fn wrong_references(&self, questionnaires: &[&Questionnaire]) -> Vec<String> {
        let mut found = Vec::new();
        for factor in &self.factors {
            for rule in &factor.rules {
                let wrong = wrong(rule, questionnaires);
                found.extend(
                    wrong.map(|wrong| format!("Фактор «{}», правило «{}»: {wrong}", factor.id, rule.id)),
                );
            }
        }
        found
    }
}

fn wrong(rule: &Rule, questionnaires: &[&Questionnaire]) -> Option<String> {
    let named = rule.question.as_deref()?;
    let audience = rule.survey.as_ref().map_or(Audience::Head, |(audience, _)| *audience);
    let questionnaire = questionnaires.iter().find(|questionnaire| questionnaire.audience == audience)?;
    let (id, row) = split(named);
    let Some(question) = questionnaire.question(id) else {
        return Some(format!("вопроса «{id}» нет в анкете «{}». Проверьте имя вопроса.", questionnaire.id));
    };
    if let Kind::Matrix { rows, .. } = &question.kind
        && !rows.iter().any(|known| Some(known.id.as_str()) == row)
    {
        let known: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        return Some(format!("назовите строку таблицы: «{id}/…». Есть: {}.", known.join(", ")));
    }
    let wanted: Vec<&str> = match (&rule.survey, &rule.limit) {
        (Some((_, options)), _) => options.iter().map(String::as_str).collect(),
        (None, Limit::Options(levels)) => levels.iter().map(|(option, _)| option.as_str()).collect(),
        (None, Limit::Thresholds { steps, .. }) => {
            let percent = steps.iter().any(|(_, threshold)| threshold.percent);
            let fits = match &question.kind {
                Kind::Share { .. } => percent,
                Kind::Number { .. } | Kind::Scale { .. } | Kind::Multiple { .. } => !percent,
                _ => false,
            };
            let mend = "доле нужны пороги в процентах, числу и шкале – числа, остальным – levels.";
            return (!fits).then(|| format!("пороги не подходят к вопросу «{id}»: {mend}"));
        }
    };
    let known = option_ids(question);
    let strange = wanted.iter().find(|option| !known.iter().any(|known| known == *option))?;
    Some(format!("у вопроса «{id}» нет варианта «{strange}». Есть: {}.", known.join(", ")))
}

fn option_ids(question: &Question) -> Vec<String> {
    match &question.kind {
        Kind::Single(choices) | Kind::Multiple { choices, .. } | Kind::Matrix { columns: choices, .. } => {
            choices.iter().map(|choice| choice.id.clone()).collect()
        }
        Kind::Scale { from, to, .. } => (*from..=*to).map(|step| step.to_string()).collect(),
        Kind::YesNo { .. } => vec!["yes".to_owned(), "no".to_owned()],
        _ => Vec::new(),
    }
}
