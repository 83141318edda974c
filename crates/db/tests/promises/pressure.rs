//! Too much to do, and the end.

use std::time::Duration;

use db::Error;

use crate::support::{Held, LIMIT, Storage, in_time, note, queue_note, reopen, texts};

#[tokio::test]
async fn a_full_queue_lets_callers_wait_and_then_refuses() {
    let storage = Storage::with(|options| {
        options.write_queue = 2;
        options.patience = Duration::from_millis(20);
    });
    let held = Held::new(&storage.db).await;
    let (one, two) = (queue_note(&storage.db, "one").await, queue_note(&storage.db, "two").await);
    let refused = in_time(storage.db.write(|tx| note(tx, "three"))).await;
    assert!(matches!(refused, Err(Error::Busy)) && Error::Busy.is_unavailable());
    assert_eq!(storage.db.status().waiting, 2);
    held.let_go().await;
    in_time(one).await.unwrap().unwrap();
    in_time(two).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn a_caller_who_waits_for_a_place_gets_one_when_there_is_one() {
    let storage = Storage::with(|options| {
        options.write_queue = 1;
        options.patience = LIMIT;
    });
    let held = Held::new(&storage.db).await;
    let mut notes = Vec::new();
    for text in ["one", "two", "three"] {
        notes.push(queue_note(&storage.db, text).await);
    }
    held.let_go().await;
    for note in notes {
        in_time(note).await.unwrap().unwrap();
    }
    assert_eq!(storage.texts(), ["one", "two", "three"]);
}

#[tokio::test]
async fn who_gives_up_waiting_for_a_place_writes_nothing() {
    let storage = Storage::with(|options| options.write_queue = 1);
    let held = Held::new(&storage.db).await;
    let one = queue_note(&storage.db, "one").await;
    let impatient = queue_note(&storage.db, "impatient").await;
    impatient.abort();
    assert!(in_time(impatient).await.unwrap_err().is_cancelled());
    assert_eq!(storage.db.status().waiting, 1);
    held.let_go().await;
    in_time(one).await.unwrap().unwrap();
    storage.db.write(|tx| note(tx, "two")).await.unwrap();
    assert_eq!(storage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn draining_finishes_what_waits_and_refuses_what_comes() {
    let storage = Storage::with(|options| options.write_queue = 1);
    let held = Held::new(&storage.db).await;
    let queued = queue_note(&storage.db, "queued").await;
    let waiting = queue_note(&storage.db, "waiting for a place").await;
    assert!(!storage.db.drain(Duration::ZERO).await, "the writer is still held");
    assert!(matches!(storage.db.write(|tx| note(tx, "late")).await, Err(Error::Draining)));
    held.let_go().await;
    assert!(storage.db.drain(LIMIT).await);
    in_time(queued).await.unwrap().unwrap();
    in_time(waiting).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["queued", "waiting for a place"], "reading still works");
    let wal =
        std::fs::metadata(storage.path.with_extension("sqlite3-wal")).map_or(0, |file| file.len());
    assert_eq!(wal, 0, "everything is in the file");
    let next = reopen(&storage.path).unwrap();
    assert_eq!(texts(&next), ["queued", "waiting for a place"]);
}

#[tokio::test]
async fn dropping_the_last_handle_lets_go_of_everything() {
    let storage = Storage::new();
    let clone = storage.db.clone();
    // As a program's state would: the callback holds the database that holds the callback.
    let held: std::sync::Arc<()> = std::sync::Arc::default();
    let (cycle, witness) = (clone.clone(), held.clone());
    clone.on_foreign_write(move || drop((cycle.status(), witness.clone())));
    assert!(storage.db.drain(LIMIT).await);
    assert_eq!(std::sync::Arc::strong_count(&held), 1, "the callback outlived the engine");
}
