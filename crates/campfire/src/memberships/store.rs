//! SQL about memberships.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::{BatchWork, Reader};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::events::{Granted, MarkedRead, MarkedUnread};
use super::{Involvement, Membership};
use crate::announce::Tx;
use crate::ids::{RoomId, UserId};
use crate::time::Time;

/// A person's place in a room.
pub fn find(conn: &Connection, room: RoomId, user: UserId) -> Result<Option<Membership>, db::Error> {
    let membership = conn
        .prepare_cached("SELECT involvement, unread_at FROM memberships WHERE room_id = :room AND user_id = :user")?
        .query_row(named_params! { ":room": room.0, ":user": user.0 }, |row| {
            let involvement: Option<String> = row.get(0)?;
            let unread_at: Option<String> = row.get(1)?;
            Ok(Membership {
                involvement: Involvement::from_stored(involvement.as_deref().unwrap_or_default()),
                unread_at: unread_at.as_deref().and_then(Time::from_rails),
            })
        })
        .optional()?;
    Ok(membership)
}

/// Whether the person is in the room.
pub fn is_member(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM memberships WHERE room_id = :room AND user_id = :user")?
        .exists(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(found)
}

/// Everyone in a room.
pub fn member_ids(reader: &Reader<'_>, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = reader.prepare_cached("SELECT user_id FROM memberships WHERE room_id = :room ORDER BY user_id")?;
    let ids = statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The people of a room by name, those who may still come in.
pub fn members_by_name(reader: &Reader<'_>, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT u.id FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.room_id = :room AND u.status = 0 ORDER BY lower(u.name), u.id",
    )?;
    let ids = statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Lets a person into a room; who is in it already stays as they are.
pub fn grant(tx: &mut Tx<'_>, room: RoomId, user: UserId, involvement: Involvement, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
         VALUES (:room, :user, :involvement, 0, :now, :now) ON CONFLICT (room_id, user_id) DO NOTHING",
    )?
    .execute(named_params! { ":room": room.0, ":user": user.0, ":involvement": involvement.to_stored(), ":now": now.to_rails() })?;
    tx.announce(Arc::new(Granted { room }));
    Ok(())
}

/// Lets a newcomer into every open room.
pub fn grant_open_rooms(tx: &mut Tx<'_>, user: UserId, now: Time) -> Result<(), db::Error> {
    let rooms = tx
        .prepare_cached("SELECT id FROM rooms WHERE type = 'Rooms::Open' ORDER BY id")?
        .query_map([], |row| Ok(RoomId(row.get(0)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for room in rooms {
        grant(tx, room, user, Involvement::Mentions, now)?;
    }
    Ok(())
}

/// The person has seen the room: nothing in it is unread. Announced only if something was.
pub fn mark_read(tx: &mut Tx<'_>, room: RoomId, user: UserId, now: Time) -> Result<(), db::Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE memberships SET unread_at = NULL, updated_at = :now
             WHERE room_id = :room AND user_id = :user AND unread_at IS NOT NULL",
        )?
        .execute(named_params! { ":room": room.0, ":user": user.0, ":now": now.to_rails() })?;
    if changed > 0 {
        tx.announce(Arc::new(MarkedRead { room, user }));
    }
    Ok(())
}

/// Chooses how much a person wants to hear of a room; `false` if they are not in it. A hidden room is never unread.
pub fn involve(tx: &Tx<'_>, room: RoomId, user: UserId, involvement: Involvement, now: Time) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE memberships SET involvement = :involvement, updated_at = :now,
                    unread_at = CASE WHEN :involvement <> 'invisible' THEN unread_at END
             WHERE room_id = :room AND user_id = :user",
        )?
        .execute(named_params! {
            ":involvement": involvement.to_stored(), ":now": now.to_rails(), ":room": room.0, ":user": user.0,
        })?;
    Ok(changed > 0)
}

/// The room is unread for this person from this moment on; `false` if they are not in it or have hidden it.
pub fn mark_unread(tx: &mut Tx<'_>, room: RoomId, user: UserId, since: Time, now: Time) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE memberships SET unread_at = :since, updated_at = :now
             WHERE room_id = :room AND user_id = :user AND involvement <> 'invisible'",
        )?
        .execute(named_params! { ":since": since.to_rails(), ":now": now.to_rails(), ":room": room.0, ":user": user.0 })?;
    if changed > 0 {
        tx.announce(Arc::new(MarkedUnread { room, user }));
    }
    Ok(changed > 0)
}

/// Rails counts sockets in the database; ours are counted in memory, so its numbers are reset at the start, as Rails does.
pub fn reset_connections(tx: &Tx<'_>) -> Result<(), db::Error> {
    tx.execute("UPDATE memberships SET connected_at = NULL, connections = 0 WHERE connected_at IS NOT NULL OR connections <> 0", [])?;
    Ok(())
}

/// Marks rooms unread for everyone a new message concerns: once per batch of messages instead of once per message, and only
/// for those who have read everything so far.
pub struct UnreadMarks;

/// One new message, as far as unread marks are concerned.
pub struct UnreadMark {
    /// The room.
    pub room: RoomId,
    /// The author, for whom it is not unread.
    pub author: UserId,
    /// When it was written.
    pub at: Time,
    /// Who is looking at the room.
    pub present: Arc<[UserId]>,
}

impl BatchWork for UnreadMarks {
    type Item = UnreadMark;

    fn finish(conn: &Connection, items: Vec<UnreadMark>) -> rusqlite::Result<()> {
        // A room's first message marks everyone but its author, the first one by somebody else marks that author too; whatever
        // follows finds everybody marked.
        let mut rooms: BTreeMap<RoomId, Vec<UnreadMark>> = BTreeMap::new();
        for mark in items {
            let marks = rooms.entry(mark.room).or_default();
            if marks.len() < 2 && marks.iter().all(|known| known.author != mark.author) {
                marks.push(mark);
            }
        }
        let mut statement = conn.prepare_cached(
            "UPDATE memberships SET unread_at = :at
             WHERE room_id = :room AND unread_at IS NULL AND involvement <> 'invisible' AND user_id <> :author
               AND user_id NOT IN (SELECT value FROM json_each(:present))",
        )?;
        for mark in rooms.into_values().flatten() {
            let present = mark.present.iter().map(|user| user.0.to_string()).collect::<Vec<_>>().join(",");
            statement.execute(named_params! {
                ":at": mark.at.to_rails(),
                ":room": mark.room.0,
                ":author": mark.author.0,
                ":present": format!("[{present}]"),
            })?;
        }
        Ok(())
    }
}
