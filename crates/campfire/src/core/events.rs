//! Domain events: what a transaction changed, published to caches and clients after its commit, in
//! commit order.

use bytes::Bytes;

use super::ids::{SessionId, UserId};

/// A change that a transaction publishes. Its domain knows which caches of the state `S` it
/// invalidates and which clients must learn of it.
pub trait DomainEvent<S>: Send + Sync {
    /// Invalidates caches. Runs on the writer thread after the commit and before the writer is
    /// answered, so it must be quick and must not touch the database.
    fn invalidate(&self, state: &S);

    /// Publishes the change on the cable; nothing by default. Runs on the dispatcher thread, in
    /// commit order.
    fn publish(&self, _state: &S, _out: &mut dyn Publisher) {}
}

/// Publishes to the cable.
pub trait Publisher {
    /// To all subscribers of `stream`; kept in its history, so that a client that reconnects gets
    /// it.
    fn broadcast(&mut self, stream: &str, payload: Bytes);

    /// To all current subscribers of `stream`; not kept in its history.
    fn notify(&mut self, stream: &str, payload: Bytes);

    /// Whether no event of this commit asked about `subject` before. Events use it to publish
    /// the same thing once per commit.
    fn is_first(&mut self, subject: &str) -> bool;

    /// Disconnects the sockets of a session for good.
    fn end_session(&mut self, session: SessionId);

    /// Disconnects all of a user's sockets for good.
    fn end_user(&mut self, user: UserId);

    /// Ends a user's subscriptions to `stream` and makes all their sockets reconnect.
    fn revoke(&mut self, user: UserId, stream: &str);
}
