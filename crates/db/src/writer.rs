//! The one writer: takes what waits, commits it together, publishes, then answers everyone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::checkpoint::Checkpointer;
use crate::tx::{Deferred, Tx};
use crate::{Error, Shared};

/// One queued write. It runs once inside the batch and is answered once, after the commit.
pub(crate) trait Job<E>: Send {
    /// Runs the closure and keeps its result. `false`: its work must be undone.
    fn run(&mut self, tx: &mut Tx<'_, E>) -> bool;
    /// Hands the kept result over; `Err` replaces it when the batch was not committed.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

pub(crate) enum Message<E> {
    Write(Box<dyn Job<E>>),
    /// Look whether another process wrote; nothing else.
    Look,
}

/// What became of a batch that met no error of its own.
#[derive(PartialEq)]
enum Batch {
    Committed,
    /// Every closure failed, so nothing was written, and nothing is known about the disk.
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
    /// `PRAGMA data_version` at the last look: it changes only when another connection commits.
    /// Ours is the only one of this process that does.
    pub(crate) data_version: i64,
    pub(crate) probe_after: Duration,
    /// When a batch last failed by a fault of the storage.
    pub(crate) failed_at: Option<Instant>,
}

impl<E: Send + 'static> Writer<E> {
    /// Runs until every sender is gone and the queue is empty.
    pub(crate) fn run(mut self) {
        let mut messages = Vec::with_capacity(self.max_batch);
        let mut jobs = Vec::with_capacity(self.max_batch);
        // No artificial delay: an idle database commits a lone write at once, a busy one finds many
        // waiting.
        while self.queue.blocking_recv_many(&mut messages, self.max_batch) > 0 {
            jobs.extend(messages.drain(..).filter_map(|message| match message {
                Message::Write(job) => Some(job),
                Message::Look => None,
            }));
            if jobs.is_empty() {
                self.look_for_foreign_writes();
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
        let outcome = self.attempt(jobs, &mut events);
        if outcome.is_err() {
            self.deferred.clear();
            self.roll_back();
        }
        self.note(&outcome);
        match outcome {
            Ok(batch) => {
                if batch == Batch::Committed {
                    self.count(jobs.len());
                    self.announce(events);
                }
                jobs.drain(..).for_each(|job| job.answer(Ok(())));
                if batch == Batch::Committed {
                    self.checkpointer.committed(&self.conn);
                }
            }
            Err(error) => jobs.drain(..).for_each(|job| job.answer(Err(error.again()))),
        }
    }

    fn attempt(
        &mut self,
        jobs: &mut [Box<dyn Job<E>>],
        events: &mut Vec<E>,
    ) -> Result<Batch, Error> {
        self.statement("BEGIN IMMEDIATE")?;
        // From here on nobody else can write, so no closure runs on memories that are older than
        // what it sees.
        self.look_for_foreign_writes();
        // A lone write needs no savepoint: undoing it is undoing the transaction.
        let alone = jobs.len() == 1;
        let mut succeeded = false;
        for job in jobs {
            let announced = events.len();
            self.deferred.mark();
            if !alone {
                self.statement("SAVEPOINT work")?;
            }
            let success =
                job.run(&mut Tx { conn: &self.conn, events, deferred: &mut self.deferred });
            if self.conn.is_autocommit() {
                // A full disk or an I/O error made SQLite give up the transaction: nobody's work is
                // left.
                return Err(Error::RolledBack);
            }
            succeeded |= success;
            if !success {
                events.truncate(announced);
                self.deferred.undo();
                if !alone {
                    self.statement("ROLLBACK TO work")?;
                }
            }
            if !alone {
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
            tracing::error!(%error, "could not roll back");
        }
    }

    fn announce(&mut self, events: Vec<E>) {
        if !events.is_empty() && catch_unwind(AssertUnwindSafe(|| (self.publish)(events))).is_err()
        {
            tracing::error!("publishing panicked; the commit stands");
        }
    }

    fn count(&self, writes: usize) {
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        self.shared.writes.fetch_add(writes as u64, Ordering::Relaxed);
        self.shared.largest_batch.fetch_max(writes, Ordering::Relaxed);
    }

    /// Says once that writing fails, and once that it works again.
    fn note(&mut self, outcome: &Result<Batch, Error>) {
        let mut failing = self.shared.failing.lock();
        match outcome {
            Ok(Batch::Empty) => {}
            Ok(Batch::Committed) => {
                self.failed_at = None;
                if failing.take().is_some() {
                    tracing::info!("the database can be written again");
                }
            }
            Err(error) => match error.outage() {
                Some(cause) => {
                    self.failed_at = Some(Instant::now());
                    if failing.is_none() {
                        tracing::error!(%cause, "cannot write to the database: writes are refused, reads go on; is the disk full?");
                        *failing = Some(cause);
                    }
                }
                None => tracing::error!(%error, "a batch was undone"),
            },
        }
    }

    /// Whoever sends no more writes because they fail must learn that they work again: with nobody
    /// writing, one page is written as it was.
    fn probe_if_failing(&mut self) {
        if self.failed_at.is_none_or(|at| at.elapsed() < self.probe_after) {
            return;
        }
        let outcome = self.probe();
        if outcome.is_err() {
            self.roll_back();
        }
        self.note(&outcome);
    }

    fn probe(&self) -> Result<Batch, Error> {
        self.statement("BEGIN IMMEDIATE")?;
        let version: i64 = self.conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        self.conn.execute_batch(&format!("PRAGMA user_version = {version}; COMMIT"))?;
        Ok(Batch::Committed)
    }

    fn look_for_foreign_writes(&mut self) {
        match self
            .conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut look| look.query_row([], |row| row.get(0)))
        {
            Ok(version) if version != self.data_version => {
                self.data_version = version;
                self.shared.foreign_writes.fetch_add(1, Ordering::Relaxed);
                tracing::info!("another program wrote to the database");
                for callback in self.shared.foreign_write_callbacks.lock().iter() {
                    if catch_unwind(AssertUnwindSafe(callback)).is_err() {
                        tracing::error!("what is done after a foreign write panicked");
                    }
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "could not look for foreign writes"),
        }
    }
}
