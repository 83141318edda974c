//! Creating rooms. There is one direct room for each set of people: it is looked up and created in
//! one transaction.

use std::sync::Arc;

use super::events::AccessGranted;
use super::name::RoomName;
use super::{RoomError, RoomType, store};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::identity::accounts;
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::blocks;
use crate::identity::users::store as user_store;
use crate::rooms::memberships::{self, Involvement};

/// Maximum number of users in one request.
pub const MAX_USERS: usize = 1_000;

/// A validated room to create.
pub enum NewRoom {
    Open(RoomName),
    /// For its creator and these users.
    Closed(RoomName, Vec<UserId>),
    /// For its creator and these users.
    Direct(Vec<UserId>),
}

pub struct CreatedRoom {
    pub room: RoomId,
    /// Whether this is a direct room that existed before.
    pub existing: bool,
}

/// Creates a room, or finds the direct room of exactly these users.
pub fn create(
    tx: &mut Tx<'_>,
    by: &Actor,
    creator: UserId,
    new: NewRoom,
    now: Time,
) -> Result<CreatedRoom, RoomError> {
    if user_store::filter_active(tx, &[creator])?.is_empty() {
        return Err(crate::identity::sessions::SessionError::NotSignedIn.into());
    }
    match new {
        NewRoom::Direct(users) => direct(tx, creator, including(users, creator), now),
        NewRoom::Open(name) => shared(tx, by, creator, RoomType::Open, &name, None, now),
        NewRoom::Closed(name, users) => {
            let users = including(users, creator);
            check_all_active(tx, &users)?;
            shared(tx, by, creator, RoomType::Closed, &name, Some(users), now)
        }
    }
}

fn shared(
    tx: &mut Tx<'_>,
    by: &Actor,
    creator: UserId,
    kind: RoomType,
    name: &RoomName,
    users: Option<Vec<UserId>>,
    now: Time,
) -> Result<CreatedRoom, RoomError> {
    let restricted = accounts::store::find(tx)?
        .is_some_and(|account| account.settings.restrict_room_creation_to_administrators);
    if restricted && !user_store::is_administrator(tx, creator)? {
        return Err(RoomError::CreationRestricted);
    }
    let room = store::insert(tx, kind, Some(name.as_str()), creator, now)?;
    let users = match users {
        Some(users) => {
            memberships::store::grant_users(tx, room, &users, Involvement::Mentions, now)?
        }
        None => memberships::store::grant_all_users(tx, room, now)?,
    };
    audit::record(
        tx,
        by,
        "room.created",
        Some(&Subject::room(room, name.as_str())),
        kind.word(),
        now,
    )?;
    tx.publish(Arc::new(AccessGranted { room, users: users.into() }));
    Ok(CreatedRoom { room, existing: false })
}

fn direct(
    tx: &mut Tx<'_>,
    creator: UserId,
    users: Vec<UserId>,
    now: Time,
) -> Result<CreatedRoom, RoomError> {
    if let Some(room) = store::direct_of(tx, &users)? {
        return Ok(CreatedRoom { room, existing: true });
    }
    check_all_active(tx, &users)?;
    if blocks::store::is_blocked_by_any(tx, creator, &users)? {
        return Err(RoomError::Blocked);
    }
    // Direct rooms are private: they are not audited.
    let room = store::insert(tx, RoomType::Direct, None, creator, now)?;
    let users = memberships::store::grant_users(tx, room, &users, Involvement::Everything, now)?;
    tx.publish(Arc::new(AccessGranted { room, users: users.into() }));
    Ok(CreatedRoom { room, existing: false })
}

/// `users` and `one` without duplicates.
fn including(mut users: Vec<UserId>, one: UserId) -> Vec<UserId> {
    users.push(one);
    users.sort_unstable();
    users.dedup();
    users
}

/// Rejects IDs that belong to no active user.
pub fn check_all_active(tx: &Tx<'_>, users: &[UserId]) -> Result<(), RoomError> {
    let active = user_store::filter_active(tx, users)?;
    match users.iter().find(|user| !active.contains(user)) {
        None => Ok(()),
        Some(user) => Err(RoomError::rejected(
            "user_ids",
            &format!("There is no active user with the ID {}.", user.0),
        )),
    }
}
