//! What a change of a message announces.

use std::sync::Arc;

use serde_json::json;

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{MessageId, RoomId};
use crate::core::streams;
use crate::messages::events::{StoredMessage, payload};
use crate::messages::pages::PageCache;

/// What was said is now said differently.
pub struct MessageUpdated(pub Arc<StoredMessage>);

impl DomainEvent<App> for MessageUpdated {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_pages(self.0.message.room_id);
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
    /// Where it was stored.
    pub room: RoomId,
    /// Its number.
    pub id: MessageId,
    /// Its author's own id for it.
    pub client_message_id: String,
}

impl DomainEvent<App> for MessageRemoved {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_messages(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let words = json!({ "type": "message.removed", "message_id": self.id, "client_message_id": self.client_message_id });
        out.broadcast(&streams::messages(self.room), words.to_string().into());
    }
}

/// What was gone is back in its old position.
pub struct MessageRestored(pub Arc<StoredMessage>);

impl DomainEvent<App> for MessageRestored {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_messages(self.0.message.room_id);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        // Nobody is told that the room is unread: they were when it was stored.
        out.broadcast(
            &streams::messages(self.0.message.room_id),
            payload("message.created", "message", self.0.json()),
        );
    }
}
