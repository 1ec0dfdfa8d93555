//! Does a store behind an S3 server do what a folder does, and what when the connection breaks?
//!
//! Needs a server: `python tests/s3/serve.py cargo test -p opora-results --features s3 --test s3`.

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::stored::{self, cell, run};
use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, RetryConfig};
use opora_cells::SourceIndex;
use opora_results::{Facts, Key, ResultStore, ResultsError, RowsFile};

/// A folder of the bucket for one test alone.
fn address(test: &str) -> String {
    let bucket = std::env::var("OPORA_TEST_S3");
    let bucket = bucket.expect("a server: run this by tests/s3/serve.py, which says how");
    format!("{bucket}/{test}")
}

fn store(test: &str) -> ResultStore {
    ResultStore::s3(&address(test)).expect("a store")
}

#[test]
fn what_is_put_in_comes_out() {
    stored::gives_back_what_was_put_in(&store("in-and-out"));
}

#[test]
fn many_rows_count_the_same() {
    stored::sends_many_rows_part_by_part(&store("rows"));
}

#[test]
fn sweeping_takes_only_what_is_old_and_not_active() {
    stored::sweeps_what_is_old_and_not_active(&store("sweep"));
}

#[test]
fn the_bucket_itself_is_a_store_and_a_strange_address_is_none() {
    let (bucket, folder) = (store(""), store("itself"));
    let key = Key::new([9; 32]);
    run(folder.put(&key, &Facts { cells: &[cell(1, 1, 2024)], ..Facts::default() })).expect("put");
    assert!(
        !run(bucket.list()).expect("listed").contains(&key),
        "what lies in a folder is not of the bucket"
    );
    assert!(ResultStore::s3("s3://").is_err());
}

#[test]
fn an_object_that_is_gone_is_told() {
    let error =
        run(store("gone").cells(&[(SourceIndex(0), Key::new([2; 32]))], 2)).expect_err("nothing is there");
    assert!(matches!(error, ResultsError::ObjectMissing { .. }), "{error:?}");
}

#[test]
fn many_write_at_the_same_time() {
    let store = store("together");
    // Twelve programs put in twelve files, four of them the same one, while others read the list.
    let key = |number: u32| Key::new([u8::try_from(number.min(8)).expect("a byte"); 32]);
    std::thread::scope(|scope| {
        for number in 0..12 {
            let store = &store;
            scope.spawn(move || {
                let own: Vec<_> = (0..50).map(|school| cell(school, number.min(8), 2024)).collect();
                run(store.put(&key(number), &Facts { cells: &own, ..Facts::default() })).expect("put");
                run(store.list()).expect("listed");
            });
        }
    });
    assert_eq!(run(store.list()).expect("listed").len(), 9);
    let sources: Vec<_> = (0..9).map(|number| (SourceIndex(number), key(number))).collect();
    let cells = run(store.cells(&sources, 2)).expect("cells");
    assert_eq!(cells.len(), 9 * 50);
    assert!(cells.iter().all(|cell| cell.procedure.packed() == cell.source.0), "nothing is mixed up");
}

/// A way to the server that breaks: of each connection so many bytes come through, each way.
struct Broken {
    address: String,
    connections: Arc<AtomicUsize>,
}

impl Broken {
    /// `through` says of the connection with a number how many bytes go up and how many come down.
    fn new(through: impl Fn(usize) -> [usize; 2] + Send + 'static) -> Self {
        let server = std::env::var("AWS_ENDPOINT").expect("the address of the server");
        let server = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let [up, down] = through(count.fetch_add(1, Ordering::Relaxed));
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let ways = [(&client, &server, up), (&server, &client, down)];
                for (from, to, bytes) in ways {
                    let (from, to) = (from.try_clone().expect("a stream"), to.try_clone().expect("a stream"));
                    std::thread::spawn(move || pass(from, to, bytes));
                }
            }
        });
        Self { address, connections }
    }

    fn store(&self, test: &str) -> ResultStore {
        let backoff = BackoffConfig { init_backoff: Duration::from_millis(5), ..BackoffConfig::default() };
        let retry = RetryConfig { backoff, max_retries: 4, retry_timeout: Duration::from_secs(20) };
        let bucket = AmazonS3Builder::from_env().with_endpoint(&self.address).with_retry(retry);
        let bucket = bucket.with_url(address(test)).build().expect("a bucket");
        ResultStore::remote(Arc::new(PrefixStore::new(bucket, test)))
    }
}

/// Hands bytes over, then breaks the connection as a pulled cable does.
fn pass(mut from: TcpStream, mut to: TcpStream, bytes: usize) {
    let (mut left, mut part) = (bytes, vec![0; 1 << 14]);
    while left > 0 {
        let most = left.min(part.len());
        match part.get_mut(..most).map(|part| from.read(part)) {
            Some(Ok(read)) if read > 0 => {
                if part.get(..read).is_none_or(|part| to.write_all(part).is_err()) {
                    break;
                }
                left -= read;
            }
            _ => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

const ALL: usize = usize::MAX;

/// So many cells make an object of several hundred kilobytes.
fn many() -> Vec<opora_cells::Cell> {
    (0..60_000_u32)
        .map(|school| opora_cells::Cell {
            score_sum: school.wrapping_mul(0x9e37_79b9),
            ..cell(school, school % 7, 2024)
        })
        .collect()
}

#[test]
fn a_connection_that_breaks_while_reading_is_taken_up_again() {
    let cells = many();
    let key = Key::new([3; 32]);
    run(store("reading").put(&key, &Facts { cells: &cells, ..Facts::default() })).expect("put");
    // The first three connections break in the middle of the object.
    let broken = Broken::new(|number| if number < 3 { [ALL, 100_000] } else { [ALL, ALL] });
    let read = run(broken.store("reading").cells(&[(SourceIndex(0), key)], 2)).expect("read in spite of all");
    assert_eq!(read.len(), cells.len());
    assert!(broken.connections.load(Ordering::Relaxed) > 3, "the connections were broken");
}

#[test]
fn a_connection_that_breaks_while_writing_leaves_all_or_nothing() {
    let cells = many();
    let facts = Facts { cells: &cells, ..Facts::default() };
    let broken = Broken::new(|number| if number < 2 { [50_000, ALL] } else { [ALL, ALL] });
    let key = Key::new([4; 32]);
    run(broken.store("writing").put(&key, &facts)).expect("put in spite of all");
    let read = run(store("writing").cells(&[(SourceIndex(0), key)], 2)).expect("read");
    assert_eq!(read.len(), cells.len());

    let dead = Broken::new(|_| [50_000, ALL]);
    let key = Key::new([5; 32]);
    let error = run(dead.store("writing").put(&key, &facts)).expect_err("never comes through");
    assert!(error.to_string().contains("Проверьте, что место доступно"), "{error}");
    let error = run(store("writing").cells(&[(SourceIndex(0), key)], 2)).expect_err("nothing of it is there");
    assert!(matches!(error, ResultsError::ObjectMissing { .. }), "{error:?}");
}

#[test]
fn a_file_in_parts_that_breaks_is_not_there_by_half() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rows.parquet");
    // Three parts of bytes nobody can compress: what they mean does not matter to the store.
    let bytes: Vec<u8> = (0..20_u32 << 20).map(|at| (at.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
    std::fs::write(&path, &bytes).expect("written");
    let rows = RowsFile::Path(path);
    let facts = Facts { rows: Some(&rows), ..Facts::default() };
    let key = Key::new([6; 32]);
    let flaky = Broken::new(|number| if number % 2 == 0 { [9 << 20, ALL] } else { [ALL, ALL] });
    run(flaky.store("parts").put(&key, &facts)).expect("put in spite of all");
    let RowsFile::Bytes(read) = run(store("parts").rows(&key)).expect("rows") else { panic!("bytes") };
    assert!(read.as_ref() == bytes, "the same bytes");

    let dead = Broken::new(|_| [9 << 20, ALL]);
    let key = Key::new([7; 32]);
    // Each connection carries one part at most, and no more: with retries even so it may come through.
    match run(dead.store("parts").put(&key, &facts)) {
        Ok(_) => assert!(run(store("parts").rows(&key)).is_ok()),
        Err(_) => assert!(run(store("parts").rows(&key)).is_err(), "nothing of it is there"),
    }
    let dead = Broken::new(|_| [4 << 20, ALL]);
    let key = Key::new([8; 32]);
    run(dead.store("parts").put(&key, &facts)).expect_err("no part comes through");
    assert!(run(store("parts").rows(&key)).is_err(), "nothing of it is there");
}
