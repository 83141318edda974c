//! Versioned migrations, each applied in one transaction and recorded in `campfire_migrations`.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::OpenError;

/// A schema migration.
pub struct Migration {
    /// Must be higher than the version of the migration before it.
    pub version: u32,
    /// A short description, which is recorded.
    pub name: &'static str,
    /// The SQL or code to run.
    pub step: Step,
}

/// What a migration runs.
pub enum Step {
    /// SQL statements.
    Sql(&'static str),
    /// Code, where SQL alone is not enough; `Err` holds a message for the operator.
    Code(fn(&Transaction<'_>) -> Result<(), String>),
}

/// Applies missing migrations. A database with a migration that this program does not know is left
/// unchanged.
pub(crate) fn run(
    conn: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    if let Some(pair) = migrations.windows(2).find(|pair| pair[0].version >= pair[1].version) {
        return Err(failed(&pair[1])("its version is not higher than the one before it".into()));
    }
    let known = migrations.last().map_or(0, |migration| migration.version);
    let applied = applied(conn).map_err(|error| OpenError::sqlite(path, &error))?;
    if let Some(&found) = applied
        .iter()
        .rfind(|version| !migrations.iter().any(|migration| migration.version == **version))
    {
        return Err(OpenError::NewerSchema { found, known });
    }
    for migration in migrations.iter().filter(|migration| !applied.contains(&migration.version)) {
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| OpenError::sqlite(path, &error))?;
        // Dropping the transaction undoes it.
        apply(tx, migration).map_err(failed(migration))?;
        tracing::info!(version = migration.version, name = migration.name, "applied migration");
    }
    Ok(())
}

fn failed(migration: &Migration) -> impl FnOnce(String) -> OpenError {
    let (version, name) = (migration.version, migration.name);
    move |problem| OpenError::Migration { version, name, problem }
}

fn applied(conn: &Connection) -> rusqlite::Result<BTreeSet<u32>> {
    let exists = conn
        .prepare(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'campfire_migrations'",
        )?
        .exists([])?;
    if !exists {
        return Ok(BTreeSet::new());
    }
    conn.prepare("SELECT version FROM campfire_migrations")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn apply(tx: Transaction<'_>, migration: &Migration) -> Result<(), String> {
    let to_message = |error: rusqlite::Error| error.to_string();
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS campfire_migrations (version integer PRIMARY KEY NOT NULL, name text NOT NULL, applied_at text NOT NULL)",
    )
    .map_err(to_message)?;
    match migration.step {
        Step::Sql(sql) => tx.execute_batch(sql).map_err(to_message)?,
        Step::Code(code) => code(&tx)?,
    }
    tx.execute(
        "INSERT INTO campfire_migrations (version, name, applied_at) VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
        rusqlite::params![migration.version, migration.name],
    )
    .map_err(to_message)?;
    tx.commit().map_err(to_message)
}
