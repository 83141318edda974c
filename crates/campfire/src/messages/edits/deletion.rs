//! Deleting, and taking it back.

use std::sync::Arc;

use super::events::{MessageRemoved, MessageRestored};
use super::extractors::{MessageEditor, check_can_edit};
use super::snapshot::Snapshot;
use super::{EditError, store};
use crate::core::app::{App, Tx};
use crate::core::clock::{MonotonicClock, Time};
use crate::core::ids::MessageId;
use crate::http::problem::chain;
use crate::identity::sessions::extractors::Calls;
use crate::messages::events::StoredMessage;
use crate::messages::listeners::{self, Deletion};
use crate::messages::rendering;
use crate::rooms::extractors::RoomMember;
use crate::rooms::memberships::store::is_active_member;
use crate::rooms::store::RoomTimestamps;

/// Seconds in which a deletion can be taken back. Clients offer it for ten; the rest is for slow
/// ways.
pub const RESTORE_SECONDS: i64 = 15;

/// Seconds for which it is known that something was deleted, so that who comes too late learns why
/// it cannot come back.
const RETENTION_SECONDS: i64 = 24 * 60 * 60;

/// Deletes a message and keeps a copy for [`RESTORE_SECONDS`] seconds, in which whoever deleted it can take
/// that back.
///
/// # Errors
/// See [`EditError`].
pub async fn delete<C: Calls>(app: &App, author: &MessageEditor<C>) -> Result<(), EditError> {
    let (room, id, caller) = (author.member.room, author.message, author.member.caller.user().id);
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !is_active_member(tx, room, caller)? {
                return Err(EditError::NotFound);
            }
            check_can_edit(tx, room, id, caller)?;
            let copy = store::take_snapshot(tx, room, id)?.ok_or(EditError::NotFound)?;
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            delete_message(
                &writer,
                tx,
                id,
                copy.text.as_ref().map(|text| text.id),
                Deletion::Message,
            )?;
            let snapshot = serde_json::to_string(&copy)?;
            store::insert_snapshot(
                tx,
                room,
                id,
                caller,
                &store::NewSnapshot { said_at: &copy.created_at, snapshot: &snapshot },
                at,
            )?;
            delete_expired(tx, at)?;
            tx.defer::<RoomTimestamps>((room, at));
            tx.publish(Arc::new(MessageRemoved {
                room,
                id,
                client_message_id: copy.client_message_id,
            }));
            Ok(())
        })
        .await
}

/// Deletes a message with everything that belongs to it.
///
/// # Errors
/// When the database fails.
pub fn delete_message(
    app: &App,
    tx: &mut Tx<'_>,
    id: MessageId,
    text: Option<i64>,
    deletion: Deletion,
) -> Result<(), db::Error> {
    listeners::deleted(app, tx, id, deletion)?;
    store::delete(tx, id, text)
}

/// Brings back what the caller deleted a moment ago: the same number, place, text, boosts and
/// bookmarks.
///
/// # Errors
/// See [`EditError`].
pub async fn restore(
    app: &App,
    member: &RoomMember,
    id: MessageId,
) -> Result<Arc<StoredMessage>, EditError> {
    let (room, caller) = (member.room, member.caller.user.id);
    let now = app.clock.now();
    let copy =
        app.db.read(|reader| restorable(store::find_snapshot(reader, room, id, caller)?, now))?;
    let mut message = rendering::message(app, room, copy.row(id), copy.boost_rows(id))?;
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !is_active_member(tx, room, caller)? {
                return Err(EditError::NotFound);
            }
            // Asked again: it may have been brought back, or forgotten, meanwhile.
            let copy = restorable(store::find_snapshot(tx, room, id, caller)?, now)?;
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            if !store::restore(tx, room, id, &copy, at)? {
                return Err(EditError::SentAgain);
            }
            store::delete_snapshot(tx, id)?;
            message.updated_at = at;
            tx.defer::<RoomTimestamps>((room, at));
            listeners::restored(&writer, tx, &message)?;
            let stored = StoredMessage::new(message);
            tx.publish(Arc::new(MessageRestored(stored.clone())));
            Ok(stored)
        })
        .await
}

/// Forgets copies that nobody can bring back any more, if there are any.
pub async fn purge_expired(app: &App) {
    let now = app.clock.now();
    let swept = match app.db.read(|reader| {
        store::has_expired(
            reader,
            now.plus_seconds(-RESTORE_SECONDS),
            now.plus_seconds(-RETENTION_SECONDS),
        )
    }) {
        Ok(false) => Ok(()),
        Ok(true) => app.db.write(move |tx| delete_expired(tx, now)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = swept {
        tracing::warn!(error = %chain(&error), "copies of deleted messages could not be forgotten; this is tried again");
    }
}

fn delete_expired(tx: &Tx<'_>, now: Time) -> Result<(), db::Error> {
    store::delete_expired(
        tx,
        now.plus_seconds(-RESTORE_SECONDS),
        now.plus_seconds(-RETENTION_SECONDS),
    )
}

fn restorable(found: Option<(Time, Option<String>)>, now: Time) -> Result<Snapshot, EditError> {
    match found {
        None => Err(EditError::NotFound),
        Some((at, Some(copy))) if now.seconds_since(at) <= RESTORE_SECONDS => {
            Ok(serde_json::from_str(&copy)?)
        }
        Some(_) => Err(EditError::TooLate),
    }
}
