//! Which account does an outside login lead to?
//!
//! To the one it was linked to. Once, to the one that was invited with the address for mail that the provider vouches
//! for. It makes no accounts and gives no roles.

use jiff::Timestamp;
use opora_access::{Throttle, token_sha256, wait_seconds};
use opora_oidc::Stranger;
use opora_store::{Account, Authorship, CredentialKind, Store, StoreError};
use serde_json::json;

use super::people::{NoEntry, Proof};

/// Refuses an address from which too much failed lately.
pub async fn refuse_address(store: &Store, address: &str, now: Timestamp) -> Result<(), NoEntry> {
    let near = store.failures_of_address(address, now).await?;
    let since = near.last.map_or(0, |last| now.duration_since(last).as_secs());
    match wait_seconds(Throttle::ADDRESS, near.count, since) {
        0 => Ok(()),
        seconds => Err(NoEntry::Wait(seconds)),
    }
}

/// The account of a stranger, and what must still be proved: the second factor is asked for all the same.
pub async fn account_of_stranger(
    store: &Store,
    stranger: &Stranger,
    now: Timestamp,
) -> Result<(Account, Proof), NoEntry> {
    let linked = store.account_of_credential(CredentialKind::Outside, &stranger.subject).await?;
    let account = match linked {
        Some(id) => Some(store.account(id).await?).filter(|account| account.open),
        None => by_mail(store, stranger, now).await?,
    };
    let Some(account) = account else {
        let object = format!("outside/{}", print(&stranger.subject));
        let details = json!({ "mail": stranger.mail.as_deref().unwrap_or_default() });
        let by = Authorship { who: "Внешний вход", reason: "", at: now };
        store.note("session.refuse", &object, &details, &by).await?;
        return Err(NoEntry::Wrong);
    };
    let second = store.credentials(account.id, CredentialKind::SecondFactor).await?;
    Ok((account, if second.is_empty() { Proof::Enough } else { Proof::Code }))
}

/// The account that somebody invited with this address, linked from now on. An account that ever had an outside login
/// is not found so: whoever gets the address later must not get the account with it.
async fn by_mail(store: &Store, stranger: &Stranger, now: Timestamp) -> Result<Option<Account>, StoreError> {
    let Some(mail) = stranger.mail.as_deref() else { return Ok(None) };
    let found = store.account_of(mail).await?.filter(|account| account.open && account.mail == mail);
    let Some(account) = found else { return Ok(None) };
    let by = Authorship {
        who: &account.name, reason: "первый внешний вход, по адресу почты", at: now
    };
    match store.link_outside(account.id, &stranger.subject, true, &by).await {
        Ok(()) => Ok(Some(account)),
        Err(StoreError::OutsideKnown) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A short name of a subject for the journal: people read it.
fn print(subject: &str) -> String {
    token_sha256(subject).chars().take(16).collect()
}
