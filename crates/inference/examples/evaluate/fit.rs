//! Which weights of the markers fit schools whose truth is known?

/// A school-year: strengths of the markers, cut as the pack says, and whether its results were inflated.
pub struct Example {
    pub strengths: [f64; 8],
    pub inflated: bool,
}

/// Pulls weights towards zero, in units of log-likelihood: a few hundred inflated schools are not many.
const RIDGE: f64 = 1.0;

/// Logistic regression with weights that are not negative, one coordinate after the other by Newton's steps.
pub fn weights(examples: &[Example]) -> (f64, [f64; 8]) {
    let mut intercept = -3.0;
    let mut weights = [0.0_f64; 8];
    for _ in 0..200 {
        let (slope, curve) = derivatives(examples, intercept, &weights, |_| 1.0);
        intercept -= slope / curve.max(1e-9);
        for at in 0..weights.len() {
            let (slope, curve) = derivatives(examples, intercept, &weights, |e| e.strengths[at]);
            let step = (slope + RIDGE * weights[at]) / (curve + RIDGE);
            weights[at] = (weights[at] - step).max(0.0);
        }
    }
    (intercept, weights)
}

/// First and second derivative of the negative log-likelihood by the weight of a feature.
fn derivatives(
    examples: &[Example],
    intercept: f64,
    weights: &[f64; 8],
    feature: impl Fn(&Example) -> f64,
) -> (f64, f64) {
    examples.iter().fold((0.0, 0.0), |(slope, curve), example| {
        let sum: f64 = example.strengths.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + intercept;
        let chance = 1.0 / (1.0 + (-sum).exp());
        let value = feature(example);
        let wrong = chance - f64::from(u8::from(example.inflated));
        (slope + wrong * value, curve + chance * (1.0 - chance) * value * value)
    })
}
