//! How does everything that was recorded get from one database into another?
//!
//! A copy is a backup, a restoration or a move from SQLite to PostgreSQL: the same rows, number by number, read in one
//! moment while others go on writing. Sessions and failed logins are no facts and stay behind.

use futures_util::TryStreamExt;
use sea_orm::{
    AccessMode, ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, IntoActiveModel, IsolationLevel, PaginatorTrait, TransactionOptions, TransactionTrait,
};

use crate::entity::{
    account, account_link, account_link_use, account_state, api_token, api_token_end, api_token_use,
    archival, audit_event, code_use, column_mapping, credential, credential_end, fact, letter, notice,
    notice_mark, plan, plan_owner, plan_version, registry_version, result_file, result_removal, role_grant,
    role_grant_end, run, run_step, search_entry, source_file, suppression,
};
use crate::writing::Writing;
use crate::{Store, StoreError};

/// Tables whose rows are numbered by PostgreSQL: it has to know where to go on.
const NUMBERED: [&str; 18] = [
    "plan",
    "suppression",
    "archival",
    "search_entry",
    "result_file",
    "run",
    "run_step",
    "column_mapping",
    "account",
    "account_state",
    "credential",
    "role_grant",
    "plan_owner",
    "fact",
    "login_failure",
    "letter",
    "notice",
    "api_token",
];

impl Store {
    /// Whether nothing was recorded yet.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let events = audit_event::Entity::find().count(&self.connection).await?;
        Ok(events == 0)
    }

    /// Copies everything into an empty store, or refuses one that holds something. Gives the number of rows.
    pub async fn copy_into(&self, target: &Self) -> Result<u64, StoreError> {
        if !target.is_empty().await? {
            return Err(StoreError::NotEmpty);
        }
        let moment = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let options = match self.connection.get_database_backend() {
            DbBackend::Postgres => moment,
            // A transaction of SQLite reads one moment anyway and knows no levels.
            _ => TransactionOptions::default(),
        };
        let from = self.connection.begin_with_options(options).await?;
        let writing = Writing::begin(&target.connection).await?;
        let rows = copy_tables(&from, writing.transaction()).await?;
        if writing.transaction().get_database_backend() == DbBackend::Postgres {
            for table in NUMBERED {
                let next = format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT MAX(id) FROM \"{table}\"), 1))"
                );
                writing.transaction().execute_unprepared(&next).await?;
            }
        }
        writing.commit().await?;
        from.rollback().await?;
        Ok(rows)
    }
}

/// In an order in which every row finds what it refers to.
async fn copy_tables(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<u64, StoreError> {
    let mut rows = 0;
    macro_rules! copy {
        ($($table:ident),* $(,)?) => { $(rows += copy_table::<$table::Entity>(from, to).await?;)* };
    }
    copy!(
        source_file,
        plan,
        plan_version,
        suppression,
        archival,
        audit_event,
        search_entry,
        registry_version,
        result_file,
        result_removal,
        run,
        run_step,
        column_mapping,
        account,
        account_state,
        credential,
        credential_end,
        code_use,
        role_grant,
        role_grant_end,
        account_link,
        account_link_use,
        plan_owner,
        fact,
        letter,
        notice,
        notice_mark,
        api_token,
        api_token_end,
        api_token_use,
    );
    Ok(rows)
}

/// One row after the other: a table of files does not fit into memory.
async fn copy_table<E>(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<u64, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let mut stream = E::find().stream(from).await?;
    let mut rows = 0;
    while let Some(row) = stream.try_next().await? {
        E::insert(row.into_active_model()).exec_without_returning(to).await?;
        rows += 1;
    }
    Ok(rows)
}
