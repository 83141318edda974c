//! Whether anybody could be notified of a message at all: asked for every message, so answered from
//! memory.

use std::collections::HashSet;
use std::sync::Arc;

use super::store;
use crate::core::app::{App, DomainState};
use crate::core::cache::VersionedCache;
use crate::core::ids::UserId;
use crate::messages::Message;
use crate::rooms::memberships::Memberships;
use crate::rooms::memberships::presence::Presence;

/// The people who have a device that can be notified.
pub struct Audience(VersionedCache<(), Arc<HashSet<UserId>>>);

impl Default for Audience {
    fn default() -> Self {
        // One entry; the cache may not keep the only one of a smaller room.
        Self(VersionedCache::new(8))
    }
}

impl Audience {
    /// Whether this message, about to be stored, concerns somebody who is not looking and has a
    /// device. It may say yes too often (to people who were removed from the account), never
    /// too seldom; who gets one is decided by [`store::recipients`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn is_concerned(&self, app: &App, message: &Message) -> Result<bool, db::Error> {
        let read = || {
            app.db.read(|reader| Ok::<_, db::Error>(Some(Arc::new(store::subscribers(reader)?))))
        };
        let reachable = self.0.get(0, &(), read)?.unwrap_or_default();
        if reachable.is_empty() {
            return Ok(false);
        }
        let listeners = app.state::<Memberships>().involved_users(app, message.room_id)?;
        let present = app.state::<Presence>().present(message.room_id, app.clock.now());
        let reached = |user: &UserId| {
            *user != message.creator.id
                && reachable.contains(user)
                && present.binary_search(user).is_err()
        };
        Ok(listeners.everything.iter().any(reached)
            || message
                .mentions
                .iter()
                .any(|user| listeners.mentions.binary_search(user).is_ok() && reached(user)))
    }

    /// Somebody's devices came or went.
    pub fn invalidate(&self) {
        self.0.invalidate(0);
    }
}

impl DomainState for Audience {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
    }
}
