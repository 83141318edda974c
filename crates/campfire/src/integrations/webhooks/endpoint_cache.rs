//! A cache of the bots that have a webhook, because every new message looks them up.

use std::sync::Arc;

use super::events::EndpointsNotCached;
use super::store;
use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::ids::{RoomId, UserId};
use crate::rooms::{self, RoomType};

/// Rooms whose type is cached.
const CACHED_ROOMS: usize = 2_000;

/// A bot's webhook, as far as a new message needs it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub bot: UserId,
    /// Whether it receives every message in the bot's rooms.
    pub subscribe_all: bool,
    pub host: String,
}

/// The webhooks of all active bots, by the id of the bot, and which rooms are direct.
pub struct EndpointCache {
    endpoints: VersionedCache<(), Arc<Vec<Endpoint>>>,
    direct: VersionedCache<RoomId, bool>,
}

impl Default for EndpointCache {
    fn default() -> Self {
        // `endpoints` holds one entry; a smaller cache may not keep it.
        Self { endpoints: VersionedCache::new(8), direct: VersionedCache::new(CACHED_ROOMS) }
    }
}

impl EndpointCache {
    /// All webhooks, for a message in `room`.
    pub(super) fn endpoints(
        &self,
        tx: &mut Tx<'_>,
        room: RoomId,
    ) -> Result<Arc<Vec<Endpoint>>, db::Error> {
        if let Some(endpoints) = self.endpoints.peek(0, &()) {
            return Ok(endpoints);
        }
        tx.publish(Arc::new(EndpointsNotCached { room }));
        Ok(Arc::new(store::endpoints(tx)?))
    }

    /// Whether the room is direct. A room's direct type never changes.
    pub(super) fn is_direct(&self, tx: &mut Tx<'_>, room: RoomId) -> Result<bool, db::Error> {
        if let Some(direct) = self.direct.peek(room.0, &room) {
            return Ok(direct);
        }
        tx.publish(Arc::new(EndpointsNotCached { room }));
        Ok(read_direct(tx, room)?.unwrap_or(false))
    }

    /// Caches what the two methods above read.
    pub(super) fn fill(&self, app: &App, room: RoomId) -> Result<(), db::Error> {
        self.endpoints.get(0, &(), || {
            app.db.read(|reader| Ok::<_, db::Error>(Some(Arc::new(store::endpoints(reader)?))))
        })?;
        self.direct.get(room.0, &room, || app.db.read(|reader| read_direct(reader, room)))?;
        Ok(())
    }

    pub fn invalidate(&self) {
        self.endpoints.invalidate(0);
    }
}

fn read_direct(conn: &db::Connection, room: RoomId) -> Result<Option<bool>, db::Error> {
    Ok(rooms::store::facts(conn, room)?.map(|facts| facts.kind == RoomType::Direct))
}

impl DomainState for EndpointCache {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
        self.direct.invalidate_all();
    }
}
