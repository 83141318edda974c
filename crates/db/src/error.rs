//! Errors, with messages that a caller or an operator can act on.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// An error of a read or write.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full or fails; nothing was stored.
    #[error("The server cannot write to its disk right now.")]
    Unwritable(#[source] rusqlite::Error),
    /// The queue is full or no connection is free, or another process keeps the database locked.
    #[error("The server is too busy right now.")]
    Busy,
    /// Another write of the batch made SQLite roll back the whole transaction; nothing was stored.
    #[error("The server could not store this because of a simultaneous write.")]
    RolledBack,
    /// The engine is shutting down; nothing was stored.
    #[error("The server is restarting.")]
    Draining,
    /// The writer's thread has stopped after an internal error. It is unknown whether this write
    /// was stored.
    #[error("the database writer has stopped; restart the server")]
    Stopped,
    /// The closure, or the batch's shared work, panicked; its writes were rolled back.
    #[error("a database closure panicked; its writes were rolled back")]
    Panicked,
    /// A long query exceeded its time limit.
    #[error("the query took too long and was cancelled")]
    TimedOut,
    /// Any other SQLite error.
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl Error {
    /// Whether a retry may succeed; over HTTP, a 503.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Unwritable(_) | Self::Busy | Self::RolledBack | Self::Draining | Self::TimedOut
        )
    }

    /// The cause, if this error of a batch means that the database cannot be written at all.
    pub(crate) fn outage(&self) -> Option<String> {
        match self {
            Self::Unwritable(error) => Some(error.to_string()),
            Self::Busy => Some("another program keeps the database locked".into()),
            Self::RolledBack => Some(
                "SQLite rolled back a whole transaction, as it does when the disk is full".into(),
            ),
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

    /// A copy of this error for each writer of a failed batch.
    pub(crate) fn duplicate(&self) -> Self {
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

/// rusqlite's errors cannot be cloned; this keeps code and message.
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
            // Only long queries are ever interrupted: when their time is over or their caller is
            // gone.
            Some(ErrorCode::OperationInterrupted) => Self::TimedOut,
            _ => Self::Sqlite(error),
        }
    }
}

/// An error of opening a database.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the lock file at this path.
    #[error("{}: another process already serves this storage; stop it first", .0.display())]
    Locked(PathBuf),
    /// Another program holds SQLite's own lock.
    #[error("{}: another program keeps the database locked, perhaps an open `sqlite3`; close it, then try again", .0.display())]
    Busy(PathBuf),
    /// The directory or file cannot be written.
    #[error("{}: cannot be opened for writing ({problem}); check free space, the directory, its owner and its permissions", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// The system's error message.
        problem: String,
    },
    /// A newer program version has migrated the database.
    #[error(
        "the database has schema version {found}, but this program only knows versions up to {known}; use a newer version of it"
    )]
    NewerSchema {
        /// The highest version in the file.
        found: u32,
        /// The highest version this program knows.
        known: u32,
    },
    /// The file is not a database, or is corrupt.
    #[error("{}: not a usable database ({problem}); restore a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's error message.
        problem: String,
    },
    /// A migration failed; the schema is as it was before it.
    #[error("migration {version} ({name}) failed and was rolled back: {problem}")]
    Migration {
        /// The migration's version.
        version: u32,
        /// The migration's name.
        name: &'static str,
        /// The error message.
        problem: String,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl OpenError {
    /// Classifies an SQLite error met while opening `path`.
    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let (path, problem) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
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
