//! A cache of the users with a push subscription, because every new message looks them up.

use std::collections::HashSet;
use std::sync::Arc;

use super::events::SubscribersNotCached;
use super::store;
use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::ids::{RoomId, UserId};
use crate::messages::Message;
use crate::rooms::memberships::presence::Presence;
use crate::rooms::memberships::{self, Memberships};

/// The users with a push subscription.
pub struct SubscriberCache(VersionedCache<(), Arc<HashSet<UserId>>>);

impl Default for SubscriberCache {
    fn default() -> Self {
        // It holds one entry; a smaller cache may not keep it.
        Self(VersionedCache::new(8))
    }
}

impl SubscriberCache {
    /// Whether a message that is being stored concerns a user who has a device and is not looking
    /// at the room. False positives are possible (for deactivated users), false negatives are not;
    /// [`store::recipients`] decides.
    pub fn may_notify(
        &self,
        app: &App,
        tx: &mut Tx<'_>,
        message: &Message,
    ) -> Result<bool, db::Error> {
        let room = message.room_id;
        let subscribers = match self.0.peek(0, &()) {
            Some(subscribers) => subscribers,
            None => {
                tx.publish(Arc::new(SubscribersNotCached { room }));
                Arc::new(store::subscribers(tx)?)
            }
        };
        if subscribers.is_empty() {
            return Ok(false);
        }
        let involved = match app.state::<Memberships>().cached_involved_users(room) {
            Some(involved) => involved,
            None => {
                tx.publish(Arc::new(SubscribersNotCached { room }));
                Arc::new(memberships::store::involved_users(tx, room)?)
            }
        };
        let present = app.state::<Presence>().present(room, app.clock.now());
        let is_reachable = |user: &UserId| {
            *user != message.creator.id
                && subscribers.contains(user)
                && present.binary_search(user).is_err()
        };
        let is_involved = |user: &UserId| involved.mentions.binary_search(user).is_ok();
        let mut mentioned = message.mentions.iter();
        Ok(involved.everything.iter().any(is_reachable)
            || mentioned.any(|user| is_involved(user) && is_reachable(user)))
    }

    /// Caches what [`Self::may_notify`] needs for messages in a room.
    pub(super) fn fill(&self, app: &App, room: RoomId) -> Result<(), db::Error> {
        self.0.get(0, &(), || {
            app.db.read(|reader| Ok::<_, db::Error>(Some(Arc::new(store::subscribers(reader)?))))
        })?;
        app.state::<Memberships>().involved_users(app, room)?;
        Ok(())
    }

    pub fn invalidate(&self) {
        self.0.invalidate(0);
    }
}

impl DomainState for SubscriberCache {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
    }
}
