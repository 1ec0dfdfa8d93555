//! How are numbers, days and shares written in Russian?

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

/// «12,5»: a decimal comma, no zeros at the end.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string().replace('.', ",")
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
