//! How are numbers, days and shares written in Russian?

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

/// «12,5»: a decimal comma, no zeros at the end.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string().replace('.', ",")
}

/// A number with its unit. Of the units that questionnaires name, people alone are counted in another form: «24 человека».
pub(crate) fn counted(value: Decimal, unit: &str) -> String {
    const HUNDRED: Decimal = Decimal::ONE_HUNDRED;
    let (tens, ones) = (value % HUNDRED, value % Decimal::TEN);
    let few = !value.fract().is_zero()
        || (ones >= Decimal::TWO
            && ones < Decimal::from(5)
            && !(tens > Decimal::TEN && tens < Decimal::from(20)));
    let unit = if unit == "человек" && few { "человека" } else { unit };
    format!("{} {unit}", number(value))
}

/// «01.09.2026».
pub(crate) fn day(day: Date) -> String {
    format!("{:02}.{:02}.{:04}", day.day(), day.month(), day.year())
}

/// «38 %», «37,5 %»: at most one digit after the comma, for showing only.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let exact = Decimal::from(part)
        .checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|part| part.checked_div(Decimal::from(whole)));
    exact.map_or_else(|| "–".to_owned(), |exact| format!("{} %", number(rounded(exact))))
}

/// To one digit after the point, half away from zero.
pub(crate) fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

/// A text in one line for a message, not longer than a line of a page.
pub(crate) fn short(text: &str) -> String {
    const LENGTH_MAX: usize = 120;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LENGTH_MAX {
        return line;
    }
    let kept: String = line.chars().take(LENGTH_MAX - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted() {
        let check =
            |value: i64, expected: &str| assert_eq!(counted(Decimal::from(value), "человек"), expected);
        check(1, "1 человек");
        check(12, "12 человек");
        check(24, "24 человека");
        check(28, "28 человек");
        check(320, "320 человек");
        check(113, "113 человек");
        assert_eq!(counted(Decimal::new(25, 1), "человек"), "2,5 человека");
        assert_eq!(counted(Decimal::from(24), "посещений"), "24 посещений");
    }
}
