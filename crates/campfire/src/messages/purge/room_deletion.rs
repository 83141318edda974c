//! Deleting a room with everything in it. Its members lose it at once; the messages of a long room
//! are deleted in batches, so that other writes do not wait.

use std::sync::Arc;

use super::events::RoomDeleted;
use super::store as purge_store;
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::identity::audit::{self, Actor, Subject};
use crate::messages::bookmarks::events::BookmarksChanged;
use crate::messages::inbox::events::InboxChanged;
use crate::rooms::update::check_can_manage;
use crate::rooms::{RoomError, RoomType, memberships, store};

pub fn delete(
    app: &App,
    tx: &mut Tx<'_>,
    by: &Actor,
    room: RoomId,
    caller: UserId,
    now: Time,
) -> Result<(), RoomError> {
    let facts = store::facts(tx, room)?.ok_or(RoomError::NotFound)?;
    if facts.kind != RoomType::Direct {
        check_can_manage(tx, room, caller)?;
        let name = facts.name.unwrap_or_default();
        audit::record(
            tx,
            by,
            "room.deleted",
            Some(&Subject::room(room, &name)),
            facts.kind.word(),
            now,
        )?;
    } else if !memberships::store::is_active_member(tx, room, caller)? {
        return Err(RoomError::NotFound);
    }
    let affected = purge_store::users_with_messages_of(tx, room)?;
    let users = memberships::store::revoke_others(tx, room, &[])?;
    purge_store::mark_deleted(tx, room, now)?;
    // The first batch. Most rooms have no more messages.
    super::purge_room_batch(app, tx, room)?;
    for user in affected {
        tx.publish(Arc::new(InboxChanged { user }));
        tx.publish(Arc::new(BookmarksChanged { user }));
    }
    tx.publish(Arc::new(RoomDeleted { room, users: users.into() }));
    Ok(())
}
