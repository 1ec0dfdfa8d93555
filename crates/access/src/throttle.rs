//! How long must somebody wait who keeps failing to log in?

/// How many failures are free, and how fast waiting grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Failures that cost nothing: everybody mistypes.
    pub free: u32,
    /// Wait after the first failure beyond them; doubles with each one more, seconds.
    pub first_seconds: u64,
    /// Longest wait, seconds.
    pub longest_seconds: u64,
}

impl Throttle {
    /// For one account: five attempts, then 2, 4, 8 … seconds, at most a quarter of an hour.
    pub const ACCOUNT: Self = Self { free: 5, first_seconds: 2, longest_seconds: 15 * 60 };
    /// For one address: a whole school sits behind one.
    pub const ADDRESS: Self = Self { free: 30, first_seconds: 2, longest_seconds: 15 * 60 };
}

/// Seconds left to wait: `failures` in a row, the last of them `since_seconds` ago.
///
/// A clock that was put back gives a negative time, which counts as none passed.
pub fn wait_seconds(throttle: Throttle, failures: u32, since_seconds: i64) -> u64 {
    let Some(beyond) = failures.checked_sub(throttle.free).and_then(|beyond| beyond.checked_sub(1)) else {
        return 0;
    };
    let doubled = 2_u64.saturating_pow(beyond.min(40)).saturating_mul(throttle.first_seconds);
    let wait = doubled.min(throttle.longest_seconds);
    wait.saturating_sub(u64::try_from(since_seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Throttle, wait_seconds};

    #[test]
    fn waiting_grows_and_ends() {
        let check = |failures, since, expected| {
            assert_eq!(
                wait_seconds(Throttle::ACCOUNT, failures, since),
                expected,
                "{failures} failures, {since} s ago"
            );
        };
        check(0, 0, 0);
        check(5, 0, 0);
        check(6, 0, 2);
        check(7, 0, 4);
        check(7, 3, 1);
        check(7, 4, 0);
        check(10, 0, 32);
        check(1_000_000, 0, 900);
        check(1_000_000, 900, 0);
        check(7, -3_600, 4);
    }
}
