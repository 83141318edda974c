//! Renders stored rows as rooms.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, RoomRow};
use super::{Room, RoomType, direct_name};
use crate::core::app::App;
use crate::core::ids::RoomId;
use crate::identity::users::{User, Users};
use crate::rooms::memberships::Memberships;

/// The part of a room that lists of messages from several rooms need.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomLabel {
    /// ID of the room.
    pub id: RoomId,
    /// The name; for a direct room, the names of the other members.
    pub name: String,
    /// Type of the room.
    #[serde(rename = "type")]
    pub kind: RoomType,
}

/// The label of a room for one of its members; `None` if they are not in it.
pub fn label(app: &App, viewer: &Arc<User>, room: RoomId) -> Result<Option<RoomLabel>, db::Error> {
    let Some(row) = app.db.read(|reader| store::find(reader, room, viewer.id))? else {
        return Ok(None);
    };
    let Room { id, name, kind, .. } = view(app, viewer, row)?;
    Ok(Some(RoomLabel { id, name, kind }))
}

/// A room as this member sees it.
pub fn view(app: &App, viewer: &Arc<User>, row: RoomRow) -> Result<Room, db::Error> {
    let members =
        if row.kind == RoomType::Direct { Some(others(app, viewer, &row)?) } else { None };
    let name = match &members {
        Some(others) => direct_name(others, &viewer.name),
        None => row.name.unwrap_or_default(),
    };
    Ok(Room {
        id: row.id,
        name,
        kind: row.kind,
        creator_id: row.creator_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
        involvement: row.involvement,
        unread: row.unread_at.is_some(),
        unread_since: row.unread_at,
        members_count: row.members_count,
        members,
    })
}

fn others(app: &App, viewer: &Arc<User>, row: &RoomRow) -> Result<Vec<Arc<User>>, db::Error> {
    let ids = app.state::<Memberships>().of_room(app, row.id)?;
    let mut others = Vec::with_capacity(ids.len());
    for id in ids.iter().filter(|id| **id != viewer.id) {
        others.extend(app.state::<Users>().find(app, *id)?);
    }
    Ok(others)
}
