//! Purges deleted content: the messages of banned users and everything in deleted rooms. Works in
//! batches, so that other writes do not wait. The queue is in the database, so a restart continues
//! where it stopped.

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

/// Messages deleted in one transaction, which takes about ten milliseconds.
const BATCH_SIZE: u32 = 100;

/// Wakes the purge worker.
#[derive(Default)]
pub struct PurgeSignal(Notify);

impl PurgeSignal {
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits for a wake. A wake while nobody waits is kept.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}

/// Deletes a batch of a deleted room's messages, and the room itself after the last one.
pub fn purge_room_batch(app: &App, tx: &mut Tx<'_>, room: RoomId) -> Result<(), db::Error> {
    let messages = store::messages_of_room(tx, room, BATCH_SIZE)?;
    for message in &messages {
        delete_message(app, tx, message.id, message.text, Deletion::Room)?;
    }
    if messages.len() < BATCH_SIZE as usize {
        store::delete_rows(tx, room)?;
    }
    Ok(())
}

/// Deletes a batch of a banned user's messages and publishes each deletion. The
/// author leaves the queue after the last one.
pub fn purge_author_batch(app: &App, tx: &mut Tx<'_>, author: UserId) -> Result<(), db::Error> {
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
    if messages.len() < BATCH_SIZE as usize {
        store::cancel_author_purge(tx, author)?;
    }
    Ok(())
}

impl DomainState for PurgeSignal {
    fn on_external_write(&self, _: &App) {
        self.wake();
    }
}
