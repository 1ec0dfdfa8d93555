//! How do letters leave the queue?
//!
//! At least once: a letter is settled after the mail server took it. Whoever is killed between the two leaves a letter that
//! is sent again under the same Message-ID, by which mail programs know that it is the same.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use opora_store::{Attempt, Authorship, QueuedLetter, Store, StoreError};
use serde_json::json;

use super::wishes::wishes_of;
use crate::mail::{Letter, Mailer, NotSent};

/// How long one sender keeps a letter in hand before others may take it.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How long the mail server may take; far less than the lease.
const PATIENCE: Duration = Duration::from_secs(60);
/// Letters of one round: a round ends so that the next telling is not late.
const LETTERS: usize = 200;
/// A letter older than this tells nothing any more.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(72);
/// Pause after the first failure, doubled after each.
const PAUSE_MINUTES: i64 = 1;
/// The longest pause.
const PAUSE_MINUTES_MAX: i64 = 60;
/// A letter taken into hand so often is given up: it may be what kills its senders.
const ATTEMPTS_MAX: i32 = 100;

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Letters that the mail server took.
    pub sent: usize,
    /// Letters that failed and are tried again.
    pub later: usize,
    /// Letters that are not tried again.
    pub given_up: usize,
    /// Letters that nobody waits for any more.
    pub dropped: usize,
}

/// Sends letters that are due, one after the other, until there are none, the mail server fails, or `stop` says so.
pub async fn send_due(
    store: &Store,
    mailer: &Mailer,
    now: impl Fn() -> Timestamp,
    stop: impl Fn() -> bool,
) -> Result<Round, StoreError> {
    let mut round = Round::default();
    if !mailer.is_set_up() {
        return Ok(round);
    }
    for _ in 0..LETTERS {
        if stop() {
            break;
        }
        let Some(letter) = store.claim_letter(now(), LEASE).await? else { break };
        let attempt = attempt(store, mailer, &letter, now()).await?;
        let was_calm = matches!(attempt, Attempt::Later(..)) && store.letter_queue().await?.failing == 0;
        if !store.settle_letter(&letter, &attempt, now()).await? {
            continue;
        }
        match attempt {
            Attempt::Sent => round.sent += 1,
            Attempt::Later(_, why) => {
                round.later += 1;
                tracing::warn!(why, letter = letter.id.0, "a letter was not sent and will be tried again");
                if was_calm {
                    tell_journal(store, "mail.failed", &letter, &why, now()).await?;
                }
                // What fails for now fails for the others, too.
                break;
            }
            Attempt::GivenUp(why) => {
                round.given_up += 1;
                tell_journal(store, "mail.given-up", &letter, &why, now()).await?;
            }
            Attempt::Dropped(_) => round.dropped += 1,
        }
    }
    Ok(round)
}

async fn attempt(
    store: &Store,
    mailer: &Mailer,
    letter: &QueuedLetter,
    now: Timestamp,
) -> Result<Attempt, StoreError> {
    let account = store.account(letter.account).await?;
    if !account.open || account.mail.is_empty() {
        return Ok(Attempt::Dropped("учётная запись закрыта или осталась без почты".to_owned()));
    }
    if !wishes_of(store, letter.account).await?.mail {
        return Ok(Attempt::Dropped("человек выключил письма".to_owned()));
    }
    if now.duration_since(letter.created_at) > AGE_MAX || letter.attempts > ATTEMPTS_MAX {
        let why =
            if letter.error.is_empty() { "письмо устарело" } else { letter.error.as_str() };
        return Ok(Attempt::GivenUp(why.to_owned()));
    }
    let out = Letter { to: account.mail, subject: letter.subject.clone(), text: letter.body.clone() };
    let id = message_id(letter, mailer);
    let sent = tokio::time::timeout(PATIENCE, mailer.send_as(&out, Some(&id))).await;
    let sent = sent.unwrap_or_else(|_| {
        Err(NotSent::for_now(format!("почтовый сервер не ответил за {} с", PATIENCE.as_secs())))
    });
    Ok(match sent {
        Ok(()) => Attempt::Sent,
        Err(NotSent { why, for_good: true }) => Attempt::GivenUp(why),
        Err(NotSent { why, for_good: false }) => Attempt::Later(now + pause(letter.attempts), why),
    })
}

/// The same for every attempt, and another in every installation.
fn message_id(letter: &QueuedLetter, mailer: &Mailer) -> String {
    let domain = mailer.domain().unwrap_or("localhost");
    format!("<{}.{}@{domain}>", letter.message_id, letter.created_at.as_microsecond())
}

/// The pause after so many attempts.
fn pause(attempts: i32) -> SignedDuration {
    let doubled = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    SignedDuration::from_mins((PAUSE_MINUTES << doubled).min(PAUSE_MINUTES_MAX))
}

async fn tell_journal(
    store: &Store,
    action: &str,
    letter: &QueuedLetter,
    why: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let by = Authorship { who: "Рассылка", reason: why, at };
    store.note(action, &format!("account/{}", letter.account.0), &json!({ "reason": why }), &by).await
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn a_pause_grows_to_an_hour() {
        let minutes: Vec<i64> = [1, 2, 3, 6, 7, 8, 90].map(|attempts| pause(attempts).as_mins()).to_vec();
        assert_eq!(minutes, [1, 2, 4, 32, 60, 60, 60]);
    }
}
