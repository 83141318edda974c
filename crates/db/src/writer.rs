//! The one writer: takes what waits, commits it together, publishes, then answers everyone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::checkpoint::Checkpointer;
use crate::tx::{Deferred, Mark, Tx};
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

pub(crate) struct Writer<E> {
    pub(crate) conn: Connection,
    pub(crate) queue: mpsc::Receiver<Message<E>>,
    pub(crate) publish: Box<dyn FnMut(Vec<E>) + Send>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) checkpointer: Checkpointer,
    pub(crate) max_batch: usize,
    pub(crate) deferred: Deferred,
    /// `PRAGMA data_version` at the last look: it changes only when another connection commits.
    pub(crate) data_version: i64,
}

impl<E: Send + 'static> Writer<E> {
    /// Runs until every sender is gone and the queue is empty.
    pub(crate) fn run(mut self) {
        let mut batch = Vec::with_capacity(self.max_batch);
        // No artificial delay: an idle database commits a lone write at once, a busy one finds many waiting.
        while self.queue.blocking_recv_many(&mut batch, self.max_batch) > 0 {
            self.look_for_foreign_writes();
            let jobs = batch.drain(..).filter_map(|message| match message {
                Message::Write(job) => Some(job),
                Message::Look => None,
            });
            let jobs = jobs.collect::<Vec<_>>();
            if !jobs.is_empty() {
                self.shared.waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
                self.commit(jobs);
            }
        }
        self.checkpointer.finish(&self.conn);
    }

    fn commit(&mut self, mut jobs: Vec<Box<dyn Job<E>>>) {
        let mut events = Vec::new();
        let outcome = self.attempt(&mut jobs, &mut events);
        self.deferred.clear();
        self.note(outcome.as_ref().err());
        match outcome {
            Ok(()) => {
                self.count(jobs.len());
                if !events.is_empty() && catch_unwind(AssertUnwindSafe(|| (self.publish)(events))).is_err() {
                    tracing::error!("publishing panicked; the commit stands");
                }
                jobs.into_iter().for_each(|job| job.answer(Ok(())));
                self.checkpointer.committed(&self.conn);
            }
            Err(error) => {
                if !self.conn.is_autocommit()
                    && let Err(error) = self.conn.execute_batch("ROLLBACK")
                {
                    tracing::error!(%error, "could not roll back");
                }
                jobs.into_iter().for_each(|job| job.answer(Err(error.again())));
            }
        }
    }

    fn attempt(&mut self, jobs: &mut [Box<dyn Job<E>>], events: &mut Vec<E>) -> Result<(), Error> {
        self.statement("BEGIN IMMEDIATE")?;
        let mut succeeded = false;
        for job in jobs {
            let (announced, mark) = (events.len(), self.deferred.mark());
            self.statement("SAVEPOINT work")?;
            let mut tx = Tx { conn: &self.conn, events, deferred: &mut self.deferred };
            if job.run(&mut tx) {
                succeeded = true;
            } else {
                self.undo(events, announced, &mark)?;
            }
            self.statement("RELEASE work")?;
        }
        if !succeeded {
            return self.statement("ROLLBACK");
        }
        self.deferred.finish(&self.conn)?;
        self.statement("COMMIT")
    }

    /// Undoes one closure: its rows, its announcements, its share of the common work.
    fn undo(&mut self, events: &mut Vec<E>, announced: usize, mark: &Mark) -> Result<(), Error> {
        if self.conn.is_autocommit() {
            // SQLite itself gave the whole transaction up (a full disk, say): nobody's work is left.
            let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
            let why = "the transaction was rolled back as a whole".to_owned();
            return Err(Error::Unwritable(rusqlite::Error::SqliteFailure(full, Some(why))));
        }
        events.truncate(announced);
        self.deferred.back_to(mark);
        self.statement("ROLLBACK TO work")
    }

    fn statement(&self, sql: &str) -> Result<(), Error> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn count(&self, writes: usize) {
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        self.shared.writes.fetch_add(writes as u64, Ordering::Relaxed);
        self.shared.largest_batch.fetch_max(writes, Ordering::Relaxed);
    }

    /// Says once that writing fails, and once that it works again.
    fn note(&self, error: Option<&Error>) {
        let mut failing = self.shared.failing.lock();
        match error {
            Some(error @ Error::Unwritable(cause)) if failing.is_none() => {
                tracing::error!(%cause, "cannot write to the database: writes are refused, reads go on; free space on the disk");
                *failing = Some(error.to_string());
            }
            None if failing.take().is_some() => tracing::info!("the database can be written again"),
            _ => {}
        }
    }

    fn look_for_foreign_writes(&mut self) {
        match self.conn.prepare_cached("PRAGMA data_version").and_then(|mut look| look.query_row([], |row| row.get(0))) {
            Ok(version) if version != self.data_version => {
                self.data_version = version;
                self.shared.foreign_writes.fetch_add(1, Ordering::Relaxed);
                tracing::info!("another program wrote to the database");
                self.shared.foreign_write_callbacks.lock().iter().for_each(|callback| callback());
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "could not look for foreign writes"),
        }
    }
}
