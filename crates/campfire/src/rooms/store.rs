//! SQL for rooms.

use std::collections::BTreeMap;

use db::{BatchWork, Reader};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::RoomType;
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::rooms::memberships::Involvement;
use crate::rooms::memberships::store::in_fewest_rooms;

/// A room and one member's membership, as stored.
pub struct RoomRow {
    pub id: RoomId,
    pub name: Option<String>,
    pub kind: RoomType,
    pub creator_id: UserId,
    pub created_at: Time,
    pub updated_at: Time,
    pub involvement: Involvement,
    pub unread_at: Option<Time>,
    pub members_count: i64,
}

impl RoomRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let time = |column: &str| -> rusqlite::Result<Time> {
            Ok(Time::from_rails(&row.get::<_, String>(column)?)
                .unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH)))
        };
        Ok(Self {
            id: RoomId(row.get("id")?),
            name: row.get("name")?,
            kind: RoomType::from_stored(&row.get::<_, String>("type")?),
            creator_id: UserId(row.get("creator_id")?),
            created_at: time("created_at")?,
            updated_at: time("updated_at")?,
            involvement: Involvement::from_stored(
                &row.get::<_, Option<String>>("involvement")?.unwrap_or_default(),
            ),
            unread_at: row
                .get::<_, Option<String>>("unread_at")?
                .as_deref()
                .and_then(Time::from_rails),
            members_count: row.get("members_count")?,
        })
    }
}

/// A user's rooms: direct rooms by latest activity, then the others by name, case-insensitively.
pub fn of_user(
    reader: &Reader<'_>,
    user: UserId,
    invisible_too: bool,
) -> Result<Vec<RoomRow>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT r.id, r.name, r.type, r.creator_id, r.created_at, r.updated_at, m.involvement, m.unread_at,
                (SELECT count(*) FROM memberships c WHERE c.room_id = r.id) AS members_count
         FROM memberships m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = :user AND (:invisible_too OR m.involvement <> 'invisible')
         ORDER BY r.type = 'Rooms::Direct' DESC,
                  CASE WHEN r.type = 'Rooms::Direct' THEN r.updated_at END DESC,
                  lower(r.name), r.id",
    )?;
    let rows = statement.query_map(
        named_params! { ":user": user.0, ":invisible_too": invisible_too },
        RoomRow::read,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A room as this member sees it; `None` if they are not in it.
pub fn find(reader: &Reader<'_>, room: RoomId, user: UserId) -> Result<Option<RoomRow>, db::Error> {
    let row = reader
        .prepare_cached(
            "SELECT r.id, r.name, r.type, r.creator_id, r.created_at, r.updated_at, m.involvement, m.unread_at,
                    (SELECT count(*) FROM memberships c WHERE c.room_id = r.id) AS members_count
             FROM rooms r JOIN memberships m ON m.room_id = r.id AND m.user_id = :user WHERE r.id = :room",
        )?
        .query_row(named_params! { ":room": room.0, ":user": user.0 }, RoomRow::read)
        .optional()?;
    Ok(row)
}

/// A room as each of its members sees it. The members are counted once, not per member.
pub fn of_all_members(
    reader: &Reader<'_>,
    room: RoomId,
) -> Result<Vec<(UserId, RoomRow)>, db::Error> {
    let count: i64 = reader
        .prepare_cached("SELECT count(*) FROM memberships WHERE room_id = :room")?
        .query_row(named_params! { ":room": room.0 }, |row| row.get(0))?;
    let mut statement = reader.prepare_cached(
        "SELECT r.id, r.name, r.type, r.creator_id, r.created_at, r.updated_at, m.involvement, m.unread_at, :count AS members_count, m.user_id
         FROM rooms r JOIN memberships m ON m.room_id = r.id WHERE r.id = :room ORDER BY m.user_id",
    )?;
    let rows = statement.query_map(named_params! { ":room": room.0, ":count": count }, |row| {
        Ok((UserId(row.get("user_id")?), RoomRow::read(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The facts that decide who may change a room.
pub struct Facts {
    pub kind: RoomType,
    pub name: Option<String>,
    pub creator: UserId,
}

/// `None` if the room does not exist or was deleted.
pub fn facts(conn: &Connection, room: RoomId) -> Result<Option<Facts>, db::Error> {
    let facts = conn
        .prepare_cached(
            "SELECT type, name, creator_id FROM rooms r
             WHERE id = :room AND NOT EXISTS (SELECT 1 FROM campfire_deleted_rooms d WHERE d.room_id = r.id)",
        )?
        .query_row(named_params! { ":room": room.0 }, |row| {
            Ok(Facts { kind: RoomType::from_stored(&row.get::<_, String>(0)?), name: row.get(1)?, creator: UserId(row.get(2)?) })
        })
        .optional()?;
    Ok(facts)
}

/// The direct room of exactly these users. Searches the rooms of the user who is in the fewest.
pub fn direct_of(conn: &Connection, users: &[UserId]) -> Result<Option<RoomId>, db::Error> {
    let Some(user) = in_fewest_rooms(conn, users)? else { return Ok(None) };
    let list = users.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let found = conn
        .prepare_cached(
            "SELECT r.id FROM memberships m JOIN rooms r ON r.id = m.room_id AND r.type = 'Rooms::Direct'
             WHERE m.user_id = :user
               AND (SELECT count(*) FROM memberships c WHERE c.room_id = r.id) = :size
               AND (SELECT count(*) FROM memberships c WHERE c.room_id = r.id
                      AND c.user_id IN (SELECT value FROM json_each(:users))) = :size
             ORDER BY r.id LIMIT 1",
        )?
        .query_row(named_params! { ":user": user.0, ":size": users.len(), ":users": format!("[{list}]") }, |row| {
            Ok(RoomId(row.get(0)?))
        })
        .optional()?;
    Ok(found)
}

/// Creates a room. Direct rooms have no name.
pub fn insert(
    tx: &Tx<'_>,
    kind: RoomType,
    name: Option<&str>,
    creator: UserId,
    now: Time,
) -> Result<RoomId, db::Error> {
    tx.prepare_cached("INSERT INTO rooms (name, type, creator_id, created_at, updated_at) VALUES (:name, :type, :creator, :now, :now)")?
        .execute(named_params! { ":name": name, ":type": kind.to_stored(), ":creator": creator.0, ":now": now.to_rails() })?;
    Ok(RoomId(tx.last_insert_rowid()))
}

/// Changes the name and type of a shared room. Returns `false` for a direct room, which never
/// changes, and when the new type is direct.
pub fn update_shared(
    tx: &Tx<'_>,
    room: RoomId,
    name: &str,
    kind: RoomType,
    now: Time,
) -> Result<bool, db::Error> {
    let updated = tx
        .prepare_cached(
            "UPDATE rooms SET name = :name, type = :type, updated_at = :now
             WHERE id = :room AND type <> 'Rooms::Direct' AND :type <> 'Rooms::Direct'",
        )?
        .execute(named_params! { ":name": name, ":type": kind.to_stored(), ":now": now.to_rails(), ":room": room.0 })?;
    Ok(updated == 1)
}

pub fn set_updated_at(tx: &Tx<'_>, room: RoomId, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE rooms SET updated_at = :now WHERE id = :room")?
        .execute(named_params! { ":now": now.to_rails(), ":room": room.0 })?;
    Ok(())
}

/// Sets `updated_at` of rooms with new or changed messages, once per room at the end of a batch.
pub struct RoomTimestamps;

impl BatchWork for RoomTimestamps {
    type Item = (RoomId, Time);

    fn finish(conn: &Connection, items: Vec<(RoomId, Time)>) -> rusqlite::Result<()> {
        let mut latest: BTreeMap<RoomId, Time> = BTreeMap::new();
        for (room, at) in items {
            let known = latest.entry(room).or_insert(at);
            *known = at.max(*known);
        }
        let mut statement =
            conn.prepare_cached("UPDATE rooms SET updated_at = :at WHERE id = :room")?;
        for (room, at) in latest {
            statement.execute(named_params! { ":room": room.0, ":at": at.to_rails() })?;
        }
        Ok(())
    }
}
