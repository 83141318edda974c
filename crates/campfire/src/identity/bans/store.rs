//! SQL about bans.

use rusqlite::{Connection, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;

pub fn addresses(conn: &Connection) -> Result<Vec<String>, db::Error> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT ip_address FROM bans")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn insert(tx: &Tx<'_>, user: UserId, address: &str, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("INSERT INTO bans (user_id, ip_address, created_at, updated_at) VALUES (:user, :address, :now, :now)")?
        .execute(named_params! { ":user": user.0, ":address": address, ":now": now.to_rails() })?;
    Ok(())
}

/// Lifts the bans of a user's addresses.
pub fn delete(tx: &Tx<'_>, user: UserId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM bans WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}
