//! SQL for purging.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};

/// A message to purge.
pub struct PurgeRow {
    pub id: MessageId,
    pub room: RoomId,
    pub client_message_id: String,
    /// The id of its row in `action_text_rich_texts`.
    pub text: Option<i64>,
}

impl PurgeRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: MessageId(row.get(0)?),
            room: RoomId(row.get(1)?),
            client_message_id: row.get(2)?,
            text: row.get(3)?,
        })
    }
}

/// Marks a room as deleted. An open room becomes closed, so that new users are not added to it.
pub fn mark_deleted(tx: &Tx<'_>, room: RoomId, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_deleted_rooms (room_id, deleted_at) VALUES (:room, :now)",
    )?
    .execute(named_params! { ":room": room.0, ":now": now.to_rails() })?;
    tx.prepare_cached(
        "UPDATE rooms SET type = 'Rooms::Closed' WHERE id = :room AND type = 'Rooms::Open'",
    )?
    .execute(named_params! { ":room": room.0 })?;
    // Messages deleted earlier can no longer be restored.
    tx.prepare_cached("DELETE FROM campfire_deleted_messages WHERE room_id = :room")?
        .execute(named_params! { ":room": room.0 })?;
    Ok(())
}

/// Deletes a marked room that has no messages left.
pub fn delete_rows(tx: &Tx<'_>, room: RoomId) -> Result<(), db::Error> {
    for sql in [
        "DELETE FROM memberships WHERE room_id = :room",
        "DELETE FROM rooms WHERE id = :room",
        "DELETE FROM campfire_deleted_rooms WHERE room_id = :room",
    ] {
        tx.prepare_cached(sql)?.execute(named_params! { ":room": room.0 })?;
    }
    Ok(())
}

/// A deleted room that still has to be purged.
pub fn next_deleted_room(conn: &Connection) -> Result<Option<RoomId>, db::Error> {
    let room = conn
        .prepare_cached("SELECT room_id FROM campfire_deleted_rooms ORDER BY room_id LIMIT 1")?
        .query_row([], |row| Ok(RoomId(row.get(0)?)))
        .optional()?;
    Ok(room)
}

/// Queues the messages of a banned user for purging.
pub fn queue_author_purge(tx: &Tx<'_>, user: UserId, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("INSERT INTO campfire_banned_authors (user_id, banned_at) VALUES (:user, :now) ON CONFLICT DO NOTHING")?
        .execute(named_params! { ":user": user.0, ":now": now.to_rails() })?;
    // Messages deleted earlier can no longer be restored.
    tx.prepare_cached(
        "UPDATE campfire_deleted_messages SET snapshot = NULL
         WHERE snapshot IS NOT NULL AND json_extract(snapshot, '$.creator_id') = :user",
    )?
    .execute(named_params! { ":user": user.0 })?;
    Ok(())
}

/// Removes a user from the queue: everything is purged, or the ban was lifted.
pub fn cancel_author_purge(tx: &Tx<'_>, user: UserId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM campfire_banned_authors WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}

/// A banned user whose messages still have to be purged.
pub fn next_queued_author(conn: &Connection) -> Result<Option<UserId>, db::Error> {
    let user = conn
        .prepare_cached("SELECT user_id FROM campfire_banned_authors ORDER BY user_id LIMIT 1")?
        .query_row([], |row| Ok(UserId(row.get(0)?)))
        .optional()?;
    Ok(user)
}

pub fn messages_of_room(
    conn: &Connection,
    room: RoomId,
    limit: u32,
) -> Result<Vec<PurgeRow>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT m.id, m.room_id, m.client_message_id, t.id FROM messages m LEFT JOIN action_text_rich_texts t
           ON t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body' WHERE m.room_id = :room LIMIT :limit",
    )?;
    let rows =
        statement.query_map(named_params! { ":room": room.0, ":limit": limit }, PurgeRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Messages of a user, as long as they are queued.
pub fn messages_of_author(
    conn: &Connection,
    user: UserId,
    limit: u32,
) -> Result<Vec<PurgeRow>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT m.id, m.room_id, m.client_message_id, t.id
         FROM campfire_banned_authors a CROSS JOIN messages m INDEXED BY index_messages_on_creator_id ON m.creator_id = a.user_id
           LEFT JOIN action_text_rich_texts t ON t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body'
         WHERE a.user_id = :user LIMIT :limit",
    )?;
    let rows =
        statement.query_map(named_params! { ":user": user.0, ":limit": limit }, PurgeRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Members whose inboxes or bookmarks contain a message of this room.
pub fn users_with_messages_of(conn: &Connection, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    // Starts from the members' notifications and bookmarks, never from the room's messages: there
    // may be a million.
    let mut statement = conn.prepare_cached(
        "SELECT user_id FROM memberships membership WHERE room_id = :id AND (
           EXISTS (SELECT 1 FROM campfire_notices n CROSS JOIN messages m ON m.id = n.message_id
                   WHERE n.user_id = membership.user_id AND m.room_id = :id)
           OR EXISTS (SELECT 1 FROM campfire_bookmarks b CROSS JOIN messages m ON m.id = b.message_id
                      WHERE b.user_id = membership.user_id AND m.room_id = :id))",
    )?;
    let rows =
        statement.query_map(named_params! { ":id": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
