//! Reading beside the writer, and queries that take too long.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use db::{Error, Reader};
use tokio::sync::oneshot;

use crate::support::{Held, LIMIT, Storage, in_time, note, queue};

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
async fn readers_neither_wait_for_a_write_nor_see_its_middle() {
    let storage = Storage::new();
    storage.db.write(|tx| note(tx, "before")).await.unwrap();
    let held = Held::with(&storage.db, |tx| note(tx, "in progress")).await;
    assert_eq!(storage.texts(), ["before"]);
    assert_eq!(in_time(storage.db.read_long(LIMIT, count)).await.unwrap(), 1);
    held.let_go().await;
    assert_eq!(storage.texts(), ["before", "in progress"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_closure_sees_belongs_together() {
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
fn who_finds_no_connection_waits_a_little_and_is_refused() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.read_patience = Duration::from_millis(20);
    });
    let inner = storage.db.read(|_| Ok::<_, Error>(storage.db.read(count))).unwrap();
    assert!(matches!(inner, Err(Error::Busy)));
    assert_eq!(storage.db.read(count).unwrap(), 0);
}

#[test]
fn who_waits_for_a_connection_gets_the_next_one() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.read_patience = LIMIT;
    });
    let (started, begun) = channel();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let db = &storage.db;
        let waiting = db
            .read(|_| {
                let waiting = scope.spawn(move || {
                    started.send(()).unwrap();
                    db.read(count)
                });
                begun.recv_timeout(LIMIT).unwrap();
                Ok::<_, Error>(waiting)
            })
            .unwrap();
        assert_eq!(waiting.join().unwrap().unwrap(), 0);
        assert!(start.elapsed() < LIMIT, "nobody told it");
    });
}

#[tokio::test]
async fn a_query_that_panics_gives_its_connection_and_snapshot_back() {
    let storage = Storage::with(|options| options.readers = 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        storage.db.read(|reader| -> Result<(), Error> {
            count(reader)?;
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    storage.db.write(|tx| note(tx, "after")).await.unwrap();
    assert_eq!(storage.db.read(count).unwrap(), 1, "the connection still looked at the past");
}

#[tokio::test]
async fn a_long_query_is_given_up_after_its_time_and_frees_its_thread() {
    let storage = Storage::with(|options| options.long_readers = 1);
    for _ in 0..2 {
        let given_up = in_time(storage.db.read_long(Duration::from_millis(20), endless)).await;
        assert!(matches!(given_up, Err(Error::TimedOut)), "{given_up:?}");
    }
    assert_eq!(in_time(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_long_query_nobody_waits_for_is_given_up() {
    let storage = Storage::with(|options| options.long_readers = 1);
    let (begun, running) = oneshot::channel();
    let db = storage.db.clone();
    let abandoned = tokio::spawn(async move {
        db.read_long(Duration::from_secs(3600), |reader| {
            begun.send(()).unwrap();
            endless(reader)
        })
        .await
    });
    in_time(running).await.unwrap();
    abandoned.abort();
    // Answered only once the one thread is free again.
    assert_eq!(in_time(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_long_query_that_panics_takes_nothing_with_it() {
    let storage = Storage::with(|options| options.long_readers = 1);
    let panicked =
        in_time(storage.db.read_long(LIMIT, |_| -> Result<(), Error> { panic!("on purpose") }))
            .await;
    assert!(matches!(panicked, Err(Error::Panicked)));
    assert_eq!(in_time(storage.db.read_long(LIMIT, count)).await.unwrap(), 0);
}

#[tokio::test]
async fn long_queries_neither_use_up_the_short_ones_nor_pile_up() {
    let storage = Storage::with(|options| {
        options.readers = 1;
        options.long_readers = 1;
    });
    let (begun, running) = oneshot::channel();
    let mut begun = Some(begun);
    let mut tasks = tokio::task::JoinSet::new();
    let refused = loop {
        let (db, begun) = (storage.db.clone(), begun.take());
        tasks.spawn(async move {
            db.read_long(Duration::from_secs(3600), |reader| {
                if let Some(begun) = begun {
                    begun.send(()).unwrap();
                }
                endless(reader)
            })
            .await
        });
        tokio::task::yield_now().await;
        if let Some(ended) = tasks.try_join_next() {
            break ended.unwrap();
        }
        assert!(tasks.len() < 1000, "they pile up without a bound");
    };
    assert!(matches!(refused, Err(Error::Busy)));
    in_time(running).await.unwrap();
    assert_eq!(storage.db.read(count).unwrap(), 0);
    let written = queue(&storage.db, |tx| note(tx, "written")).await;
    in_time(written).await.unwrap().unwrap();
}
