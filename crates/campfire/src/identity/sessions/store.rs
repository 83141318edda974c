//! SQL about sessions.

use std::sync::Arc;

use db::Reader;
use rusqlite::{OptionalExtension, named_params};

use super::events::{SessionEnded, SessionRefreshed};
use super::{Device, Session};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{SessionId, UserId};
use crate::identity::users;

/// A session in the list of devices.
pub struct SessionRow {
    pub id: SessionId,
    pub user_agent: Option<String>,
    pub ip_address: Option<String>,
    pub last_active_at: Time,
    pub created_at: Time,
}

/// The session with this token, if its user is active.
pub fn find(
    reader: &Reader<'_>,
    token: &str,
    secret: &rails_compat::Secret,
) -> Result<Option<Session>, db::Error> {
    let row = reader
        .prepare_cached(
            "SELECT s.id, s.token, s.user_id, s.last_active_at FROM sessions s
             JOIN users u ON u.id = s.user_id WHERE s.token = :token AND u.status = 0",
        )?
        .query_row(named_params! { ":token": token }, |row| {
            Ok((
                SessionId(row.get(0)?),
                row.get::<_, String>(1)?,
                UserId(row.get(2)?),
                row.get::<_, String>(3)?,
            ))
        })
        .optional()?;
    let Some((id, token, user, last_active_at)) = row else { return Ok(None) };
    let Some(user) = users::store::find(reader, user)? else { return Ok(None) };
    // An invalid timestamp counts as long ago, so that it is written again.
    let last_active_at =
        Time::from_rails(&last_active_at).unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH));
    Ok(Some(Session { id, token, user: Arc::new(user.into_user(secret)), last_active_at }))
}

/// Whether a session exists and its user is active.
pub fn is_active(conn: &rusqlite::Connection, id: SessionId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id AND u.status = 0 WHERE s.id = :id")?
        .exists(named_params! { ":id": id.0 })?;
    Ok(found)
}

pub fn insert(
    tx: &Tx<'_>,
    user: UserId,
    token: &str,
    device: &Device,
    now: Time,
) -> Result<SessionId, db::Error> {
    tx.prepare_cached(
        "INSERT INTO sessions (user_id, token, ip_address, user_agent, last_active_at, created_at, updated_at)
         VALUES (:user, :token, :ip_address, :user_agent, :now, :now, :now)",
    )?
    .execute(named_params! {
        ":user": user.0,
        ":token": token,
        ":ip_address": device.ip_address,
        ":user_agent": device.user_agent,
        ":now": now.to_rails(),
    })?;
    Ok(SessionId(tx.last_insert_rowid()))
}

/// Updates `last_active_at`, IP address and user agent.
pub fn refresh(
    tx: &mut Tx<'_>,
    id: SessionId,
    device: &Device,
    now: Time,
) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE sessions SET ip_address = :ip_address, user_agent = :user_agent, last_active_at = :now, updated_at = :now WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id.0,
        ":ip_address": device.ip_address,
        ":user_agent": device.user_agent,
        ":now": now.to_rails(),
    })?;
    tx.publish(Arc::new(SessionRefreshed));
    Ok(())
}

/// Ends a user's session; `false` if there is none with this id.
pub fn delete(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<bool, db::Error> {
    let deleted = tx
        .prepare_cached("DELETE FROM sessions WHERE id = :id AND user_id = :user")?
        .execute(named_params! { ":id": id.0, ":user": user.0 })?;
    if deleted == 1 {
        tx.publish(SessionEnded::event(id));
    }
    Ok(deleted == 1)
}

/// Ends all sessions of a user except `kept`. Returns how many.
pub fn delete_others(
    tx: &mut Tx<'_>,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<usize, db::Error> {
    let ended = {
        let mut statement = tx.prepare_cached(
            "DELETE FROM sessions WHERE user_id = :user AND id IS NOT :kept RETURNING id",
        )?;
        let rows = statement
            .query_map(named_params! { ":user": user.0, ":kept": kept.map(|id| id.0) }, |row| {
                Ok(SessionId(row.get(0)?))
            })?;
        rows.collect::<Result<Vec<_>, _>>()?
    };
    let count = ended.len();
    ended.into_iter().for_each(|id| tx.publish(SessionEnded::event(id)));
    Ok(count)
}

/// Ends all sessions of a user without publishing events, for the command line. Returns how many.
pub fn delete_all(conn: &rusqlite::Connection, user: UserId) -> Result<usize, db::Error> {
    Ok(conn
        .prepare_cached("DELETE FROM sessions WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?)
}

/// The IP addresses of a user's sessions.
pub fn addresses(conn: &rusqlite::Connection, user: UserId) -> Result<Vec<String>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT DISTINCT ip_address FROM sessions WHERE user_id = :user AND ip_address <> '' ORDER BY ip_address")?;
    let rows = statement.query_map(named_params! { ":user": user.0 }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn delete_push_subscriptions_and_searches(tx: &Tx<'_>, user: UserId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM push_subscriptions WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    tx.prepare_cached("DELETE FROM searches WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}

/// A user's sessions, last used first; at most 100.
pub fn list(reader: &Reader<'_>, user: UserId) -> Result<Vec<SessionRow>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT id, user_agent, ip_address, last_active_at, created_at FROM sessions
         WHERE user_id = :user ORDER BY last_active_at DESC, id DESC LIMIT 100",
    )?;
    let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
    let rows = statement.query_map(named_params! { ":user": user.0 }, |row| {
        Ok(SessionRow {
            id: SessionId(row.get("id")?),
            user_agent: row.get("user_agent")?,
            ip_address: row.get("ip_address")?,
            last_active_at: Time::from_rails(&row.get::<_, String>("last_active_at")?)
                .unwrap_or(epoch),
            created_at: Time::from_rails(&row.get::<_, String>("created_at")?).unwrap_or(epoch),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
