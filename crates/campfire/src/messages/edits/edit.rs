//! Editing messages.

use std::sync::Arc;

use super::events::MessageUpdated;
use super::extractors::{MessageEditor, check_can_edit};
use super::{EditError, store};
use crate::core::app::{App, Tx};
use crate::core::clock::{MonotonicClock, Time};
use crate::identity::sessions::extractors::AuthenticatedUser;
use crate::messages::events::StoredMessage;
use crate::messages::extractors::check_can_post;
use crate::messages::listeners;
use crate::messages::store::{self as message_store, MessageRow};
use crate::messages::{Kind, Message, MessageError, rendering};
use crate::rooms::store::RoomTimestamps;

/// Replaces the text of a message with this HTML.
pub async fn edit<C: AuthenticatedUser>(
    app: &App,
    editor: &MessageEditor<C>,
    html: String,
) -> Result<Arc<StoredMessage>, EditError> {
    let (room, id, caller) = (editor.member.room, editor.message, editor.member.caller.user().id);
    let before = rendering::load(app, room, id)?;
    if before.kind == Kind::Attachment {
        return Err(MessageError::rejected("body", "A file has no text to edit.").into());
    }
    // Everything slow happens before the write is queued.
    let row = MessageRow {
        id,
        client_message_id: before.client_message_id.clone(),
        creator_id: before.creator.id,
        created_at: before.created_at,
        updated_at: before.updated_at,
        html: Some(html.clone()),
        edited: true,
        filename: None,
    };
    let mut message = rendering::message(app, room, row, Vec::new())?;
    let writer = app.clone();
    app.db
        .write(move |tx| {
            check_can_post(tx, room, caller)?;
            check_can_edit(tx, room, id, caller)?;
            let at = update_timestamps(&writer, tx, &mut message)?;
            store::write_text(tx, id, &html, at)?;
            listeners::edited(&writer, tx, &before, &message)?;
            message.boosts = rendering::boosts_in(&writer, tx, id)?;
            let stored = StoredMessage::new(message);
            tx.publish(Arc::new(MessageUpdated(stored.clone())));
            Ok(stored)
        })
        .await
}

/// Updates `updated_at` of the message and its room, as Rails' `touch: true` does.
fn update_timestamps(app: &App, tx: &mut Tx<'_>, message: &mut Message) -> Result<Time, db::Error> {
    let at = app.state::<MonotonicClock>().next(app.clock.now());
    message.updated_at = at;
    message_store::set_updated_at(tx, message.id, at)?;
    tx.defer::<RoomTimestamps>((message.room_id, at));
    Ok(at)
}
