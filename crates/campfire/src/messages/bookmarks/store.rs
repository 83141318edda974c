//! SQL for bookmarks.

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};

/// A bookmark as stored.
pub struct BookmarkRow {
    pub id: i64,
    pub message: MessageId,
    pub room: RoomId,
    pub created_at: Time,
}

impl BookmarkRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            message: MessageId(row.get(1)?),
            room: RoomId(row.get(2)?),
            created_at: Time::from_rails(&row.get::<_, String>(3)?)
                .unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH)),
        })
    }
}

/// A user's bookmark of a message.
pub fn find(
    conn: &Connection,
    user: UserId,
    message: MessageId,
) -> Result<Option<BookmarkRow>, db::Error> {
    let row = conn
        .prepare_cached(
            "SELECT b.id, b.message_id, m.room_id, b.created_at FROM campfire_bookmarks b JOIN messages m ON m.id = b.message_id
             WHERE b.user_id = :user AND b.message_id = :message",
        )?
        .query_row(named_params! { ":user": user.0, ":message": message.0 }, BookmarkRow::read)
        .optional()?;
    Ok(row)
}

pub fn count(conn: &Connection, user: UserId) -> Result<i64, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM campfire_bookmarks WHERE user_id = :user")?;
    Ok(statement.query_row(named_params! { ":user": user.0 }, |row| row.get(0))?)
}

/// `false` if the message was already bookmarked.
pub fn insert(tx: &Tx<'_>, user: UserId, message: MessageId, at: Time) -> Result<bool, db::Error> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO campfire_bookmarks (user_id, message_id, created_at) VALUES (:user, :message, :at) ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! { ":user": user.0, ":message": message.0, ":at": at.to_rails() })?;
    Ok(inserted > 0)
}

/// `false` if there was no such bookmark.
pub fn delete(tx: &Tx<'_>, user: UserId, message: MessageId) -> Result<bool, db::Error> {
    let deleted = tx
        .prepare_cached(
            "DELETE FROM campfire_bookmarks WHERE user_id = :user AND message_id = :message",
        )?
        .execute(named_params! { ":user": user.0, ":message": message.0 })?;
    Ok(deleted > 0)
}

/// A user's bookmarks in rooms they belong to whose id is less than `before`, newest first.
pub fn page(
    reader: &Reader<'_>,
    user: UserId,
    before: i64,
    limit: u32,
) -> Result<Vec<BookmarkRow>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT b.id, b.message_id, m.room_id, b.created_at FROM campfire_bookmarks b JOIN messages m ON m.id = b.message_id
         JOIN memberships p ON p.room_id = m.room_id AND p.user_id = b.user_id
         WHERE b.user_id = :user AND b.id < :before ORDER BY b.id DESC LIMIT :limit",
    )?;
    let rows = statement.query_map(
        named_params! { ":user": user.0, ":before": before, ":limit": limit },
        BookmarkRow::read,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The users who bookmarked a message.
pub fn owners_of(conn: &Connection, message: MessageId) -> Result<Vec<UserId>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT user_id FROM campfire_bookmarks WHERE message_id = :message")?;
    let users = statement
        .query_map(named_params! { ":message": message.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// The messages that a user bookmarked, in one room or in all rooms they belong to.
pub fn messages(
    reader: &Reader<'_>,
    user: UserId,
    room: Option<RoomId>,
) -> Result<Vec<MessageId>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT b.message_id FROM campfire_bookmarks b JOIN messages m ON m.id = b.message_id
         JOIN memberships p ON p.room_id = m.room_id AND p.user_id = b.user_id
         WHERE b.user_id = :user AND (:room IS NULL OR m.room_id = :room) ORDER BY b.message_id",
    )?;
    let ids = statement
        .query_map(named_params! { ":user": user.0, ":room": room.map(|room| room.0) }, |row| {
            Ok(MessageId(row.get(0)?))
        })?;
    Ok(ids.collect::<Result<_, _>>()?)
}
