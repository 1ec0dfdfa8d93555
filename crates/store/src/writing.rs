//! How is one thing written so that it is either recorded with its audit event or not at all?

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel,
    QueryOrder, QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use serde_json::Value;

use crate::audit::{NO_HASH, event_hash};
use crate::entity::audit_event;
use crate::time::{moment_text, storable};
use crate::{Authorship, StoreError};

/// Key of the lock that writers of a PostgreSQL database take in turn: «opora» in ASCII.
const WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(478560875105)";

/// Most rows of one statement: PostgreSQL takes 65,535 values, SQLite 32,766.
pub(crate) const ROWS_MAX: usize = 1_000;

/// A write that has begun. Dropped without a commit, it leaves nothing behind.
///
/// Writers take turns: the audit chain has one end, and each event continues it.
pub(crate) struct Writing(DatabaseTransaction);

impl Writing {
    /// Begins to write, after any other writer has finished.
    pub(crate) async fn begin(connection: &DatabaseConnection) -> Result<Self, StoreError> {
        // SQLite: the lock is taken at once; a transaction that reads first could not become a writer later.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = connection.begin_with_options(options).await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            transaction.execute_unprepared(WRITER_LOCK).await?;
        }
        Ok(Self(transaction))
    }

    /// The transaction, to read and insert with.
    pub(crate) fn transaction(&self) -> &DatabaseTransaction {
        &self.0
    }

    /// Adds an event to the audit chain.
    pub(crate) async fn audit(
        &self,
        action: &str,
        object: String,
        details: &Value,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        self.audit_all(vec![(action.to_owned(), object, details.to_string())], by).await
    }

    /// Adds events to the audit chain, in this order: each by action, object and details.
    pub(crate) async fn audit_all(
        &self,
        events: Vec<(String, String, String)>,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let last =
            audit_event::Entity::find().order_by_desc(audit_event::Column::Seq).limit(1).one(&self.0).await?;
        let (mut seq, mut hash) = last.map_or((0, NO_HASH.to_owned()), |event| (event.seq, event.hash));
        let mut rows = Vec::with_capacity(events.len());
        for (action, object, details) in events {
            let mut event = audit_event::Model {
                seq: seq + 1,
                at: moment_text(by.at),
                who: storable(by.who),
                action,
                object,
                details,
                previous_hash: hash,
                hash: String::new(),
            };
            event.hash = event_hash(&event);
            (seq, hash) = (event.seq, event.hash.clone());
            rows.push(event.into_active_model());
        }
        for chunk in rows.chunks(ROWS_MAX) {
            audit_event::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(&self.0).await?;
        }
        Ok(())
    }

    /// Makes everything written durable.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}
