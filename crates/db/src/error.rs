//! What can go wrong, in words that a caller or an operator can act on.

use std::path::PathBuf;

/// Why a read or write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full or does not answer; nothing was stored.
    #[error("The server cannot write to its disk right now.")]
    Unwritable(#[source] rusqlite::Error),
    /// More work is waiting than may wait.
    #[error("The server has too much to do right now.")]
    Busy,
    /// The engine is shutting down; nothing was stored.
    #[error("The server is restarting.")]
    Draining,
    /// The caller's closure panicked; its work was undone.
    #[error("a write panicked and was undone")]
    Panicked,
    /// A long query used up its time.
    #[error("the query took too long and was given up")]
    TimedOut,
    /// Anything else that SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl Error {
    /// Whether trying again in a moment makes sense.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unwritable(_) | Self::Busy | Self::Draining)
    }

    /// The same error again, for everyone whose work shared a failed commit.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Unwritable(error) => Self::Unwritable(copy(error)),
            Self::Sqlite(error) => Self::Sqlite(copy(error)),
            Self::Busy => Self::Busy,
            Self::Draining => Self::Draining,
            Self::Panicked => Self::Panicked,
            Self::TimedOut => Self::TimedOut,
        }
    }
}

/// rusqlite's errors cannot be cloned; code and message are what matters.
fn copy(error: &rusqlite::Error) -> rusqlite::Error {
    let code = error.sqlite_error().map_or(rusqlite::ffi::SQLITE_ERROR, |code| code.extended_code);
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(error.to_string()))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
        match error.sqlite_error_code() {
            Some(DiskFull | SystemIoFailure | CannotOpen | ReadOnly) => Self::Unwritable(error),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves it.
    #[error("{}: another process already serves this storage; stop it first", .0.display())]
    Locked(PathBuf),
    /// The directory or file cannot be written.
    #[error("{}: cannot be opened for writing ({problem}); check the directory, its owner and its permissions", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// The system's word for it.
        problem: String,
    },
    /// It was written by a newer program.
    #[error("the database has schema version {found}, but this program knows versions up to {known}; use the newer program")]
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
    /// A migration could not be applied; the file is as it was.
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
