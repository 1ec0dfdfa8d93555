//! What does the condition of a question or a section say?

use opora_fields::{DeValue, Errors, Fields, Spanned, day_of};

use super::decimal_of;
use crate::{Condition, Literal, Test};

/// Conditions deeper than this are refused: nobody reads them.
pub(crate) const DEPTH_MAX: usize = 12;

/// The field `when`, where there is one.
pub(super) fn read(fields: &Fields<'_>, errors: &mut Errors) -> Option<Condition> {
    let value = fields.value("when")?;
    condition(value, &format!("{}, when", fields.place), DEPTH_MAX, errors)
}

const KNOWN: [&str; 12] = [
    "question", "answered", "equals", "one_of", "includes", "greater", "at_least", "less", "at_most", "all",
    "any", "not",
];

fn condition(
    value: &Spanned<DeValue<'_>>,
    place: &str,
    depth: usize,
    errors: &mut Errors,
) -> Option<Condition> {
    if depth == 0 {
        let mend = "Разбейте условие на несколько вопросов.";
        errors.at(value.span(), place, "Условия вложены слишком глубоко.", mend);
        return None;
    }
    let fields = Fields::of(value, place, errors)?;
    fields.known(&KNOWN, errors);
    for (name, join) in [("all", Condition::All as fn(_) -> _), ("any", Condition::Any)] {
        if fields.value(name).is_some() {
            alone(&fields, 1, errors);
            let list = fields.list(name, errors);
            if list.is_empty() {
                fields.wrong(name, "Перечислите хотя бы одно условие.", errors);
            }
            let parts = list.iter().filter_map(|value| condition(value, place, depth - 1, errors));
            return Some(join(parts.collect::<Vec<_>>()));
        }
    }
    if let Some(value) = fields.value("not") {
        alone(&fields, 1, errors);
        return condition(value, place, depth - 1, errors).map(|part| Condition::Not(Box::new(part)));
    }
    let question = fields.text("question", errors)?;
    alone(&fields, 2, errors);
    match fields.maybe_flag("answered", errors) {
        Some(true) => return Some(Condition::Answered(question)),
        Some(false) => return Some(Condition::Not(Box::new(Condition::Answered(question)))),
        None => {}
    }
    let test = test(&fields, errors)?;
    Some(Condition::Is { question, test })
}

/// A condition says one thing.
fn alone(fields: &Fields<'_>, count: usize, errors: &mut Errors) {
    if fields.entries().len() > count {
        let mend = "Оставьте одно сравнение, остальные соедините через all или any.";
        errors.at(fields.span.clone(), &fields.place, "Условие говорит о нескольких вещах сразу.", mend);
    }
}

fn test(fields: &Fields<'_>, errors: &mut Errors) -> Option<Test> {
    if let Some(option) = fields.maybe_text("includes", errors) {
        return Some(Test::Includes(option));
    }
    if fields.value("one_of").is_some() {
        let list = fields.list("one_of", errors);
        let literals: Vec<Literal> = list.iter().filter_map(|value| literal(value.get_ref())).collect();
        if literals.len() != list.len() || literals.is_empty() {
            fields.wrong("one_of", "Перечислите варианты в кавычках или числа.", errors);
        }
        return Some(Test::OneOf(literals));
    }
    let tests = [
        ("equals", Test::Equals as fn(Literal) -> Test),
        ("greater", Test::Greater),
        ("at_least", Test::AtLeast),
        ("less", Test::Less),
        ("at_most", Test::AtMost),
    ];
    for (name, make) in tests {
        let Some(value) = fields.value(name) else { continue };
        let found = literal(value.get_ref());
        if found.is_none() {
            let mend = "Напишите вариант в кавычках, число, true или false, или дату 2026-09-01.";
            fields.wrong(name, mend, errors);
        }
        return found.map(make);
    }
    if fields.value("answered").is_none() && fields.value("includes").is_none() {
        errors.missing(
            fields,
            "equals",
            "Скажите, каким должен быть ответ: equals, one_of, greater и другие.",
        );
    }
    None
}

fn literal(value: &DeValue<'_>) -> Option<Literal> {
    if let Some(word) = value.as_str() {
        return Some(Literal::Word(word.to_owned()));
    }
    let number = || decimal_of(value).map(Literal::Number);
    value.as_bool().map(Literal::Flag).or_else(number).or_else(|| day_of(value).map(Literal::Day))
}
