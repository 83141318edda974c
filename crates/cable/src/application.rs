//! The callbacks through which a program decides who may subscribe to what.

use std::sync::Arc;

use serde_json::{Map, Value};

/// A connection ID, unique within this process.
pub type ConnectionId = u64;

/// An immutable string shared by reference.
pub(crate) type Shared = Arc<str>;

/// Decides who may subscribe to what, and reacts to subscriptions and actions.
///
/// All calls come from the threads that serve sockets or revoke access. They may run one short
/// query and must not block for longer. Calls for one socket never overlap and follow the order of
/// its client's commands; a concurrent revocation waits for them. They may broadcast, but must not
/// call [`crate::Cable::disconnect`] or [`crate::Cable::revoke`], which would wait for the calling
/// callback.
pub trait Application: Send + Sync + 'static {
    /// The signed-in user and session; cheap to clone.
    type Identity: Clone + Send + Sync + 'static;

    /// The user and session by which a socket can be found and disconnected.
    fn owner(&self, identity: &Self::Identity) -> Owner;

    /// Whether the client may still be connected. Called once more after the socket is registered,
    /// so that a sign-out during the handshake is not missed. `None` if that cannot be determined
    /// now; the client then gets a request to reconnect.
    fn is_authorized(&self, identity: &Self::Identity) -> Option<bool>;

    /// The names of the streams behind this channel for this client. An empty list confirms the
    /// subscription without any stream.
    ///
    /// # Errors
    /// [`Rejected`] when the client may not subscribe to it, or there is no such channel.
    fn subscribe(
        &self,
        identity: &Self::Identity,
        channel: &Channel<'_>,
    ) -> Result<Vec<String>, Rejected>;

    /// Called after a subscription became active.
    fn subscribed(
        &self,
        identity: &Self::Identity,
        channel: &Channel<'_>,
        connection: ConnectionId,
    ) {
        let _ = (identity, channel, connection);
    }

    /// Called after a subscription ended because the client unsubscribed, access was revoked, or
    /// the socket closed. Called once for each [`subscribed`](Self::subscribed), and after it.
    fn unsubscribed(
        &self,
        identity: &Self::Identity,
        channel: &Channel<'_>,
        connection: ConnectionId,
    ) {
        let _ = (identity, channel, connection);
    }

    /// Called when the client performs an action on an active subscription.
    fn perform(
        &self,
        identity: &Self::Identity,
        channel: &Channel<'_>,
        connection: ConnectionId,
        action: &str,
    ) {
        let _ = (identity, channel, connection, action);
    }
}

/// The user and session that own a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The user's ID.
    pub user: i64,
    /// The ID of the session, that is, of one signed-in device.
    pub session: i64,
}

/// Which sockets to disconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// All sockets of a user.
    User(i64),
    /// All sockets of one session.
    Session(i64),
}

impl Target {
    pub(crate) fn matches(self, owner: Owner) -> bool {
        match self {
            Self::User(user) => owner.user == user,
            Self::Session(session) => owner.session == session,
        }
    }
}

/// The client may not subscribe to this channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected;

/// The request has no valid session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthorized;

/// A parsed channel identifier: JSON with the channel's name and parameters. Identifiers are
/// compared and echoed as text.
pub struct Channel<'a> {
    /// The identifier as the client sent it.
    pub identifier: &'a str,
    /// The value of `channel`.
    pub name: String,
    /// All fields, including `channel`.
    pub params: Map<String, Value>,
}

impl<'a> Channel<'a> {
    /// Parses an identifier; `None` unless it is a JSON object with a string `channel`.
    pub(crate) fn parse(identifier: &'a str) -> Option<Self> {
        let params: Map<String, Value> = serde_json::from_str(identifier).ok()?;
        let name = params.get("channel")?.as_str()?.to_owned();
        Some(Self { identifier, name, params })
    }

    /// An integer parameter, given as a JSON number or as a string.
    pub fn integer_param(&self, key: &str) -> Option<i64> {
        match self.params.get(key)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}
