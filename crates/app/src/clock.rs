//! What time is it? The only place that asks.

use jiff::{Timestamp, Zoned, civil::Date};

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "this is the one clock of the program")]
pub fn now() -> Timestamp {
    Zoned::now().timestamp()
}

/// Today's date in the time zone of the machine, or the date in `OPORA_TODAY` (year-month-day), by which tests
/// and demonstrations stay the same on every day.
#[expect(clippy::disallowed_methods, reason = "this is the one clock of the program")]
pub fn today() -> Date {
    std::env::var("OPORA_TODAY")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| Zoned::now().date())
}
