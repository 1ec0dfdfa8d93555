//! Is a password good enough, and is it the right one?

use std::fmt;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Fewest characters of a password. Length is what counts: no rules about digits and signs (NIST SP 800-63B).
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most characters: longer ones only cost time.
pub const PASSWORD_CHARS_MAX: usize = 200;

/// Memory of one hashing, KiB; passes; lanes: the least that OWASP recommends for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords met most, and those of the field; in lower case.
const COMMON: [&str; 20] = [
    "1234567890",
    "12345678910",
    "0123456789",
    "0987654321",
    "1q2w3e4r5t",
    "qwertyuiop",
    "йцукенгшщз",
    "qwerty12345",
    "password123",
    "passwordpassword",
    "1111111111",
    "0000000000",
    "пароль12345",
    "администратор",
    "administrator",
    "образование",
    "школашкола",
    "school12345",
    "opora12345",
    "опора12345",
];

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordWeakness {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    Short,
    /// More than [`PASSWORD_CHARS_MAX`] characters.
    Long,
    /// One of those everybody tries first, or the same few characters again and again.
    Common,
    /// Holds the name of the account.
    Name,
}

impl PasswordWeakness {
    /// What is wrong and what to do.
    pub fn russian(self) -> String {
        match self {
            Self::Short => {
                format!("Пароль короче {PASSWORD_CHARS_MIN} знаков. Удобно взять несколько слов подряд.")
            }
            Self::Long => format!("Пароль длиннее {PASSWORD_CHARS_MAX} знаков. Возьмите покороче."),
            Self::Common => {
                "Такой пароль подбирают в первую очередь. Возьмите несколько несвязанных слов.".to_owned()
            }
            Self::Name => "В пароле есть имя учётной записи. Возьмите другой.".to_owned(),
        }
    }
}

/// Judges a password by the policy. `names`: login, mail, name of the person.
pub fn judge_password(password: &str, names: &[&str]) -> Result<(), PasswordWeakness> {
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        return Err(PasswordWeakness::Short);
    }
    if length > PASSWORD_CHARS_MAX {
        return Err(PasswordWeakness::Long);
    }
    let lower = password.to_lowercase();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 || COMMON.contains(&lower.as_str()) {
        return Err(PasswordWeakness::Common);
    }
    let parts = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let named = |part: &str| part.chars().count() >= 5 && lower.contains(&part.to_lowercase());
    if parts.into_iter().any(named) {
        return Err(PasswordWeakness::Name);
    }
    Ok(())
}

/// A hashed password in the PHC form: `$argon2id$v=19$…`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password with a random salt. Takes some tens of milliseconds: never on a thread that answers requests.
    /// `None` when the operating system gives no randomness.
    pub fn of(password: &str) -> Option<Self> {
        hasher()?.hash_password(password.as_bytes()).ok().map(|hash| Self(hash.to_string()))
    }

    /// A recorded hash.
    pub fn recorded(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text to record.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password. Anything that is no hash fits no password.
    pub fn fits(&self, password: &str) -> bool {
        // A very long text would be hashed at a cost the sender does not bear.
        if password.chars().count() > PASSWORD_CHARS_MAX {
            return false;
        }
        let Ok(hash) = Phc::new(&self.0) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::{PasswordHash, PasswordWeakness, judge_password};

    #[test]
    fn a_password_is_judged() {
        let check = |password: &str, expected| {
            assert_eq!(
                judge_password(password, &["sokolova", "sokolova@omts.test", "Соколова Анна"]),
                expected,
                "{password}"
            );
        };
        check("зелёный чайник в поезде", Ok(()));
        check("kR4-tt_9mmQ", Ok(()));
        check("девять зн", Err(PasswordWeakness::Short));
        check("", Err(PasswordWeakness::Short));
        check(&"длинно ".repeat(40), Err(PasswordWeakness::Long));
        check("1234567890", Err(PasswordWeakness::Common));
        check("Qwertyuiop", Err(PasswordWeakness::Common));
        check("абабабабаб", Err(PasswordWeakness::Common));
        check("я Соколова 2026", Err(PasswordWeakness::Name));
        check("SOKOLOVA-2026-год", Err(PasswordWeakness::Name));
    }

    #[test]
    fn only_the_right_password_fits() {
        let hash = PasswordHash::of("зелёный чайник в поезде").expect("randomness");
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        let recorded = PasswordHash::recorded(hash.as_str());
        assert!(recorded.fits("зелёный чайник в поезде"));
        for wrong in ["зелёный чайник в поезде ", "Зелёный чайник в поезде", "", &"я".repeat(10_000)]
        {
            assert!(!recorded.fits(wrong), "{wrong}");
        }
        assert!(!PasswordHash::recorded("нет").fits("нет"));
        assert!(!format!("{hash:?}").contains("argon2"));
        assert_ne!(PasswordHash::of("одинаковый пароль"), PasswordHash::of("одинаковый пароль"));
    }
}
