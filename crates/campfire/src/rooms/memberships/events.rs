//! Membership events: members and read marks.

use bytes::Bytes;
use serde_json::json;

use super::Memberships;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;

/// Users were added to a room or removed from it.
pub struct MembersChanged {
    pub room: RoomId,
}

impl DomainEvent<App> for MembersChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
    }
}

pub struct MarkedRead {
    pub room: RoomId,
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

pub struct MarkedUnread {
    pub room: RoomId,
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
