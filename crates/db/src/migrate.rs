//! Numbered steps from one schema to the next, each in one transaction, recorded in `campfire_migrations`.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::OpenError;

/// A step from one schema to the next.
pub struct Migration {
    /// Its number; steps run in this order.
    pub version: u32,
    /// What it does, in a few words.
    pub name: &'static str,
    /// How it does it.
    pub step: Step,
}

/// The work of a migration.
pub enum Step {
    /// SQL statements.
    Sql(&'static str),
    /// Code, where SQL alone cannot decide; an `Err` holds a sentence for the operator.
    Code(fn(&Transaction<'_>) -> Result<(), String>),
}

/// Applies what is missing.
pub(crate) fn run(conn: &mut Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    let known = migrations.iter().map(|migration| migration.version).max().unwrap_or(0);
    let found = applied(conn).map_err(|error| failure("reading the schema's version", 0, &error))?;
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    for migration in migrations.iter().filter(|migration| migration.version > found) {
        apply(conn, migration).map_err(|problem| OpenError::Migration { version: migration.version, name: migration.name, problem })?;
        tracing::info!(version = migration.version, name = migration.name, "migrated");
    }
    Ok(())
}

fn failure(name: &'static str, version: u32, error: &rusqlite::Error) -> OpenError {
    OpenError::Migration { version, name, problem: error.to_string() }
}

fn applied(conn: &Connection) -> rusqlite::Result<u32> {
    let exists = conn.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'campfire_migrations'")?.exists([])?;
    if !exists {
        return Ok(0);
    }
    conn.query_row("SELECT coalesce(max(version), 0) FROM campfire_migrations", [], |row| row.get(0))
}

fn apply(conn: &mut Connection, migration: &Migration) -> Result<(), String> {
    let sentence = |error: rusqlite::Error| error.to_string();
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sentence)?;
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS campfire_migrations (version integer PRIMARY KEY NOT NULL, name text NOT NULL, applied_at integer NOT NULL)",
    )
    .map_err(sentence)?;
    match migration.step {
        Step::Sql(sql) => tx.execute_batch(sql).map_err(sentence)?,
        Step::Code(code) => code(&tx)?,
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    tx.execute(
        "INSERT INTO campfire_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
        rusqlite::params![migration.version, migration.name, i64::try_from(now).unwrap_or(i64::MAX)],
    )
    .map_err(sentence)?;
    tx.commit().map_err(sentence)
}
