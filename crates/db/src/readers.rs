//! Reading: a pool of connections for short queries on the caller's own thread, and threads of
//! their own for long ones.
//!
//! Each closure reads from one snapshot, taken at its first query: what several queries of one
//! closure see belongs together.

use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{Error, OpenError, Options};

/// Long queries that may wait for a thread; more are refused, because each may take seconds.
const LONG_QUEUE: usize = 64;

/// Steps of SQLite's machine between two looks at the clock: some microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1000;

/// A connection that can only read, at one moment of the database.
pub struct Reader<'a>(&'a Connection);

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

/// Runs `work` on one snapshot and lets go of it, also when `work` panics: a snapshot that stays
/// would stop the WAL from ever starting over.
fn on_snapshot<T>(conn: &Connection, work: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
    struct Held<'a>(&'a Connection);
    impl Drop for Held<'_> {
        fn drop(&mut self) {
            if !self.0.is_autocommit()
                && let Err(error) =
                    self.0.prepare_cached("COMMIT").and_then(|mut end| end.execute([]))
            {
                tracing::error!(%error, "could not let go of a snapshot");
            }
        }
    }
    conn.prepare_cached("BEGIN")?.execute([])?;
    let held = Held(conn);
    Ok(work(&Reader(held.0)))
}

/// The connections for short queries, opened when they are first needed: each holds the schema and
/// pages of its own.
pub(crate) struct Pool {
    idle: Mutex<Idle>,
    returned: Condvar,
    options: Options,
}

struct Idle {
    /// The one that was used last is used next: its cache is warm.
    connections: Vec<Connection>,
    /// So many more may be opened.
    unopened: usize,
}

impl Pool {
    pub(crate) fn open(options: &Options) -> rusqlite::Result<Self> {
        // The first one shows at the start what is wrong with the file.
        let connections = vec![connect(options)?];
        let unopened = options.readers.max(1) - 1;
        Ok(Self {
            idle: Mutex::new(Idle { connections, unopened }),
            returned: Condvar::new(),
            options: options.clone(),
        })
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
        let taken = Taken { conn: Some(self.take()?), pool: self };
        on_snapshot(taken.conn.as_ref().expect("a connection is held until the end"), work)
    }

    fn take(&self) -> Result<Connection, Error> {
        let mut idle = self.idle.lock();
        let deadline = Instant::now() + self.options.read_patience;
        let mut too_late = false;
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
            if too_late {
                return Err(Error::Busy);
            }
            too_late = self.returned.wait_until(&mut idle, deadline).timed_out();
        }
    }
}

fn connect(options: &Options) -> rusqlite::Result<Connection> {
    let conn = options.reader()?;
    // This connection waits on threads that others need.
    conn.busy_timeout(options.read_patience)?;
    Ok(conn)
}

/// Gives its connection back, also when the query panics.
struct Taken<'a> {
    conn: Option<Connection>,
    pool: &'a Pool,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.pool.idle.lock().connections.extend(self.conn.take());
        self.pool.returned.notify_one();
    }
}

type LongJob = Box<dyn FnOnce(rusqlite::Result<&Connection>) + Send>;

/// The threads for long queries; they end when this is dropped.
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
        // Dropped with this future, so that a query nobody waits for is given up too.
        let wanted = Arc::new(());
        let watch = Arc::downgrade(&wanted);
        let job: LongJob = Box::new(move |conn| {
            let stop = move || watch.strong_count() == 0 || Instant::now() >= deadline;
            let result = conn
                .map_err(|error| Error::from(error).into())
                .and_then(|conn| interruptible(conn, stop, work));
            // Whoever asked may have gone away.
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

/// Runs a query that SQLite gives up as soon as `stop` says so.
fn interruptible<T, Er: From<Error>>(
    conn: &Connection,
    stop: impl Fn() -> bool + Send + 'static,
    work: impl FnOnce(&Reader<'_>) -> Result<T, Er>,
) -> Result<T, Er> {
    if stop() {
        return Err(Error::TimedOut.into());
    }
    conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(stop));
    let result = catch_unwind(AssertUnwindSafe(|| on_snapshot(conn, work)));
    conn.progress_handler(0, None::<fn() -> bool>);
    match result {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Error::Panicked.into()),
    }
}

/// Opens its connection for the first query: many servers never have a long one.
fn serve(options: &Options, jobs: &Mutex<mpsc::Receiver<LongJob>>) {
    let mut opened = None;
    loop {
        // The lock is let go before the work begins; who waits for it waits for work anyway.
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
