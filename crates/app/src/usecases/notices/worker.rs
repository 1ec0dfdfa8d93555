//! Who tells and sends while the server runs?

use std::sync::Arc;
use std::time::Duration;

use opora_store::StoreError;
use tokio::sync::watch;

use super::{Round, Teller, Told as News, send_due};
use crate::clock;
use crate::mail::Mailer;

/// How often passed rows are removed, in rounds.
const FORGET_EVERY: u32 = 500;

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What was told.
    pub news: News,
    /// What was sent.
    pub letters: Round,
}

/// One round: tell what is news, send what is due.
pub async fn round(teller: &Teller, mailer: &Mailer, stop: impl Fn() -> bool) -> Result<Told, StoreError> {
    let news = teller.tell(clock::now(), clock::today()).await?;
    let letters = send_due(&teller.store, mailer, clock::now, stop).await?;
    Ok(Told { news, letters })
}

/// Rounds until told to stop. A database that is away for a while ends nothing.
pub async fn keep(teller: Teller, mailer: Arc<Mailer>, every: Duration, mut stop: watch::Receiver<bool>) {
    let mut rounds: u32 = 0;
    loop {
        let stopping = stop.clone();
        if let Err(error) = round(&teller, &mailer, || *stopping.borrow()).await {
            tracing::warn!(%error, "notices: this round failed, the next one tries again");
        }
        if rounds.is_multiple_of(FORGET_EVERY) {
            let now = clock::now();
            let forgot = async {
                teller.store.forget_letters(now).await?;
                teller.store.forget_notices(now).await
            };
            if let Err(error) = forgot.await {
                tracing::warn!(%error, "notices: passed rows were not removed");
            }
        }
        rounds = rounds.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}
