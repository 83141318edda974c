//! SQL about preferences.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::Preferences;
use crate::core::app::Tx;
use crate::core::ids::UserId;

pub fn find(conn: &Connection, user: UserId) -> Result<Preferences, db::Error> {
    let found = conn
        .prepare_cached("SELECT replies_notify FROM campfire_preferences WHERE user_id = :user")?
        .query_row(named_params! { ":user": user.0 }, |row| {
            Ok(Preferences { replies_notify: row.get(0)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub fn save(tx: &Tx<'_>, user: UserId, preferences: Preferences) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_preferences (user_id, replies_notify) VALUES (:user, :replies_notify)
         ON CONFLICT (user_id) DO UPDATE SET replies_notify = excluded.replies_notify",
    )?
    .execute(named_params! { ":user": user.0, ":replies_notify": preferences.replies_notify })?;
    Ok(())
}
