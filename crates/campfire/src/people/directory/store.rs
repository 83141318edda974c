//! SQL about the user directory.

use std::collections::HashMap;

use db::Reader;
use rusqlite::named_params;

use crate::core::ids::{RoomId, UserId};

/// The names of active users, or of all.
pub fn names(reader: &Reader<'_>, all: bool) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT id, name FROM users WHERE status = 0 OR :all")?;
    let rows = statement
        .query_map(named_params! { ":all": all }, |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The names of a room's active members.
pub fn names_in(reader: &Reader<'_>, room: RoomId) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.room_id = :room AND u.status = 0",
    )?;
    let rows = statement.query_map(named_params! { ":room": room.0 }, |row| {
        Ok((UserId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn addresses(
    reader: &Reader<'_>,
    users: &[UserId],
) -> Result<HashMap<UserId, String>, db::Error> {
    let list = users.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let mut statement = reader.prepare_cached(
        "SELECT id, email_address FROM users WHERE id IN (SELECT value FROM json_each(:users)) AND email_address IS NOT NULL",
    )?;
    let rows = statement.query_map(named_params! { ":users": format!("[{list}]") }, |row| {
        Ok((UserId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The authors of the newest messages of a room, newest first, with repetitions.
pub fn recent_authors(
    reader: &Reader<'_>,
    room: RoomId,
    messages: u32,
) -> Result<Vec<UserId>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT creator_id FROM messages WHERE room_id = :room ORDER BY created_at DESC, id DESC LIMIT :messages")?;
    let rows = statement
        .query_map(named_params! { ":room": room.0, ":messages": messages }, |row| {
            Ok(UserId(row.get(0)?))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
