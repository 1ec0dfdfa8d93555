//! Is the journal whole?
//!
//! The chain of a region has millions of events, and to walk it takes a minute: it is walked aside, and a page tells
//! what is known by now.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use opora_store::{AuditVerdict, Store, StoreError};
use tokio::time::timeout;

/// How long a page waits for a walk that it began: a short chain is walked by then.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What a walk of the chain has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Whether it is whole.
    pub verdict: AuditVerdict,
    /// When the last walk of the whole chain began.
    pub whole_at: Timestamp,
    /// How many events it had then.
    pub events_then: i64,
}

/// What is known of the chain now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The last walk that has come to an end; nothing before the first one has.
    pub walked: Option<Walked>,
    /// Since when the whole chain is being walked.
    pub walking_since: Option<Timestamp>,
}

/// Who walks the chain, and what came of it: one for all pages.
#[derive(Clone, Default)]
pub struct Chain(Arc<Mutex<Known>>);

impl Chain {
    /// What is known now. The whole chain is walked aside when it never was, when `whole` asks for it, and when
    /// something is wrong; of a chain that was whole only what was added since is looked at.
    pub async fn look(&self, store: &Store, whole: bool, now: Timestamp) -> Result<Known, StoreError> {
        let is_whole = self.follow(store).await?;
        if whole || !is_whole {
            self.walk(store, now).await?;
        }
        Ok(self.known().clone())
    }

    /// Goes on from the last walk to the newest event. Whether the chain is whole as far as is known.
    async fn follow(&self, store: &Store) -> Result<bool, StoreError> {
        let walked = self.known().walked.clone();
        let Some(Walked { verdict: AuditVerdict::Whole { events, last_hash }, .. }) = walked else {
            return Ok(false);
        };
        let verdict = store.verify_audit_after(events, &last_hash).await?;
        let is_whole = matches!(verdict, AuditVerdict::Whole { .. });
        if let Some(walked) = &mut self.known().walked {
            walked.verdict = verdict;
        }
        Ok(is_whole)
    }

    /// Walks the whole chain, unless somebody does already, and waits a little for the end of it.
    async fn walk(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        {
            let mut known = self.known();
            if known.walking_since.is_some() {
                return Ok(());
            }
            known.walking_since = Some(now);
        }
        let (chain, store) = (self.clone(), store.clone());
        let walk = tokio::spawn(async move {
            let verdict = store.verify_audit().await;
            let mut known = chain.known();
            known.walking_since = None;
            let verdict =
                verdict.inspect_err(|error| tracing::error!(%error, "the journal was not walked"))?;
            let events_then = match &verdict {
                AuditVerdict::Whole { events, .. } => *events,
                AuditVerdict::Broken { seq } => *seq,
            };
            known.walked = Some(Walked { verdict, whole_at: now, events_then });
            Ok(())
        });
        match timeout(AT_ONCE, walk).await {
            Ok(Ok(ended)) => ended,
            // It goes on, or the server is being stopped.
            Err(_) | Ok(Err(_)) => Ok(()),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use opora_store::{Authorship, DatabaseUrl};
    use serde_json::json;

    use super::*;

    fn at(hour: u8) -> Timestamp {
        format!("2026-03-02T{hour:02}:00:00Z").parse().expect("a moment")
    }

    async fn opened() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        grow(&store).await;
        (folder, store)
    }

    async fn grow(store: &Store) {
        let by = Authorship { who: "А", reason: "", at: at(8) };
        store.note("export.make", "plan/1", &json!({}), &by).await.expect("an event");
    }

    #[tokio::test]
    async fn it_is_walked_whole_once_and_then_goes_on() {
        let (_folder, store) = opened().await;
        let chain = Chain::default();
        let look = async |whole, hour| {
            let mut known = chain.look(&store, whole, at(hour)).await.expect("a look");
            // On a busy machine even a short chain may take longer than a page waits.
            while known.walking_since.is_some() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                known = chain.known().clone();
            }
            known.walked.expect("a walk")
        };
        let events = |walked: &Walked| match &walked.verdict {
            AuditVerdict::Whole { events, .. } => *events,
            AuditVerdict::Broken { seq } => panic!("broken at {seq}"),
        };
        let first = look(false, 9).await;
        grow(&store).await;
        let second = look(false, 10).await;
        assert_eq!((second.whole_at, second.events_then), (at(9), first.events_then), "not walked again");
        assert_eq!(events(&second), events(&first) + 1);
        let third = look(true, 11).await;
        assert_eq!((third.whole_at, third.events_then), (at(11), events(&second)));
    }

    #[tokio::test]
    async fn nobody_waits_for_a_walk_of_another_and_none_is_begun_beside_it() {
        let (_folder, store) = opened().await;
        let chain = Chain::default();
        chain.known().walking_since = Some(at(9));
        for whole in [false, true] {
            let known = chain.look(&store, whole, at(10)).await.expect("a look");
            assert_eq!(known, Known { walked: None, walking_since: Some(at(9)) });
        }
    }
}
