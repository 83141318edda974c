//! Locks and writes of other processes. `full_disk.rs` tests a full disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::Error;

use crate::support::{LIMIT, Storage, eventually, note};

#[tokio::test]
async fn a_lock_of_another_process_fails_writes_until_it_ends() {
    let storage = Storage::with(|options| {
        options.busy_timeout = Duration::from_millis(10);
        options.probe_after = Duration::ZERO;
    });
    let external_connection = storage.external_connection();
    external_connection
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO notes (text) VALUES ('external')")
        .unwrap();
    assert!(matches!(storage.db.write(|tx| note(tx, "own")).await, Err(Error::Busy)));
    assert!(storage.db.status().failing.unwrap().contains("locked"));
    assert!(storage.texts().is_empty(), "reads continue");
    external_connection.execute_batch("COMMIT").unwrap();
    // Recovery is detected although no write arrives.
    eventually("writing recovers", async || storage.db.status().failing.is_none()).await;
    storage.db.write(|tx| note(tx, "own")).await.unwrap();
    assert_eq!(storage.texts(), ["external", "own"]);
    let version: i64 = storage
        .external_connection()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 0, "the probe changed the user version");
}

fn count_external_writes(storage: &Storage) -> Arc<AtomicUsize> {
    let detected = Arc::new(AtomicUsize::new(0));
    let counter = detected.clone();
    storage.db.on_external_write(move || {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    detected
}

#[tokio::test]
async fn an_external_write_is_detected_while_idle() {
    let storage = Storage::new();
    let detected = count_external_writes(&storage);
    storage
        .external_connection()
        .execute_batch("INSERT INTO notes (text) VALUES ('external')")
        .unwrap();
    eventually("detected", async || detected.load(Ordering::SeqCst) == 1).await;
    assert_eq!(storage.db.status().external_writes, 1);
}

#[tokio::test]
async fn an_external_write_is_detected_before_the_next_write_runs() {
    let storage = Storage::new();
    let detected = count_external_writes(&storage);
    storage
        .external_connection()
        .execute_batch("INSERT INTO notes (text) VALUES ('external')")
        .unwrap();
    // The second write must not detect the same external write again.
    for _ in 0..2 {
        let inside = detected.clone();
        let seen =
            storage.db.write(move |_| Ok::<_, Error>(inside.load(Ordering::SeqCst))).await.unwrap();
        assert_eq!(seen, 1);
    }
}

#[tokio::test]
async fn own_writes_checkpoints_and_external_reads_are_not_external_writes() {
    let storage = Storage::with(|options| {
        options.checkpoint_after = 1;
        options.wal_limit = 64 * 1024;
    });
    let detected = count_external_writes(&storage);
    let external_connection = storage.external_connection();
    for number in 0..200 {
        storage.db.write(move |tx| note(tx, &number.to_string())).await.unwrap();
        external_connection
            .query_row("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0))
            .unwrap();
    }
    assert!(storage.db.drain(LIMIT).await);
    assert_eq!((detected.load(Ordering::SeqCst), storage.db.status().external_writes), (0, 0));
}

#[tokio::test]
async fn a_panicking_callback_stops_neither_the_others_nor_the_writer() {
    let storage = Storage::new();
    storage.db.on_external_write(|| panic!("on purpose"));
    let detected = count_external_writes(&storage);
    storage
        .external_connection()
        .execute_batch("INSERT INTO notes (text) VALUES ('external')")
        .unwrap();
    storage.db.write(|tx| note(tx, "own")).await.unwrap();
    assert_eq!(detected.load(Ordering::SeqCst), 1);
}
