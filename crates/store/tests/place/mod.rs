//! Where does a test keep its database, and what does it put into it?
#![allow(dead_code, reason = "each test file uses its own part of this module")]

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use opora_access::Place;
use opora_cycle::vocabulary::Order;
use opora_exchange::read_order;
use opora_neutral::Format;
use opora_store::{Authorship, DatabaseUrl, NewSource, PlanId, Store};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// Writes each test body twice: on a file and on a server.
macro_rules! on_both_databases {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::place::on_sqlite(super::$name).await; })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::place::on_postgres(super::$name).await; })*
        }
    };
}
pub(crate) use on_both_databases;

/// Runs a body on a fresh SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(DatabaseUrl) -> F) {
    let folder = tempfile::tempdir().unwrap();
    // A folder that is not there yet, with letters and signs that an address could stumble over.
    body(DatabaseUrl::Sqlite(folder.path().join("данные 1?&#%").join("opora.db"))).await;
}

/// Runs a body on a fresh PostgreSQL database, which is dropped whatever becomes of the body.
pub async fn on_postgres<F: Future<Output = ()> + Send + 'static>(body: impl FnOnce(DatabaseUrl) -> F) {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let Ok(admin_url) = std::env::var("OPORA_TEST_POSTGRES_URL") else {
        panic!(
            "OPORA_TEST_POSTGRES_URL is not set, and the tests on PostgreSQL are never skipped. Run \
             scripts/test.sh, which starts a server for them, or scripts/postgres.sh start DIR and set the \
             variable to the address it prints."
        );
    };
    let name = format!("opora_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let admin = Database::connect(&admin_url).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (address, parameters) = admin_url.split_once('?').unwrap_or((&admin_url, ""));
    let server = address.rsplit_once('/').unwrap().0;
    let outcome = tokio::spawn(body(DatabaseUrl::Postgres(format!("{server}/{name}?{parameters}")))).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// A second connection, for a test that plays a hostile administrator.
pub async fn administrator(url: &DatabaseUrl) -> DatabaseConnection {
    match url {
        DatabaseUrl::Postgres(address) => Database::connect(address).await.unwrap(),
        DatabaseUrl::Sqlite(path) => {
            let options = sea_orm::sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let pool = sea_orm::sqlx::SqlitePool::connect_with(options).await.unwrap();
            sea_orm::SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
        }
    }
}

/// A moment of the test's day.
pub fn at(minute: u8) -> Timestamp {
    format!("2026-03-02T09:{minute:02}:00Z").parse().unwrap()
}

/// An author with a reason.
pub fn by(who: &'static str, reason: &'static str, minute: u8) -> Authorship<'static> {
    Authorship { who, reason, at: at(minute) }
}

/// An invented order with one plan of two sections and three activities.
pub fn order() -> Order {
    read_order(include_str!("order.json")).unwrap()
}

/// The order with another title of its plan.
pub fn titled(title: &str) -> Order {
    let mut order = order();
    order.plans[0].title = title.to_owned();
    order
}

/// A file to take in.
pub fn source(bytes: &[u8]) -> NewSource<'_> {
    NewSource { name: "приказ 17-Д.docx", format: Format::Docx, bytes }
}

/// Takes in the order and gives its only plan.
pub async fn import(store: &Store, bytes: &[u8], order: &Order) -> PlanId {
    let imported = store
        .record_import(&source(bytes), order, Place::Installation, &by("Соколова", "", 0))
        .await
        .unwrap();
    assert_eq!(imported.plans.len(), 1);
    imported.plans[0]
}
