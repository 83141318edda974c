//! SQL for recent searches.

use rusqlite::{Connection, named_params};

use super::{MAX_RECENT, RecentSearch};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;

/// A user's recent searches, latest first.
pub fn list(conn: &Connection, user: UserId, limit: u32) -> Result<Vec<RecentSearch>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, query, updated_at FROM searches WHERE user_id = :user ORDER BY updated_at DESC, id DESC LIMIT :limit",
    )?;
    let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
    let rows = statement.query_map(named_params! { ":user": user.0, ":limit": limit }, |row| {
        Ok(RecentSearch {
            id: row.get(0)?,
            query: row.get(1)?,
            updated_at: Time::from_rails(&row.get::<_, String>(2)?).unwrap_or(epoch),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a search, or moves it to the top if it is listed already; drops the oldest beyond
/// [`MAX_RECENT`]. `true` if it was added.
pub fn save(tx: &Tx<'_>, user: UserId, query: &str, now: Time) -> Result<bool, db::Error> {
    let moved = tx
        .prepare_cached(
            "UPDATE searches SET updated_at = :now WHERE user_id = :user AND query = :query",
        )?
        .execute(named_params! { ":now": now.to_rails(), ":user": user.0, ":query": query })?;
    if moved > 0 {
        return Ok(false);
    }
    tx.prepare_cached("INSERT INTO searches (user_id, query, created_at, updated_at) VALUES (:user, :query, :now, :now)")?
        .execute(named_params! { ":user": user.0, ":query": query, ":now": now.to_rails() })?;
    tx.prepare_cached(
        "DELETE FROM searches WHERE user_id = :user AND id NOT IN
         (SELECT id FROM searches WHERE user_id = :user ORDER BY updated_at DESC, id DESC LIMIT :kept)",
    )?
    .execute(named_params! { ":user": user.0, ":kept": MAX_RECENT })?;
    Ok(true)
}

/// Deletes a user's recent searches.
pub fn clear(tx: &Tx<'_>, user: UserId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM searches WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}
