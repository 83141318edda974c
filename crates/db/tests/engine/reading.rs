//! Reading concurrently with the writer, and cancelling long queries.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use db::{Error, Reader};
use tokio::sync::oneshot;

use crate::support::{LIMIT, PausedWriter, Storage, note, queue, within_limit};

/// A query that never ends by itself.
const ENDLESS: &str =
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

fn endless(reader: &Reader<'_>) -> Result<i64, Error> {
    Ok(reader.query_row(ENDLESS, [], |row| row.get(0))?)
}

fn count(reader: &Reader<'_>) -> Result<i64, Error> {
    Ok(reader.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?)
}

#[tokio::test]
async fn readers_do_not_wait_for_writes_or_see_partial_ones() {
    let storage = Storage::new();
    storage.db.write(|tx| note(tx, "before")).await.unwrap();
    let held = PausedWriter::with(&storage.db, |tx| note(tx, "in progress")).await;
    assert_eq!(storage.texts(), ["before"]);
    assert_eq!(within_limit(storage.db.read_long(LIMIT, count)).await.unwrap(), 1);
    held.release().await;
    assert_eq!(storage.texts(), ["before", "in progress"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closure_reads_one_snapshot() {
    let storage = Storage::new();
    let (first, second) = storage
        .db
        .read(|reader| {
            let first = count(reader)?;
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current()
                    .block_on(storage.db.write(|tx| note(tx, "between")))
            })?;
            Ok::<_, Error>((first, count(reader)?))
        })
        .unwrap();
    assert_eq!((first, second), (0, 0));
    assert_eq!(storage.db.read(count).unwrap(), 1);
}

#[test]
fn a_reader_cannot_write() {
    let storage = Storage::new();
    for sql in [
        "INSERT INTO notes (text) VALUES ('x')",
        "PRAGMA query_only = OFF; INSERT INTO notes (text) VALUES ('x')",
    ] {
        assert!(storage.db.read(|reader| Ok::<_, Error>(reader.execute_batch(sql)?)).is_err());
    }
    assert!(storage.texts().is_empty());
}

#[test]
fn reading_without_a_free_connection_fails_after_the_timeout() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.read_timeout = Duration::from_millis(20);
    });
    let inner = storage.db.read(|_| Ok::<_, Error>(storage.db.read(count))).unwrap();
    assert!(matches!(inner, Err(Error::Busy)));
    assert_eq!(storage.db.read(count).unwrap(), 0);
}

#[test]
fn a_waiting_reader_gets_the_next_free_connection() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.read_timeout = LIMIT;
    });
    let (started_sender, started) = channel();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let db = &storage.db;
        let waiting = db
            .read(|_| {
                let waiting = scope.spawn(move || {
                    started_sender.send(()).unwrap();
                    db.read(count)
                });
                started.recv_timeout(LIMIT).unwrap();
                Ok::<_, Error>(waiting)
            })
            .unwrap();
        assert_eq!(waiting.join().unwrap().unwrap(), 0);
        assert!(start.elapsed() < LIMIT, "the waiting reader was not woken");
    });
}

#[tokio::test]
async fn a_panicking_query_returns_its_connection_and_snapshot() {
    let storage = Storage::with(|options| options.readers = 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        storage.db.read(|reader| -> Result<(), Error> {
            count(reader)?;
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    storage.db.write(|tx| note(tx, "after")).await.unwrap();
    assert_eq!(storage.db.read(count).unwrap(), 1, "the connection kept its old snapshot");
}

#[tokio::test]
async fn a_long_query_is_cancelled_after_its_limit() {
    let storage = Storage::with(|options| options.long_readers = 1);
    for _ in 0..2 {
        let result = within_limit(storage.db.read_long(Duration::from_millis(20), endless)).await;
        assert!(matches!(result, Err(Error::TimedOut)), "{result:?}");
    }
    assert_eq!(within_limit(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_long_query_is_cancelled_when_its_future_is_dropped() {
    let storage = Storage::with(|options| options.long_readers = 1);
    let (started_sender, started_receiver) = oneshot::channel();
    let db = storage.db.clone();
    let abandoned = tokio::spawn(async move {
        db.read_long(Duration::from_secs(3600), |reader| {
            started_sender.send(()).unwrap();
            endless(reader)
        })
        .await
    });
    within_limit(started_receiver).await.unwrap();
    abandoned.abort();
    // Succeeds only after the single thread is free again.
    assert_eq!(within_limit(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_panicking_long_query_does_not_stop_its_thread() {
    let storage = Storage::with(|options| options.long_readers = 1);
    let panicked = within_limit(
        storage.db.read_long(LIMIT, |_| -> Result<(), Error> { panic!("on purpose") }),
    )
    .await;
    assert!(matches!(panicked, Err(Error::Panicked)));
    assert_eq!(within_limit(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn long_queries_are_bounded_and_do_not_block_short_ones() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.long_readers = 1;
    });
    let (started_sender, started_receiver) = oneshot::channel();
    let mut started_sender = Some(started_sender);
    let mut tasks = tokio::task::JoinSet::new();
    let refused = loop {
        let (db, started_sender) = (storage.db.clone(), started_sender.take());
        tasks.spawn(async move {
            db.read_long(Duration::from_secs(3600), |reader| {
                if let Some(started_sender) = started_sender {
                    started_sender.send(()).unwrap();
                }
                endless(reader)
            })
            .await
        });
        tokio::task::yield_now().await;
        if let Some(ended) = tasks.try_join_next() {
            break ended.unwrap();
        }
        assert!(tasks.len() < 1000, "the queue has no bound");
    };
    assert!(matches!(refused, Err(Error::Busy)));
    within_limit(started_receiver).await.unwrap();
    assert_eq!(storage.db.read(count).unwrap(), 0);
    let written = queue(&storage.db, |tx| note(tx, "written")).await;
    within_limit(written).await.unwrap().unwrap();
}
