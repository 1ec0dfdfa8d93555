//! Which part of the whole is it, exactly?

use std::cmp::Ordering;

/// A part of a whole that is not zero, in whole numbers. Compared exactly, never through a per cent.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// A share, or nothing when the whole is zero or less than the part.
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        (whole > 0 && part <= whole).then_some(Self { part, whole })
    }

    /// The part.
    pub fn part(self) -> u64 {
        self.part
    }

    /// The whole.
    pub fn whole(self) -> u64 {
        self.whole
    }

    /// Per cent for showing only; no decision is taken on it.
    pub fn percent(self) -> f64 {
        self.part as f64 * 100.0 / self.whole as f64
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Share {}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.part) * u128::from(other.whole);
        left.cmp(&(u128::from(other.part) * u128::from(self.whole)))
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    fn at_least(part: u64, whole: u64, threshold: (u64, u64)) -> Option<bool> {
        Some(Share::new(part, whole)? >= Share::new(threshold.0, threshold.1)?)
    }

    #[test]
    fn thirty_per_cent_is_compared_in_whole_numbers() {
        assert_eq!(at_least(3, 10, (3, 10)), Some(true));
        assert_eq!(at_least(2, 7, (3, 10)), Some(false));
        assert_eq!(at_least(3, 9, (3, 10)), Some(true));
        assert_eq!(at_least(0, 0, (3, 10)), None, "nobody took part: no data, never a division");
        assert_eq!(at_least(4, 3, (3, 10)), None, "a part over the whole is no share");
    }
}
