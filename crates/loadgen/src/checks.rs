//! Did it keep its word? Looks into the stopped server's database itself.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Outcome;

/// What one connection sent, in order, and whether each was acknowledged (with which number).
pub struct Sent {
    /// Client message ids in the order of sending.
    pub ids: Vec<String>,
    /// What was acknowledged.
    pub acknowledged: HashMap<String, i64>,
    /// How often something was sent again, because its answer never came.
    pub resent: usize,
}

/// Looks at everything; `Err` names the first broken promise.
pub fn verify(database: &Path, sent: &[Sent]) -> Outcome<usize> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    sound(&conn)?;
    let stored = stored(&conn)?;
    let mut known = 0;
    for (connection, sent) in sent.iter().enumerate() {
        let mut last = 0;
        for id in &sent.ids {
            let found = stored.get(id);
            match (sent.acknowledged.get(id), found) {
                (Some(number), None) => {
                    return Err(
                        format!("message {id} ({number}) was acknowledged and is lost").into()
                    );
                }
                (Some(number), Some(rows)) if rows.len() != 1 || rows[0] != *number => {
                    return Err(format!(
                        "message {id} was acknowledged as {number} and is stored as {rows:?}"
                    )
                    .into());
                }
                (None, Some(rows)) if rows.len() > 1 => {
                    return Err(format!("message {id} is stored twice: {rows:?}").into());
                }
                _ => {}
            }
            if let Some(number) = found.and_then(|rows| rows.first()) {
                if *number <= last {
                    return Err(format!("connection {connection}: {id} ({number}) is stored before its predecessor ({last})").into());
                }
                last = *number;
                known += 1;
            }
        }
    }
    if known != stored.len() {
        return Err(format!("{} messages are stored that nobody sent", stored.len() - known).into());
    }
    Ok(known)
}

/// The database as such.
fn sound(conn: &Connection) -> Outcome<()> {
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        return Err(format!("integrity_check: {integrity}").into());
    }
    if conn.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err("foreign_key_check found a broken reference".into());
    }
    let count = |sql: &str| -> Outcome<i64> { Ok(conn.query_row(sql, [], |row| row.get(0))?) };
    for (what, sql) in [
        (
            "messages without their text",
            "SELECT count(*) FROM messages m WHERE NOT EXISTS
             (SELECT 1 FROM action_text_rich_texts t WHERE t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body')",
        ),
        ("messages without their search entry", "SELECT count(*) FROM messages WHERE id NOT IN (SELECT rowid FROM message_search_index)"),
        ("search entries without a message", "SELECT count(*) FROM message_search_index WHERE rowid NOT IN (SELECT id FROM messages)"),
        (
            "search entries with other words than the message",
            "SELECT count(*) FROM messages m JOIN action_text_rich_texts t ON t.record_type = 'Message' AND t.record_id = m.id
             JOIN message_search_index s ON s.rowid = m.id WHERE t.body <> '<div>' || s.body || '</div>'",
        ),
        (
            "messages that sort differently from their commit",
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

fn stored(conn: &Connection) -> Outcome<HashMap<String, Vec<i64>>> {
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

    fn say(id: i64, client: &str) -> String {
        format!(
            "INSERT INTO messages VALUES ({id}, '{client}', '2026-01-01 00:00:{id:02}');
             INSERT INTO action_text_rich_texts VALUES ('Message', {id}, 'body', '<div>x</div>');
             INSERT INTO message_search_index (rowid, body) VALUES ({id}, 'x');"
        )
    }

    fn judge(sql: &str, sent: &[&str], acknowledged: &[(&str, i64)]) -> Result<usize, String> {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("db");
        Connection::open(&path)
            .expect("opens")
            .execute_batch(&format!("{SCHEMA}{sql}"))
            .expect("valid SQL");
        let ids = sent.iter().map(ToString::to_string).collect();
        let acknowledged =
            acknowledged.iter().map(|(id, number)| (id.to_string(), *number)).collect();
        verify(&path, &[Sent { ids, acknowledged, resent: 0 }]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_kept_word_passes() {
        assert_eq!(judge(&(say(1, "a") + &say(2, "b")), &["a", "b", "c"], &[("a", 1)]), Ok(2));
    }

    #[test]
    fn every_broken_word_is_found() {
        let fails = |sql: &str, sent: &[&str], acknowledged: &[(&str, i64)], word: &str| {
            let verdict = judge(sql, sent, acknowledged).expect_err(word);
            assert!(verdict.contains(word), "{verdict}");
        };
        fails("", &["a"], &[("a", 1)], "lost");
        fails(&(say(1, "a") + &say(2, "a")), &["a"], &[], "twice");
        fails(&(say(1, "b") + &say(2, "a")), &["a", "b"], &[], "before its predecessor");
        fails(&say(1, "stranger"), &["a"], &[], "nobody sent");
        fails(
            &(say(1, "a") + "DELETE FROM message_search_index"),
            &["a"],
            &[("a", 1)],
            "search entry",
        );
        fails(&(say(1, "a") + "DELETE FROM action_text_rich_texts"), &["a"], &[("a", 1)], "text");
        fails(
            &(say(1, "a") + "UPDATE message_search_index SET body = 'y'"),
            &["a"],
            &[("a", 1)],
            "other words",
        );
    }
}
