//! Events of deleted rooms and of content that waits to be purged.

use std::sync::Arc;

use super::PurgeSignal;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;
use crate::messages::pages::PageCache;
use crate::rooms::events::removed;
use crate::rooms::memberships::Memberships;

/// A room was deleted. Its streams publish nothing more, so sockets stay open.
pub struct RoomDeleted {
    /// The room.
    pub room: RoomId,
    /// Its members.
    pub users: Arc<[UserId]>,
}

impl DomainEvent<App> for RoomDeleted {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
        app.state::<PageCache>().invalidate_messages(self.room);
        app.state::<PurgeSignal>().wake();
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let words = removed(self.room);
        self.users.iter().for_each(|user| out.broadcast(&streams::user(*user), words.clone()));
    }
}

/// Someone's content is to be purged, or no longer.
pub struct PurgeChanged;

impl DomainEvent<App> for PurgeChanged {
    fn invalidate(&self, app: &App) {
        app.state::<PurgeSignal>().wake();
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}
