//! Which whole numbers of an XLSForm are a part of another one, so that they are asked as shares?
//!
//! XLSForm knows no shares, but says them: `. <= ${pupils}` is a part of `pupils`. Where the other question can tell the
//! whole, the number becomes a share of it, and factors of risk can look at it in per cent.

use std::collections::BTreeSet;

use opora_neutral::Level;
use rust_decimal::Decimal;

use super::expression::{Expression, Operator, parse};
use super::survey::{Draft, Group, Reader, clean};
use super::translate::constrain;
use crate::Kind;

/// A constraint by which a number is a part of another one.
pub(super) struct PartOf {
    /// The other question.
    from: String,
    /// The constraint as it was written.
    constraint: String,
}

/// The other question that a constraint names as the most a whole number can be, when it says nothing else but that it
/// is not less than zero.
pub(super) fn part_of(constraint: &str, kind: &Kind) -> Option<PartOf> {
    if !matches!(kind, Kind::Number { whole: true, .. }) {
        return None;
    }
    let parts = match parse(constraint).ok()? {
        Expression::And(parts) => parts,
        single => vec![single],
    };
    let mut from = None;
    for part in &parts {
        let Expression::Compare(left, operator, right) = part else { return None };
        let (operator, other) = match (left.as_ref(), right.as_ref()) {
            (Expression::This, other) => (*operator, other),
            (other, Expression::This) => (operator.turned(), other),
            _ => return None,
        };
        match (operator, other) {
            (Operator::AtLeast, Expression::Number(least)) if least.is_zero() => {}
            (Operator::AtMost, Expression::Variable(name)) if from.is_none() => from = Some(clean(name)),
            _ => return None,
        }
    }
    Some(PartOf { from: from?, constraint: constraint.to_owned() })
}

impl Reader<'_, '_> {
    /// Makes shares of the numbers that are a part of another one; what can't be is told and stays a number.
    pub(super) fn shares(&mut self, drafts: &mut [Draft], groups: &[Group]) {
        let compared = compared(drafts, groups);
        for at in 0..drafts.len() {
            let (earlier, rest) = drafts.split_at_mut(at);
            let Some(draft) = rest.first_mut() else { continue };
            let Some(limit) = draft.part_of.take() else { continue };
            let whole = earlier.iter_mut().find(|own| own.question.id == limit.from);
            match whole.and_then(|whole| words_of_whole(whole, draft, groups, &compared)) {
                Some(whole) => {
                    let what =
                        format!("Вопрос «{}» стал долей от вопроса «{}».", draft.question.id, limit.from);
                    let why = "Ограничение говорит, что это часть того числа; доля считается в процентах.";
                    let words = [why, "Делать ничего не нужно. Если это не часть, уберите ограничение."];
                    self.tell(
                        "XLSFORM_SHARE_MADE",
                        Level::Note,
                        draft.row,
                        self.columns.constraint,
                        what,
                        words,
                    );
                    let part = draft.question.text.clone();
                    draft.question.kind = Kind::Share { part, whole, whole_from: Some(limit.from) };
                }
                None => {
                    if let Err(why) = constrain(&limit.constraint, &mut draft.question.kind) {
                        self.unconstrained(draft.row, &limit.constraint, &why);
                    }
                }
            }
        }
    }
}

/// What the whole is, where the other question can tell it for this one. A number of what there is can't be negative,
/// so the bound of zero is set where the form has left it out.
fn words_of_whole(
    whole: &mut Draft,
    part: &Draft,
    groups: &[Group],
    compared: &BTreeSet<String>,
) -> Option<String> {
    let named = |at: &usize| groups.get(*at).is_none_or(|group| group.relevant.is_empty());
    let groups_hold = whole.groups.iter().all(|at| named(at) || part.groups.contains(at));
    let asked = whole.relevant.is_empty() || whole.relevant == part.relevant;
    if !groups_hold || !asked || compared.contains(&part.question.id) {
        return None;
    }
    match &mut whole.question.kind {
        Kind::Number { min, whole: true, .. } if min.is_none_or(|min| min >= Decimal::ZERO) => {
            *min = min.or(Some(Decimal::ZERO));
        }
        Kind::Share { .. } => {}
        _ => return None,
    }
    Some(whole.question.text.clone())
}

/// Questions that a condition compares with a number other than zero: of a share that would be per cent.
fn compared(drafts: &[Draft], groups: &[Group]) -> BTreeSet<String> {
    let texts = drafts.iter().map(|draft| &draft.relevant).chain(groups.iter().map(|group| &group.relevant));
    let mut open: Vec<Expression> = texts.filter_map(|text| parse(text).ok()).collect();
    let mut found = BTreeSet::new();
    while let Some(expression) = open.pop() {
        match expression {
            Expression::And(parts) | Expression::Or(parts) | Expression::Call(_, parts) => open.extend(parts),
            Expression::Compare(left, _, right) => {
                for (side, other) in [(&left, &right), (&right, &left)] {
                    let zero = matches!(other.as_ref(), Expression::Number(number) if number.is_zero());
                    let empty = matches!(other.as_ref(), Expression::Text(text) if text.is_empty());
                    match side.as_ref() {
                        Expression::Variable(name) if !zero && !empty => drop(found.insert(clean(name))),
                        _ => {}
                    }
                }
            }
            Expression::Variable(_) | Expression::This | Expression::Text(_) | Expression::Number(_) => {}
        }
    }
    found
}
