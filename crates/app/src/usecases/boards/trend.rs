//! How much was planned for each month of a school year, and how much was carried out?

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Leaf;
use super::rows::{Month, done_in, planned_in};

/// A month in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthSum {
    /// The month.
    pub month: Month,
    /// Times planned for it.
    pub planned: usize,
    /// Times carried out in it, whenever they were planned for.
    pub carried_out: usize,
}

/// The year in which the school year of a day begins.
pub fn school_year(day: Date) -> i16 {
    if day.month() >= 9 { day.year() } else { day.year().saturating_sub(1) }
}

/// The twelve months from September of a year.
pub fn trend(leaves: &[Leaf], year: i16) -> Vec<MonthSum> {
    let mut planned: BTreeMap<Month, usize> = BTreeMap::new();
    let mut carried_out: BTreeMap<Month, usize> = BTreeMap::new();
    for line in leaves.iter().flat_map(|leaf| &leaf.plans).flat_map(|plan| &plan.lines) {
        if let Some(month) = planned_in(line) {
            *planned.entry(month).or_default() += 1;
        }
        if let Some(month) = done_in(line) {
            *carried_out.entry(month).or_default() += 1;
        }
    }
    let Ok(first) = Date::new(year, 9, 1) else { return Vec::new() };
    let months = (0..12).filter_map(|number: i32| first.checked_add(number.months()).ok()).map(Month::of);
    months
        .map(|month| MonthSum {
            month,
            planned: planned.get(&month).copied().unwrap_or_default(),
            carried_out: carried_out.get(&month).copied().unwrap_or_default(),
        })
        .collect()
}
