//! Is a text the number of a row or of a point, and what follows it?

use opora_neutral::Place;
use opora_schedule::{Context, Kind, When};

/// The number of a row as written, without a closing full stop or bracket: «1.10» of «1.10.», «IV» of «IV)».
///
/// Letters that recognition takes for digits count as digits: «1.З» is 1.3, «l.2» is 1.2.
pub(super) fn row_number(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['№', ' ']).trim_end_matches(['.', ')', ' ', ',']);
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.is_empty() || compact.chars().count() > 12 {
        return None;
    }
    if is_roman(&compact) {
        return Some(compact);
    }
    if !compact.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let digits: String = compact.chars().map(digit_twin).collect();
    let groups: Vec<&str> = digits.split(['.', ',', '-', '–']).collect();
    let regular = groups
        .iter()
        .all(|group| (1..=4).contains(&group.len()) && group.chars().all(|c| c.is_ascii_digit()));
    regular.then(|| groups.join("."))
}

/// The number of a row as [`row_number`] reads it; on a sheet also one that the spreadsheet took for a date: «1.2»
/// typed into a cell is kept as «1 февраля».
pub(super) fn number_of(text: &str, place: &Place) -> Option<String> {
    row_number(text).or_else(|| {
        let parsed = place.sheet.as_ref().map(|_| opora_schedule::parse(text.trim(), &Context::default()))?;
        let [part] = parsed.parts.as_slice() else { return None };
        match (&part.kind, &part.scope) {
            (Kind::Day(When::MonthDay(on)), None) => Some(format!("{}.{}", on.day, on.month)),
            (Kind::Day(When::Date(on)), None) => Some(format!("{}.{}", on.day(), on.month())),
            _ => None,
        }
    })
}

/// «1.1» below «1.9» is 1.10, and «1.2» below «1.19» is 1.20: a spreadsheet drops the last nought of a number.
pub(super) fn with_lost_zero(before: &str, number: &str) -> String {
    let whole = format!("{number}0");
    let last = |text: &str| {
        let (front, last) = text.rsplit_once('.')?;
        Some((front.to_owned(), last.parse::<u32>().ok()?))
    };
    match (last(before), last(&whole)) {
        (Some((front, last)), Some((same, next))) if front == same && last.checked_add(1) == Some(next) => {
            whole
        }
        _ => number.to_owned(),
    }
}

fn digit_twin(c: char) -> char {
    match c {
        'З' | 'з' => '3',
        'О' | 'о' | 'O' | 'o' => '0',
        'l' | 'I' | 'І' | '|' => '1',
        'б' => '6',
        c => c,
    }
}

fn is_roman(text: &str) -> bool {
    text.chars().count() <= 5 && text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'І' | 'Х'))
}

/// The leading number of a heading or point and the text after it: «2.1. Провести …» → («2.1», «Провести …»).
///
/// The number must be followed by a full stop, a bracket or, for «1.1 Провести», by a space after an inner full stop.
pub(super) fn leading_number(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ' ' | 'I' | 'V' | 'X')))
        .unwrap_or(text.len());
    let head = &text[..end];
    // «5 классов», «2021 год»: a bare number before a word numbers nothing; «1)» and «1.» do.
    let mut cut = head.trim_end_matches(' ').len();
    let mut marked = head[..cut].ends_with('.');
    if text[cut..].starts_with(')') {
        cut += 1;
        marked = true;
    }
    let number_text = head.get(..cut.min(head.len()))?.trim().trim_end_matches(['.', ')']);
    let inner = number_text.contains('.');
    let roman_or_digit = number_text.chars().next()?;
    if !(marked || inner && text[cut..].starts_with(char::is_whitespace))
        || number_text.contains(' ') && !inner
    {
        return None;
    }
    if !roman_or_digit.is_ascii_digit() && !is_roman(number_text) {
        return None;
    }
    let number = row_number(number_text)?;
    let groups_short = number.split('.').all(|group| group.len() <= 3);
    let rest = text[cut..].trim_start();
    (groups_short && !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()))
        .then_some((number, rest))
}

/// The text without the bullet or number of a list item in front of it, or `None` where there is none.
pub(super) fn without_bullet(text: &str) -> Option<&str> {
    let text = text.trim();
    // The last two are bullets of Word's symbol fonts, which have no letter of their own in Unicode.
    let bullets = ['-', '–', '—', '•', '✓', '·', '▪', '*', '+', '●', '○', '➢', '\u{f0b7}', '\u{f0fc}'];
    let bare = text.trim_start_matches(bullets);
    if bare.len() < text.len() {
        return Some(bare.trim_start());
    }
    leading_number(text).map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rows() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(row_number(text).as_deref(), expected, "{text}");
        check("1.1.", Some("1.1"));
        check("15", Some("15"));
        check(" 1. 10 ", Some("1.10"));
        check("2)", Some("2"));
        check("№ 3", Some("3"));
        check("1.З", Some("1.3"));
        check("IV.", Some("IV"));
        check("2020 год", None);
        check("01.04.2021 г.", None);
        check("", None);
        check("500+", None);
    }

    #[test]
    fn numbers_before_text() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = leading_number(text);
            assert_eq!(found.as_ref().map(|(n, rest)| (n.as_str(), *rest)), expected, "{text}");
        };
        check("1. Утвердить план", Some(("1", "Утвердить план")));
        check("1.2 . План мероприятий", Some(("1.2", "План мероприятий")));
        check("1.1 Муниципальную программу", Some(("1.1", "Муниципальную программу")));
        check("1.Повышение", Some(("1", "Повышение")));
        check("3) Увеличение", Some(("3", "Увеличение")));
        check("II. Мониторинг", Some(("II", "Мониторинг")));
        check("2021 год", None);
        check("5 классов", None);
        check("17.09.2020 г.", None);
        check("Иванова", None);
    }

    #[test]
    fn bullets() {
        assert_eq!(without_bullet("– доля выпускников"), Some("доля выпускников"));
        assert_eq!(without_bullet("1) рост"), Some("рост"));
        assert_eq!(without_bullet("доля"), None);
    }
}
