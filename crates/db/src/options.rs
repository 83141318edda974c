//! How a database is opened: sizes, limits and the settings every connection gets.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// Statements each connection keeps prepared: more than a program of this size has.
const PREPARED_STATEMENTS: usize = 256;

/// Sizes and limits of one database.
#[derive(Debug, Clone)]
pub struct Options {
    /// The database file; its directory must exist.
    pub path: PathBuf,
    /// Connections for short queries; at least as many as threads that call [`crate::Db::read`].
    pub readers: usize,
    /// Threads, each with a connection, for long queries.
    pub long_readers: usize,
    /// Writes that may wait; beyond it callers wait, and after [`Options::patience`] are told
    /// [`crate::Error::Busy`].
    pub write_queue: usize,
    /// Writes in one commit at most: bounds how long the first of them waits for the last.
    pub max_batch: usize,
    /// How long a writing caller waits, without occupying a thread, for a place in the queue.
    pub patience: Duration,
    /// How long a reading caller waits, occupying its thread, for a connection; so it must be
    /// short.
    pub read_patience: Duration,
    /// How long SQLite waits for another process's lock.
    pub busy_timeout: Duration,
    /// How long after the last failed write an idle writer tries by itself whether the disk takes
    /// writes again.
    pub probe_after: Duration,
    /// WAL growth, in bytes, after which the checkpointer moves it into the database.
    pub checkpoint_after: u64,
    /// WAL size, in bytes, at which the writer itself makes room, and to which the file is cut
    /// when it begins anew.
    pub wal_limit: u64,
}

impl Options {
    /// Sensible values for a server with a few cores.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: std::thread::available_parallelism().map_or(4, |cores| cores.get() + 2),
            long_readers: 2,
            write_queue: 1024,
            max_batch: 256,
            patience: Duration::from_secs(5),
            read_patience: Duration::from_secs(1),
            busy_timeout: Duration::from_secs(5),
            probe_after: Duration::from_secs(10),
            checkpoint_after: 8 * 1024 * 1024,
            wal_limit: 64 * 1024 * 1024,
        }
    }

    /// A connection that may write.
    pub(crate) fn writer(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags)?;
        self.configure(&conn)?;
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if !mode.eq_ignore_ascii_case("wal") {
            return Err(rusqlite::Error::InvalidParameterName(format!(
                "journal mode stayed {mode}"
            )));
        }
        conn.execute_batch(&format!(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {};",
            self.wal_limit
        ))?;
        Ok(conn)
    }

    /// A connection that can only read.
    pub(crate) fn reader(&self) -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        self.configure(&conn)?;
        conn.execute_batch("PRAGMA query_only = ON;")?;
        Ok(conn)
    }

    fn configure(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.busy_timeout(self.busy_timeout)?;
        conn.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        // A misspelled column must be an error, not a string.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        // A restored or imported file may hold views and triggers of anybody's making.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // Without this, SQLite compiles a statement anew whenever a value that bounds a range
        // changes: for a page of a list, always.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch("PRAGMA cache_size = 2000; PRAGMA temp_store = MEMORY;")
    }
}
