//! SQL for messages.

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};

/// A message as stored.
pub struct MessageRow {
    pub id: MessageId,
    pub client_message_id: String,
    pub creator_id: UserId,
    pub created_at: Time,
    pub updated_at: Time,
    pub html: Option<String>,
    /// Whether the text was updated after it was created.
    pub edited: bool,
    /// Only read when there is no text.
    pub filename: Option<String>,
}

impl MessageRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
        let time = |text: String| Time::from_rails(&text).unwrap_or(epoch);
        Ok(Self {
            id: MessageId(row.get(0)?),
            client_message_id: row.get(1)?,
            creator_id: UserId(row.get(2)?),
            created_at: time(row.get(3)?),
            updated_at: time(row.get(4)?),
            html: row.get(5)?,
            edited: row.get::<_, Option<bool>>(6)?.unwrap_or(false),
            filename: row.get(7)?,
        })
    }
}

/// A boost as stored.
pub struct BoostRow {
    pub id: i64,
    pub message_id: MessageId,
    pub booster_id: UserId,
    pub content: String,
    pub created_at: Time,
}

/// Selects the columns that [`MessageRow::read`] expects. A file name is looked up only where there
/// is no text.
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.client_message_id, m.creator_id, m.created_at, m.updated_at, t.body, t.updated_at <> t.created_at,
                    CASE WHEN t.body IS NULL OR t.body = '' THEN
                      (SELECT b.filename FROM active_storage_attachments a JOIN active_storage_blobs b ON b.id = a.blob_id
                       WHERE a.record_type = 'Message' AND a.record_id = m.id AND a.name = 'attachment' LIMIT 1) END
             FROM messages m LEFT JOIN action_text_rich_texts t
               ON t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body' ",
            $rest
        )
    };
}

/// The latest messages of a room, newest first.
pub fn latest(reader: &Reader<'_>, room: RoomId, limit: u32) -> Result<Vec<MessageRow>, db::Error> {
    let mut statement = reader.prepare_cached(select_messages!(
        "WHERE m.room_id = :room ORDER BY m.created_at DESC, m.id DESC LIMIT :limit"
    ))?;
    let rows = statement
        .query_map(named_params! { ":room": room.0, ":limit": limit }, MessageRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The messages before a position in the room, newest first.
pub fn before(
    reader: &Reader<'_>,
    room: RoomId,
    position: &Position,
    limit: u32,
) -> Result<Vec<MessageRow>, db::Error> {
    let mut statement = reader.prepare_cached(select_messages!(
        "WHERE m.room_id = :room AND (m.created_at, m.id) < (:at, :id) ORDER BY m.created_at DESC, m.id DESC LIMIT :limit"
    ))?;
    let params = named_params! { ":room": room.0, ":at": position.at, ":id": position.id.0, ":limit": limit };
    let rows = statement.query_map(params, MessageRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The messages after a position in the room, oldest first.
pub fn after(
    reader: &Reader<'_>,
    room: RoomId,
    position: &Position,
    limit: u32,
) -> Result<Vec<MessageRow>, db::Error> {
    let mut statement = reader.prepare_cached(select_messages!(
        "WHERE m.room_id = :room AND (m.created_at, m.id) > (:at, :id) ORDER BY m.created_at, m.id LIMIT :limit"
    ))?;
    let params = named_params! { ":room": room.0, ":at": position.at, ":id": position.id.0, ":limit": limit };
    let rows = statement.query_map(params, MessageRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn find(
    conn: &Connection,
    room: RoomId,
    id: MessageId,
) -> Result<Option<MessageRow>, db::Error> {
    let row = conn
        .prepare_cached(select_messages!("WHERE m.room_id = :room AND m.id = :id"))?
        .query_row(named_params! { ":room": room.0, ":id": id.0 }, MessageRow::read)
        .optional()?;
    Ok(row)
}

/// The position of a message in its room.
pub struct Position {
    /// The stored text of `created_at`. Compared as text, because the same time is stored in
    /// different precisions.
    at: String,
    id: MessageId,
}

/// The position of a message; `None` if it is not in the room.
pub fn position(
    reader: &Reader<'_>,
    room: RoomId,
    id: MessageId,
) -> Result<Option<Position>, db::Error> {
    let at = reader
        .prepare_cached("SELECT created_at FROM messages WHERE id = :id AND room_id = :room")?
        .query_row(named_params! { ":id": id.0, ":room": room.0 }, |row| row.get(0))
        .optional()?;
    Ok(at.map(|at| Position { at, id }))
}

/// The former position of a message that was deleted within the last day.
pub fn former_position(
    reader: &Reader<'_>,
    room: RoomId,
    id: MessageId,
) -> Result<Option<Position>, db::Error> {
    let at = reader
        .prepare_cached("SELECT said_at FROM campfire_deleted_messages WHERE message_id = :id AND room_id = :room")?
        .query_row(named_params! { ":id": id.0, ":room": room.0 }, |row| row.get(0))
        .optional()?;
    Ok(at.map(|at| Position { at, id }))
}

/// The boosts of these messages, oldest first.
pub fn boosts(reader: &Connection, messages: &[MessageRow]) -> Result<Vec<BoostRow>, db::Error> {
    boosts_of(reader, &messages.iter().map(|row| row.id).collect::<Vec<_>>())
}

/// The boosts of the messages with these ids, oldest first.
pub fn boosts_of(reader: &Connection, messages: &[MessageId]) -> Result<Vec<BoostRow>, db::Error> {
    let ids = messages.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let mut statement = reader.prepare_cached(
        "SELECT id, message_id, booster_id, content, created_at FROM boosts
         WHERE message_id IN (SELECT value FROM json_each(:ids)) ORDER BY created_at, id",
    )?;
    let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
    let rows = statement.query_map(named_params! { ":ids": format!("[{ids}]") }, |row| {
        Ok(BoostRow {
            id: row.get(0)?,
            message_id: MessageId(row.get(1)?),
            booster_id: UserId(row.get(2)?),
            content: row.get(3)?,
            created_at: Time::from_rails(&row.get::<_, String>(4)?).unwrap_or(epoch),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the newest message on the server was created.
pub fn newest_created_at(reader: &Reader<'_>) -> Result<Option<Time>, db::Error> {
    let at: Option<String> = reader
        .query_row("SELECT created_at FROM messages ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(at.as_deref().and_then(Time::from_rails))
}

/// Stores a message with its text; `None` if the client message id is already used in the room.
pub fn insert(
    tx: &Tx<'_>,
    room: RoomId,
    author: UserId,
    client_id: &str,
    html: &str,
    at: Time,
) -> Result<Option<MessageId>, db::Error> {
    let at = at.to_rails();
    let inserted = tx
        .prepare_cached(
            "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
             VALUES (:room, :author, :client_id, :at, :at) ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! { ":room": room.0, ":author": author.0, ":client_id": client_id, ":at": at })?;
    if inserted == 0 {
        return Ok(None);
    }
    let id = MessageId(tx.last_insert_rowid());
    tx.prepare_cached(
        "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
         VALUES ('body', :html, 'Message', :id, :at, :at)",
    )?
    .execute(named_params! { ":html": html, ":id": id.0, ":at": at })?;
    Ok(Some(id))
}

/// The message with this client message id in the room, and its author.
///
/// The unique index covers only messages stored since this server took over the database (older
/// ones may repeat). SQLite uses it only if the statement contains the same boundary as a literal.
pub fn find_by_client_id(
    tx: &Tx<'_>,
    room: RoomId,
    client_id: &str,
) -> Result<Option<(MessageId, UserId)>, db::Error> {
    let boundary: i64 = tx.query_row(
        "SELECT value FROM campfire_facts WHERE name = 'last_foreign_message_id'",
        [],
        |row| row.get(0),
    )?;
    let sql = format!(
        "SELECT id, creator_id FROM messages WHERE room_id = :room AND client_message_id = :client_id AND id > {boundary}"
    );
    let found = tx
        .query_row(&sql, named_params! { ":room": room.0, ":client_id": client_id }, |row| {
            Ok((MessageId(row.get(0)?), UserId(row.get(1)?)))
        })
        .optional()?;
    Ok(found)
}

pub fn room_of(conn: &Connection, id: MessageId) -> Result<Option<RoomId>, db::Error> {
    let room = conn
        .prepare_cached("SELECT room_id FROM messages WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| Ok(RoomId(row.get(0)?)))
        .optional()?;
    Ok(room)
}

/// The author of a message, if it is in this room.
pub fn author(conn: &Connection, room: RoomId, id: MessageId) -> Result<Option<UserId>, db::Error> {
    let author = conn
        .prepare_cached("SELECT creator_id FROM messages WHERE id = :id AND room_id = :room")?
        .query_row(named_params! { ":id": id.0, ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))
        .optional()?;
    Ok(author)
}

/// Sets `updated_at` of a message after a change of the message or its boosts.
pub fn set_updated_at(tx: &Tx<'_>, id: MessageId, at: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE messages SET updated_at = :at WHERE id = :id")?
        .execute(named_params! { ":at": at.to_rails(), ":id": id.0 })?;
    Ok(())
}

/// The number of messages in a room, counted up to `most`. Reads as many index entries as it
/// counts.
pub fn count(reader: &Reader<'_>, room: RoomId, most: i64) -> Result<i64, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM messages WHERE room_id = :room LIMIT :most)",
    )?;
    Ok(statement.query_row(named_params! { ":room": room.0, ":most": most }, |row| row.get(0))?)
}
