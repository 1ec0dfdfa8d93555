//! What was done here, and is the record of it whole?

use jiff::Timestamp;
use opora_exchange::sha256_hex;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::entity::audit_event;
use crate::time::moment;
use crate::writing::Writing;
use crate::{Authorship, Store, StoreError};

/// The previous hash of the first event.
pub(crate) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Events checked at a time, so that a long chain needs little memory.
const BATCH: u64 = 500;

/// Beginnings of actions that change nobody's place.
const QUIET: [&str; 4] = ["session.", "credential.", "token.", "mail."];

/// Something that was done.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// Number in the chain, from one, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What: `source.add`, `plan.create`, `version.append`, `suppression.add`, `suppression.withdraw`,
    /// `plan.archive`, `plan.restore`,
    /// `account.create`, `role.give`, `fact.<kind>` and so on: `noun.verb`.
    pub action: String,
    /// To what: `plan/3`, `plan/3/version/2`, `source/<sha256>`, `suppression/5`.
    pub object: String,
    /// What else there is to know, with the reason and the hash of the content.
    pub details: Value,
    /// Hash of this event and of all before it.
    pub hash: String,
}

/// A page of events.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The newest first.
    pub events: Vec<AuditEvent>,
    /// How many events there are in all.
    pub total: u64,
}

/// Whether the chain is whole. A chain cut off at its end can only be noticed by a hash that was kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every event follows from the one before it.
    Whole {
        /// How many events there are.
        events: i64,
        /// The last hash: print it, keep it elsewhere.
        last_hash: String,
    },
    /// From this event on the record can't be trusted.
    Broken {
        /// The first event that does not fit.
        seq: i64,
    },
}

impl Store {
    /// A page of the audit chain, the newest events first. Pages count from one.
    pub async fn audit(&self, page: u64, size: u64) -> Result<AuditPage, StoreError> {
        // Events are numbered without gaps: neither are they counted, nor are those of later pages read.
        let last = self.last_event().await?;
        let later = i64::try_from(page.saturating_sub(1).saturating_mul(size)).unwrap_or(i64::MAX);
        let events = self.audit_before(Some(last.saturating_sub(later).saturating_add(1)), size).await?;
        Ok(AuditPage { events, total: last.unsigned_abs() })
    }

    /// Events before one, or the newest of all, the newest first.
    pub async fn audit_before(&self, before: Option<i64>, size: u64) -> Result<Vec<AuditEvent>, StoreError> {
        let mut find = audit_event::Entity::find();
        if let Some(before) = before {
            find = find.filter(audit_event::Column::Seq.lt(before));
        }
        let rows =
            find.order_by_desc(audit_event::Column::Seq).limit(size.min(1_000)).all(&self.connection).await?;
        Ok(rows.into_iter().map(event).collect())
    }

    /// Numbers of events before one, or of the newest of all, the newest first, each with what it was about.
    pub async fn objects_before(
        &self,
        before: Option<i64>,
        size: u64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let mut find = audit_event::Entity::find()
            .select_only()
            .columns([audit_event::Column::Seq, audit_event::Column::Object]);
        if let Some(before) = before {
            find = find.filter(audit_event::Column::Seq.lt(before));
        }
        let found = find.order_by_desc(audit_event::Column::Seq).limit(size).into_tuple();
        Ok(found.all(&self.connection).await?)
    }

    /// The events of these numbers, the newest first.
    pub async fn events_of(&self, numbers: &[i64]) -> Result<Vec<AuditEvent>, StoreError> {
        let mut rows = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(BATCH as usize) {
            let find =
                audit_event::Entity::find().filter(audit_event::Column::Seq.is_in(some.iter().copied()));
            rows.extend(find.all(&self.connection).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
        Ok(rows.into_iter().map(event).collect())
    }

    /// Number of the newest event; zero before the first. Nothing is written without one, so that whoever keeps
    /// something in memory asks only this to learn whether it still holds.
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        let seq: Option<i64> = audit_event::Entity::find()
            .select_only()
            .column(audit_event::Column::Seq)
            .order_by_desc(audit_event::Column::Seq)
            .limit(1)
            .into_tuple()
            .one(&self.connection)
            .await?;
        Ok(seq.unwrap_or(0))
    }

    /// What the events after `seq` up to `to` were about, in order: `plan/3`, `work/12`. Logins, passwords, tokens and
    /// letters are left out: who works where does not follow from them, and there are many.
    pub async fn touched(&self, seq: i64, to: i64) -> Result<Vec<String>, StoreError> {
        let quiet = QUIET.iter().fold(Condition::any(), |any, beginning| {
            any.add(audit_event::Column::Action.starts_with(*beginning))
        });
        let objects = audit_event::Entity::find()
            .select_only()
            .column(audit_event::Column::Object)
            .filter(audit_event::Column::Seq.gt(seq))
            .filter(audit_event::Column::Seq.lte(to))
            .filter(quiet.not())
            .order_by_asc(audit_event::Column::Seq)
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(objects)
    }

    /// Records something that leaves no other trace: a login, an export.
    pub async fn note(
        &self,
        action: &str,
        object: &str,
        details: &Value,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        writing.audit(action, object.to_owned(), details, by).await?;
        writing.commit().await
    }

    /// Walks the whole chain and says whether it is whole, or where it breaks first.
    pub async fn verify_audit(&self) -> Result<AuditVerdict, StoreError> {
        self.verify_audit_after(0, NO_HASH).await
    }

    /// Walks the part of the chain that follows an event known to be whole: its number and its hash, as an earlier
    /// walk gave them. An event that no longer has this hash is where the chain breaks; those before it are not looked
    /// at again.
    pub async fn verify_audit_after(&self, seq: i64, hash: &str) -> Result<AuditVerdict, StoreError> {
        let (mut seq, mut hash) = (seq, hash.to_owned());
        if seq > 0 {
            let known = audit_event::Entity::find_by_id(seq).one(&self.connection).await?;
            if !known.is_some_and(|known| known.hash == hash && event_hash(&known) == hash) {
                return Ok(AuditVerdict::Broken { seq });
            }
        }
        loop {
            let rows = audit_event::Entity::find()
                .filter(audit_event::Column::Seq.gt(seq))
                .order_by_asc(audit_event::Column::Seq)
                .limit(BATCH)
                .all(&self.connection)
                .await?;
            if rows.is_empty() {
                return Ok(AuditVerdict::Whole { events: seq, last_hash: hash });
            }
            for row in rows {
                if row.seq != seq + 1 || row.previous_hash != hash || row.hash != event_hash(&row) {
                    return Ok(AuditVerdict::Broken { seq: seq + 1 });
                }
                (seq, hash) = (row.seq, row.hash);
            }
        }
    }
}

/// SHA-256 over all fields but the hash itself, as a JSON array: no two events have the same text.
pub(crate) fn event_hash(event: &audit_event::Model) -> String {
    let audit_event::Model { seq, at, who, action, object, details, previous_hash, hash: _ } = event;
    sha256_hex(
        serde_json::json!([seq, at, who, action, object, details, previous_hash]).to_string().as_bytes(),
    )
}

fn event(row: audit_event::Model) -> AuditEvent {
    AuditEvent {
        seq: row.seq,
        at: moment(&row.at),
        who: row.who,
        action: row.action,
        object: row.object,
        details: serde_json::from_str(&row.details).unwrap_or(Value::String(row.details)),
        hash: row.hash,
    }
}
