//! An Action Cable server: sockets, subscriptions, streams, fan-out. Knows no chat.
//!
//! It speaks `actioncable-v1-json` (the protocol of Rails' own client) and
//! `actioncable-v1-ext-json` (AnyCable's extension with session resume, stream positions and
//! history) on one path. An [`Application`] says who may follow what; anybody with a [`Cable`] may
//! broadcast.
//!
//! What holds:
//! - Every subscriber of a stream sees the same messages in the same order, the order of the calls
//!   to [`Cable::broadcast`].
//! - A message is encoded once per distinct identifier and shared by reference; an idle socket
//!   holds no buffer.
//! - Each socket has a bounded queue. Who does not read is dropped, never waited for; answers to a
//!   client's own commands, history among them, wait for it to read and never fill its queue.
//! - What was revoked gets nothing that is broadcast later, whatever subscribe or resume was under
//!   way.
//! - The application hears of a socket's subscriptions in the order of its commands, and of the end
//!   of each exactly once.
//!
//! Modules, each using only those before it: `application`, `limits`, `frame`, `protocol`,
//! `outbox`, `stream`, `streams`, `parked`, `engine`, `connection`, `sockets`, `closing`, `driver`,
//! `cable`, `accept`.

mod accept;
mod application;
mod cable;
mod closing;
mod connection;
mod driver;
mod engine;
mod frame;
mod limits;
mod outbox;
mod parked;
mod protocol;
mod sockets;
mod stream;
mod streams;

pub use application::{Application, Channel, ConnectionId, Keys, Refused, Unauthorized, Whom};
pub use cable::{Cable, Stats};
pub use limits::Limits;
