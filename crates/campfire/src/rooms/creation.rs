//! Making rooms. A direct room exists once for each set of people: it is looked for and made in one
//! transaction of the one writer.

use std::sync::Arc;

use super::events::AccessGranted;
use super::name::RoomName;
use super::{RoomError, RoomType, store};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::identity::accounts;
use crate::identity::audit::{self, By, Subject};
use crate::identity::blocks;
use crate::identity::users::store as user_store;
use crate::rooms::memberships::{self, Involvement};

/// People that one request may name.
pub const MAX_USERS: usize = 1_000;

/// A room to be made, checked.
pub enum NewRoom {
    /// For everybody.
    Open(RoomName),
    /// For its creator and these people.
    Closed(RoomName, Vec<UserId>),
    /// Of its creator and these people.
    Direct(Vec<UserId>),
}

/// The result of [`create`].
pub struct CreatedRoom {
    /// The room.
    pub room: RoomId,
    /// Whether the room existed before.
    pub existing: bool,
}

/// Makes the room, or finds the direct room of exactly these people.
///
/// # Errors
/// See [`RoomError`].
pub fn create(
    tx: &mut Tx<'_>,
    by: &By,
    creator: UserId,
    new: NewRoom,
    now: Time,
) -> Result<CreatedRoom, RoomError> {
    if user_store::active_among(tx, &[creator])?.is_empty() {
        return Err(crate::identity::sessions::SessionError::NotSignedIn.into());
    }
    match new {
        NewRoom::Direct(users) => direct(tx, creator, with(users, creator), now),
        NewRoom::Open(name) => shared(tx, by, creator, RoomType::Open, &name, None, now),
        NewRoom::Closed(name, users) => {
            let users = with(users, creator);
            check_all_active(tx, &users)?;
            shared(tx, by, creator, RoomType::Closed, &name, Some(users), now)
        }
    }
}

fn shared(
    tx: &mut Tx<'_>,
    by: &By,
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
    // Who talks to whom is nobody's business: direct rooms are not audited.
    let room = store::insert(tx, RoomType::Direct, None, creator, now)?;
    let users = memberships::store::grant_users(tx, room, &users, Involvement::Everything, now)?;
    tx.publish(Arc::new(AccessGranted { room, users: users.into() }));
    Ok(CreatedRoom { room, existing: false })
}

/// These people and this one, each once.
fn with(mut users: Vec<UserId>, one: UserId) -> Vec<UserId> {
    users.push(one);
    users.sort_unstable();
    users.dedup();
    users
}

/// Refuses numbers that belong to nobody who could be let in.
pub fn check_all_active(tx: &Tx<'_>, users: &[UserId]) -> Result<(), RoomError> {
    let active = user_store::active_among(tx, users)?;
    match users.iter().find(|user| !active.contains(user)) {
        None => Ok(()),
        Some(user) => Err(RoomError::rejected(
            "user_ids",
            &format!("Nobody active has the number {}.", user.0),
        )),
    }
}
