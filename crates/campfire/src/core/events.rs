//! What happened, told to memory and to the cable once it is on disk, in the order of the commits.

use bytes::Bytes;

use crate::core::ids::{SessionId, UserId};

/// Something that a transaction announces. Its domain knows which memories of the state `S` it
/// outdates and who must hear of it.
pub trait DomainEvent<S>: Send + Sync {
    /// Runs on the writer's thread after the commit and before the writer is answered: forget what
    /// is no longer true. Must be quick and must not touch the database.
    fn invalidate(&self, state: &S);

    /// Runs on the live thread, in commit order: say it on the cable.
    fn publish(&self, state: &S, out: &mut dyn Publisher);
}

/// The way from a domain's announcement to the cable.
pub trait Publisher {
    /// To all who follow `stream`, kept in its history so that a returning client gets it.
    fn broadcast(&mut self, stream: &str, payload: Bytes);

    /// To all who follow `stream` now.
    fn hint(&mut self, stream: &str, payload: Bytes);

    /// Whether nothing of this commit asked about `subject` before: a hint that was given need not
    /// be given again.
    fn is_first(&mut self, subject: &str) -> bool;

    /// Closes the sockets of one device for good.
    fn end_session(&mut self, session: SessionId);

    /// Closes all of a person's sockets for good.
    fn end_person(&mut self, user: UserId);

    /// Ends a person's subscriptions to `stream` and makes all their sockets reconnect.
    fn revoke(&mut self, user: UserId, stream: &str);
}
