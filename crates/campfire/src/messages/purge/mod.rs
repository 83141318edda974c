//! Removing what many messages are: everything a banned person stored, everything in a deleted room.
//! Some messages at a time, so that nobody waits. What is left to do is read from the database, so
//! a restart goes on where it stopped.

pub mod events;
pub mod room_deletion;
pub mod routes;
pub mod store;
pub mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::core::app::{App, DomainState, Tx};
use crate::core::clock::MonotonicClock;
use crate::core::ids::{RoomId, UserId};
use crate::messages::edits::deletion::delete_message;
use crate::messages::edits::events::MessageRemoved;
use crate::messages::listeners::Deletion;
use crate::rooms::store::RoomTimestamps;

/// Messages removed in one write: some ten milliseconds of the writer.
const BATCH_SIZE: u32 = 100;

/// Wakes the worker.
#[derive(Default)]
pub struct PurgeSignal(Notify);

impl PurgeSignal {
    /// There may be something to remove.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Returns when there may be something; a wake while nobody waits is kept.
    pub async fn woken(&self) {
        self.0.notified().await;
    }
}

/// Removes a part of a deleted room; the room itself with the last part. `true` when nothing is
/// left.
///
/// # Errors
/// When the database does not answer.
pub fn purge_room_batch(app: &App, tx: &mut Tx<'_>, room: RoomId) -> Result<bool, db::Error> {
    let messages = store::messages_of_room(tx, room, BATCH_SIZE)?;
    for message in &messages {
        delete_message(app, tx, message.id, message.text, Deletion::Room)?;
    }
    let done = messages.len() < BATCH_SIZE as usize;
    if done {
        store::delete_rows(tx, room)?;
    }
    Ok(done)
}

/// Removes a part of what a banned person stored, and says so in the rooms. `true` when nothing is
/// left.
///
/// # Errors
/// When the database does not answer.
pub fn purge_author_batch(app: &App, tx: &mut Tx<'_>, author: UserId) -> Result<bool, db::Error> {
    let messages = store::messages_of_author(tx, author, BATCH_SIZE)?;
    let at = app.state::<MonotonicClock>().next(app.clock.now());
    for message in &messages {
        delete_message(app, tx, message.id, message.text, Deletion::Message)?;
        tx.defer::<RoomTimestamps>((message.room, at));
        tx.publish(Arc::new(MessageRemoved {
            room: message.room,
            id: message.id,
            client_message_id: message.client_message_id.clone(),
        }));
    }
    let done = messages.len() < BATCH_SIZE as usize;
    if done {
        store::cancel_author_purge(tx, author)?;
    }
    Ok(done)
}

impl DomainState for PurgeSignal {
    fn on_external_write(&self, _: &App) {
        self.wake();
    }
}
