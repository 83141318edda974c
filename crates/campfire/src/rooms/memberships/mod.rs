//! Memberships: who is in which room, how involved they are, what they have not read, and who is
//! present.

pub mod events;
pub mod presence;
pub mod store;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// How much a member wants to be notified about in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Involvement {
    /// Hidden from the sidebar, never unread.
    Invisible,
    /// Shown, but never notified.
    Nothing,
    /// Notified about messages that mention you.
    Mentions,
    /// Notified about every message.
    Everything,
}

impl Involvement {
    /// An unknown value counts as the default of shared rooms.
    pub fn from_stored(value: &str) -> Self {
        match value {
            "invisible" => Self::Invisible,
            "nothing" => Self::Nothing,
            "everything" => Self::Everything,
            _ => Self::Mentions,
        }
    }

    pub fn to_stored(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::Nothing => "nothing",
            Self::Mentions => "mentions",
            Self::Everything => "everything",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Membership {
    pub involvement: Involvement,
    pub unread_at: Option<Time>,
}

/// The members who are notified about a room, sorted by id.
#[derive(Debug, Default)]
pub struct InvolvedUsers {
    /// Notified about every message.
    pub everything: Vec<UserId>,
    /// Notified about messages that mention them.
    pub mentions: Vec<UserId>,
}

/// Cached pairs of room and member.
const CACHED_MEMBERS: usize = 50_000;
/// Cached rooms.
const CACHED_ROOMS: usize = 2_000;

/// Caches who is in which room.
pub struct Memberships {
    members: VersionedCache<(RoomId, UserId), ()>,
    rooms: VersionedCache<RoomId, Arc<[UserId]>>,
    involved_users: VersionedCache<RoomId, Arc<InvolvedUsers>>,
}

impl Default for Memberships {
    fn default() -> Self {
        Self {
            members: VersionedCache::new(CACHED_MEMBERS),
            rooms: VersionedCache::new(CACHED_ROOMS),
            involved_users: VersionedCache::new(CACHED_ROOMS),
        }
    }
}

impl Memberships {
    pub fn is_member(&self, app: &App, room: RoomId, user: UserId) -> Result<bool, db::Error> {
        let found = self.members.get(room.0, &(room, user), || {
            let found = app.db.read(|reader| store::is_member(reader, room, user))?;
            Ok::<_, db::Error>(found.then_some(()))
        })?;
        Ok(found.is_some())
    }

    /// The members of a room, sorted by id.
    pub fn of_room(&self, app: &App, room: RoomId) -> Result<Arc<[UserId]>, db::Error> {
        let members = self.rooms.get(room.0, &room, || {
            let members = app.db.read(|reader| store::member_ids(reader, room))?;
            Ok::<_, db::Error>(Some(members.into()))
        })?;
        Ok(members.unwrap_or_default())
    }

    /// Like [`Memberships::of_room`], inside a write transaction.
    pub fn of_room_in(&self, tx: &Tx<'_>, room: RoomId) -> Result<Arc<[UserId]>, db::Error> {
        let members = self.rooms.get_in_transaction(room.0, &room, || {
            Ok::<_, db::Error>(Some(store::member_ids(tx, room)?.into()))
        })?;
        Ok(members.unwrap_or_default())
    }

    /// The cached members who are notified about a room, for transactions.
    pub fn cached_involved_users(&self, room: RoomId) -> Option<Arc<InvolvedUsers>> {
        self.involved_users.peek(room.0, &room)
    }

    /// The members who are notified about a room.
    pub fn involved_users(&self, app: &App, room: RoomId) -> Result<Arc<InvolvedUsers>, db::Error> {
        let involved_users = self.involved_users.get(room.0, &room, || {
            let involved_users = app.db.read(|reader| store::involved_users(reader, room))?;
            Ok::<_, db::Error>(Some(Arc::new(involved_users)))
        })?;
        Ok(involved_users.unwrap_or_default())
    }

    /// Must be called when members or their involvement change.
    pub fn invalidate(&self, room: RoomId) {
        self.members.invalidate(room.0);
        self.rooms.invalidate(room.0);
        self.involved_users.invalidate(room.0);
    }

    /// Increases with every change of members.
    pub fn version(&self) -> u64 {
        self.members.version()
    }

    pub fn invalidate_all(&self) {
        self.members.invalidate_all();
        self.rooms.invalidate_all();
        self.involved_users.invalidate_all();
    }
}

impl DomainState for Memberships {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}
