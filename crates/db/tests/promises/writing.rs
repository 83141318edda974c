//! Batches: what is stored, announced and answered, and in which order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use db::{BatchWork, Db, Error, Options};
use rusqlite::Connection;
use tokio::task::JoinHandle;

use crate::support::{
    First, Held, MIGRATIONS, NoteTx, Second, Storage, in_time, note, queue, queue_note, work_done,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn announcements_come_in_the_order_of_the_commits_and_before_the_answers() {
    let storage = Arc::new(Storage::new());
    let writers = (0..8).map(|writer| {
        let storage = storage.clone();
        tokio::spawn(async move {
            for number in 0..40 {
                let text = format!("{writer}/{number}");
                let own = text.clone();
                storage.db.write(move |tx| note(tx, &text)).await.unwrap();
                assert!(storage.published().contains(&own), "answered before it was published");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        in_time(writer).await.unwrap();
    }
    assert_eq!(storage.published(), storage.texts());
    let status = storage.db.status();
    assert_eq!((status.writes, status.waiting), (320, 0));
    assert_eq!(status.commits, storage.published.lock().unwrap().len() as u64);
}

#[tokio::test]
async fn what_waits_is_committed_together() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let (one, two) = (queue_note(&storage.db, "one").await, queue_note(&storage.db, "two").await);
    assert_eq!(storage.db.status().waiting, 2);
    held.let_go().await;
    in_time(one).await.unwrap().unwrap();
    in_time(two).await.unwrap().unwrap();
    assert_eq!(*storage.published.lock().unwrap(), [["one", "two"]]);
    let status = storage.db.status();
    assert_eq!((status.commits, status.writes, status.largest_batch, status.waiting), (2, 3, 2, 0));
}

#[tokio::test]
async fn a_batch_holds_no_more_than_it_may() {
    let storage = Storage::with(|options| options.max_batch = 3);
    let held = Held::new(&storage.db).await;
    let mut notes = Vec::new();
    for text in ["1", "2", "3", "4"] {
        notes.push(queue_note(&storage.db, text).await);
    }
    held.let_go().await;
    for note in notes {
        in_time(note).await.unwrap().unwrap();
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
async fn a_write_that_fails_is_undone_alone() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let before = queue(&storage.db, |tx| note(tx, "before")).await;
    let failed = queue(&storage.db, failing).await;
    let after = queue(&storage.db, |tx| {
        tx.defer::<First>("after".into());
        note(tx, "after")
    })
    .await;
    held.let_go().await;
    in_time(before).await.unwrap().unwrap();
    assert!(matches!(in_time(failed).await.unwrap(), Err(Error::Sqlite(_))));
    in_time(after).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["before", "after"]);
    assert_eq!(storage.published(), ["before", "after"]);
    assert_eq!(work_done(&storage.db), ["first: after"]);
    assert_eq!(storage.db.status().failing, None);
}

#[tokio::test]
async fn a_lone_write_that_fails_leaves_nothing() {
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
    let held = Held::new(&storage.db).await;
    let (one, two) = (queue(&storage.db, failing).await, queue(&storage.db, failing).await);
    held.let_go().await;
    assert!(in_time(one).await.unwrap().is_err() && in_time(two).await.unwrap().is_err());
    assert_eq!(storage.db.status().commits, 1, "only what held the writer");
    assert!(storage.texts().is_empty() && storage.published().is_empty());
}

#[tokio::test]
async fn a_write_that_panics_is_undone_alone() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let before = queue_note(&storage.db, "before").await;
    let panicked = queue(&storage.db, |tx| {
        note(tx, "panicked")?;
        tx.defer::<First>("panicked".into());
        panic!("on purpose");
    })
    .await;
    let after = queue_note(&storage.db, "after").await;
    held.let_go().await;
    in_time(before).await.unwrap().unwrap();
    assert!(matches!(in_time(panicked).await.unwrap(), Err(Error::Panicked)));
    in_time(after).await.unwrap().unwrap();
    assert_eq!(storage.texts(), ["before", "after"]);
    assert_eq!(storage.published(), ["before", "after"]);
    assert!(work_done(&storage.db).is_empty());
}

#[tokio::test]
async fn a_callers_own_error_comes_back_as_it_is() {
    #[derive(Debug, thiserror::Error)]
    enum Refusal {
        #[error("no")]
        No(u32),
        #[error(transparent)]
        Database(#[from] Error),
    }
    let storage = Storage::new();
    let refused: Result<(), _> = storage.db.write(|_| Err(Refusal::No(7))).await;
    assert!(matches!(refused, Err(Refusal::No(7))));
    let written: Result<i64, Refusal> = storage
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
async fn shared_work_is_done_once_for_a_batch_in_the_order_of_first_use() {
    let storage = Storage::new();
    in_time(queue_shared(&storage, "0").await).await.unwrap().unwrap();
    let held = Held::new(&storage.db).await;
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
    held.let_go().await;
    in_time(one).await.unwrap().unwrap();
    in_time(two).await.unwrap().unwrap();
    assert_eq!(work_done(&storage.db), ["first: 0", "second: 1 4", "first: 2 3"]);
}

/// Work that fails for one item and panics for another.
struct Fragile;

impl BatchWork for Fragile {
    type Item = &'static str;

    fn finish(conn: &Connection, items: Vec<&'static str>) -> rusqlite::Result<()> {
        assert!(!items.contains(&"panic"), "on purpose");
        conn.execute("INSERT INTO nowhere VALUES (1)", []).map(|_| ())
    }
}

#[tokio::test]
async fn shared_work_that_fails_acknowledges_nobody() {
    let storage = Storage::new();
    for (item, panics) in [("fail", false), ("panic", true)] {
        let held = Held::new(&storage.db).await;
        let innocent = queue_note(&storage.db, "innocent").await;
        let guilty = queue(&storage.db, move |tx| {
            tx.defer::<Fragile>(item);
            Ok(())
        })
        .await;
        held.let_go().await;
        for write in [innocent, guilty] {
            let error = in_time(write).await.unwrap().unwrap_err();
            assert_eq!(matches!(error, Error::Panicked), panics, "{error}");
        }
        assert!(storage.texts().is_empty() && storage.published().is_empty());
    }
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(storage.published(), ["later"]);
}

#[tokio::test]
async fn a_commit_that_fails_acknowledges_nobody_and_announces_nothing() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let innocent = queue(&storage.db, |tx| {
        tx.defer::<First>("innocent".into());
        note(tx, "innocent")
    })
    .await;
    let refused = queue(&storage.db, failing).await;
    // SQLite looks at a deferred key only when it commits.
    let guilty = queue(&storage.db, |tx| {
        tx.execute_batch(
            "PRAGMA defer_foreign_keys = ON; INSERT INTO replies (note_id) VALUES (404);",
        )?;
        note(tx, "guilty")
    })
    .await;
    held.let_go().await;
    for write in [innocent, refused, guilty] {
        assert!(matches!(in_time(write).await.unwrap(), Err(Error::Sqlite(_))));
    }
    assert!(
        storage.texts().is_empty()
            && storage.published().is_empty()
            && work_done(&storage.db).is_empty()
    );
    assert_eq!(storage.db.status().commits, 1, "only what held the writer");
    assert_eq!(storage.db.status().failing, None, "the disk is not to blame");
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(
        (storage.texts(), storage.published()),
        (vec!["later".into()], vec!["later".to_owned()])
    );
}

#[tokio::test]
async fn a_write_that_makes_sqlite_give_up_the_transaction_fails_the_batch() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let before = queue(&storage.db, |tx| {
        tx.defer::<First>("before".into());
        note(tx, "before")
    })
    .await;
    let guilty = queue(&storage.db, |tx| {
        tx.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('before')", [])?;
        Ok(())
    })
    .await;
    let after = queue_note(&storage.db, "after").await;
    held.let_go().await;
    assert!(matches!(in_time(before).await.unwrap(), Err(Error::RolledBack)));
    assert!(
        matches!(in_time(guilty).await.unwrap(), Err(Error::Sqlite(_))),
        "who failed learns why"
    );
    assert!(matches!(in_time(after).await.unwrap(), Err(Error::RolledBack)));
    assert!(storage.texts().is_empty() && storage.published().is_empty());
    storage.db.write(|tx| note(tx, "later")).await.unwrap();
    assert_eq!(storage.published(), ["later"]);
    assert!(work_done(&storage.db).is_empty(), "its share of the common work outlived it");
}

#[tokio::test]
async fn publishing_that_panics_does_not_undo_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let angry = Arc::new(AtomicBool::new(true));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (mood, ears) = (angry.clone(), heard.clone());
    let db = Db::open(
        Options::new(dir.path().join("notes.sqlite3")),
        &MIGRATIONS,
        move |events: Vec<String>| {
            assert!(!mood.load(Ordering::SeqCst), "on purpose");
            ears.lock().unwrap().extend(events);
        },
    )
    .unwrap();
    db.write(|tx| note(tx, "one")).await.unwrap();
    angry.store(false, Ordering::SeqCst);
    db.write(|tx| note(tx, "two")).await.unwrap();
    assert_eq!(crate::support::texts(&db), ["one", "two"]);
    assert_eq!(*heard.lock().unwrap(), ["two"]);
}

#[tokio::test]
async fn a_queued_write_whose_caller_has_gone_is_still_done_whole() {
    let storage = Storage::new();
    let held = Held::new(&storage.db).await;
    let gone = queue_note(&storage.db, "gone").await;
    gone.abort();
    assert!(in_time(gone).await.unwrap_err().is_cancelled());
    let last = queue_note(&storage.db, "last").await;
    held.let_go().await;
    in_time(last).await.unwrap().unwrap();
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
    let mode: String =
        storage.foreigner().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let misspelled = storage
        .db
        .write(|tx| Ok::<_, Error>(tx.execute(r#"UPDATE notes SET text = "no column""#, [])?))
        .await;
    assert!(misspelled.is_err(), "a misspelled column was taken for a string");
}
