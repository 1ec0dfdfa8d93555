//! How likely does a rule hold that is made of several procedures?

/// Chances of one procedure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcedureChance {
    /// That its true share is above the line in the year of the verdict.
    pub this_year: f64,
    /// That it is so in each of the other years a criterion asks for: the product over those years, zero when the
    /// procedure was not held in one of them.
    pub other_years: f64,
}

/// Chances of the two usual criteria and their links.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleChance {
    /// Enough procedures of the year are low.
    pub many: f64,
    /// At least one procedure is low in all the years.
    pub repeated: f64,
    /// Both hold.
    pub both: f64,
    /// One of them holds.
    pub either: f64,
}

/// Probability that at least so many of independent things happen (the Poisson-binomial law).
pub fn at_least(chances: &[f64], count: usize) -> f64 {
    let procedures: Vec<ProcedureChance> =
        chances.iter().map(|chance| ProcedureChance { this_year: *chance, other_years: 0.0 }).collect();
    rule_chance(&procedures, count).many
}

/// Between which bounds the probability lies that at least so many things happen, however they hang together: sharp
/// bounds by Rüger, nothing is assumed. Procedures of one school do hang together: they were written by the same pupils.
pub fn at_least_bounds(chances: &[f64], count: usize) -> (f64, f64) {
    if count == 0 {
        return (1.0, 1.0);
    }
    if count > chances.len() {
        return (0.0, 0.0);
    }
    let mut sorted: Vec<f64> = chances.iter().map(|value| chance(*value)).collect();
    sorted.sort_by(f64::total_cmp);
    // That fewer happen means that so many do not.
    let not: Vec<f64> = sorted.iter().rev().map(|chance| 1.0 - chance).collect();
    (1.0 - most(&not, chances.len() - count + 1), most(&sorted, count))
}

/// The greatest probability that at least `count` of things with these chances, in order, happen.
fn most(chances: &[f64], count: usize) -> f64 {
    let spared = (0..count).map(|spared| {
        let sum: f64 = chances.iter().take(chances.len() - spared).sum();
        sum / (count - spared) as f64
    });
    spared.fold(1.0, f64::min)
}

/// Chances of «at least so many procedures low this year» and of «the same procedure low in all the years», by
/// independence of procedures given their shares. Exact: counted over all outcomes, the two criteria are not taken for
/// independent of each other.
pub fn rule_chance(procedures: &[ProcedureChance], count: usize) -> RuleChance {
    // Chance of each number of low procedures, up to the count, without and with a repeated one.
    let mut states = vec![[0.0_f64; 2]; count.min(procedures.len()) + 1];
    if let Some(start) = states.first_mut() {
        start[0] = 1.0;
    }
    let reachable = count <= procedures.len();
    let last = states.len() - 1;
    for procedure in procedures {
        let (low, again) = (chance(procedure.this_year), chance(procedure.other_years));
        let mut next = vec![[0.0_f64; 2]; states.len()];
        for (number, [single, repeated]) in states.iter().enumerate() {
            if let Some(stay) = next.get_mut(number) {
                stay[0] += single * (1.0 - low);
                stay[1] += repeated * (1.0 - low);
            }
            if let Some(more) = next.get_mut((number + 1).min(last)) {
                more[0] += single * low * (1.0 - again);
                more[1] += single * low * again + repeated * low;
            }
        }
        states = next;
    }
    let [single, both] = states.last().copied().filter(|_| reachable).unwrap_or_default();
    let repeated: f64 = states.iter().map(|[_, repeated]| repeated).sum();
    let many = single + both;
    let within = |value: f64| value.clamp(0.0, 1.0);
    RuleChance {
        many: within(many),
        repeated: within(repeated),
        both: within(both),
        either: within(many + repeated - both),
    }
}

/// A number that is no chance counts as the nearest one.
fn chance(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}
