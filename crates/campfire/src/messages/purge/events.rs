//! Events of deleted rooms and of content to purge.

use std::sync::Arc;

use super::PurgeSignal;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;
use crate::messages::pages::PageCache;
use crate::rooms::events::removed_payload;
use crate::rooms::memberships::Memberships;

/// Nothing is published to the streams of a deleted room, so its members' sockets stay open.
pub struct RoomDeleted {
    pub room: RoomId,
    /// Its former members.
    pub users: Arc<[UserId]>,
}

impl DomainEvent<App> for RoomDeleted {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
        app.state::<PageCache>().invalidate_messages(self.room);
        app.state::<PurgeSignal>().wake();
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let payload = removed_payload(self.room);
        self.users.iter().for_each(|user| out.broadcast(&streams::user(*user), payload.clone()));
    }
}

/// An author's content was queued for purging, or removed from the queue.
pub struct PurgeChanged;

impl DomainEvent<App> for PurgeChanged {
    fn invalidate(&self, app: &App) {
        app.state::<PurgeSignal>().wake();
    }
}
