//! Deleting, and taking it back.

use std::sync::Arc;

use super::events::{MessageRemoved, MessageRestored};
use super::extractors::{MessageAuthor, still_allowed};
use super::snapshot::Snapshot;
use super::{ChangeError, store};
use crate::core::app::{App, Tx};
use crate::core::clock::{MonotonicClock, Time};
use crate::core::ids::MessageId;
use crate::http::problem::chain;
use crate::identity::sessions::extractors::Calls;
use crate::messages::events::Said;
use crate::messages::listeners::{self, Deletion};
use crate::messages::rendering;
use crate::rooms::extractors::RoomMember;
use crate::rooms::memberships::store::may_act;
use crate::rooms::store::RoomTouches;

/// Seconds in which a deletion can be taken back. Clients offer it for ten; the rest is for slow
/// ways.
pub const WINDOW: i64 = 15;

/// Seconds for which it is known that something was deleted, so that who comes too late learns why
/// it cannot come back.
const REMEMBERED: i64 = 24 * 60 * 60;

/// Deletes a message and keeps a copy for [`WINDOW`] seconds, in which whoever deleted it can take
/// that back.
///
/// # Errors
/// See [`ChangeError`].
pub async fn delete<C: Calls>(app: &App, author: &MessageAuthor<C>) -> Result<(), ChangeError> {
    let (room, id, caller) = (author.member.room, author.message, author.member.caller.user().id);
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !may_act(tx, room, caller)? {
                return Err(ChangeError::NotFound);
            }
            still_allowed(tx, room, id, caller)?;
            let copy = store::copy(tx, room, id)?.ok_or(ChangeError::NotFound)?;
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            delete_rows(
                &writer,
                tx,
                id,
                copy.text.as_ref().map(|text| text.id),
                Deletion::Message,
            )?;
            let snapshot = serde_json::to_string(&copy)?;
            store::keep(
                tx,
                room,
                id,
                caller,
                &store::Kept { said_at: &copy.created_at, snapshot: &snapshot },
                at,
            )?;
            purge(tx, at)?;
            tx.defer::<RoomTouches>((room, at));
            tx.announce(Arc::new(MessageRemoved {
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
pub fn delete_rows(
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
/// See [`ChangeError`].
pub async fn restore(
    app: &App,
    member: &RoomMember,
    id: MessageId,
) -> Result<Arc<Said>, ChangeError> {
    let (room, caller) = (member.room, member.caller.user.id);
    let now = app.clock.now();
    let copy = app.db.read(|reader| recent_copy(store::kept(reader, room, id, caller)?, now))?;
    let mut message = rendering::message(app, room, copy.row(id), copy.boost_rows(id))?;
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !may_act(tx, room, caller)? {
                return Err(ChangeError::NotFound);
            }
            // Asked again: it may have been brought back, or forgotten, meanwhile.
            let copy = recent_copy(store::kept(tx, room, id, caller)?, now)?;
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            if !store::insert(tx, room, id, &copy, at)? {
                return Err(ChangeError::SentAgain);
            }
            store::release(tx, id)?;
            message.updated_at = at;
            tx.defer::<RoomTouches>((room, at));
            listeners::restored(&writer, tx, &message)?;
            let said = Said::new(message);
            tx.announce(Arc::new(MessageRestored(said.clone())));
            Ok(said)
        })
        .await
}

/// Forgets copies that nobody can bring back any more, if there are any.
pub async fn sweep(app: &App) {
    let now = app.clock.now();
    let swept = match app.db.read(|reader| {
        store::outdated(reader, now.plus_seconds(-WINDOW), now.plus_seconds(-REMEMBERED))
    }) {
        Ok(false) => Ok(()),
        Ok(true) => app.db.write(move |tx| purge(tx, now)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = swept {
        tracing::warn!(error = %chain(&error), "copies of deleted messages could not be forgotten; this is tried again");
    }
}

fn purge(tx: &Tx<'_>, now: Time) -> Result<(), db::Error> {
    store::purge(tx, now.plus_seconds(-WINDOW), now.plus_seconds(-REMEMBERED))
}

fn recent_copy(kept: Option<(Time, Option<String>)>, now: Time) -> Result<Snapshot, ChangeError> {
    match kept {
        None => Err(ChangeError::NotFound),
        Some((at, Some(copy))) if now.seconds_since(at) <= WINDOW => {
            Ok(serde_json::from_str(&copy)?)
        }
        Some(_) => Err(ChangeError::TooLate),
    }
}
