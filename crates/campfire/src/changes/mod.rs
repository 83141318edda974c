//! Changing what was said: editing, deleting, and taking a deletion back.

pub mod callers;
pub mod events;
pub mod routes;
pub mod snapshot;
pub mod store;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use callers::MessageAuthor;
use events::{MessageRemoved, MessageRestored, MessageUpdated};
use snapshot::Snapshot;

use crate::announce::Tx;
use crate::app::App;
use crate::bookmarks::events::BookmarksChanged;
use crate::boosts;
use crate::http::problem::{Problem, chain};
use crate::ids::{MessageId, UserId};
use crate::memberships::store::may_act;
use crate::messages::store::{self as message_store, BoostRow, MessageRow};
use crate::messages::{Kind, Message, MessageError, rendering};
use crate::notices::{self, events::InboxChanged};
use crate::rooms::RoomError;
use crate::rooms::callers::RoomMember;
use crate::rooms::store::RoomTouches;
use crate::searches::store::reindex;
use crate::sessions::callers::Caller;
use crate::time::{Ascending, Time};

/// Seconds in which a deletion can be taken back. Clients offer it for ten; the rest is for slow ways.
pub const WINDOW: i64 = 15;

/// Seconds for which it is known that something was deleted, so that who comes too late learns why it cannot come back.
const REMEMBERED: i64 = 24 * 60 * 60;

/// Why a message could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is none with this number here.
    #[error("Message not found or inaccessible.")]
    NotFound,
    /// It is somebody else's.
    #[error("Only its author and administrators may change a message.")]
    NotAllowed,
    /// The deletion is too long ago.
    #[error("It is too late to bring this message back.")]
    TooLate,
    /// Its author has sent it once more.
    #[error("This message was sent again after it was deleted, so the old one cannot come back.")]
    SentAgain,
    /// The new text, or the message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The room, or who calls.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// A copy that cannot be read or written.
    #[error("a deleted message's copy is damaged")]
    Copy(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let text = error.to_string();
        match error {
            ChangeError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            ChangeError::NotAllowed => Self::new(StatusCode::FORBIDDEN, text),
            ChangeError::TooLate | ChangeError::SentAgain => Self::new(StatusCode::CONFLICT, text),
            ChangeError::Message(error) => error.into(),
            ChangeError::Room(error) => error.into(),
            ChangeError::Copy(error) => Self::unexpected(&error),
            ChangeError::Database(error) => error.into(),
        }
    }
}

impl IntoResponse for ChangeError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// Replaces a message's text by this markup, with all that follows from it.
///
/// # Errors
/// See [`ChangeError`].
pub async fn edit(app: &App, author: &MessageAuthor<Caller>, html: String) -> Result<Arc<Message>, ChangeError> {
    let (room, id, caller) = (author.member.room, author.message, author.member.caller.user.id);
    let before = rendering::stored(app, room, id)?;
    if before.kind == Kind::Attachment {
        return Err(MessageError::rejected("body", "A file has no text that could be changed.").into());
    }
    // Everything slow is done before the writer is asked.
    let row = MessageRow {
        id,
        client_message_id: before.client_message_id,
        creator_id: before.creator.id,
        created_at: before.created_at,
        updated_at: before.updated_at,
        html: Some(html.clone()),
        edited: true,
        filename: None,
    };
    let mut message = rendering::message(app, room, row, Vec::new())?;
    let called_before = notices::calls(before.creator.id, &before.mentions, before.reply_to.map(|answered| answered.user_id));
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !may_act(tx, room, caller)? || message_store::author(tx, room, id)?.is_none() {
                return Err(ChangeError::NotFound);
            }
            let at = touch(&writer, tx, &mut message)?;
            store::write_text(tx, id, &html, at)?;
            // Not left to the end of the batch: another write of it may delete the message.
            reindex(tx, id, &message.body.plain)?;
            let called = notices::calls(message.creator.id, &message.mentions, message.reply_to.map(|answered| answered.user_id));
            let new = called.iter().filter(|call| called_before.iter().all(|known| known.user != call.user)).copied().collect::<Vec<_>>();
            let no_more = notices::store::keep_only(tx, id, &called)?;
            notices::store::add(tx, id, &new, at)?;
            new.iter().map(|call| call.user).chain(no_more).for_each(|user| tx.announce(Arc::new(InboxChanged { user })));
            message.boosts = views(&writer, boosts::store::of_message(tx, id)?)?;
            let message = Arc::new(message);
            tx.announce(Arc::new(MessageUpdated { message: message.clone() }));
            Ok(message)
        })
        .await
}

/// Deletes a message and keeps a copy for [`WINDOW`] seconds, in which whoever deleted it can take that back.
///
/// # Errors
/// See [`ChangeError`].
pub async fn delete(app: &App, author: &MessageAuthor<Caller>) -> Result<(), ChangeError> {
    let (room, id, caller) = (author.member.room, author.message, author.member.caller.user.id);
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !may_act(tx, room, caller)? {
                return Err(ChangeError::NotFound);
            }
            let copy = store::copy(tx, room, id)?.ok_or(ChangeError::NotFound)?;
            let at = writer.state::<Ascending>().next(writer.clock.now());
            store::delete(tx, id, copy.text.as_ref().map(|text| text.id))?;
            let snapshot = serde_json::to_string(&copy)?;
            store::keep(tx, room, id, caller, &store::Kept { said_at: &copy.created_at, snapshot: &snapshot }, at)?;
            purge(tx, at)?;
            tx.defer::<RoomTouches>((room, at));
            announce_belongings(tx, &copy);
            tx.announce(Arc::new(MessageRemoved { room, id, client_message_id: copy.client_message_id }));
            Ok(())
        })
        .await
}

/// Brings back what the caller deleted a moment ago: the same number, place, text, boosts and bookmarks.
///
/// # Errors
/// See [`ChangeError`].
pub async fn restore(app: &App, member: &RoomMember, id: MessageId) -> Result<Arc<Message>, ChangeError> {
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
            let at = writer.state::<Ascending>().next(writer.clock.now());
            if !store::insert(tx, room, id, &copy, at)? {
                return Err(ChangeError::SentAgain);
            }
            store::release(tx, id)?;
            message.updated_at = at;
            tx.defer::<RoomTouches>((room, at));
            announce_belongings(tx, &copy);
            let message = Arc::new(message);
            tx.announce(Arc::new(MessageRestored { message: message.clone() }));
            Ok(message)
        })
        .await
}

/// Forgets copies that nobody can bring back any more, if there are any.
pub async fn sweep(app: &App) {
    let now = app.clock.now();
    let swept = match app.db.read(|reader| store::outdated(reader, now.plus_seconds(-WINDOW), now.plus_seconds(-REMEMBERED))) {
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
        Some((at, Some(copy))) if now.seconds_since(at) <= WINDOW => Ok(serde_json::from_str(&copy)?),
        Some(_) => Err(ChangeError::TooLate),
    }
}

/// The message and its room have changed now, as Rails' chain of touches would say.
fn touch(app: &App, tx: &mut Tx<'_>, message: &mut Message) -> Result<Time, db::Error> {
    let at = app.state::<Ascending>().next(app.clock.now());
    message.updated_at = at;
    message_store::touch(tx, message.id, at)?;
    tx.defer::<RoomTouches>((message.room_id, at));
    Ok(at)
}

/// Who kept the message or was called by it sees it come or go.
fn announce_belongings(tx: &mut Tx<'_>, copy: &Snapshot) {
    copy.notices.iter().for_each(|notice| tx.announce(Arc::new(InboxChanged { user: UserId(notice.user_id) })));
    copy.bookmarks.iter().for_each(|bookmark| tx.announce(Arc::new(BookmarksChanged { user: UserId(bookmark.user_id) })));
}

fn views(app: &App, rows: Vec<BoostRow>) -> Result<Vec<crate::messages::Boost>, db::Error> {
    rows.into_iter().map(|row| rendering::boost(app, row)).collect()
}
