//! Moving the WAL into the database off the writer's path, and bounding it when readers hold it back.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::{OpenError, Options};

/// Commits between two looks at the WAL's size.
const LOOK_EVERY: u32 = 16;

/// The writer's side of the checkpoint thread.
pub(crate) struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    wal: PathBuf,
    after: u64,
    limit: u64,
    commits: u32,
}

impl Checkpointer {
    pub(crate) fn start(options: &Options) -> Result<Self, OpenError> {
        // One wake-up may wait: a second would ask for what the first does anyway.
        let (wake, woken) = sync_channel(1);
        let conn = options.writer().map_err(|error| OpenError::Damaged { path: options.path.clone(), problem: error.to_string() })?;
        let thread = std::thread::Builder::new().name("checkpoint".into()).spawn(move || work(&conn, &woken))?;
        let mut wal = options.path.clone().into_os_string();
        wal.push("-wal");
        let (after, limit) = (options.checkpoint_after, options.wal_limit);
        Ok(Self { wake: Some(wake), thread: Some(thread), wal: wal.into(), after, limit, commits: 0 })
    }

    /// The size of the WAL in bytes.
    pub(crate) fn wal_bytes(wal: &std::path::Path) -> u64 {
        std::fs::metadata(wal).map_or(0, |file| file.len())
    }

    /// Called after each commit: wakes the thread when there is enough to move, and makes room itself in an emergency.
    pub(crate) fn committed(&mut self, conn: &Connection) {
        self.commits += 1;
        if !self.commits.is_multiple_of(LOOK_EVERY) {
            return;
        }
        let size = Self::wal_bytes(&self.wal);
        if size >= self.limit {
            // The file does not shrink by itself; this succeeds as soon as no reader needs the old pages.
            checkpoint(conn, "TRUNCATE");
        } else if size >= self.after
            && let Some(wake) = &self.wake
            && let Err(TrySendError::Disconnected(())) = wake.try_send(())
        {
            checkpoint(conn, "PASSIVE");
        }
    }

    /// The last checkpoint: everything into the database file, the WAL empty.
    pub(crate) fn finish(&mut self, conn: &Connection) {
        self.wake = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the checkpoint thread panicked");
        }
        checkpoint(conn, "TRUNCATE");
    }
}

fn work(conn: &Connection, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        checkpoint(conn, "PASSIVE");
    }
}

fn checkpoint(conn: &Connection, mode: &str) {
    let done = conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get::<_, i64>(0));
    match done {
        Ok(_) => {}
        // Another connection is in the way; the next commits try again.
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {}
        Err(error) => tracing::warn!(%error, mode, "checkpoint failed; it is tried again"),
    }
}
