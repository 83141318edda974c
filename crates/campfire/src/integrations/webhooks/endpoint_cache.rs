//! Which bots have a webhook: asked for every message, so answered from memory.

use std::sync::Arc;

use super::store;
use crate::core::app::{App, DomainState};
use crate::core::cache::VersionedCache;
use crate::core::ids::{RoomId, UserId};
use crate::rooms::{self, RoomType};

/// Rooms of which is remembered whether they are direct.
const REMEMBERED_ROOMS: usize = 2_000;

/// What a message needs to know of a bot's webhook.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Whether it hears of every message of its rooms.
    pub hears_everything: bool,
    /// Whom its calls go to.
    pub host: String,
}

/// The bots that have a webhook, in the order of their numbers.
pub struct Receivers {
    all: VersionedCache<(), Arc<Vec<(UserId, Receiver)>>>,
    direct: VersionedCache<RoomId, bool>,
}

impl Default for Receivers {
    fn default() -> Self {
        // One entry; the cache may not keep the only one of a smaller room.
        Self { all: VersionedCache::new(8), direct: VersionedCache::new(REMEMBERED_ROOMS) }
    }
}

impl Receivers {
    /// All of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn all(&self, app: &App) -> Result<Arc<Vec<(UserId, Receiver)>>, db::Error> {
        let read =
            || app.db.read(|reader| Ok::<_, db::Error>(Some(Arc::new(store::receivers(reader)?))));
        Ok(self.all.get(0, &(), read)?.unwrap_or_default())
    }

    /// Whether the room is a direct one, which it is for ever or never.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn is_direct(&self, app: &App, room: RoomId) -> Result<bool, db::Error> {
        let read = || {
            Ok::<_, db::Error>(
                app.db
                    .read(|reader| rooms::store::facts(reader, room))?
                    .map(|facts| facts.kind == RoomType::Direct),
            )
        };
        Ok(self.direct.get(room.0, &room, read)?.unwrap_or(false))
    }

    /// A webhook or a bot came or went.
    pub fn invalidate(&self) {
        self.all.invalidate(0);
    }

    /// Nothing remembered is believed any more.
    pub fn invalidate_all(&self) {
        self.all.invalidate(0);
        self.direct.invalidate_all();
    }
}

impl DomainState for Receivers {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}
