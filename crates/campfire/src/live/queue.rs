//! What waits to be said on the cable, from the writer and from the sockets themselves.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::Bytes;

use crate::core::app::Event;

/// Batches that may wait here. When the sockets cannot be served as fast as is posted, the writer
/// waits for this queue, and posting slows down instead of memory growing.
const WAITING: usize = 64;

/// Something to say.
pub enum Job {
    /// What one commit announced.
    Committed(Vec<Event>),
    /// A live sign that is not stored anywhere.
    Notify(String, Bytes),
    /// Ask for every device whether it is still signed in: somebody else wrote to the database.
    Recheck,
    /// Look who has given no sign of life.
    ExpirePresence,
    /// Nothing comes any more.
    End,
}

/// The queue to the dispatcher.
pub fn queue() -> (SyncSender<Job>, Receiver<Job>) {
    sync_channel(WAITING)
}
