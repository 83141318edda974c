//! Posting messages: rendered before the write is queued, stored on the writer thread with
//! everything that follows from it.

use std::sync::Arc;

use super::events::{MessageCreated, StoredMessage};
use super::extractors::check_can_post;
use super::listeners::{self, Origin};
use super::store::{self, MessageRow};
use super::{Draft, Message, MessageError, rendering};
use crate::core::app::{App, Tx};
use crate::core::clock::MonotonicClock;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::rooms::memberships::store::{UnreadMark, UnreadMarks};
use crate::rooms::store::RoomTimestamps;

pub enum PostOutcome {
    Created(Arc<StoredMessage>),
    /// This author already posted a message with this client message id.
    Duplicate(MessageId),
}

/// Renders a message without its id and time. Everything slow happens here, before the
/// write is queued.
pub fn prepare_message(
    app: &App,
    room: RoomId,
    author: UserId,
    draft: &Draft,
) -> Result<Message, db::Error> {
    let now = app.clock.now();
    let row = MessageRow {
        id: MessageId(0),
        client_message_id: draft.client_message_id.as_str().to_owned(),
        creator_id: author,
        created_at: now,
        updated_at: now,
        html: Some(draft.html.clone()),
        edited: false,
        filename: None,
    };
    rendering::message(app, room, row, Vec::new())
}

/// Runs on the writer: stores a message and everything that follows from it.
///
/// # Errors
/// [`MessageError::NotAMember`], [`MessageError::Blocked`],
/// [`MessageError::ClientIdTaken`]; nothing is stored then.
pub fn post_message(
    app: &App,
    tx: &mut Tx<'_>,
    mut message: Message,
    html: &str,
    origin: Origin,
) -> Result<PostOutcome, MessageError> {
    let (room, author) = (message.room_id, message.creator.id);
    // Checked inside the transaction: a member who was just removed cannot post.
    check_can_post(tx, room, author)?;
    let at = app.state::<MonotonicClock>().next(app.clock.now());
    let Some(id) = store::insert(tx, room, author, &message.client_message_id, html, at)? else {
        let known = store::find_by_client_id(tx, room, &message.client_message_id)?;
        return match known {
            Some((id, creator)) if creator == author => Ok(PostOutcome::Duplicate(id)),
            _ => Err(MessageError::ClientIdTaken),
        };
    };
    (message.id, message.created_at, message.updated_at) = (id, at, at);
    message.url = format!("/rooms/{}/@{}", room.0, id.0);
    tx.defer::<RoomTimestamps>((room, at));
    tx.defer::<UnreadMarks>(UnreadMark { room, author, at, app: app.clone() });
    let stored = StoredMessage::new(message);
    tx.publish(Arc::new(MessageCreated(stored.clone())));
    listeners::created(app, tx, &stored.message, origin)?;
    Ok(PostOutcome::Created(stored))
}
