//! What a change of a room announces, each time to exactly those whom it concerns.

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
use crate::identity::users::{People, User};
use crate::rooms::memberships::Memberships;

/// A room looks different to one of its members.
pub struct RoomViewChanged {
    /// The room.
    pub room: RoomId,
    /// To whom.
    pub viewer: Arc<User>,
}

impl DomainEvent<App> for RoomViewChanged {
    fn invalidate(&self, app: &App) {
        // Their involvement may be what changed, and with it who listens.
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
            // They left it meanwhile, which is announced on its own.
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a person could not be told of their room")
            }
        }
    }
}

/// The room looks different to everybody in it: another name or kind, other people.
pub struct RoomChanged {
    /// The room.
    pub room: RoomId,
    /// Who is new in it, and told otherwise.
    pub except: Arc<[UserId]>,
}

impl DomainEvent<App> for RoomChanged {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        // Of many who come or go in one commit, those who stay are told once.
        if !self.except.is_empty() || out.is_first(&format!("room-changed:{}", self.room.0)) {
            publish_to_members(app, self.room, "room.updated", out, |user| {
                !self.except.contains(&user)
            });
        }
    }
}

/// The room came into these people's sidebars: it was made, or they were let into it.
pub struct AccessGranted {
    /// The room.
    pub room: RoomId,
    /// Who is new in it.
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

/// The room is none of these people's business any more: they were removed, or left.
pub struct AccessRevoked {
    /// The room.
    pub room: RoomId,
    /// Who is not in it any more.
    pub users: Arc<[UserId]>,
}

impl DomainEvent<App> for AccessRevoked {
    fn invalidate(&self, app: &App) {
        app.state::<Memberships>().invalidate(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let words = removed(self.room);
        for user in self.users.iter() {
            out.broadcast(&streams::user(*user), words.clone());
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

/// Tells a user that a room is no longer theirs.
pub fn removed(room: RoomId) -> Bytes {
    json!({ "type": "room.removed", "room_id": room }).to_string().into()
}

/// Tells some of the members how the room looks to them now.
fn publish_to_members(
    app: &App,
    room: RoomId,
    kind: &str,
    out: &mut dyn Publisher,
    filter: impl Fn(UserId) -> bool,
) {
    let told = app.db.read(|reader| store::of_all_members(reader, room)).and_then(|rows| {
        for (user, row) in rows.into_iter().filter(|(user, _)| filter(*user)) {
            if let Some(viewer) = app.state::<People>().find(app, user)? {
                let room = view(app, &viewer, row)?;
                out.broadcast(
                    &streams::user(user),
                    json!({ "type": kind, "room": room }).to_string().into(),
                );
            }
        }
        Ok(())
    });
    if let Err(error) = told {
        // It is stored; who loads the list anew sees it.
        tracing::warn!(error = %chain(&error), "members could not be told of their room");
    }
}
