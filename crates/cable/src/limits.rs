//! Resource limits per socket, per user and for the whole server.

use std::time::Duration;

/// Resource limits. The defaults suit a server with a few thousand users.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum number of open sockets.
    pub connections: usize,
    /// Maximum number of open sockets per user: enough for many devices with many tabs, but bounds
    /// a leaking client.
    pub connections_per_user: usize,
    /// Maximum number of subscriptions per socket.
    pub subscriptions: usize,
    /// Maximum size of a channel identifier, in bytes.
    pub identifier_bytes: usize,
    /// Consecutive invalid commands after which the client is disconnected with `invalid_request`.
    pub invalid_commands: u32,
    /// Maximum number of frames queued for one socket; beyond it, the client counts as slow and is
    /// disconnected. At a quarter of it the server stops reading the client's commands, and history
    /// may fill at most half of it, so that the rest remains for broadcasts.
    pub queued_frames: usize,
    /// Maximum number of bytes queued for one socket; divided in the same way.
    pub queued_bytes: usize,
    /// How long a socket may accept no bytes while frames are queued.
    pub write_timeout: Duration,
    /// Messages kept in a stream's history for clients that reconnect.
    pub history_messages: usize,
    /// Bytes kept in a stream's history.
    pub history_bytes: usize,
    /// How long history is kept and a lost connection's session can be resumed.
    pub history_age: Duration,
    /// Maximum number of resumable sessions.
    pub resumable: usize,
    /// Maximum size of all resumable sessions, in bytes.
    pub resumable_bytes: usize,
    /// Maximum number of resumable sessions per user.
    pub resumable_per_user: usize,
    /// Maximum size of a user's resumable sessions, in bytes.
    pub resumable_bytes_per_user: usize,
    /// How long a closing socket stays open for its client to read the last frames and close.
    pub close_timeout: Duration,
    /// Interval between pings. Rails' and AnyCable's clients reconnect after two intervals without
    /// a ping.
    pub ping_interval: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 50_000,
            connections_per_user: 500,
            subscriptions: 1_000,
            identifier_bytes: 2_048,
            invalid_commands: 32,
            queued_frames: 1_024,
            queued_bytes: 4 * 1024 * 1024,
            write_timeout: Duration::from_secs(30),
            history_messages: 200,
            history_bytes: 512 * 1024,
            history_age: Duration::from_secs(300),
            resumable: 20_000,
            resumable_bytes: 64 * 1024 * 1024,
            resumable_per_user: 50,
            resumable_bytes_per_user: 2 * 1024 * 1024,
            close_timeout: Duration::from_secs(1),
            ping_interval: Duration::from_secs(3),
        }
    }
}
