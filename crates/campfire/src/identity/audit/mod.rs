//! The audit: who did what to people, rooms and the account. Written in the same transaction as
//! what it tells of.

pub mod extractors;
pub mod routes;
pub mod store;

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// Entries kept; beyond it the oldest go. Some 20 MB, and years of most installations.
const KEPT: i64 = 100_000;

/// Who did something, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who; nobody for what the operator does on the command line.
    pub user: Option<UserId>,
    /// The network address.
    pub ip_address: Option<String>,
}

/// What something was done to.
#[derive(Clone, Debug)]
pub struct Subject {
    kind: &'static str,
    id: i64,
    name: String,
}

impl Subject {
    /// A person or bot.
    pub fn user(id: UserId, name: &str) -> Self {
        Self { kind: "user", id: id.0, name: name.to_owned() }
    }

    /// A room.
    pub fn room(id: RoomId, name: &str) -> Self {
        Self { kind: "room", id: id.0, name: name.to_owned() }
    }
}

/// Notes what was done; `detail` is a few words for a person.
///
/// # Errors
/// When the database does not answer.
pub fn record(
    tx: &Tx<'_>,
    by: &Actor,
    action: &str,
    subject: Option<&Subject>,
    detail: &str,
    now: Time,
) -> Result<(), db::Error> {
    store::insert(tx, by, action, subject, detail, now)?;
    store::prune(tx, KEPT)
}
