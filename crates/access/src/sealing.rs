//! How is a secret kept that must be read again?
//!
//! Sealed (XChaCha20-Poly1305) under a key that lies outside of the database, and bound to what it belongs to: moved
//! to another account it does not open. The sealed text names its key by a short print, so that one can tell a wrong
//! key from a spoiled text.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::tokens::hex;

/// How every sealed text begins.
const MARK: &str = "sealed-1:";
/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a nonce: so long that random ones do not meet.
const NONCE_BYTES: usize = 24;

/// The key that secrets are sealed under.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    print: String,
}

/// Why a sealed secret does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// It was sealed under another key.
    OtherKey,
    /// It was spoiled, or belongs to something else.
    Spoiled,
}

impl Seal {
    /// A new key as text, to be kept in a file; none when the operating system gives no randomness.
    pub fn new_key() -> Option<String> {
        let mut key = [0_u8; KEY_BYTES];
        getrandom::fill(&mut key).ok()?;
        Some(hex(&key))
    }

    /// The seal of a key as [`Seal::new_key`] writes it; white space around it does not count.
    pub fn of_key(text: &str) -> Option<Self> {
        let key = bytes(text.trim()).filter(|key| key.len() == KEY_BYTES)?;
        let print = hex(&Sha256::digest([b"opora-seal-print".as_slice(), &key].concat()));
        let cipher = XChaCha20Poly1305::new_from_slice(&key).ok()?;
        Some(Self { cipher, print: print.get(..8)?.to_owned() })
    }

    /// Whether a recorded text is sealed at all; older ones are not.
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(MARK)
    }

    /// Whether a sealed text was sealed under this key, as far as it says.
    pub fn is_own(&self, text: &str) -> bool {
        text.strip_prefix(MARK).and_then(|rest| rest.split(':').next()) == Some(self.print.as_str())
    }

    /// Seals a secret of something; none without randomness.
    pub fn seal(&self, secret: &str, of: &str) -> Option<String> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: secret.as_bytes(), aad: of.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(format!("{MARK}{}:{}{}", self.print, hex(&nonce), hex(&sealed)))
    }

    /// Opens a secret of something. A text that was never sealed is given back as it is.
    pub fn open(&self, text: &str, of: &str) -> Result<String, NotOpened> {
        let Some(rest) = text.strip_prefix(MARK) else { return Ok(text.to_owned()) };
        let (print, sealed) = rest.split_once(':').ok_or(NotOpened::Spoiled)?;
        if print != self.print {
            return Err(NotOpened::OtherKey);
        }
        let sealed = bytes(sealed).ok_or(NotOpened::Spoiled)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(NotOpened::Spoiled)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| NotOpened::Spoiled)?;
        let payload = Payload { msg: sealed, aad: of.as_bytes() };
        let opened = self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| NotOpened::Spoiled)?;
        String::from_utf8(opened).map_err(|_| NotOpened::Spoiled)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seal({}…)", self.print)
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high * 16 + low).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NotOpened, Seal};

    fn seal() -> Seal {
        Seal::of_key(&Seal::new_key().expect("randomness")).expect("a key")
    }

    #[test]
    fn a_secret_opens_under_its_key_for_its_owner_only() {
        let (own, other) = (seal(), seal());
        let sealed = own.seal("GEZDGNBV", "account/7").expect("randomness");
        assert!(Seal::is_sealed(&sealed) && own.is_own(&sealed) && !other.is_own(&sealed));
        assert!(!sealed.contains("GEZDGNBV"));
        assert_eq!(own.open(&sealed, "account/7").as_deref(), Ok("GEZDGNBV"));
        assert_eq!(own.open(&sealed, "account/8"), Err(NotOpened::Spoiled));
        assert_eq!(other.open(&sealed, "account/7"), Err(NotOpened::OtherKey));
        let again = own.seal("GEZDGNBV", "account/7").expect("randomness");
        assert_ne!(sealed, again, "no nonce twice");
    }

    #[test]
    fn what_was_never_sealed_stays_readable() {
        assert_eq!(seal().open("GEZDGNBV", "account/7").as_deref(), Ok("GEZDGNBV"));
    }

    #[test]
    fn only_a_whole_key_is_a_key() {
        let check = |text: &str, ok| assert_eq!(Seal::of_key(text).is_some(), ok, "{text}");
        check(&"ab".repeat(32), true);
        check(&format!("  {}\n", "AB".repeat(32)), true);
        check(&"ab".repeat(31), false);
        check(&format!("{}x", "ab".repeat(31)), false);
        check("ключ", false);
        check("", false);
    }

    proptest! {
        #[test]
        fn a_spoiled_text_never_opens(at in 9_usize..200, to in "[0-9a-f]") {
            let own = seal();
            let sealed = own.seal("GEZDGNBVGY3TQOJQ", "account/7").expect("randomness");
            let mut spoiled: Vec<char> = sealed.chars().collect();
            let at = at % spoiled.len();
            prop_assume!(at >= 9 && spoiled[at].to_string() != to);
            spoiled[at] = to.chars().next().expect("a digit");
            let spoiled: String = spoiled.into_iter().collect();
            prop_assert!(own.open(&spoiled, "account/7").is_err());
        }

        #[test]
        fn nothing_panics(text in "(sealed-1:)?.{0,80}") {
            let _ = seal().open(&text, "account/7");
        }
    }
}
