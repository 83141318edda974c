//! Readers: a pool of connections for short queries on the caller's thread, and dedicated threads
//! for long ones.
//!
//! Each closure reads from one snapshot, taken at its first query, so the results of its queries
//! are consistent.

use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{Error, OpenError, Options};

/// Maximum number of long queries waiting for a thread; each may take seconds.
const LONG_QUEUE: usize = 64;

/// SQLite virtual machine steps between two checks of the time limit: some microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 1000;

/// A read-only connection with a consistent snapshot.
pub struct Reader<'a>(&'a Connection);

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

/// Runs `work` on one snapshot and ends it, even if `work` panics: a snapshot that stays open would
/// prevent the WAL from ever restarting.
fn on_snapshot<T>(conn: &Connection, work: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
    struct SnapshotGuard<'a>(&'a Connection);
    impl Drop for SnapshotGuard<'_> {
        fn drop(&mut self) {
            if !self.0.is_autocommit()
                && let Err(error) =
                    self.0.prepare_cached("COMMIT").and_then(|mut end| end.execute([]))
            {
                tracing::error!(%error, "failed to end a snapshot");
            }
        }
    }
    conn.prepare_cached("BEGIN")?.execute([])?;
    let guard = SnapshotGuard(conn);
    Ok(work(&Reader(guard.0)))
}

/// The connections for short queries, opened on demand: each has its own schema and page cache.
pub(crate) struct Pool {
    idle: Mutex<Idle>,
    returned: Condvar,
    options: Options,
}

struct Idle {
    /// Last in, first out: the most recently used one has a warm cache.
    connections: Vec<Connection>,
    /// How many more may be opened.
    unopened: usize,
}

impl Pool {
    pub(crate) fn open(options: &Options) -> rusqlite::Result<Self> {
        // Opening the first one at startup reveals problems with the file.
        let connections = vec![connect(options)?];
        let unopened = options.readers.max(1) - 1;
        Ok(Self {
            idle: Mutex::new(Idle { connections, unopened }),
            returned: Condvar::new(),
            options: options.clone(),
        })
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
        let taken = PooledConnection { conn: Some(self.take()?), pool: self };
        on_snapshot(taken.conn.as_ref().expect("the connection is present until drop"), work)
    }

    fn take(&self) -> Result<Connection, Error> {
        let mut idle = self.idle.lock();
        let deadline = Instant::now() + self.options.read_timeout;
        let mut timed_out = false;
        loop {
            if let Some(conn) = idle.connections.pop() {
                return Ok(conn);
            }
            if idle.unopened > 0 {
                idle.unopened -= 1;
                drop(idle);
                return connect(&self.options)
                    .inspect_err(|_| self.idle.lock().unopened += 1)
                    .map_err(Error::from);
            }
            if timed_out {
                return Err(Error::Busy);
            }
            timed_out = self.returned.wait_until(&mut idle, deadline).timed_out();
        }
    }
}

fn connect(options: &Options) -> rusqlite::Result<Connection> {
    let conn = options.reader()?;
    // This connection blocks threads that others need.
    conn.busy_timeout(options.read_timeout)?;
    Ok(conn)
}

/// Returns its connection to the pool, even if the query panics.
struct PooledConnection<'a> {
    conn: Option<Connection>,
    pool: &'a Pool,
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        self.pool.idle.lock().connections.extend(self.conn.take());
        self.pool.returned.notify_one();
    }
}

type LongJob = Box<dyn FnOnce(rusqlite::Result<&Connection>) + Send>;

/// The threads for long queries; they stop when this is dropped.
pub(crate) struct LongReaders(mpsc::Sender<LongJob>);

impl LongReaders {
    pub(crate) fn start(options: &Options) -> Result<Self, OpenError> {
        let (queue, jobs) = mpsc::channel::<LongJob>(LONG_QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..options.long_readers.max(1) {
            let (options, jobs) = (options.clone(), jobs.clone());
            std::thread::Builder::new()
                .name("long read".into())
                .spawn(move || serve(&options, &jobs))?;
        }
        Ok(Self(queue))
    }

    pub(crate) async fn read<T, Er>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Reader<'_>) -> Result<T, Er> + Send + 'static,
    ) -> Result<T, Er>
    where
        T: Send + 'static,
        Er: From<Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let deadline = Instant::now() + limit;
        // Dropped with this future, which cancels a query whose caller is gone.
        let caller = Arc::new(());
        let watch = Arc::downgrade(&caller);
        let job: LongJob = Box::new(move |conn| {
            let stop = move || watch.strong_count() == 0 || Instant::now() >= deadline;
            let result = conn
                .map_err(|error| Error::from(error).into())
                .and_then(|conn| interruptible(conn, stop, work));
            // The caller may have gone away.
            drop(answer.send(result));
        });
        self.0.try_send(job).map_err(|_| Error::Busy)?;
        match tokio::time::timeout_at(deadline.into(), answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Error::Panicked.into()),
            Err(_) => Err(Error::TimedOut.into()),
        }
    }
}

/// Runs a query that SQLite cancels as soon as `stop` returns true.
fn interruptible<T, Er: From<Error>>(
    conn: &Connection,
    stop: impl Fn() -> bool + Send + 'static,
    work: impl FnOnce(&Reader<'_>) -> Result<T, Er>,
) -> Result<T, Er> {
    if stop() {
        return Err(Error::TimedOut.into());
    }
    conn.progress_handler(STEPS_BETWEEN_CHECKS, Some(stop));
    let result = catch_unwind(AssertUnwindSafe(|| on_snapshot(conn, work)));
    conn.progress_handler(0, None::<fn() -> bool>);
    match result {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Error::Panicked.into()),
    }
}

/// Runs long queries; opens its connection for the first one, because many servers never have any.
fn serve(options: &Options, jobs: &Mutex<mpsc::Receiver<LongJob>>) {
    let mut opened = None;
    loop {
        // The lock is released before the work starts.
        let job = jobs.lock().blocking_recv();
        let Some(job) = job else { return };
        match &opened {
            Some(conn) => job(Ok(conn)),
            None => match options.reader() {
                Ok(conn) => job(Ok(opened.insert(conn))),
                Err(error) => job(Err(error)),
            },
        }
    }
}
