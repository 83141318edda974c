//! An SQLite engine for programs that must not lose acknowledged writes: one writer that commits
//! many writes with one disk sync (group commit), readers that never wait for it, and events that
//! are published only after their commit.
//!
//! It defines no tables. A program passes it migrations and closures:
//!
//! ```
//! use db::{Db, Migration, Options, Step};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! let migrations = [Migration { version: 1, name: "notes", step: Step::Sql("CREATE TABLE notes (text text NOT NULL)") }];
//! let db = Db::open(Options::new(dir.path().join("notes.sqlite3")), &migrations, |events: Vec<&str>| println!("{events:?}"))?;
//! db.write(|tx| {
//!     tx.execute("INSERT INTO notes (text) VALUES (?1)", ["hello"])?;
//!     tx.publish("a note was written"); // published after the commit, before `write` returns
//!     Ok::<_, db::Error>(())
//! })
//! .await?;
//! let notes: i64 = db.read(|reader| Ok::<_, db::Error>(reader.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?))?;
//! assert_eq!(notes, 1);
//! # Ok(()) }
//! ```
//!
//! Guarantees:
//! - A write that returned `Ok` is on disk (`synchronous = FULL`). One that returned `Err` left
//!   nothing behind.
//! - A write whose future is dropped is stored completely or not at all.
//! - Events are published in commit order, and before any writer of their batch gets its result.
//! - A closure that fails or panics is rolled back alone. If a commit fails, no writer of the batch
//!   gets `Ok` and no event is published.
//! - A read closure sees one consistent snapshot.
//! - While the disk is full, writes fail with [`Error::Unwritable`], reads continue, and writes
//!   resume automatically once there is space.

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
/// The type that [`Reader`] and [`Tx`] dereference to, for functions that accept either.
pub use rusqlite::Connection;
pub use tx::{BatchWork, Tx};

use checkpoint::Checkpointer;
use readers::{LongReaders, Pool};
use writer::{Job, Message, Writer};

/// A database handle; cheap to clone. `E` is the type of events that writes publish.
pub struct Db<E>(Arc<Inner<E>>);

impl<E> Clone for Db<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Inner<E> {
    /// The writer's queue. [`Db::drain`] removes it; the writer then finishes the queued writes and
    /// stops.
    queue: Mutex<Option<mpsc::Sender<Message<E>>>>,
    pool: Pool,
    long: LongReaders,
    shared: Arc<Shared>,
    write_timeout: Duration,
    path: PathBuf,
    /// `true` once the writer has stopped.
    ended: watch::Receiver<bool>,
}

/// State shared by the writer and its callers.
#[derive(Default)]
pub(crate) struct Shared {
    waiting: AtomicUsize,
    commits: AtomicU64,
    writes: AtomicU64,
    largest_batch: AtomicUsize,
    external_writes: AtomicU64,
    failing: Mutex<Option<String>>,
    external_write_callbacks: Mutex<Vec<Box<dyn Fn() + Send + Sync>>>,
}

/// A snapshot of the engine's gauges and counters.
#[derive(Debug, Clone)]
pub struct Status {
    /// Writes waiting in the queue.
    pub waiting: usize,
    /// Commits since the process started.
    pub commits: u64,
    /// Writes in those commits.
    pub writes: u64,
    /// Writes in the largest commit.
    pub largest_batch: usize,
    /// Size of the write-ahead log file, in bytes.
    pub wal_bytes: u64,
    /// The error, while the database cannot be written.
    pub failing: Option<String>,
    /// Number of times a write by another process was detected.
    pub external_writes: u64,
}

impl<E: Send + 'static> Db<E> {
    /// Opens the database, applies missing migrations and starts the engine's threads.
    ///
    /// `publish` runs on the writer's thread after each commit with the batch's events, before any
    /// of its writers gets a result, so it must be fast. Sending to a bounded channel is a good
    /// choice: when the receiver falls behind, writes slow down instead of memory growing.
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
        let checkpointer = Checkpointer::start(&options, &conn, periodic_check(queue.downgrade()))?;
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
                tracing::error!("the database writer panicked and has stopped; restart the server");
                *known.failing.lock() =
                    Some("the writer has stopped after an internal error".into());
            }
            // Callbacks may hold this database; keeping them would leak it.
            known.external_write_callbacks.lock().clear();
            // Released only after the last checkpoint: the next process must not open a file that
            // is still being written.
            drop(lock);
            end.send_replace(true);
        })?;
        Ok(Self(Arc::new(Inner {
            queue: Mutex::new(Some(queue)),
            pool,
            long,
            shared,
            write_timeout: options.write_timeout,
            path: options.path,
            ended,
        })))
    }

    /// Runs `work` in a transaction and returns once it is on disk. `work` runs on the writer's
    /// thread, in queue order; it should only execute SQL.
    ///
    /// Dropping the future before the write is queued cancels it. Afterwards the write is executed
    /// anyway, completely or not at all.
    ///
    /// # Errors
    /// The error of `work`, whose writes are rolled back, or an [`Error`] of the engine.
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
        // Counted before the writer can see it, so that the count never goes below zero.
        let guard = WaitingGuard::new(&self.0.shared.waiting);
        match queue.try_send(message) {
            Ok(()) => {}
            Err(TrySendError::Full(message)) => {
                match tokio::time::timeout(self.0.write_timeout, queue.reserve()).await {
                    Ok(Ok(permit)) => permit.send(message),
                    Ok(Err(_)) => return Err(Error::Stopped.into()),
                    Err(_) => return Err(Error::Busy.into()),
                }
            }
            Err(TrySendError::Closed(_)) => return Err(Error::Stopped.into()),
        }
        guard.keep();
        // Draining waits until all senders are dropped.
        drop(queue);
        answered.await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    /// Runs a short query on the calling thread. It never waits for writers. If more than
    /// [`Options::readers`] threads read at once, it waits up to [`Options::read_timeout`] for a
    /// connection. Use [`Db::read_long`] for queries without a bound.
    ///
    /// # Errors
    /// The error of `work`, or [`Error::Busy`].
    pub fn read<T, Er: From<Error>>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, Er>,
    ) -> Result<T, Er> {
        self.0.pool.read(work).unwrap_or_else(|error| Err(error.into()))
    }

    /// Runs a long query on a separate thread. It is cancelled after `limit`, which includes the
    /// wait for a thread, or when the future is dropped. Only SQL can be cancelled: long
    /// computations in `work` must check the time themselves.
    ///
    /// # Errors
    /// The error of `work`, [`Error::TimedOut`], or [`Error::Busy`] if too many queries are waiting.
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

    /// Returns the current gauges and counters.
    pub fn status(&self) -> Status {
        let shared = &self.0.shared;
        Status {
            waiting: shared.waiting.load(Ordering::Relaxed),
            commits: shared.commits.load(Ordering::Relaxed),
            writes: shared.writes.load(Ordering::Relaxed),
            largest_batch: shared.largest_batch.load(Ordering::Relaxed),
            wal_bytes: checkpoint::wal_bytes(&self.0.path),
            failing: shared.failing.lock().clone(),
            external_writes: shared.external_writes.load(Ordering::Relaxed),
        }
    }

    /// Registers a callback that runs on the writer's thread after another process wrote to the
    /// database. The write is detected within about a second, and before any later write runs. The
    /// callback must be fast and must not write; it is dropped when the engine has drained.
    pub fn on_external_write(&self, callback: impl Fn() + Send + Sync + 'static) {
        self.0.shared.external_write_callbacks.lock().push(Box::new(callback));
    }

    /// Rejects new writes, finishes the queued ones, checkpoints the WAL and releases the lock.
    /// Reading still works. Returns `false` if that took longer than `limit`.
    pub async fn drain(&self, limit: Duration) -> bool {
        drop(self.0.queue.lock().take());
        let mut ended = self.0.ended.clone();
        tokio::time::timeout(limit, ended.wait_for(|ended| *ended))
            .await
            .is_ok_and(|ended| ended.is_ok())
    }
}

/// A queued closure and the channel for its result.
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
            tracing::error!("a write panicked and was rolled back");
            Err(Error::Panicked.into())
        });
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match (outcome, self.result) {
            // A closure's own error takes precedence over the batch's outcome.
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(result)) => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(Error::Stopped.into()),
        };
        // The caller may have gone away.
        drop(self.answer.send(result));
    }
}

/// Counts a write that is waiting for space in the queue; dropping it undoes the count.
struct WaitingGuard<'a>(&'a AtomicUsize);

impl<'a> WaitingGuard<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    /// The writer decrements the count from here on.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for WaitingGuard<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Makes an idle writer check for external writes, until the queue is closed.
fn periodic_check<E: Send + 'static>(
    queue: mpsc::WeakSender<Message<E>>,
) -> impl FnMut() + Send + 'static {
    move || {
        if let Some(queue) = queue.upgrade() {
            // A full queue means a busy writer, which checks with each batch.
            drop(queue.try_send(Message::CheckExternalWrites));
        }
    }
}
