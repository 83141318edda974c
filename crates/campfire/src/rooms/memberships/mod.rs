//! Who is in which room, how much they want to hear, what they have not read, and who is looking
//! right now.

pub mod events;
pub mod presence;
pub mod store;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::app::{App, DomainState};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// How much a person wants to hear of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Involvement {
    /// Hidden from the sidebar, never unread.
    Invisible,
    /// Shown, but never notified.
    Nothing,
    /// Notified about messages that mention one.
    Mentions,
    /// Notified about every message.
    Everything,
}

impl Involvement {
    /// The stored word; an unknown one is the default of shared rooms.
    pub fn from_stored(word: &str) -> Self {
        match word {
            "invisible" => Self::Invisible,
            "nothing" => Self::Nothing,
            "everything" => Self::Everything,
            _ => Self::Mentions,
        }
    }

    /// The word as it is stored.
    pub fn to_stored(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::Nothing => "nothing",
            Self::Mentions => "mentions",
            Self::Everything => "everything",
        }
    }
}

/// One person's place in one room.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// How much they want to hear.
    pub involvement: Involvement,
    /// Since when something is unread.
    pub unread_at: Option<Time>,
}

/// Who wants to hear of a room without looking at it, in the order of their numbers.
#[derive(Debug, Default)]
pub struct InvolvedUsers {
    /// Notified about every message.
    pub everything: Vec<UserId>,
    /// Notified about messages that mention them.
    pub mentions: Vec<UserId>,
}

/// Places remembered.
const CACHED_MEMBERS: usize = 50_000;
/// Member lists remembered.
const CACHED_ROOMS: usize = 2_000;

/// Who is in which room, as read from the database.
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
    /// Whether the person is in the room.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn is_member(&self, app: &App, room: RoomId, user: UserId) -> Result<bool, db::Error> {
        let place = self.members.get(room.0, &(room, user), || {
            let place = app.db.read(|reader| store::is_member(reader, room, user))?;
            Ok::<_, db::Error>(place.then_some(()))
        })?;
        Ok(place.is_some())
    }

    /// Everyone in the room.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn of_room(&self, app: &App, room: RoomId) -> Result<Arc<[UserId]>, db::Error> {
        let members = self.rooms.get(room.0, &room, || {
            let members = app.db.read(|reader| store::member_ids(reader, room))?;
            Ok::<_, db::Error>(Some(members.into()))
        })?;
        Ok(members.unwrap_or_default())
    }

    /// Who wants to hear of the room.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn involved_users(&self, app: &App, room: RoomId) -> Result<Arc<InvolvedUsers>, db::Error> {
        let involved_users = self.involved_users.get(room.0, &room, || {
            let involved_users = app.db.read(|reader| store::involved_users(reader, room))?;
            Ok::<_, db::Error>(Some(Arc::new(involved_users)))
        })?;
        Ok(involved_users.unwrap_or_default())
    }

    /// Somebody came into or left the room, or wants to hear more or less of it.
    pub fn invalidate(&self, room: RoomId) {
        self.members.invalidate(room.0);
        self.rooms.invalidate(room.0);
        self.involved_users.invalidate(room.0);
    }

    /// Differs after every change of who is where.
    pub fn version(&self) -> u64 {
        self.members.version()
    }

    /// Nothing remembered is believed any more.
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
