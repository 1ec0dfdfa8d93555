//! Which exact number does a text mean?

use std::cmp::Ordering;

use num_rational::Ratio;

/// An exact number of a pack. Numerator and denominator stay small, so products with counts never overflow.
pub type Exact = Ratio<i64>;

/// Largest numerator and denominator of a number in a pack.
const PART_MAX: i64 = 1_000_000;

/// Reads «30 %», «3/10», «0,3», «3.366», «5»: the number that is written, not the nearest one a computer can hold.
/// Negative numbers and numbers with more than six digits are refused.
pub fn read_exact(text: &str) -> Option<Exact> {
    let text = text.trim();
    let (body, percent) = match text.strip_suffix('%') {
        Some(body) => (body.trim_end(), true),
        None => (text, false),
    };
    let body = body.trim_end_matches(['\u{a0}', '\u{202f}', ' ']);
    let number = match body.split_once('/') {
        Some((part, whole)) => {
            let whole = digits(whole.trim())?;
            if whole == 0 {
                return None;
            }
            Ratio::new(digits(part.trim())?, whole)
        }
        None => decimal(body)?,
    };
    let number = if percent { number / 100 } else { number };
    (*number.numer() <= PART_MAX && *number.denom() <= PART_MAX).then_some(number)
}

fn decimal(text: &str) -> Option<Exact> {
    let Some((whole, fraction)) = text.split_once([',', '.']) else {
        return Some(Ratio::from_integer(digits(text)?));
    };
    let scale = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some(Ratio::new(digits(whole)?.checked_mul(scale)?.checked_add(digits(fraction)?)?, scale))
}

fn digits(text: &str) -> Option<i64> {
    let all_digits = !text.is_empty() && text.len() <= 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { text.parse().ok() } else { None }
}

/// A part of a whole against an exact number, in whole numbers. The whole must not be zero.
pub(crate) fn against(part: u64, whole: u64, number: Exact) -> Ordering {
    let left = i128::from(part) * i128::from(*number.denom());
    let right = i128::from(*number.numer()) * i128::from(whole);
    left.cmp(&right)
}

/// A fraction of large whole numbers against an exact number; nothing when the numbers are too large to compare.
pub(crate) fn large_against(large: Ratio<i128>, number: Exact) -> Option<Ordering> {
    let left = large.numer().checked_mul(i128::from(*number.denom()))?;
    let right = large.denom().checked_mul(i128::from(*number.numer()))?;
    Some(left.cmp(&right))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{Exact, against, read_exact};

    #[track_caller]
    fn check(text: &str, expected: Option<(i64, i64)>) {
        assert_eq!(read_exact(text), expected.map(|(part, whole)| Exact::new(part, whole)), "{text}");
    }

    #[test]
    fn a_number_is_what_is_written() {
        check("30 %", Some((3, 10)));
        check("30\u{a0}%", Some((3, 10)));
        check("3/10", Some((3, 10)));
        check("0,3", Some((3, 10)));
        check("3.366", Some((1683, 500)));
        check("33,3 %", Some((333, 1000)));
        check(" 5 ", Some((5, 1)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "%",
            "-5",
            "1/0",
            "1e3",
            "3,",
            ",5",
            "12345678",
            "1/2/3",
            "около 40 %",
            "99999999999999999999 %",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn thirty_per_cent_is_compared_in_whole_numbers() {
        let share = Exact::new(3, 10);
        assert_eq!(against(3, 10, share), Ordering::Equal);
        assert_eq!(against(2, 7, share), Ordering::Less);
        assert_eq!(against(3, 9, share), Ordering::Greater);
        assert_eq!(against(u64::MAX, 1, share), Ordering::Greater);
    }
}
