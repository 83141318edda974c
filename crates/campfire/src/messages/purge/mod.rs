//! Removing what many messages are: everything a banned person said, everything in a deleted room.
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
use crate::messages::edits::deleting::delete_rows;
use crate::messages::edits::events::MessageRemoved;
use crate::messages::listeners::Deletion;
use crate::rooms::store::RoomTouches;

/// Messages removed in one write: some ten milliseconds of the writer.
const AT_ONCE: u32 = 100;

/// Wakes the worker.
#[derive(Default)]
pub struct Removals(Notify);

impl Removals {
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
pub fn room(app: &App, tx: &mut Tx<'_>, room: RoomId) -> Result<bool, db::Error> {
    let messages = store::of_room(tx, room, AT_ONCE)?;
    for message in &messages {
        delete_rows(app, tx, message.id, message.text, Deletion::Room)?;
    }
    let done = messages.len() < AT_ONCE as usize;
    if done {
        store::bury(tx, room)?;
    }
    Ok(done)
}

/// Removes a part of what a banned person said, and says so in the rooms. `true` when nothing is
/// left.
///
/// # Errors
/// When the database does not answer.
pub fn banned(app: &App, tx: &mut Tx<'_>, author: UserId) -> Result<bool, db::Error> {
    let messages = store::of_banned(tx, author, AT_ONCE)?;
    let at = app.state::<MonotonicClock>().next(app.clock.now());
    for message in &messages {
        delete_rows(app, tx, message.id, message.text, Deletion::Message)?;
        tx.defer::<RoomTouches>((message.room, at));
        tx.announce(Arc::new(MessageRemoved {
            room: message.room,
            id: message.id,
            client_message_id: message.client_message_id.clone(),
        }));
    }
    let done = messages.len() < AT_ONCE as usize;
    if done {
        store::relent(tx, author)?;
    }
    Ok(done)
}

impl DomainState for Removals {
    fn on_external_write(&self, _: &App) {
        self.wake();
    }
}
