//! SQL for push subscriptions and the recipients of a message.

use std::collections::HashSet;
use std::sync::Arc;

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::events::SubscriptionsChanged;
use super::{MAX_SUBSCRIPTIONS, NewSubscription, PushError, SubscriptionId};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, SessionId, UserId};
use crate::rooms::RoomType;

/// A stored subscription. Those from Campfire may lack any field.
pub struct SubscriptionRow {
    pub id: SubscriptionId,
    pub user: UserId,
    pub endpoint: Option<String>,
    pub p256dh: Option<String>,
    pub auth: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: Time,
    /// When the device last confirmed the subscription.
    pub updated_at: Time,
}

impl SubscriptionRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
        let time = |text: String| Time::from_rails(&text).unwrap_or(epoch);
        Ok(Self {
            id: row.get("id")?,
            user: UserId(row.get("user_id")?),
            endpoint: row.get("endpoint")?,
            p256dh: row.get("p256dh_key")?,
            auth: row.get("auth_key")?,
            user_agent: row.get("user_agent")?,
            created_at: time(row.get("created_at")?),
            updated_at: time(row.get("updated_at")?),
        })
    }
}

/// A user's subscriptions, the last confirmed first. Campfire has no limit, so there may be more than
/// [`MAX_SUBSCRIPTIONS`].
pub fn list(reader: &Reader<'_>, user: UserId) -> Result<Vec<SubscriptionRow>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT * FROM push_subscriptions WHERE user_id = :user ORDER BY updated_at DESC, id DESC LIMIT 100")?;
    let rows = statement.query_map(named_params! { ":user": user.0 }, SubscriptionRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn find(reader: &Reader<'_>, id: SubscriptionId) -> Result<Option<SubscriptionRow>, db::Error> {
    let row = reader
        .prepare_cached("SELECT * FROM push_subscriptions WHERE id = :id")?
        .query_row(named_params! { ":id": id }, SubscriptionRow::read)
        .optional()?;
    Ok(row)
}

/// The users with a subscription.
pub fn subscribers(conn: &Connection) -> Result<HashSet<UserId>, db::Error> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT user_id FROM push_subscriptions")?;
    let ids = statement.query_map([], |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Stores or confirms a subscription; returns its id and whether it is new. A browser belongs to the
/// user who subscribed last, so others lose theirs.
///
/// # Errors
/// [`PushError::TooMany`].
pub fn subscribe(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewSubscription,
    user_agent: &str,
    now: Time,
) -> Result<(SubscriptionId, bool), PushError> {
    let (endpoint, p256dh, auth, now) =
        (&new.endpoint, new.recipient.p256dh(), new.recipient.auth(), now.to_rails());
    let known: Option<SubscriptionId> = tx
        .prepare_cached("SELECT id FROM push_subscriptions WHERE endpoint = :endpoint AND user_id = :user ORDER BY id LIMIT 1")
        .and_then(|mut select| select.query_row(named_params! { ":endpoint": endpoint, ":user": user.0 }, |row| row.get(0)).optional())
        .map_err(db::Error::from)?;
    // Campfire may have stored a browser several times, or for several users.
    let others = tx
        .prepare_cached(
            "DELETE FROM push_subscriptions WHERE endpoint = :endpoint AND id IS NOT :known",
        )
        .and_then(|mut delete| {
            delete.execute(named_params! { ":endpoint": endpoint, ":known": known })
        })
        .map_err(db::Error::from)?;
    if others > 0 {
        tx.publish(Arc::new(SubscriptionsChanged));
    }
    if let Some(id) = known {
        tx.prepare_cached(
            "UPDATE push_subscriptions SET p256dh_key = :p256dh, auth_key = :auth, user_agent = :user_agent, updated_at = :now WHERE id = :id",
        )
        .and_then(|mut update| {
            update.execute(named_params! { ":p256dh": p256dh, ":auth": auth, ":user_agent": user_agent, ":now": now, ":id": id })
        })
        .map_err(db::Error::from)?;
        return Ok((id, false));
    }
    let count: usize = tx
        .prepare_cached("SELECT count(*) FROM push_subscriptions WHERE user_id = :user")
        .and_then(|mut count| count.query_row(named_params! { ":user": user.0 }, |row| row.get(0)))
        .map_err(db::Error::from)?;
    if count >= MAX_SUBSCRIPTIONS {
        return Err(PushError::TooMany);
    }
    tx.prepare_cached(
        "INSERT INTO push_subscriptions (user_id, endpoint, p256dh_key, auth_key, user_agent, created_at, updated_at)
         VALUES (:user, :endpoint, :p256dh, :auth, :user_agent, :now, :now)",
    )
    .and_then(|mut insert| {
        insert.execute(named_params! {
            ":user": user.0, ":endpoint": endpoint, ":p256dh": p256dh, ":auth": auth, ":user_agent": user_agent, ":now": now,
        })
    })
    .map_err(db::Error::from)?;
    let id = tx.last_insert_rowid();
    tx.publish(Arc::new(SubscriptionsChanged));
    Ok((id, true))
}

/// Ties a subscription to a session: it is deleted when the session ends.
pub fn bind_to_session(
    tx: &Tx<'_>,
    id: SubscriptionId,
    session: SessionId,
) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_push_sessions (subscription_id, session_id) VALUES (:id, :session)
         ON CONFLICT (subscription_id) DO UPDATE SET session_id = excluded.session_id",
    )?
    .execute(named_params! { ":id": id, ":session": session.0 })?;
    Ok(())
}

/// Deletes a user's subscription; `false` if there is none.
pub fn delete(tx: &mut Tx<'_>, user: UserId, id: SubscriptionId) -> Result<bool, db::Error> {
    let deleted = tx
        .prepare_cached("DELETE FROM push_subscriptions WHERE id = :id AND user_id = :user")?
        .execute(named_params! { ":id": id, ":user": user.0 })?;
    tx.publish(Arc::new(SubscriptionsChanged));
    Ok(deleted == 1)
}

/// Deletes a browser's subscription when the user signs out.
pub fn delete_endpoint(tx: &mut Tx<'_>, user: UserId, endpoint: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "DELETE FROM push_subscriptions WHERE user_id = :user AND endpoint = :endpoint",
    )?
    .execute(named_params! { ":user": user.0, ":endpoint": endpoint })?;
    tx.publish(Arc::new(SubscriptionsChanged));
    Ok(())
}

/// Deletes a subscription that can never be delivered to again.
pub fn delete_expired(tx: &mut Tx<'_>, id: SubscriptionId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM push_subscriptions WHERE id = :id")?
        .execute(named_params! { ":id": id })?;
    tx.publish(Arc::new(SubscriptionsChanged));
    Ok(())
}

/// The message whose recipients are read.
pub struct RecipientQuery<'a> {
    pub room: RoomId,
    pub author: UserId,
    pub mentioned: &'a [UserId],
    /// The users who are looking at the room.
    pub present: &'a [UserId],
    /// Restricts the query to one subscription.
    pub only: Option<SubscriptionId>,
}

/// A device to notify.
pub struct RecipientRow {
    pub subscription: SubscriptionId,
    pub endpoint: Option<String>,
}

/// The devices of active members, other than the author, who are not looking at the room, have not
/// read the message, and are notified about every message or are mentioned.
pub fn recipients(
    reader: &Reader<'_>,
    query: &RecipientQuery<'_>,
) -> Result<Vec<RecipientRow>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT s.id, s.endpoint FROM memberships m
         JOIN users u ON u.id = m.user_id AND u.status = 0
         JOIN push_subscriptions s ON s.user_id = m.user_id
         WHERE m.room_id = :room AND m.user_id <> :author AND m.unread_at IS NOT NULL
           AND (m.involvement = 'everything'
                OR m.involvement NOT IN ('invisible', 'nothing') AND m.user_id IN (SELECT value FROM json_each(:mentioned)))
           AND m.user_id NOT IN (SELECT value FROM json_each(:present))
           AND (:only IS NULL OR s.id = :only)
         ORDER BY s.id",
    )?;
    let params = named_params! {
        ":room": query.room.0,
        ":author": query.author.0,
        ":mentioned": array(query.mentioned),
        ":present": array(query.present),
        ":only": query.only,
    };
    let rows = statement.query_map(params, |row| {
        Ok(RecipientRow { subscription: row.get(0)?, endpoint: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn array(users: &[UserId]) -> String {
    format!("[{}]", users.iter().map(|user| user.0.to_string()).collect::<Vec<_>>().join(","))
}

/// The badge on the app's icon: how many rooms are unread, without invisible and muted ones.
pub fn badge(reader: &Reader<'_>, user: UserId) -> Result<i64, db::Error> {
    let count = reader
        .prepare_cached(
            "SELECT count(*) FROM memberships
             WHERE user_id = :user AND unread_at IS NOT NULL AND involvement NOT IN ('invisible', 'nothing')",
        )?
        .query_row(named_params! { ":user": user.0 }, |row| row.get(0))?;
    Ok(count)
}

/// A room's name and type.
pub fn room(
    reader: &Reader<'_>,
    room: RoomId,
) -> Result<Option<(Option<String>, RoomType)>, db::Error> {
    let found = reader
        .prepare_cached("SELECT name, type FROM rooms WHERE id = :room")?
        .query_row(named_params! { ":room": room.0 }, |row| {
            Ok((row.get(0)?, RoomType::from_stored(&row.get::<_, String>(1)?)))
        })
        .optional()?;
    Ok(found)
}

pub fn is_active(reader: &Reader<'_>, user: UserId) -> Result<bool, db::Error> {
    let active = reader
        .prepare_cached("SELECT 1 FROM users WHERE id = :user AND status = 0")?
        .exists(named_params! { ":user": user.0 })?;
    Ok(active)
}
