//! SQL about who there is.

use db::Reader;
use rusqlite::named_params;

use crate::ids::{RoomId, UserId};

/// The names of all active users.
pub fn names(reader: &Reader<'_>) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement = reader.prepare_cached("SELECT id, name FROM users WHERE status = 0")?;
    let rows = statement.query_map([], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The names of a room's active members.
pub fn names_in(reader: &Reader<'_>, room: RoomId) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.room_id = :room AND u.status = 0",
    )?;
    let rows = statement.query_map(named_params! { ":room": room.0 }, |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who said the newest messages of a room, newest first, with repetitions.
pub fn speakers(reader: &Reader<'_>, room: RoomId, messages: u32) -> Result<Vec<UserId>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT creator_id FROM messages WHERE room_id = :room ORDER BY created_at DESC, id DESC LIMIT :messages")?;
    let rows = statement.query_map(named_params! { ":room": room.0, ":messages": messages }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
