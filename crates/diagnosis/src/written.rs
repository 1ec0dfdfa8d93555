//! How is an answer written as text, and read from what a form sends?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::reading::decimal_text;
use crate::{Answer, Answers, Kind, Problem, Question, Questionnaire, counted, words};

/// An answer as text for storing: options by a space, a share as `12/40`, a part of what
/// another question tells as `12`, rows of a table as `row=column`, days as
/// `2026-09-01`, `yes` and `no`. [`read_answer`] reads the same answer from it.
pub fn write_answer(answer: &Answer) -> String {
    match answer {
        Answer::Choice(text) | Answer::Text(text) => text.clone(),
        Answer::Choices(chosen) => chosen.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        Answer::Scale(step) => step.to_string(),
        Answer::Number(number) => number.normalize().to_string(),
        Answer::Share { part, whole } => format!("{part}/{whole}"),
        Answer::Part(part) => part.to_string(),
        Answer::Date(day) => day.to_string(),
        Answer::YesNo(given) => if *given { "yes" } else { "no" }.to_owned(),
        Answer::Matrix(rows) => {
            rows.iter().map(|(row, column)| format!("{row}={column}")).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Reads an answer from text: what [`write_answer`] writes, and what people type («12 из 40», «0,5», «01.09.2026»,
/// «да»). Empty text is no answer. Whether the answer is in its limits is told by [`crate::check`].
pub fn read_answer(question: &Question, text: &str) -> Result<Option<Answer>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |mend: &str| {
        let what = format!("Ответ «{}» не читается.", words::short(text));
        let why = "Иначе его пришлось бы угадывать.";
        Err(Problem::new(&question.id, what, why, mend))
    };
    let answer = match &question.kind {
        Kind::Single(_) => Some(Answer::Choice(text.to_owned())),
        Kind::Multiple { .. } => Some(Answer::Choices(text.split_whitespace().map(str::to_owned).collect())),
        Kind::Scale { .. } => text.parse().ok().map(Answer::Scale),
        Kind::Number { .. } => number(text),
        Kind::Share { whole_from: None, .. } => share(text),
        Kind::Share { whole_from: Some(_), .. } => count(text).map(Answer::Part),
        Kind::Text { .. } => Some(Answer::Text(text.to_owned())),
        Kind::Date { .. } => day(text).map(Answer::Date),
        Kind::YesNo { .. } => flag(text).map(Answer::YesNo),
        Kind::Matrix { .. } => rows(text).map(Answer::Matrix),
        Kind::Note => return refused("Это пояснение, ответа не нужно."),
    };
    match answer {
        Some(answer) => Ok(Some(answer)),
        None => refused(match question.kind {
            Kind::Scale { .. } => "Напишите целое число.",
            Kind::Number { .. } => "Напишите число цифрами: 12 или 0,5; не больше шести цифр после запятой.",
            Kind::Share { whole_from: None, .. } => "Напишите два целых числа: 12 из 40.",
            Kind::Share { whole_from: Some(_), .. } => {
                "Напишите одно целое число, например 12: сколько всего, взято из другого вопроса."
            }
            Kind::Date { .. } => "Напишите дату: 01.09.2026.",
            Kind::YesNo { .. } => "Ответьте «да» или «нет».",
            _ => "Отметьте ответы заново.",
        }),
    }
}

fn number(text: &str) -> Option<Answer> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    decimal_text(&plain.replace(',', ".")).map(Answer::Number)
}

fn share(text: &str) -> Option<Answer> {
    let (part, whole) = text.split_once('/').or_else(|| text.split_once("из"))?;
    Some(Answer::Share { part: count(part)?, whole: count(whole)? })
}

fn count(text: &str) -> Option<u64> {
    const COUNT_MAX: u64 = 1_000_000_000;
    text.trim().parse().ok().filter(|count| *count <= COUNT_MAX)
}

fn day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['.', '-']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (day, year) = if text.contains('-') { (third, first) } else { (first, third) };
    if year.len() != 4 || second.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, second.parse().ok()?, day.parse().ok()?).ok()
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "да" | "true" | "1" => Some(true),
        "no" | "нет" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn rows(text: &str) -> Option<BTreeMap<String, String>> {
    let pair = |pair: &str| pair.split_once('=').map(|(row, column)| (row.to_owned(), column.to_owned()));
    text.split_whitespace().map(pair).collect()
}

/// An answer in Russian words, as people read it: the texts of options, «12 из 40 (30 %)», «да».
pub fn answer_words(question: &Question, answer: &Answer) -> String {
    let option = |id: &str| {
        let choices: &[crate::Choice] = match &question.kind {
            Kind::Single(choices)
            | Kind::Multiple { choices, .. }
            | Kind::Matrix { columns: choices, .. } => choices,
            _ => &[],
        };
        choices
            .iter()
            .find(|choice| choice.id == id)
            .map_or_else(|| id.to_owned(), |choice| choice.text.clone())
    };
    match answer {
        Answer::Choice(id) => option(id),
        Answer::Choices(ids) => ids.iter().map(|id| option(id)).collect::<Vec<_>>().join("; "),
        Answer::Scale(step) => match &question.kind {
            Kind::Scale { to, .. } => format!("{step} из {to}"),
            _ => step.to_string(),
        },
        Answer::Number(number) => match &question.kind {
            Kind::Number { unit: Some(unit), .. } => words::counted(*number, unit),
            _ => words::number(*number),
        },
        Answer::Share { part, whole: 0 } => format!("{part} из 0"),
        Answer::Share { part, whole } => format!("{part} из {whole} ({})", words::percent(*part, *whole)),
        Answer::Part(part) => format!("{part}, сколько всего – ещё не сказано"),
        Answer::Text(text) => text.clone(),
        Answer::Date(day) => words::day(*day),
        Answer::YesNo(given) => if *given { "да" } else { "нет" }.to_owned(),
        Answer::Matrix(given) => matrix_words(question, given, &option),
    }
}

fn matrix_words(
    question: &Question,
    given: &BTreeMap<String, String>,
    option: &dyn Fn(&str) -> String,
) -> String {
    let rows: &[crate::Choice] = match &question.kind {
        Kind::Matrix { rows, .. } => rows,
        _ => &[],
    };
    let known: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let named = rows.iter().filter_map(|row| Some((row.text.as_str(), given.get(&row.id)?)));
    let strange = given.iter().filter(|(row, _)| !known.contains(row.as_str()));
    let strange = strange.map(|(row, column)| (row.as_str(), column));
    named
        .chain(strange)
        .map(|(row, column)| format!("{row}: {}", option(column)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The answers that count as text, one line a question in the order of the questionnaire, with its name and version
/// above: what a hash for approval is taken of. Line breaks inside answers are written as `\n`.
pub fn canonical(questionnaire: &Questionnaire, answers: &Answers) -> String {
    let counted = counted(questionnaire, answers);
    // Writing to a string never fails.
    let mut text = format!("questionnaire\t{}\t{}\n", questionnaire.id, questionnaire.version);
    for (_, question) in questionnaire.questions() {
        if let Some(answer) = counted.get(&question.id) {
            let written =
                write_answer(answer).replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
            let _ = writeln!(text, "{}\t{written}", question.id);
        }
    }
    text
}
