//! Which whole numbers do the counts or per cents of a row stand for?

use crate::layout::Unit;
use crate::number::{Decimal, ONE};

/// Whole numbers of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) counts: Vec<u32>,
    pub(crate) from_percents: bool,
    /// A number of participants with exactly these per cents exists.
    pub(crate) exact: bool,
}

/// Why a row can't be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The value at this place is negative, a fraction of a pupil, or too large.
    Value(usize),
    /// Per cents add up to this, in ten-thousandths.
    Percents(i64),
    /// Counts add up to this.
    Counts(i64),
    /// Per cents without the number of participants.
    NoParticipants,
}

/// More pupils than any procedure has.
pub(crate) const PUPILS_MAX: i64 = 10_000_000;

const HUNDRED: i64 = 100 * ONE;

/// Counts of values that are counts or per cents, missing ones zero. `percents` tells what numbers are that could be
/// either.
pub(crate) fn counted(
    values: &[Option<Decimal>],
    participants: Option<u32>,
    unit: Unit,
    percents: bool,
) -> Result<Counted, Wrong> {
    let bad = |value: &Option<Decimal>| value.is_some_and(|v| !(0..=PUPILS_MAX * ONE).contains(&v.units));
    if let Some(at) = values.iter().position(bad) {
        return Err(Wrong::Value(at));
    }
    let units: Vec<i64> = values.iter().map(|value| value.map_or(0, |value| value.units)).collect();
    let sum: i64 = units.iter().sum();
    let fractions = units.iter().any(|value| value % ONE != 0);
    let is_hundred = (sum - HUNDRED).abs() <= rounding(values);
    let whole = participants.map(i64::from);
    let as_percents = match unit {
        Unit::Percent => true,
        Unit::Count => false,
        Unit::Untold if fractions => true,
        Unit::Untold if whole.is_none() => is_hundred && percents,
        Unit::Untold if whole == Some(sum / ONE) => is_hundred && percents,
        Unit::Untold => is_hundred,
    };
    if !as_percents {
        return counts(&units, sum, whole);
    }
    let Some(whole) = participants else {
        return Err(Wrong::NoParticipants);
    };
    // Shares of one instead of a hundred.
    if fractions && (sum - ONE).abs() <= rounding(values).max(1) * 2 && unit == Unit::Untold {
        return Ok(shared(&units, (sum, ONE), whole, 1));
    }
    if !is_hundred {
        return Err(Wrong::Percents(sum));
    }
    Ok(shared(&units, (sum, HUNDRED), whole, half_step(values)))
}

/// Half of the last place of the most precise value.
fn half_step(values: &[Option<Decimal>]) -> i64 {
    let places = values.iter().flatten().map(|value| value.places).max().unwrap_or(0);
    (ONE / 10_i64.pow(u32::from(places.min(4)))).max(2) / 2
}

/// What rounding of all values may add up to.
fn rounding(values: &[Option<Decimal>]) -> i64 {
    let rounded = values.iter().flatten().filter(|value| value.units != 0).count();
    half_step(values) * i64::try_from(rounded.max(1)).unwrap_or(i64::MAX / HUNDRED)
}

fn counts(units: &[i64], sum: i64, whole: Option<i64>) -> Result<Counted, Wrong> {
    if let Some(at) = units.iter().position(|value| value % ONE != 0) {
        return Err(Wrong::Value(at));
    }
    if whole.is_some_and(|whole| sum > whole * ONE) {
        return Err(Wrong::Counts(sum / ONE));
    }
    let counts = units.iter().map(|value| u32::try_from(value / ONE).unwrap_or(0)).collect();
    Ok(Counted { counts, from_percents: false, exact: true })
}

/// Turns shares of `sum` into whole numbers that add up to the participants: whole parts first, then one more to the
/// largest rests.
fn shared(units: &[i64], (sum, full): (i64, i64), participants: u32, slack: i64) -> Counted {
    let (sum, whole) = (i128::from(sum.max(1)), i128::from(participants));
    let off = (sum - i128::from(full)).abs();
    let mut counts = Vec::with_capacity(units.len());
    let mut rests: Vec<(i128, usize)> = Vec::with_capacity(units.len());
    for (at, value) in units.iter().enumerate() {
        let share = i128::from(*value) * whole;
        counts.push(u32::try_from(share / sum).unwrap_or(0));
        rests.push((share % sum, at));
    }
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let given: u32 = counts.iter().sum();
    for (_, at) in rests.into_iter().take(participants.saturating_sub(given) as usize) {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    // A share that rounding explains lies within half of its last place of the count, one that was cut off within a
    // whole one; and by its part of what all of them are off together.
    let exact = counts.iter().zip(units).all(|(count, value)| {
        let back = i128::from(*count) * sum - i128::from(*value) * whole;
        back.abs() <= i128::from(slack * 2) * whole + i128::from(*count) * off
    });
    Counted { counts, from_percents: true, exact }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Counted, Wrong, counted};
    use crate::layout::Unit;
    use crate::number::{ONE, decimal};

    #[track_caller]
    fn check(values: [&str; 4], participants: u32, expected: Result<([u32; 4], bool), Wrong>) {
        let values: Vec<_> = values.iter().map(|text| decimal(text)).collect();
        let found = counted(&values, Some(participants), Unit::Untold, true);
        let found = found.map(|Counted { counts, exact, .. }| (counts.try_into().expect("four"), exact));
        assert_eq!(found, expected);
    }

    #[test]
    fn per_cents_become_the_counts_they_came_from() {
        check(["50", "30", "20", "0"], 10, Ok(([5, 3, 2, 0], true)));
        check(["33,33", "33,33", "33,33", ""], 3, Ok(([1, 1, 1, 0], true)));
        check(["14,3", "28,6", "42,9", "14,3"], 7, Ok(([1, 2, 3, 1], true)));
        check(["16.7", "16.7", "33.3", "33.3"], 6, Ok(([1, 1, 2, 2], true)));
        check(["0,5", "0,3", "0,2", "0"], 10, Ok(([5, 3, 2, 0], true)));
        check(["9,47", "52,67", "28,40", "9,47"], 486, Ok(([46, 256, 138, 46], true)));
    }

    #[test]
    fn counts_stay_counts() {
        check(["1", "2", "3", "1"], 7, Ok(([1, 2, 3, 1], true)));
        check(["25", "25", "25", "25"], 100, Ok(([25, 25, 25, 25], true)));
    }

    #[test]
    fn sums_that_rounding_does_not_explain_are_refused() {
        check(["50", "30", "20", "9,5"], 10, Err(Wrong::Percents(1_095_000)));
        check(["5", "3", "2", "9"], 10, Err(Wrong::Counts(19)));
        check(["5", "-3", "2", "9"], 10, Err(Wrong::Value(1)));
        check(["25", "25", "25", "25"], 10, Ok(([3, 3, 2, 2], false)));
    }

    proptest! {
        #[test]
        fn rounded_per_cents_give_the_counts_back(counts in prop::array::uniform4(0_u32..300), places in 1_usize..3) {
            let whole: u32 = counts.iter().sum();
            prop_assume!(whole > 0 && (whole <= 400 || places == 2));
            let text = |count: &u32| format!("{:.*}", places, f64::from(*count) * 100.0 / f64::from(whole));
            let values: Vec<_> = counts.iter().map(|count| decimal(&text(count))).collect();
            let found = counted(&values, Some(whole), Unit::Percent, true).expect("within rounding");
            prop_assert_eq!(found.counts, counts.to_vec());
            prop_assert!(found.exact);
        }

        #[test]
        fn counts_never_exceed_the_participants(units in prop::collection::vec(0_i64..200 * ONE, 0..8), whole in 0_u32..5_000) {
            let values: Vec<_> = units
                .iter()
                .map(|units| Some(crate::number::Decimal { units: *units, places: 4 }))
                .collect();
            for unit in [Unit::Percent, Unit::Count, Unit::Untold] {
                if let Ok(found) = counted(&values, Some(whole), unit, true) {
                    prop_assert!(found.counts.iter().sum::<u32>() <= whole);
                }
            }
        }
    }
}
