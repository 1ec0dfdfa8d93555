//! What was answered, what is asked because of it, and what is wrong with the answers?

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::order::asking_order;
use crate::wholes::joined;
use crate::{Choice, Condition, Kind, Literal, Question, Questionnaire, Test};

/// A typed answer to one question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// One option.
    Choice(String),
    /// Some options, at least one.
    Choices(BTreeSet<String>),
    /// A step of a scale.
    Scale(i32),
    /// A number.
    Number(Decimal),
    /// A part of a whole; whether the part fits is told by [`check`].
    Share {
        /// The part.
        part: u64,
        /// The whole.
        whole: u64,
    },
    /// A part of a whole that another question tells; [`crate::joined`] makes a share of it.
    Part(u64),
    /// Words, not empty.
    Text(String),
    /// A day.
    Date(Date),
    /// Yes or no.
    YesNo(bool),
    /// Column by row; rows that are not answered are absent.
    Matrix(BTreeMap<String, String>),
}

/// Answers by the identifier of the question. What is absent is not answered.
pub type Answers = BTreeMap<String, Answer>;

/// What is wrong with one answer, in Russian: what, why, what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The question.
    pub question: String,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub mend: String,
}

impl Problem {
    pub(crate) fn new(question: &str, what: impl Into<String>, why: &str, mend: impl Into<String>) -> Self {
        Self { question: question.to_owned(), what: what.into(), why: why.to_owned(), mend: mend.into() }
    }
}

/// The questions that are asked, given the answers: their own condition and that of their section hold.
pub fn visible<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> BTreeSet<&'q str> {
    let mut seen = BTreeMap::new();
    for (section, question) in asking_order(questionnaire) {
        let holds = |when: &Option<Condition>| when.as_ref().is_none_or(|when| holds(when, answers, &seen));
        if holds(&section.when) && holds(&question.when) {
            seen.insert(question.id.as_str(), question);
        }
    }
    seen.into_keys().collect()
}

/// The answers that count: those to questions that are asked. The others are kept, so that a slip loses nothing.
pub fn counted(questionnaire: &Questionnaire, answers: &Answers) -> Answers {
    let seen = visible(questionnaire, answers);
    let counted = answers.iter().filter(|(id, _)| seen.contains(id.as_str()));
    counted.map(|(id, answer)| (id.clone(), answer.clone())).collect()
}

/// Does a condition hold? `seen` are the questions known to be asked.
fn holds(condition: &Condition, answers: &Answers, seen: &BTreeMap<&str, &Question>) -> bool {
    let given = |id: &String| seen.get(id.as_str()).and_then(|question| joined(question, answers));
    match condition {
        Condition::Answered(question) => given(question).is_some(),
        Condition::Is { question, test } => given(question).is_some_and(|answer| passes(&answer, test)),
        Condition::All(parts) => parts.iter().all(|part| holds(part, answers, seen)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, answers, seen)),
        Condition::Not(part) => !holds(part, answers, seen),
    }
}

fn passes(answer: &Answer, test: &Test) -> bool {
    let is = |literal: &Literal, wanted: &[Ordering]| {
        compare(answer, literal).is_some_and(|found| wanted.contains(&found))
    };
    match test {
        Test::Equals(literal) => is(literal, &[Ordering::Equal]),
        Test::OneOf(literals) => literals.iter().any(|literal| is(literal, &[Ordering::Equal])),
        Test::Includes(option) => matches!(answer, Answer::Choices(chosen) if chosen.contains(option)),
        Test::Greater(literal) => is(literal, &[Ordering::Greater]),
        Test::AtLeast(literal) => is(literal, &[Ordering::Greater, Ordering::Equal]),
        Test::Less(literal) => is(literal, &[Ordering::Less]),
        Test::AtMost(literal) => is(literal, &[Ordering::Less, Ordering::Equal]),
    }
}

fn compare(answer: &Answer, literal: &Literal) -> Option<Ordering> {
    match (answer, literal) {
        (Answer::Choice(given) | Answer::Text(given), Literal::Word(word)) => Some(given.cmp(word)),
        (Answer::Scale(given), Literal::Number(number)) => Some(Decimal::from(*given).cmp(number)),
        (Answer::Number(given), Literal::Number(number)) => Some(given.cmp(number)),
        (Answer::YesNo(given), Literal::Flag(flag)) => Some(given.cmp(flag)),
        (Answer::Date(given), Literal::Day(day)) => Some(given.cmp(day)),
        (Answer::Share { part, whole }, Literal::Number(percent)) => share_against(*part, *whole, *percent),
        // Whether there is any is known before the whole is.
        (Answer::Part(part), Literal::Number(percent)) if percent.is_zero() => Some(part.cmp(&0)),
        _ => None,
    }
}

/// A part of a whole against a number of per cent, exactly. Nothing when there is no whole or the numbers are huge.
pub(crate) fn share_against(part: u64, whole: u64, percent: Decimal) -> Option<Ordering> {
    if whole == 0 {
        return None;
    }
    let left = Decimal::from(part).checked_mul(Decimal::ONE_HUNDRED)?;
    Some(left.cmp(&Decimal::from(whole).checked_mul(percent)?))
}

const WHY_REQUIRED: &str = "Без него самодиагностика неполна, и риск по нему не определяется.";
const WHY_LIMITS: &str = "Такое значение исказит выводы.";

/// Everything that keeps the answers from being sent, in the order of the questionnaire. `today` bounds dates.
///
/// Answers to questions that are not asked are not looked at; answers to unknown questions are told last.
pub fn check(questionnaire: &Questionnaire, answers: &Answers, today: Date) -> Vec<Problem> {
    let seen = visible(questionnaire, answers);
    let mut problems = Vec::new();
    for (_, question) in questionnaire.questions().filter(|(_, question)| seen.contains(question.id.as_str()))
    {
        match joined(question, answers) {
            Some(answer) => {
                let whole = || lacks_whole(questionnaire, question, &answer, answers);
                problems.extend(wrong(question, &answer, today).or_else(whole));
            }
            None if question.required && question.kind != Kind::Note => {
                let number = questionnaire.number(&question.id).unwrap_or_default();
                let what = format!("Нет ответа на вопрос {number} «{}».", question.text);
                problems.push(Problem::new(&question.id, what, WHY_REQUIRED, "Ответьте на вопрос."));
            }
            None => {}
        }
    }
    let known: BTreeSet<&str> = questionnaire.questions().map(|(_, question)| question.id.as_str()).collect();
    for id in answers.keys().filter(|id| !known.contains(id.as_str())) {
        let why = "Ответ относится к другой версии анкеты.";
        let mend = "Обновите страницу; ответы прежней версии переносятся отдельно.";
        problems.push(Problem::new(id, format!("Вопроса «{id}» в анкете нет."), why, mend));
    }
    problems
}

/// A part whose whole is not told. Where that question has to be answered, or is answered wrongly, it says so itself.
fn lacks_whole(
    questionnaire: &Questionnaire,
    question: &Question,
    answer: &Answer,
    answers: &Answers,
) -> Option<Problem> {
    let from = questionnaire.question(question.kind.whole_from()?)?;
    if !matches!(answer, Answer::Part(_)) || from.required || answers.contains_key(&from.id) {
        return None;
    }
    let number = questionnaire.number(&from.id).unwrap_or_default();
    let what = format!("Не сказано, сколько всего: нет ответа на вопрос {number} «{}».", from.text);
    let mend = format!("Ответьте на вопрос {number}.");
    Some(Problem::new(&question.id, what, "Без целого нет и доли.", mend))
}

/// What is wrong with an answer to a question that is asked, the whole of a part joined as far as it is known.
pub fn wrong(question: &Question, answer: &Answer, today: Date) -> Option<Problem> {
    let problem = |what: String, mend: String| Some(Problem::new(&question.id, what, WHY_LIMITS, mend));
    match (&question.kind, answer) {
        (Kind::Single(choices), Answer::Choice(chosen)) => unknown_option(question, choices, chosen),
        (Kind::Multiple { choices, at_least, at_most }, Answer::Choices(chosen)) => {
            let unknown = chosen.iter().find_map(|chosen| unknown_option(question, choices, chosen));
            unknown.or_else(|| wrong_count(question, chosen.len(), *at_least, *at_most))
        }
        (Kind::Scale { from, to, .. }, Answer::Scale(step)) => {
            if (from..=to).contains(&step) {
                return None;
            }
            problem(format!("Отметки {step} на шкале нет."), format!("Выберите от {from} до {to}."))
        }
        (Kind::Number { min, max, whole, .. }, Answer::Number(number)) => {
            wrong_number(question, *number, *min, *max, *whole)
        }
        (Kind::Share { .. }, Answer::Share { part, whole }) => wrong_share(question, *part, *whole),
        (Kind::Share { whole_from: Some(_), .. }, Answer::Part(_)) => None,
        (Kind::Text { min_length, max_length }, Answer::Text(text)) => {
            wrong_length(question, text, *min_length, *max_length)
        }
        (Kind::Date { from, to, not_future }, Answer::Date(day)) => {
            wrong_day(question, *day, *from, to.iter().copied().chain(not_future.then_some(today)).min())
        }
        (Kind::YesNo { .. }, Answer::YesNo(_)) => None,
        (Kind::Matrix { rows, columns }, Answer::Matrix(given)) => wrong_rows(question, rows, columns, given),
        (kind, _) => problem(
            format!("Ответ другого типа: здесь ожидается «{}».", kind.name()),
            "Ответьте на вопрос заново.".to_owned(),
        ),
    }
}

fn unknown_option(question: &Question, choices: &[Choice], chosen: &str) -> Option<Problem> {
    if choices.iter().any(|choice| choice.id == chosen) {
        return None;
    }
    let what = format!("Варианта «{chosen}» у вопроса нет.");
    Some(Problem::new(&question.id, what, WHY_LIMITS, "Выберите один из предложенных вариантов."))
}

fn wrong_share(question: &Question, part: u64, whole: u64) -> Option<Problem> {
    let Kind::Share { part: p, whole: w, whole_from } = &question.kind else { return None };
    let problem = |what: String, mend: &str| Some(Problem::new(&question.id, what, WHY_LIMITS, mend));
    if whole == 0 {
        let mend = match (whole_from, question.required) {
            (Some(_), _) => "Это число взято из другого вопроса анкеты: исправьте его там.",
            (None, true) => "Укажите, сколько всего.",
            (None, false) => "Укажите, сколько всего, или оставьте вопрос без ответа.",
        };
        return problem(format!("«{w}» – ноль, доли от нуля не бывает."), mend);
    }
    if part <= whole {
        return None;
    }
    let what = format!("«{p}» – {part}, это больше, чем «{w}» – {whole}.");
    problem(what, "Проверьте оба числа: часть не бывает больше целого.")
}

fn wrong_count(question: &Question, count: usize, at_least: u32, at_most: Option<u32>) -> Option<Problem> {
    let problem = |what: String, mend: String| Some(Problem::new(&question.id, what, WHY_LIMITS, mend));
    if count < at_least as usize {
        return problem(format!("Отмечено {count}."), format!("Отметьте не меньше {at_least}."));
    }
    let most = at_most.filter(|most| count > *most as usize)?;
    problem(format!("Отмечено {count}."), format!("Оставьте не больше {most}."))
}

fn wrong_number(
    question: &Question,
    number: Decimal,
    min: Option<Decimal>,
    max: Option<Decimal>,
    whole: bool,
) -> Option<Problem> {
    let shown = crate::words::number(number);
    let problem = |mend: String| {
        Some(Problem::new(&question.id, format!("Число {shown} не подходит."), WHY_LIMITS, mend))
    };
    if whole && number.fract() != Decimal::ZERO {
        return problem("Нужно целое число.".to_owned());
    }
    if let Some(min) = min.filter(|min| number < *min) {
        return problem(format!("Нужно не меньше {}.", crate::words::number(min)));
    }
    let max = max.filter(|max| number > *max)?;
    problem(format!("Нужно не больше {}.", crate::words::number(max)))
}

fn wrong_length(question: &Question, text: &str, min: u32, max: u32) -> Option<Problem> {
    let length = text.chars().count();
    let problem = |what: &str, mend: String| {
        let what = format!("{what}: {length}.");
        Some(Problem::new(&question.id, what, "Ответ читает куратор.", mend))
    };
    if length < min as usize {
        return problem("Знаков слишком мало", format!("Опишите подробнее: не меньше {min}."));
    }
    if length > max as usize {
        return problem("Знаков слишком много", format!("Сократите до {max}."));
    }
    None
}

fn wrong_day(question: &Question, day: Date, from: Option<Date>, to: Option<Date>) -> Option<Problem> {
    let shown = crate::words::day(day);
    let problem = |mend: String| {
        Some(Problem::new(&question.id, format!("Дата {shown} не подходит."), WHY_LIMITS, mend))
    };
    if let Some(from) = from.filter(|from| day < *from) {
        return problem(format!("Нужна дата не раньше {}.", crate::words::day(from)));
    }
    let to = to.filter(|to| day > *to)?;
    problem(format!("Нужна дата не позже {}.", crate::words::day(to)))
}

fn wrong_rows(
    question: &Question,
    rows: &[Choice],
    columns: &[Choice],
    given: &BTreeMap<String, String>,
) -> Option<Problem> {
    let strange = given.iter().find_map(|(row, column)| {
        unknown_option(question, rows, row).or_else(|| unknown_option(question, columns, column))
    });
    if strange.is_some() {
        return strange;
    }
    let empty: Vec<&str> =
        rows.iter().filter(|row| !given.contains_key(&row.id)).map(|row| row.text.as_str()).collect();
    if empty.is_empty() || !question.required {
        return None;
    }
    let what = format!("Не заполнены строки: {}.", empty.join("; "));
    Some(Problem::new(&question.id, what, WHY_REQUIRED, "Отметьте ответ в каждой строке."))
}
