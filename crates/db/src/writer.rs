//! Group commit: the writer thread takes all queued writes, commits them in one transaction with
//! one sync, publishes their events, then sends the results.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::checkpoint::Checkpointer;
use crate::tx::{Deferred, Tx};
use crate::{Error, Shared};

/// A queued write. It runs once inside the batch and gets its result once, after the commit.
pub(crate) trait Job<E>: Send {
    /// Runs the closure and stores its result. `false` if its writes must be rolled back.
    fn run(&mut self, tx: &mut Tx<'_, E>) -> bool;
    /// Sends the stored result; `Err` replaces it when the batch was not committed.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

pub(crate) enum Message<E> {
    Write(Box<dyn Job<E>>),
    /// Only check whether another process wrote.
    CheckExternalWrites,
}

/// The outcome of a batch without an error of its own.
#[derive(PartialEq)]
enum Batch {
    Committed,
    /// Every closure failed, so nothing was written and the state of the disk is unknown.
    Empty,
}

pub(crate) struct Writer<E> {
    pub(crate) conn: Connection,
    pub(crate) queue: mpsc::Receiver<Message<E>>,
    pub(crate) publish: Box<dyn FnMut(Vec<E>) + Send>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) checkpointer: Checkpointer,
    pub(crate) max_batch: usize,
    pub(crate) deferred: Deferred,
    /// `PRAGMA data_version` at the last check: it changes only when another connection commits,
    /// and no other connection of this process does.
    pub(crate) data_version: i64,
    pub(crate) probe_after: Duration,
    /// When a batch last failed because of the storage.
    pub(crate) failed_at: Option<Instant>,
}

impl<E: Send + 'static> Writer<E> {
    /// Runs until all senders are dropped and the queue is empty.
    pub(crate) fn run(mut self) {
        let mut messages = Vec::with_capacity(self.max_batch);
        let mut jobs = Vec::with_capacity(self.max_batch);
        // No artificial delay: an idle database commits a single write at once, a busy one finds
        // many queued.
        while self.queue.blocking_recv_many(&mut messages, self.max_batch) > 0 {
            jobs.extend(messages.drain(..).filter_map(|message| match message {
                Message::Write(job) => Some(job),
                Message::CheckExternalWrites => None,
            }));
            if jobs.is_empty() {
                self.check_external_writes();
                self.probe_if_failing();
            } else {
                self.shared.waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
                self.commit(&mut jobs);
            }
        }
        self.checkpointer.finish(&self.conn);
    }

    fn commit(&mut self, jobs: &mut Vec<Box<dyn Job<E>>>) {
        let mut events = Vec::new();
        let outcome = self.run_batch(jobs, &mut events);
        if outcome.is_err() {
            self.deferred.clear();
            self.roll_back();
        }
        self.record(&outcome);
        match outcome {
            Ok(batch) => {
                if batch == Batch::Committed {
                    self.count(jobs.len());
                    self.publish_events(events);
                }
                jobs.drain(..).for_each(|job| job.answer(Ok(())));
                if batch == Batch::Committed {
                    self.checkpointer.committed(&self.conn);
                }
            }
            Err(error) => jobs.drain(..).for_each(|job| job.answer(Err(error.duplicate()))),
        }
    }

    fn run_batch(
        &mut self,
        jobs: &mut [Box<dyn Job<E>>],
        events: &mut Vec<E>,
    ) -> Result<Batch, Error> {
        self.statement("BEGIN IMMEDIATE")?;
        // The transaction blocks other writers from here on, so no closure runs with cached data
        // that is older than the database.
        self.check_external_writes();
        // A single write needs no savepoint: rolling it back is rolling back the transaction.
        let is_single = jobs.len() == 1;
        let mut succeeded = false;
        for job in jobs {
            let events_before = events.len();
            self.deferred.mark();
            if !is_single {
                self.statement("SAVEPOINT work")?;
            }
            let success =
                job.run(&mut Tx { conn: &self.conn, events, deferred: &mut self.deferred });
            if self.conn.is_autocommit() {
                // A full disk or an I/O error made SQLite roll back the transaction: all writes of
                // the batch are gone.
                return Err(Error::RolledBack);
            }
            succeeded |= success;
            if !success {
                events.truncate(events_before);
                self.deferred.undo();
                if !is_single {
                    self.statement("ROLLBACK TO work")?;
                }
            }
            if !is_single {
                self.statement("RELEASE work")?;
            }
        }
        if !succeeded {
            self.statement("ROLLBACK")?;
            return Ok(Batch::Empty);
        }
        match catch_unwind(AssertUnwindSafe(|| self.deferred.finish(&self.conn))) {
            Ok(done) => done?,
            Err(_) => return Err(Error::Panicked),
        }
        self.statement("COMMIT")?;
        Ok(Batch::Committed)
    }

    fn statement(&self, sql: &str) -> Result<(), Error> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "failed to roll back");
        }
    }

    fn publish_events(&mut self, events: Vec<E>) {
        if !events.is_empty() && catch_unwind(AssertUnwindSafe(|| (self.publish)(events))).is_err()
        {
            tracing::error!("publishing events panicked; the commit is kept");
        }
    }

    fn count(&self, writes: usize) {
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        self.shared.writes.fetch_add(writes as u64, Ordering::Relaxed);
        self.shared.largest_batch.fetch_max(writes, Ordering::Relaxed);
    }

    /// Logs once when writing starts to fail, and once when it works again.
    fn record(&mut self, outcome: &Result<Batch, Error>) {
        let mut failing = self.shared.failing.lock();
        match outcome {
            Ok(Batch::Empty) => {}
            Ok(Batch::Committed) => {
                self.failed_at = None;
                if failing.take().is_some() {
                    tracing::info!("the database is writable again");
                }
            }
            Err(error) => match error.outage() {
                Some(cause) => {
                    self.failed_at = Some(Instant::now());
                    if failing.is_none() {
                        tracing::error!(%cause, "cannot write to the database; rejecting writes, reads continue; check the disk");
                        *failing = Some(cause);
                    }
                }
                None => tracing::error!(%error, "a batch was rolled back"),
            },
        }
    }

    /// Clients that stopped writing because of failures must learn when it works again: while no
    /// writes arrive, this rewrites one page unchanged.
    fn probe_if_failing(&mut self) {
        if self.failed_at.is_none_or(|at| at.elapsed() < self.probe_after) {
            return;
        }
        let outcome = self.probe();
        if outcome.is_err() {
            self.roll_back();
        }
        self.record(&outcome);
    }

    fn probe(&self) -> Result<Batch, Error> {
        self.statement("BEGIN IMMEDIATE")?;
        let version: i64 = self.conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        self.conn.execute_batch(&format!("PRAGMA user_version = {version}; COMMIT"))?;
        Ok(Batch::Committed)
    }

    fn check_external_writes(&mut self) {
        match self
            .conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        {
            Ok(version) if version != self.data_version => {
                self.data_version = version;
                self.shared.external_writes.fetch_add(1, Ordering::Relaxed);
                tracing::info!("another process wrote to the database");
                for callback in self.shared.external_write_callbacks.lock().iter() {
                    if catch_unwind(AssertUnwindSafe(callback)).is_err() {
                        tracing::error!("a callback for external writes panicked");
                    }
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "failed to check for external writes"),
        }
    }
}
