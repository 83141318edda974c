//! What one client, one user and the whole server may use.

use std::time::Duration;

/// The bounds of a cable; the defaults suit a server with a few thousand people.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Sockets at once.
    pub connections: usize,
    /// Sockets of one person at once: many devices with many tabs, but not a leak.
    pub connections_per_user: usize,
    /// Subscriptions of one socket.
    pub subscriptions: usize,
    /// Bytes of an identifier.
    pub identifier: usize,
    /// Commands in a row that could not be read before the client is told `invalid_request` and
    /// let go.
    pub unreadable: u32,
    /// Frames that may wait for one socket. At a quarter its client's commands wait, history fills
    /// at most half; the rest is for what is broadcast meanwhile, and more means nobody reads.
    pub queued_frames: usize,
    /// Bytes that may wait for one socket.
    pub queued_bytes: usize,
    /// How long a socket may take nothing while something waits for it.
    pub stuck: Duration,
    /// Messages that a stream remembers for returning clients.
    pub history: usize,
    /// Bytes that a stream remembers.
    pub history_bytes: usize,
    /// How long a stream remembers them, and a socket's session can be resumed.
    pub history_age: Duration,
    /// Sessions of lost sockets that can be resumed.
    pub resumable: usize,
    /// Bytes that they take.
    pub resumable_bytes: usize,
    /// Sessions of one person that can be resumed.
    pub resumable_per_user: usize,
    /// Bytes that those take.
    pub resumable_bytes_per_user: usize,
    /// How long a socket is held for its client to read the last words and close.
    pub linger: Duration,
    /// Time between two pings; the published clients reconnect after twice this time in silence.
    pub ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 50_000,
            connections_per_user: 500,
            subscriptions: 1_000,
            identifier: 2_048,
            unreadable: 32,
            queued_frames: 1_024,
            queued_bytes: 4 * 1024 * 1024,
            stuck: Duration::from_secs(30),
            history: 200,
            history_bytes: 512 * 1024,
            history_age: Duration::from_secs(300),
            resumable: 20_000,
            resumable_bytes: 64 * 1024 * 1024,
            resumable_per_user: 50,
            resumable_bytes_per_user: 2 * 1024 * 1024,
            linger: Duration::from_secs(1),
            ping: Duration::from_secs(3),
        }
    }
}
