//! A small database of notes, and ways to hold its writer still.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use db::{BatchWork, Db, Error, Migration, OpenError, Options, Step, Tx};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than anything here takes on a busy machine: only a broken engine waits for it.
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

/// A database in a directory of its own, and what it published, commit by commit.
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

    /// The notes that a reader finds, in the order of their writing.
    pub fn texts(&self) -> Vec<String> {
        texts(&self.db)
    }

    /// A connection of somebody else's.
    pub fn foreigner(&self) -> Connection {
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

/// Writes a note and announces it.
pub fn note(tx: &mut NoteTx<'_>, text: &str) -> Result<(), Error> {
    tx.prepare_cached("INSERT INTO notes (text) VALUES (?1)")?.execute([text])?;
    tx.announce(text.to_owned());
    Ok(())
}

/// Queues a note without waiting for it.
pub async fn queue_note(db: &Notes, text: impl Into<String>) -> JoinHandle<Result<(), Error>> {
    let text = text.into();
    queue(db, move |tx| note(tx, &text)).await
}

/// Queues a write without waiting for it. On the single-threaded runtime of a test it has its place
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

/// The writer, held still inside a write. What is queued meanwhile becomes one batch.
pub struct Held {
    release: Sender<()>,
    write: JoinHandle<Result<(), Error>>,
}

impl Held {
    pub async fn new(db: &Notes) -> Self {
        Self::with(db, |_| Ok(())).await
    }

    /// Does some work first.
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
                "the test forgot to let the writer go"
            );
            Ok(())
        })
        .await;
        in_time(inside).await.unwrap();
        Self { release, write }
    }

    pub async fn let_go(self) {
        self.release.send(()).unwrap();
        in_time(self.write).await.unwrap().unwrap();
    }
}

/// The work of a batch that only notes what it was given.
pub struct First;
/// Another kind of it.
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

/// What the batches recorded, one entry per kind and batch.
pub fn work_done(db: &Notes) -> Vec<String> {
    column(db, "SELECT kind || ': ' || item FROM work ORDER BY rowid")
}

pub async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future).await.expect("it takes far too long")
}

/// Does `attempt` again and again until it says yes: for what other processes or other threads
/// decide.
pub async fn eventually(what: &str, mut attempt: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !attempt().await {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::task::yield_now().await;
    }
}
