//! Let programs act for a person: make a token, know one again.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use opora_access::{Scope, Throttle, Token, wait_seconds};
use opora_store::{AccountId, ApiToken, Authorship, NewApiToken, Store, StoreError};

use super::people::NO_RANDOMNESS;

/// Tokens that one person may have at a time.
const TOKENS_MAX: usize = 20;
/// Most characters of a name.
const NAME_CHARS_MAX: usize = 100;
/// Under this name wrong tokens are counted; no account can have it.
const NOBODY: &str = "токен API";

/// What somebody wants a token to be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// What the person calls it.
    pub name: &'a str,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The last day on which it holds.
    pub last_day: Option<Date>,
}

/// Why a token was not made.
#[derive(Debug)]
pub enum NotMade {
    /// A field is wrong: what and what next.
    Wrong(String),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for NotMade {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The last day that a token made today may hold to: a year.
pub fn last_day_max(today: Date) -> Date {
    today.saturating_add(1.year())
}

/// Makes a token of an account. Its text is told once and kept nowhere.
pub async fn make(
    store: &Store,
    account: AccountId,
    wanted: &Wanted<'_>,
    today: Date,
    by: &Authorship<'_>,
) -> Result<Token, NotMade> {
    let wrong = |text: &str| Err(NotMade::Wrong(text.to_owned()));
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return wrong(
            "Назовите токен — не длиннее ста знаков: по имени вы узнаете, какой программе он отдан.",
        );
    }
    if wanted.scopes.is_empty() {
        return wrong("Отметьте хотя бы одно право: без прав токен ничего не откроет.");
    }
    let Some(last_day) = wanted.last_day.filter(|day| (today..=last_day_max(today)).contains(day)) else {
        return wrong("Укажите последний день действия: не раньше сегодняшнего и не дальше года вперёд.");
    };
    let held = store.api_tokens(account).await?;
    if held.iter().filter(|token| token.last_day >= today).count() >= TOKENS_MAX {
        return wrong("Токенов уже двадцать. Завершите те, которыми никто не пользуется, и повторите.");
    }
    let Some(token) = Token::new() else { return wrong(NO_RANDOMNESS) };
    let sha256 = token.sha256();
    let new = NewApiToken { name, token_sha256: &sha256, scopes: &wanted.scopes, last_day };
    store.create_api_token(account, &new, by).await?;
    Ok(token)
}

/// What came of a token that was shown.
#[derive(Debug)]
pub enum Known {
    /// It holds.
    Token(ApiToken),
    /// It does not: unknown, ended, or its day is over.
    Unknown,
    /// Too many wrong ones came from this address: wait so many seconds.
    Wait(u64),
}

/// Knows a token again. Wrong ones are counted by address, and after many of them nothing is looked up for a while. A
/// right token is never kept waiting: 256 random bits are not guessed, and others sit behind the same address.
pub async fn know(
    store: &Store,
    secret: &str,
    address: &str,
    today: Date,
    now: Timestamp,
) -> Result<Known, StoreError> {
    if let Some(token) = store.api_token(secret, today).await? {
        store.note_api_token_use(&token, today).await?;
        return Ok(Known::Token(token));
    }
    let failures = store.failures_of_address(address, now).await?;
    let since = failures.last.map_or(SignedDuration::ZERO, |last| now.duration_since(last));
    let wait = wait_seconds(Throttle::ADDRESS, failures.count, since.as_secs());
    if wait > 0 {
        return Ok(Known::Wait(wait));
    }
    store.record_failure(NOBODY, address, now).await?;
    Ok(Known::Unknown)
}
