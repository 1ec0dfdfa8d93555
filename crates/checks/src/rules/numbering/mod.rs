//! What is wrong with the numbers of activities?

pub(super) mod duplicate_number;
pub(super) mod foreign_number;
pub(super) mod number_absent;
pub(super) mod number_gap;

use crate::view::Row;

/// Number of an activity as a list: «1.10» is `[1, 10]`; what is not a number of this form is `None`.
fn parse(number: &str) -> Option<Vec<u32>> {
    let pieces = number.trim().trim_end_matches(['.', ')']).split('.');
    pieces.map(|piece| piece.trim().parse::<u32>().ok()).collect()
}

/// The number of a row's activity.
fn number_of(row: &Row<'_>) -> Option<Vec<u32>> {
    row.activity.number.as_deref().and_then(parse)
}

/// A number as written in a plan.
fn write(number: &[u32]) -> String {
    number.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}
