//! How is a database opened, and its tables made ready?

use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sea_orm::sqlx::{ConnectOptions, Connection};
use sea_orm::{DatabaseConnection, DbErr, SqlxPostgresConnector, SqlxSqliteConnector};
use sea_orm_migration::MigratorTrait;

use crate::everybody::Kept;
use crate::migrations::Migrations;
use crate::writing::Writing;
use crate::{DatabaseUrl, Store, StoreError};

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// Connections kept: each holds memory, and writers take turns anyway.
const CONNECTIONS: u32 = 8;
/// Every SQLite file begins so.
const SQLITE_HEADER: &[u8; 16] = b"SQLite format 3\0";

impl Store {
    /// Opens a database, creates an SQLite file that is not there yet, and brings the tables up to date.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let connection = match url {
            DatabaseUrl::Sqlite(path) => sqlite(path).await?,
            DatabaseUrl::Postgres(address) => postgres(address, url).await?,
        };
        let store = Self { connection, everybody: Kept::default() };
        // One at a time: two programs that start together must not both create the tables.
        let writing = Writing::begin(&store.connection).await?;
        Migrations::up(writing.transaction(), None).await.map_err(migration_error)?;
        writing.commit().await?;
        Ok(store)
    }

    /// Names of the changes to the tables that this program knows and the database does not have yet. Nothing is changed,
    /// and a file that is not there is not made.
    pub async fn pending_migrations(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
        let all = || Migrations::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let connection = match url {
            DatabaseUrl::Sqlite(path) if !path.exists() => return Ok(all()),
            DatabaseUrl::Sqlite(path) => sqlite(path).await?,
            DatabaseUrl::Postgres(address) => postgres(address, url).await?,
        };
        let pending =
            Migrations::get_pending_migrations_read_only(&connection).await.map_err(migration_error);
        connection.close().await?;
        Ok(pending?.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }
}

async fn sqlite(path: &Path) -> Result<DatabaseConnection, StoreError> {
    let shown = path.display().to_string();
    let file_error = |detail: String| StoreError::File { path: shown.clone(), detail };
    if !looks_like_sqlite(path).map_err(|error| file_error(error.to_string()))? {
        return Err(StoreError::NotADatabase { path: shown });
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| file_error(error.to_string()))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY);
    let pool =
        SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(CONNECT).connect_with(options);
    let pool = pool.await.map_err(|error| {
        let detail = error.to_string();
        if detail.contains("not a database") {
            StoreError::NotADatabase { path: shown.clone() }
        } else {
            file_error(detail)
        }
    })?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// A file that is not there or empty becomes a database; any other must already be one.
fn looks_like_sqlite(path: &Path) -> std::io::Result<bool> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let mut head = Vec::with_capacity(SQLITE_HEADER.len());
    file.take(SQLITE_HEADER.len() as u64).read_to_end(&mut head)?;
    Ok(head.is_empty() || head == SQLITE_HEADER)
}

async fn postgres(address: &str, url: &DatabaseUrl) -> Result<DatabaseConnection, StoreError> {
    let unreachable = |detail: String| StoreError::Unreachable { url: url.to_string(), detail };
    let options =
        PgConnectOptions::from_str(address).map_err(|_| StoreError::Url { text: url.to_string() })?;
    // The pool would try again and again and then speak of itself; one connection says at once what is wrong.
    let first = tokio::time::timeout(CONNECT, options.connect()).await;
    let first = first.map_err(|_| unreachable(format!("нет ответа {} с", CONNECT.as_secs())))?;
    let first = first.map_err(|error| unreachable(error.to_string()))?;
    first.close().await.map_err(|error| unreachable(error.to_string()))?;
    let pool =
        PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(CONNECT).connect_lazy_with(options);
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// The migrator finds a migration in the table that this program does not have: a newer one wrote it.
fn migration_error(error: DbErr) -> StoreError {
    match &error {
        DbErr::Custom(text) if text.contains("is missing") => StoreError::Newer,
        _ => StoreError::Database(error),
    }
}
