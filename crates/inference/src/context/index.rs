//! How well off are the families of a school, in one number?

use opora_cells::{Aggregate, IndicatorCode};

/// What an indicator weighs in the index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexWeight {
    /// A declared share.
    pub indicator: IndicatorCode,
    /// Its weight, above zero; only the ratios of weights matter.
    pub weight: f64,
    /// A higher share means better circumstances.
    pub higher_is_better: bool,
}

/// Why there is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexMissing {
    /// These shares were not declared, or their whole is zero.
    Shares(Vec<IndicatorCode>),
    /// There are no weights, or one of them is not above zero.
    Weights,
}

/// The index of social well-being of one school: from 0, the hardest circumstances, to 1. Weighted mean of shares,
/// each turned so that more is better; so it never falls when a share gets better. One share that is missing, and
/// there is no index. Of several declarations of a share the last one counts.
pub fn social_index(weights: &[IndexWeight], declared: &[Aggregate]) -> Result<f64, IndexMissing> {
    let whole: f64 = weights.iter().map(|weight| weight.weight).sum();
    if !(whole > 0.0 && whole.is_finite() && weights.iter().all(|weight| weight.weight > 0.0)) {
        return Err(IndexMissing::Weights);
    }
    let mut missing = Vec::new();
    let mut index = 0.0;
    for weight in weights {
        let of_indicator = declared.iter().filter(|aggregate| aggregate.indicator == weight.indicator);
        match of_indicator
            .max_by_key(|aggregate| (aggregate.year, aggregate.source))
            .and_then(Aggregate::share)
        {
            Some(share) => {
                let share = share.percent() / 100.0;
                index += weight.weight * if weight.higher_is_better { share } else { 1.0 - share };
            }
            None => missing.push(weight.indicator),
        }
    }
    if missing.is_empty() { Ok((index / whole).clamp(0.0, 1.0)) } else { Err(IndexMissing::Shares(missing)) }
}
