//! How is a moment written into a column of text?

use jiff::Timestamp;

/// A moment in UTC with microseconds, always as many characters, so that text sorts as time does.
pub(crate) fn moment_text(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The moment of a column; one that can't be read is the beginning of the epoch, so that a spoiled cell never hides
/// the rest of a row. The audit chain reports such a cell.
pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Text as both databases can keep it: PostgreSQL has no place for a zero character.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_and_sorts() {
        let early: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-03-01T09:00:00.000001Z".parse().unwrap();
        assert_eq!(moment_text(early), "2026-03-01T09:00:00.000000Z");
        assert!(moment_text(early) < moment_text(late));
        assert_eq!(moment(&moment_text(late)), late);
    }
}
