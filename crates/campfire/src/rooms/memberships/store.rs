//! SQL about memberships.

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

/// A person's place in a room.
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

/// Whether the person is in the room.
pub fn is_member(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM memberships WHERE room_id = :room AND user_id = :user")?
        .exists(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(found)
}

/// Whether the person is in the room and still active: what a write asks again inside its
/// transaction.
pub fn is_active_member(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    Ok(active_membership(conn, room, user)?.is_some())
}

/// Whether what somebody says in a room is heard.
pub enum PostPermission {
    /// It is.
    Allowed,
    /// They are not in the room, or not active any more.
    NotAMember,
    /// It is a direct room of two, and the other one does not want to hear it.
    Blocked,
}

/// Whether this person may say something in this room.
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

/// For an active member: whether the room is direct.
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

/// Whether the room is of two, and the other one has blocked this one.
fn is_blocked_in(conn: &Connection, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let blocked = conn
        .prepare_cached(
            "SELECT 1 FROM memberships m JOIN campfire_blocks b ON b.user_id = m.user_id AND b.blocked_id = :user
             WHERE m.room_id = :room AND (SELECT count(*) FROM memberships c WHERE c.room_id = :room) = 2",
        )?
        .exists(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(blocked)
}

/// Everyone in a room.
pub fn member_ids(reader: &Reader<'_>, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = reader
        .prepare_cached("SELECT user_id FROM memberships WHERE room_id = :room ORDER BY user_id")?;
    let ids =
        statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Who wants to hear of a room without looking at it.
pub fn involved_users(reader: &Reader<'_>, room: RoomId) -> Result<InvolvedUsers, db::Error> {
    let mut statement = reader.prepare_cached(
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

/// The people of a room by name, those who may still come in.
pub fn members_by_name(reader: &Reader<'_>, room: RoomId) -> Result<Vec<UserId>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT u.id FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.room_id = :room AND u.status = 0 ORDER BY lower(u.name), u.id",
    )?;
    let ids =
        statement.query_map(named_params! { ":room": room.0 }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Lets a person into a room; who is in it already stays as they are.
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

/// Lets a newcomer into every open room they are not in; answers which.
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

/// Lets these people into a room; answers who was not in it before.
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

/// Lets every active user into a room; answers who was not in it before.
pub fn grant_all_users(tx: &mut Tx<'_>, room: RoomId, now: Time) -> Result<Vec<UserId>, db::Error> {
    let everybody = tx
        .prepare_cached("SELECT id FROM users WHERE status = 0 ORDER BY id")?
        .query_map([], |row| Ok(UserId(row.get(0)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    grant_users(tx, room, &everybody, Involvement::Mentions, now)
}

/// Removes all but these people from a room; answers who was removed. The announcements are the
/// caller's.
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

/// Removes one person from a room; `false` if they were not in it. The announcements are the
/// caller's.
pub fn revoke(tx: &Tx<'_>, room: RoomId, user: UserId) -> Result<bool, db::Error> {
    let removed = tx
        .prepare_cached("DELETE FROM memberships WHERE room_id = :room AND user_id = :user")?
        .execute(named_params! { ":room": room.0, ":user": user.0 })?;
    Ok(removed == 1)
}

/// Removes a person from all rooms but the direct ones; answers from which.
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

/// How many people are in a room.
pub fn count(conn: &Connection, room: RoomId) -> Result<i64, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM memberships WHERE room_id = :room")?;
    Ok(statement.query_row(named_params! { ":room": room.0 }, |row| row.get(0))?)
}

/// Those of these people who are in the room.
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

/// Of these people the one in the fewest rooms; `None` if one of them is in none at all.
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

/// Numbers as SQLite's JSON functions take them.
fn json_array(users: &[UserId]) -> String {
    format!("[{}]", users.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(","))
}

/// The person has seen the room: nothing in it is unread. Announced only if something was; answers
/// whether it was.
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

/// Chooses how much a person wants to hear of a room; `false` if they are not in it. A hidden room
/// is never unread.
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

/// The room is unread for this person from this moment on; `false` if they are not in it or have
/// hidden it.
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

/// Rails counts sockets in the database; ours are counted in memory, so its numbers are reset at
/// the start, as Rails does.
pub fn reset_connections(tx: &Tx<'_>) -> Result<(), db::Error> {
    tx.execute("UPDATE memberships SET connected_at = NULL, connections = 0 WHERE connected_at IS NOT NULL OR connections <> 0", [])?;
    Ok(())
}

/// Marks rooms unread for everyone a new message concerns: once per batch of messages instead of
/// once per message, and only for those who have read everything so far.
pub struct UnreadMarks;

/// One new message, as far as unread marks are concerned.
pub struct UnreadMark {
    /// The room.
    pub room: RoomId,
    /// The author, for whom it is not unread.
    pub author: UserId,
    /// When it was written.
    pub at: Time,
    /// Knows who is looking at the room. Asked when the batch ends and not before: whoever arrives
    /// meanwhile marks the room read after that, or is found present here; none falls between
    /// the two.
    pub app: App,
}

impl BatchWork for UnreadMarks {
    type Item = UnreadMark;

    fn finish(conn: &Connection, items: Vec<UnreadMark>) -> rusqlite::Result<()> {
        // A room's first message marks everyone but its author, the first one by somebody else
        // marks that author too; whatever follows finds everybody marked.
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
