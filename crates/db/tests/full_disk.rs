//! A full disk: writes fail and leave nothing behind, reads continue, and writes recover.
#![allow(clippy::unwrap_used)] // A test that cannot go on should say where.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use db::{Db, Error, Migration, Options, Step};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata};

const MIGRATIONS: [Migration; 1] = [Migration {
    version: 1,
    name: "notes",
    step: Step::Sql("CREATE TABLE notes (text text NOT NULL)"),
}];

/// A file system of one or two megabytes, for the test that really fills one. As root: `mount -t
/// tmpfs -o size=1500k tmpfs PATH`, then `head -c 400000 /dev/zero > PATH/ballast`, which the test
/// removes to make room.
const SMALL_DISK: &str = "DB_TEST_SMALL_DISK";

static ERRORS: AtomicUsize = AtomicUsize::new(0);
static RECOVERIES: AtomicUsize = AtomicUsize::new(0);

/// Counts the writer's log lines. There can be one subscriber per process, so this test has its own
/// file.
struct LogCounter;

impl tracing::Subscriber for LogCounter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "db::writer"
    }
    fn event(&self, event: &Event<'_>) {
        match *event.metadata().level() {
            Level::ERROR => ERRORS.fetch_add(1, Ordering::SeqCst),
            Level::INFO => RECOVERIES.fetch_add(1, Ordering::SeqCst),
            _ => 0,
        };
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

async fn write(db: &Db<usize>, bytes: usize) -> Result<(), Error> {
    db.write(move |tx| {
        tx.execute("INSERT INTO notes (text) VALUES (hex(randomblob(?1)))", [bytes / 2])?;
        tx.publish(bytes);
        Ok(())
    })
    .await
}

fn count(db: &Db<usize>) -> usize {
    db.read(|reader| {
        Ok::<_, Error>(reader.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?)
    })
    .unwrap()
}

fn open(
    path: PathBuf,
    probe_after: Duration,
    published: std::sync::mpsc::Sender<usize>,
) -> Db<usize> {
    let mut options = Options::new(path);
    options.probe_after = probe_after;
    Db::open(options, &MIGRATIONS, move |events| {
        events.into_iter().for_each(|event| published.send(event).unwrap())
    })
    .unwrap()
}

/// SQLite's page limit gives the same error as a full disk met while executing a statement.
#[tokio::test]
async fn a_full_database_fails_writes_logs_once_and_recovers() {
    tracing::subscriber::set_global_default(LogCounter).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (sender, published) = std::sync::mpsc::channel();
    let db = open(dir.path().join("notes.sqlite3"), Duration::from_secs(3600), sender);
    let limit = |pages: u32| {
        let db = db.clone();
        async move {
            let sql = format!("PRAGMA max_page_count = {pages}");
            db.write(move |tx| Ok::<u32, Error>(tx.query_row(&sql, [], |row| row.get(0))?))
                .await
                .unwrap()
        }
    };
    limit(20).await;
    let mut stored = 0;
    let error = loop {
        match write(&db, 4000).await {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Unwritable(_)) && error.is_unavailable(), "{error:?}");
    for _ in 0..3 {
        assert!(matches!(write(&db, 4000).await, Err(Error::Unwritable(_))));
        assert!(db.status().failing.is_some());
    }
    // A closure that fails by itself writes nothing, so its error does not reveal the state of the
    // disk.
    let result: Result<(), _> = db.write(|_| Err(Error::TimedOut)).await;
    assert!(matches!(result, Err(Error::TimedOut)) && db.status().failing.is_some());
    assert_eq!(ERRORS.load(Ordering::SeqCst), 1, "one line at the start, not one per write");
    assert_eq!(count(&db), stored, "reads continue, and failed writes left nothing");
    limit(2000).await;
    assert_eq!(RECOVERIES.load(Ordering::SeqCst), 1, "one line when it ends");
    write(&db, 4000).await.unwrap();
    assert_eq!(db.status().failing, None);
    assert_eq!(count(&db), stored + 1);
    drop(db);
    assert_eq!(published.iter().count(), stored + 1, "only stored writes were published");
}

/// A real full disk, which SQLite meets at the commit. Ignored by default because it needs a small
/// file system.
#[tokio::test]
#[ignore = "needs a small file system: DB_TEST_SMALL_DISK=/mnt/small"]
async fn a_full_disk_fails_writes_and_recovers() {
    let disk = PathBuf::from(
        std::env::var_os(SMALL_DISK).expect("DB_TEST_SMALL_DISK names a small file system"),
    );
    let (sender, published) = std::sync::mpsc::channel();
    let db = open(disk.join("notes.sqlite3"), Duration::ZERO, sender);
    let mut stored = 0;
    // Large writes, then small ones, until nothing at all has room.
    for bytes in [40_000, 4000, 40] {
        while stored < 10_000 {
            match write(&db, bytes).await {
                Ok(()) => stored += 1,
                Err(Error::Unwritable(_)) => break,
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    assert!(stored < 10_000, "that disk is too large");
    // There is no space even for the page that an idle writer probes with.
    assert!(matches!(write(&db, 400_000).await, Err(Error::Unwritable(_))));
    assert!(db.status().failing.is_some());
    assert_eq!(count(&db), stored);
    make_room(&disk);
    let deadline = Instant::now() + Duration::from_secs(30);
    while db.status().failing.is_some() {
        assert!(Instant::now() < deadline, "writing never recovered");
        tokio::task::yield_now().await;
    }
    write(&db, 4000).await.unwrap();
    assert_eq!(count(&db), stored + 1);
    assert!(db.drain(Duration::from_secs(30)).await);
    drop(db);
    assert_eq!(published.iter().count(), stored + 1, "only stored writes were published");
}

/// Removes the file that filled most of the disk before the test began.
fn make_room(disk: &Path) {
    std::fs::remove_file(disk.join("ballast"))
        .expect("`ballast`, a file of a few hundred kilobytes, is there to be removed");
}
