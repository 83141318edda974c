//! A baseline for posts: one transaction per message, one after the other, `synchronous = NORMAL`,
//! with everything that Campfire (Rails) writes for a message, on a copy of the same database. No
//! HTTP, no WebSockets.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::Result;
use crate::fixture::sentence;

/// Messages per second.
pub fn run(database: &Path, messages: u32) -> Result<f64> {
    let dir = tempfile::Builder::new().prefix("campfire-baseline-").tempdir()?;
    let copy = dir.path().join("copy.sqlite3");
    std::fs::copy(database, &copy)?;
    let mut conn = Connection::open(&copy)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
    )?;
    conn.set_prepared_statement_cache_capacity(32);
    let start = Instant::now();
    for number in 0..messages {
        let words = sentence(number);
        let now = format!("2026-06-01 00:00:00.{number:06}");
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.prepare_cached(
            "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at) VALUES (1, 1, ?1, ?2, ?2)",
        )?
        .execute(params![format!("baseline-{number}"), now])?;
        let id = tx.last_insert_rowid();
        tx.prepare_cached(
            "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
             VALUES ('body', ?1, 'Message', ?2, ?3, ?3)",
        )?
        .execute(params![format!("<div>{words}</div>"), id, now])?;
        tx.prepare_cached("INSERT INTO message_search_index (rowid, body) VALUES (?1, ?2)")?
            .execute(params![id, words])?;
        tx.prepare_cached("UPDATE rooms SET updated_at = ?1 WHERE id = 1")?.execute([&now])?;
        tx.prepare_cached("UPDATE memberships SET unread_at = ?1 WHERE room_id = 1 AND involvement <> 'invisible' AND user_id <> 1")?
            .execute([&now])?;
        tx.commit()?;
    }
    Ok(f64::from(messages) / start.elapsed().as_secs_f64())
}
