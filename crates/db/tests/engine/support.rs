//! A small database of notes, and a way to pause its writer.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use db::{BatchWork, Db, Error, Migration, OpenError, Options, Step, Tx};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than any step takes on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(30);

pub const MIGRATIONS: [Migration; 1] = [Migration {
    version: 1,
    name: "notes",
    step: Step::Sql(
        "CREATE TABLE notes (id integer PRIMARY KEY, text text NOT NULL UNIQUE);
         CREATE TABLE replies (note_id integer NOT NULL REFERENCES notes (id));
         CREATE TABLE work (kind text NOT NULL, item text NOT NULL);",
    ),
}];

pub type Notes = Db<String>;
pub type NoteTx<'a> = Tx<'a, String>;

/// A database in a temporary directory, and its published events, batch by batch.
pub struct Storage {
    pub db: Notes,
    pub published: Arc<Mutex<Vec<Vec<String>>>>,
    pub path: PathBuf,
    pub dir: TempDir,
}

impl Storage {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Options)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.sqlite3");
        let mut options = Options::new(&path);
        change(&mut options);
        let published: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let log = published.clone();
        let db =
            Db::open(options, &MIGRATIONS, move |events| log.lock().unwrap().push(events)).unwrap();
        Self { db, published, path, dir }
    }

    pub fn published(&self) -> Vec<String> {
        self.published.lock().unwrap().concat()
    }

    /// The stored notes, in insertion order.
    pub fn texts(&self) -> Vec<String> {
        texts(&self.db)
    }

    /// A connection outside of the engine, as another process would have.
    pub fn external_connection(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

pub fn reopen(path: &PathBuf) -> Result<Notes, OpenError> {
    Db::open(Options::new(path), &MIGRATIONS, |_| {})
}

pub fn texts(db: &Notes) -> Vec<String> {
    column(db, "SELECT text FROM notes ORDER BY id")
}

pub fn column(db: &Notes, sql: &str) -> Vec<String> {
    db.read(|reader| {
        let mut statement = reader.prepare(sql)?;
        let rows =
            statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        Ok::<_, Error>(rows)
    })
    .unwrap()
}

/// Inserts a note and publishes its text.
pub fn note(tx: &mut NoteTx<'_>, text: &str) -> Result<(), Error> {
    tx.prepare_cached("INSERT INTO notes (text) VALUES (?1)")?.execute([text])?;
    tx.publish(text.to_owned());
    Ok(())
}

/// Queues a note without waiting for it.
pub async fn queue_note(db: &Notes, text: impl Into<String>) -> JoinHandle<Result<(), Error>> {
    let text = text.into();
    queue(db, move |tx| note(tx, &text)).await
}

/// Queues a write without waiting for it. On a test's single-threaded runtime it is in the queue
/// when this returns.
pub async fn queue(
    db: &Notes,
    work: impl FnOnce(&mut NoteTx<'_>) -> Result<(), Error> + Send + 'static,
) -> JoinHandle<Result<(), Error>> {
    let db = db.clone();
    let task = tokio::spawn(async move { db.write(work).await });
    tokio::task::yield_now().await;
    task
}

/// A writer paused inside a write. Writes queued meanwhile become one batch.
pub struct PausedWriter {
    release: Sender<()>,
    write: JoinHandle<Result<(), Error>>,
}

impl PausedWriter {
    pub async fn new(db: &Notes) -> Self {
        Self::with(db, |_| Ok(())).await
    }

    /// Runs `work` before pausing.
    pub async fn with(
        db: &Notes,
        work: impl FnOnce(&mut NoteTx<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Self {
        let (entered, inside) = oneshot::channel();
        let (release, released) = channel();
        let write = queue(db, move |tx| {
            work(tx)?;
            entered.send(()).unwrap();
            assert_ne!(
                released.recv_timeout(LIMIT),
                Err(RecvTimeoutError::Timeout),
                "the writer was not released"
            );
            Ok(())
        })
        .await;
        within_limit(inside).await.unwrap();
        Self { release, write }
    }

    pub async fn release(self) {
        self.release.send(()).unwrap();
        within_limit(self.write).await.unwrap().unwrap();
    }
}

/// Shared work that records its items.
pub struct First;
/// A second kind of shared work.
pub struct Second;

impl BatchWork for First {
    type Item = String;

    fn finish(conn: &Connection, items: Vec<String>) -> rusqlite::Result<()> {
        record(conn, "first", &items)
    }
}

impl BatchWork for Second {
    type Item = String;

    fn finish(conn: &Connection, items: Vec<String>) -> rusqlite::Result<()> {
        record(conn, "second", &items)
    }
}

fn record(conn: &Connection, kind: &str, items: &[String]) -> rusqlite::Result<()> {
    conn.execute("INSERT INTO work (kind, item) VALUES (?1, ?2)", [kind, &items.join(" ")])
        .map(|_| ())
}

/// The recorded items, one entry per kind and batch.
pub fn work_done(db: &Notes) -> Vec<String> {
    column(db, "SELECT kind || ': ' || item FROM work ORDER BY rowid")
}

pub async fn within_limit<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future).await.expect("timed out")
}

/// Repeats `attempt` until it returns true, for what other threads or processes decide.
pub async fn eventually(what: &str, mut attempt: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !attempt().await {
        assert!(Instant::now() < deadline, "timed out: {what}");
        tokio::task::yield_now().await;
    }
}
