//! Options of a database: sizes, limits and connection settings.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// Prepared statements cached per connection: more than a program of this size has.
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
    /// Maximum number of queued writes. Further callers wait up to [`Options::write_timeout`] and
    /// then get [`crate::Error::Busy`].
    pub write_queue: usize,
    /// Maximum number of writes per commit: bounds how long the first waits for the last.
    pub max_batch: usize,
    /// How long a write waits for space in the queue, without blocking a thread.
    pub write_timeout: Duration,
    /// How long a read waits for a connection. It blocks its thread, so this must be short.
    pub read_timeout: Duration,
    /// How long SQLite waits for another process's lock.
    pub busy_timeout: Duration,
    /// How long after the last failed write an idle writer checks whether the disk is writable
    /// again.
    pub probe_after: Duration,
    /// WAL growth, in bytes, after which the checkpoint thread copies it into the database.
    pub checkpoint_after: u64,
    /// WAL size, in bytes, at which the writer itself checkpoints and restarts the WAL, and to
    /// which the file is truncated.
    pub wal_limit: u64,
}

impl Options {
    /// Defaults for a server with a few cores.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: std::thread::available_parallelism().map_or(4, |cores| cores.get() + 2),
            long_readers: 2,
            write_queue: 1024,
            max_batch: 256,
            write_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(1),
            busy_timeout: Duration::from_secs(5),
            probe_after: Duration::from_secs(10),
            checkpoint_after: 8 * 1024 * 1024,
            wal_limit: 64 * 1024 * 1024,
        }
    }

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
        // A restored or imported file may contain untrusted views and triggers.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // Without this, SQLite recompiles a statement whenever a value that bounds a range changes,
        // which paging queries do every time.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch("PRAGMA cache_size = 2000; PRAGMA temp_store = MEMORY;")
    }
}
