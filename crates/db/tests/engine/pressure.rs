//! A full queue, and shutdown.

use std::time::Duration;

use db::Error;

use crate::support::{LIMIT, PausedWriter, Storage, note, queue_note, reopen, texts, within_limit};

#[tokio::test]
async fn writes_to_a_full_queue_fail_after_the_timeout() {
    let storage = Storage::with(|options| {
        options.write_queue = 2;
        options.write_timeout = Duration::from_millis(20);
    });
    let paused = PausedWriter::new(&storage.db).await;
    let (one, two) = (queue_note(&storage.db, "one").await, queue_note(&storage.db, "two").await);
    let refused = within_limit(storage.db.write(|tx| note(tx, "three"))).await;
    assert!(matches!(refused, Err(Error::Busy)) && Error::Busy.is_unavailable());
    assert_eq!(storage.db.status().waiting, 2);
    paused.release().await;
    within_limit(one).await.unwrap().unwrap();
    within_limit(two).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn a_waiting_write_is_queued_when_there_is_space() {
    let storage = Storage::with(|options| {
        options.write_queue = 1;
        options.write_timeout = LIMIT;
    });
    let paused = PausedWriter::new(&storage.db).await;
    let mut notes = Vec::new();
    for text in ["one", "two", "three"] {
        notes.push(queue_note(&storage.db, text).await);
    }
    paused.release().await;
    for note in notes {
        within_limit(note).await.unwrap().unwrap();
    }
    assert_eq!(storage.texts(), ["one", "two", "three"]);
}

#[tokio::test]
async fn a_write_cancelled_before_it_is_queued_stores_nothing() {
    let storage = Storage::with(|options| options.write_queue = 1);
    let paused = PausedWriter::new(&storage.db).await;
    let one = queue_note(&storage.db, "one").await;
    let cancelled = queue_note(&storage.db, "cancelled").await;
    cancelled.abort();
    assert!(within_limit(cancelled).await.unwrap_err().is_cancelled());
    assert_eq!(storage.db.status().waiting, 1);
    paused.release().await;
    within_limit(one).await.unwrap().unwrap();
    storage.db.write(|tx| note(tx, "two")).await.unwrap();
    assert_eq!(storage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn draining_finishes_queued_writes_and_rejects_new_ones() {
    let storage = Storage::with(|options| options.write_queue = 1);
    let paused = PausedWriter::new(&storage.db).await;
    let queued = queue_note(&storage.db, "queued").await;
    let waiting = queue_note(&storage.db, "waiting for space").await;
    assert!(!storage.db.drain(Duration::ZERO).await, "the writer is still paused");
    assert!(matches!(storage.db.write(|tx| note(tx, "late")).await, Err(Error::Draining)));
    paused.release().await;
    assert!(storage.db.drain(LIMIT).await);
    within_limit(queued).await.unwrap().unwrap();
    within_limit(waiting).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["queued", "waiting for space"], "reading still works");
    let wal =
        std::fs::metadata(storage.path.with_extension("sqlite3-wal")).map_or(0, |file| file.len());
    assert_eq!(wal, 0, "everything is in the file");
    let next = reopen(&storage.path).unwrap();
    assert_eq!(texts(&next), ["queued", "waiting for space"]);
}

#[tokio::test]
async fn draining_drops_the_callbacks() {
    let storage = Storage::new();
    let clone = storage.db.clone();
    // As in an application: the callback holds the database that holds the callback.
    let marker: std::sync::Arc<()> = std::sync::Arc::default();
    let (cycle, captured) = (clone.clone(), marker.clone());
    clone.on_external_write(move || drop((cycle.status(), captured.clone())));
    assert!(storage.db.drain(LIMIT).await);
    assert_eq!(std::sync::Arc::strong_count(&marker), 1, "the callback outlived the engine");
}
