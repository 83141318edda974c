//! What a message announces.

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

/// The words for something that happened to a message: its type, and under `key` what it is about,
/// in JSON.
pub fn payload(kind: &str, key: &str, about: &[u8]) -> Bytes {
    let mut payload = Vec::with_capacity(about.len() + 48);
    payload.extend_from_slice(format!(r#"{{"type":"{kind}","{key}":"#).as_bytes());
    payload.extend_from_slice(about);
    payload.push(b'}');
    payload.into()
}

/// A message that was stored, with its JSON, which both its author and its readers get.
pub struct StoredMessage {
    /// What was stored.
    pub message: Message,
    json: OnceLock<Bytes>,
}

impl StoredMessage {
    /// Made once the message has its number and moment.
    pub fn new(message: Message) -> Arc<Self> {
        Arc::new(Self { message, json: OnceLock::new() })
    }

    /// The message as JSON, made by whoever needs it first: never by the writer, for whom others
    /// wait.
    pub fn json(&self) -> &Bytes {
        self.json.get_or_init(|| to_json(&self.message))
    }
}

/// Something new was stored.
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
            // The marks themselves are stored; only the hint to look is lost.
            Err(error) => {
                tracing::warn!(error = %chain(&MessageError::Database(error)), "members could not be told of a new message")
            }
        }
    }
}
