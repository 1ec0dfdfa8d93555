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
use crate::writing::{ROWS_MAX, Writing};
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

/// In an order in which every row finds what it refers to; beside each table how many of its rows fit into memory.
async fn copy_tables(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<u64, StoreError> {
    let mut rows = 0;
    macro_rules! copy {
        ($($table:ident: $most:expr),* $(,)?) => {
            $(rows += copy_table::<$table::Entity>(from, to, $most).await?;)*
        };
    }
    copy!(
        source_file: 1,
        plan: ROWS_MAX,
        plan_version: 1,
        suppression: ROWS_MAX,
        archival: ROWS_MAX,
        audit_event: ROWS_MAX,
        search_entry: ROWS_MAX,
        registry_version: 1,
        result_file: 1,
        result_removal: ROWS_MAX,
        run: 1,
        run_step: 1,
        column_mapping: 1,
        account: ROWS_MAX,
        account_state: ROWS_MAX,
        credential: ROWS_MAX,
        credential_end: ROWS_MAX,
        code_use: ROWS_MAX,
        role_grant: ROWS_MAX,
        role_grant_end: ROWS_MAX,
        account_link: ROWS_MAX,
        account_link_use: ROWS_MAX,
        plan_owner: ROWS_MAX,
        fact: ROWS_MAX,
        letter: ROWS_MAX,
        notice: ROWS_MAX,
        notice_mark: ROWS_MAX,
        api_token: ROWS_MAX,
        api_token_end: ROWS_MAX,
        api_token_use: ROWS_MAX,
    );
    Ok(rows)
}

/// Some rows after the others: a table of files does not fit into memory.
async fn copy_table<E>(
    from: &DatabaseTransaction,
    to: &DatabaseTransaction,
    most: usize,
) -> Result<u64, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let mut stream = E::find().stream(from).await?;
    let (mut rows, mut ends) = (0, false);
    while !ends {
        let mut some = Vec::new();
        while some.len() < most && !ends {
            match stream.try_next().await? {
                Some(row) => some.push(row.into_active_model()),
                None => ends = true,
            }
        }
        rows += some.len() as u64;
        if !some.is_empty() {
            E::insert_many(some).exec_without_returning(to).await?;
        }
    }
    Ok(rows)
}
