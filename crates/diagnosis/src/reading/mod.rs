//! What does a data file of this room say, and what is wrong with it?

pub(crate) mod conditions;
mod questions;
pub(crate) mod whole;

use opora_fields::{DeValue, Errors, Fields, FileError, parse, whole_of};
use rust_decimal::Decimal;

use crate::{Audience, Questionnaire, Section};

/// Reads a questionnaire from TOML. `file` names it in messages. All that is wrong is told together.
pub fn read_questionnaire(file: &str, text: &str) -> Result<Questionnaire, Vec<FileError>> {
    let mut errors = Errors::new(file, text);
    let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
    let root = Fields::root(&document, "анкета");
    root.known(&["id", "version", "title", "audience", "about", "section"], &mut errors);
    let mut places = whole::Places::default();
    let id = id(&root, &mut errors);
    let version = root.whole::<u32>("version", &mut errors).filter(|version| *version > 0);
    if version.is_none() {
        let mend = "Напишите version = 1; с каждым изменением число растёт.";
        errors.at(root.span_of("version"), &root.place, "У анкеты нет номера версии.", mend);
    }
    let title = root.text("title", &mut errors).unwrap_or_default();
    let audience = root.need_word("audience", &Audience::WORDS, &mut errors);
    let about = root.maybe_text("about", &mut errors);
    let mut sections = Vec::new();
    for fields in root.tables("section", "раздел", &mut errors) {
        sections.push(section(&fields, &mut places, &mut errors));
    }
    let questionnaire = Questionnaire {
        id,
        version: version.unwrap_or(1),
        title,
        audience: audience.unwrap_or(Audience::Head),
        about,
        sections,
    };
    for fault in whole::faults(&questionnaire) {
        let (span, place) = places.find(&fault.at);
        errors.at(span, &place, &fault.what, &fault.mend);
    }
    errors.or(Some(questionnaire))
}

fn section(fields: &Fields<'_>, places: &mut whole::Places, errors: &mut Errors) -> Section {
    fields.known(&["id", "title", "about", "when", "question"], errors);
    let id = id(fields, errors);
    let title = fields.text("title", errors).unwrap_or_default();
    let about = fields.maybe_text("about", errors);
    let when = conditions::read(fields, errors);
    places.section(fields.span.clone(), fields.place.clone());
    let mut questions = Vec::new();
    for fields in fields.tables("question", "вопрос", errors) {
        places.question(fields.span.clone(), fields.place.clone());
        questions.push(questions::read(&fields, errors));
    }
    Section { id, title, about, when, questions }
}

/// A name for the program that has to be there; empty when it is not.
pub(crate) fn id(fields: &Fields<'_>, errors: &mut Errors) -> String {
    let id = fields.text("id", errors).unwrap_or_default();
    if !id.is_empty() && !is_id(&id) {
        let mend = "Имя – буквы, цифры и знаки «_», «-», «.», без пробелов, не длиннее 64 знаков.";
        fields.wrong("id", mend, errors);
    }
    id
}

/// A number, whole or with a fraction, where there is one.
fn decimal(fields: &Fields<'_>, name: &str, errors: &mut Errors) -> Option<Decimal> {
    let number = decimal_of(fields.value(name)?.get_ref());
    if number.is_none() {
        let mend = "Напишите число без кавычек: 5 или 0.5, не больше триллиона и шести цифр после точки.";
        fields.wrong(name, mend, errors);
    }
    number
}

pub(crate) fn decimal_of(value: &DeValue<'_>) -> Option<Decimal> {
    if let Some(whole) = whole_of::<i64>(value) {
        return fitting(Decimal::from(whole));
    }
    decimal_text(value.as_float()?.as_str())
}

/// Letters, digits, «_», «-», «.»; not empty, at most 64 characters.
pub(crate) fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !text.is_empty() && text.chars().count() <= 64 && text.chars().all(fits)
}

/// A number people may write: not over a trillion, at most six digits after the point.
pub(crate) fn fitting(number: Decimal) -> Option<Decimal> {
    let number = number.normalize();
    (number.abs() <= Decimal::from(1_000_000_000_000_u64) && number.scale() <= 6).then_some(number)
}

/// Reads `0.5`, `-3`; no exponents.
pub(crate) fn decimal_text(text: &str) -> Option<Decimal> {
    if text.len() > 32 {
        return None;
    }
    fitting(Decimal::from_str_exact(text).ok()?)
}
