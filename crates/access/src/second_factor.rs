//! How does somebody prove a second time that it is them?
//!
//! Codes of six digits that change each half minute (RFC 6238), and recovery codes for the day the phone is lost.

use std::fmt;

use totp_rs::{Builder, Secret, Totp};

use crate::tokens::hex;

/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 8;

/// The secret shared with the application on the phone.
#[derive(Clone)]
pub struct SecondFactor(Totp);

impl SecondFactor {
    /// A new secret for an account; `None` when the operating system gives no randomness.
    pub fn new(account: &str) -> Option<Self> {
        let mut secret = [0_u8; 20];
        getrandom::fill(&mut secret).ok()?;
        Self::build(Secret::from(secret), account)
    }

    /// A recorded secret, in the form [`SecondFactor::secret`] gives it.
    pub fn recorded(secret: &str, account: &str) -> Option<Self> {
        Self::build(Secret::try_from_base32(secret).ok()?, account)
    }

    fn build(secret: Secret, account: &str) -> Option<Self> {
        // The address of the key must not hold a colon of its own.
        let name = account.replace(':', " ");
        let builder = Builder::new().with_secret(secret).with_account_name(name).with_issuer(Some("Opora"));
        builder.build().ok().map(Self)
    }

    /// The secret in Base32, as it is typed into the application and recorded.
    pub fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address `otpauth://…` that the application reads.
    pub fn address(&self) -> Option<String> {
        self.0.to_url().ok()
    }

    /// Which half minute a code belongs to: now, the one before or the one after. `last` is the one that was accepted
    /// last: no code counts twice. Spaces in the code are not held against anybody.
    pub fn check(&self, code: &str, unix_seconds: i64, last: Option<u64>) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let step = self.0.check(&code, u64::try_from(unix_seconds).ok()?)?;
        (last.is_none_or(|last| step > last)).then_some(step)
    }
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondFactor(…)")
    }
}

/// New recovery codes, `3f2a-90bc-7d41`; each works once. Only their hashes are kept.
pub fn recovery_codes() -> Option<Vec<String>> {
    let one = || {
        let mut bytes = [0_u8; 6];
        getrandom::fill(&mut bytes).ok()?;
        let digits = hex(&bytes);
        Some(format!("{}-{}-{}", digits.get(..4)?, digits.get(4..8)?, digits.get(8..)?))
    };
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

#[cfg(test)]
mod tests {
    use super::{RECOVERY_CODES, SecondFactor, recovery_codes};

    /// The secret and the code at second 59 of appendix B of RFC 6238, shortened to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let factor =
            SecondFactor::recorded("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "sokolova").expect("a secret");
        assert_eq!(factor.check("287082", 59, None), Some(1));
        assert_eq!(factor.check("287 082", 59, None), Some(1));
        assert_eq!(factor.check("287082", 89, None), Some(1), "half a minute late");
        assert_eq!(factor.check("287082", 120, None), None, "too late");
        assert_eq!(factor.check("287082", 59, Some(1)), None, "used before");
        for wrong in ["", "28708", "2870820", "abcdef", "٢٨٧٠٨٢"] {
            assert_eq!(factor.check(wrong, 59, None), None, "{wrong}");
        }
        assert_eq!(factor.check("287082", -59, None), None);
    }

    #[test]
    fn a_secret_is_read_back() {
        let factor = SecondFactor::new("a:b").expect("randomness");
        let address = factor.address().expect("an address");
        assert!(address.starts_with("otpauth://totp/Opora:a%20b?secret="), "{address}");
        let recorded = SecondFactor::recorded(&factor.secret(), "a:b").expect("a secret");
        assert_eq!(recorded.secret(), factor.secret());
        assert!(SecondFactor::recorded("не base32", "a").is_none());
        assert!(!format!("{factor:?}").contains(&factor.secret()));
    }

    #[test]
    fn recovery_codes_differ() {
        let mut codes = recovery_codes().expect("randomness");
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(codes.iter().all(|code| code.len() == 14), "{codes:?}");
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), RECOVERY_CODES);
    }
}
