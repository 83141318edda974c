//! SQL for notifications.

use db::{BatchWork, Reader};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::recipients::{Notification, Reason};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};

/// Unread notifications are counted up to this number.
const MAX_COUNT: i64 = 1_000;

/// Stores the notifications of new messages at the end of a batch.
pub struct NewNotifications;

impl BatchWork for NewNotifications {
    type Item = (MessageId, Vec<Notification>, Time);

    fn finish(conn: &Connection, items: Vec<Self::Item>) -> rusqlite::Result<()> {
        items
            .into_iter()
            .try_for_each(|(message, notifications, at)| insert(conn, message, &notifications, at))
    }
}

/// Stores notifications of a message.
pub fn add(
    tx: &Tx<'_>,
    message: MessageId,
    notifications: &[Notification],
    at: Time,
) -> Result<(), db::Error> {
    Ok(insert(tx, message, notifications, at)?)
}

fn insert(
    conn: &Connection,
    message: MessageId,
    notifications: &[Notification],
    at: Time,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO campfire_notices (user_id, message_id, reason, noticed_at)
         SELECT :user, id, :reason, :at FROM messages WHERE id = :message ON CONFLICT DO NOTHING",
    )?;
    for notification in notifications {
        statement.execute(named_params! {
            ":user": notification.user.0, ":message": message.0, ":reason": notification.reason.to_stored(), ":at": at.to_rails(),
        })?;
    }
    Ok(())
}

/// Deletes the notifications of a message that are not among these; returns whose they were.
pub fn retain(
    tx: &Tx<'_>,
    message: MessageId,
    notifications: &[Notification],
) -> Result<Vec<UserId>, db::Error> {
    let mut removed = recipients_of(tx, message)?;
    removed.retain(|user| notifications.iter().all(|notification| notification.user != *user));
    for user in &removed {
        tx.prepare_cached(
            "DELETE FROM campfire_notices WHERE user_id = :user AND message_id = :message",
        )?
        .execute(named_params! { ":user": user.0, ":message": message.0 })?;
    }
    Ok(removed)
}

/// Who was notified of a message.
pub fn recipients_of(conn: &Connection, message: MessageId) -> Result<Vec<UserId>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT user_id FROM campfire_notices WHERE message_id = :message")?;
    let users = statement
        .query_map(named_params! { ":message": message.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// A notification as its recipient sees it.
pub struct NotificationRow {
    pub message: MessageId,
    pub room: RoomId,
    pub reason: Reason,
    /// Whether it arrived since the recipient last viewed the inbox.
    pub unread: bool,
}

/// Selects the notifications that a user sees: in rooms they belong to, and replies only if they
/// want them.
macro_rules! visible_notifications {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM campfire_notices n JOIN messages m ON m.id = n.message_id
              JOIN memberships p ON p.room_id = m.room_id AND p.user_id = n.user_id
              WHERE n.user_id = :user
                AND (n.reason <> 'reply' OR coalesce((SELECT replies_notify FROM campfire_preferences WHERE user_id = :user), 1)) ",
            $rest
        )
    };
}

/// A user's notifications, newest first, after the one of the message `before`; `None` if that one
/// is not in the inbox.
pub fn page(
    reader: &Reader<'_>,
    user: UserId,
    before: Option<MessageId>,
    limit: u32,
) -> Result<Option<Vec<NotificationRow>>, db::Error> {
    let from = match before {
        None => Some(("9999".to_owned(), i64::MAX)),
        Some(message) => reader
            .prepare_cached("SELECT noticed_at, message_id FROM campfire_notices WHERE user_id = :user AND message_id = :message")?
            .query_row(named_params! { ":user": user.0, ":message": message.0 }, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?,
    };
    let Some((at, message)) = from else { return Ok(None) };
    let mut statement = reader.prepare_cached(visible_notifications!(
        "n.message_id, m.room_id, n.reason, n.noticed_at > coalesce((SELECT seen_at FROM campfire_inboxes WHERE user_id = :user), '')",
        "AND (n.noticed_at, n.message_id) < (:at, :message) ORDER BY n.noticed_at DESC, n.message_id DESC LIMIT :limit"
    ))?;
    let rows = statement.query_map(
        named_params! { ":user": user.0, ":at": at, ":message": message, ":limit": limit },
        |row| {
            Ok(NotificationRow {
                message: MessageId(row.get(0)?),
                room: RoomId(row.get(1)?),
                reason: Reason::from_stored(&row.get::<_, String>(2)?),
                unread: row.get(3)?,
            })
        },
    )?;
    Ok(Some(rows.collect::<Result<_, _>>()?))
}

/// How many notifications arrived since the user last viewed the inbox, counted up to
/// `MAX_COUNT`.
pub fn unread(reader: &Reader<'_>, user: UserId) -> Result<i64, db::Error> {
    let mut statement = reader.prepare_cached(concat!(
        "SELECT count(*) FROM (",
        visible_notifications!("1", "AND n.noticed_at > coalesce((SELECT seen_at FROM campfire_inboxes WHERE user_id = :user), '') LIMIT :most"),
        ")"
    ))?;
    Ok(statement
        .query_row(named_params! { ":user": user.0, ":most": MAX_COUNT }, |row| row.get(0))?)
}

pub fn mark_seen(tx: &Tx<'_>, user: UserId, at: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_inboxes (user_id, seen_at) VALUES (:user, :at)
         ON CONFLICT (user_id) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
    )?
    .execute(named_params! { ":user": user.0, ":at": at.to_rails() })?;
    Ok(())
}
