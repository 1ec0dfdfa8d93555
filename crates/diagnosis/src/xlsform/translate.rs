//! How is an expression of XLSForm said by our conditions and limits?

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::expression::{Expression, Operator, parse};
use super::survey::clean;
use crate::reading::decimal_text;
use crate::{Choice, Condition, Kind, Literal, Test};

/// Types of questions by name.
pub(super) type Kinds = BTreeMap<String, Kind>;

/// A `relevant` as a condition; the error tells in Russian what can't be said.
pub(super) fn relevant(text: &str, kinds: &Kinds) -> Result<Condition, String> {
    condition(&parse(text)?, kinds)
}

fn condition(expression: &Expression, kinds: &Kinds) -> Result<Condition, String> {
    let all =
        |parts: &[Expression]| parts.iter().map(|part| condition(part, kinds)).collect::<Result<Vec<_>, _>>();
    match expression {
        Expression::And(parts) => Ok(Condition::All(all(parts)?)),
        Expression::Or(parts) => Ok(Condition::Any(all(parts)?)),
        Expression::Call(name, arguments) => call(name, arguments, kinds),
        Expression::Compare(left, operator, right) => match (left.as_ref(), right.as_ref()) {
            (Expression::Variable(name), value) => compare(name, *operator, value, kinds),
            (value, Expression::Variable(name)) => compare(name, operator.turned(), value, kinds),
            (Expression::Call(name, arguments), Expression::Number(number)) => {
                counted(name, arguments, *operator, *number, kinds)
            }
            _ => Err("сравнение без вопроса".to_owned()),
        },
        _ => Err("значение без сравнения".to_owned()),
    }
}

fn call(name: &str, arguments: &[Expression], kinds: &Kinds) -> Result<Condition, String> {
    match (name, arguments) {
        ("not", [part]) => Ok(Condition::Not(Box::new(condition(part, kinds)?))),
        ("selected", [Expression::Variable(question), option]) => {
            let option =
                word(option).ok_or_else(|| "вариант в selected() – не текст в кавычках".to_owned())?;
            let (question, kind) = known(question, kinds)?;
            let test = match kind {
                Kind::Multiple { choices, .. } => Test::Includes(option_of(choices, &option)?),
                Kind::Single(choices) => Test::Equals(Literal::Word(option_of(choices, &option)?)),
                _ => return Err(format!("selected() о вопросе «{question}», у которого нет вариантов")),
            };
            Ok(Condition::Is { question, test })
        }
        _ => Err(format!("функция {name}()")),
    }
}

/// `count-selected(${q}) > 0` and `string-length(${q}) > 0` say that there is an answer; nothing else is said by them.
fn counted(
    name: &str,
    arguments: &[Expression],
    operator: Operator,
    number: Decimal,
    kinds: &Kinds,
) -> Result<Condition, String> {
    let ("count-selected" | "string-length", [Expression::Variable(question)]) = (name, arguments) else {
        return Err(format!("функция {name}()"));
    };
    let (question, _) = known(question, kinds)?;
    let answered = Condition::Answered(question);
    let (zero, one) = (number == Decimal::ZERO, number == Decimal::ONE);
    match operator {
        Operator::Greater | Operator::NotEqual if zero => Ok(answered),
        Operator::AtLeast if one => Ok(answered),
        Operator::Equal if zero => Ok(Condition::Not(Box::new(answered))),
        Operator::Less if one => Ok(Condition::Not(Box::new(answered))),
        _ => Err(format!("сравнение {name}() с числом больше нуля")),
    }
}

fn known<'k>(name: &str, kinds: &'k Kinds) -> Result<(String, &'k Kind), String> {
    let name = clean(name);
    match kinds.get(&name) {
        Some(kind) if *kind != Kind::Note => Ok((name, kind)),
        _ => Err(format!("вопроса «{name}» нет или он не перенесён")),
    }
}

fn word(value: &Expression) -> Option<String> {
    match value {
        Expression::Text(text) => Some(text.trim().to_owned()),
        Expression::Number(number) => Some(number.normalize().to_string()),
        _ => None,
    }
}

fn option_of(choices: &[Choice], option: &str) -> Result<String, String> {
    let option = clean(option);
    if choices.iter().any(|choice| choice.id == option) {
        Ok(option)
    } else {
        Err(format!("варианта «{option}» нет"))
    }
}

fn compare(name: &str, operator: Operator, value: &Expression, kinds: &Kinds) -> Result<Condition, String> {
    let (question, kind) = known(name, kinds)?;
    let not = |condition| Condition::Not(Box::new(condition));
    if matches!(value, Expression::Text(text) if text.is_empty()) {
        let answered = Condition::Answered(question);
        return match operator {
            Operator::Equal => Ok(not(answered)),
            Operator::NotEqual => Ok(answered),
            _ => Err("сравнение с пустым текстом".to_owned()),
        };
    }
    if let Kind::Single(choices) = kind
        && !matches!(operator, Operator::Equal | Operator::NotEqual)
    {
        return coded(question, choices, operator, value);
    }
    let literal = literal(kind, value)?;
    let is = |test| Condition::Is { question, test };
    Ok(match operator {
        Operator::Equal => is(Test::Equals(literal)),
        Operator::NotEqual => not(is(Test::Equals(literal))),
        Operator::Less => is(Test::Less(literal)),
        Operator::AtMost => is(Test::AtMost(literal)),
        Operator::Greater => is(Test::Greater(literal)),
        Operator::AtLeast => is(Test::AtLeast(literal)),
    })
}

/// Options with numbers for names compared as numbers: the options that pass.
fn coded(
    question: String,
    choices: &[Choice],
    operator: Operator,
    value: &Expression,
) -> Result<Condition, String> {
    let bound = number(value).ok_or_else(|| "больше и меньше для вариантов без чисел".to_owned())?;
    let codes: Option<Vec<(Decimal, &Choice)>> =
        choices.iter().map(|choice| Some((decimal_text(&choice.id)?, choice))).collect();
    let codes = codes.ok_or_else(|| "больше и меньше для вариантов без чисел".to_owned())?;
    let passes = |code: Decimal| match operator {
        Operator::Equal => code == bound,
        Operator::NotEqual => code != bound,
        Operator::Less => code < bound,
        Operator::AtMost => code <= bound,
        Operator::Greater => code > bound,
        Operator::AtLeast => code >= bound,
    };
    let chosen: Vec<Literal> = codes
        .into_iter()
        .filter(|(code, _)| passes(*code))
        .map(|(_, choice)| Literal::Word(choice.id.clone()))
        .collect();
    if chosen.is_empty() {
        return Err("ни один вариант не проходит".to_owned());
    }
    Ok(Condition::Is { question, test: Test::OneOf(chosen) })
}

fn number(value: &Expression) -> Option<Decimal> {
    match value {
        Expression::Number(number) => Some(*number),
        Expression::Text(text) => decimal_text(text.trim()),
        _ => None,
    }
}

fn day(value: &Expression) -> Option<Date> {
    match value {
        Expression::Text(text) => text.trim().parse().ok(),
        Expression::Call(name, arguments) if name == "date" => day(arguments.first()?),
        _ => None,
    }
}

fn literal(kind: &Kind, value: &Expression) -> Result<Literal, String> {
    let unsaid = || "сравнение с другим вопросом, функцией или значением другого типа".to_owned();
    match kind {
        Kind::Single(choices) => Ok(Literal::Word(option_of(choices, &word(value).ok_or_else(unsaid)?)?)),
        Kind::Text { .. } => match value {
            Expression::Text(text) => Ok(Literal::Word(text.clone())),
            _ => Err(unsaid()),
        },
        Kind::Scale { .. } | Kind::Number { .. } => number(value).map(Literal::Number).ok_or_else(unsaid),
        // A share is compared in per cent; only nothing is the same in both.
        Kind::Share { .. } => number(value).filter(Decimal::is_zero).map(Literal::Number).ok_or_else(unsaid),
        Kind::Date { .. } => day(value).map(Literal::Day).ok_or_else(unsaid),
        Kind::Multiple { .. } => Err("равенство для нескольких вариантов вместо selected()".to_owned()),
        _ => Err(unsaid()),
    }
}

/// Takes a `constraint` into the limits of a question. What can't be said comes back in Russian; the rest is taken.
pub(super) fn constrain(text: &str, kind: &mut Kind) -> Result<(), String> {
    let parts = match parse(text)? {
        Expression::And(parts) => parts,
        single => vec![single],
    };
    let mut unsaid: Vec<String> = Vec::new();
    for part in parts {
        if let Err(why) = limit(&part, kind) {
            unsaid.push(why);
        }
    }
    if unsaid.is_empty() { Ok(()) } else { Err(unsaid.join("; ")) }
}

fn limit(part: &Expression, kind: &mut Kind) -> Result<(), String> {
    let Expression::Compare(left, operator, right) = part else {
        return Err("условие, которое не сравнивает ответ с числом".to_owned());
    };
    let (subject, operator, value) = match (left.as_ref(), right.as_ref()) {
        (Expression::This | Expression::Call(..), value) => (left.as_ref(), *operator, value),
        (value, Expression::This | Expression::Call(..)) => (right.as_ref(), operator.turned(), value),
        _ => return Err("сравнение не о самом ответе".to_owned()),
    };
    let bounded = match subject {
        Expression::This => bound_answer(operator, value, kind),
        Expression::Call(name, arguments) if matches!(arguments.as_slice(), [Expression::This]) => {
            bound_size(name, operator, value, kind)
        }
        _ => None,
    };
    bounded.ok_or_else(|| "граница, которой у наших вопросов нет".to_owned())
}

fn bound_answer(operator: Operator, value: &Expression, kind: &mut Kind) -> Option<()> {
    match kind {
        Kind::Number { min, max, whole, .. } => {
            let bound = number(value)?;
            let one = if *whole && bound.fract() == Decimal::ZERO { Some(Decimal::ONE) } else { None };
            match operator {
                Operator::AtLeast => *min = (*min).max(Some(bound)),
                Operator::AtMost => *max = least(*max, bound),
                Operator::Greater => *min = (*min).max(Some(bound.checked_add(one?)?)),
                Operator::Less => *max = least(*max, bound.checked_sub(one?)?),
                Operator::Equal | Operator::NotEqual => return None,
            }
        }
        Kind::Date { from, to, not_future } => match (operator, day(value)) {
            (Operator::AtLeast, Some(bound)) => *from = (*from).max(Some(bound)),
            (Operator::AtMost, Some(bound)) => *to = least(*to, bound),
            (Operator::AtMost, None) if is_today(value) => *not_future = true,
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}

fn least<T: Ord>(held: Option<T>, bound: T) -> Option<T> {
    Some(match held {
        Some(held) => held.min(bound),
        None => bound,
    })
}

fn is_today(value: &Expression) -> bool {
    matches!(value, Expression::Call(name, arguments) if name == "today" && arguments.is_empty())
}

fn bound_size(name: &str, operator: Operator, value: &Expression, kind: &mut Kind) -> Option<()> {
    let bound =
        u32::try_from(number(value)?).ok().filter(|whole| Some(Decimal::from(*whole)) == number(value))?;
    let (low, high) = match operator {
        Operator::AtLeast => (Some(bound), None),
        Operator::Greater => (Some(bound.checked_add(1)?), None),
        Operator::AtMost => (None, Some(bound)),
        Operator::Less => (None, Some(bound.checked_sub(1)?)),
        Operator::Equal => (Some(bound), Some(bound)),
        Operator::NotEqual => return None,
    };
    match (name, kind) {
        ("string-length", Kind::Text { min_length, max_length }) => {
            *min_length = low.unwrap_or(0).max(*min_length);
            *max_length = high.unwrap_or(u32::MAX).min(*max_length);
        }
        ("count-selected", Kind::Multiple { at_least, at_most, .. }) => {
            *at_least = low.unwrap_or(1).max(*at_least);
            if let Some(high) = high {
                *at_most = least(*at_most, high);
            }
        }
        _ => return None,
    }
    Some(())
}
