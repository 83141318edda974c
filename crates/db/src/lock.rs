//! One process per database: an advisory lock on a file beside it. This is not SQLite's own lock,
//! so an operator can still read with `sqlite3` while the server runs.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::OpenError;

/// Locks the database at `path`. The lock ends when the returned file is dropped, and so also when
/// the process ends, however it ends.
pub(crate) fn take(path: &Path) -> Result<File, OpenError> {
    let path = lock_path(path)?;
    let not_writable = |error: std::io::Error| OpenError::NotWritable {
        path: path.clone(),
        problem: error.to_string(),
    };
    let file = File::options().create(true).append(true).open(&path).map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path)),
        Err(TryLockError::Error(error)) => Err(not_writable(error)),
    }
}

/// The path of the lock file beside the real file: opening the same database through a symbolic
/// link must use the same lock.
fn lock_path(path: &Path) -> Result<PathBuf, OpenError> {
    let directory =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = path
        .canonicalize()
        .or_else(|_| Ok(directory.canonicalize()?.join(path.file_name().unwrap_or_default())));
    let real = real.map_err(|error: std::io::Error| OpenError::NotWritable {
        path: path.to_owned(),
        problem: error.to_string(),
    })?;
    Ok(real.with_extension("lock"))
}
