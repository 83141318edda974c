//! SQL for memberships.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::{BatchWork, Reader};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::events::{MarkedRead, MarkedUnread, MembersChanged};
use super::presence::Presence;
use super::{InvolvedUsers, Involvement, Membership};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

pub fn find(
    conn: &Connection,
    room: RoomId,
    user: UserId,
) -> Result<Option<Membership>, db::Error> {
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

pub fn is_member(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM memberships WHERE room_id = :room AND user_id = :user")?
        .exists(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(found)
}

/// Whether the user is active and in the room: what a write checks again inside its transaction.
pub fn is_active_member(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    Ok(active_membership(conn, room, user)?.is_some())
}

/// Whether a user may post in a room.
pub enum PostPermission {
    Allowed,
    /// They are not in the room, or no longer active.
    NotAMember,
    /// The other person in a direct room of two has blocked them.
    Blocked,
}

pub fn post_permission(
    conn: &Connection,
    room: RoomId,
    user: UserId,
) -> Result<PostPermission, db::Error> {
    Ok(match active_membership(conn, room, user)? {
        None => PostPermission::NotAMember,
        Some(direct) if direct && is_blocked_in(conn, room, user)? => PostPermission::Blocked,
        Some(_) => PostPermission::Allowed,
    })
}

/// Whether the room is direct; `None` if the user is inactive or not in the room.
fn active_membership(
    conn: &Connection,
    room: RoomId,
    user: UserId,
) -> Result<Option<bool>, db::Error> {
    let direct = conn
        .prepare_cached(
            "SELECT r.type = 'Rooms::Direct' FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 0 JOIN rooms r ON r.id = m.room_id
             WHERE m.room_id = :room AND m.user_id = :user",
        )?
        .query_row(named_params! { ":room": room.0, ":user": user.0 }, |row| row.get(0))
        .optional()?;
    Ok(direct)
}

/// Whether the room has two members and the other one has blocked this user.
fn is_blocked_in(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let blocked = conn
        .prepare_cached(
            "SELECT 1 FROM memberships m JOIN campfire_blocks b ON b.user_id = m.user_id AND b.blocked_id = :user
             WHERE m.room_id = :room AND (SELECT count(*) FROM memberships c WHERE c.room_id = :room) = 2",
        )?
        .exists(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(blocked)
}

/// The members of a room, sorted by id.
pub fn member_ids(conn: &Connection, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = conn
        .prepare_cached("SELECT user_id FROM memberships WHERE room_id = :room ORDER BY user_id")?;
    let ids =
        statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The members who are notified about a room.
pub fn involved_users(conn: &Connection, room: RoomId) -> Result<InvolvedUsers, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT user_id, involvement = 'everything' FROM memberships
         WHERE room_id = :room AND involvement NOT IN ('invisible', 'nothing') ORDER BY user_id",
    )?;
    let mut rows = statement.query(named_params! { ":room": room.0 })?;
    let mut involved = InvolvedUsers::default();
    while let Some(row) = rows.next()? {
        let list = if row.get(1)? { &mut involved.everything } else { &mut involved.mentions };
        list.push(UserId(row.get(0)?));
    }
    Ok(involved)
}

/// The active members of a room, sorted by name.
pub fn members_by_name(reader: &Reader<'_>, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT u.id FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.room_id = :room AND u.status = 0 ORDER BY lower(u.name), u.id",
    )?;
    let ids =
        statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Adds a user to a room. An existing membership stays as it is.
pub fn grant(
    tx: &mut Tx<'_>,
    room: RoomId,
    user: UserId,
    involvement: Involvement,
    now: Time,
) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
         VALUES (:room, :user, :involvement, 0, :now, :now) ON CONFLICT (room_id, user_id) DO NOTHING",
    )?
    .execute(named_params! { ":room": room.0, ":user": user.0, ":involvement": involvement.to_stored(), ":now": now.to_rails() })?;
    tx.publish(Arc::new(MembersChanged { room }));
    Ok(())
}

/// Adds a user to every open room they are not in; returns these rooms.
pub fn grant_open_rooms(
    tx: &mut Tx<'_>,
    user: UserId,
    now: Time,
) -> Result<Vec<RoomId>, db::Error> {
    let rooms = tx
        .prepare_cached(
            "SELECT id FROM rooms r WHERE type = 'Rooms::Open'
               AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.room_id = r.id AND m.user_id = :user) ORDER BY id",
        )?
        .query_map(named_params! { ":user": user.0 }, |row| Ok(RoomId(row.get(0)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for room in &rooms {
        grant(tx, *room, user, Involvement::Mentions, now)?;
    }
    Ok(rooms)
}

/// Adds users to a room; returns those who were not in it before.
pub fn grant_users(
    tx: &mut Tx<'_>,
    room: RoomId,
    users: &[UserId],
    involvement: Involvement,
    now: Time,
) -> Result<Vec<UserId>, db::Error> {
    let granted = {
        let mut statement = tx.prepare_cached(
            "INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
             SELECT :room, value, :involvement, 0, :now, :now FROM json_each(:users) WHERE true
             ON CONFLICT (room_id, user_id) DO NOTHING RETURNING user_id",
        )?;
        let params = named_params! {
            ":room": room.0, ":users": json_array(users), ":involvement": involvement.to_stored(), ":now": now.to_rails(),
        };
        let rows = statement.query_map(params, |row| Ok(UserId(row.get(0)?)))?;
        rows.collect::<Result<Vec<_>, _>>()?
    };
    tx.publish(Arc::new(MembersChanged { room }));
    Ok(granted)
}

/// Adds every active user to a room; returns those who were not in it before.
pub fn grant_all_users(tx: &mut Tx<'_>, room: RoomId, now: Time) -> Result<Vec<UserId>, db::Error> {
    let active = tx
        .prepare_cached("SELECT id FROM users WHERE status = 0 ORDER BY id")?
        .query_map([], |row| Ok(UserId(row.get(0)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    grant_users(tx, room, &active, Involvement::Mentions, now)
}

/// Removes all but these users from a room; returns who was removed. The caller publishes it.
pub fn revoke_others(tx: &Tx<'_>, room: RoomId, kept: &[UserId]) -> Result<Vec<UserId>, db::Error> {
    let mut statement = tx.prepare_cached(
        "DELETE FROM memberships WHERE room_id = :room AND user_id NOT IN (SELECT value FROM json_each(:kept)) RETURNING user_id",
    )?;
    let rows = statement
        .query_map(named_params! { ":room": room.0, ":kept": json_array(kept) }, |row| {
            Ok(UserId(row.get(0)?))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes a user from a room; `false` if they were not in it. The caller publishes it.
pub fn revoke(tx: &Tx<'_>, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let removed = tx
        .prepare_cached("DELETE FROM memberships WHERE room_id = :room AND user_id = :user")?
        .execute(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(removed == 1)
}

/// Removes a user from all rooms except direct ones; returns these rooms.
pub fn revoke_shared_rooms(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<RoomId>, db::Error> {
    let left = {
        let mut statement = tx.prepare_cached(
            "DELETE FROM memberships WHERE user_id = :user AND room_id NOT IN (SELECT id FROM rooms WHERE type = 'Rooms::Direct')
             RETURNING room_id",
        )?;
        let rows = statement
            .query_map(named_params! { ":user": user.0 }, |row| Ok(RoomId(row.get(0)?)))?;
        rows.collect::<Result<Vec<_>, _>>()?
    };
    left.iter().for_each(|room| tx.publish(Arc::new(MembersChanged { room: *room })));
    Ok(left)
}

pub fn count(conn: &Connection, room: RoomId) -> Result<i64, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM memberships WHERE room_id = :room")?;
    Ok(statement.query_row(named_params! { ":room": room.0 }, |row| row.get(0))?)
}

/// Those of these users who are in the room.
pub fn members_among(
    conn: &Connection,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<UserId>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT user_id FROM memberships WHERE room_id = :room AND user_id IN (SELECT value FROM json_each(:users))")?;
    let rows = statement
        .query_map(named_params! { ":room": room.0, ":users": json_array(users) }, |row| {
            Ok(UserId(row.get(0)?))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The one of these users who is in the fewest rooms; `None` if one of them is in no room.
pub fn in_fewest_rooms(conn: &Connection, users: &[UserId]) -> Result<Option<UserId>, db::Error> {
    let (known, fewest) = conn
        .prepare_cached(
            "SELECT count(*), min(printf('%020d %d', rooms, user_id)) FROM
               (SELECT user_id, count(*) AS rooms FROM memberships WHERE user_id IN (SELECT value FROM json_each(:users)) GROUP BY user_id)",
        )?
        .query_row(named_params! { ":users": json_array(users) }, |row| Ok((row.get::<_, usize>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let id = fewest
        .as_deref()
        .and_then(|text| text.split(' ').next_back())
        .and_then(|id| id.parse().ok());
    Ok(id.filter(|_| known == users.len()).map(UserId))
}

/// The ids as SQLite's JSON functions take them.
fn json_array(users: &[UserId]) -> String {
    format!("[{}]", users.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(","))
}

/// Marks a room as read; returns whether it was unread. Published only then.
pub fn mark_read(
    tx: &mut Tx<'_>,
    room: RoomId,
    user: UserId,
    now: Time,
) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE memberships SET unread_at = NULL, updated_at = :now
             WHERE room_id = :room AND user_id = :user AND unread_at IS NOT NULL",
        )?
        .execute(named_params! { ":room": room.0, ":user": user.0, ":now": now.to_rails() })?;
    if changed > 0 {
        tx.publish(Arc::new(MarkedRead { room, user }));
    }
    Ok(changed > 0)
}

/// `false` if the user is not in the room. An invisible room is never unread.
pub fn set_involvement(
    tx: &Tx<'_>,
    room: RoomId,
    user: UserId,
    involvement: Involvement,
    now: Time,
) -> Result<bool, db::Error> {
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

/// Marks a room as unread since a time; `false` if the user is not in it or has hidden it.
pub fn mark_unread(
    tx: &mut Tx<'_>,
    room: RoomId,
    user: UserId,
    since: Time,
    now: Time,
) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE memberships SET unread_at = :since, updated_at = :now
             WHERE room_id = :room AND user_id = :user AND involvement <> 'invisible'",
        )?
        .execute(named_params! { ":since": since.to_rails(), ":now": now.to_rails(), ":room": room.0, ":user": user.0 })?;
    if changed > 0 {
        tx.publish(Arc::new(MarkedUnread { room, user }));
    }
    Ok(changed > 0)
}

/// Rails counts sockets in the database. Ours are counted in memory, so its counts are reset at
/// start, as Rails does.
pub fn reset_connections(tx: &Tx<'_>) -> Result<(), db::Error> {
    tx.execute("UPDATE memberships SET connected_at = NULL, connections = 0 WHERE connected_at IS NOT NULL OR connections <> 0", [])?;
    Ok(())
}

/// Marks rooms as unread at the end of a batch: once per room instead of once per message, and only
/// for members who had read everything.
pub struct UnreadMarks;

/// A new message that makes its room unread.
pub struct UnreadMark {
    pub room: RoomId,
    pub author: UserId,
    pub at: Time,
    /// For [`Presence`], which is read at the end of the batch. A user who opens the room before
    /// that counts as present, and one who opens it later marks it as read, so there is no gap.
    pub app: App,
}

impl BatchWork for UnreadMarks {
    type Item = UnreadMark;

    fn finish(conn: &Connection, items: Vec<UnreadMark>) -> rusqlite::Result<()> {
        // A room's first message marks everyone but its author. The first message by another author
        // marks that author too. Later messages find everyone marked.
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
            let present = mark.app.state::<Presence>().present(mark.room, mark.at);
            statement.execute(named_params! {
                ":at": mark.at.to_rails(),
                ":room": mark.room.0,
                ":author": mark.author.0,
                ":present": json_array(&present),
            })?;
        }
        Ok(())
    }
}
