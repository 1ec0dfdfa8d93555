//! Who does it, and why is it not done?

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use opora_execution::{Problem, Refusal, RefusalKind};
use opora_store::{AccountId, Authorship, NewFact, Store, StoreError};
use serde_json::Value;

use super::{Records, Shelf};

/// Who acts, where it is recorded, and when.
#[derive(Clone, Copy, Debug)]
pub struct Doer<'a> {
    /// Where facts go.
    pub store: &'a Store,
    /// What was recorded so far.
    pub shelf: &'a Shelf,
    /// Name as recorded.
    pub name: &'a str,
    /// Account; none for the one who works alone.
    pub account: Option<AccountId>,
    /// The number by which facts know the person on this side.
    pub number: i64,
    /// Now.
    pub now: Timestamp,
    /// The day of the installation.
    pub today: Date,
}

/// How often a write is tried again when somebody else wrote about the same school at the same moment.
const TRIES: usize = 6;

impl<'a> Doer<'a> {
    pub(super) fn by(&self, reason: &'a str) -> Authorship<'a> {
        Authorship { who: self.name, reason, at: self.now }
    }

    /// Now by the clock of the installation. The day is that of the installation, which tests may set.
    pub(super) fn at(&self) -> DateTime {
        DateTime::from_parts(self.today, self.now.to_zoned(TimeZone::system()).time())
    }

    /// Records what `decide` says after everything recorded so far; again when somebody wrote about the subject at the
    /// same moment. Gives the number of the first fact.
    pub(super) async fn record(
        &self,
        subject: &str,
        reason: &str,
        decide: impl Fn(&Records) -> Result<Vec<(&'static str, Value)>, NotDone> + Send + Sync,
    ) -> Result<i64, NotDone> {
        for _ in 0..TRIES {
            let records = self.shelf.look(self.store).await?;
            let decided = decide(&records)?;
            let new: Vec<NewFact<'_>> =
                decided.iter().map(|(kind, content)| NewFact { subject, kind, content }).collect();
            let known = [(subject, records.last_of(subject))];
            match self.store.append_facts(&known, &new, self.account, &self.by(reason)).await {
                Err(StoreError::FactFirst) => {}
                Err(error) => return Err(error.into()),
                Ok(ids) => return ids.first().map(|id| id.0).ok_or(NotDone::Unknown),
            }
        }
        Err(StoreError::FactFirst.into())
    }
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum NotDone {
    /// The life cycle refuses, with what, why and what next.
    Refused(Refusal),
    /// Something has to be mended first.
    Problems(Vec<Problem>),
    /// There is no such thing.
    Unknown,
    /// The store refuses or failed.
    Store(StoreError),
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl NotDone {
    pub(super) fn refused(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self::Refused(Refusal { kind, message: message.into() })
    }
}
