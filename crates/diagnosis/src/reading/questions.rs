//! What does a question of a data file ask?

use opora_fields::{DeValue, Errors, Fields};

use super::{conditions, decimal, id};
use crate::{Choice, Kind, Question, TEXT_LENGTH_MAX};

const COMMON: [&str; 7] = ["id", "was", "text", "type", "help", "required", "when"];

/// Types with the fields that belong to them.
const TYPES: [(&str, &[&str]); 10] = [
    ("single", &["choices"]),
    ("multiple", &["choices", "at_least", "at_most"]),
    ("scale", &["from", "to", "low", "high"]),
    ("number", &["min", "max", "whole", "unit"]),
    ("share", &["part", "whole", "whole_from"]),
    ("text", &["min_length", "max_length"]),
    ("date", &["from", "to", "not_future"]),
    ("yes_no", &["yes", "no"]),
    ("matrix", &["rows", "columns"]),
    ("note", &[]),
];

pub(super) fn read(fields: &Fields<'_>, errors: &mut Errors) -> Question {
    let words: Vec<(&str, (&str, &[&str]))> =
        TYPES.iter().map(|(word, own)| (*word, (*word, *own))).collect();
    let found = fields.need_word("type", &words, errors);
    let id = id(fields, errors);
    if let Some((_, own)) = found {
        let known: Vec<&str> = COMMON.iter().chain(own).copied().collect();
        fields.known(&known, errors);
    }
    Question {
        id,
        was: fields.texts("was", errors),
        text: fields.text("text", errors).unwrap_or_default(),
        help: fields.maybe_text("help", errors),
        required: fields.flag("required", errors),
        when: conditions::read(fields, errors),
        kind: found.and_then(|(word, _)| kind(word, fields, errors)).unwrap_or(Kind::Note),
    }
}

fn kind(word: &str, fields: &Fields<'_>, errors: &mut Errors) -> Option<Kind> {
    Some(match word {
        "single" => Kind::Single(choices(fields, "choices", true, errors)),
        "multiple" => Kind::Multiple {
            choices: choices(fields, "choices", true, errors),
            at_least: fields.whole("at_least", errors).unwrap_or(1),
            at_most: fields.whole("at_most", errors),
        },
        "scale" => scale(fields, errors),
        "number" => Kind::Number {
            min: decimal(fields, "min", errors),
            max: decimal(fields, "max", errors),
            whole: fields.flag("whole", errors),
            unit: fields.maybe_text("unit", errors),
        },
        "share" => Kind::Share {
            part: fields.text("part", errors).unwrap_or_default(),
            whole: fields.text("whole", errors).unwrap_or_default(),
            whole_from: fields.maybe_text("whole_from", errors),
        },
        "text" => Kind::Text {
            min_length: fields.whole("min_length", errors).unwrap_or(0),
            max_length: fields.whole("max_length", errors).unwrap_or(TEXT_LENGTH_MAX),
        },
        "date" => Kind::Date {
            from: fields.maybe_date("from", errors),
            to: fields.maybe_date("to", errors),
            not_future: fields.flag("not_future", errors),
        },
        "yes_no" => Kind::YesNo { yes: decimal(fields, "yes", errors), no: decimal(fields, "no", errors) },
        "matrix" => Kind::Matrix {
            rows: choices(fields, "rows", false, errors),
            columns: choices(fields, "columns", true, errors),
        },
        "note" => Kind::Note,
        _ => return None,
    })
}

fn scale(fields: &Fields<'_>, errors: &mut Errors) -> Kind {
    for name in ["from", "to"] {
        if fields.value(name).is_none() {
            errors.missing(fields, name, "Напишите границы шкалы: from = 1, to = 5.");
        }
    }
    Kind::Scale {
        from: fields.whole("from", errors).unwrap_or(1),
        to: fields.whole("to", errors).unwrap_or(5),
        low: fields.maybe_text("low", errors),
        high: fields.maybe_text("high", errors),
    }
}

fn choices(fields: &Fields<'_>, name: &str, scored: bool, errors: &mut Errors) -> Vec<Choice> {
    let known: &[&str] = if scored { &["id", "text", "score"] } else { &["id", "text"] };
    let place = format!("{}, {name}", fields.place);
    if fields.value(name).is_none() {
        errors.missing(fields, name, "Перечислите варианты: [{ id = \"a\", text = \"…\" }].");
    }
    let mut found = Vec::new();
    for value in fields.list(name, errors) {
        if !matches!(value.get_ref(), DeValue::Table(_)) {
            let mend = "Опишите вариант таблицей: { id = \"a\", text = \"…\" }.";
            errors.at(value.span(), &place, "Вариант записан не таблицей.", mend);
            continue;
        }
        let Some(choice) = Fields::of(value, &place, errors) else { continue };
        choice.known(known, errors);
        found.push(Choice {
            id: id(&choice, errors),
            text: choice.text("text", errors).unwrap_or_default(),
            score: if scored { decimal(&choice, "score", errors) } else { None },
        });
    }
    found
}
