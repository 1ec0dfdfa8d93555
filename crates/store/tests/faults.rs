//! What happens when two write at once, somebody tampers, or the database is not there?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

mod place;

use std::path::PathBuf;

use opora_store::{AuditVerdict, DatabaseUrl, Store, StoreError, VersionNumber};
use place::{administrator, by, import, on_both_databases, order, titled};
use sea_orm::ConnectionTrait;

on_both_databases!(
    of_two_writers_one_wins,
    many_writers_keep_the_chain_whole,
    two_programs_open_a_new_database_at_once,
    a_changed_event_is_noticed,
    a_removed_event_is_noticed,
    the_chain_is_checked_from_where_it_was_left,
    a_database_of_a_newer_program_is_left_alone,
);

async fn of_two_writers_one_wins(url: DatabaseUrl) {
    let (first, second) = (Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap());
    let plan = import(&first, b"a", &order()).await;
    for round in 1..=10 {
        let expected = VersionNumber(round);
        let (a, b) = (titled("Правка А"), titled("Правка Б"));
        let (by_a, by_b) = (by("А", "", 1), by("Б", "", 1));
        let outcomes = tokio::join!(
            first.append_version(plan, expected, &a, &by_a),
            second.append_version(plan, expected, &b, &by_b),
        );
        let (winner, error) = match outcomes {
            (Ok(number), Err(error)) => (("Правка А", number), error),
            (Err(error), Ok(number)) => (("Правка Б", number), error),
            other => panic!("exactly one must win: {other:?}"),
        };
        assert!(matches!(error, StoreError::Conflict { current } if current == winner.1), "{error:?}");
        let record = second.plan(plan).await.unwrap();
        assert_eq!((record.summary.title.as_str(), record.summary.version), winner);
    }
    assert_eq!(first.history(plan).await.unwrap().len(), 11);
    assert!(matches!(first.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 12, .. }));
}

async fn many_writers_keep_the_chain_whole(url: DatabaseUrl) {
    const WRITERS: u8 = 6;
    const IMPORTS: u8 = 5;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = Store::open(&url).await.unwrap();
        writers.spawn(async move {
            for number in 0..IMPORTS {
                import(&store, &[writer, number], &order()).await;
                // Readers are not kept waiting and see whole plans only.
                assert!(store.plans().await.unwrap().iter().all(|plan| plan.activity_count == 3));
            }
        });
    }
    while let Some(outcome) = writers.join_next().await {
        outcome.unwrap();
    }
    let store = Store::open(&url).await.unwrap();
    let imports = i64::from(WRITERS) * i64::from(IMPORTS);
    assert_eq!(store.plans().await.unwrap().len() as i64, imports);
    let verdict = store.verify_audit().await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Whole { events, .. } if events == 2 * imports), "{verdict:?}");
}

async fn two_programs_open_a_new_database_at_once(url: DatabaseUrl) {
    let (first, second) = tokio::join!(Store::open(&url), Store::open(&url));
    import(&first.unwrap(), b"a", &order()).await;
    assert_eq!(second.unwrap().plans().await.unwrap().len(), 1);
}

/// Three plans, a statement of a hostile administrator, and the first event that no longer fits.
async fn the_chain_is_checked_from_where_it_was_left(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    import(&store, b"a", &order()).await;
    let AuditVerdict::Whole { events, last_hash } = store.verify_audit().await.unwrap() else {
        panic!("broken")
    };
    import(&store, b"b", &order()).await;
    let grown = store.verify_audit_after(events, &last_hash).await.unwrap();
    assert_eq!(grown, store.verify_audit().await.unwrap());
    let spoil = async |statement: &str, broken: i64| {
        administrator(&url).await.execute_unprepared(statement).await.unwrap();
        let verdict = store.verify_audit_after(events, &last_hash).await.unwrap();
        assert_eq!(verdict, AuditVerdict::Broken { seq: broken }, "{statement}");
    };
    spoil("UPDATE audit_event SET who = 'Иной' WHERE seq = 4", 4).await;
    spoil("UPDATE audit_event SET who = 'Иной' WHERE seq = 2", 2).await;
    spoil("DELETE FROM audit_event WHERE seq = 2", 2).await;
}

async fn check_tampering(url: DatabaseUrl, statement: &str, broken: i64) {
    let store = Store::open(&url).await.unwrap();
    for bytes in [b"a", b"b", b"c"] {
        import(&store, bytes, &order()).await;
    }
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 6, .. }));
    administrator(&url).await.execute_unprepared(statement).await.unwrap();
    assert_eq!(store.verify_audit().await.unwrap(), AuditVerdict::Broken { seq: broken }, "{statement}");
}

async fn a_changed_event_is_noticed(url: DatabaseUrl) {
    check_tampering(url, "UPDATE audit_event SET who = 'Иной' WHERE seq = 4", 4).await;
}

async fn a_removed_event_is_noticed(url: DatabaseUrl) {
    check_tampering(url, "DELETE FROM audit_event WHERE seq = 3", 3).await;
}

async fn a_database_of_a_newer_program_is_left_alone(url: DatabaseUrl) {
    Store::open(&url).await.unwrap().close().await.unwrap();
    let statement = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    administrator(&url).await.execute_unprepared(statement).await.unwrap();
    let error = Store::open(&url).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer), "{error:?}");
    assert!(error.to_string().contains("Обновите «Опору»"), "{error}");
}

/// Opening fails, and the message has these pieces.
async fn check_refused(url: DatabaseUrl, expected: &[&str]) -> StoreError {
    let error = Store::open(&url).await.unwrap_err();
    let message = error.to_string();
    for piece in expected {
        assert!(message.contains(piece), "«{message}» lacks «{piece}»");
    }
    error
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let long = [b'x'; 5000];
    let half = [b"SQLite format 3\0".as_slice(), &[0xff; 4000]].concat();
    for (name, content) in [("a.db", b"text".as_slice()), ("b.db", &long), ("c.db", &half)] {
        let path = file(name, content);
        let error = check_refused(DatabaseUrl::Sqlite(path.clone()), &["не база данных SQLite", name]).await;
        assert!(matches!(error, StoreError::NotADatabase { .. }));
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(file.path().to_owned())).await.unwrap();
    assert!(store.plans().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_folder_in_place_of_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().to_owned());
    check_refused(url, &["не открывается", "Проверьте путь"]).await;
    let inside_a_file = tempfile::NamedTempFile::new().unwrap();
    let url = DatabaseUrl::Sqlite(inside_a_file.path().join("opora.db"));
    check_refused(url, &["не открывается", "Проверьте путь"]).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    let url = DatabaseUrl::Postgres("postgres://opora:secret@127.0.0.1:1/plans".to_owned());
    let error =
        check_refused(url, &["opora:***@127.0.0.1:1/plans", "недоступен", "PostgreSQL запущен"]).await;
    assert!(!error.to_string().contains("secret"));
    let url = DatabaseUrl::Postgres("postgres://opora@localhost/plans?host=/nonexistent".to_owned());
    check_refused(url, &["недоступен"]).await;
    let url = DatabaseUrl::Postgres("postgres://host:not-a-port/plans".to_owned());
    check_refused(url, &["не понят", "postgres://"]).await;
}
