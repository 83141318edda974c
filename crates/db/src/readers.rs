//! Reading: a pool of connections for short queries on the caller's own thread, and threads of their own for long ones.

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

/// A connection that can only read.
pub struct Reader<'a>(pub(crate) &'a Connection);

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

/// The connections for short queries.
pub(crate) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
    patience: Duration,
}

impl Pool {
    pub(crate) fn open(options: &Options) -> rusqlite::Result<Self> {
        let idle = (0..options.readers.max(1)).map(|_| options.reader()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new(), patience: options.patience })
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
        let taken = Taken { conn: Some(self.take()?), pool: self };
        Ok(work(&Reader(taken.conn.as_ref().expect("a connection is held until the end"))))
    }

    fn take(&self) -> Result<Connection, Error> {
        let mut idle = self.idle.lock();
        let deadline = Instant::now() + self.patience;
        loop {
            if let Some(conn) = idle.pop() {
                return Ok(conn);
            }
            if self.returned.wait_until(&mut idle, deadline).timed_out() {
                return Err(Error::Busy);
            }
        }
    }
}

/// Gives its connection back, also when the query panics.
struct Taken<'a> {
    conn: Option<Connection>,
    pool: &'a Pool,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.pool.idle.lock().extend(self.conn.take());
        self.pool.returned.notify_one();
    }
}

type LongJob = Box<dyn FnOnce(&Connection) + Send>;

/// The threads for long queries.
#[derive(Clone)]
pub(crate) struct LongReaders(mpsc::Sender<LongJob>);

impl LongReaders {
    pub(crate) fn start(options: &Options) -> Result<Self, OpenError> {
        let (queue, jobs) = mpsc::channel::<LongJob>(LONG_QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..options.long_readers.max(1) {
            let damaged = |error: rusqlite::Error| OpenError::Damaged { path: options.path.clone(), problem: error.to_string() };
            let (conn, jobs) = (options.reader().map_err(damaged)?, jobs.clone());
            std::thread::Builder::new().name("long read".into()).spawn(move || serve(&conn, &jobs))?;
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
            drop(answer.send(interruptible(conn, stop, || work(&Reader(conn)))));
        });
        self.0.try_send(job).map_err(|_| Error::Busy)?;
        match tokio::time::timeout_at(deadline.into(), answered).await {
            Ok(Ok(result)) => result.unwrap_or_else(|error| Err(error.into())),
            Ok(Err(_)) | Err(_) => Err(Error::TimedOut.into()),
        }
    }
}

/// Runs a query that SQLite gives up as soon as `stop` says so.
fn interruptible<T, Er: From<Error>>(
    conn: &Connection,
    stop: impl Fn() -> bool + Send + 'static,
    work: impl FnOnce() -> Result<T, Er>,
) -> Result<Result<T, Er>, Error> {
    if stop() {
        return Err(Error::TimedOut);
    }
    conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(stop));
    let result = catch_unwind(AssertUnwindSafe(work)).map_err(|_| Error::Panicked);
    conn.progress_handler(0, None::<fn() -> bool>);
    result
}

fn serve(conn: &Connection, jobs: &Mutex<mpsc::Receiver<LongJob>>) {
    loop {
        let job = jobs.lock().blocking_recv();
        match job {
            Some(job) => job(conn),
            None => return,
        }
    }
}
