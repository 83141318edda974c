//! What can go wrong, in words that a caller or an operator can act on.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a read or write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full or does not answer; nothing was stored.
    #[error("The server cannot write to its disk right now.")]
    Unwritable(#[source] rusqlite::Error),
    /// More work is waiting than may wait, or another program keeps the database locked.
    #[error("The server has too much to do right now.")]
    Busy,
    /// A neighbour in the same batch made SQLite undo the whole transaction; nothing was stored.
    #[error("The server could not store this together with what others wrote at the same moment.")]
    RolledBack,
    /// The engine is shutting down; nothing was stored.
    #[error("The server is restarting.")]
    Draining,
    /// The writer's thread has ended by a fault of its own. Whether this write was stored is
    /// unknown.
    #[error("the database's writer has stopped; restart the server")]
    Stopped,
    /// The caller's closure panicked, or the work its batch shared did; what it wrote was undone.
    #[error("a database closure panicked; what it wrote was undone")]
    Panicked,
    /// A long query used up its time.
    #[error("the query took too long and was given up")]
    TimedOut,
    /// Anything else that SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl Error {
    /// Whether trying again in a moment makes sense; over HTTP, a 503.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Unwritable(_) | Self::Busy | Self::RolledBack | Self::Draining | Self::TimedOut
        )
    }

    /// Why the database as a whole cannot be written, if this error, met by a batch, says that.
    pub(crate) fn outage(&self) -> Option<String> {
        match self {
            Self::Unwritable(error) => Some(error.to_string()),
            Self::Busy => Some("another program keeps the database locked".into()),
            Self::RolledBack => {
                Some("SQLite gave up a whole transaction, as it does when the disk is full".into())
            }
            Self::Sqlite(error)
                if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) =>
            {
                Some(error.to_string())
            }
            Self::Sqlite(_) | Self::Draining | Self::Stopped | Self::Panicked | Self::TimedOut => {
                None
            }
        }
    }

    /// The same error again, for everyone whose work shared a failed commit.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Unwritable(error) => Self::Unwritable(copy(error)),
            Self::Sqlite(error) => Self::Sqlite(copy(error)),
            Self::Busy => Self::Busy,
            Self::RolledBack => Self::RolledBack,
            Self::Draining => Self::Draining,
            Self::Stopped => Self::Stopped,
            Self::Panicked => Self::Panicked,
            Self::TimedOut => Self::TimedOut,
        }
    }
}

/// rusqlite's errors cannot be cloned; code and message are what matters.
fn copy(error: &rusqlite::Error) -> rusqlite::Error {
    let code = error.sqlite_error().map_or(rusqlite::ffi::SQLITE_ERROR, |code| code.extended_code);
    let message = match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    };
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(message))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly,
            ) => Self::Unwritable(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // Only a long query that used up its time, or that nobody waits for any more, is ever
            // interrupted.
            Some(ErrorCode::OperationInterrupted) => Self::TimedOut,
            _ => Self::Sqlite(error),
        }
    }
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves it; this is its lock file.
    #[error("{}: another process already serves this storage; stop it first", .0.display())]
    Locked(PathBuf),
    /// A program that is no server of it holds SQLite's own lock.
    #[error("{}: another program keeps the database locked, an open `sqlite3` perhaps; end it, then try again", .0.display())]
    Occupied(PathBuf),
    /// The directory or file cannot be written.
    #[error("{}: cannot be opened for writing ({problem}); check free space, the directory, its owner and its permissions", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// The system's word for it.
        problem: String,
    },
    /// It was written by a newer program.
    #[error(
        "the database has schema version {found}, but this program knows versions up to {known}; use the newer program"
    )]
    NewerSchema {
        /// What the file has.
        found: u32,
        /// What this program knows.
        known: u32,
    },
    /// It is no database, or a broken one.
    #[error("{}: not a usable database ({problem}); restore a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's word for it.
        problem: String,
    },
    /// A migration could not be applied; the schema is as it was before it.
    #[error("migration {version} ({name}) failed and was undone: {problem}")]
    Migration {
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
        /// What went wrong.
        problem: String,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl OpenError {
    /// What an operator can do about an error of SQLite's met while opening `path`.
    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let (path, problem) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Occupied(path),
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::DiskFull
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure,
            ) => Self::NotWritable { path, problem },
            _ => Self::Damaged { path, problem },
        }
    }
}
