//! An Action Cable server: WebSocket connections, subscriptions, streams and fan-out. It contains
//! no chat logic.
//!
//! It serves `actioncable-v1-json` (the protocol of Rails' own client) and
//! `actioncable-v1-ext-json` (AnyCable's extension with session resume, stream positions and
//! history) on one path. An [`Application`] decides who may subscribe to what; code that holds a
//! [`Cable`] can broadcast.
//!
//! Guarantees:
//! - All subscribers of a stream receive the same messages in the same order: the order of the calls
//!   to [`Cable::broadcast`].
//! - A message is encoded once per distinct identifier and protocol, and the frame is shared by
//!   reference. An idle socket holds no buffer.
//! - Each socket has a bounded send queue. A client that does not read is disconnected; broadcasts
//!   never wait for it. Replies to a client's own commands, including history, wait until the client
//!   reads and never overflow its queue.
//! - After a revocation returns, nothing broadcast later on that stream reaches the revoked client,
//!   even if it was subscribing or resuming at the time.
//! - The application is notified of a socket's subscriptions in the order of its commands, and of
//!   the end of each subscription exactly once.
//!
//! Modules, each of which uses only those before it: `application`, `limits`, `frame`, `protocol`,
//! `send_queue`, `stream`, `streams`, `resumable`, `engine`, `connection`, `registry`, `closing`,
//! `driver`, `cable`, `accept`.

mod accept;
mod application;
mod cable;
mod closing;
mod connection;
mod driver;
mod engine;
mod frame;
mod limits;
mod protocol;
mod registry;
mod resumable;
mod send_queue;
mod stream;
mod streams;

pub use application::{Application, Channel, ConnectionId, Owner, Rejected, Target, Unauthorized};
pub use cable::{Cable, Stats};
pub use limits::Limits;

/// For `fuzz/`.
#[cfg(fuzzing)]
pub use frame::invariants::check_parser;
