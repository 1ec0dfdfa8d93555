//! How is something secret made that travels in a link or a cookie?

use std::fmt;

use sha2::{Digest, Sha256};

/// A random text of 256 bits, shown once. Only its [`token_sha256`] is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token; `None` when the operating system gives no randomness.
    pub fn new() -> Option<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(hex(&bytes)))
    }

    /// The text: 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn sha256(&self) -> String {
        token_sha256(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is kept of a token: SHA-256 as hexadecimal digits. A token has enough randomness of its own to need no salt.
pub fn token_sha256(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Token, token_sha256};

    #[test]
    fn a_token_is_random_and_not_printed() {
        let (one, other) = (Token::new().expect("randomness"), Token::new().expect("randomness"));
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 64);
        assert_eq!(one.sha256(), token_sha256(one.as_str()));
        assert!(!format!("{one:?}").contains(one.as_str()));
    }

    #[test]
    fn the_hash_is_that_of_the_standard() {
        assert_eq!(token_sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
