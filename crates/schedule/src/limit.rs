//! Which days of its period does the scope of a recurrence leave: «до 25 числа», «по средам»?

use jiff::civil::Weekday;

use crate::model::Kind;
use crate::tokens::{Mark, tokens};
use crate::words::Word;

/// What the scope of a recurrence says about days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Not later than this day of the month.
    UntilDay(i8),
    /// On these days of the week.
    Weekdays(Vec<Weekday>),
}

/// The limit in the scope of a recurrence, where it is only that.
pub(crate) fn limit(scope: &str) -> Option<Limit> {
    let found = tokens(scope, 24);
    let marks: Vec<Mark> = found.iter().map(|token| token.mark).collect();
    match marks.as_slice() {
        [.., Mark::Number { value, .. }, Mark::Word(Word::DayNumber)]
        | [.., Mark::Number { value, .. }, Mark::Word(Word::DayNumber), Mark::Word(Word::MonthUnit)]
            if marks.len() <= 5 && !marks.iter().any(|mark| is_list(*mark)) =>
        {
            i8::try_from(*value).ok().filter(|day| (1..=31).contains(day)).map(Limit::UntilDay)
        }
        [Mark::Word(Word::Along | Word::Each), days @ ..] => weekdays(days).map(Limit::Weekdays),
        _ => None,
    }
}

/// «5 и 20 числа» are two days.
fn is_list(mark: Mark) -> bool {
    matches!(mark, Mark::Comma | Mark::Word(Word::And))
}

fn weekdays(marks: &[Mark]) -> Option<Vec<Weekday>> {
    let mut out = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        match mark {
            Mark::Word(Word::Weekday(day)) if index % 2 == 0 => {
                out.push(Weekday::from_monday_one_offset(*day).ok()?);
            }
            Mark::Comma | Mark::Word(Word::And) if index % 2 == 1 => {}
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The limit of a part, where it recurs and has one.
pub(crate) fn limit_of(kind: &Kind, scope: Option<&str>) -> Option<Limit> {
    matches!(kind, Kind::Recurrence { .. }).then(|| scope.and_then(limit)).flatten()
}
