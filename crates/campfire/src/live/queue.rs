//! The queue to the dispatcher, from the writer and from the sockets themselves.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::Bytes;

use crate::core::app::Event;

/// Jobs that may wait. When publishing is slower than posting, the writer waits for this queue, so
/// posting slows down instead of memory growing.
const CAPACITY: usize = 64;

/// Something to publish.
pub enum Job {
    /// The events of one commit.
    Committed(Vec<Event>),
    /// Presence or typing, which is not stored, for a stream.
    Notify(String, Bytes),
    /// Check the session of every socket: another program wrote to the database.
    Recheck,
    /// Expire the presence of those who gave no sign of life.
    ExpirePresence,
    /// Stop.
    End,
}

/// The queue to the dispatcher.
pub fn queue() -> (SyncSender<Job>, Receiver<Job>) {
    sync_channel(CAPACITY)
}
