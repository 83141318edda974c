//! The world outside: somebody else's locks and somebody else's writes. What a full disk does is in
//! `full_disk.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::Error;

use crate::support::{LIMIT, Storage, eventually, note};

#[tokio::test]
async fn a_lock_of_somebody_elses_refuses_writes_until_it_ends() {
    let storage = Storage::with(|options| {
        options.busy_timeout = Duration::from_millis(10);
        options.probe_after = Duration::ZERO;
    });
    let foreigner = storage.foreigner();
    foreigner
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO notes (text) VALUES ('foreign')")
        .unwrap();
    assert!(matches!(storage.db.write(|tx| note(tx, "own")).await, Err(Error::Busy)));
    assert!(storage.db.status().failing.unwrap().contains("locked"));
    assert!(storage.texts().is_empty(), "reading goes on");
    foreigner.execute_batch("COMMIT").unwrap();
    // Nobody writes, and still it becomes known that writing works again.
    eventually("healed by itself", async || storage.db.status().failing.is_none()).await;
    storage.db.write(|tx| note(tx, "own")).await.unwrap();
    assert_eq!(storage.texts(), ["foreign", "own"]);
    let version: i64 =
        storage.foreigner().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 0, "looking changed what others may use");
}

fn count_foreign_writes(storage: &Storage) -> Arc<AtomicUsize> {
    let noticed = Arc::new(AtomicUsize::new(0));
    let counter = noticed.clone();
    storage.db.on_foreign_write(move || {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    noticed
}

#[tokio::test]
async fn a_foreign_write_is_noticed_while_nothing_happens() {
    let storage = Storage::new();
    let noticed = count_foreign_writes(&storage);
    storage.foreigner().execute_batch("INSERT INTO notes (text) VALUES ('foreign')").unwrap();
    eventually("noticed", async || noticed.load(Ordering::SeqCst) == 1).await;
    assert_eq!(storage.db.status().foreign_writes, 1);
}

#[tokio::test]
async fn a_foreign_write_is_noticed_before_the_next_write_runs() {
    let storage = Storage::new();
    let noticed = count_foreign_writes(&storage);
    storage.foreigner().execute_batch("INSERT INTO notes (text) VALUES ('foreign')").unwrap();
    // The second write must not notice the same one again.
    for _ in 0..2 {
        let inside = noticed.clone();
        let seen =
            storage.db.write(move |_| Ok::<_, Error>(inside.load(Ordering::SeqCst))).await.unwrap();
        assert_eq!(seen, 1);
    }
}

#[tokio::test]
async fn own_writes_checkpoints_and_foreign_reads_are_not_taken_for_foreign_writes() {
    let storage = Storage::with(|options| {
        options.checkpoint_after = 1;
        options.wal_limit = 64 * 1024;
    });
    let noticed = count_foreign_writes(&storage);
    let foreigner = storage.foreigner();
    for number in 0..200 {
        storage.db.write(move |tx| note(tx, &number.to_string())).await.unwrap();
        foreigner.query_row("SELECT count(*) FROM notes", [], |row| row.get::<_, i64>(0)).unwrap();
    }
    assert!(storage.db.drain(LIMIT).await);
    assert_eq!((noticed.load(Ordering::SeqCst), storage.db.status().foreign_writes), (0, 0));
}

#[tokio::test]
async fn a_callback_that_panics_stops_neither_the_others_nor_the_writer() {
    let storage = Storage::new();
    storage.db.on_foreign_write(|| panic!("on purpose"));
    let noticed = count_foreign_writes(&storage);
    storage.foreigner().execute_batch("INSERT INTO notes (text) VALUES ('foreign')").unwrap();
    storage.db.write(|tx| note(tx, "own")).await.unwrap();
    assert_eq!(noticed.load(Ordering::SeqCst), 1);
}
