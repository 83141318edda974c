//! What changes of memberships mean for memory and for one's other devices.

use bytes::Bytes;
use serde_json::json;

use super::Memberships;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;

/// Somebody was let into a room, or out of it.
pub struct MembersChanged {
    /// The room.
    pub room: RoomId,
}

impl DomainEvent<App> for MembersChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}

/// A person has read a room.
pub struct MarkedRead {
    /// The room.
    pub room: RoomId,
    /// The reader.
    pub user: UserId,
}

impl DomainEvent<App> for MarkedRead {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.notify(
            &streams::reads(self.user),
            Bytes::from(json!({ "room_id": self.room }).to_string()),
        );
    }
}

/// A person wants to come back to a room.
pub struct MarkedUnread {
    /// The room.
    pub room: RoomId,
    /// The reader.
    pub user: UserId,
}

impl DomainEvent<App> for MarkedUnread {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.notify(
            &streams::unreads(self.user),
            Bytes::from(json!({ "roomId": self.room }).to_string()),
        );
    }
}
