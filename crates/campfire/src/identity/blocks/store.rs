//! SQL about blocks.

use rusqlite::{Connection, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;

/// The users that a user has blocked, by name.
pub fn of(conn: &Connection, user: UserId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id FROM campfire_blocks b JOIN users u ON u.id = b.blocked_id WHERE b.user_id = :user ORDER BY lower(u.name), u.id",
    )?;
    let rows =
        statement.query_map(named_params! { ":user": user.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn count(conn: &Connection, user: UserId) -> Result<i64, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM campfire_blocks WHERE user_id = :user")?;
    Ok(statement.query_row(named_params! { ":user": user.0 }, |row| row.get(0))?)
}

/// Whether any of `others` has blocked the user.
pub fn is_blocked_by_any(
    conn: &Connection,
    user: UserId,
    others: &[UserId],
) -> Result<bool, db::Error> {
    let list = others.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let mut statement = conn
        .prepare_cached("SELECT 1 FROM campfire_blocks WHERE user_id IN (SELECT value FROM json_each(:others)) AND blocked_id = :user")?;
    Ok(statement.exists(named_params! { ":others": format!("[{list}]"), ":user": user.0 })?)
}

/// Adds a block. Keeps an existing one.
pub fn insert(tx: &Tx<'_>, user: UserId, blocked: UserId, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_blocks (user_id, blocked_id, created_at) VALUES (:user, :blocked, :now) ON CONFLICT DO NOTHING",
    )?
    .execute(named_params! { ":user": user.0, ":blocked": blocked.0, ":now": now.to_rails() })?;
    Ok(())
}

pub fn delete(tx: &Tx<'_>, user: UserId, blocked: UserId) -> Result<(), db::Error> {
    tx.prepare_cached(
        "DELETE FROM campfire_blocks WHERE user_id = :user AND blocked_id = :blocked",
    )?
    .execute(named_params! { ":user": user.0, ":blocked": blocked.0 })?;
    Ok(())
}
