//! SQL about password reset links.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::core::clock::Time;
use crate::core::ids::UserId;

/// Adds a link and deletes the user's earlier one and all expired ones.
pub fn insert(
    conn: &Connection,
    user: UserId,
    digest: &str,
    now: Time,
    expires: Time,
) -> Result<(), db::Error> {
    delete(conn, user)?;
    conn.prepare_cached("DELETE FROM campfire_password_resets WHERE expires_at < :now")?
        .execute(named_params! { ":now": now.to_rails() })?;
    conn.prepare_cached(
        "INSERT INTO campfire_password_resets (digest, user_id, created_at, expires_at) VALUES (:digest, :user, :now, :expires)",
    )?
    .execute(named_params! { ":digest": digest, ":user": user.0, ":now": now.to_rails(), ":expires": expires.to_rails() })?;
    Ok(())
}

/// The id and name of the user whose password a link resets. `None` if the link is invalid or the
/// user is not active.
pub fn find(
    conn: &Connection,
    digest: &str,
    now: Time,
) -> Result<Option<(UserId, String)>, db::Error> {
    let found = conn
        .prepare_cached(
            "SELECT u.id, u.name FROM campfire_password_resets r JOIN users u ON u.id = r.user_id AND u.status = 0 AND u.role <> 2
             WHERE r.digest = :digest AND r.expires_at > :now",
        )?
        .query_row(named_params! { ":digest": digest, ":now": now.to_rails() }, |row| Ok((UserId(row.get(0)?), row.get(1)?)))
        .optional()?;
    Ok(found)
}

pub fn delete(conn: &Connection, user: UserId) -> Result<(), db::Error> {
    conn.prepare_cached("DELETE FROM campfire_password_resets WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}
