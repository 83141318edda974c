//! What the program behind the cable answers: who may follow what, and what happens when they do.

use std::sync::Arc;

use serde_json::{Map, Value};

/// A socket's number, unique within this process.
pub type ConnectionId = u64;

/// Text shared by all who hold it.
pub(crate) type Shared = Arc<str>;

/// What the cable is for: who may follow what, and what happens when they do.
///
/// All calls come from the threads that serve sockets or revoke rights; they may run one short
/// query and must not block for longer. For one socket they come one after the other, in the order
/// of its client's commands; a revocation waits its turn. They may broadcast, but must not call
/// [`crate::Cable::disconnect`] or [`crate::Cable::revoke`]: those wait for them.
pub trait Application: Send + Sync + 'static {
    /// Who is connected; cheap to clone.
    type Identity: Clone + Send + Sync + 'static;

    /// By what this person and device can be disconnected.
    fn keys(&self, who: &Self::Identity) -> Keys;

    /// Whether they may still be connected. Asked once more after the socket was registered, so
    /// that a sign-out during the handshake is not missed. `None` when that cannot be found out
    /// now: the client is told to come back.
    fn admits(&self, who: &Self::Identity) -> Option<bool>;

    /// The names of the streams that this channel means for this person; an empty list is a
    /// subscription to nothing.
    ///
    /// # Errors
    /// [`Refused`] when they may not follow it, or there is no such channel.
    fn subscribe(
        &self,
        who: &Self::Identity,
        channel: &Channel<'_>,
    ) -> Result<Vec<String>, Refused>;

    /// The subscription stands.
    fn subscribed(&self, who: &Self::Identity, channel: &Channel<'_>, connection: ConnectionId) {
        let _ = (who, channel, connection);
    }

    /// The subscription is over: unsubscribed, revoked, or the socket is gone. Comes once for each
    /// [`subscribed`](Self::subscribed), after it.
    fn unsubscribed(&self, who: &Self::Identity, channel: &Channel<'_>, connection: ConnectionId) {
        let _ = (who, channel, connection);
    }

    /// The client performs an action on a subscription that stands.
    fn perform(
        &self,
        who: &Self::Identity,
        channel: &Channel<'_>,
        connection: ConnectionId,
        action: &str,
    ) {
        let _ = (who, channel, connection, action);
    }
}

/// By what a person and their device can be disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// The person.
    pub user: i64,
    /// The device.
    pub session: i64,
}

/// Whose sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// All of a person's.
    User(i64),
    /// Those of one device.
    Session(i64),
}

impl Whom {
    /// Whether these keys are meant.
    pub(crate) fn is(self, keys: Keys) -> bool {
        match self {
            Self::User(user) => keys.user == user,
            Self::Session(session) => keys.session == session,
        }
    }
}

/// The application does not let this person follow this channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// The request came without a valid sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthorized;

/// A channel as a client names it: JSON with the channel's name and parameters, compared and echoed
/// as text.
pub struct Channel<'a> {
    /// The text itself.
    pub identifier: &'a str,
    /// `channel` in it.
    pub name: String,
    /// Everything in it.
    pub params: Map<String, Value>,
}

impl<'a> Channel<'a> {
    /// Reads an identifier; `None` if it is no JSON object with a channel's name.
    pub(crate) fn parse(identifier: &'a str) -> Option<Self> {
        let params: Map<String, Value> = serde_json::from_str(identifier).ok()?;
        let name = params.get("channel")?.as_str()?.to_owned();
        Some(Self { identifier, name, params })
    }

    /// A parameter that is a whole number, also when it is written as text.
    pub fn number(&self, key: &str) -> Option<i64> {
        match self.params.get(key)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}
