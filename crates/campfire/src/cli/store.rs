//! A database connection for commands, which may run beside the server.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// Opens the database for writing, bypassing `db`. `None` if tables are missing that commands write
/// to. Waits up to `timeout` while another process locks it.
pub(super) fn open(path: &Path, timeout: Duration) -> Result<Option<Connection>, db::Error> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(timeout)?;
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;")?;
    let ready = conn.query_row(
        "SELECT count(*) = 4 FROM sqlite_master
         WHERE type = 'table' AND name IN ('campfire_audit', 'campfire_jobs', 'campfire_password_resets', 'campfire_password_changes')",
        [],
        |row| row.get::<_, bool>(0),
    )?;
    Ok(ready.then_some(conn))
}

/// Runs `work` in a transaction. Rolls back on an error.
pub(super) fn in_transaction<T, E>(
    conn: &mut Connection,
    failed: impl Fn(db::Error) -> E,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| failed(error.into()))?;
    let done = work(&tx)?;
    tx.commit().map_err(|error| failed(error.into()))?;
    Ok(done)
}
