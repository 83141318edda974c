//! Room events. Each is published only to the members it concerns.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::store;
use super::views::view;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;
use crate::http::problem::chain;
use crate::identity::users::{User, Users};
use crate::rooms::memberships::Memberships;

/// A room changed for one of its members only.
pub struct RoomViewChanged {
    pub room: RoomId,
    pub viewer: Arc<User>,
}

impl DomainEvent<App> for RoomViewChanged {
    fn invalidate(&self, app: &App) {
        // Their involvement may have changed, and with it who is notified.
        app.state::<Memberships>().invalidate(self.room);
    }

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        let row = app.db.read(|reader| store::find(reader, self.room, self.viewer.id));
        match row.and_then(|row| row.map(|row| view(app, &self.viewer, row)).transpose()) {
            Ok(Some(room)) => {
                out.broadcast(
                    &streams::user(self.viewer.id),
                    json!({ "type": "room.updated", "room": room }).to_string().into(),
                );
            }
            // They left the room since, which is published separately.
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to publish a room change")
            }
        }
    }
}

/// A room's name, type or members changed.
pub struct RoomChanged {
    pub room: RoomId,
    /// New members, who receive [`AccessGranted`] instead.
    pub except: Arc<[UserId]>,
}

impl DomainEvent<App> for RoomChanged {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        // When several members join or leave in one commit, the others receive one update.
        if !self.except.is_empty() || out.is_first(&format!("room-changed:{}", self.room.0)) {
            publish_to_members(app, self.room, "room.updated", out, |user| {
                !self.except.contains(&user)
            });
        }
    }
}

/// Users got access to a room: it was created, or they were added to it.
pub struct AccessGranted {
    pub room: RoomId,
    pub users: Arc<[UserId]>,
}

impl DomainEvent<App> for AccessGranted {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
    }

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        publish_to_members(app, self.room, "room.created", out, |user| self.users.contains(&user));
    }
}

/// Users lost access to a room: they were removed, or they left.
pub struct AccessRevoked {
    pub room: RoomId,
    pub users: Arc<[UserId]>,
}

impl DomainEvent<App> for AccessRevoked {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let payload = removed_payload(self.room);
        for user in self.users.iter() {
            out.broadcast(&streams::user(*user), payload.clone());
            for stream in [
                streams::messages(self.room),
                streams::presence(self.room),
                streams::typing(self.room),
            ] {
                out.revoke(*user, &stream);
            }
        }
    }
}

/// The payload for a user who lost a room.
pub fn removed_payload(room: RoomId) -> Bytes {
    json!({ "type": "room.removed", "room_id": room }).to_string().into()
}

/// Publishes the room to some of its members, as each of them sees it.
fn publish_to_members(
    app: &App,
    room: RoomId,
    kind: &str,
    out: &mut dyn Publisher,
    filter: impl Fn(UserId) -> bool,
) {
    let published = app.db.read(|reader| store::of_all_members(reader, room)).and_then(|rows| {
        for (user, row) in rows.into_iter().filter(|(user, _)| filter(*user)) {
            if let Some(viewer) = app.state::<Users>().find(app, user)? {
                let room = view(app, &viewer, row)?;
                out.broadcast(
                    &streams::user(user),
                    json!({ "type": kind, "room": room }).to_string().into(),
                );
            }
        }
        Ok(())
    });
    if let Err(error) = published {
        // The change is stored; clients see it when they reload the list.
        tracing::warn!(error = %chain(&error), "failed to publish a room change to its members");
    }
}
