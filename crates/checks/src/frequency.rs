//! How often does a thing happen, and can two such demands both be met?

use opora_schedule::{Every, Kind, Part, Times, Unit};

/// Times a year, from the least to the most the text allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frequency {
    least: f64,
    most: f64,
}

/// Four weeks are a month to the people who write plans; a tenth of difference is no contradiction.
const TOLERANCE: f64 = 1.1;

const DAYS_A_YEAR: f64 = 365.25;

impl Frequency {
    /// Frequency of a recurrence.
    pub fn of(part: &Part) -> Option<Self> {
        let Kind::Recurrence { every, every_max, times, .. } = &part.kind else { return None };
        let shortest = days(*every)?;
        let longest = every_max.map_or(Some(shortest), days)?;
        let times = times.unwrap_or(Times { min: Some(1), max: Some(1) });
        let least = times.min.map_or(0.0, |times| f64::from(times) * DAYS_A_YEAR / shortest.max(longest));
        let most =
            times.max.map_or(f64::INFINITY, |times| f64::from(times) * DAYS_A_YEAR / shortest.min(longest));
        Some(Self { least, most })
    }

    /// No way of working meets both.
    pub fn contradicts(self, other: Self) -> bool {
        self.most * TOLERANCE < other.least || other.most * TOLERANCE < self.least
    }
}

fn days(every: Every) -> Option<f64> {
    let unit = match every.unit {
        Unit::Day => 1.0,
        Unit::WorkingDay => 1.4,
        Unit::Week => 7.0,
        Unit::Month => DAYS_A_YEAR / 12.0,
        Unit::Year | Unit::SchoolYear => DAYS_A_YEAR,
    };
    (every.count > 0).then(|| f64::from(every.count) * unit)
}

/// Two recurring parts speak of the same stage: their scopes are equal, or one has none and so means every stage.
pub(crate) fn same_scope(a: &Part, b: &Part) -> bool {
    match (&a.scope, &b.scope) {
        (Some(a), Some(b)) => opora_cycle::text::fold(a) == opora_cycle::text::fold(b),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use opora_schedule::Inferred;

    use super::*;

    fn part(count: u16, unit: Unit, times: Option<(Option<u16>, Option<u16>)>) -> Part {
        let kind = Kind::Recurrence {
            every: Every { count, unit },
            every_max: None,
            times: times.map(|(min, max)| Times { min, max }),
            within: None,
        };
        Part { kind, scope: None, inferred: Inferred::default() }
    }

    fn check(a: &Part, b: &Part, expected: bool) {
        let (a, b) = (Frequency::of(a).expect("recurs"), Frequency::of(b).expect("recurs"));
        assert_eq!(a.contradicts(b), expected, "{a:?} {b:?}");
        assert_eq!(b.contradicts(a), expected, "{b:?} {a:?}");
    }

    #[test]
    fn frequencies_contradict_when_no_way_of_working_meets_both() {
        let weekly = part(1, Unit::Week, None);
        let fortnightly = part(2, Unit::Week, None);
        let weekly_at_least = part(1, Unit::Week, Some((Some(1), None)));
        let monthly_at_least = part(1, Unit::Month, Some((Some(1), None)));
        check(&weekly, &fortnightly, true);
        check(&fortnightly, &weekly_at_least, true);
        check(&fortnightly, &monthly_at_least, false);
        check(&part(4, Unit::Week, None), &part(1, Unit::Month, None), false);
        check(&part(1, Unit::Year, Some((Some(2), Some(2)))), &part(6, Unit::Month, None), false);
    }
}
