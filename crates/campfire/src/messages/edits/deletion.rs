//! Deleting messages and restoring deleted ones.

use std::sync::Arc;

use super::events::{MessageRemoved, MessageRestored};
use super::extractors::{MessageEditor, check_can_edit};
use super::snapshot::Snapshot;
use super::{EditError, store};
use crate::core::app::{App, Tx};
use crate::core::clock::{MonotonicClock, Time};
use crate::core::ids::MessageId;
use crate::http::problem::chain;
use crate::identity::sessions::extractors::AuthenticatedUser;
use crate::messages::events::StoredMessage;
use crate::messages::listeners::{self, Deletion};
use crate::messages::rendering;
use crate::rooms::extractors::RoomMember;
use crate::rooms::memberships::store::is_active_member;
use crate::rooms::store::RoomTimestamps;

/// Seconds within which a deleted message can be restored. Clients offer it for ten; the rest
/// allows for slow connections.
pub const RESTORE_SECONDS: i64 = 15;

/// Seconds for which the fact of a deletion is kept, so that a late request to restore the
/// message gets the right error.
const RETENTION_SECONDS: i64 = 24 * 60 * 60;

/// Deletes a message. Its snapshot is kept for [`RESTORE_SECONDS`], within which the caller can
/// restore it.
pub async fn delete<C: AuthenticatedUser>(
    app: &App,
    editor: &MessageEditor<C>,
) -> Result<(), EditError> {
    let (room, id, caller) = (editor.member.room, editor.message, editor.member.caller.user().id);
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

/// Restores a message that the caller deleted: the same ID, position, text, boosts and bookmarks.
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
            // Checked again: it may have been restored or have expired since.
            let copy = restorable(store::find_snapshot(tx, room, id, caller)?, now)?;
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            if !store::restore(tx, room, id, &copy, at)? {
                return Err(EditError::SentAgain);
            }
            store::delete_snapshot(tx, id)?;
            message.updated_at = at;
            tx.defer::<RoomTimestamps>((room, at));
            listeners::restored(&writer, tx, id, copy.indexed.as_deref())?;
            let stored = StoredMessage::new(message);
            tx.publish(Arc::new(MessageRestored(stored.clone())));
            Ok(stored)
        })
        .await
}

/// Deletes the snapshots whose time to restore is over, if there are any.
pub async fn purge_expired(app: &App) {
    let now = app.clock.now();
    let result = match app.db.read(|reader| {
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
    if let Err(error) = result {
        tracing::warn!(error = %chain(&error), "failed to delete expired snapshots of deleted messages; retrying");
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
