//! Where is the middle of many values, and how wide do they spread, when some of them can't be trusted?

/// Turns a median absolute deviation into a standard deviation of a normal law.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// The median; nothing for no values. Values that are no numbers must not be passed.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    if values.is_empty() {
        return None;
    }
    let (middle, even) = (values.len() / 2, values.len().is_multiple_of(2));
    let (before, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = before.iter().copied().max_by(f64::total_cmp).filter(|_| even);
    Some((lower.unwrap_or(*upper) + *upper) / 2.0)
}

/// The middle of values and their spread beyond what the known error of each explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The median.
    pub(crate) middle: f64,
    /// Standard deviation of what the values differ by besides their errors; not negative.
    pub(crate) deviation: f64,
}

impl Spread {
    /// Of values, each with the variance of its own error. A half of outliers changes nothing: the scale is found by
    /// bisection so that the median of squared standardised deviations is that of a normal law.
    pub(crate) fn of(values: &[(f64, f64)]) -> Option<Self> {
        let middle = median(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>())?;
        let standardised = |variance: f64| {
            let squares: Vec<f64> = values
                .iter()
                .map(|(value, error)| (value - middle).powi(2) / (variance + error).max(f64::MIN_POSITIVE))
                .collect();
            median(&squares).unwrap_or_default()
        };
        let normal = MAD_TO_DEVIATION.powi(-2);
        let (mut low, mut high) = (0.0_f64, 1e-6_f64);
        if standardised(low) <= normal {
            return Some(Self { middle, deviation: 0.0 });
        }
        while standardised(high) > normal && high < 1e12 {
            high *= 4.0;
        }
        for _ in 0..40 {
            let between = (low + high) / 2.0;
            if standardised(between) > normal {
                low = between;
            } else {
                high = between;
            }
        }
        Some(Self { middle, deviation: high.sqrt() })
    }

    /// How many standard deviations a value with an error of this variance stands above the middle.
    pub(crate) fn standard(&self, value: f64, error: f64) -> f64 {
        let variance = self.deviation.powi(2) + error;
        if variance > 0.0 { (value - self.middle) / variance.sqrt() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Spread, median};

    #[test]
    fn the_middle_of_an_even_number_lies_between() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn outliers_do_not_widen_the_spread() {
        let mut values: Vec<(f64, f64)> = (-50..=50).map(|n| (f64::from(n) / 10.0, 0.0)).collect();
        let before = Spread::of(&values).expect("values");
        values.extend([(1000.0, 0.0); 5]);
        let after = Spread::of(&values).expect("values");
        assert!((before.deviation - after.deviation).abs() < 0.6, "{before:?} {after:?}");
        assert!(after.standard(1000.0, 0.0) > 100.0);
    }

    #[test]
    fn what_errors_explain_is_no_spread() {
        let values: Vec<(f64, f64)> = (-50..=50).map(|n| (f64::from(n) / 100.0, 1.0)).collect();
        assert_eq!(Spread::of(&values).expect("values").deviation, 0.0);
    }
}
