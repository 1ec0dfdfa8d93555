//! What does a dictionary of risk factors say, and what is wrong with it?

use std::collections::BTreeSet;

use opora_fields::{Errors, Fields, FileError, parse};

use super::{EvidenceKind, Factor, FactorDictionary, Limit, Rule, Significance, Threshold, WorseWhen};
use crate::Audience;
use crate::reading::{decimal_of, decimal_text, id};

/// Reads a dictionary from TOML. `file` names it in messages. All that is wrong is told together.
pub fn read_factors(file: &str, text: &str) -> Result<FactorDictionary, Vec<FileError>> {
    let mut errors = Errors::new(file, text);
    let errors_of = &mut errors;
    let Some(document) = parse(text, errors_of) else { return errors.or(None) };
    let root = Fields::root(&document, "словарь факторов");
    let known = ["id", "version", "title", "source", "status", "known_percent_min", "evidence", "factor"];
    root.known(&known, errors_of);
    let evidence: Vec<EvidenceKind> = root
        .tables("evidence", "вид данных", errors_of)
        .iter()
        .map(|fields| evidence_kind(fields, errors_of))
        .collect();
    let mut ids = BTreeSet::new();
    let mut factors = Vec::new();
    for fields in root.tables("factor", "фактор", errors_of) {
        let factor = factor(&fields, &evidence, errors_of);
        if !ids.insert(factor.id.clone()) {
            let what = format!("Фактор «{}» уже есть.", factor.id);
            errors_of.at(fields.span.clone(), &fields.place, &what, "Дайте фактору другой id.");
        }
        factors.push(factor);
    }
    if factors.is_empty() {
        errors_of.at(0..0, &root.place, "В словаре нет ни одного фактора.", "Добавьте раздел [[factor]].");
    }
    let percent = root.whole::<u32>("known_percent_min", errors_of).unwrap_or(0);
    if percent > 100 {
        root.wrong("known_percent_min", "Напишите процент от 0 до 100.", errors_of);
    }
    let dictionary = FactorDictionary {
        id: id(&root, errors_of),
        version: root.whole::<u32>("version", errors_of).unwrap_or_else(|| {
            errors_of.missing(&root, "version", "Напишите version = 1.");
            1
        }),
        title: root.text("title", errors_of).unwrap_or_default(),
        source: root.text("source", errors_of).unwrap_or_default(),
        status: root.status(errors_of),
        known_percent_min: percent,
        evidence,
        factors,
    };
    errors.or(Some(dictionary))
}

fn evidence_kind(fields: &Fields<'_>, errors: &mut Errors) -> EvidenceKind {
    fields.known(&["id", "name", "value"], errors);
    EvidenceKind {
        id: id(fields, errors),
        name: fields.text("name", errors).unwrap_or_default(),
        share: fields.need_word("value", &[("share", true), ("number", false)], errors).unwrap_or(true),
    }
}

fn factor(fields: &Fields<'_>, evidence: &[EvidenceKind], errors: &mut Errors) -> Factor {
    fields.known(&["id", "name", "short", "about", "source", "status", "high_needs", "rule"], errors);
    let mut ids = BTreeSet::new();
    let mut rules = Vec::new();
    for mut fields_of_rule in fields.tables("rule", "правило", errors) {
        fields_of_rule.place = format!("{}, {}", fields.place, fields_of_rule.place);
        let rule = rule(&fields_of_rule, evidence, errors);
        if !ids.insert(rule.id.clone()) {
            let what = format!("Правило «{}» в этом факторе уже есть.", rule.id);
            errors.at(fields_of_rule.span.clone(), &fields_of_rule.place, &what, "Дайте правилу другой id.");
        }
        rules.push(rule);
    }
    if rules.is_empty() {
        let mend = "Добавьте [[factor.rule]]: без правил значимость не определить.";
        errors.at(fields.span.clone(), &fields.place, "У фактора нет правил.", mend);
    }
    let high_needs = fields.whole::<u32>("high_needs", errors).unwrap_or(1);
    if high_needs == 0 || high_needs as usize > rules.len().max(1) {
        fields.wrong("high_needs", "Напишите число от 1 до числа правил.", errors);
    }
    let name = fields.text("name", errors).unwrap_or_default();
    Factor {
        id: id(fields, errors),
        short: fields.maybe_text("short", errors).unwrap_or_else(|| name.clone()),
        name,
        about: fields.text("about", errors).unwrap_or_default(),
        source: fields.text("source", errors).unwrap_or_default(),
        status: fields.status(errors),
        high_needs,
        rules,
    }
}

const RULE: [&str; 13] = [
    "id", "name", "question", "survey", "options", "evidence", "levels", "worse", "high", "medium", "low",
    "clause", "status",
];

fn rule(fields: &Fields<'_>, kinds: &[EvidenceKind], errors: &mut Errors) -> Rule {
    fields.known(&RULE, errors);
    let question = fields.maybe_text("question", errors);
    let evidence = fields.maybe_text("evidence", errors);
    let options = fields.texts("options", errors);
    let audience = fields.word("survey", &Audience::WORDS, errors);
    let mut refuse = |what: &str, mend: &str| errors.at(fields.span.clone(), &fields.place, what, mend);
    if question.is_none() && evidence.is_none() {
        refuse("Правило ни на что не смотрит.", "Назовите question, evidence или survey с question.");
    }
    if audience.is_some() && (question.is_none() || options.is_empty() || evidence.is_some()) {
        let mend = "К survey нужны question и options, а evidence вынесите в другое правило.";
        refuse("По опросу правило не посчитать.", mend);
    }
    if audience.is_none() && !options.is_empty() {
        refuse("Варианты options есть, а опроса нет.", "Назовите опрос: survey = \"parents\".");
    }
    if audience == Some(Audience::Head) {
        refuse("Анкета руководителя – не опрос.", "Уберите survey: question и так смотрит в неё.");
    }
    let kind = evidence.as_ref().and_then(|id| kinds.iter().find(|kind| kind.id == *id));
    if let (Some(id), None) = (&evidence, kind) {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
        let mend = format!("Есть: {}. Новый вид внесите в [[evidence]].", known.join(", "));
        refuse(&format!("Вида данных «{id}» в словаре нет."), &mend);
    }
    let limit = limit(fields, errors);
    let percent = match &limit {
        Limit::Thresholds { steps, .. } => steps.first().map(|(_, threshold)| threshold.percent),
        Limit::Options(_) => None,
    };
    let needs_percent = kind.map(|kind| kind.share).or(audience.map(|_| true));
    if let Some(needed) = needs_percent
        && percent != Some(needed)
    {
        let mend = if needed {
            "Доле нужны пороги в процентах: high = \"30 %\"."
        } else {
            "Числу нужны пороги без знака %: high = 5."
        };
        errors.at(fields.span.clone(), &fields.place, "Пороги не подходят к данным.", mend);
    }
    Rule {
        id: id(fields, errors),
        name: fields.text("name", errors).unwrap_or_default(),
        question,
        survey: audience.map(|audience| (audience, options)),
        evidence,
        limit,
        clause: fields.text("clause", errors).unwrap_or_default(),
        status: fields.status(errors),
    }
}

fn limit(fields: &Fields<'_>, errors: &mut Errors) -> Limit {
    if let Some(value) = fields.value("levels") {
        for name in ["worse", "high", "medium", "low"] {
            if fields.value(name).is_some() {
                let mend = "Оставьте или levels – по вариантам ответа, или пороги.";
                fields.wrong(name, mend, errors);
            }
        }
        let levels = Fields::of(value, &format!("{}, levels", fields.place), errors);
        let words = &Significance::WORDS;
        let found = levels.map(|levels| {
            let entries = levels.entries().into_iter();
            entries
                .filter_map(|(option, _)| Some((option.to_owned(), levels.word(option, words, errors)?)))
                .collect()
        });
        return Limit::Options(found.unwrap_or_default());
    }
    let worse = fields.need_word("worse", &[("more", WorseWhen::More), ("less", WorseWhen::Less)], errors);
    let worse = worse.unwrap_or(WorseWhen::More);
    let names = [("high", Significance::High), ("medium", Significance::Medium), ("low", Significance::Low)];
    let steps: Vec<(Significance, Threshold)> = names
        .into_iter()
        .filter_map(|(name, level)| Some((level, threshold(fields, name, errors)?)))
        .collect();
    if steps.is_empty() {
        errors.missing(fields, "high", "Напишите хотя бы один порог: high = \"30 %\" или high = 5.");
    }
    let wrong = |pair: &[(Significance, Threshold)]| match pair {
        [(_, first), (_, second)] => {
            first.percent != second.percent
                || match worse {
                    WorseWhen::More => first.value <= second.value,
                    WorseWhen::Less => first.value >= second.value,
                }
        }
        _ => false,
    };
    if steps.windows(2).any(wrong) {
        let mend = "Порог high должен быть хуже порога medium, а тот – хуже low; все в одних единицах.";
        errors.at(fields.span.clone(), &fields.place, "Пороги идут не по порядку.", mend);
    }
    Limit::Thresholds { worse, steps }
}

fn threshold(fields: &Fields<'_>, name: &str, errors: &mut Errors) -> Option<Threshold> {
    let value = fields.value(name)?;
    let found = match value.get_ref().as_str() {
        Some(text) => text.trim().strip_suffix('%').and_then(|number| {
            let value = decimal_text(&number.trim().replace(',', "."))?;
            Some(Threshold { value, percent: true })
        }),
        None => decimal_of(value.get_ref()).map(|value| Threshold { value, percent: false }),
    };
    if found.is_none() {
        fields.wrong(name, "Напишите долю в кавычках: \"30 %\", или число без кавычек: 5.", errors);
    }
    found
}
