//! How likely were results made to look better, given all markers?

use super::{MarkerPack, Strength};

/// The probability: log-odds are the sum of the weighted strengths, each cut to 0 … cap, so that a marker can raise the
/// probability and its absence is what the intercept knows already. A marker that could not be looked for adds nothing.
/// The assumed share of such schools replaces the share of the simulated ones the weights were fitted on. Nothing when
/// too few markers could be looked for.
pub fn probability(pack: &MarkerPack, strengths: &[Strength; 8]) -> Option<f64> {
    let combination = &pack.combination;
    let looked = strengths.iter().filter(|strength| strength.value.is_ok()).count();
    if looked < (combination.markers_min as usize).max(1) {
        return None;
    }
    let log_odds = |share: f64| (share / (1.0 - share)).ln();
    let start =
        combination.intercept + log_odds(combination.assumed_share) - log_odds(combination.fitted_share);
    let sum = strengths.iter().zip(combination.weights).fold(start, |sum, (strength, weight)| {
        sum + strength.value.map_or(0.0, |value| weight * value.clamp(0.0, combination.cap))
    });
    Some(1.0 / (1.0 + (-sum).exp()))
}
