//! Does one address answer a survey faster than a school could?
//!
//! Addresses stay in memory, hashed with a word of this process, for as long as they count: nothing of who answered is
//! recorded.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Forms of one survey from one address within [`WINDOW`]: a whole school may sit behind one address, and answers in
/// its lessons.
const FORMS_MAX: usize = 120;
/// How long a form counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Addresses kept before those that count no more are forgotten.
const ADDRESSES_MAX: usize = 20_000;

/// The forms of the last minutes. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    word: RandomState,
    seen: Arc<Mutex<HashMap<u64, VecDeque<Timestamp>>>>,
}

impl Pace {
    /// Counts a form, or says how many seconds to wait with it.
    pub fn admit(&self, survey: &str, address: &str, now: Timestamp) -> Result<(), u64> {
        let key = self.word.hash_one((survey, address));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back makes nothing count for ever.
        let counts = |at: &Timestamp| (now - WINDOW..=now).contains(at);
        if seen.len() >= ADDRESSES_MAX {
            seen.retain(|_, forms| forms.back().is_some_and(counts));
        }
        // So many at once are no schools; to hold all of them would serve who sends them.
        if seen.len() >= ADDRESSES_MAX {
            seen.clear();
        }
        let forms = seen.entry(key).or_default();
        forms.retain(counts);
        match forms.front().filter(|_| forms.len() >= FORMS_MAX) {
            Some(first) => {
                let left = WINDOW.saturating_sub(now.duration_since(*first)).as_secs();
                Err(u64::try_from(left).unwrap_or(0).max(1))
            }
            None => {
                forms.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_gets_in_and_a_machine_waits() {
        let (pace, start) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let at = |seconds: i64| start + SignedDuration::from_secs(seconds);
        for second in 0..120 {
            assert_eq!(pace.admit("а", "10.0.0.1", at(second)), Ok(()));
        }
        assert_eq!(pace.admit("а", "10.0.0.1", at(120)), Err(480));
        assert_eq!(pace.admit("а", "10.0.0.2", at(120)), Ok(()), "another address");
        assert_eq!(pace.admit("б", "10.0.0.1", at(120)), Ok(()), "another survey");
        assert_eq!(pace.admit("а", "10.0.0.1", at(601)), Ok(()), "the first one counts no more");
        assert_eq!(
            pace.admit("а", "10.0.0.1", start - SignedDuration::from_hours(1)),
            Ok(()),
            "a clock put back"
        );
    }

    #[test]
    fn memory_stays_bounded() {
        let pace = Pace::default();
        for second in [0, 1] {
            for address in 0..ADDRESSES_MAX * 3 {
                // All at once, then one a second.
                let second = second * i64::try_from(address).expect("a number");
                let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second);
                assert_eq!(pace.admit("а", &address.to_string(), now), Ok(()));
                assert!(pace.seen.lock().expect("no panic").len() <= ADDRESSES_MAX);
            }
        }
    }
}
