//! The write-ahead log restarts at its limit, or as soon as a reader no longer prevents it.

use std::time::Duration;

use db::Error;

use crate::support::{LIMIT, Storage, eventually};

/// Bytes per write, so that few commits make a long WAL.
const WEIGHT: usize = 16 * 1024;
const LIMIT_BYTES: u64 = 1024 * 1024;

fn storage() -> Storage {
    Storage::with(|options| {
        options.checkpoint_after = LIMIT_BYTES / 4;
        options.wal_limit = LIMIT_BYTES;
    })
}

async fn write(storage: &Storage, count: usize) {
    for _ in 0..count {
        storage
            .db
            .write(|tx| {
                Ok::<_, Error>(tx.execute(
                    "INSERT INTO work (kind, item) VALUES ('weight', hex(randomblob(?1)))",
                    [WEIGHT / 2],
                )?)
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_wal_restarts_at_its_limit_under_steady_writing() {
    let storage = storage();
    let mut longest = 0;
    for _ in 0..40 {
        write(&storage, 10).await;
        longest = longest.max(storage.db.status().wal_bytes);
    }
    // 400 writes are more than six times the limit. The WAL may exceed it while the checkpoint
    // thread is working.
    assert!(longest > LIMIT_BYTES / 2, "the test wrote too little: {longest}");
    assert!(longest < 2 * LIMIT_BYTES, "{longest}");
}

#[tokio::test]
async fn a_reader_delays_the_restart_only_until_it_ends() {
    let storage = storage();
    write(&storage, 1).await;
    let external_connection = storage.external_connection();
    external_connection.execute_batch("BEGIN").unwrap();
    external_connection
        .query_row("SELECT count(*) FROM work", [], |row| row.get::<_, i64>(0))
        .unwrap();
    write(&storage, 200).await;
    assert!(
        storage.db.status().wal_bytes > 2 * LIMIT_BYTES,
        "the reader did not delay the restart"
    );
    external_connection.execute_batch("COMMIT").unwrap();
    eventually("the WAL returns below its limit", async || {
        write(&storage, 5).await;
        storage.db.status().wal_bytes <= LIMIT_BYTES
    })
    .await;
}

#[tokio::test]
async fn a_long_query_cannot_block_the_restart_forever() {
    let storage = storage();
    write(&storage, 1).await;
    let result = storage
        .db
        .read_long(Duration::from_millis(50), |reader| {
            reader.query_row("SELECT count(*) FROM work", [], |row| row.get::<_, i64>(0))?;
            let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
            Ok::<i64, Error>(reader.query_row(endless, [], |row| row.get(0))?)
        })
        .await;
    assert!(matches!(result, Err(Error::TimedOut)));
    eventually("the WAL returns below its limit", async || {
        write(&storage, 5).await;
        storage.db.status().wal_bytes <= LIMIT_BYTES
    })
    .await;
}

#[tokio::test]
async fn the_checkpoint_thread_copies_without_the_writer() {
    let storage = storage();
    // Below the limit, so that only the thread can have copied it.
    write(&storage, 40).await;
    let size = || std::fs::metadata(&storage.path).map_or(0, |file| file.len());
    eventually("copied into the database", async || size() > (20 * WEIGHT) as u64).await;
    assert!(storage.db.drain(LIMIT).await);
    assert_eq!(storage.db.status().wal_bytes, 0);
}
