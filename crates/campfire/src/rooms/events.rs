//! What a change of a room announces.

use std::sync::Arc;

use serde_json::json;

use super::store;
use super::views::view;
use crate::announce::{Announcement, Broadcaster};
use crate::app::App;
use crate::http::problem::chain;
use crate::ids::RoomId;
use crate::users::User;
use crate::users::events::personal_stream;

/// A room looks different to one of its members.
pub struct RoomChangedFor {
    /// The room.
    pub room: RoomId,
    /// To whom.
    pub viewer: Arc<User>,
}

impl Announcement for RoomChangedFor {
    fn settle(&self, _: &App) {}

    fn tell(&self, app: &App, out: &mut dyn Broadcaster) {
        let row = app.db.read(|reader| store::find(reader, self.room, self.viewer.id));
        match row.and_then(|row| row.map(|row| view(app, &self.viewer, row)).transpose()) {
            Ok(Some(room)) => {
                out.broadcast(&personal_stream(self.viewer.id), json!({ "type": "room.updated", "room": room }).to_string().into());
            }
            // They left it meanwhile, which is announced on its own.
            Ok(None) => {}
            Err(error) => tracing::warn!(error = %chain(&error), "a person could not be told of their room"),
        }
    }
}
