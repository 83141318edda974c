//! Moving the WAL into the database off the writer's path, and bounding it when that does not keep
//! up.
//!
//! A thread of its own copies what has grown (`PASSIVE`: it stops nobody). While writes keep
//! coming, the WAL never begins anew by itself, because there is always something newer than the
//! last copy. So at [`Options::wal_limit`] the writer, between two batches, copies the small rest
//! itself and starts the file over. A reader that holds an old snapshot is waited for briefly; if
//! it stays, the WAL grows past the limit until it ends, and the next attempt succeeds.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use crate::{OpenError, Options};

/// How often an idle database is asked whether another process wrote to it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long the writer waits for readers that still use the WAL it wants to start over: many times
/// a short query, and hardly felt by those who wait to write.
const PATIENCE_WITH_READERS: Duration = Duration::from_millis(50);

/// Bytes that a frame of the WAL holds besides its page (the SQLite file format, 4.1).
const FRAME_HEADER: u64 = 24;

thread_local! {
    /// Frames in the WAL after the last commit on this thread; SQLite's hook has no other place to leave it.
    static FRAMES: Cell<u64> = const { Cell::new(0) };
}

/// The writer's side of the checkpoint thread.
pub(crate) struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Frames of growth after which the thread is woken.
    after: u64,
    /// Frames at which the writer starts the WAL over.
    limit: u64,
    busy_timeout: Duration,
    /// Held by the thread while it copies: then the writer could not do its own share, and SQLite
    /// would not let it wait.
    copying: Arc<Mutex<()>>,
    /// Frames at the last wake-up, and at the last attempt of the writer's own.
    woken_at: u64,
    tried_at: u64,
}

impl Checkpointer {
    /// Starts the thread and watches the commits of `writer`. `look` is called every second in
    /// which there was nothing to do.
    pub(crate) fn start(
        options: &Options,
        writer: &Connection,
        look: impl FnMut() + Send + 'static,
    ) -> Result<Self, OpenError> {
        let damaged = |error: rusqlite::Error| OpenError::sqlite(&options.path, &error);
        let page_size: u64 =
            writer.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(damaged)?;
        writer.wal_hook(Some(|_, frames| {
            FRAMES.set(u64::try_from(frames).unwrap_or(0));
            Ok(())
        }));
        let conn = options.writer().map_err(damaged)?;
        // One wake-up may wait: a second would ask for what the first does anyway.
        let (wake, woken) = sync_channel(1);
        let copying: Arc<Mutex<()>> = Arc::default();
        let busy = copying.clone();
        let thread = std::thread::Builder::new()
            .name("checkpoint".into())
            .spawn(move || work(&conn, &woken, &busy, look))?;
        let frames = |bytes: u64| (bytes / (page_size + FRAME_HEADER)).max(1);
        Ok(Self {
            wake: Some(wake),
            thread: Some(thread),
            after: frames(options.checkpoint_after),
            limit: frames(options.wal_limit),
            busy_timeout: options.busy_timeout,
            copying,
            woken_at: 0,
            tried_at: 0,
        })
    }

    /// Called on the writer's thread after each commit: wakes the thread when there is enough to
    /// copy, and starts the WAL over when it has become too long.
    pub(crate) fn committed(&mut self, conn: &Connection) {
        let frames = FRAMES.get();
        if frames < self.woken_at.max(self.tried_at) {
            // The WAL has begun anew.
            (self.woken_at, self.tried_at) = (0, 0);
        }
        if frames >= self.limit.max(self.tried_at + self.after) {
            // On a starved machine the thread may take long; half as much again is when the writer
            // waits for it.
            let copying = self.copying.clone();
            let turn = if frames < self.limit + self.limit / 2 {
                copying.try_lock()
            } else {
                Some(copying.lock())
            };
            if turn.is_some() {
                (self.woken_at, self.tried_at) = (frames, frames);
                self.start_over(conn);
            }
        } else if frames >= self.woken_at + self.after {
            self.woken_at = frames;
            if let Some(wake) = &self.wake
                && let Err(TrySendError::Disconnected(())) = wake.try_send(())
            {
                tracing::error!("the checkpoint thread is gone; the writer does its work");
                checkpoint(conn, "PASSIVE");
            }
        }
    }

    fn start_over(&self, conn: &Connection) {
        let patience = |time| {
            if let Err(error) = conn.busy_timeout(time) {
                tracing::warn!(%error, "could not set SQLite's patience");
            }
        };
        patience(PATIENCE_WITH_READERS);
        if !checkpoint(conn, "RESTART") {
            tracing::debug!("a reader keeps the WAL from starting over; it is tried again");
        }
        patience(self.busy_timeout);
    }

    /// The last checkpoint: everything into the database file, the WAL empty.
    pub(crate) fn finish(&mut self, conn: &Connection) {
        self.wake = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the checkpoint thread panicked");
        }
        if !checkpoint(conn, "TRUNCATE") {
            tracing::info!(
                "a reader kept the WAL from being emptied; the next start takes it over, nothing is lost"
            );
        }
    }
}

/// The size of the WAL of the database at `path`, in bytes.
pub(crate) fn wal_bytes(path: &Path) -> u64 {
    let mut wal = path.to_owned().into_os_string();
    wal.push("-wal");
    std::fs::metadata(PathBuf::from(wal)).map_or(0, |file| file.len())
}

fn work(conn: &Connection, woken: &Receiver<()>, copying: &Mutex<()>, mut look: impl FnMut()) {
    loop {
        match woken.recv_timeout(LOOK_EVERY) {
            Ok(()) => {
                let _copying = copying.lock();
                checkpoint(conn, "PASSIVE");
            }
            Err(RecvTimeoutError::Timeout) => look(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Whether it went through; `false` if another connection was in the way.
fn checkpoint(conn: &Connection, mode: &str) -> bool {
    // The first column says whether a reader, a writer or another checkpoint kept it from being
    // complete.
    match conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get::<_, bool>(0))
    {
        Ok(busy) => !busy,
        Err(error) => {
            tracing::warn!(%error, mode, "checkpoint failed; it is tried again");
            false
        }
    }
}
