//! Batches: what is stored, published and returned, and in which order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use db::{BatchWork, Db, Error, Options};
use rusqlite::Connection;
use tokio::task::JoinHandle;

use crate::support::{
    First, MIGRATIONS, NoteTx, PausedWriter, Second, Storage, note, queue, queue_note,
    within_limit, work_done,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn events_are_published_in_commit_order_before_the_results() {
    let storage = Arc::new(Storage::new());
    let writers = (0..8).map(|writer| {
        let storage = storage.clone();
        tokio::spawn(async move {
            for number in 0..40 {
                let text = format!("{writer}/{number}");
                let own = text.clone();
                storage.db.write(move |tx| note(tx, &text)).await.unwrap();
                assert!(storage.published().contains(&own), "returned before it was published");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        within_limit(writer).await.unwrap();
    }
    assert_eq!(storage.published(), storage.texts());
    let status = storage.db.status();
    assert_eq!((status.writes, status.waiting), (320, 0));
    assert_eq!(status.commits, storage.published.lock().unwrap().len() as u64);
}

#[tokio::test]
async fn queued_writes_are_committed_together() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let (one, two) = (queue_note(&storage.db, "one").await, queue_note(&storage.db, "two").await);
    assert_eq!(storage.db.status().waiting, 2);
    paused.release().await;
    within_limit(one).await.unwrap().unwrap();
    within_limit(two).await.unwrap().unwrap();
    assert_eq!(*storage.published.lock().unwrap(), [["one", "two"]]);
    let status = storage.db.status();
    assert_eq!((status.commits, status.writes, status.largest_batch, status.waiting), (2, 3, 2, 0));
}

#[tokio::test]
async fn batches_are_bounded() {
    let storage = Storage::with(|options| options.max_batch = 3);
    let paused = PausedWriter::new(&storage.db).await;
    let mut notes = Vec::new();
    for text in ["1", "2", "3", "4"] {
        notes.push(queue_note(&storage.db, text).await);
    }
    paused.release().await;
    for note in notes {
        within_limit(note).await.unwrap().unwrap();
    }
    assert_eq!(*storage.published.lock().unwrap(), [vec!["1", "2", "3"], vec!["4"]]);
}

fn failing(tx: &mut NoteTx<'_>) -> Result<(), Error> {
    note(tx, "failed")?;
    tx.defer::<Second>("failed".into());
    tx.defer::<First>("failed".into());
    tx.execute("INSERT INTO notes (text) VALUES ('failed')", [])?;
    Ok(())
}

#[tokio::test]
async fn a_failed_write_is_rolled_back_alone() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let before = queue(&storage.db, |tx| note(tx, "before")).await;
    let failed = queue(&storage.db, failing).await;
    let after = queue(&storage.db, |tx| {
        tx.defer::<First>("after".into());
        note(tx, "after")
    })
    .await;
    paused.release().await;
    within_limit(before).await.unwrap().unwrap();
    assert!(matches!(within_limit(failed).await.unwrap(), Err(Error::Sqlite(_))));
    within_limit(after).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["before", "after"]);
    assert_eq!(storage.published(), ["before", "after"]);
    assert_eq!(work_done(&storage.db), ["first: after"]);
    assert_eq!(storage.db.status().failing, None);
}

#[tokio::test]
async fn a_failed_single_write_leaves_nothing() {
    let storage = Storage::new();
    assert!(matches!(storage.db.write(failing).await, Err(Error::Sqlite(_))));
    assert!(
        storage.texts().is_empty()
            && storage.published().is_empty()
            && work_done(&storage.db).is_empty()
    );
    assert_eq!(storage.db.status().commits, 0);
    storage.db.write(|tx| note(tx, "next")).await.unwrap();
    assert_eq!(work_done(&storage.db), Vec::<String>::new());
}

#[tokio::test]
async fn a_batch_of_failures_commits_nothing() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let (one, two) = (queue(&storage.db, failing).await, queue(&storage.db, failing).await);
    paused.release().await;
    assert!(within_limit(one).await.unwrap().is_err() && within_limit(two).await.unwrap().is_err());
    assert_eq!(storage.db.status().commits, 1, "only the write that paused the writer");
    assert!(storage.texts().is_empty() && storage.published().is_empty());
}

#[tokio::test]
async fn a_panicking_write_is_rolled_back_alone() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let before = queue_note(&storage.db, "before").await;
    let panicked = queue(&storage.db, |tx| {
        note(tx, "panicked")?;
        tx.defer::<First>("panicked".into());
        panic!("on purpose");
    })
    .await;
    let after = queue_note(&storage.db, "after").await;
    paused.release().await;
    within_limit(before).await.unwrap().unwrap();
    assert!(matches!(within_limit(panicked).await.unwrap(), Err(Error::Panicked)));
    within_limit(after).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["before", "after"]);
    assert_eq!(storage.published(), ["before", "after"]);
    assert!(work_done(&storage.db).is_empty());
}

#[tokio::test]
async fn the_closures_error_is_returned_unchanged() {
    #[derive(Debug, thiserror::Error)]
    enum CallerError {
        #[error("no")]
        No(u32),
        #[error(transparent)]
        Database(#[from] Error),
    }
    let storage = Storage::new();
    let refused: Result<(), _> = storage.db.write(|_| Err(CallerError::No(7))).await;
    assert!(matches!(refused, Err(CallerError::No(7))));
    let written: Result<i64, CallerError> = storage
        .db
        .write(|tx| {
            note(tx, "yes")?;
            Ok(tx.last_insert_rowid())
        })
        .await;
    assert_eq!(written.unwrap(), 1);
}

async fn queue_shared(storage: &Storage, item: &'static str) -> JoinHandle<Result<(), Error>> {
    queue(&storage.db, move |tx| {
        tx.defer::<First>(item.into());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn shared_work_runs_once_per_batch_in_order_of_first_use() {
    let storage = Storage::new();
    within_limit(queue_shared(&storage, "0").await).await.unwrap().unwrap();
    let paused = PausedWriter::new(&storage.db).await;
    let one = queue(&storage.db, |tx| {
        tx.defer::<Second>("1".into());
        tx.defer::<First>("2".into());
        Ok(())
    })
    .await;
    let two = queue(&storage.db, |tx| {
        tx.defer::<First>("3".into());
        tx.defer::<Second>("4".into());
        Ok(())
    })
    .await;
    paused.release().await;
    within_limit(one).await.unwrap().unwrap();
    within_limit(two).await.unwrap().unwrap();
    assert_eq!(work_done(&storage.db), ["first: 0", "second: 1 4", "first: 2 3"]);
}

/// Shared work that fails for one item and panics for another.
struct Fragile;

impl BatchWork for Fragile {
    type Item = &'static str;

    fn finish(conn: &Connection, items: Vec<&'static str>) -> rusqlite::Result<()> {
        assert!(!items.contains(&"panic"), "on purpose");
        conn.execute("INSERT INTO nowhere VALUES (1)", []).map(|_| ())
    }
}

#[tokio::test]
async fn failing_shared_work_fails_the_batch() {
    let storage = Storage::new();
    for (item, panics) in [("fail", false), ("panic", true)] {
        let paused = PausedWriter::new(&storage.db).await;
        let valid = queue_note(&storage.db, "valid").await;
        let failing_write = queue(&storage.db, move |tx| {
            tx.defer::<Fragile>(item);
            Ok(())
        })
        .await;
        paused.release().await;
        for write in [valid, failing_write] {
            let error = within_limit(write).await.unwrap().unwrap_err();
            assert_eq!(matches!(error, Error::Panicked), panics, "{error}");
        }
        assert!(storage.texts().is_empty() && storage.published().is_empty());
    }
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(storage.published(), ["later"]);
}

#[tokio::test]
async fn a_failed_commit_fails_all_writes_and_publishes_nothing() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let valid = queue(&storage.db, |tx| {
        tx.defer::<First>("valid".into());
        note(tx, "valid")
    })
    .await;
    let refused = queue(&storage.db, failing).await;
    // SQLite checks a deferred key only at the commit.
    let failing_write = queue(&storage.db, |tx| {
        tx.execute_batch(
            "PRAGMA defer_foreign_keys = ON; INSERT INTO replies (note_id) VALUES (404);",
        )?;
        note(tx, "failing_write")
    })
    .await;
    paused.release().await;
    for write in [valid, refused, failing_write] {
        assert!(matches!(within_limit(write).await.unwrap(), Err(Error::Sqlite(_))));
    }
    assert!(
        storage.texts().is_empty()
            && storage.published().is_empty()
            && work_done(&storage.db).is_empty()
    );
    assert_eq!(storage.db.status().commits, 1, "only the write that paused the writer");
    assert_eq!(storage.db.status().failing, None, "the storage did not fail");
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(
        (storage.texts(), storage.published()),
        (vec!["later".into()], vec!["later".to_owned()])
    );
}

#[tokio::test]
async fn a_write_that_rolls_back_the_transaction_fails_the_batch() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let before = queue(&storage.db, |tx| {
        tx.defer::<First>("before".into());
        note(tx, "before")
    })
    .await;
    let failing_write = queue(&storage.db, |tx| {
        tx.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('before')", [])?;
        Ok(())
    })
    .await;
    let after = queue_note(&storage.db, "after").await;
    paused.release().await;
    assert!(matches!(within_limit(before).await.unwrap(), Err(Error::RolledBack)));
    assert!(
        matches!(within_limit(failing_write).await.unwrap(), Err(Error::Sqlite(_))),
        "the failing write gets its own error"
    );
    assert!(matches!(within_limit(after).await.unwrap(), Err(Error::RolledBack)));
    assert!(storage.texts().is_empty() && storage.published().is_empty());
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(storage.published(), ["later"]);
    assert!(work_done(&storage.db).is_empty(), "its shared work was not discarded");
}

#[tokio::test]
async fn a_panic_while_publishing_keeps_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let should_panic = Arc::new(AtomicBool::new(true));
    let received = Arc::new(Mutex::new(Vec::new()));
    let (panics_now, sink) = (should_panic.clone(), received.clone());
    let db = Db::open(
        Options::new(dir.path().join("notes.sqlite3")),
        &MIGRATIONS,
        move |events: Vec<String>| {
            assert!(!panics_now.load(Ordering::SeqCst), "on purpose");
            sink.lock().unwrap().extend(events);
        },
    )
    .unwrap();
    db.write(|tx| note(tx, "one")).await.unwrap();
    should_panic.store(false, Ordering::SeqCst);
    db.write(|tx| note(tx, "two")).await.unwrap();
    assert_eq!(crate::support::texts(&db), ["one", "two"]);
    assert_eq!(*received.lock().unwrap(), ["two"]);
}

#[tokio::test]
async fn a_queued_write_completes_after_its_caller_is_gone() {
    let storage = Storage::new();
    let paused = PausedWriter::new(&storage.db).await;
    let gone = queue_note(&storage.db, "gone").await;
    gone.abort();
    assert!(within_limit(gone).await.unwrap_err().is_cancelled());
    let last = queue_note(&storage.db, "last").await;
    paused.release().await;
    within_limit(last).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["gone", "last"]);
    assert_eq!(storage.published(), ["gone", "last"]);
}

#[tokio::test]
async fn writes_are_durable_and_strict() {
    let storage = Storage::new();
    let settings = storage
        .db
        .write(|tx| {
            let setting = |name: &str| {
                tx.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
            };
            Ok::<_, Error>((
                setting("synchronous")?,
                setting("foreign_keys")?,
                setting("wal_autocheckpoint")?,
                setting("trusted_schema")?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(settings, (2, 1, 0, 0));
    let mode: String = storage
        .external_connection()
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    let misspelled = storage
        .db
        .write(|tx| Ok::<_, Error>(tx.execute(r#"UPDATE notes SET text = "no column""#, [])?))
        .await;
    assert!(misspelled.is_err(), "a misspelled column became a string");
}
