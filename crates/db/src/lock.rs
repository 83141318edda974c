//! One process per storage: an advisory lock beside the database, not SQLite's own, so that an
//! operator may still read with `sqlite3` while the server runs.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::OpenError;

/// Takes the lock of the database at `path`. It ends with the file that is returned, so also with
/// the process, however it ends.
pub(crate) fn take(path: &Path) -> Result<File, OpenError> {
    let path = place(path)?;
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

/// The lock file's place beside the real file: a second way to the same storage, through a link,
/// must meet the same lock.
fn place(path: &Path) -> Result<PathBuf, OpenError> {
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
