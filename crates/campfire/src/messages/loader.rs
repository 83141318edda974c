//! Loads messages together with the labels of their rooms, for lists that span many rooms.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Message, MessageError, rendering};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId};
use crate::identity::users::User;
use crate::rooms::views::{RoomLabel, label};

/// Loads messages for one viewer. Each room's label is read once.
pub struct MessageLoader<'a> {
    app: &'a App,
    viewer: &'a Arc<User>,
    labels: HashMap<RoomId, RoomLabel>,
}

impl<'a> MessageLoader<'a> {
    pub fn new(app: &'a App, viewer: &'a Arc<User>) -> Self {
        Self { app, viewer, labels: HashMap::new() }
    }

    /// The message and the label of its room; `None` if either no longer exists for the viewer.
    pub fn load(
        &mut self,
        room: RoomId,
        id: MessageId,
    ) -> Result<Option<(Message, RoomLabel)>, MessageError> {
        if !self.labels.contains_key(&room) {
            let Some(label) = label(self.app, self.viewer, room)? else { return Ok(None) };
            self.labels.insert(room, label);
        }
        match rendering::load(self.app, room, id) {
            Ok(message) => Ok(self.labels.get(&room).map(|label| (message, label.clone()))),
            Err(MessageError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
