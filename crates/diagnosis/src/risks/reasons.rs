//! How is it told why a factor is significant, and what is not known?

use std::cmp::Ordering;

use super::assess::{Seen, split};
use super::{FactorDictionary, Inputs, Missing, Reason, Rule, Significance, Status};
use crate::{whole_of, words};

/// «Доля незакрытых ставок: 37,5 % (12 из 32), выше порога 30 % (п. 2.1) – высокая значимость.»
pub(super) fn reason(rule: &Rule, seen: &Seen) -> Reason {
    let about = seen.about.as_ref().filter(|about| **about != rule.name);
    let about = about.map(|about| format!(" ({about})")).unwrap_or_default();
    let value = match seen.found.against {
        Some((threshold, found)) => {
            let side = match found {
                Ordering::Greater => "выше порога",
                Ordering::Less => "ниже порога",
                Ordering::Equal => "ровно на пороге",
            };
            let unit = if threshold.percent { " %" } else { "" };
            format!("{}, {side} {}{unit}", seen.line.value, words::number(threshold.value))
        }
        None => format!("«{}»", seen.line.value),
    };
    let doubt = match rule.status {
        Status::Verified => "",
        Status::SecondHand => "; по пересказу",
        Status::Unverified => "; не подтверждено актом",
    };
    let level = match seen.found.significance {
        Significance::None => "риск не выявлен".to_owned(),
        level => format!("{} значимость", level.name()),
    };
    let text = format!("{}{about}: {value} ({}{doubt}) – {level}.", rule.name, rule.clause);
    Reason { rule: rule.id.clone(), significance: seen.found.significance, text }
}

/// What a rule without a value lacks.
pub(super) fn missing(dictionary: &FactorDictionary, rule: &Rule, inputs: &Inputs<'_>) -> Missing {
    let wanted = &rule.name;
    let plain = |text: String| Missing { rule: rule.id.clone(), text, question: None };
    let (question, _) = split(rule.question.as_deref().unwrap_or_default());
    if let Some((audience, _)) = &rule.survey {
        let held = inputs.surveys.iter().any(|survey| survey.audience == *audience);
        let why = if held {
            "по опросу этого сказать нельзя: он не закрыт или ответов слишком мало"
        } else {
            "опроса ещё не было"
        };
        return plain(format!("{wanted}: {why}. Опросите {}.", whom(*audience)));
    }
    let kind = rule.evidence.as_ref().and_then(|id| dictionary.evidence.iter().find(|kind| kind.id == *id));
    let data = kind.map(|kind| format!("загрузите данные «{}»", kind.name));
    let asked = inputs.head.and_then(|(questionnaire, answers)| {
        let found = questionnaire.question(question)?;
        // A part that was told waits for the question that tells its whole.
        let waits = answers.contains_key(question) && whole_of(found, answers).is_none();
        let whole = found.kind.whole_from().filter(|_| waits);
        let found = whole.and_then(|whole| questionnaire.question(whole)).unwrap_or(found);
        let number = questionnaire.number(&found.id)?;
        Some((found.id.clone(), format!("ответьте на вопрос {number} «{}»", found.text)))
    });
    let (known_question, asked) = asked.unzip();
    let ways: Vec<String> = asked.into_iter().chain(data).collect();
    let mut missing = if ways.is_empty() {
        plain(format!("{wanted}: нет данных. Заполните самодиагностику."))
    } else {
        plain(format!("{wanted}: нет данных – {}.", ways.join(" или ")))
    };
    missing.question = known_question;
    missing
}

fn whom(audience: crate::Audience) -> &'static str {
    match audience {
        crate::Audience::Head => "руководителя",
        crate::Audience::Parents => "родителей",
        crate::Audience::Pupils => "учеников",
        crate::Audience::Staff => "работников",
    }
}
