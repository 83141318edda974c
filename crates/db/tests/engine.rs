//! The engine's promises, each tried by breaking something.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::{BatchWork, Db, Error, Migration, OpenError, Options, Step};
use proptest::prelude::*;
use rusqlite::Connection;

const SCHEMA: [Migration; 1] = [Migration {
    version: 1,
    name: "numbers",
    step: Step::Sql(
        "CREATE TABLE numbers (n integer PRIMARY KEY, of integer REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED); CREATE TABLE sums (total integer)",
    ),
}];

struct Fixture {
    db: Db<i64>,
    published: Arc<Mutex<Vec<i64>>>,
    dir: tempfile::TempDir,
}

fn open_with(change: impl FnOnce(&mut Options)) -> Fixture {
    let dir = tempfile::tempdir().expect("a directory");
    let mut options = Options::new(dir.path().join("test.sqlite3"));
    change(&mut options);
    let published: Arc<Mutex<Vec<i64>>> = Arc::default();
    let sink = published.clone();
    let db = Db::open(options, &SCHEMA, move |events| sink.lock().expect("unpoisoned").extend(events)).expect("opens");
    Fixture { db, published, dir }
}

fn open() -> Fixture {
    open_with(|_| {})
}

impl Fixture {
    async fn insert(&self, n: i64) -> Result<(), Error> {
        self.db
            .write(move |tx| {
                tx.announce(n);
                tx.execute("INSERT INTO numbers (n) VALUES (?1)", [n])?;
                Ok(())
            })
            .await
    }

    fn numbers(&self) -> Vec<i64> {
        self.db
            .read(|reader| {
                let mut statement = reader.prepare("SELECT n FROM numbers ORDER BY n")?;
                let rows = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                Ok::<_, Error>(rows)
            })
            .expect("reads")
    }

    fn published(&self) -> Vec<i64> {
        self.published.lock().expect("unpoisoned").clone()
    }

    /// Occupies the writer until the answered sender is used or dropped, so that what is queued meanwhile is one batch.
    async fn hold(&self) -> (Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
        let (release, released): (Sender<()>, Receiver<()>) = channel();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let db = self.db.clone();
        let held = tokio::spawn(async move {
            db.write(move |_| {
                let _ = begun.send(());
                let _ = released.recv();
                Ok(())
            })
            .await
        });
        begins.await.expect("the writer began");
        (release, held)
    }

    async fn queued(&self, count: usize) {
        while self.db.status().waiting < count {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_come_in_commit_order_before_the_answer() {
    let fixture = Arc::new(open());
    let writers = (0..200).map(|n| {
        let fixture = fixture.clone();
        tokio::spawn(async move {
            fixture.insert(n).await.expect("stored");
            assert!(fixture.published().contains(&n), "answered before it was published");
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let mut published = fixture.published();
    let order: Vec<i64> = fixture
        .db
        .read(|reader| {
            let mut statement = reader.prepare("SELECT n FROM numbers ORDER BY n")?;
            Ok::<_, Error>(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .expect("reads");
    published.sort_unstable();
    assert_eq!(published, order);
    assert!(fixture.db.status().commits <= 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_fails_or_panics_and_only_its_work_is_undone() {
    let fixture = Arc::new(open());
    let (release, held) = fixture.hold().await;
    let mut writes = Vec::new();
    for n in 1..=5 {
        let fixture = fixture.clone();
        writes.push(tokio::spawn(async move {
            fixture
                .db
                .write(move |tx| {
                    tx.execute("INSERT INTO numbers (n) VALUES (?1)", [n])?;
                    tx.announce(n);
                    tx.defer::<Sum>(n);
                    match n {
                        2 => Err(Error::TimedOut),
                        4 => panic!("as wanted"),
                        _ => Ok(n),
                    }
                })
                .await
        }));
    }
    fixture.queued(5).await;
    let before = fixture.db.status().commits;
    drop(release);
    held.await.expect("no panic").expect("stored");
    let mut results = Vec::new();
    for write in writes {
        results.push(write.await.expect("answered"));
    }
    assert!(matches!(results[1], Err(Error::TimedOut)));
    assert!(matches!(results[3], Err(Error::Panicked)));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(fixture.numbers(), [1, 3, 5]);
    let mut published = fixture.published();
    published.sort_unstable();
    assert_eq!(published, [1, 3, 5]);
    assert_eq!(fixture.db.status().commits, before + 2, "five writes were one batch");
    let total: i64 =
        fixture.db.read(|reader| Ok::<_, Error>(reader.query_row("SELECT total FROM sums", [], |row| row.get(0))?)).expect("reads");
    assert_eq!(total, 9, "the shared work saw only what succeeded, once");
}

struct Sum;

impl BatchWork for Sum {
    type Item = i64;

    fn finish(conn: &Connection, items: Vec<i64>) -> rusqlite::Result<()> {
        conn.execute("INSERT INTO sums (total) VALUES (?1)", [items.iter().sum::<i64>()])?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_acknowledges_and_announces_nothing() {
    let fixture = Arc::new(open());
    let (release, held) = fixture.hold().await;
    let good = {
        let fixture = fixture.clone();
        tokio::spawn(async move { fixture.insert(1).await })
    };
    fixture.queued(1).await;
    let bad = {
        let db = fixture.db.clone();
        // The broken reference is only looked at by COMMIT.
        tokio::spawn(async move {
            db.write(|tx| {
                tx.execute("INSERT INTO numbers (n, of) VALUES (2, 99)", [])?;
                tx.announce(2);
                Ok::<_, Error>(())
            })
            .await
        })
    };
    fixture.queued(2).await;
    drop(release);
    held.await.expect("no panic").expect("stored");
    assert!(good.await.expect("answered").is_err());
    assert!(bad.await.expect("answered").is_err());
    assert_eq!(fixture.numbers(), Vec::<i64>::new());
    assert_eq!(fixture.published(), Vec::<i64>::new());
    fixture.insert(3).await.expect("the engine goes on");
    assert_eq!(fixture.published(), [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_busy_and_recovers() {
    let fixture = Arc::new(open_with(|options| {
        options.write_queue = 1;
        options.patience = Duration::from_millis(20);
    }));
    let (release, held) = fixture.hold().await;
    let waiting = {
        let fixture = fixture.clone();
        tokio::spawn(async move { fixture.insert(1).await })
    };
    fixture.queued(1).await;
    assert!(matches!(fixture.insert(2).await, Err(Error::Busy)));
    drop(release);
    held.await.expect("no panic").expect("stored");
    waiting.await.expect("answered").expect("stored");
    fixture.insert(3).await.expect("there is room again");
    assert_eq!(fixture.numbers(), [1, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_finishes_what_waits_and_refuses_what_comes() {
    let fixture = Arc::new(open());
    let (release, held) = fixture.hold().await;
    let waiting = {
        let fixture = fixture.clone();
        tokio::spawn(async move { fixture.insert(1).await })
    };
    fixture.queued(1).await;
    let draining = {
        let db = fixture.db.clone();
        tokio::spawn(async move { db.drain(Duration::from_secs(10)).await })
    };
    // Until the drain has begun, a write simply waits behind the held one.
    while !matches!(tokio::time::timeout(Duration::from_millis(20), fixture.insert(2)).await, Ok(Err(Error::Draining))) {}
    drop(release);
    assert!(draining.await.expect("no panic"));
    held.await.expect("no panic").expect("stored");
    waiting.await.expect("answered").expect("what waited was stored");
    assert!(fixture.numbers().contains(&1));
    assert_eq!(std::fs::metadata(fixture.dir.path().join("test.sqlite3-wal")).map_or(0, |file| file.len()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_they_come_back_by_themselves() {
    let fixture = open();
    let limit = |pages: i64| {
        let db = fixture.db.clone();
        async move {
            db.write(move |tx| {
                tx.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))?;
                tx.execute("UPDATE numbers SET n = n WHERE n < 0", [])?;
                Ok::<_, Error>(())
            })
            .await
        }
    };
    fixture.insert(1).await.expect("stored");
    limit(1).await.expect("set");
    let filled = fixture
        .db
        .write(|tx| {
            tx.execute(
                "WITH RECURSIVE c (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM c LIMIT 20000) INSERT INTO numbers (n) SELECT n FROM c",
                [],
            )?;
            Ok::<_, Error>(())
        })
        .await;
    let error = filled.expect_err("there is no room");
    assert!(error.is_unavailable(), "{error:?}");
    assert_eq!(fixture.numbers(), [1], "reading goes on");
    limit(100_000).await.expect("set");
    fixture.insert(2).await.expect("writing came back");
    assert_eq!(fixture.numbers(), [1, 2]);
    assert!(fixture.db.status().failing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_write_is_noticed() {
    let fixture = open();
    let (noticed, notices) = channel();
    fixture.db.on_foreign_write(move || {
        let _ = noticed.send(());
    });
    fixture.insert(1).await.expect("stored");
    assert!(notices.try_recv().is_err(), "our own writes are not foreign");
    let other = Connection::open(fixture.dir.path().join("test.sqlite3")).expect("opens");
    other.execute("INSERT INTO numbers (n) VALUES (77)", []).expect("stored");
    notices.recv_timeout(Duration::from_secs(10)).expect("noticed while idle");
    assert_eq!(fixture.numbers(), [1, 77]);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_a_moment_and_never_wait() {
    let fixture = open();
    fixture.insert(1).await.expect("stored");
    let (release, held) = fixture.hold().await;
    assert_eq!(fixture.numbers(), [1], "reading goes on while the writer is busy");
    drop(release);
    held.await.expect("no panic").expect("stored");
    let refused = fixture.db.read(|reader| Ok::<_, Error>(reader.execute("INSERT INTO numbers (n) VALUES (9)", [])?));
    assert!(refused.is_err(), "a reader cannot write");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_query_is_given_up_in_time() {
    let fixture = open();
    let endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";
    let query = |limit| fixture.db.read_long(limit, move |reader| Ok::<i64, Error>(reader.query_row(endless, [], |row| row.get(0))?));
    assert!(query(Duration::from_millis(50)).await.is_err());
    let quick =
        fixture.db.read_long(Duration::from_secs(10), |reader| Ok::<i64, Error>(reader.query_row("SELECT 7", [], |row| row.get(0))?));
    assert_eq!(quick.await.expect("the thread is free again"), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wal_stays_bounded_when_a_reader_lets_go() {
    let fixture = open_with(|options| {
        options.checkpoint_after = 64 * 1024;
        options.wal_limit = 512 * 1024;
    });
    for n in 0..3_000 {
        fixture.insert(n).await.expect("stored");
    }
    assert!(fixture.db.status().wal_bytes < 2 * 1024 * 1024, "{}", fixture.db.status().wal_bytes);
}

#[test]
fn a_newer_schema_a_broken_migration_and_a_second_process_are_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("test.sqlite3");
    let open = |migrations: &[Migration]| Db::<i64>::open(Options::new(&path), migrations, |_| {});
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let first = open(&SCHEMA).expect("opens");
    assert!(matches!(open(&SCHEMA), Err(OpenError::Locked(_))));
    assert!(runtime.block_on(first.drain(Duration::from_secs(10))));
    let broken = [
        Migration { version: 1, name: "numbers", step: Step::Sql("") },
        Migration { version: 2, name: "broken", step: Step::Sql("CREATE TABLE half (a); CREATE TABLE numbers (a)") },
    ];
    assert!(matches!(open(&broken), Err(OpenError::Migration { version: 2, .. })));
    let conn = Connection::open(&path).expect("opens");
    assert!(!conn.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").expect("valid").exists([]).expect("reads"));
    conn.execute("INSERT INTO campfire_migrations VALUES (9, 'future', 0)", []).expect("stored");
    assert!(matches!(open(&SCHEMA), Err(OpenError::NewerSchema { found: 9, known: 1 })));
    std::fs::write(dir.path().join("junk.sqlite3"), vec![b'x'; 8192]).expect("written");
    let junk = Db::<i64>::open(Options::new(dir.path().join("junk.sqlite3")), &SCHEMA, |_| {});
    assert!(matches!(junk, Err(OpenError::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_mix_of_good_and_bad_writes_equals_a_model(good in prop::collection::vec(any::<bool>(), 1..60)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let fixture = Arc::new(open());
        let expected = good.iter().enumerate().filter(|(_, good)| **good).map(|(n, _)| n as i64).collect::<Vec<_>>();
        runtime.block_on(async {
            let writes = good.iter().copied().enumerate().map(|(n, good)| {
                let fixture = fixture.clone();
                tokio::spawn(async move {
                    let result = fixture.db.write(move |tx| {
                        tx.execute("INSERT INTO numbers (n) VALUES (?1)", [n as i64])?;
                        tx.announce(n as i64);
                        if good { Ok(()) } else { Err(Error::TimedOut) }
                    }).await;
                    assert_eq!(result.is_ok(), good);
                })
            });
            for write in writes.collect::<Vec<_>>() {
                write.await.expect("no panic");
            }
        });
        let mut published = fixture.published();
        published.sort_unstable();
        prop_assert_eq!(&published, &expected);
        prop_assert_eq!(fixture.numbers(), expected);
    }
}
