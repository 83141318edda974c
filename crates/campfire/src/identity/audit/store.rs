//! SQL about the audit log.

use db::Reader;
use rusqlite::{Connection, named_params};

use super::{Actor, Subject};
use crate::core::clock::Time;
use crate::core::ids::UserId;

pub struct EntryRow {
    pub id: i64,
    pub action: String,
    pub actor_id: Option<UserId>,
    /// Kind, id, and name at that time.
    pub subject: Option<(String, i64, String)>,
    pub detail: String,
    pub ip_address: Option<String>,
    pub created_at: Time,
}

pub fn insert(
    conn: &Connection,
    by: &Actor,
    action: &str,
    subject: Option<&Subject>,
    detail: &str,
    now: Time,
) -> Result<(), db::Error> {
    conn.prepare_cached(
        "INSERT INTO campfire_audit (action, actor_id, subject_type, subject_id, subject_name, detail, ip_address, created_at)
         VALUES (:action, :actor, :subject_type, :subject, :name, :detail, :ip_address, :now)",
    )?
    .execute(named_params! {
        ":action": action,
        ":actor": by.user.map(|user| user.0),
        ":subject_type": subject.map(|subject| subject.kind),
        ":subject": subject.map(|subject| subject.id),
        ":name": subject.map(|subject| subject.name.as_str()),
        ":detail": detail,
        ":ip_address": by.ip_address,
        ":now": now.to_rails(),
    })?;
    Ok(())
}

/// Deletes all but the newest entries.
pub fn prune(conn: &Connection, kept: i64) -> Result<(), db::Error> {
    conn.prepare_cached(
        "DELETE FROM campfire_audit WHERE id <= (SELECT max(id) FROM campfire_audit) - :kept",
    )?
    .execute(named_params! { ":kept": kept })?;
    Ok(())
}

/// Entries before this one, newest first.
pub fn page(
    reader: &Reader<'_>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<EntryRow>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT id, action, actor_id, subject_type, subject_id, subject_name, detail, ip_address, created_at FROM campfire_audit
         WHERE id < :before ORDER BY id DESC LIMIT :limit",
    )?;
    let rows = statement.query_map(
        named_params! { ":before": before.unwrap_or(i64::MAX), ":limit": limit },
        |row| {
            let kind: Option<String> = row.get("subject_type")?;
            let subject = match kind {
                Some(kind) => Some((
                    kind,
                    row.get("subject_id")?,
                    row.get::<_, Option<String>>("subject_name")?.unwrap_or_default(),
                )),
                None => None,
            };
            Ok(EntryRow {
                id: row.get("id")?,
                action: row.get("action")?,
                actor_id: row.get::<_, Option<i64>>("actor_id")?.map(UserId),
                subject,
                detail: row.get("detail")?,
                ip_address: row.get("ip_address")?,
                created_at: Time::from_rails(&row.get::<_, String>("created_at")?)
                    .unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH)),
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}
