//! Checks of the stopped server's database: every acknowledged message is stored once and in order.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Result;

/// The messages that one connection sent.
pub struct SentMessages {
    /// Client message IDs in the order of sending.
    pub ids: Vec<String>,
    /// The acknowledged ones with their message IDs.
    pub acknowledged: HashMap<String, i64>,
    /// How often a message was sent again because there was no response.
    pub resent: usize,
}

/// Checks everything; `Err` describes the first violation, `Ok` is the number of stored
/// messages.
pub fn verify(database: &Path, sent: &[SentMessages]) -> Result<usize> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    check_integrity(&conn)?;
    let stored = stored(&conn)?;
    let mut count = 0;
    for (connection, sent) in sent.iter().enumerate() {
        let mut last = 0;
        for id in &sent.ids {
            let found = stored.get(id);
            match (sent.acknowledged.get(id), found) {
                (Some(message_id), None) => {
                    return Err(format!(
                        "message {id} ({message_id}) was acknowledged but is not stored"
                    )
                    .into());
                }
                (Some(message_id), Some(rows)) if rows.len() != 1 || rows[0] != *message_id => {
                    return Err(format!(
                        "message {id} was acknowledged as {message_id} but is stored as {rows:?}"
                    )
                    .into());
                }
                (None, Some(rows)) if rows.len() > 1 => {
                    return Err(format!("message {id} is stored twice: {rows:?}").into());
                }
                _ => {}
            }
            if let Some(message_id) = found.and_then(|rows| rows.first()) {
                if *message_id <= last {
                    return Err(format!("connection {connection}: {id} ({message_id}) is stored before its predecessor ({last})").into());
                }
                last = *message_id;
                count += 1;
            }
        }
    }
    if count != stored.len() {
        return Err(format!("{} stored messages were never sent", stored.len() - count).into());
    }
    Ok(count)
}

fn check_integrity(conn: &Connection) -> Result<()> {
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        return Err(format!("integrity_check: {integrity}").into());
    }
    if conn.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err("foreign_key_check found a dangling reference".into());
    }
    let count = |sql: &str| -> Result<i64> { Ok(conn.query_row(sql, [], |row| row.get(0))?) };
    for (what, sql) in [
        (
            "messages without their text",
            "SELECT count(*) FROM messages m WHERE NOT EXISTS
             (SELECT 1 FROM action_text_rich_texts t WHERE t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body')",
        ),
        ("messages without their search entry", "SELECT count(*) FROM messages WHERE id NOT IN (SELECT rowid FROM message_search_index)"),
        ("search entries without a message", "SELECT count(*) FROM message_search_index WHERE rowid NOT IN (SELECT id FROM messages)"),
        (
            "search entries with another text than the message",
            "SELECT count(*) FROM messages m JOIN action_text_rich_texts t ON t.record_type = 'Message' AND t.record_id = m.id
             JOIN message_search_index s ON s.rowid = m.id WHERE t.body <> '<div>' || s.body || '</div>'",
        ),
        (
            "messages whose timestamps are not in the order of their commits",
            "SELECT count(*) FROM (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS before FROM messages) WHERE created_at <= before",
        ),
    ] {
        let found = count(sql)?;
        if found > 0 {
            return Err(format!("{found} {what}").into());
        }
    }
    Ok(())
}

fn stored(conn: &Connection) -> Result<HashMap<String, Vec<i64>>> {
    let mut stored: HashMap<String, Vec<i64>> = HashMap::new();
    let mut statement = conn.prepare("SELECT client_message_id, id FROM messages ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        stored.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "CREATE TABLE messages (id integer PRIMARY KEY, client_message_id text, created_at text);
        CREATE TABLE action_text_rich_texts (record_type text, record_id integer, name text, body text);
        CREATE VIRTUAL TABLE message_search_index USING fts5(body, tokenize=porter);";

    fn insert_message(id: i64, client: &str) -> String {
        format!(
            "INSERT INTO messages VALUES ({id}, '{client}', '2026-01-01 00:00:{id:02}');
             INSERT INTO action_text_rich_texts VALUES ('Message', {id}, 'body', '<div>x</div>');
             INSERT INTO message_search_index (rowid, body) VALUES ({id}, 'x');"
        )
    }

    fn check(sql: &str, sent: &[&str], acknowledged: &[(&str, i64)]) -> Result<usize, String> {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("db");
        Connection::open(&path)
            .expect("opens")
            .execute_batch(&format!("{SCHEMA}{sql}"))
            .expect("valid SQL");
        let ids = sent.iter().map(ToString::to_string).collect();
        let acknowledged =
            acknowledged.iter().map(|(id, message_id)| (id.to_string(), *message_id)).collect();
        verify(&path, &[SentMessages { ids, acknowledged, resent: 0 }])
            .map_err(|error| error.to_string())
    }

    #[test]
    fn accepts_a_consistent_database() {
        assert_eq!(
            check(
                &(insert_message(1, "a") + &insert_message(2, "b")),
                &["a", "b", "c"],
                &[("a", 1)]
            ),
            Ok(2)
        );
    }

    #[test]
    fn detects_every_violation() {
        let fails = |sql: &str, sent: &[&str], acknowledged: &[(&str, i64)], expected: &str| {
            let error = check(sql, sent, acknowledged).expect_err(expected);
            assert!(error.contains(expected), "{error}");
        };
        fails("", &["a"], &[("a", 1)], "is not stored");
        fails(&(insert_message(1, "a") + &insert_message(2, "a")), &["a"], &[], "twice");
        fails(
            &(insert_message(1, "b") + &insert_message(2, "a")),
            &["a", "b"],
            &[],
            "before its predecessor",
        );
        fails(&insert_message(1, "unknown"), &["a"], &[], "never sent");
        fails(
            &(insert_message(1, "a") + "DELETE FROM message_search_index"),
            &["a"],
            &[("a", 1)],
            "search entry",
        );
        fails(
            &(insert_message(1, "a") + "DELETE FROM action_text_rich_texts"),
            &["a"],
            &[("a", 1)],
            "text",
        );
        fails(
            &(insert_message(1, "a") + "UPDATE message_search_index SET body = 'y'"),
            &["a"],
            &[("a", 1)],
            "another text",
        );
    }
}
