//! What a change of a message announces.

use std::sync::Arc;

use serde_json::json;

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{MessageId, RoomId};
use crate::core::streams;
use crate::messages::events::{Said, payload};
use crate::messages::pages::Pages;

/// What was said is now said differently.
pub struct MessageUpdated(pub Arc<Said>);

impl DomainEvent<App> for MessageUpdated {
    fn invalidate(&self, app: &App) {
        app.state::<Pages>().room_changed(self.0.message.room_id);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.broadcast(
            &streams::messages(self.0.message.room_id),
            payload("message.updated", "message", self.0.json()),
        );
    }
}

/// What was said is gone.
pub struct MessageRemoved {
    /// Where it was said.
    pub room: RoomId,
    /// Its number.
    pub id: MessageId,
    /// Its author's own id for it.
    pub client_message_id: String,
}

impl DomainEvent<App> for MessageRemoved {
    fn invalidate(&self, app: &App) {
        app.state::<Pages>().message_came_or_went(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let words = json!({ "type": "message.removed", "message_id": self.id, "client_message_id": self.client_message_id });
        out.broadcast(&streams::messages(self.room), words.to_string().into());
    }
}

/// What was gone is back in its old place.
pub struct MessageRestored(pub Arc<Said>);

impl DomainEvent<App> for MessageRestored {
    fn invalidate(&self, app: &App) {
        app.state::<Pages>().message_came_or_went(self.0.message.room_id);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        // Nobody is told that the room is unread: they were when it was said.
        out.broadcast(
            &streams::messages(self.0.message.room_id),
            payload("message.created", "message", self.0.json()),
        );
    }
}
