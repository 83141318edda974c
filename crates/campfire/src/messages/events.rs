//! The event of a new message, and what all message events share.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::json;

use super::pages::{PageCache, to_json};
use super::{Message, MessageError};
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::streams;
use crate::http::problem::chain;
use crate::rooms::memberships::Memberships;

/// The payload of an event: its type, and its subject under `key` as JSON.
pub fn payload(kind: &str, key: &str, about: &[u8]) -> Bytes {
    let mut payload = Vec::with_capacity(about.len() + 48);
    payload.extend_from_slice(format!(r#"{{"type":"{kind}","{key}":"#).as_bytes());
    payload.extend_from_slice(about);
    payload.push(b'}');
    payload.into()
}

/// A stored message and its JSON representation, which its author and all subscribers receive.
pub struct StoredMessage {
    pub message: Message,
    json: OnceLock<Bytes>,
}

impl StoredMessage {
    pub fn new(message: Message) -> Arc<Self> {
        Arc::new(Self { message, json: OnceLock::new() })
    }

    /// The message as JSON, serialized on first use. The writer never calls this, because other
    /// writes wait for it.
    pub fn json(&self) -> &Bytes {
        self.json.get_or_init(|| to_json(&self.message))
    }
}

pub struct MessageCreated(pub Arc<StoredMessage>);

impl DomainEvent<App> for MessageCreated {
    fn invalidate(&self, app: &App) {
        app.state::<PageCache>().invalidate_pages(self.0.message.room_id);
    }

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        let room = self.0.message.room_id;
        let stream = streams::messages(room);
        out.broadcast(&stream, payload("message.created", "message", self.0.json()));
        if !out.is_first(&stream) {
            return;
        }
        match app.state::<Memberships>().of_room(app, room) {
            Ok(members) => {
                let payload = Bytes::from(json!({ "roomId": room }).to_string());
                members
                    .iter()
                    .for_each(|user| out.notify(&streams::unreads(*user), payload.clone()));
            }
            // The unread marks are stored; only this notice of them is lost.
            Err(error) => {
                tracing::warn!(error = %chain(&MessageError::Database(error)), "failed to notify members of a new message")
            }
        }
    }
}
