//! What the full-text index costs when messages are stored, under different settings of its
//! merging: everything that a commit writes, with and without the index, alone and in batches. No
//! server, no HTTP.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior, params};

use crate::Outcome;
use crate::numbers::percentile;
use crate::world::sentence;

/// How the index merges what each commit adds; `None` is no index at all.
const SETTINGS: [(&str, Option<&str>); 5] = [
    ("no index", None),
    ("as Campfire has it (automerge 4, crisismerge 16)", Some("")),
    ("automerge 8", Some("INSERT INTO message_search_index (message_search_index, rank) VALUES ('automerge', 8)")),
    (
        "automerge 16, crisismerge 32",
        Some(
            "INSERT INTO message_search_index (message_search_index, rank) VALUES ('automerge', 16);
             INSERT INTO message_search_index (message_search_index, rank) VALUES ('crisismerge', 32)",
        ),
    ),
    (
        "no automerge, crisismerge 64",
        Some(
            "INSERT INTO message_search_index (message_search_index, rank) VALUES ('automerge', 0);
             INSERT INTO message_search_index (message_search_index, rank) VALUES ('crisismerge', 64)",
        ),
    ),
];

/// What a setting showed.
pub struct Cost {
    /// The setting.
    pub name: &'static str,
    /// Time of a commit, divided by its messages.
    pub each: Duration,
    /// Half of the commits took less.
    pub p50: Duration,
    /// One in a thousand took longer.
    pub p999: Duration,
    /// A common word's newest hundred afterwards.
    pub search: Duration,
}

/// Stores so many messages in commits of `batch`, on a copy of the database for each setting.
pub fn run(database: &Path, messages: u32, batch: u32) -> Outcome<Vec<Cost>> {
    SETTINGS.iter().map(|(name, setting)| cost(database, messages, batch, name, *setting)).collect()
}

fn cost(
    database: &Path,
    messages: u32,
    batch: u32,
    name: &'static str,
    setting: Option<&str>,
) -> Outcome<Cost> {
    let dir = tempfile::Builder::new().prefix("campfire-index-").tempdir()?;
    let copy = dir.path().join("copy.sqlite3");
    std::fs::copy(database, &copy)?;
    let mut conn = Connection::open(&copy)?;
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = 2000;")?;
    conn.set_prepared_statement_cache_capacity(32);
    if let Some(setting) = setting {
        conn.execute_batch(setting)?;
    }
    let mut times = Vec::new();
    let begun = Instant::now();
    for start in (0..messages).step_by(batch as usize) {
        let commit = Instant::now();
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut entries = Vec::new();
        for number in start..start + batch {
            let (words, now) =
                (sentence(number.wrapping_mul(31)), format!("2026-06-01 00:00:00.{number:06}"));
            tx.prepare_cached(
                "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at) VALUES (1, 1, ?1, ?2, ?2)",
            )?
            .execute(params![format!("cost-{number}"), now])?;
            let id = tx.last_insert_rowid();
            tx.prepare_cached(
                "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
                 VALUES ('body', ?1, 'Message', ?2, ?3, ?3)",
            )?
            .execute(params![format!("<div>{words}</div>"), id, now])?;
            entries.push((id, words));
        }
        if setting.is_some() {
            let mut index = tx
                .prepare_cached("INSERT INTO message_search_index (rowid, body) VALUES (?1, ?2)")?;
            entries
                .iter()
                .try_for_each(|(id, words)| index.execute(params![id, words]).map(drop))?;
        }
        tx.commit()?;
        times.push(commit.elapsed());
    }
    let each = begun.elapsed() / messages;
    times.sort_unstable();
    let mut statement =
        conn.prepare("SELECT rowid FROM message_search_index WHERE message_search_index MATCH 'lantern' ORDER BY rowid DESC LIMIT 100")?;
    let mut searches = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        statement.query_map([], |row| row.get::<_, i64>(0))?.count();
        searches.push(begun.elapsed());
    }
    searches.sort_unstable();
    let p999 = times[(times.len() - 1) * 999 / 1000];
    Ok(Cost { name, each, p50: percentile(&times, 50), p999, search: percentile(&searches, 50) })
}
