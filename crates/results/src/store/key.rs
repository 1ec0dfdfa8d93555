//! By what name does the store know a source?

use std::fmt;
use std::str::FromStr;

use crate::ResultsError;

/// Name of what was read of one source: a SHA-256.
///
/// It is the hash of the bytes of the source and of whatever else decided what was read of them, such as a mapping: one
/// key always means the same facts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a SHA-256.
    pub fn new(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The SHA-256.
    pub(super) fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

impl FromStr for Key {
    type Err = ResultsError;

    /// Reads 64 hexadecimal digits, lower case: a key has one spelling.
    fn from_str(text: &str) -> Result<Self, ResultsError> {
        let wrong = || ResultsError::Key { text: text.chars().take(80).collect() };
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(wrong()),
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut hash = [0; 32];
        if pairs.len() != hash.len() || !rest.is_empty() {
            return Err(wrong());
        }
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let read = text.parse::<Key>();
        assert_eq!(read.is_ok(), expected, "{text}");
        if let Ok(key) = read {
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn a_key_is_64_lower_case_digits() {
        check(&"0af9".repeat(16), true);
        check(&"0AF9".repeat(16), false);
        check(&"0af9".repeat(15), false);
        check(&"../.".repeat(16), false);
        check(&"ёж".repeat(16), false);
        check("", false);
    }
}
