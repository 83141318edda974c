//! Events of edited, deleted and restored messages.

use std::sync::Arc;

use serde_json::json;

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::{MessageId, RoomId};
use crate::core::streams;
use crate::messages::events::{StoredMessage, payload};
use crate::messages::pages::PageCache;

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

pub struct MessageRemoved {
    pub room: RoomId,
    pub id: MessageId,
    pub client_message_id: String,
}

impl DomainEvent<App> for MessageRemoved {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_messages(self.room);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        let payload = json!({ "type": "message.removed", "message_id": self.id, "client_message_id": self.client_message_id });
        out.broadcast(&streams::messages(self.room), payload.to_string().into());
    }
}

pub struct MessageRestored(pub Arc<StoredMessage>);

impl DomainEvent<App> for MessageRestored {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_messages(self.0.message.room_id);
    }

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        // The room does not become unread: it did when the message was created.
        out.broadcast(
            &streams::messages(self.0.message.room_id),
            payload("message.created", "message", self.0.json()),
        );
    }
}
