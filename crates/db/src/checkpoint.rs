//! Checkpoints: copying the WAL into the database outside of the writer's thread, and bounding its
//! size.
//!
//! A checkpoint thread copies new frames (`PASSIVE`: it blocks no other connection). Under steady
//! writing SQLite never restarts the WAL by itself, because there is always a newer frame than the
//! last copied one. So at [`Options::wal_limit`] the writer copies the small rest between two
//! batches and restarts the file. It waits briefly for readers that hold an old snapshot; if one
//! stays, the WAL grows past the limit until that reader ends and the next attempt succeeds.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use crate::{OpenError, Options};

/// How often an idle writer checks whether another process wrote.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// How long the writer waits for readers of the WAL that it restarts: much longer than a short
/// query takes, and hardly noticeable for waiting writes.
const READER_TIMEOUT: Duration = Duration::from_millis(50);

/// Size of a WAL frame's header in bytes (SQLite file format, 4.1).
const FRAME_HEADER: u64 = 24;

thread_local! {
    /// Frames in the WAL after the last commit on this thread; SQLite's hook has no other place to
    /// store it.
    static FRAMES: Cell<u64> = const { Cell::new(0) };
}

/// The writer's handle to the checkpoint thread.
pub(crate) struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Frames of growth after which the thread is woken.
    after: u64,
    /// Frames at which the writer restarts the WAL.
    limit: u64,
    busy_timeout: Duration,
    /// Locked by the thread while it copies: the writer cannot checkpoint at the same time, and
    /// SQLite's busy timeout does not apply to that.
    copying: Arc<Mutex<()>>,
    /// Frames at the last wake-up, and at the writer's last attempt.
    woken_at: u64,
    tried_at: u64,
}

impl Checkpointer {
    /// Starts the thread and tracks the commits of `writer`. `when_idle` is called after each
    /// second without work.
    pub(crate) fn start(
        options: &Options,
        writer: &Connection,
        when_idle: impl FnMut() + Send + 'static,
    ) -> Result<Self, OpenError> {
        let damaged = |error: rusqlite::Error| OpenError::sqlite(&options.path, &error);
        let page_size: u64 =
            writer.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(damaged)?;
        writer.wal_hook(Some(|_, frames| {
            FRAMES.set(u64::try_from(frames).unwrap_or(0));
            Ok(())
        }));
        let conn = options.writer().map_err(damaged)?;
        // One pending wake-up is enough: a second would request the same work.
        let (wake, wake_receiver) = sync_channel(1);
        let copying: Arc<Mutex<()>> = Arc::default();
        let busy = copying.clone();
        let thread = std::thread::Builder::new()
            .name("checkpoint".into())
            .spawn(move || work(&conn, &wake_receiver, &busy, when_idle))?;
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
    /// copy, and restarts the WAL when it has become too long.
    pub(crate) fn committed(&mut self, conn: &Connection) {
        let frames = FRAMES.get();
        if frames < self.woken_at.max(self.tried_at) {
            // The WAL was restarted.
            (self.woken_at, self.tried_at) = (0, 0);
        }
        if frames >= self.limit.max(self.tried_at + self.after) {
            // On an overloaded machine the thread may take long; at one and a half times the limit
            // the writer waits for it.
            let copying = self.copying.clone();
            let guard = if frames < self.limit + self.limit / 2 {
                copying.try_lock()
            } else {
                Some(copying.lock())
            };
            if guard.is_some() {
                (self.woken_at, self.tried_at) = (frames, frames);
                self.restart_wal(conn);
            }
        } else if frames >= self.woken_at + self.after {
            self.woken_at = frames;
            if let Some(wake) = &self.wake
                && let Err(TrySendError::Disconnected(())) = wake.try_send(())
            {
                tracing::error!(
                    "the checkpoint thread has stopped; checkpointing on the writer thread"
                );
                checkpoint(conn, "PASSIVE");
            }
        }
    }

    fn restart_wal(&self, conn: &Connection) {
        let set_timeout = |time| {
            if let Err(error) = conn.busy_timeout(time) {
                tracing::warn!(%error, "failed to set the busy timeout");
            }
        };
        set_timeout(READER_TIMEOUT);
        if !checkpoint(conn, "RESTART") {
            tracing::debug!("a reader prevents the WAL restart; retrying later");
        }
        set_timeout(self.busy_timeout);
    }

    /// Stops the thread, then copies everything into the database file and truncates the WAL.
    pub(crate) fn finish(&mut self, conn: &Connection) {
        self.wake = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the checkpoint thread panicked");
        }
        if !checkpoint(conn, "TRUNCATE") {
            tracing::info!(
                "a reader prevented truncating the WAL; the next start will recover it, nothing is lost"
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

fn work(
    conn: &Connection,
    wake_receiver: &Receiver<()>,
    copying: &Mutex<()>,
    mut when_idle: impl FnMut(),
) {
    loop {
        match wake_receiver.recv_timeout(CHECK_INTERVAL) {
            Ok(()) => {
                let _copying = copying.lock();
                checkpoint(conn, "PASSIVE");
            }
            Err(RecvTimeoutError::Timeout) => when_idle(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Runs a checkpoint. `false` if another connection prevented it.
fn checkpoint(conn: &Connection, mode: &str) -> bool {
    // The first column is set if a reader, a writer or another checkpoint prevented its completion.
    match conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get::<_, bool>(0))
    {
        Ok(busy) => !busy,
        Err(error) => {
            tracing::warn!(%error, mode, "checkpoint failed; retrying later");
            false
        }
    }
}
