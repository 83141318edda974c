//! An SQLite engine for programs that must not lose what they acknowledged: one writer that commits
//! many writes with one sync of the disk, readers that never wait for it, and announcements that
//! exist only after their commit.
//!
//! It knows no table. A program gives it migrations and closures:
//!
//! ```
//! use db::{Db, Migration, Options, Step};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! let migrations = [Migration { version: 1, name: "notes", step: Step::Sql("CREATE TABLE notes (text text NOT NULL)") }];
//! let db = Db::open(Options::new(dir.path().join("notes.sqlite3")), &migrations, |events: Vec<&str>| println!("{events:?}"))?;
//! db.write(|tx| {
//!     tx.execute("INSERT INTO notes (text) VALUES (?1)", ["hello"])?;
//!     tx.announce("a note was written"); // printed after the commit, before `write` returns
//!     Ok::<_, db::Error>(())
//! })
//! .await?;
//! let notes: i64 = db.read(|reader| Ok::<_, db::Error>(reader.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?))?;
//! assert_eq!(notes, 1);
//! # Ok(()) }
//! ```
//!
//! What holds:
//! - A write that returned `Ok` is on disk (`synchronous = FULL`). One that returned `Err` left
//!   nothing behind.
//! - A write whose future is dropped is either stored whole or not at all.
//! - Events are published in the order of the commits, and before any writer of their batch is
//!   answered.
//! - A closure that fails or panics undoes itself alone; a commit that fails acknowledges nobody
//!   and announces nothing.
//! - What a reading closure sees is the database at one moment.
//! - While the disk is full, writes fail with [`Error::Unwritable`], reads go on, and writes come
//!   back by themselves.

mod checkpoint;
mod error;
mod lock;
mod migrate;
mod options;
mod readers;
mod tx;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};

pub use error::{Error, OpenError};
pub use migrate::{Migration, Step};
pub use options::Options;
pub use readers::Reader;
/// What [`Reader`] and [`Tx`] both are underneath: for functions that serve either.
pub use rusqlite::Connection;
pub use tx::{BatchWork, Tx};

use checkpoint::Checkpointer;
use readers::{LongReaders, Pool};
use writer::{Job, Message, Writer};

/// A database; cheap to clone. `E` is what writes announce.
pub struct Db<E>(Arc<Inner<E>>);

impl<E> Clone for Db<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Inner<E> {
    /// The way to the writer; taken away by [`Db::drain`], after which the writer finishes what
    /// waits and ends.
    queue: Mutex<Option<mpsc::Sender<Message<E>>>>,
    pool: Pool,
    long: LongReaders,
    shared: Arc<Shared>,
    patience: Duration,
    path: PathBuf,
    /// Says `true` once the writer has ended.
    ended: watch::Receiver<bool>,
}

/// What the writer and its callers both see.
#[derive(Default)]
pub(crate) struct Shared {
    waiting: AtomicUsize,
    commits: AtomicU64,
    writes: AtomicU64,
    largest_batch: AtomicUsize,
    foreign_writes: AtomicU64,
    failing: Mutex<Option<String>>,
    foreign_write_callbacks: Mutex<Vec<Box<dyn Fn() + Send + Sync>>>,
}

/// How the engine is doing.
#[derive(Debug, Clone)]
pub struct Status {
    /// Writes that wait for the writer.
    pub waiting: usize,
    /// Commits since the start.
    pub commits: u64,
    /// Writes in them.
    pub writes: u64,
    /// Writes in the largest of them.
    pub largest_batch: usize,
    /// Bytes in the write-ahead log file.
    pub wal_bytes: u64,
    /// Why writing fails, while it does.
    pub failing: Option<String>,
    /// How often another process was seen to have written.
    pub foreign_writes: u64,
}

impl<E: Send + 'static> Db<E> {
    /// Opens the database, brings its schema up to date and starts the engine's threads.
    ///
    /// `publish` runs on the writer's thread after each commit with what was announced, before any
    /// writer of that batch is answered; it must be quick. A bounded channel that blocks when
    /// its reader falls behind is a good body for it: posting then slows down instead of memory
    /// growing.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        options: Options,
        migrations: &[Migration],
        publish: impl FnMut(Vec<E>) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let unusable = |error: rusqlite::Error| OpenError::sqlite(&options.path, &error);
        let lock = lock::take(&options.path)?;
        let mut conn = options.writer().map_err(unusable)?;
        migrate::run(&mut conn, &options.path, migrations)?;
        let pool = Pool::open(&options).map_err(unusable)?;
        let long = LongReaders::start(&options)?;
        let data_version =
            conn.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(unusable)?;
        let (queue, waiting) = mpsc::channel(options.write_queue.max(1));
        let checkpointer = Checkpointer::start(&options, &conn, reminder(queue.downgrade()))?;
        let (end, ended) = watch::channel(false);
        let shared = Arc::new(Shared::default());
        let writer = Writer {
            conn,
            queue: waiting,
            publish: Box::new(publish),
            shared: shared.clone(),
            checkpointer,
            max_batch: options.max_batch.max(1),
            deferred: tx::Deferred::default(),
            data_version,
            probe_after: options.probe_after,
            failed_at: None,
        };
        let known = shared.clone();
        std::thread::Builder::new().name("writer".into()).spawn(move || {
            if catch_unwind(AssertUnwindSafe(|| writer.run())).is_err() {
                tracing::error!(
                    "the database's writer panicked and has stopped; restart the server"
                );
                *known.failing.lock() =
                    Some("the writer has stopped after a fault of its own".into());
            }
            // What they hold may hold this database: nothing would ever be let go.
            known.foreign_write_callbacks.lock().clear();
            // Released only when everything is in the file: the next process must not start on half
            // of it.
            drop(lock);
            end.send_replace(true);
        })?;
        Ok(Self(Arc::new(Inner {
            queue: Mutex::new(Some(queue)),
            pool,
            long,
            shared,
            patience: options.patience,
            path: options.path,
            ended,
        })))
    }

    /// Runs `work` in a transaction and answers once it is on disk. `work` runs on the writer's
    /// thread, in the order in which writes found a place in the queue; it should do nothing
    /// but SQL.
    ///
    /// Dropping the future before it found a place drops the write; afterwards the write goes its
    /// way unheard, whole or not at all.
    ///
    /// # Errors
    /// What `work` answers, whose writes are then undone, or an [`Error`] of the engine.
    pub async fn write<T, Er>(
        &self,
        work: impl FnOnce(&mut Tx<'_, E>) -> Result<T, Er> + Send + 'static,
    ) -> Result<T, Er>
    where
        T: Send + 'static,
        Er: From<Error> + Send + 'static,
    {
        let queue = self.0.queue.lock().clone().ok_or(Error::Draining)?;
        let (answer, answered) = oneshot::channel();
        let message = Message::Write(Box::new(Write { work: Some(work), result: None, answer }));
        // Counted before the writer can see it, so that the count never falls below nothing.
        let counted = Counted::new(&self.0.shared.waiting);
        match queue.try_send(message) {
            Ok(()) => {}
            Err(TrySendError::Full(message)) => {
                match tokio::time::timeout(self.0.patience, queue.reserve()).await {
                    Ok(Ok(place)) => place.send(message),
                    Ok(Err(_)) => return Err(Error::Stopped.into()),
                    Err(_) => return Err(Error::Busy.into()),
                }
            }
            Err(TrySendError::Closed(_)) => return Err(Error::Stopped.into()),
        }
        counted.keep();
        // Draining waits until the last sender is gone.
        drop(queue);
        answered.await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    /// Runs a short query on the calling thread. It never waits for writers; if more threads read
    /// than [`Options::readers`], it waits for a connection, at most
    /// [`Options::read_patience`]. A query without a bound belongs into [`Db::read_long`].
    ///
    /// # Errors
    /// What `work` answers, or [`Error::Busy`].
    pub fn read<T, Er: From<Error>>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, Er>,
    ) -> Result<T, Er> {
        self.0.pool.read(work).unwrap_or_else(|error| Err(error.into()))
    }

    /// Runs a query that may take long on a thread of its own; it is given up after `limit`, which
    /// includes the time it waits for a thread, or when the future is dropped. Only SQL can be
    /// given up: code that computes for long must look at the time itself.
    ///
    /// # Errors
    /// What `work` answers, [`Error::TimedOut`], or [`Error::Busy`] when too many wait.
    pub async fn read_long<T, Er>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Reader<'_>) -> Result<T, Er> + Send + 'static,
    ) -> Result<T, Er>
    where
        T: Send + 'static,
        Er: From<Error> + Send + 'static,
    {
        self.0.long.read(limit, work).await
    }

    /// How the engine is doing.
    pub fn status(&self) -> Status {
        let shared = &self.0.shared;
        Status {
            waiting: shared.waiting.load(Ordering::Relaxed),
            commits: shared.commits.load(Ordering::Relaxed),
            writes: shared.writes.load(Ordering::Relaxed),
            largest_batch: shared.largest_batch.load(Ordering::Relaxed),
            wal_bytes: checkpoint::wal_bytes(&self.0.path),
            failing: shared.failing.lock().clone(),
            foreign_writes: shared.foreign_writes.load(Ordering::Relaxed),
        }
    }

    /// Calls `callback` on the writer's thread after another process wrote; noticed within about a
    /// second, and before any later write runs. It must be quick, must not write, and is let go
    /// of when the engine has drained.
    pub fn on_foreign_write(&self, callback: impl Fn() + Send + Sync + 'static) {
        self.0.shared.foreign_write_callbacks.lock().push(Box::new(callback));
    }

    /// Refuses new writes, finishes those that wait, moves the WAL into the file and lets go of it.
    /// Reading still works. `false` if that was not done within `limit`.
    pub async fn drain(&self, limit: Duration) -> bool {
        drop(self.0.queue.lock().take());
        let mut ended = self.0.ended.clone();
        tokio::time::timeout(limit, ended.wait_for(|ended| *ended))
            .await
            .is_ok_and(|ended| ended.is_ok())
    }
}

/// A queued closure with the way back to its caller.
struct Write<W, T, Er> {
    work: Option<W>,
    result: Option<Result<T, Er>>,
    answer: oneshot::Sender<Result<T, Er>>,
}

impl<E, W, T, Er> Job<E> for Write<W, T, Er>
where
    W: FnOnce(&mut Tx<'_, E>) -> Result<T, Er> + Send,
    T: Send,
    Er: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_, E>) -> bool {
        let Some(work) = self.work.take() else { return false };
        let result = catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| {
            tracing::error!("a write panicked and was undone");
            Err(Error::Panicked.into())
        });
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match (outcome, self.result) {
            // Who failed on their own account learns that, whatever became of the others.
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(result)) => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(Error::Stopped.into()),
        };
        // A caller who has gone away does not want the answer.
        drop(self.answer.send(result));
    }
}

/// Keeps count of a write that wants a place in the queue, and takes it back if the caller goes
/// away before it has one.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    /// From now on the writer takes it off.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Reminds an idle writer to look for foreign writes, for as long as there is a database.
fn reminder<E: Send + 'static>(
    queue: mpsc::WeakSender<Message<E>>,
) -> impl FnMut() + Send + 'static {
    move || {
        if let Some(queue) = queue.upgrade() {
            // A full queue means a busy writer, which looks at each batch anyway.
            drop(queue.try_send(Message::Look));
        }
    }
}
