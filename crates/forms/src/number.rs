//! Which number stands in a cell, if any?

use crate::heads::Heads;
use crate::words::plain;

/// Ten-thousandths in one.
pub(crate) const ONE: i64 = 10_000;

/// A decimal number of at most four places, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// Ten-thousandths.
    pub(crate) units: i64,
    /// Places behind the point as written, trailing zeros left out.
    pub(crate) places: u8,
}

impl Decimal {
    pub(crate) fn whole(self) -> Option<i64> {
        (self.units % ONE == 0).then_some(self.units / ONE)
    }
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing: empty, «X», «-».
    Blank,
    /// The pupil was not there: «н/я».
    Absent,
    /// A number.
    Number(Decimal),
    /// Something else.
    Text,
}

/// Reads a cell. A sign of per cent behind a number is allowed and left out.
pub(crate) fn value(text: &str, heads: &Heads) -> Value {
    let text = text.trim();
    if text.is_empty() {
        return Value::Blank;
    }
    if let Some(number) = decimal(text) {
        return Value::Number(number);
    }
    if text.chars().all(|c| matches!(c, '-' | '–' | '—' | '−' | '.' | '_' | '*')) {
        return Value::Blank;
    }
    if text.len() > 100 {
        return Value::Text;
    }
    let word = plain(text);
    if heads.blank.contains(&word) {
        Value::Blank
    } else if heads.absent.contains(&word) {
        Value::Absent
    } else {
        Value::Text
    }
}

/// A decimal number with a point or a comma, blanks between thousands, a sign.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let bytes = text.as_bytes();
    if !bytes.is_empty() && bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit) {
        let number = bytes.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        return Some(Decimal { units: number * ONE, places: 0 });
    }
    if bytes.len() > 40 {
        return None;
    }
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (negative, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let whole = thousands(whole)?;
    if (whole.is_empty() && part.is_empty()) || whole.len() > 12 || !part.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let number: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = part.trim_end_matches('0');
    let mut units = number.checked_mul(ONE)?;
    let mut weight = ONE;
    for digit in part.bytes().take(4) {
        weight /= 10;
        units += i64::from(digit - b'0') * weight;
    }
    // A fifth digit rounds: 33.33333 is a share of three, not a number of its own.
    units += i64::from(part.as_bytes().get(4).is_some_and(|digit| *digit >= b'5'));
    let places = u8::try_from(part.len().min(4)).unwrap_or(4);
    Some(Decimal { units: if negative { -units } else { units }, places })
}

/// Digits with blanks between groups of three.
fn thousands(text: &str) -> Option<String> {
    let is_blank = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{202F}');
    let groups: Vec<&str> = text.split(is_blank).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let even = groups.len() == 1
        || groups.first().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.iter().skip(1).all(|group| group.len() == 3);
    (digits && even).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::{Decimal, ONE, Value, decimal, value};
    use crate::heads::Heads;

    #[track_caller]
    fn check(text: &str, expected: Option<(i64, u8)>) {
        let expected = expected.map(|(units, places)| Decimal { units, places });
        assert_eq!(decimal(text), expected, "{text}");
    }

    #[test]
    fn numbers_are_read_exactly() {
        check("14", Some((14 * ONE, 0)));
        check("14,5", Some((145_000, 1)));
        check("38.0", Some((38 * ONE, 0)));
        check("33,33333", Some((333_333, 4)));
        check("-3", Some((-3 * ONE, 0)));
        check("1 234", Some((1_234 * ONE, 0)));
        check("12 34", None);
        check("8,5 %", Some((85_000, 1)));
        check("1e5", None);
        check("9999999999999999999", None);
        check(",", None);
        check("", None);
    }

    #[test]
    fn missing_and_absent_are_no_numbers() {
        let heads = Heads::committed();
        for blank in ["", " ", "X", "Х", "x", "х", "-", "—", "нет данных"] {
            assert_eq!(value(blank, heads), Value::Blank, "{blank}");
        }
        for absent in ["н/я", "Н/Я", "не явился", "неявка"] {
            assert_eq!(value(absent, heads), Value::Absent, "{absent}");
        }
        assert_eq!(value("зачтено", heads), Value::Text);
    }
}
