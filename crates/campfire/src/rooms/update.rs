//! Changing and leaving rooms.

use std::sync::Arc;

use super::creation::check_all_active;
use super::events::{AccessGranted, AccessRevoked, RoomChanged};
use super::listeners::AccessListeners;
use super::name::RoomName;
use super::store::{self, Facts};
use super::{RoomError, RoomType};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::users::store as user_store;
use crate::rooms::memberships::events::MembersChanged;
use crate::rooms::memberships::{self, Involvement};

/// The changes of a room; `None` keeps the value.
#[derive(Default)]
pub struct RoomUpdate {
    pub name: Option<RoomName>,
    /// Open or closed.
    pub kind: Option<RoomType>,
    /// All members, if the room is or becomes closed.
    pub users: Option<Vec<UserId>>,
}

/// Changes a room.
pub fn update(
    app: &App,
    tx: &mut Tx<'_>,
    by: &Actor,
    room: RoomId,
    caller: UserId,
    update: RoomUpdate,
    now: Time,
) -> Result<(), RoomError> {
    let facts = check_can_manage(tx, room, caller)?;
    if facts.kind == RoomType::Direct {
        return check_direct_update(&update);
    }
    let kind = update.kind.unwrap_or(facts.kind);
    if kind == RoomType::Direct {
        return Err(RoomError::rejected(
            "type",
            "A room can't become a direct room. Start a new direct room instead.",
        ));
    }
    let old_name = facts.name.unwrap_or_default();
    let name = update.name.as_ref().map_or(old_name.as_str(), RoomName::as_str).to_owned();
    store::update_shared(tx, room, &name, kind, now)?;
    let subject = Subject::room(room, &name);
    if name != old_name {
        audit::record(
            tx,
            by,
            "room.renamed",
            Some(&subject),
            &format!("{old_name} → {name}"),
            now,
        )?;
    }
    if kind != facts.kind {
        audit::record(
            tx,
            by,
            "room.type_changed",
            Some(&subject),
            &format!("{} → {}", facts.kind.word(), kind.word()),
            now,
        )?;
    }
    let (added, removed) = match (kind, update.users) {
        (RoomType::Open, _) => (memberships::store::grant_all_users(tx, room, now)?, Vec::new()),
        (_, Some(users)) => set_members(tx, room, users, now)?,
        (_, None) => (Vec::new(), Vec::new()),
    };
    if !added.is_empty() || !removed.is_empty() {
        let detail = format!("{} added, {} removed", added.len(), removed.len());
        audit::record(tx, by, "room.members_changed", Some(&subject), &detail, now)?;
    }
    publish_changes(app, tx, room, added, removed);
    Ok(())
}

/// Leaves a closed room, or a direct room with more than two members.
pub fn leave(
    app: &App,
    tx: &mut Tx<'_>,
    by: &Actor,
    room: RoomId,
    user: UserId,
    now: Time,
) -> Result<(), RoomError> {
    let facts = store::facts(tx, room)?.ok_or(RoomError::NotFound)?;
    match facts.kind {
        RoomType::Open => return Err(RoomError::CannotLeaveOpen),
        RoomType::Direct if memberships::store::count(tx, room)? <= 2 => {
            return Err(RoomError::CannotLeaveDirect);
        }
        RoomType::Closed if memberships::store::count(tx, room)? == 1 => {
            return Err(RoomError::LastMember);
        }
        RoomType::Direct | RoomType::Closed => {}
    }
    if !memberships::store::revoke(tx, room, user)? {
        return Err(RoomError::NotFound);
    }
    store::set_updated_at(tx, room, now)?;
    if facts.kind == RoomType::Closed {
        let subject = Subject::room(room, facts.name.as_deref().unwrap_or_default());
        audit::record(tx, by, "room.members_changed", Some(&subject), "1 left", now)?;
    }
    publish_changes(app, tx, room, Vec::new(), vec![user]);
    Ok(())
}

/// Checks inside the transaction that the caller is still in the room and may still change it.
pub fn check_can_manage(tx: &Tx<'_>, room: RoomId, caller: UserId) -> Result<Facts, RoomError> {
    let facts = store::facts(tx, room)?.ok_or(RoomError::NotFound)?;
    if !memberships::store::is_active_member(tx, room, caller)? {
        return Err(RoomError::NotFound);
    }
    if facts.creator != caller && !user_store::is_administrator(tx, caller)? {
        return Err(RoomError::NotAllowed);
    }
    Ok(facts)
}

/// A direct room keeps its type and members and has no name. Sending its own type is accepted.
fn check_direct_update(update: &RoomUpdate) -> Result<(), RoomError> {
    if update.kind.is_some_and(|kind| kind != RoomType::Direct) {
        return Err(RoomError::rejected("type", "You can't change the type of a direct room."));
    }
    if update.name.is_some() {
        return Err(RoomError::rejected(
            "name",
            "A direct room is named after its members. You can't rename it.",
        ));
    }
    if update.users.is_some() {
        return Err(RoomError::rejected(
            "user_ids",
            "You can't change the members of a direct room. Start a new one instead.",
        ));
    }
    Ok(())
}

/// Replaces the members. Existing memberships stay as they are, also those of inactive users.
fn set_members(
    tx: &mut Tx<'_>,
    room: RoomId,
    mut users: Vec<UserId>,
    now: Time,
) -> Result<(Vec<UserId>, Vec<UserId>), RoomError> {
    users.sort_unstable();
    users.dedup();
    let present = memberships::store::members_among(tx, room, &users)?;
    let new = users.iter().filter(|user| !present.contains(user)).copied().collect::<Vec<_>>();
    check_all_active(tx, &new)?;
    let added = memberships::store::grant_users(tx, room, &new, Involvement::Mentions, now)?;
    let removed = memberships::store::revoke_others(tx, room, &users)?;
    Ok((added, removed))
}

/// New members receive the room, former members lose it and its streams, the others receive an
/// update.
fn publish_changes(
    app: &App,
    tx: &mut Tx<'_>,
    room: RoomId,
    added: Vec<UserId>,
    removed: Vec<UserId>,
) {
    tx.publish(Arc::new(MembersChanged { room }));
    for user in &removed {
        app.state::<AccessListeners>().0.iter().for_each(|listener| listener(tx, *user));
    }
    if !removed.is_empty() {
        tx.publish(Arc::new(AccessRevoked { room, users: removed.into() }));
    }
    tx.publish(Arc::new(RoomChanged { room, except: added.clone().into() }));
    if !added.is_empty() {
        tx.publish(Arc::new(AccessGranted { room, users: added.into() }));
    }
}
